# SPDX-License-Identifier: Apache-2.0
"""Users and groups that exeuntd's configuration and log-ins name, and what is wrong with a configuration from the start."""

import contextlib
import json
import os
import subprocess

from harness import host, varlink_client
from harness.daemon import CONFIGURATION
from harness.log import HostLog
from harness.login_case import PATIENT, LoginCase
from harness.processes import children
from harness.session import poll_until, read

GROUPS = "/etc/group"
USERS = "/etc/passwd"
GROUP = 64211


class NamedUsers(LoginCase):
    """Whoever is named and is not there is said of at the start and at a reload, not at an ending."""

    has_neighbour = False
    fault = (r"the configuration names somebody who is not there: /etc/exeunt/exeunt\.conf:\d+: "
             r"User=nosuch: there is no such user; name one that this host knows, or root")

    def test_hooks_of_nobody(self):
        since = len(self.daemon.log)
        self.reconfigure(PATIENT + "[Hooks]\nAfter=/etc/exeunt/after\nUser=nosuch\n")
        self.daemon.expect(self.fault, since=since)
        since = len(self.daemon.log)
        self.daemon.restart()
        self.daemon.expect(self.fault, since=since)
        since = len(self.daemon.log)
        self.reconfigure(PATIENT + f"[Hooks]\nAfter=/etc/exeunt/after\nUser={host.USER.name}\n")
        self.assertNotIn("somebody who is not there", self.daemon.log[since:])


class Members(LoginCase):
    """The group of those who may see and end everything is asked for anew at a reload."""

    has_neighbour = False

    def sessions_as_member(self):
        """What somebody sees who is in the group, and has no session."""
        groups = os.getgroups()
        os.setgroups([GROUP])
        os.setegid(host.STRANGER.uid)
        os.seteuid(host.STRANGER.uid)
        try:
            with contextlib.closing(varlink_client.Client()) as client:
                return [session["id"] for session in client.call("List")["sessions"]]
        finally:
            os.seteuid(0)
            os.setegid(0)
            os.setgroups(groups)

    def test_group_that_comes_and_goes(self):
        before = read(GROUPS)
        place = self.place()
        login = self.open(place)
        self.assertEqual(self.sessions_as_member(), [])
        host.append(GROUPS, f"exeunt:x:{GROUP}:\n")
        try:
            self.daemon.reload()
            self.assertEqual(self.sessions_as_member(), [login.session])
        finally:
            with open(GROUPS, "w", encoding="utf-8") as file:
                file.write(before)
        self.daemon.reload()
        self.assertEqual(self.sessions_as_member(), [])


class SlowUsers(LoginCase):
    """directory-hangs: the database of users does not answer. Whoever has come without a uid waits, and nobody else."""

    has_neighbour = False
    program = """
import json, socket, sys
client = socket.socket(socket.AF_UNIX)
client.connect(sys.argv[1])
call = {"method": "io.exeunt.Sessions.Open", "parameters": {"user": sys.argv[2], "service": "login"}}
client.sendall(json.dumps(call).encode() + bytes(1))
answer = b""
while not answer.endswith(bytes(1)):
    answer += client.recv(4096)
print(answer[:-1].decode(), flush=True)
sys.stdin.read()
"""

    def test_nobody_else_waits(self):
        os.rename(USERS, f"{USERS}.whole")
        os.mkfifo(USERS)
        try:
            with self.opener() as opener:
                poll_until(lambda: children(self.daemon.process.pid), "somebody to be sent to ask")
                self.assertEqual(self.daemon.sessions(), {})
                # It is freed, and finds what is no data base.
                os.close(os.open(USERS, os.O_WRONLY))
                os.rename(f"{USERS}.whole", USERS)
                self.assertEqual(self.answer(opener)["error"], "io.exeunt.Sessions.Failed")
        finally:
            if os.path.exists(f"{USERS}.whole"):
                os.rename(f"{USERS}.whole", USERS)
        with self.opener() as opener:
            session = self.answer(opener)["parameters"]["session"]
            self.assertEqual(self.daemon.sessions()[session]["owner"], host.USER.uid)
        self.ended(session, reason="leader-exited")

    @contextlib.contextmanager
    def opener(self):
        """Somebody who opens a session, and stays for as long as that is needed."""
        opener = subprocess.Popen(["python3", "-c", self.program, varlink_client.SOCKET, host.USER.name],
                                  stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            yield opener
        finally:
            opener.communicate("")

    @staticmethod
    def answer(opener):
        return json.loads(opener.stdout.readline())


class BadFromTheStart(LoginCase):
    """A configuration that cannot be used is in the host's log: nobody reads what a service writes to standard error."""

    has_neighbour = False

    @classmethod
    def prepare_class(cls):
        cls.host_log = HostLog()

    def test_bad_configuration(self):
        self.daemon.stop()
        self.daemon.configure("[Session]\nLadder=NONSENSE\nKilUserProcesses=yes\n")
        process = self.daemon.spawn()
        self.assertEqual(process.wait(host.DEADLINE), 1)
        said = self.host_log.texts("error")
        for line in (2, 3):
            self.assertTrue(any(text.startswith(f"exeuntd cannot run: {CONFIGURATION}:{line}: ") for text in said), said)
        self.daemon.configure(self.configuration)
