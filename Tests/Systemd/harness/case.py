# SPDX-License-Identifier: Apache-2.0
"""The test case beside systemd: log-ins, who is alive of them, and what the daemon says."""

import contextlib
import json
import os
import signal
import unittest

from . import container
from .container import poll_until
from .login import Login

RECORDS = "/var/log/exeunt/ended.jsonl"
# A grace that is waited out only by what does not go when it is asked.
CONFIGURATION = """[Session]
KillUserProcesses=yes
Ladder=CONT HUP TERM 2s KILL
UnkillableSec=5
"""
host = None


def furnish(new):
    """Does what a package's installation would do, and starts the daemon."""
    global host
    host = new
    host.run("systemd-sysusers", "/usr/lib/sysusers.d/exeunt.conf")
    host.run("systemd-tmpfiles", "--create", "/usr/lib/tmpfiles.d/exeunt.conf")
    host.run("env", "DEBIAN_FRONTEND=noninteractive", "pam-auth-update", "--package")
    host.write("/etc/exeunt/exeunt.conf", CONFIGURATION)
    host.run("systemctl", "daemon-reload")
    # It may fail, or not be there: the first test says so.
    host.run("systemctl", "enable", "--now", "exeuntd", check=False)


class SystemdCase(unittest.TestCase):
    """Whatever a test does, afterwards nobody of the users is there, and the daemon is as at the beginning."""

    longMessage = True
    maxDiff = None

    def setUp(self):
        self.host = host
        self.logins = []
        self.token = f"token-{self.id().rpartition('.')[2]}"
        if self.needs_daemon:
            self.assertEqual(host.run("systemctl", "is-active", "exeuntd", check=False).stdout.strip(), "active")

    needs_daemon = True

    def tearDown(self):
        for login in self.logins:
            login.cut()
        host.write("/etc/exeunt/exeunt.conf", CONFIGURATION)
        host.run("systemctl", "start", "exeuntd", check=False)
        host.run("systemctl", "reload", "exeuntd", check=False)
        # One write for each: whoever forks faster than one can be signalled has been left on purpose.
        host.run("sh", "-c", 'for group in /sys/fs/cgroup/user.slice/user-*.slice /sys/fs/cgroup/system.slice/exeunt-lease-*; '
                             'do [ ! -d "$group" ] || echo 1 >"$group/cgroup.kill"; done')
        for pid in self.alive(self.token):
            # Of a job, or of a session that was not in a scope. The number is one of this throwaway host.
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        poll_until(lambda: not self.alive(self.token), "what the test has left to be gone")
        poll_until(lambda: not host.run("loginctl", "list-sessions", "--no-legend").stdout, "logind to forget the sessions")

    # --- What tests do --------------------------------------------------------------------------------------------

    def login(self, user="alice"):
        login = Login(host, user)
        self.logins.append(login)
        return login

    def exeunt(self, *words, user=None, check=True):
        return host.run("exeunt", *words, user=user, check=check)

    def configure(self, text):
        host.write("/etc/exeunt/exeunt.conf", CONFIGURATION + text)
        host.run("systemctl", "reload", "exeuntd")

    # --- What there is --------------------------------------------------------------------------------------------

    @staticmethod
    def alive(token):
        """The processes in the container that have the token in their arguments, as this host numbers them."""
        inside, found = os.readlink(f"/proc/{host.init}/ns/pid"), []
        for name in filter(str.isdigit, os.listdir("/proc")):
            try:
                with open(f"/proc/{name}/cmdline", "rb") as file:
                    is_ours = token.encode() in file.read()
                # Those who ask from outside have it in their arguments as well.
                if is_ours and os.readlink(f"/proc/{name}/ns/pid") == inside and not is_outside(name):
                    found.append(int(name))
            except OSError:
                continue
        return found

    @staticmethod
    def inner_pid(pid):
        with open(f"/proc/{pid}/status", encoding="ascii", errors="replace") as file:
            return next(line.split()[-1] for line in file if line.startswith("NSpid:"))

    def ask(self, method, **parameters):
        """What the daemon answers root."""
        answer = json.loads(host.run("/usr/lib/exeunt-test/ask", method, json.dumps(parameters)).stdout)
        self.assertNotIn("error", answer, (method, parameters))
        return answer["parameters"]

    def sessions(self, user=None):
        listed = self.ask("List")["sessions"]
        return [session for session in listed if user in (None, session["user"])]

    def session_of(self, login):
        """What the daemon knows of the log-in."""
        found = [session for session in self.sessions() if session["id"] == login.session]
        self.assertEqual(len(found), 1, f"{login.session!r} among {self.sessions()}")
        return found[0]

    def record(self, session):
        """The record of the session's ending, once it is written."""
        return poll_until(lambda: next((one for one in self.records() if one["session"]["id"] == session), None),
                          f"the record of {session}")

    def records(self):
        """All there are."""
        return list(map(json.loads, (host.read(RECORDS) or "").splitlines()))

    def unit(self, name, *properties):
        """The properties of a unit."""
        text = host.run("systemctl", "show", name, *(f"--property={word}" for word in properties)).stdout
        return dict(line.split("=", 1) for line in text.splitlines())

    def daemon_pid(self):
        return int(self.unit("exeuntd", "MainPID")["MainPID"])

    # --- What tests claim -----------------------------------------------------------------------------------------

    def await_gone(self, token=None, seconds=container.DEADLINE):
        poll_until(lambda: not self.alive(token or self.token), f"{token or self.token} to end", seconds)

    def assert_lives(self, token=None):
        self.assertNotEqual(self.alive(token or self.token), [], f"{token or self.token} has gone")

    def assert_record(self, session, **wanted):
        record = self.record(session)
        self.assertEqual({key: record.get(key) for key in wanted}, wanted, record)
        return record


def is_outside(pid):
    """Whether it came in by nsenter, and so is in none of the container's own cgroups."""
    with open(f"/proc/{pid}/cgroup", encoding="utf-8") as file:
        own = next((line[3:].strip() for line in file if line.startswith("0::")), "/")
    with open(f"/proc/{host.init}/cgroup", encoding="utf-8") as file:
        init = next(line[3:].strip() for line in file if line.startswith("0::"))
    # pid 1 is in ROOT/init.scope.
    return not own.startswith(init.removesuffix("/init.scope") + "/")
