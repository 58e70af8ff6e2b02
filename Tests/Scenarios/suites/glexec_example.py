# SPDX-License-Identifier: Apache-2.0
"""`examples/glexec-epilogue`, as an administrator would install it."""

import os
import shutil
import subprocess
import unittest

from harness import host
from harness.glexec import TRUSTED, GlexecCase, calling_as

EXAMPLE = os.path.join(os.path.dirname(__file__), "../../../examples/glexec-epilogue")


class Example(GlexecCase):
    """It writes down who was run, and looks for what remains."""

    def setUp(self):
        super().setUp()
        for program in ("logger", "ps", "awk"):
            host.require_program(program)
        self.path = f"{TRUSTED}/example"
        shutil.copyfile(EXAMPLE, self.path)
        os.chmod(self.path, 0o755)
        # A user who has no canaries.
        if "pool77" not in open("/etc/passwd", encoding="utf-8").read():
            host.append("/etc/passwd", "pool77:x:64377:64377::/:/bin/sh\n")
            host.append("/etc/group", "pool77:x:64377:\n")

    def run_example(self, command, *options, **caller):
        """(result, the lines that it has sent to the log)"""
        configuration = self.configuration("user_white_list = stranger", epilogue=self.path)
        result = self.glexec(configuration, command, *options, user="pool77", **caller)
        return result, [line.partition(": ")[2] for line in self.log.others() if "exeunt-epilogue" in line]

    def test_who_was_run(self):
        result, lines = self.run_example(["sh", "-c", "exit 3", "a b", "x\ny$(reboot)`id`"],
                                         prepare=calling_as(host.STRANGER.uid))
        self.assertEqual(result.code, 3, result)
        leader = result.record["session"]["leader"]["pid"]
        self.assertEqual(lines, [
            f"stranger ({host.STRANGER.uid}) ran as pool77 (64377), pid {leader}, ended with 3, clean: "
            "sh -c exit 3 a b x?y$(reboot)`id` "])

    def test_words_that_were_left_out(self):
        result, lines = self.run_example(["true", "x" * 131_071])
        self.assertEqual(result.code, 0, result)
        self.assertTrue(lines[0].endswith(": none"), lines)

    def test_what_remains_is_named_and_not_touched(self):
        """A process of the account that another session has started, and one whose numbers are merely similar."""
        with subprocess.Popen(["sleep", "1000"], user=64377, group=64377, extra_groups=[], process_group=0) as own, \
                subprocess.Popen(["sleep", "1001"], user=6437, group=6437, extra_groups=[], process_group=0) as similar:
            try:
                result, lines = self.run_example(["true"])
                self.assertEqual(result.code, 202, result)
                self.assertEqual(lines[1:], [f"still there: {own.pid} uid=64377 pgid={own.pid} sleep"])
                self.assertEqual((own.poll(), similar.poll()), (None, None))
            finally:
                own.kill()
                similar.kill()
        self.assertEqual(self.run_example(["true"])[0].code, 0)

    def test_what_the_session_leaves_has_gone_before(self):
        result, lines = self.run_example(["sh", "-c", "setsid sleep 1000 & setsid setsid sleep 1000 & exit 0"])
        self.assertEqual(result.code, 0, result)
        self.assertEqual(len(lines), 1, lines)


class Installed(unittest.TestCase):
    """`make install` puts it beside the other documents."""

    def test_it_is_installed_and_can_be_executed(self):
        project = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
        target = f"{host.ROOM}/installed"
        # Any program will do in place of the one that is built.
        build = f"{host.ROOM}/build"
        os.makedirs(f"{build}/release", exist_ok=True)
        shutil.copy(shutil.which("true"), f"{build}/release/exeunt")
        subprocess.run(["make", "-C", project, "install", f"DESTDIR={target}", "PREFIX=/usr", f"BUILD={build}"], check=True,
                       stdout=subprocess.DEVNULL)
        self.assertTrue(os.access(f"{target}/usr/share/doc/exeunt/examples/glexec-epilogue", os.X_OK))
