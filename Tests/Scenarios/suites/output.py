# SPDX-License-Identifier: Apache-2.0
"""What people and programs are told: the summary, the record, report mode, and the end of pipes."""

import json
import os
import re
import signal
import subprocess

from harness import host, walk
from harness.case import BRISK, PATIENT, ScenarioCase
from harness.session import poll_until, read, wait_readable


class RecordFile(ScenarioCase):
    """What was asked to be written is written, or its absence is told by the exit code."""

    def test_closed_standard_output(self):
        place = self.place()
        result = self.start(place, ["--report", "-"], ["touch", place.path("ran")], prepare=lambda: os.close(1)).finish()
        self.assertEqual(result.code, 125, result)
        self.assertIn("write standard output: bad file descriptor [EBADF]", result.stderr)
        self.assertFalse(os.path.exists(place.path("ran")), "nothing is run whose record has nowhere to go")

    def test_full_disk(self):
        place = self.place()
        result = self.start(place, ["--report", "/dev/full"], ["true"]).finish()
        self.assertEqual(result.code, 125, result)
        self.assertIn("write /dev/full: no space left on device [ENOSPC]", result.stderr)

    def test_root_follows_no_link_and_takes_no_file_of_others(self):
        host.require_privilege()
        place = self.place()
        precious = place.path("precious")
        with open(precious, "w", encoding="ascii") as file:
            file.write("precious")
        os.symlink(precious, place.path("link"))
        os.symlink("/nowhere/cron", place.path("dangling"))
        os.symlink(place.directory, place.path("directory"))
        os.link(precious, place.path("hard"))
        os.mkfifo(place.path("fifo"))
        with open(place.path("theirs"), "w", encoding="ascii"):
            os.chown(place.path("theirs"), host.USER.uid, host.USER.uid)
        for name in ("link", "dangling", "directory/new", "hard", "fifo", "theirs"):
            with self.subTest(name):
                result = self.start(place, ["--report", place.path(name)], ["touch", place.path("ran")]).finish()
                self.assertEqual(result.code, 125, result)
                self.assertIn(f"open {place.path(name)}", result.stderr)
        self.assertEqual((read(precious), os.path.exists(place.path("ran"))), ("precious", False))

    def test_earlier_record_stays_until_there_is_a_new_one(self):
        place = self.place()
        file = place.path("kept.json")
        with open(file, "w", encoding="ascii") as earlier:
            earlier.write("earlier" * 1000)
        result = self.start(place, ["--report", file], ["/nowhere"]).finish()
        self.assertEqual((result.code, read(file)), (127, "earlier" * 1000), result)
        result = self.start(place, ["--report", file], ["true"]).finish()
        self.assertEqual((result.code, json.loads(read(file))["verdict"]), (0, "clean"), result)

    def test_no_file_is_left_for_a_command_that_cannot_start(self):
        place = self.place()
        result = self.start(place, ["--report", place.path("new.json")], ["/nowhere"]).finish()
        self.assertEqual((result.code, os.path.exists(place.path("new.json"))), (127, False), result)


class Summary(ScenarioCase):
    """A short summary on standard error, if there is anything to say."""

    def test_left_overs_are_named(self):
        place = self.place()
        result = self.run_shape(place, ["--ladder", PATIENT], "plain-child")
        pid = place.written_pids()[0]
        self.assert_messages(result)
        self.assertEqual(result.stdout, "")
        self.assertRegex(result.stderr, rf"\b{pid}\b.*{re.escape(host.SHAPES)}.*TERM")
        self.assertIn("1 left", result.stderr)

    def test_killed_is_said(self):
        place = self.place()
        result = self.run_shape(place, ["--ladder", BRISK], "ignores-term")
        self.assertIn("KILL", result.stderr)

    def test_quiet(self):
        place = self.place()
        result = self.run_shape(place, ["--quiet", "--ladder", PATIENT], "plain-child")
        self.assertEqual((result.code, result.stderr), (0, ""), result)
        self.assertEqual(result.record["verdict"], "left", result)

    def test_quiet_does_not_silence_errors(self):
        place, result = self.run_shell(["--quiet"], "exit 0")
        self.assertEqual(result.stderr, "")
        result = self.start(place, ["--quiet"], ["/nowhere"]).finish()
        self.assertIn("[ENOENT]", result.stderr, result)

    def test_verbose_when_nothing_was_left(self):
        place, result = self.run_shell(["--verbose"], "exit 3")
        self.assertEqual(result.code, 3)
        self.assertIn("nothing was left", result.stderr)
        self.assert_messages(result)

    def test_time_limit_is_told(self):
        place = self.place()
        result = self.start(place, ["--time-limit", "100ms"], ["sleep", "1000"]).finish()
        self.assertEqual(result.code, 143, result)
        self.assertIn("nothing was left when the time of sleep was up", result.stderr)

    def test_many_are_counted(self):
        place = self.place()
        result = self.run_shape(place, ["--ladder", PATIENT], "crowd", 200)
        self.assertIn("200 left", result.stderr)
        self.assertLess(len(result.stderr.splitlines()), 20, "a summary is short")
        result = self.run_shape(self.place(), ["--verbose", "--ladder", PATIENT], "crowd", 200)
        self.assertGreaterEqual(len(result.stderr.splitlines()), 200, "unless all is asked for")

    def test_json(self):
        place = self.place()
        result = self.run_shape(place, ["--json", "--ladder", PATIENT], "plain-child")
        lines = result.stderr.splitlines()
        self.assertEqual(len(lines), 1, result)
        self.assertEqual(json.loads(lines[0]), result.record)

    def test_json_when_nothing_was_left(self):
        place, result = self.run_shell(["--json"], "exit 3")
        self.assertEqual(json.loads(result.stderr)["verdict"], "clean")

    def test_report_on_standard_output(self):
        place = self.place()
        result = self.run_shape(place, ["--report", "-", "--ladder", PATIENT], "plain-child")
        record = json.loads(result.stdout)
        self.assertEqual(self.schema.problems(record), [])
        self.assertEqual(record["verdict"], "left")

    def test_report_follows_the_payloads_output(self):
        place, result = self.run_shell(["--report", "-"], "echo first")
        first, _, rest = result.stdout.partition("\n")
        self.assertEqual((first, json.loads(rest)["verdict"]), ("first", "clean"), result)

    def test_report_replaces_an_older_one(self):
        place = self.place()
        with open(place.path("record.json"), "w", encoding="ascii") as file:
            file.write("x" * 100_000)
        result = self.start(place, [], ["true"]).finish()
        self.assertEqual(result.record["verdict"], "clean", result)

    def test_no_report_of_what_was_not_started(self):
        place = self.place()
        path = place.path("new.json")
        result = self.start(place, ["--report", path], ["/nowhere"]).finish()
        self.assertEqual(result.code, 127, result)
        self.assertIn(read(path) if os.path.exists(path) else "", ("",))


class Pipes(ScenarioCase):
    """A reader of the payload's pipe sees end-of-file, because whoever held it is gone."""

    def test_reader_sees_the_end(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                reader = subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
                holding = self.shape(place, "holds-stdout")
                session = self.start(place, ["--ladder", PATIENT], holding, stdout=reader.stdin)
                reader.stdin.close()
                self.assertEqual(session.finish().code, 0)
                self.assertEqual(reader.stdout.read(), b"payload was here\n")
                reader.stdout.close()
                self.assertEqual(reader.wait(host.DEADLINE), 0)
                self.assert_nothing_left(place)

    def test_command_substitution(self):
        # The shell's $(...) waits for end-of-file, and hangs where a daemon keeps the pipe.
        place = self.place()
        script = f'got=$({host.EXEUNT} run -- {host.SHAPES} holds-stdout {place.token}); echo "<$got>"'
        environment = {"PATH": host.PATH, "EXEUNT_TEST": place.token, "SHAPE_DIR": place.directory}
        result = subprocess.run(["bash", "-c", script], env=environment,
                                capture_output=True, text=True, timeout=host.DEADLINE, check=False)
        self.assertEqual(result.stdout, "<payload was here>\n")
        self.assert_nothing_left(place)

    def test_standard_input_reaches_the_payload(self):
        place = self.place()
        reading, writing = os.pipe()
        session = self.start(place, [], ["cat"], stdin=reading)
        os.close(reading)
        os.write(writing, b"through\n")
        os.close(writing)
        self.assertEqual(session.finish().stdout, "through\n")

    def test_exeunt_holds_no_pipe_of_the_payloads(self):
        # The payload closes its output and stays: its reader must not have to wait for Exeunt.
        place = self.place()
        reading, writing = os.pipe()
        os.mkfifo(place.path("go"))
        session = self.start(place, [], ["sh", "-c", f"exec >&-; read x <{place.path('go')}"], stdout=writing)
        os.close(writing)
        try:
            with self.subTest("end-of-file before the payload has ended"):
                self.assertEqual(self.read_to_end(reading), b"")
                self.assertIsNone(session.process.poll())
        finally:
            os.close(reading)
            with open(place.path("go"), "w", encoding="ascii") as go:
                go.write("\n")
        self.assertEqual(session.finish().code, 0)

    @staticmethod
    def read_to_end(descriptor):
        wait_readable(descriptor, what="end-of-file")
        return os.read(descriptor, 4096)


class ReportOnly(ScenarioCase):
    """`--report-only`: everything is found and written, nothing is signalled."""

    def test_left_overs_live(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                result = self.run_shape(place, ["--report-only"], "setsid-daemon", environment={"SHAPE_EXIT": "3"})
                self.assert_record(result)
                self.assertEqual((result.code, result.record["verdict"]), (3, "reported"), result)
                self.assertEqual(result.record["mode"], "report")
                pid = place.written_pids()[0]
                self.assertTrue(walk.is_alive(pid), result)
                self.assertEqual([process["outcome"] for process in result.processes(pid=pid)], ["reported"], result)
                self.assert_messages(result)

    def test_watched_left_over_hears_nothing(self):
        place = self.place()
        script = f"{host.SHAPES} watch-signals {place.token} >{place.path('heard')} & " \
                 f"until grep -qs watching {place.path('heard')}; do :; done"
        result = self.start(place, ["--report-only"], ["sh", "-c", script]).finish()
        self.assertEqual(result.record["verdict"], "reported", result)
        self.assertEqual(len(read(place.path("heard")).splitlines()), 1, "it was told something")

    def test_summary_says_how_to_end_them(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                result = self.run_shape(place, ["--report-only"], "setsid-daemon")
                advice = re.search(r"to end them: (.*)", result.stderr)
                self.assertIsNotNone(advice, result)
                drop = {} if identity.is_root else {"user": identity.uid, "group": identity.uid, "extra_groups": []}
                subprocess.run(["sh", "-c", advice[1]], check=True, **drop)
                self.await_ended(place.written_pids()[0])

    def await_ended(self, pid):
        poll_until(lambda: not walk.is_alive(pid), "the advice to have helped")

    def test_nothing_left(self):
        place, result = self.run_shell(["--report-only"], "exit 3")
        self.assertEqual((result.code, result.record["verdict"]), (3, "clean"), result)
        self.assert_nothing_left(place)

    def test_request_is_passed_on_and_no_more(self):
        place = self.place()
        session = self.start_shape(place, ["--report-only"], "setsid-daemon")
        session.signal(signal.SIGTERM)
        result = session.finish()
        self.assertEqual((result.code, result.record["verdict"]), (143, "reported"), result)
        self.assertTrue(walk.is_alive(place.written_pids()[0]))
