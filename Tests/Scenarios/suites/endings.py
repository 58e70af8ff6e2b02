# SPDX-License-Identifier: Apache-2.0
"""The ways in which a session ends, but for the death of its supervisor."""

import os
import signal
import subprocess

from harness import host, walk
from harness.case import BRISK, PATIENT, ScenarioCase
from harness.processes import first_child
from harness.session import poll_until, read, wait_readable


def wait_exited(pid):
    """Waits until the process has exited, whether or not it has been reaped."""
    try:
        descriptor = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    try:
        wait_readable(descriptor, what=f"the exit of {pid}")
    finally:
        os.close(descriptor)


class PayloadEnds(ScenarioCase):
    """payload-exits, payload-killed, payload-execs: the exit code is the payload's."""

    def assert_clean(self, script, code, payload):
        place, result = self.run_shell([], script)
        self.assert_record(result)
        self.assertEqual(result.code, code, result)
        self.assertEqual(result.record["exitCode"], code, result)
        self.assertEqual(result.record["payload"], payload, result)
        self.assertEqual(result.record["verdict"], "clean", result)
        self.assertEqual(result.record["reason"], "payload-exited", result)
        self.assertEqual(result.record["processes"], [], result)
        self.assertEqual(result.stderr, "", "nothing was left, so there is nothing to say")
        self.assert_nothing_left(place)

    def test_payload_exits(self):
        for code in (0, 1, 2, 3, 125, 126, 127, 255):
            with self.subTest(code):
                self.assert_clean(f"exit {code}", code, {"exitCode": code})

    def test_payload_killed(self):
        for number in (signal.SIGKILL, signal.SIGTERM, signal.SIGHUP, signal.SIGSEGV, signal.SIGUSR1):
            with self.subTest(number.name):
                self.assert_clean(f"kill -{number.value} $$", 128 + number, {"signal": number})

    def test_payload_execs(self):
        self.assert_clean("exec sh -c 'exec true'", 0, {"exitCode": 0})

    def test_payload_is_at_once_gone(self):
        for _ in range(30):
            place = self.place()
            result = self.start(place, [], ["true"]).finish()
            self.assertEqual((result.code, result.record["verdict"]), (0, "clean"), result)

    def test_leader_exits_while_its_children_work(self):
        # What the leader waits for is no left-over; what it does not wait for is.
        script = 'sleep 1000 & until [ "$(cat /proc/$!/comm)" = sleep ]; do :; done; exit 7'
        place, result = self.run_shell(["--ladder", PATIENT], script)
        self.assertEqual((result.code, result.record["verdict"]), (7, "left"), result)
        self.assertEqual([process["name"] for process in result.record["processes"]], ["sleep"], result)
        self.assert_nothing_left(place)

    def test_grace_is_not_waited_out_for_what_has_gone(self):
        # Who exits between the leader's exit and the first look is seen by nobody, and tells of nothing.
        for identity in host.identities():
            for _ in range(10):
                place, result = self.run_shell(["--ladder", PATIENT], "true & true & true &", identity)
                self.assertLess(result.record["times"]["endingSeconds"], 15, result)

    def test_record_says_who_and_where(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                result = self.run_shape(place, [], "plain-child")
                session = result.record["session"]
                self.assertEqual(session["owner"], identity.uid, result)
                self.assertEqual((session["class"], session["type"]), ("payload", "unspecified"))
                self.assertEqual(session["command"], [host.SHAPES, "plain-child", place.token])
                with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
                    self.assertEqual(result.record["bootID"], file.read().strip())
                if identity.delegated and host.PRIVILEGED:
                    # Below the caller's own: outer limits go on to hold.
                    self.assertEqual(session["cgroup"], f"{place.cgroup}/exeunt-{session['id']}")
                else:
                    self.assertNotIn("cgroup", session)


class Requested(ScenarioCase):
    """requested-by-owner, time-limit, and how the payload hears of it."""

    def test_requested(self):
        for identity in host.identities():
            for number in (signal.SIGTERM, signal.SIGINT):
                with self.subTest(f"{identity.name} {number.name}"):
                    place = self.place(identity)
                    session = self.start_shape(place, ["--ladder", PATIENT], "setsid-daemon")
                    session.signal(number)
                    result = session.finish()
                    self.assert_record(result)
                    self.assertEqual(result.record["reason"], "requested")
                    self.assertEqual(result.record["payload"], {"signal": number}, result)
                    self.assertEqual((result.code, result.record["verdict"]), (128 + number, "left"), result)
                    self.assert_nothing_left(place)

    def test_time_limit(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                # The leader stays: nobody reads its FIFO.
                os.mkfifo(place.path("ready"))
                os.chmod(place.path("ready"), 0o666)
                result = self.run_shape(place, ["--ladder", PATIENT, "--time-limit", "1s"], "double-fork-daemon",
                                        environment={"SHAPE_READY": place.path("ready")})
                self.assert_record(result)
                self.assertEqual(result.record["reason"], "time-limit")
                self.assertEqual(result.record["payload"], {"signal": signal.SIGTERM}, result)
                self.assertEqual(result.code, 143, result)
                self.assertIn(result.record["verdict"], ("left", "clean"), result)
                self.assert_nothing_left(place)

    def test_time_limit_that_is_not_reached(self):
        place, result = self.run_shell(["--time-limit", "1h"], "exit 4")
        self.assertEqual((result.code, result.record["reason"]), (4, "payload-exited"), result)
        self.assertEqual(result.record["laterReasons"], [], result)
        self.assert_nothing_left(place)

    def test_second_request_goes_straight_to_kill(self):
        for number in (signal.SIGTERM, signal.SIGINT):
            with self.subTest(number.name):
                place = self.place()
                session = self.start_shape(place, ["--ladder", "CONT TERM 1000s KILL"], "ignores-term")
                session.signal(number)
                # The leader has gone by the first, so the ending has begun.
                wait_exited(session.leader)
                session.signal(number)
                result = session.finish()
                self.assert_record(result)
                self.assertEqual(result.record["verdict"], "killed", result)
                self.assertIn("requested", result.record["laterReasons"], result)
                self.assertLess(result.record["times"]["endingSeconds"], 1000)
                self.assert_nothing_left(place)

    def test_request_during_the_ending_of_an_exited_payload(self):
        place = self.place()
        session = self.start_shape(place, ["--ladder", "CONT TERM 1000s KILL"], "ignores-term")
        os.kill(session.leader, signal.SIGKILL)
        wait_exited(session.leader)
        # Until the ending has begun a request would be the first one, which does the same a step later.
        poll_until(lambda: walk.parent(session.leader) is None, "the leader to be reaped")
        session.signal(signal.SIGTERM)
        result = session.finish()
        self.assert_record(result)
        self.assertEqual((result.code, result.record["verdict"]), (137, "killed"), result)
        self.assertEqual((result.record["reason"], result.record["laterReasons"]), ("payload-exited", ["requested"]))
        self.assert_nothing_left(place)

    def start_watching(self, options, *arguments):
        """The payload says every signal it gets."""
        place = self.place()
        session = self.start(place, options, self.shape(place, "watch-signals", *arguments))
        poll_until(lambda: "watching" in read(session.stdout), "the payload to watch")
        return place, session

    def heard(self, session):
        return [line.split()[0] for line in read(session.stdout).splitlines()[1:]]

    def test_signals_are_passed_on_once(self):
        place, session = self.start_watching(["--ladder", BRISK])
        numbers = [signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2, signal.SIGWINCH, signal.SIGCONT]
        for count, number in enumerate(numbers, 1):
            session.signal(number)
            poll_until(lambda: len(self.heard(session)) >= count, f"{number.name} to be passed on")
        self.assertEqual(self.heard(session), [number.name.removeprefix("SIG") for number in numbers])
        session.signal(signal.SIGTERM)
        result = session.finish()
        self.assertEqual((result.code, result.record["reason"]), (137, "requested"), result)
        # One TERM, from the request; the ladder does not repeat what has been said.
        self.assertEqual(self.heard(session)[len(numbers):].count("TERM"), 1, result)
        self.assert_nothing_left(place)

    def test_int_is_passed_on_once(self):
        place, session = self.start_watching(["--ladder", "CONT TERM 1000s KILL"])
        session.signal(signal.SIGINT)
        poll_until(lambda: "INT" in self.heard(session), "INT to be passed on")
        session.signal(signal.SIGINT)
        result = session.finish()
        self.assertEqual(result.record["verdict"], "killed", result)
        self.assertEqual(self.heard(session).count("INT"), 1, result)
        self.assert_nothing_left(place)

    def test_passed_signal_ends_a_payload_that_does_not_handle_it(self):
        for number in (signal.SIGHUP, signal.SIGQUIT, signal.SIGUSR1):
            with self.subTest(number.name):
                place = self.place()
                session = self.start_shape(place, ["--ladder", PATIENT], "setsid-daemon")
                session.signal(number)
                result = session.finish()
                self.assertEqual(result.code, 128 + number, result)
                self.assertEqual(result.record["reason"], "payload-exited", result)
                self.assert_nothing_left(place)


class LeaderFirst(ScenarioCase):
    """`--leader-first`: a program that stops its own workers is let do so."""

    SCRIPT = """
        "$SHAPES" watch-signals "$0" TERM 0 >"$SHAPE_DIR/worker" & worker=$!
        until grep -qs watching "$SHAPE_DIR/worker"; do :; done
        trap 'kill -TERM $worker; wait $worker; echo "leader $$ stopped its worker"; exit 5' TERM
        echo ready >"$SHAPE_READY"
        while :; do wait $worker; done
    """

    def start_leader(self, options, script):
        place = self.place()
        os.mkfifo(place.path("ready"))
        session = self.start(place, options, ["bash", "-c", script, place.token],
                             environment={"SHAPES": host.SHAPES, "SHAPE_READY": place.path("ready")})
        self.read_fifo(session, place.path("ready"))
        return place, session

    def test_leader_stops_its_workers(self):
        place, session = self.start_leader(["--leader-first", "30s", "--ladder", PATIENT], self.SCRIPT)
        session.signal(signal.SIGTERM)
        result = session.finish()
        self.assertEqual((result.code, result.record["payload"]), (5, {"exitCode": 5}), result)
        leader = result.stdout.split()[1]
        # The worker was told by the leader, and by nobody else.
        self.assertEqual(read(place.path("worker")).splitlines()[1:], [f"TERM process {leader} 0x0"], result)
        self.assert_nothing_left(place)

    def test_leader_that_does_not_react(self):
        script = "trap '' TERM; $SHAPES setsid-daemon $0; echo ready >$SHAPE_READY; while :; do sleep 1000; done"
        place, session = self.start_leader(["--leader-first", "300ms", "--ladder", BRISK], script)
        session.signal(signal.SIGTERM)
        result = session.finish()
        self.assert_record(result)
        self.assertEqual((result.code, result.record["verdict"]), (137, "killed"), result)
        # The leader's 300 ms, then the 300 ms of the ladder.
        self.assertGreaterEqual(result.record["times"]["endingSeconds"], 0.6, result)
        self.assert_nothing_left(place)


class Nested(ScenarioCase):
    """A session inside a session is ended with the outer one."""

    def nested(self, place, *, inner=(), outer=("--ladder", PATIENT)):
        os.mkfifo(place.path("ready"))
        os.chmod(place.path("ready"), 0o666)
        command = [host.EXEUNT, "run", "--report", place.path("inner.json"), *inner, "--",
                   *self.shape(place, "double-fork-daemon")]
        session = self.start(place, outer, command, environment={"SHAPE_READY": place.path("ready")})
        session.leader = int(self.read_fifo(session, place.path("ready")))
        return session

    def test_outer_is_requested_to_end(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                session = self.nested(place)
                session.signal(signal.SIGTERM)
                result = session.finish()
                self.assert_record(result)
                self.assertIn(result.record["verdict"], ("left", "clean"), result)
                self.assert_nothing_left(place)

    def test_outer_is_killed(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                session = self.nested(place)
                session.signal(signal.SIGKILL)
                session.wait_gone()
                self.await_nothing_left(place)

    def test_inner_is_killed(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                session = self.nested(place)
                # The inner front is the outer session's payload.
                keeper = only_child(session.pid)
                os.kill(only_child(keeper), signal.SIGKILL)
                result = session.finish()
                self.assertEqual(result.code, 137, result)
                self.assert_nothing_left(place)

    def test_inner_ends_by_itself(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                command = [host.EXEUNT, "run", "--ladder", PATIENT, "--", *self.shape(place, "double-fork-daemon")]
                result = self.start(place, ["--ladder", PATIENT], command).finish()
                self.assertEqual((result.code, result.record["verdict"]), (0, "clean"), result)
                self.assertIn("1 left", result.stderr)
                self.assert_nothing_left(place)

    def test_inner_leaf_lies_in_the_outer(self):
        host.require_privilege()
        place = self.place()
        command = [host.EXEUNT, "run", "--", "cat", "/proc/self/cgroup"]
        result = self.start(place, [], command).finish()
        path = next(line for line in result.stdout.splitlines() if line.startswith("0::"))
        self.assertRegex(path, rf"^0::/{place.token}/exeunt-\w+/exeunt-\w+$")

    def test_sessions_of_one_user_do_not_touch_each_other(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                first_place, second_place = self.place(identity), self.place(identity)
                trackers = ["--track", "descent,mark:EXEUNT_SESSION,group"]
                first = self.start_shape(first_place, [*trackers, "--ladder", PATIENT], "setsid-daemon")
                with open(f"/proc/{first.leader}/environ", "rb") as file:
                    mark = next(word for word in file.read().split(b"\0") if word.startswith(b"EXEUNT_SESSION="))
                forged = {"SHAPE_FORGED": mark.decode().partition("=")[2]}
                second = self.start_shape(
                    second_place, [*trackers, "--ladder", PATIENT], "forges-mark", environment=forged)
                first.signal(signal.SIGTERM)
                result = first.finish()
                self.assert_nothing_left(first_place)
                forger = second_place.written_pids()[0]
                self.assertTrue(walk.is_alive(forger), "it carries the mark, and is another session's")
                self.assertNotIn(forger, [process["pid"] for process in result.record["processes"]], result)
                second.signal(signal.SIGTERM)
                self.assertEqual(second.finish().record["verdict"], "left")
                self.assert_nothing_left(second_place)


class OtherUsers(ScenarioCase):
    """su-inside-session, and requests from somebody else."""

    def test_su_inside_session(self):
        host.require_privilege()
        place = self.place()
        script = f"su {host.STRANGER.name} -s /bin/sh -c 'setsid sleep 1000 </dev/null >/dev/null 2>&1 &'"
        result = self.start(place, ["--ladder", PATIENT], ["sh", "-c", script]).finish()
        self.assert_record(result)
        self.assertEqual((result.code, result.record["verdict"]), (0, "left"), result)
        self.assertIn(host.STRANGER.uid, [process["uid"] for process in result.record["processes"]], result)
        self.assert_nothing_left(place)

    def test_requested_by_other_user(self):
        host.require_privilege()
        place = self.place(host.USER)
        session = self.start_shape(place, ["--ladder", PATIENT], "plain-child")
        refused = subprocess.run(["kill", "-TERM", str(session.pid)], user=host.STRANGER.uid,
                                 capture_output=True, check=False)
        self.assertNotEqual(refused.returncode, 0)
        session.signal(signal.SIGTERM)
        self.assertEqual(session.finish().record["laterReasons"], [])
        self.assert_nothing_left(place)


def only_child(pid):
    """The one child of a process, as soon as it has one."""
    return poll_until(lambda: first_child(pid), f"a child of {pid}")
