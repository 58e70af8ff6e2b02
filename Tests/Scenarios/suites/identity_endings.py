# SPDX-License-Identifier: Apache-2.0
"""Payloads as another user: what they leave, and what they can do to their supervisor."""

import os
import signal
import subprocess

from harness import host, walk
from harness.case import BRISK, PATIENT
from harness.identity import IdentityCase
from harness.processes import first_child, kill
from harness.session import poll_until
from harness.terminal import TerminalCase

# What shapes need of the environment that is made anew.
SHAPE_VARIABLES = "EXEUNT_TEST,SHAPE_DIR,SHAPE_READY,SHAPE_SETUID,SHAPE_FORGED"
AS_USER = ["--user", host.USER.name, "--preserve-env", SHAPE_VARIABLES]


class LeftOvers(IdentityCase):
    """What a payload of another user leaves is ended by root, whatever it is by then."""

    def test_left_overs_of_the_user(self):
        for track in ([], ["--track", "descent"], ["--track", "descent,mark:EXEUNT_SESSION"], ["--track", "group"]):
            shape = "plain-child" if track[-1:] == ["group"] else "double-fork-daemon"
            with self.subTest(track):
                place = self.place()
                result = self.run_shape(place, [*AS_USER, *track, "--ladder", PATIENT], shape)
                self.assert_record(result)
                self.assertEqual(result.record["verdict"], "left", result)
                self.assertEqual({process["uid"] for process in result.record["processes"]}, {host.USER.uid}, result)
                self.assertEqual(result.record["session"]["owner"], host.USER.uid, result)
                self.assertEqual(result.record["session"]["caller"], 0, result)
                self.assert_nothing_left(place)

    def test_a_set_uid_program_that_the_user_started(self):
        for track in ([], ["--track", "descent"]):
            with self.subTest(track):
                place = self.place()
                result = self.run_shape(place, [*AS_USER, *track, "--ladder", BRISK], "setuid-child",
                                        environment={"SHAPE_SETUID": host.SETUID_SHAPES})
                self.assert_record(result)
                self.assertIn(result.record["verdict"], ("left", "killed"), result)
                self.assertIn(0, {process["uid"] for process in result.record["processes"]}, result)
                self.assert_nothing_left(place)

    def test_weak_evidence_counts_for_the_owner_only(self):
        """A mark that root's processes have, too."""
        place = self.place()
        mark = {"IDENTITY_MARK": place.token}
        foreign = subprocess.Popen([host.SHAPES, "watch-signals", "root"], env=mark, stdout=subprocess.PIPE, cwd="/")
        own = subprocess.Popen(["sleep", "1000"], env={**mark, "PATH": host.PATH}, user=host.USER.uid,
                               group=host.USER.uid, extra_groups=[], cwd="/")
        try:
            self.assertTrue(foreign.stdout.readline().startswith(b"watching"))
            result = self.start(place, ["--user", host.USER.name, "--track", "mark:IDENTITY_MARK"], ["true"],
                                environment=mark).finish()
            self.assertEqual([process["pid"] for process in result.record["processes"]], [own.pid], result)
            self.assertEqual(own.wait(), -signal.SIGTERM)
            self.assertIsNone(foreign.poll())
            self.assertNotIn(foreign.pid, {process["pid"] for process in result.record["processes"]})
        finally:
            for process in (foreign, own):
                process.kill()
                process.wait()
            foreign.stdout.close()


class Supervisor(IdentityCase):
    """The user can do nothing to Exeunt's own processes, and the session ends when they are killed."""

    def start_staying(self, options=()):
        place = self.place()
        os.mkfifo(place.path("ready"))
        os.chmod(place.path("ready"), 0o666)
        session = self.start(place, [*AS_USER, *options, "--ladder", PATIENT],
                             ["sh", "-c", "sleep 1000 & echo $! $$ >$SHAPE_DIR/ready; exec sleep 1001"],
                             environment={"SHAPE_READY": place.path("ready")})
        return place, session, [int(word) for word in self.read_fifo(session, place.path("ready")).split()]

    def test_signals_of_the_user_are_refused(self):
        place, session, _ = self.start_staying()
        for pid in (session.pid, first_child(session.pid)):
            for name in ("KILL", "STOP", "TERM", "CONT"):
                # In another kernel session, as the payload is: CONT is allowed within one.
                kill_as_user = subprocess.run(
                    ["setsid", "--wait", "setpriv", "--reuid", str(host.USER.uid), "--clear-groups", "kill", f"-{name}", str(pid)],
                    capture_output=True, text=True, check=False)
                self.assertNotEqual(kill_as_user.returncode, 0)
                self.assertIn("not permitted", kill_as_user.stderr.lower())
            self.assertTrue(walk.is_alive(pid))
            self.assertNotIn("T", walk.states(pid))
        session.signal(signal.SIGTERM)
        result = session.finish()
        self.assertEqual(result.record["reason"], "requested", result)
        self.assertEqual(result.code, 128 + signal.SIGTERM, result)
        self.assert_nothing_left(place)

    def test_keeper_killed(self):
        for track in ([], ["--track", "descent"], ["--track", "descent,mark:EXEUNT_SESSION"]):
            with self.subTest(track):
                place, session, pids = self.start_staying(track)
                kill(first_child(session.pid))
                result = session.finish()
                self.assert_record(result)
                self.assertEqual(result.record["reason"], "supervisor-exited", result)
                self.assertEqual(result.record["session"]["owner"], host.USER.uid, result)
                # The leader has been told by the kernel, and may be gone by now.
                self.assertIn(pids[0], {process["pid"] for process in result.record["processes"]}, result)
                self.assert_nothing_left(place)

    def test_front_killed(self):
        place, session, _ = self.start_staying()
        session.signal(signal.SIGKILL)
        self.await_nothing_left(place)

    def test_both_killed(self):
        """The payload's leader is told by the kernel, though its change of identity has cleared that at first."""
        _, session, pids = self.start_staying()
        keeper = first_child(session.pid)
        for pid in (session.pid, keeper):
            os.kill(pid, signal.SIGSTOP)
        for pid in (session.pid, keeper):
            kill(pid)
        poll_until(lambda: not walk.is_alive(pids[1]), "the leader to be told by the kernel")

    def test_somebody_stops_whatever_gets_her_uid(self):
        """Stopped between its change of identity and exec, the payload must not take Exeunt with it."""
        uid = 64190
        host.append("/etc/passwd", f"stopper:x:{uid}:{uid}::/:/bin/sh\n")
        stopper = subprocess.Popen([host.SHAPES, "stops-everybody", "stopper"], user=uid, group=uid, extra_groups=[], cwd="/",
                                   stdout=subprocess.PIPE)
        try:
            self.assertTrue(stopper.stdout.readline().startswith(b"stopping"))
            for _ in range(200):
                place = self.place()
                options = ["--user", "stopper", "--time-limit", "100ms", "--ladder", "CONT TERM 100ms KILL"]
                result = self.start(place, options, ["true"]).finish()
                if result.code == 125:
                    self.assertIn("start true within 10 s", result.stderr)
                    self.assert_nothing_left(place)
                    return
                self.assertIn(result.code, (0, 128 + signal.SIGKILL, 128 + signal.SIGTERM), result)
            self.fail("nothing was ever stopped in time")
        finally:
            stopper.kill()
            stopper.wait()
            stopper.stdout.close()


class AtTheTerminal(TerminalCase):
    """The payload writes to root's terminal, and cannot type into it."""

    def test_no_control_over_the_terminal(self):
        host.require_privilege("a second uid")
        place = self.place()
        session = self.start_at_terminal(
            place, ["--user", host.USER.name],
            ["sh", "-c", "tty; (: </dev/tty) 2>&1; cut -d' ' -f7 /proc/self/stat; read line; echo got $line"])
        self.terminal.expect("/dev/pts/")
        self.terminal.expect("No such device or address|cannot open /dev/tty")
        self.terminal.expect(r"\r\n0\r\n")
        self.terminal.type("words\r")
        self.terminal.expect("got words")
        self.assertEqual(session.wait(), 0)
        self.assertEqual(session.record()["session"]["type"], "unspecified")

    def test_keys_reach_the_payload(self):
        host.require_privilege("a second uid")
        place = self.place()
        session = self.start_at_terminal(
            place, ["--user", host.USER.name, "--quiet"], ["sh", "-c", "trap 'echo int; exit 7' INT; echo go; sleep 1000 & wait"])
        self.terminal.expect("go")
        self.terminal.type("\x1a")
        self.terminal.type("\x03")
        self.terminal.expect("int")
        self.assertEqual(session.wait(), 7)
        self.assert_nothing_left(place)
