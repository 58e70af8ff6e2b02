# SPDX-License-Identifier: Apache-2.0
"""glexec.conf: each key, right and wrong; who may call; who is trusted; and what the log is told."""

import os
import socket

from harness import host
from harness.glexec import SWITCH, TRUSTED, GlexecCase, calling_as


class Keys(GlexecCase):
    """What is wrong is said with its line, and nothing is run."""

    def test_everything_wrong_is_named(self):
        for line, text in (
                ("linger = maybe", "linger"), ("epilogue = relative", "expected an absolute path"),
                ("epilogue = /etc//x", "epilogue"), ("epilogue = /etc/../x", "epilogue"), ("epilogue = /etc/./x", "epilogue"),
                ("epilogue_timeout = 0", "epilogue_timeout"), ("epilogue_timeout = -1", "epilogue_timeout"),
                ("epilogue_timeout = soon", "epilogue_timeout"), ("log_level = 9", "expected 0 to 5"),
                ("log_destination = printer", "syslog or file"), ("log_file = x", "log_file"),
                ("silent_logging = perhaps", "silent_logging"), ("user_identity_switch_by = su", "glexec or lcmaps"),
                ("epilogue_user = root", "needs user_identity_switch_by = glexec"),
                ("epilogue_group = root", "needs user_identity_switch_by = glexec"),
                ("no assignment", "no assignment")):
            with self.subTest(line):
                path = self.configuration(line)
                self.assert_refused(path, 202, f"{path}:2: ", text)
        path = self.configuration("linger = no", epilogue="/etc/x")
        self.assert_refused(path, 202, f"{path}:3: epilogue would never be run with linger = no")
        # All of it at once.
        path = self.configuration("linger = maybe", "log_level = x")
        self.assert_refused(path, 202, f"{path}:2: ", f"{path}:3: ")
        self.assert_refused(self.write(f"{TRUSTED}/empty.conf", ""), 202, "there is no section [glexec]")
        self.assert_refused(self.write(f"{TRUSTED}/early.conf", "linger = yes\n[glexec]\n"), 202, "stands before")

    def test_names_that_nobody_has(self):
        for line in ("epilogue_user = nobody-here", "epilogue_group = nobody-here"):
            path = self.configuration(SWITCH, line, epilogue=self.epilogue("true"))
            self.assert_refused(path, 202, f"find {line.replace(' = ', ' ')}")

    def test_files_that_are_not_trusted(self):
        self.assert_refused(f"{TRUSTED}/absent.conf", 202, f"{TRUSTED}/absent.conf")
        text = "[glexec]\n"
        for name, mode, owner in (("others", 0o646, (0, 0)), ("group", 0o664, (0, 64201)), ("owner", 0o644, (64101, 0))):
            self.assert_refused(self.write(f"{TRUSTED}/{name}.conf", text, mode, owner), 202, "is not trusted")
        link = f"{TRUSTED}/link.conf"
        os.symlink(self.configuration(), link)
        self.assert_refused(link, 202, "is not trusted")
        place = self.place()
        self.assert_refused(self.write(place.path("glexec.conf"), text), 202, "is not trusted")

    def test_the_usual_place(self):
        place = self.place()
        options = ["--glexec", "--user", host.USER.name]
        result = self.start(place, options, ["true"]).finish()
        self.assertEqual(result.code, 202, result)
        self.assertIn("/etc/glexec.conf", result.stderr)
        self.addCleanup(os.unlink, self.write("/etc/glexec.conf", "[glexec]\n"))
        result = self.start(self.place(), options, ["sh", "-c", "exit 6"]).finish()
        self.assertEqual((result.code, result.stderr), (6, ""), result)

    def test_what_has_no_part_here_is_named_in_one_warning(self):
        path = self.configuration("lcas_db_file = /x", "lcmaps_db_file = /y", "create_target_proxy = no", "colour = red",
                                  "log_file = /var/log/glexec", "syslog_facility = nowhere", "linger = no")
        result = self.glexec(path, ["true"])
        self.assertEqual((result.code, result.stderr), (0, ""), result)
        warnings = self.log.texts("warning")
        self.assertEqual(len(warnings), 5, warnings)
        self.assertIn(f"{path}:2: Exeunt has no part for create_target_proxy, lcas_db_file, lcmaps_db_file, and goes on "
                      "without", warnings)
        for text in ("colour", "log goes to syslog", "'nowhere' is no facility", "linger = no"):
            self.assertEqual(len([line for line in warnings if text in line]), 1, text)


class Callers(GlexecCase):
    """Who may, where it is not root who calls."""

    def code(self, entries, uid):
        lines = [f"user_white_list = {entries}"] if entries is not None else []
        return self.glexec(self.configuration(*lines), ["true"], prepare=calling_as(uid)).code

    def test_the_white_list(self):
        for number, name in enumerate(("pilot007", "pilot", "pilotx", "pilot7x", "copilot7")):
            host.append("/etc/passwd", f"{name}:x:{64300 + number}:64300::/:/bin/sh\n")
        for entries, allowed in (
                (".pilot", {64300}), ("pilot", {64301}), ("pilot,copilot7", {64301, 64304}), ("root, .pilot", {64300}),
                ("64300", set()), (None, set()), ("", set())):
            for uid in (64300, 64301, 64302, 64303, 64304, 64399):
                with self.subTest(f"{entries} {uid}"):
                    self.assertEqual(self.code(entries, uid), 0 if uid in allowed else 203)
        self.assertEqual(self.code(None, 0), 0)

    def test_what_is_roots_is_not_spoken_of(self):
        """Absent, or not to be trusted, or wrong: the caller is told the same, and the log has the reason."""
        os.makedirs("/root/closed", exist_ok=True)
        os.chmod("/root/closed", 0o700)
        wrong = self.write("/root/closed/wrong.conf", "[glexec]\nlinger = x\n")
        open_to_all = self.write("/root/closed/open.conf", "[glexec]\n", 0o666)
        texts = set()
        for path in ("/root/closed/absent.conf", wrong, open_to_all, "/root/closed/x/y"):
            result = self.assert_refused(path, 202, prepare=calling_as(host.STRANGER.uid))
            texts.add(result.stderr)
            self.assertIn(path, "\n".join(self.log.texts("error")))
        self.assertEqual(texts, {
            "exeunt: gLExec mode is not configured here, or not rightly; the host's log has the reason\n"})
        # Nor of the epilogue.
        texts = set()
        for name in ("absent", "wrong.conf"):
            path = self.configuration("user_white_list = stranger", epilogue=f"/root/closed/{name}")
            result = self.assert_refused(path, 202, prepare=calling_as(host.STRANGER.uid))
            texts.add(result.stderr.replace(name, "NAME"))
        self.assertEqual(texts, {"exeunt: /root/closed/NAME is not there, or not trusted\n"})
        self.assertIn("/root/closed/absent is not trusted", "\n".join(self.log.texts("error")))

    def test_a_set_uid_program_is_refused(self):
        program = f"{TRUSTED}/exeunt"
        with open(host.EXEUNT, "rb") as file, open(program, "wb") as copy:
            copy.write(file.read())
        os.chmod(program, 0o4755)
        place = self.place(host.USER)
        result = self.start_program(place, program, "run", "--user", "root", "--", "touch", place.path("ran")).finish()
        self.assertEqual(result.code, 125, result)
        self.assertIn("this program is set-uid", result.stderr)
        self.assertFalse(os.path.exists(place.path("ran")))
        # Root's own call is no other than without the bit.
        self.assertEqual(self.start_program(self.place(), program, "run", "--", "true").finish().code, 0)


class Trust(GlexecCase):
    """Who may be able to change the epilogue."""

    def outcome(self, lines, mode, owner):
        configuration = self.configuration(*lines, epilogue=self.epilogue("exit 0", mode, owner))
        return self.glexec(configuration, ["true"]).code

    def test_writers(self):
        user, group = [SWITCH, "epilogue_user = user"], [SWITCH, "epilogue_group = friends"]
        for lines, mode, owner, code in (
                ([], 0o755, (0, 0), 0), ([], 0o755, (host.USER.uid, 0), 202), ([], 0o775, (0, 0), 202),
                ([], 0o775, (0, 64201), 202), ([], 0o757, (0, 0), 202), ([], 0o644, (0, 0), 202),
                (user, 0o755, (host.USER.uid, 0), 0), (user, 0o755, (host.STRANGER.uid, 0), 202),
                (user, 0o775, (0, 64201), 202), (user, 0o757, (host.USER.uid, 0), 202), (user, 0o4755, (0, 0), 202),
                (group, 0o775, (0, 64201), 0), (group, 0o775, (0, 64202), 202), (group, 0o757, (0, 64201), 202),
                (group, 0o755, (host.USER.uid, 64201), 202)):
            with self.subTest(f"{lines} {mode:o} {owner}"):
                self.assertEqual(self.outcome(lines, mode, owner), code)

    def test_every_component_counts(self):
        directory = f"{TRUSTED}/below"
        os.makedirs(directory, exist_ok=True)
        path = self.write(f"{directory}/epilogue", "#!/bin/sh\n", 0o755)
        os.chmod(directory, 0o755)
        self.assertEqual(self.glexec(self.configuration(epilogue=path), ["true"]).code, 0)
        for mode in (0o777, 0o1777, 0o1755):
            os.chmod(directory, mode)
            self.assert_refused(self.configuration(epilogue=path), 202, f"{directory}")
        os.symlink(directory, f"{TRUSTED}/way")
        self.assert_refused(self.configuration(epilogue=f"{TRUSTED}/way/epilogue"), 202, f"{TRUSTED}/way")


class Log(GlexecCase):
    """A line when the session is opened, one when it is over, one for the epilogue."""

    def lines(self, *lines, epilogue="true", **caller):
        del self.log.read()[:]
        path = self.epilogue(epilogue)
        result = self.glexec(self.configuration(*lines, epilogue=path), ["sh", "-c", "exit 0"], **caller)
        return path, result, list(self.log.read())

    def test_who_was_run(self):
        path, result, lines = self.lines()
        session = result.record["session"]["id"]
        self.assertEqual(lines[:2], [
            ("daemon", "information", f"session {session} opened: sh as user 'user' for uid 0, after-hook {path}"),
            ("daemon", "information", f"session {session} ended: payload-exited, clean")])
        self.assertRegex(lines[2][2], f"^session {session}: hook {path} exited with 0 after ")
        self.assertEqual(len(lines), 3)

    def test_without_an_epilogue(self):
        result = self.glexec(self.configuration(), ["true"])
        self.assertEqual(self.log.texts()[0],
                         f"session {result.record['session']['id']} opened: true as user 'user' for uid 0")

    def test_a_failure_is_an_error(self):
        _, _, lines = self.lines(epilogue="exit 3")
        self.assertEqual([level for _, level, _ in lines], ["information", "information", "error"])

    def test_facility(self):
        for name, facility in (("local3", "local3"), ("LOG_LOCAL0", "local0"), ("AUTHPRIV", "authpriv")):
            _, _, lines = self.lines(f"syslog_facility = {name}")
            self.assertEqual({found for found, _, _ in lines}, {facility})

    def test_how_much(self):
        unknown = "colour = red"
        # That there was a session with an epilogue, and that it has ended, is told at any level but 0.
        least = ["information", "information", "error"]
        for keys, levels in (
                (["log_level = 0"], []), (["log_level = 1"], least), (["log_level = 2"], ["warning", *least]),
                (["log_level = 5"], ["warning", *least]),
                (["silent_logging = yes"], least), (["silent_logging = yes", "log_level = 5"], least)):
            with self.subTest(keys):
                _, _, lines = self.lines(*keys, unknown, epilogue="exit 1")
                self.assertEqual([level for _, level, _ in lines], levels)

    def test_nothing_of_a_name_breaks_a_line(self):
        place = self.place()
        name = place.path("a\nb\x1b")
        self.write(name, "#!/bin/sh\n", 0o755)
        self.glexec(self.configuration(), [name])
        self.assertTrue(self.log.texts()[0].endswith("a\\x0ab\\x1b as user 'user' for uid 0"), self.log.texts())

    def test_a_log_that_nobody_reads_holds_nobody_up(self):
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK) as full:
            full.connect("/dev/log")
            try:
                while True:
                    full.send(b"full")
            except BlockingIOError:
                pass
        self.assertEqual(self.glexec(self.configuration(epilogue=self.epilogue("true")), ["true"]).code, 0)

    def test_no_log_at_all(self):
        os.unlink("/dev/log")
        result = self.glexec(self.configuration(epilogue=self.epilogue("true")), ["true"])
        self.assertEqual((result.code, result.stderr), (0, ""), result)
