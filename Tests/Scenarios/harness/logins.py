# SPDX-License-Identifier: Apache-2.0
"""Log-ins without anybody who logs in: PAM services with the module, and a program that opens and closes sessions."""

import contextlib
import glob
import os
import shutil
import subprocess

from . import host, walk
from .session import poll_until, wait_readable

SERVICE = "exeunt-test"
LOGINUID = "session required pam_loginuid.so\n"


def furnish():
    """Installs the module where libpam looks for it."""
    standard = next(iter(glob.glob("/lib/*/security/pam_loginuid.so") + glob.glob("/lib/security/pam_loginuid.so")))
    shutil.copyfile(host.PAM_MODULE, f"{os.path.dirname(standard)}/pam_exeunt.so")
    write_service(SERVICE)
    # The machine's own would be the lower layer of the configuration.
    if os.path.exists("/etc/systemd/logind.conf"):
        os.unlink("/etc/systemd/logind.conf")


def write_service(name, options="", loginuid=True, before="", after=""):
    """A PAM service that lets everybody in. `before` and `after` are lines around the module's."""
    with open(f"/etc/pam.d/{name}", "w", encoding="utf-8") as file:
        file.write("auth required pam_permit.so\naccount required pam_permit.so\n"
                   f"{LOGINUID if loginuid else ''}{before}session optional pam_exeunt.so {options}\n{after}")


class Login:
    """A running `pam-login`, told what to do step by step. It is the leader of the session that it opens."""

    def __init__(self, place, user, service=SERVICE, prefix=(), environment=None, **items):
        words = [*prefix, host.PAM_LOGIN, service, user, place.token, *(f"{key}={value}" for key, value in items.items())]
        variables = {"PATH": host.PATH, "LANG": "C.UTF-8", "EXEUNT_TEST": place.token, "SHAPE_DIR": place.directory,
                     "SHAPE_SETUID": host.SETUID_SHAPES, "SHAPE_UID": str(host.STRANGER.uid),
                     "SHAPE_FORGED": "0123456789ab", **(environment or {})}
        self.process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=variables, cwd="/",
                                        process_group=0)
        self.pid = self.process.pid
        self.handle = os.pidfd_open(self.pid)
        self.buffer = b""
        self.session = None

    def tell(self, line):
        self.process.stdin.write(line.encode() + b"\n")
        self.process.stdin.flush()

    def answer(self, seconds=host.DEADLINE):
        """The next line, as (word, rest)."""
        while b"\n" not in self.buffer:
            wait_readable(self.process.stdout.fileno(), seconds, "an answer of pam-login")
            data = os.read(self.process.stdout.fileno(), 4096)
            if not data:
                raise AssertionError(f"pam-login has exited: {self.process.wait()}")
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        word, _, rest = line.decode().partition(" ")
        return word, rest

    def ask(self, line, expected):
        self.tell(line)
        word, rest = self.answer()
        if word != expected:
            raise AssertionError(f"{line!r}: {word} {rest}")
        return rest

    def open(self):
        self.session = self.ask("open", "opened")
        return self.session

    def start(self, command, as_caller=False):
        """A command in the session, as its user; its pid. With `exec` in front, returns when that has been executed."""
        pid = int(self.ask(f"{'keep' if as_caller else 'run'} {command}", "started"))
        if command.startswith("exec "):
            poll_until(lambda: (walk.stat_fields(pid) or [""])[0] not in ("pam-login", "sh"), f"{command} to be executed")
        return pid

    def run(self, command, as_caller=False):
        """The exit code of a command in the session."""
        self.start(command, as_caller)
        return int(self.ask("wait", "exited"))

    def shape(self, place, name, *arguments, as_caller=False):
        """Leaves something in the session."""
        words = " ".join(map(str, (host.SHAPES, name, place.token, *arguments)))
        code = self.run(words, as_caller)
        if code != 0:
            raise AssertionError(f"the shape {name} has exited with {code}")

    def close(self):
        self.ask("close", "closed")

    def leave(self):
        """Exits without another word to PAM."""
        self.tell("leave")
        self.await_exit()

    def log_out(self):
        """As it is done: closes and exits."""
        self.close()
        self.leave()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def await_exit(self):
        wait_readable(self.handle, what="the exit of pam-login")
        self.process.wait()

    def clear(self):
        """At the end of a test, whatever has become of it."""
        self.kill()
        with contextlib.suppress(BrokenPipeError):
            self.process.stdin.close()
        self.process.stdout.close()
        os.close(self.handle)
