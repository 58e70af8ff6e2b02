# SPDX-License-Identifier: Apache-2.0
"""The test case of log-ins: a daemon for each class, neighbours who must be left alone, and nothing left at the end."""

import os
import time

from . import host, logins, walk
from .case import ScenarioCase
from .daemon import LEAVES, NOTES, Changes, Daemon
from .logins import Login
from .processes import children, kill
from .session import poll_until

def configuration(ladder, more=""):
    """What the administrator has written. Not the default ladder: HUP ends whoever would save something at TERM."""
    return f"[Session]\nLadder={ladder}\n{more}"


# Nobody waits for the end of the first unless something is wrong; of the second somebody does.
PATIENT = configuration("CONT TERM 30s KILL")
BRISK = configuration("CONT TERM 300ms KILL")


class LoginCase(ScenarioCase):
    """After each test: no session but the neighbour's, no leaf but hers, canaries and neighbour unharmed."""

    configuration = PATIENT
    # Whether a session of the same user stands beside all tests: a canary is in it.
    has_neighbour = True

    @classmethod
    def setUpClass(cls):
        host.require_privilege("PAM, root, and a second uid")
        super().setUpClass()
        logins.furnish()
        cls.daemon = Daemon()
        cls.addClassCleanup(cls.daemon.close)
        cls.daemon.configure(cls.configuration)
        cls.prepare_class()
        cls.daemon.start()

    @classmethod
    def prepare_class(cls):
        """Before the daemon is started."""

    def setUp(self):
        super().setUp()
        self.logins = []
        if not self.daemon.is_running:
            self.daemon.start()
        self.configured = None
        self.neighbour = self.open_neighbour() if self.has_neighbour else None

    def tearDown(self):
        if self.configured:
            self.daemon.reload(self.configuration)
        complaint = self.end_neighbour() if self.neighbour else None
        for login in self.logins:
            login.clear()
        self.addCleanup(self.assert_no_session_left)
        super().tearDown()
        if complaint:
            self.fail(complaint)

    def assert_no_session_left(self):
        """Whatever a test has left ends by itself, its leaders being gone; one that stays is lost."""
        if self.daemon.is_running:
            poll_until(lambda: not self.daemon.sessions(), f"the last session to end: {self.daemon.log[-2000:]}")
            # A lease stands beside sessions.
            poll_until(lambda: not self.daemon.leases(), f"the last lease to end: {self.daemon.log[-2000:]}")
            self.assertEqual(leaves(), [])
            for name in ("sessions", "endings"):
                self.assertEqual(os.listdir(f"/run/exeunt/{name}"), [], name)
            # A module that had no answer within its second has left one, which is looked at a little later.
            Changes.wait(NOTES, lambda: not os.listdir(NOTES), "the last note to be heeded")

    # --- The neighbour --------------------------------------------------------------------------------------------

    def open_neighbour(self):
        place = self.place()
        login = Login(place, host.USER.name)
        login.session_place = place
        login.open()
        heard = place.path("heard")
        login.start(f"exec {host.SHAPES} watch-signals neighbour >{heard}")
        Changes.wait(place.directory, lambda: os.path.exists(heard) and os.path.getsize(heard), "the neighbour")
        return login

    def end_neighbour(self):
        """Ends the session that nobody else may end: what was wrong with it, or None."""
        neighbour = self.neighbour
        complaint = None
        with open(neighbour.session_place.path("heard"), encoding="utf-8") as file:
            heard = file.read()
        watching = [pid for pid in children(neighbour.pid) if walk.is_alive(pid)]
        if len(heard.splitlines()) != 1 or not watching:
            complaint = f"the neighbour's canary has heard {heard!r}, and {watching} live"
        if self.daemon.is_running and self.daemon.sessions().get(neighbour.session, {}).get("state") != "active":
            complaint = f"the neighbour's session is not active: {self.daemon.log[-2000:]}"
        for pid in watching:
            kill(pid)
        neighbour.clear()
        return complaint

    # --- What tests do --------------------------------------------------------------------------------------------

    def login(self, place, user=host.USER, **options):
        """A program that can log somebody in, and has not yet."""
        login = Login(place, user.name, **options)
        self.logins.append(login)
        return login

    def open(self, place, user=host.USER, **options):
        login = self.login(place, user, **options)
        login.open()
        if self.daemon.is_running:
            # The module waits for one second, and a busy machine may be slower.
            poll_until(lambda: login.session in self.daemon.sessions(), "the session to be opened")
        return login

    def away_at_open(self, place):
        """Logs in while there is no daemon: it is killed."""
        self.daemon.kill()
        login = self.login(place)
        began = time.monotonic()
        login.open()
        self.assertLess(time.monotonic() - began, 2, "whoever logs in waits for a daemon that is away")
        self.assertEqual(os.listdir(NOTES), [login.session])
        return login

    def reconfigure(self, text):
        """For this test."""
        self.configured = text
        self.daemon.reload(text)

    # --- What tests claim -----------------------------------------------------------------------------------------

    def ended(self, session, unseen=False, **expected):
        """The record of a session that has ended, which fits the schema and agrees with itself; these are its values.
        `unseen`: somebody may have been killed whom no look has shown."""
        record = self.daemon.record(session)
        self.assertEqual(self.schema.problems(record), [], record)
        self.assertEqual(len(self.daemon.records(session)), 1, "one record for each session")
        self.assertEqual({key: record[key] for key in expected}, expected, record)
        outcomes = {process["outcome"] for process in record["processes"]}
        implied = [("survived", "survivors"), ("reported", "reported"), ("kept", "kept"), ("killed", "killed")]
        verdict = next((word for outcome, word in implied if outcome in outcomes), None)
        if verdict:
            self.assertEqual(record["verdict"], verdict, record)
        else:
            self.assertIn(record["verdict"], ("left", "clean", *(["killed"] if unseen else [])), record)
        return record

    def assert_over(self, place, login, since):
        """Its end is in the log after `since`, whether or not there is a record, and nothing of it is left."""
        self.daemon.expect(f"session ended session={login.session} .*verdict=left", since=since)
        poll_until(lambda: login.session not in self.daemon.sessions(), "the session to be forgotten")
        self.assert_gone(place)

    def assert_gone(self, place, *but):
        """Nobody of the place is alive, but for these logins, nor is a canary hurt."""
        own = {os.getpid(), *self.canaries.pids, *(login.pid for login in but)}
        left = place.left(ignoring=own)
        self.assertEqual(left, [], f"still alive: {', '.join(map(str, left))}")

    def assert_active(self, login):
        self.assertEqual(self.daemon.sessions().get(login.session, {}).get("state"), "active", self.daemon.log[-2000:])


def leaves():
    """Names of the cgroups of sessions."""
    return sorted(entry.name for entry in os.scandir(LEAVES) if entry.is_dir()) if os.path.exists(LEAVES) else []


def names(record):
    """The names of the processes that a session has left, without its leader."""
    leader = record["session"].get("leader", {}).get("pid")
    return sorted(process["name"] for process in record["processes"] if process["pid"] != leader)
