# SPDX-License-Identifier: Apache-2.0
"""What exeunt.conf(5) says of payloads and hooks, obeyed by root's `exeunt run`, and by root's alone."""

import os
import shutil

from harness import host
from harness.glexec import GlexecCase, text_environment_of
from harness.session import read

ADMIN = "/etc/exeunt"


class Configured(GlexecCase):
    """A configuration of root's, made anew for each test."""

    def setUp(self):
        super().setUp()
        shutil.rmtree(ADMIN, ignore_errors=True)
        os.makedirs(f"{ADMIN}/exeunt.conf.d")
        self.addCleanup(shutil.rmtree, ADMIN, ignore_errors=True)

    def configure(self, *lines):
        self.write(f"{ADMIN}/exeunt.conf", "\n".join([*lines, ""]))

    def test_hooks_also_where_the_command_line_has_no_option(self):
        """`exeunt run -- COMMAND` takes a way of its own through the program."""
        out = self.result_path()
        self.configure("[Hooks]", f"After={self.epilogue(f'cat /proc/$$/environ > {out}')}")
        place = self.place()
        result = self.start_program(place, host.EXEUNT, "run", "--", "sh", "-c", "exit 3").finish()
        self.assertEqual(result.code, 3, result)
        self.assertEqual(text_environment_of(out)["EXEUNT_EXIT_CODE"], "3")
        self.assert_nothing_left(place)

    def test_directories_of_hooks(self):
        out = self.result_path()
        for name in ("before.d", "after.d"):
            os.makedirs(f"{ADMIN}/{name}")
            for number in (2, 1):
                self.write(f"{ADMIN}/{name}/{number}", f"#!/bin/sh\necho {name} {number} >> {out}\n", 0o755)
        self.configure("[Hooks]", f"Before={ADMIN}/before.d", f"After={ADMIN}/after.d", "CaptureOutput=yes")
        result = self.start(self.place(), [], ["true"]).finish()
        self.assertEqual(result.code, 0, result)
        self.assertEqual(read(out).splitlines(), ["before.d 1", "before.d 2", "after.d 1", "after.d 2"])
        self.assertEqual([hook["output"] for hook in result.record["hooks"]], [""] * 4)

    def test_user_and_time(self):
        path = self.epilogue("id -un; id -G; trap '' TERM; sleep 1000", owner=(host.USER.uid, 0))
        self.configure("[Hooks]", f"After={path}", "User=user", "TimeoutSec=1s", "CaptureOutput=yes")
        result = self.start(self.place(), [], ["true"]).finish()
        self.assertEqual(result.code, 125, result)
        hook, = result.record["hooks"]
        self.assertTrue(hook["timedOut"])
        self.assertEqual(hook["output"].split(), ["user", str(host.USER.uid)])

    def test_the_command_line_wins(self):
        configured, given = self.result_path(), self.result_path()
        self.configure("[Payload]", "Ladder=CONT TERM 30s KILL", "TimeLimit=1us", "[Hooks]",
                       f"After={self.epilogue(f'touch {configured}')}", "TimeoutSec=1us")
        result = self.start(self.place(), ["--epilogue", self.epilogue(f"touch {given}"), "--hook-timeout", "20s",
                                           "--ladder", "KILL", "--time-limit", "20s"], ["true"]).finish()
        self.assertEqual(result.code, 0, result)
        self.assertEqual((os.path.exists(configured), os.path.exists(given)), (False, True))
        self.assertEqual((result.record["ladder"], result.record["reason"]), ("KILL", "payload-exited"))

    def test_payload(self):
        self.configure("[Payload]", "Ladder=HUP 20s KILL", "UnkillableSec=9s", "Track=descent", "TimeLimit=300ms")
        result = self.start(self.place(), [], ["sleep", "1000"]).finish()
        self.assertEqual((result.record["ladder"], result.record["reason"]), ("HUP 20s KILL", "time-limit"))
        self.assertEqual([tracker["evidence"] for tracker in result.record["trackers"]], ["descent"])
        # And without any option.
        self.assertEqual(self.start_program(self.place(), host.EXEUNT, "run", "--", "sleep", "1000").finish().code, 129)

    def test_not_for_others_than_root(self):
        out = self.result_path()
        self.configure("[Payload]", "Ladder=KILL", "[Hooks]", f"After={self.epilogue(f'touch {out}')}")
        result = self.start(self.place(host.USER), [], ["true"]).finish()
        self.assertEqual((result.code, result.record["ladder"]), (0, "CONT TERM 5s KILL"), result)
        self.assertNotIn("hooks", result.record)
        self.configure("nonsense")
        self.assertEqual(self.start(self.place(host.USER), [], ["true"]).finish().code, 0)

    def test_a_broken_one_refuses_with_every_fault(self):
        self.configure("[Payload]", "Laddre=x", "UnkillableSec=0")
        self.write(f"{ADMIN}/exeunt.conf.d/a.conf", "[Hooks]\nAfter=here\n")
        for start in (lambda place: self.start(place, [], ["touch", place.path("ran")]),
                      lambda place: self.start_program(place, host.EXEUNT, "run", "--", "touch", place.path("ran"))):
            place = self.place()
            result = start(place).finish()
            self.assertEqual(result.code, 125, result)
            lines = result.stderr.splitlines()
            self.assertEqual([line.split(": ")[1] for line in lines], [
                f"{ADMIN}/exeunt.conf:2", f"{ADMIN}/exeunt.conf:3", f"{ADMIN}/exeunt.conf.d/a.conf:2"], lines)
            self.assertFalse(os.path.exists(place.path("ran")))

    def test_one_that_is_not_roots_refuses(self):
        self.configure("[Hooks]", f"After={self.epilogue('true')}")
        os.chmod(f"{ADMIN}/exeunt.conf", 0o666)
        result = self.start(self.place(), [], ["true"]).finish()
        self.assertEqual(result.code, 125, result)
        self.assertIn("is not trusted", result.stderr)

    def test_it_is_logged(self):
        path = self.epilogue("exit 3")
        self.configure("[Hooks]", f"After={path}")
        result = self.start(self.place(), ["--user", "user"], ["true"]).finish()
        self.assertEqual(result.code, 125, result)
        session = result.record["session"]["id"]
        lines = self.log.read()
        self.assertEqual(lines[0], (
            "daemon", "information", f"session {session} opened: true as user 'user' for uid 0, after-hook {path}"))
        self.assertEqual(lines[1], ("daemon", "information", f"session {session} ended: payload-exited, clean"))
        self.assertEqual(lines[2][:2], ("daemon", "error"))
        self.assertIn(f"hook {path} exited with 3", lines[2][2])

    def test_glexec_mode_has_the_hooks_of_its_own_file_only(self):
        out = self.result_path()
        self.configure("[Payload]", "Ladder=KILL", "[Hooks]", f"After={self.epilogue(f'touch {out}')}")
        result = self.glexec(self.configuration(), ["true"])
        self.assertEqual((result.code, result.record["ladder"]), (0, "KILL"), result)
        self.assertFalse(os.path.exists(out))
