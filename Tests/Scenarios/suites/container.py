# SPDX-License-Identifier: Apache-2.0
"""`exeunt run --` as pid 1 of a container: a correct init."""

import os
import signal

from harness import host, walk
from harness.case import BRISK, PATIENT, ScenarioCase
from harness.processes import first_child
from harness.session import poll_until, read

CONTAINER = ("unshare", "--pid", "--fork", "--mount-proc", "--kill-child", host.EXEUNT, "run")
COMBINATIONS = ((), ("--track", "descent"))


class Container(ScenarioCase):
    def start_inside(self, place, options, command, **caller):
        host.require_privilege("pid and mount namespaces")
        return self.start(place, options, command, program=CONTAINER, **caller)

    def pid_one(self, session):
        """Exeunt's number outside."""
        return poll_until(lambda: first_child(session.pid), "pid 1 of the container")

    def test_is_pid_one(self):
        place = self.place()
        result = self.start_inside(place, [], ["sh", "-c", "cat /proc/1/comm /proc/$PPID/stat"]).finish()
        name, stat = result.stdout.splitlines()
        self.assertIn(name, ("exeunt", "session-keeper"), result)
        self.assertEqual(stat.split()[0], "1", "the payload's parent is pid 1")

    def test_exit_codes(self):
        for script, code in (("exit 0", 0), ("exit 3", 3), ("kill -KILL $$", 137), ("kill -TERM $$", 143)):
            with self.subTest(script):
                place = self.place()
                result = self.start_inside(place, [], ["sh", "-c", script]).finish()
                self.assert_record(result)
                self.assertEqual(result.code, code, result)
                self.assert_nothing_left(place)

    def test_command_that_is_not_there(self):
        for command, code in (("/nowhere", 127), ("/etc", 126)):
            with self.subTest(command):
                place = self.place()
                self.assertEqual(self.start_inside(place, [], [command]).finish().code, code)
                self.assert_nothing_left(place)

    def test_reaps_orphans_at_once(self):
        for options in COMBINATIONS:
            with self.subTest(options):
                place = self.place()
                result = self.start_inside(place, options, self.shape(place, "orphans", 100)).finish()
                self.assertEqual((result.code, result.stdout), (0, "no zombies\n"), result)
                self.assert_nothing_left(place)

    def test_passes_signals_on(self):
        # Pid 1 has no default actions: what it does not ask for does not happen.
        for number in (signal.SIGHUP, signal.SIGINT, signal.SIGTERM, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2):
            with self.subTest(number.name):
                place = self.place()
                watching = self.shape(place, "watch-signals", number.name.removeprefix("SIG"), 9)
                session = self.start_inside(place, ["--ladder", PATIENT], watching)
                poll_until(lambda: "watching" in read(session.stdout), "the payload to watch")
                os.kill(self.pid_one(session), number)
                result = session.finish()
                self.assertEqual(result.code, 9, result)
                self.assert_nothing_left(place)

    def test_default_action_of_the_payload(self):
        place = self.place()
        session = self.start_shape(place, ["--ladder", PATIENT], "double-fork-daemon", program=CONTAINER)
        os.kill(self.pid_one(session), signal.SIGTERM)
        result = session.finish()
        self.assert_record(result)
        self.assertEqual((result.code, result.record["reason"]), (143, "requested"), result)
        self.assertEqual(result.record["verdict"], "left", result)
        self.assert_nothing_left(place)

    def test_ends_everything(self):
        for options in COMBINATIONS:
            for shape, ladder, verdict in (("double-fork-daemon", PATIENT, "left"), ("ignores-term", BRISK, "killed"),
                                           ("tree", PATIENT, "left")):
                with self.subTest(f"{options} {shape}"):
                    place = self.place()
                    result = self.start_inside(place, [*options, "--ladder", ladder], self.shape(place, shape)).finish()
                    self.assert_record(result)
                    self.assertEqual((result.code, result.record["verdict"]), (0, verdict), result)
                    self.assert_nothing_left(place)

    def test_exits_slowly(self):
        # The kernel would end all at once when pid 1 goes: it must not go before they have.
        place = self.place()
        result = self.start_inside(place, ["--ladder", PATIENT], self.shape(place, "exits-slowly")).finish()
        self.assertEqual(read(place.path("saved")), "first half, second half\n", result)
        self.assertEqual(result.record["verdict"], "left", result)

    def test_pid_one_killed_from_outside(self):
        place = self.place()
        session = self.start_shape(place, ["--ladder", PATIENT], "double-fork-daemon", program=CONTAINER)
        os.kill(self.pid_one(session), signal.SIGKILL)
        session.wait_gone()
        own = {os.getpid(), *self.canaries.pids}
        poll_until(lambda: not place.left(ignoring=own), "the kernel to end the namespace")

    def test_orphan_from_elsewhere(self):
        # As `docker exec` does: a process enters, and leaves an orphan to pid 1.
        place = self.place()
        session = self.start_shape(place, ["--ladder", PATIENT], "double-fork-daemon", program=CONTAINER)
        init = self.pid_one(session)
        guest = self.start_program(
            place, "nsenter", f"--pid=/proc/{init}/ns/pid", f"--mount=/proc/{init}/ns/mnt", "sh", "-c",
            "(setsid sleep 1000 & true) & wait; (true & exec true) & wait")
        self.assertEqual(guest.wait(), 0)
        poll_until(lambda: not [found for found in walk.zombies(os.getpid()) if walk.parent(found.pid) == init],
                   "pid 1 to reap the guest's orphans")
        os.kill(init, signal.SIGTERM)
        self.assertEqual(session.finish().code, 143)
        own = {os.getpid(), *self.canaries.pids}
        poll_until(lambda: not place.left(ignoring=own), "the kernel to end the namespace")
