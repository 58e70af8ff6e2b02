# SPDX-License-Identifier: Apache-2.0
"""exeuntd in this host: started, killed, told things; what it logs and what it has noted."""

import ctypes
import json
import os
import re
import select
import signal
import socket
import subprocess
import threading
import time

from . import host, varlink_client
from .session import wait_readable

RECORDS = "/var/log/exeunt/ended.jsonl"
CONFIGURATION = "/etc/exeunt/exeunt.conf"
LEAVES = f"{host.CGROUPS}/exeunt"
NOTES = "/run/exeunt/pending"
IN_MODIFY, IN_CREATE, IN_MOVED_TO, IN_DELETE, IN_CLOSE_WRITE = 0x2, 0x100, 0x80, 0x200, 0x8

libc = ctypes.CDLL(None, use_errno=True)


class Changes:
    """What the kernel says of changes in a directory: waits there instead of looking again and again."""

    def __init__(self, directory):
        self.descriptor = libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)
        mask = IN_MODIFY | IN_CREATE | IN_MOVED_TO | IN_DELETE | IN_CLOSE_WRITE
        if libc.inotify_add_watch(self.descriptor, directory.encode(), mask) < 0:
            raise OSError(ctypes.get_errno(), directory)

    def until(self, condition, what, seconds=host.DEADLINE):
        """The condition's value, once it is true: looked at now and after each change."""
        until = time.monotonic() + seconds
        while True:
            value = condition()
            if value:
                return value
            remaining = until - time.monotonic()
            if remaining <= 0 or not select.select([self.descriptor], [], [], remaining)[0]:
                raise TimeoutError(f"waited {seconds} s for {what}")
            os.read(self.descriptor, 1 << 16)

    def close(self):
        os.close(self.descriptor)

    @classmethod
    def wait(cls, directory, condition, what):
        """The same for one wait only."""
        changes = cls(directory)
        try:
            return changes.until(condition, what)
        finally:
            changes.close()


class Lines:
    """What comes out of a pipe, line by line, for whoever waits for one. Read on a thread: nobody may be held up."""

    def __init__(self):
        reading, self.writing = os.pipe()
        self.text = ""
        self.changed = threading.Condition()
        threading.Thread(target=self.read, args=(reading,), daemon=True).start()

    def read(self, reading):
        with os.fdopen(reading, encoding="utf-8", errors="replace") as file:
            for line in file:
                with self.changed:
                    self.text += line
                    self.changed.notify_all()

    def expect(self, pattern, since=0, seconds=host.DEADLINE):
        """Waits for a match after the first `since` characters."""
        with self.changed:
            found = []
            if not self.changed.wait_for(lambda: found or found.extend(
                    filter(None, [re.compile(pattern).search(self.text, since)])) or found, seconds):
                raise AssertionError(f"waited for {pattern!r}; the log has {self.text[since:][-4000:]!r}")
            return found[0]


class Daemon:
    """One place for all daemons of a class, of which one runs at a time."""

    def __init__(self):
        os.makedirs(os.path.dirname(CONFIGURATION), exist_ok=True)
        os.makedirs(os.path.dirname(RECORDS), 0o750, exist_ok=True)
        self.changes = Changes(os.path.dirname(RECORDS))
        self.lines = Lines()
        self.process = None
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.notices.bind(f"{host.ROOM}/notices")
        self.notices.settimeout(host.DEADLINE)

    # --- Its life -------------------------------------------------------------------------------------------------

    def spawn(self, *words, **options):
        """Starts one, or whatever is to start one, and does not wait for it."""
        # Whoever finds the queue full would wait to say that it is ready.
        while select.select([self.notices], [], [], 0)[0]:
            self.notices.recv(4096)
        return subprocess.Popen([*words, host.DAEMON, "--verbose"], stdin=subprocess.DEVNULL, stderr=self.lines.writing,
                                cwd="/", env={"PATH": host.PATH, "NOTIFY_SOCKET": f"{host.ROOM}/notices"}, **options)

    def start(self, *words, **options):
        """Returns when it is ready: the seconds that this took."""
        began = time.monotonic()
        self.process = self.spawn(*words, **options)
        self.await_ready()
        return time.monotonic() - began

    def await_ready(self):
        while True:
            try:
                notice = self.notices.recv(4096)
            except TimeoutError:
                raise AssertionError(f"exeuntd is not ready; it says {self.log[-4000:]!r}") from None
            if notice.startswith(b"READY=1"):
                return

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        """The exit code of one that was asked to go."""
        self.process.terminate()
        wait = os.pidfd_open(self.process.pid)
        wait_readable(wait, what="the end of exeuntd")
        os.close(wait)
        return self.process.wait()

    def restart(self):
        self.kill()
        return self.start()

    def configure(self, text):
        with open(CONFIGURATION, "w", encoding="utf-8") as file:
            file.write(text)

    def reload(self, text=None):
        """Returns when it has read its configuration anew, or refused it."""
        if text is not None:
            self.configure(text)
        self.process.send_signal(signal.SIGHUP)
        self.await_ready()

    @property
    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def close(self):
        if self.is_running:
            self.kill()
        self.notices.close()
        os.unlink(f"{host.ROOM}/notices")
        os.close(self.lines.writing)
        self.changes.close()

    # --- What it knows --------------------------------------------------------------------------------------------

    @property
    def log(self):
        return self.lines.text

    def expect(self, pattern, **options):
        return self.lines.expect(pattern, **options)

    def sessions(self, identity=None):
        """By id."""
        return {session["id"]: session for session in varlink_client.call("List", identity)["sessions"]}

    def leases(self):
        """By id."""
        return {lease["id"]: lease for lease in varlink_client.call("Leases")["leases"]}

    def records(self, session=None):
        """All records, or those of one session. The last line may be half written; it is none, then."""
        try:
            with open(RECORDS, encoding="utf-8") as file:
                whole = file.read().rpartition("\n")[0]
        except FileNotFoundError:
            return []
        found = [json.loads(line) for line in whole.splitlines()]
        return [record for record in found if session in (None, record["session"]["id"])]

    def record(self, session, count=1, seconds=host.DEADLINE):
        """The newest record of a session, once it has `count` of them."""
        try:
            return self.changes.until(
                lambda: (self.records(session) if len(self.records(session)) >= count else None),
                f"record {count} of session {session}", seconds)[-1]
        except TimeoutError as error:
            told = [line for line in self.log.splitlines() if session in line] or self.log.splitlines()[-20:]
            raise TimeoutError("; ".join([str(error), "the log:", *told])) from None
