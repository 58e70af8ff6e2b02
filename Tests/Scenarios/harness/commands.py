# SPDX-License-Identifier: Apache-2.0
"""The commands that ask exeuntd, and a stand-in for it that answers as a test wants."""

import json
import os
import shutil
import socket
import struct
import threading

from . import host
from .case import ScenarioCase
from .varlink import DIRECTORY, PATH

INTERFACE = "io.exeunt.Sessions"


class Call:
    """What has been asked, by whom, and the connection to answer on."""

    def __init__(self, connection, message):
        self.connection = connection
        self.method = message["method"].removeprefix(f"{INTERFACE}.")
        self.parameters = message.get("parameters", {})
        self.more = message.get("more", False)
        self.pid, self.uid, _ = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))

    def reply(self, continues=False, **parameters):
        self.send({"parameters": parameters, **({"continues": True} if continues else {})})

    def refuse(self, error, **parameters):
        self.send({"error": f"{INTERFACE}.{error}", "parameters": parameters})

    def send(self, message):
        self.connection.sendall(json.dumps(message, separators=(",", ":"), sort_keys=True).encode() + b"\0")


class StandIn:
    """Listens until it is closed, and serves connections side by side: some commands have several, or wait long.

    `behave(call)` gets each call in a thread of its connection, and hangs up by returning.
    """

    def __init__(self, behave):
        self.behave = behave
        self.calls = []
        self.complaints = []
        os.makedirs(DIRECTORY, 0o755, exist_ok=True)
        if os.path.exists(PATH):
            os.unlink(PATH)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(PATH)
        os.chmod(PATH, 0o666)
        self.listener.listen(64)
        self.threads = [threading.Thread(target=self.serve)]
        self.threads[0].start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.listener.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join()
        self.listener.close()
        os.unlink(PATH)
        assert not self.complaints, self.complaints

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            thread = threading.Thread(target=self.converse, args=(connection,))
            self.threads.append(thread)
            thread.start()

    def converse(self, connection):
        with connection:
            connection.settimeout(host.DEADLINE)
            try:
                text = b""
                while not text.endswith(b"\0"):
                    part = connection.recv(65536)
                    if not part:
                        return
                    text += part
                call = Call(connection, json.loads(text[:-1].decode()))
                self.calls.append(call)
                self.behave(call)
            except (ConnectionResetError, BrokenPipeError):
                pass
            except Exception as error:  # pylint: disable=broad-except
                self.complaints.append(repr(error))


def answering(**replies):
    """Answers each method with the parameters that are given under its name, or with what a function returns."""
    def behave(call):
        reply = replies[call.method.lower()]
        call.reply(**(reply(call) if callable(reply) else reply))
    return behave


def refusing(error, **parameters):
    return lambda call: call.refuse(error, **parameters)


def session(identifier="7k2mzq9x4c1d", **facts):
    return {"id": identifier, "owner": host.USER.uid, "user": "user", "class": "user", "type": "tty", "service": "sshd",
            "tty": "pts/3", "remoteHost": "192.0.2.7", "leader": 812, "state": "active",
            "opened": "2026-01-31T12:00:00.000Z", "seconds": 7505.0, "cgroup": f"/sys/fs/cgroup/exeunt/{identifier}",
            "trackers": ["cgroup", "audit"], **facts}


def member(pid, parent, program="sleep", **facts):
    return {"pid": pid, "startTime": pid, "parent": parent, "uid": host.USER.uid, "name": program, "executable": f"/usr/bin/{program}",
            "evidence": ["cgroup"], "cpuSeconds": 0.25, "memoryBytes": 4194304, "seconds": 312.0, "action": "end", **facts}


def process(pid, outcome, program="/usr/bin/sleep", **facts):
    return {"pid": pid, "startTime": pid, "parent": 1, "uid": host.USER.uid, "name": os.path.basename(program),
            "executable": program, "evidence": ["cgroup"], "outcome": outcome, **facts}


def record(identifier="7k2mzq9x4c1d", ended="2026-01-31T14:05:00.000Z", processes=(), owner=host.USER.uid, **facts):
    return {"version": 1, "bootID": "", "mode": "end", "reason": "closed", "laterReasons": [], "ladder": "CONT HUP TERM 10s KILL",
            "unkillableSeconds": 15, "verdict": "left", "exitCode": 0, "trackers": [{"evidence": "cgroup", "confidence": "strong"}],
            "session": {"id": identifier, "class": "user", "type": "tty", "owner": owner, "user": "user", "service": "sshd",
                        "command": ["sshd"], "leader": {"pid": 812, "startTime": 812}},
            "times": {"opened": "2026-01-31T12:00:00.000Z", "ending": ended, "ended": ended, "endingSeconds": 1.5},
            "processes": list(processes), **facts}


class Asking:
    """What tests of commands do, whoever answers."""

    def ask(self, *words, identity=None, **caller):
        """Calls `exeunt WORDS`, and waits for its end."""
        caller.setdefault("environment", {})
        caller["environment"] = {"TZ": "UTC", **caller["environment"]}
        return self.start_program(self.place(identity), host.EXEUNT, *words, **caller).finish()

    def answer(self, *words, code=0, **caller):
        """The same where nothing is said on standard error: the lines of its output."""
        result = self.ask(*words, **caller)
        self.assertEqual((result.code, result.stderr), (code, ""), result)
        return result.stdout.splitlines()

    def refusal(self, code, *words, **caller):
        """The same where it fails, and has no other output: its message."""
        result = self.ask(*words, **caller)
        self.assertEqual((result.code, result.stdout), (code, ""), result)
        self.assert_messages(result)
        return result.stderr


class CommandCase(Asking, ScenarioCase):
    """Nobody answers but the stand-in of a test; nothing is configured, no record is there."""

    @classmethod
    def setUpClass(cls):
        host.require_privilege("the places of exeuntd, and a second uid")
        super().setUpClass()

    def setUp(self):
        super().setUp()
        for directory in (DIRECTORY, "/etc/exeunt", "/var/log/exeunt"):
            self.addCleanup(shutil.rmtree, directory, ignore_errors=True)
