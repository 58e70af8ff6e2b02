# SPDX-License-Identifier: Apache-2.0
"""Hooks: when they run and in which order, and what is written down of them."""

import os
import signal

from harness import host
from harness.case import PATIENT
from harness.hooks import HookCase
from harness.processes import children, first_child
from harness.session import poll_until, read, read_if_there
from harness.terminal import TerminalCase

NOT_RUN = "not run"


class Order(HookCase):
    """Which hooks run, when, and in which order."""

    def test_a_directory_in_the_order_of_names(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                for name in ("d/b", "d/10-x", "d/2-y", "d/B_z", "d/-a", "d/skipped.sh", "d/skipped~", "d/off"):
                    self.write_hook(place, name)
                os.chmod(self.hook_path(place, "d/off"), 0o644)
                os.mkdir(self.hook_path(place, "d/sub"), 0o755)
                directory = self.hook_path(place, "d")
                result = self.start(place, ["--before", directory, "--epilogue", directory], ["true"]).finish()
                names = ["d/-a", "d/10-x", "d/2-y", "d/B_z", "d/b"]
                self.assertEqual(self.ran(place), names * 2, result)
                self.assert_hooks(result, *[(phase, 0) for phase in ("before", "after") for _ in names])
                paths = [hook["path"] for hook in result.record["hooks"]]
                self.assertEqual(paths, [self.hook_path(place, name) for name in names] * 2)
                self.assertEqual((result.code, result.stderr), (0, ""), result)
                self.assert_nothing_left(place)

    def test_an_empty_directory_is_no_hook(self):
        place = self.place()
        self.write_hook(place, "d/x")
        os.unlink(self.hook_path(place, "d/x"))
        result = self.start(place, ["--epilogue", self.hook_path(place, "d")], ["true"]).finish()
        self.assertEqual((result.code, result.stderr, self.ran(place)), (0, "", []), result)
        self.assertNotIn("hooks", result.record)

    def test_before_anything_is_told_and_when_nothing_is_left(self):
        look = 'for pid in $(cat {left}); do kill -0 $pid && echo alive || echo gone; done >{seen} 2>&1'
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                scripts = [look.format(left=place.path("left"), seen=place.path(name)) for name in ("early", "late")]
                # One that is told is gone: it would be seen.
                payload = f"{host.SHAPES} setsid-daemon {place.token}"
                result = self.run_hooks(place, ["--ladder", PATIENT], payload, scripts[0], scripts[1])
                self.assert_hooks(result, ("before", 0), ("after", 0))
                self.assertEqual((result.code, result.record["verdict"]), (0, "left"), result)
                self.assertEqual(read(place.path("early")).split(), ["alive"], result)
                self.assertIn("gone", read(place.path("late")), result)
                self.assertNotIn("alive", read(place.path("late")), result)
                self.assert_nothing_left(place)

    def test_the_leader_lives_while_hooks_run_that_a_request_has_begun(self):
        place = self.place()
        path = self.write_hook(place, "b", f"kill -0 $EXEUNT_LEADER_PID && touch {place.path('lives')}")
        session = self.start_shape(place, ["--before", path, "--ladder", PATIENT], "setsid-daemon")
        session.signal(signal.SIGTERM)
        result = session.finish()
        self.assert_hooks(result, ("before", 0))
        self.assertEqual((result.code, result.record["reason"]), (143, "requested"), result)
        self.assertTrue(os.path.exists(place.path("lives")), result)
        self.assert_nothing_left(place)

    def test_the_leader_exits_during_a_hook(self):
        place = self.place()
        ready, go = self.make_fifo(place, "ready"), self.make_fifo(place, "go")
        session = self.start_hooks(place, ["--time-limit", "1ms", "--ladder", PATIENT],
                                   f"echo $$ >{place.path('leader')}; sleep 1000; exit 7",
                                   f"echo >{ready}; read x <{go}", "")
        self.read_fifo(session, ready)
        leader = int(poll_until(lambda: read_if_there(place.path("leader")), "the leader"))
        # The shell first, which would say that its child was killed.
        for pid in [leader, *children(leader)]:
            os.kill(pid, signal.SIGKILL)
        self.write_fifo(go)
        result = session.finish()
        self.assert_hooks(result, ("before", 0), ("after", 0))
        self.assertEqual((result.code, result.record["reason"]), (137, "time-limit"), result)
        self.assert_nothing_left(place)

    def test_report_mode_runs_none(self):
        place = self.place()
        result = self.run_hooks(place, ["--report-only"])
        self.assertEqual((result.code, self.ran(place), result.stderr), (0, [], ""), result)
        self.assert_record(result)
        self.assertNotIn("hooks", result.record)

    def test_none_for_a_payload_that_cannot_be_started(self):
        place = self.place()
        paths = ["--before", self.write_hook(place, "b"), "--epilogue", self.write_hook(place, "e")]
        result = self.start(place, paths, ["/nonexistent/program"]).finish()
        self.assertEqual((result.code, self.ran(place), result.record), (127, [], None), result)

    def test_the_kept_are_not_touched(self):
        for identity in host.identities():
            for options in ([], ["--track", "descent"]):
                with self.subTest(f"{identity.name} {options}"):
                    place = self.place(identity)
                    with open("/usr/bin/sleep", "rb") as source, open(place.path("kept"), "wb") as target:
                        target.write(source.read())
                    os.chmod(place.path("kept"), 0o755)
                    payload = f'setsid {place.path("kept")} 1000 & ' \
                              f'while [ "$(readlink /proc/$!/exe)" != {place.path("kept")} ]; do :; done'
                    result = self.run_hooks(
                        place, [*options, "--keep-exe", place.path("kept")], payload, "setsid sleep 1000 &",
                        "setsid sleep 1000 &")
                    self.assert_hooks(result, ("before", 0), ("after", 0))
                    self.assertEqual((result.code, result.record["verdict"]), (0, "kept"), result)
                    left = [process["name"] for hook in result.record["hooks"] for process in hook["leftOvers"]]
                    self.assertEqual(len(left), 2, result)
                    alive = place.left(ignoring={os.getpid(), *self.canaries.pids})
                    self.assertEqual([found.name for found in alive], ["kept"], result)


class Outcomes(HookCase):
    """What the record, the summary and the exit code say of a hook."""

    def test_fails(self):
        for before, after, code in (("exit 3", "", 7), ("", "exit 3", 125), ("kill -9 $$", None, 7),
                                    (None, "kill -9 $$", 125)):
            with self.subTest(f"{before} {after}"):
                place = self.place()
                result = self.run_hooks(place, [], "exit 7", before, after)
                words = {"exit 3": 3, "": 0, "kill -9 $$": "signal 9"}
                expected = [(phase, words[script]) for phase, script in (("before", before), ("after", after))
                            if script is not None]
                self.assert_hooks(result, *expected)
                self.assertEqual((result.code, result.record["exitCode"]), (code, code), result)
                said = "exited with 3" if "exit 3" in (before, after) else "was ended by signal 9"
                self.assertIn(said, result.stderr)
                self.assertEqual(len(result.stderr.splitlines()), 1, result)
                for hook in result.record["hooks"]:
                    facts = os.stat(hook["path"])
                    self.assertEqual((hook["device"], hook["inode"]), (facts.st_dev, facts.st_ino))
                    self.assertEqual((hook["timedOut"], hook["leftOvers"]), (False, []))
                    self.assertLess(hook["seconds"], 5)
                    self.assertNotIn("output", hook)

    def test_what_cannot_be_executed(self):
        place = self.place()
        path = self.write_hook(place, "e", "", interpreter="/nonexistent/interpreter")
        result = self.start(place, ["--epilogue", path], ["true"]).finish()
        self.assert_hooks(result, ("after", NOT_RUN))
        self.assertEqual(result.code, 125, result)
        self.assertIn("[ENOENT]", result.stderr)

    def test_a_script_without_an_interpreter_is_none(self):
        place = self.place()
        path = self.write_hook(place, "e")
        with open(path, "w", encoding="ascii") as file:
            file.write(f"echo e >>{place.path('ran')}\n")
        result = self.start(place, ["--epilogue", path], ["true"]).finish()
        self.assert_hooks(result, ("after", NOT_RUN))
        self.assertIn("[ENOEXEC]", result.stderr)
        self.assertEqual((result.code, self.ran(place)), (125, []))

    def test_time_is_over(self):
        place = self.place()
        result = self.run_hooks(place, ["--hook-timeout", "100ms"], "true", "sleep 1000", "sleep 1000")
        self.assert_hooks(result, ("before", "signal 15"), ("after", "signal 15"))
        self.assertEqual([hook["timedOut"] for hook in result.record["hooks"]], [True, True])
        self.assertEqual(result.code, 125, result)
        self.assertIn("its time being over", result.stderr)
        self.assert_nothing_left(place)

    def test_an_epilogue_that_says_all_is_well_too_late(self):
        place = self.place()
        result = self.run_hooks(
            place, ["--hook-timeout", "100ms"], "true", None, "trap 'exit 0' TERM; sleep 1000 & wait")
        self.assert_hooks(result, ("after", 0))
        self.assertEqual((result.code, result.record["hooks"][0]["timedOut"]), (125, True), result)

    def test_deaf_hooks_and_their_daemons(self):
        """TERM at the timeout, KILL ten seconds later, for all of it; all at the same time, since each takes that."""
        deaf = "trap '' TERM"
        daemon = f"{deaf}; setsid sh -c \"{deaf}; (setsid sleep 1000 &) ; sleep 1000\" >/dev/null & "
        scripts = {"hangs": (f"{deaf}; while :; do sleep 1000; done", "signal 9", True),
                   "daemon": (f"{daemon} exit 0", 0, False),
                   "both": (f"{daemon} while :; do sleep 1000; done", "signal 9", True)}
        sessions = []
        for identity in host.identities():
            for name, (script, expected, is_late) in scripts.items():
                place = self.place(identity)
                session = self.start_hooks(place, ["--hook-timeout", "100ms"], "true", None, script)
                sessions.append((f"{identity.name} {name}", place, session, expected, is_late, "daemon" in script))
        for name, place, session, expected, is_late, _ in sessions:
            with self.subTest(name):
                result = session.finish(60)
                self.assert_hooks(result, ("after", expected))
                hook = result.record["hooks"][0]
                self.assertEqual(hook["timedOut"], is_late, result)
                self.assertTrue(10 <= hook["seconds"] < 25, result)
                self.assertEqual(result.code, 125 if is_late else 0, result)
                self.assertTrue(all(process["gone"] for process in hook["leftOvers"]), result)
                self.assertEqual(bool(hook["leftOvers"]), True, result)
                self.assert_nothing_left(place)

    def test_output(self):
        place = self.place()
        result = self.run_hooks(place, ["--capture-output"], "true", "echo out; echo err >&2",
                                "head -c 200000 /dev/zero | tr '\\0' x")
        self.assert_hooks(result, ("before", 0), ("after", 0))
        early, late = result.record["hooks"]
        self.assertEqual(early["output"], "out\nerr\n")
        self.assertNotIn("outputOmitted", early)
        self.assertEqual((late["output"], late["outputOmitted"]), ("x" * 65536, 200000 - 65536))

    def test_output_without_end(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                result = self.run_hooks(place, ["--capture-output", "--hook-timeout", "300ms"], "true", "yes", "yes")
                self.assert_hooks(result, ("before", "signal 15"), ("after", "signal 15"))
                for hook in result.record["hooks"]:
                    self.assertEqual(hook["output"], "y\n" * 32768)
                    self.assertGreater(hook["outputOmitted"], 65536)
                self.assert_nothing_left(place)

    def test_strange_output(self):
        place = self.place()
        result = self.run_hooks(place, ["--capture-output"], "true", None, r"printf '\000\377\033[31m'")
        self.assertEqual(result.record["hooks"][0]["output"], "\0\ufffd\x1b[31m")

    def test_record_that_cannot_be_written(self):
        place = self.place()
        result = self.run_hooks(place, ["--report", "/dev/full"])
        self.assertEqual((result.code, self.ran(place)), (125, ["b", "e"]), result)
        self.assertIn("[ENOSPC]", result.stderr)


class Requests(HookCase):
    """Somebody asks for the end, or for more of it, while hooks run."""

    def test_a_second_request_skips_what_is_before_the_ladder(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                ready = self.make_fifo(place, "ready")
                self.write_hook(place, "d/1", f"trap '' TERM; echo >{ready}; while :; do sleep 1000; done")
                self.write_hook(place, "d/2")
                options = ["--before", self.hook_path(place, "d"), "--epilogue", self.write_hook(place, "e"),
                           "--ladder", PATIENT]
                session = self.start(place, options, self.shape(place, "ignores-term"),
                                     environment={"SHAPE_READY": self.make_fifo(place, "in-place")})
                self.read_fifo(session, place.path("in-place"))
                session.signal(signal.SIGTERM)
                self.read_fifo(session, ready)
                session.signal(signal.SIGTERM)
                result = session.finish()
                self.assert_hooks(result, ("before", "signal 9"), ("before", NOT_RUN), ("after", 0))
                self.assertEqual(result.record["verdict"], "killed", result)
                self.assertNotEqual(result.code, 125, "nobody waits for hooks before the ladder")
                self.assertIn("would not wait", result.stderr)
                self.assert_nothing_left(place)

    def test_no_request_cuts_an_epilogue(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number):
                place = self.place()
                ready, go = self.make_fifo(place, "ready"), self.make_fifo(place, "go")
                session = self.start_hooks(place, [], "true", None, f"echo >{ready}; read x <{go}; echo $x")
                self.read_fifo(session, ready)
                for _ in range(3):
                    session.signal(number)
                self.write_fifo(go)
                result = session.finish()
                self.assert_hooks(result, ("after", 0))
                self.assertEqual(result.code, 0, result)
                self.assert_nothing_left(place)

    def test_a_stopped_keeper_of_a_hook_goes_on(self):
        place = self.place()
        ready, go = self.make_fifo(place, "ready"), self.make_fifo(place, "go")
        session = self.start_hooks(place, [], "true", None, f"echo >{ready}; read x <{go}")
        self.read_fifo(session, ready)
        keeper = first_child(first_child(session.pid))
        os.kill(keeper, signal.SIGSTOP)
        self.write_fifo(go)
        self.assert_hooks(session.finish(), ("after", 0))
        self.assert_nothing_left(place)


class LiveLine(HookCase, TerminalCase):
    """Whoever waits for a hook sees that it is one."""

    def test_a_long_hook(self):
        for phase, name in (("before", "b"), ("after", "e")):
            with self.subTest(phase):
                place = self.place()
                go = self.make_fifo(place, f"go-{name}")
                option = "--before" if phase == "before" else "--epilogue"
                path = self.write_hook(place, name, f"read x <{go}")
                session = self.start_at_terminal(place, [option, path], ["true"])
                self.terminal.expect(rf"exeunt: hook {path} runs, 0 s of 30 s")
                self.terminal.expect(rf"exeunt: hook {path} runs, 1 s of 30 s")
                self.write_fifo(go)
                self.assertEqual(session.wait(), 0)
                self.terminal = type(self.terminal)()
                self.addCleanup(self.terminal.close)


