# SPDX-License-Identifier: Apache-2.0
"""tmux, screen and nohup as a host's users get them: what outlives its session asks for a lease, and nothing else does."""

import os
import shutil
import subprocess
import unittest

from harness import host

WRAPPER = os.path.join(os.path.dirname(__file__), "../../../libexec/wrapper")
# Writes down how it is called, and does as if the lease had been taken.
FAKE = """#!/bin/sh
printf '%s\\n' "$*" >>"$CALLS"
while [ "$1" != -- ]; do shift; done
shift
exec "$@"
"""


class Wrappers(unittest.TestCase):
    """Called by their names through PATH, with a program called exeunt that writes down its words."""

    def setUp(self):
        self.room = f"{host.ROOM}/{self._testMethodName}"
        for name in ("wrappers", "bin", "sockets"):
            os.makedirs(f"{self.room}/{name}", mode=0o700)
        self.furnish_wrappers(f"{self.room}/wrappers")
        self.write(f"{self.room}/bin/exeunt", FAKE)
        self.environment = {
            "PATH": f"{self.room}/wrappers:{self.room}/bin:{host.PATH}", "EXEUNT_SESSION": "0123456789ab", "TERM": "xterm",
            "HOME": self.room, "CALLS": f"{self.room}/calls", "TMUX_TMPDIR": f"{self.room}/sockets",
            "SCREENDIR": f"{self.room}/sockets", "LC_ALL": "C.UTF-8"}

    def furnish_wrappers(self, directory):
        """As `make install` does: links to one file."""
        shutil.copy(WRAPPER, f"{self.room}/wrapper")
        for name in ("tmux", "screen", "nohup"):
            os.symlink("../wrapper", f"{directory}/{name}")

    def write(self, path, text):
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(path, 0o755)

    def call(self, *words, code=0):
        """What it says."""
        done = subprocess.run(words, env=self.environment, cwd=self.room, stdin=subprocess.DEVNULL, check=False,
                              capture_output=True, text=True, timeout=host.DEADLINE)
        self.assertEqual(done.returncode, code, done)
        return done.stdout + done.stderr

    def leases(self):
        """The calls of exeunt since the last look."""
        path = self.environment["CALLS"]
        if not os.path.exists(path):
            return []
        with open(path, encoding="utf-8") as file:
            calls = file.read().splitlines()
        os.unlink(path)
        return calls

    def real(self, name):
        return host.require_program(name)

    def test_tmux_keeps_a_new_server_only(self):
        real = self.real("tmux")
        for words in (["ls"], ["attach"], ["kill-server"]):
            self.call("tmux", *words, code=1)
        self.assertRegex(self.call("tmux", "-V"), "^tmux ")
        self.assertEqual(self.leases(), [])
        self.addCleanup(self.call, real, "kill-server")
        self.call("tmux", "new-session", "-d", "-s", "a b", "cat; true")
        self.assertEqual(self.leases(), [f"keep --or-run -- {real} new-session -d -s a b cat; true"])
        self.assertIn("a b:", self.call("tmux", "ls"))
        self.call("tmux", "new", "-d")
        self.call("tmux", "new-window", "-d")
        self.assertEqual(self.leases(), [], "there is a server already")

    def test_tmux_asks_on_the_socket_that_is_meant(self):
        real = self.real("tmux")
        for where in (["-L", "other"], [f"-S{self.room}/sockets/s"], ["-2u", "-f", "/dev/null", "-Lthird"]):
            with self.subTest(where=where):
                self.call("tmux", *where, "new", "-d", "cat")
                self.addCleanup(self.call, real, *where, "kill-server")
                self.assertEqual(self.leases(), [f"keep --or-run -- {real} {' '.join(where)} new -d cat"])
                self.call("tmux", *where, "new", "-d", "cat")
                self.assertEqual(self.leases(), [])
        # From a window, its own server is meant.
        self.environment["TMUX"] = f"{self.room}/sockets/s,1,0"
        self.call("tmux", "new", "-d", "cat")
        self.assertEqual(self.leases(), [])

    def test_screen_keeps_new_sessions_only(self):
        real = self.real("screen")
        self.assertIn("No Sockets found", self.call("screen", "-ls", code=1))
        self.call("screen", "-S", "one", "-X", "quit", code=1)
        self.call("screen", "-r", code=1)
        self.assertEqual(self.leases(), [])
        for number, words in enumerate((["-dmS", "s0", "cat"], ["-d", "-m", "-S", "s1", "-t", "-r", "sh", "-c", "exec cat"])):
            with self.subTest(words=words):
                self.addCleanup(self.call, real, "-S", f"s{number}", "-X", "quit")
                self.call("screen", *words)
                self.assertEqual(self.leases(), [f"keep --or-run -- {real} {' '.join(words)}"])
        self.assertIn(".s0\t", self.call("screen", "-ls"))
        # There is something to attach to; that it cannot without a terminal is screen's own affair.
        self.call("screen", "-R", "s0", code=1)
        self.call("screen", "-d", "-r", "s0", code=1)
        self.assertEqual(self.leases(), [])
        self.call("screen", "-R", "none-of-this-name", code=1)
        self.assertEqual(self.leases(), [f"keep --or-run -- {real} -R none-of-this-name"])

    def test_screen_in_a_window_makes_a_window(self):
        self.real("screen")
        self.environment["STY"] = "1.none"
        subprocess.run(["screen", "cat"], env=self.environment, stdin=subprocess.DEVNULL, check=False,
                       capture_output=True, timeout=host.DEADLINE)
        self.assertEqual(self.leases(), [])

    def test_nohup(self):
        self.assertEqual(self.call("nohup", "sh", "-c", "echo said; exit 7", code=7), "nohup: ignoring input\nsaid\n"
                         if "ignoring input" in self.call(self.real("nohup"), "true") else "said\n")
        self.assertEqual(self.leases(), [f"keep --or-run -- {self.real('nohup')} sh -c echo said; exit 7"])
        self.assertIn("coreutils", self.call("nohup", "--version"))
        self.assertEqual(self.leases(), [])

    def test_without_a_session_or_without_exeunt_nothing_is_different(self):
        session = self.environment.pop("EXEUNT_SESSION")
        self.call("nohup", "true")
        self.environment["EXEUNT_SESSION"] = session
        os.unlink(f"{self.room}/bin/exeunt")
        self.call("nohup", "true")
        self.assertEqual(self.leases(), [])

    def test_a_wrapper_never_finds_a_wrapper(self):
        """The directory twice in PATH, through a link, and a copy of it: the real program is found, and soon."""
        os.symlink("wrappers", f"{self.room}/again")
        os.makedirs(f"{self.room}/other/wrappers")
        shutil.copy(WRAPPER, f"{self.room}/other/wrappers/nohup")
        room, rest = self.room, f"{self.room}/bin:{host.PATH}"
        for first in ([f"{room}/wrappers"] * 2, [f"{room}/again", f"{room}/wrappers"],
                      [f"{room}/wrappers", f"{room}/other/wrappers", f"{room}/wrappers", f"{room}/other/wrappers"]):
            with self.subTest(first=first):
                self.environment["PATH"] = ":".join([*first, rest])
                self.call("nohup", "true")
                self.assertIn(f"-- {self.real('nohup')} true", self.leases()[-1])
        self.call(f"{self.room}/wrappers/nohup", "true")
        self.assertIn(f"-- {self.real('nohup')} true", self.leases()[-1])

    def test_where_there_is_no_such_program(self):
        self.environment["PATH"] = f"{self.room}/wrappers:{self.room}/bin"
        self.assertEqual(self.call(f"{self.room}/wrappers/tmux", code=127), "tmux: not found\n")
