# SPDX-License-Identifier: Apache-2.0
"""`exeunt check` without a path: what the configuration of the host makes root read and run."""

import json
import os
import shutil
import subprocess
import unittest

from harness import host

CONF = "/etc/exeunt/exeunt.conf"
DROP_INS = "/etc/exeunt/exeunt.conf.d"
HOOKS = "/etc/exeunt/hooks"


class CheckOfConfiguration(unittest.TestCase):
    """Nothing is there at the beginning of each test."""

    def setUp(self):
        host.require_privilege("owners, and files in /etc")
        self.addCleanup(shutil.rmtree, "/etc/exeunt", ignore_errors=True)

    def write(self, path, text, mode=0o644):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)
        os.chmod(path, mode)
        return path

    def run_check(self, *arguments):
        return subprocess.run([host.EXEUNT, "check", *arguments], stdin=subprocess.DEVNULL, check=False, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=host.DEADLINE)

    def check(self, code=0):
        """The document, with the states of its findings by path."""
        process = self.run_check("--json")
        self.assertEqual((process.returncode, process.stderr), (code, ""), process.stdout)
        document = json.loads(process.stdout)
        self.assertEqual(document["trusted"], code == 0)
        states = {finding["path"]: finding.get("use", finding.get("rule", finding["state"]))
                  for finding in document["findings"]}
        return document, states

    def test_without_a_configuration(self):
        document, states = self.check()
        self.assertEqual(states, {})
        self.assertEqual(document["bound"],
                         {"totalSeconds": 20, "hookSeconds": 0, "ladderSeconds": 5, "unkillableSeconds": 15,
                          "leaderSeconds": 0})
        # A leader that stays has its 5 s, and then the ladder after all others.
        self.assertEqual(document["loginBound"],
                         {"totalSeconds": 55, "hookSeconds": 0, "ladderSeconds": 10, "unkillableSeconds": 15,
                          "leaderSeconds": 30})
        process = self.run_check()
        self.assertEqual((process.returncode, process.stdout, process.stderr), (
            0, "The ending of a payload takes at most 20s: 5s for the ladder, 15s after KILL.\n"
            "The ending of a log-in's session takes at most 55s: 10s for the ladder, 15s after KILL, 30s for a leader that "
            "stays.\n", ""))

    def test_all_that_it_names(self):
        self.write(CONF, f"[Hooks]\nBefore={HOOKS}\nTimeoutSec=20\n[Payload]\nUnkillableSec=2\nLadder=TERM 3s KILL\n")
        self.write(f"{DROP_INS}/10-after.conf", "[Hooks]\nAfter=/etc/exeunt/last\n")
        os.symlink("/dev/null", f"{DROP_INS}/20-masked.conf")
        for name in ("a", "b"):
            self.write(f"{HOOKS}/{name}", "#!/bin/sh\n", 0o755)
        self.write(f"{HOOKS}/off", "#!/bin/sh\n", 0o644)
        self.write("/etc/exeunt/last", "#!/bin/sh\n", 0o755)
        document, states = self.check()
        self.assertEqual(states, {
            "/etc/exeunt": "list", DROP_INS: "list", CONF: "read", f"{DROP_INS}/10-after.conf": "read", HOOKS: "list",
            f"{HOOKS}/a": "execute", f"{HOOKS}/b": "execute", f"{HOOKS}/off": "skipped", "/etc/exeunt/last": "execute"})
        # For each hook: five seconds to be started in, its time, the grace after TERM, and what KILL may take.
        self.assertEqual(document["bound"], {
            "totalSeconds": 3 * (5 + 20 + 10 + 2) + 3 + 2, "hookSeconds": 111, "ladderSeconds": 3, "unkillableSeconds": 2,
            "leaderSeconds": 0})
        self.assertIn("takes at most 1min 56s: 1min 51s for 3 hooks, 3s for the ladder, 2s after KILL.",
                      self.run_check().stdout)
        # A hook that nobody may execute would not be run, and not be left out in silence.
        os.chmod("/etc/exeunt/last", 0o644)
        self.assertEqual(self.check(1)[1]["/etc/exeunt/last"], "executable")

    def test_a_configuration_that_others_may_change(self):
        self.write(CONF, f"[Hooks]\nBefore={HOOKS}\n")
        self.write(f"{DROP_INS}/x.conf", "")
        rows = ((CONF, lambda path: os.chmod(path, 0o646), "no-write-for-others"),
                (f"{DROP_INS}/x.conf", lambda path: os.chown(path, host.USER.uid, 0), "owner"),
                (DROP_INS, lambda path: os.chmod(path, 0o1777), "no-sticky-directory"),
                ("/etc/exeunt", lambda path: os.chmod(path, 0o775), "no-write-for-group"))
        for path, spoil, rule in rows:
            with self.subTest(path):
                mode = os.stat(path).st_mode & 0o7777
                spoil(path)
                document, states = self.check(1)
                self.assertEqual(states[path], rule)
                # What it says is not believed, and it is said once what is wrong.
                self.assertEqual(document["faults"], [])
                self.assertNotIn(HOOKS, states)
                self.assertNotIn("bound", document)
                os.chown(path, 0, 0)
                os.chmod(path, mode)

    def test_the_user_of_hooks_may_change_them(self):
        hook = self.write(f"{HOOKS}/a", "#!/bin/sh\n", 0o755)
        os.chown(hook, host.USER.uid, 0)
        self.write(CONF, f"[Hooks]\nAfter={hook}\n")
        self.assertEqual(self.check(1)[1][hook], "owner")
        for user in (host.USER.name, host.USER.uid):
            self.write(CONF, f"[Hooks]\nAfter={hook}\nUser={user}\n")
            self.assertEqual(self.check()[1][hook], "execute")
        # The configuration itself is root's alone.
        os.chown(CONF, host.USER.uid, 0)
        self.assertEqual(self.check(1)[1][CONF], "owner")

    def test_what_else_is_wrong(self):
        for text, fault in (("[Hooks]\nBfore=/x\n", f"{CONF}:2: unknown key Bfore= in [Hooks]; did you mean Before=?"),
                            ("[Hooks]\nUser=nosuch\n",
                             f"{CONF}:2: User=nosuch: there is no such user; name one that this host knows, or root"),
                            ("[Hooks]\n\nUser=64999\n",
                             f"{CONF}:3: User=64999: no account has this number, so that its group is not known; "
                             "name a user that this host knows, or root")):
            self.write(CONF, text)
            self.assertEqual(self.check(1)[0]["faults"], [fault])
            process = self.run_check()
            self.assertEqual((process.returncode, process.stderr), (1, f"exeunt: {fault}\n"))

    def test_what_glexec_mode_uses(self):
        self.addCleanup(os.unlink, "/etc/glexec.conf")
        epilogue = self.write("/etc/exeunt/epilogue", "#!/bin/sh\n", 0o755)
        text = f"[glexec]\nlinger = yes\nepilogue = {epilogue}\n"
        self.write("/etc/glexec.conf", text)
        self.assertEqual(self.check()[1], {"/etc/exeunt": "list", "/etc/glexec.conf": "read", epilogue: "execute"})
        os.chown(epilogue, 0, host.USER.uid)
        os.chmod(epilogue, 0o775)
        self.assertEqual(self.check(1)[1][epilogue], "no-write-for-group")
        self.write("/etc/glexec.conf",
                   f"{text}user_identity_switch_by = glexec\nepilogue_group = {host.USER.name}\n")
        self.assertEqual(self.check()[1][epilogue], "execute")
        # A directory is none.
        self.write("/etc/glexec.conf", "[glexec]\nlinger = yes\nepilogue = /etc/exeunt\n")
        self.assertEqual(self.check(1)[1]["/etc/exeunt"], "regular-file")
        self.write("/etc/glexec.conf", text, 0o646)
        document, states = self.check(1)
        self.assertEqual((document["faults"], epilogue in states), ([], False))
        self.write("/etc/glexec.conf", "[glexec]\nepilogue = x\n")
        self.assertIn("/etc/glexec.conf:2: ", self.check(1)[0]["faults"][0])
