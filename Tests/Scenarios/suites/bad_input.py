# SPDX-License-Identifier: Apache-2.0
"""What cannot be done is refused with what, which and why; nothing is started, and nothing left."""

import os

from harness import host
from harness.case import ScenarioCase


class BadInput(ScenarioCase):
    """Exit codes 2, 125, 126 and 127."""

    def assert_refused(self, options, command, code, *words, identity=None, lines=None):
        place = self.place(identity)
        result = self.start(place, options, [word.replace("@", place.directory) for word in command]).finish()
        self.assertEqual(result.code, code, result)
        for word in words:
            self.assertIn(word.replace("@", place.directory), result.stderr, result)
        self.assertEqual(result.stdout, "", result)
        self.assertIsNone(result.record, result)
        if lines:
            self.assertEqual(len(result.stderr.splitlines()), lines, result)
        self.assert_nothing_left(place)
        return result

    def assert_usage(self, options, *words):
        """A usage error, and the payload was not started."""
        self.assert_refused(options, ["touch", "@/ran"], 2, *words)
        self.assertFalse(os.path.exists(self.places[-1].path("ran")))

    def test_unknown_flags(self):
        self.assert_usage(["--frobnicate"], "--frobnicate")
        self.assert_usage(["-z"], "-z")
        self.assert_usage(["--ladderr", "KILL"], "--ladderr")

    def test_malformed_ladders(self):
        for ladder in ("", "FROB KILL", "KILL TERM", "TERM KILL 5s", "TERM 5x KILL", "5s", "TERM -5s KILL",
                       "TERM,5s,KILL", "KILL KILL", "SIGFROB", "9", "TERM 1e9s KILL",
                       "TERM 99999999999999999999s KILL"):
            with self.subTest(ladder):
                self.assert_usage(["--ladder", ladder], "--ladder")

    def test_malformed_durations(self):
        for option in ("--time-limit", "--unkillable", "--leader-first"):
            for text in ("", "soon", "5 fortnights", "-1s", "1..5s", "nan", "inf", "0x10", "99999999999999999999d"):
                with self.subTest(f"{option} {text}"):
                    self.assert_usage([option, text], option)

    def test_malformed_trackers(self):
        for text in ("", "frob", "mark", "mark:", "mark:A=B", "cgroup:x", "user"):
            with self.subTest(text):
                self.assert_usage(["--track", text], "--track")

    def test_flags_that_exclude_each_other(self):
        self.assert_usage(["--quiet", "--verbose"], "--quiet", "--verbose")

    def test_missing_values(self):
        place = self.place()
        for words in (["--ladder"], ["--report"], ["--track"]):
            with self.subTest(words[0]):
                result = self.start_program(place, host.EXEUNT, "run", *words).finish()
                self.assertEqual(result.code, 2, result)

    def test_no_command(self):
        for words in ([], ["--"], ["--quiet"], ["--quiet", "--"]):
            with self.subTest(words):
                place = self.place()
                result = self.start_program(place, host.EXEUNT, "run", *words).finish()
                self.assertEqual(result.code, 2, result)
                self.assertIn("command", result.stderr.lower(), result)
                self.assert_nothing_left(place)

    def test_unknown_subcommand(self):
        place = self.place()
        result = self.start_program(place, host.EXEUNT, "frobnicate").finish()
        self.assertEqual(result.code, 2, result)

    def test_command_not_found(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                for command in ("exeunt-no-such-command", "/nowhere/command", "@/missing", ""):
                    with self.subTest(command):
                        self.assert_refused([], [command], 127, "[ENOENT]", identity=identity, lines=1)

    def test_command_not_executable(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                self.assert_refused([], ["/etc/passwd"], 126, "exeunt: execute /etc/passwd: permission denied [EACCES]",
                                    identity=identity, lines=1)

    def test_command_is_a_directory(self):
        self.assert_refused([], ["/etc"], 126, "exeunt: execute /etc: is a directory [EISDIR]", lines=1)

    def test_command_below_a_file(self):
        place = self.place()
        result = self.start(place, [], ["/etc/passwd/command"]).finish()
        # Shells differ; neither is wrong.
        self.assertIn(result.code, (126, 127), result)
        self.assertIn("[ENOTDIR]", result.stderr, result)
        self.assert_nothing_left(place)

    def test_interpreter_is_missing(self):
        place = self.place()
        path = place.path("script")
        with open(path, "w", encoding="ascii") as file:
            file.write("#!/nowhere/interpreter\n")
        os.chmod(path, 0o755)
        result = self.start(place, [], [path]).finish()
        # The script is there: it is the interpreter that is not.
        self.assertIn(result.code, (126, 127), result)
        self.assertIn("[ENOENT]", result.stderr, result)
        self.assert_nothing_left(place)

    def test_script_without_first_line(self):
        place = self.place()
        path = place.path("script")
        with open(path, "w", encoding="ascii") as file:
            file.write("exit 6\n")
        os.chmod(path, 0o755)
        self.assertEqual(self.start(place, [], [path]).finish().code, 6, "as execvp does, by /bin/sh")

    def test_search_path(self):
        place = self.place()
        for name, mode in (("first", 0o644), ("second", 0o755)):
            os.mkdir(place.path(name))
            with open(place.path(f"{name}/tool"), "w", encoding="ascii") as file:
                file.write(f"#!/bin/sh\necho {name}\n")
            os.chmod(place.path(f"{name}/tool"), mode)
        path = f"{place.path('first')}:{place.path('second')}:/usr/bin:/bin"
        # What may not be executed is passed over, as in a shell.
        result = self.start(place, [], ["tool"], environment={"PATH": path}).finish()
        self.assertEqual((result.code, result.stdout), (0, "second\n"), result)
        result = self.start(place, [], ["tool"], environment={"PATH": place.path("first")}).finish()
        self.assertEqual(result.code, 126, result)
        self.assertIn("[EACCES]", result.stderr)

    def test_arguments_too_long(self):
        place = self.place()
        # Exeunt's own arguments fit; with the payload's larger environment they do not.
        result = self.start(place, [], ["sh", "-c", "exec true $(head -c 200000 /dev/zero | tr '\\0' x)"]).finish()
        self.assertIn(result.code, (2, 126), result)
        self.assert_nothing_left(place)

    def test_tracker_that_this_host_has_not(self):
        host.require_privilege()
        self.assert_refused(["--track", "cgroup"], ["touch", "@/ran"], 125, "cgroup", identity=host.LONE_USER, lines=1)
        self.assertFalse(os.path.exists(self.places[-1].path("ran")))
        self.assert_refused(["--track", "mark:EXEUNT_TEST_UNSET"], ["true"], 125, "EXEUNT_TEST_UNSET", lines=1)

    def test_audit_without_the_right(self):
        host.require_privilege()
        self.assert_refused(["--track", "audit"], ["true"], 125, "audit", identity=host.LONE_USER, lines=1)

    def test_hostile_names_are_escaped(self):
        result = self.assert_refused([], ["/nowhere/\033[31m\nred"], 127, "\\x1b[31m\\x0ared", lines=1)
        self.assertNotIn("\033", result.stderr)

    def test_help_and_version(self):
        for words in ("--help", "help run", "run --help", "--version"):
            with self.subTest(words):
                place = self.place()
                result = self.start_program(place, host.EXEUNT, *words.split()).finish()
                self.assertEqual((result.code, result.stderr), (0, ""), result)
                self.assertNotEqual(result.stdout, "", result)


class GoodInput(ScenarioCase):
    """What looks odd and is right."""

    def test_durations(self):
        for text in ("500ms", "5s", "2min", "2h", "1d", "5", "1min 30s", "0.5s"):
            with self.subTest(text):
                place, result = self.run_shell(["--time-limit", "1d", "--unkillable", text], "exit 3")
                self.assertEqual(result.code, 3, result)
                self.assert_record(result)

    def test_ladders(self):
        for ladder in ("KILL", "TERM KILL", "SIGTERM 5s SIGKILL", "CONT HUP TERM 10s KILL", "INT 1min QUIT 500ms KILL",
                       "TERM 5 KILL"):
            with self.subTest(ladder):
                place, result = self.run_shell(["--ladder", ladder], "exit 3")
                self.assertEqual(result.code, 3, result)
                self.assert_record(result)

    def test_ladder_reads_back(self):
        place, result = self.run_shell(["--ladder", "SIGCONT  HUP TERM 1min SIGKILL"], "exit 3")
        _, again = self.run_shell(["--ladder", result.record["ladder"]], "exit 3")
        self.assertEqual(again.record["ladder"], result.record["ladder"])

    def test_several_trackers(self):
        for options in (["--track", "descent,group"], ["--track", "descent group"],
                        ["--track", "descent", "--track", "group"]):
            with self.subTest(options):
                place, result = self.run_shell(options, "exit 3")
                names = [tracker["evidence"] for tracker in result.record["trackers"]]
                self.assertEqual((result.code, names), (3, ["descent", "group"]), result)

    def test_confidence(self):
        place, result = self.run_shell(["--track", "descent,group,mark:EXEUNT_TEST"], "true")
        self.assertEqual(result.record["trackers"], [
            {"evidence": "descent", "confidence": "strong"}, {"evidence": "group", "confidence": "weak"},
            {"evidence": "mark", "confidence": "weak", "name": "EXEUNT_TEST"}], result)

    def test_payload_sees_its_session(self):
        place, result = self.run_shell([], "echo $EXEUNT_SESSION")
        self.assertEqual(result.stdout.strip(), result.record["session"]["id"], result)

    def test_command_that_begins_with_a_dash(self):
        place = self.place()
        with open(place.path("-tool"), "w", encoding="ascii") as file:
            file.write("#!/bin/sh\nexit 9\n")
        os.chmod(place.path("-tool"), 0o755)
        result = self.start(place, [], ["-tool"], environment={"PATH": f"{place.directory}:/usr/bin:/bin"}).finish()
        self.assertEqual(result.code, 9, result)

    def test_arguments_pass_through_untouched(self):
        place = self.place()
        words = ["--quiet", "", "a b", "--", "$HOME", "*", "back\\slash", "new\nline", "\udcff\udcfe"]
        result = self.start(place, [], ["sh", "-c", 'printf "%s\\0" "$@"', "sh", *words]).finish()
        with open(place.path("stdout"), "rb") as file:
            self.assertEqual(file.read(), b"".join(os.fsencode(word) + b"\0" for word in words), result)
