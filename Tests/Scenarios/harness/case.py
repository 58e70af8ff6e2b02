# SPDX-License-Identifier: Apache-2.0
"""The test case of all scenarios: a place for each test, canaries around it, and nothing left at the end."""

import contextlib
import os
import select
import subprocess
import unittest

from . import host, walk
from .canaries import Canaries
from .place import Place
from .schema import Schema
from .session import Caller, Session, poll_until, wait_readable

# A grace that is never waited out unless something is wrong, and one that is.
PATIENT = "CONT TERM 30s KILL"
BRISK = "CONT TERM 300ms KILL"


class ScenarioCase(unittest.TestCase):
    """Whatever a test does, afterwards the canaries are unharmed, nobody of its place is alive, no zombie waits."""

    longMessage = True

    @classmethod
    def setUpClass(cls):
        cls.canaries = Canaries()
        cls.schema = Schema()

    @classmethod
    def tearDownClass(cls):
        cls.canaries.end()

    def setUp(self):
        self.sessions = []
        self.places = []

    def tearDown(self):
        complaints = self.canaries.complaints()
        with contextlib.ExitStack() as stack:
            for session in self.sessions:
                stack.callback(session.close)
            self.clear_places()
        if complaints:
            self.canaries.end()
            type(self).canaries = Canaries()
            self.fail("; ".join(complaints))

    def clear_places(self):
        if host.PRIVILEGED:
            self.canaries.move(host.CGROUPS)
        for place in self.places:
            place.clear(ignoring={os.getpid(), *self.canaries.pids})

    # --- What tests do --------------------------------------------------------------------------------------------

    def place(self, identity=None):
        """A fresh place; identity is root, or whoever the unprivileged host has."""
        place = Place(identity or host.identities()[0])
        self.places.append(place)
        if host.PRIVILEGED:
            self.canaries.move(place.cgroup)
        return place

    def start(self, place, options, command, **caller):
        """Starts `exeunt run OPTIONS -- COMMAND` in the place."""
        session = Session(place, options if options is None else list(options), [str(word) for word in command],
                          Caller(**{"group": self.canaries.group, **caller}))
        self.sessions.append(session)
        return session

    def start_program(self, place, *words, **caller):
        """Starts something else than `exeunt run` there."""
        return self.start(place, None, (), program=words, **caller)

    def start_shape(self, place, options, shape, *arguments, environment=None, **caller):
        """Starts the payload, which stays; returns when all its left-overs-to-be are in place."""
        os.mkfifo(place.path("ready"))
        os.chmod(place.path("ready"), 0o666)
        environment = {"SHAPE_READY": place.path("ready"), **(environment or {})}
        session = self.start(place, options, self.shape(place, shape, *arguments), environment=environment, **caller)
        session.leader = int(self.read_fifo(session, place.path("ready")))
        return session

    def run_shape(self, place, options, shape, *arguments, **caller):
        return self.start(place, options, self.shape(place, shape, *arguments), **caller).finish()

    def run_shell(self, options, script, identity=None, **caller):
        """Runs a shell script as the payload, in a place of its own: (place, result)."""
        place = self.place(identity)
        return place, self.start(place, options, ["sh", "-c", script, place.token], **caller).finish()

    @staticmethod
    def shape(place, name, *arguments):
        return [host.SHAPES, name, place.token, *arguments]

    def read_fifo(self, session, path):
        """One line from a FIFO; fails early if Exeunt ends instead of writing it."""
        # Opened for writing, too: there is no end-of-file before the writer has come.
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        try:
            wait_either(descriptor, session)
            return os.read(descriptor, 4096).decode()
        finally:
            os.close(descriptor)

    @contextlib.contextmanager
    def fuse(self, place):
        """A mounted file system that never answers; whoever hangs in it is set free at the end."""
        host.require_privilege("mounting a FUSE file system")
        if not os.path.exists("/dev/fuse"):
            raise unittest.SkipTest("kernel: no /dev/fuse")
        # Outside the place: its server is none of the session's.
        directory = f"{host.ROOM}/fuse-{len(os.listdir(host.ROOM))}"
        os.mkdir(directory)
        server = subprocess.Popen([host.FUSE_SERVER, directory], stdout=subprocess.PIPE, stdin=subprocess.DEVNULL)
        try:
            wait_readable(server.stdout.fileno(), what="the file system")
            yield directory
            self.assertIsNone(server.poll(), "the file system's server is a foreign process, and must live")
        finally:
            server.kill()
            server.wait()
            server.stdout.close()
            subprocess.run(["umount", "--lazy", directory], check=False)

    # --- What tests claim -----------------------------------------------------------------------------------------

    def assert_record(self, result):
        """The record is there, fits the schema, and agrees with itself."""
        self.assertIsNotNone(result.record, result)
        self.assertEqual(self.schema.problems(result.record), [], result)
        outcomes = {process["outcome"] for process in result.record["processes"]}
        verdict = result.record["verdict"]
        implied = [("survived", "survivors"), ("reported", "reported"), ("kept", "kept"), ("killed", "killed")]
        expected = next((word for outcome, word in implied if outcome in outcomes), None)
        if expected:
            self.assertEqual(verdict, expected, result)
        else:
            self.assertIn(verdict, ("left", "clean"), result)

    def assert_nothing_left(self, place):
        """Nobody of the session is alive, its leaf is gone, and Exeunt itself is."""
        own = {os.getpid(), *self.canaries.pids}
        left = place.left(ignoring=own)
        self.assertEqual(left, [], f"still alive: {', '.join(map(str, left))}")
        self.assertEqual([name for name in place.children() if name.startswith("exeunt-")], [], "a leaf was left")
        self.assert_no_zombies()

    def await_nothing_left(self, place):
        """The same, where Exeunt itself was killed and nobody can be waited for: soon, then."""
        own = {os.getpid(), *self.canaries.pids}
        poll_until(lambda: not place.left(ignoring=own), "everybody of the session to go")
        self.assert_nothing_left(place)

    def assert_no_zombies(self):
        # The host's pid 1 reaps at once, which is soon but not now.
        with self.subTest("no zombies"):
            poll_until(lambda: not walk.zombies(ignoring_parent=os.getpid()), "every zombie to be reaped")

    def assert_messages(self, result):
        """Exeunt speaks in lines that say who speaks."""
        for line in result.stderr.splitlines():
            self.assertTrue(line.startswith("exeunt: "), result.stderr)


def wait_either(descriptor, session):
    """Until the descriptor can be read; an error if the session ends first."""
    ready = select.select([descriptor, session.handle], [], [], host.DEADLINE)[0]
    if descriptor in ready:
        return
    if session.handle in ready:
        raise AssertionError(f"exeunt ended before it was time: {session.finish()}")
    raise TimeoutError("waited for the payload to say that it is in place")
