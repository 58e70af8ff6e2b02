# SPDX-License-Identifier: Apache-2.0
"""Users and groups that exeuntd's configuration and log-ins name, and what is wrong with a configuration from the start."""

import contextlib
import os

from harness import host, varlink_client
from harness.daemon import CONFIGURATION
from harness.log import HostLog
from harness.login_case import LoginCase, PATIENT

GROUPS = "/etc/group"
GROUP = 64211


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


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
