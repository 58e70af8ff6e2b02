# SPDX-License-Identifier: Apache-2.0
"""Tests of the PAM module: services that load it, and applications that use them."""

import json
import os
import re
import shutil
import subprocess
import sys
import unittest

from . import host
from .log import HostLog
from .varlink import DIRECTORY

SERVICE = "exeunt-test"
PENDING = f"{DIRECTORY}/pending"
ID = re.compile(r"[0-9abcdefghjkmnpqrstvwxyz]{12}")
LINE = re.compile(r"<(\d+)>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d [^:]*: pam_exeunt\(exeunt-test:session\): (.*)", re.DOTALL)
ERROR, WARNING, NOTICE, DEBUG = 3, 4, 5, 7
HERE = os.path.dirname(os.path.abspath(__file__))


class PamCase(unittest.TestCase):
    """A log to read, and no trace of exeuntd."""

    longMessage = True

    @classmethod
    def setUpClass(cls):
        host.require_privilege("modules of PAM, which are for root")
        if not os.path.exists(host.PAM_MODULE):
            raise unittest.SkipTest("program: pam_exeunt.so is not built")

    def setUp(self):
        shutil.rmtree(DIRECTORY, ignore_errors=True)
        self.log = HostLog()
        self.addCleanup(self.log.close)
        self.configure()

    @staticmethod
    def configure(*options, lines=1, last="session required pam_permit.so"):
        """Writes the service's file: the module with these options, in so many lines, and behind it one that permits."""
        with open(f"/etc/pam.d/{SERVICE}", "w", encoding="utf-8") as file:
            file.write("auth required pam_permit.so\naccount required pam_permit.so\n")
            file.write(f"session optional {host.PAM_MODULE} {' '.join(options)}\n" * lines)
            file.write(f"{last}\n")

    # --- Applications ---

    def pamtester(self, *steps, items=(), variables=()):
        """Runs pamtester and expects success."""
        words = [word for item in items for word in ("-I", item)] + [word for text in variables for word in ("-E", text)]
        run = subprocess.run([host.require_program("pamtester"), *words, SERVICE, "user", *steps], capture_output=True, text=True,
                             check=False, timeout=host.DEADLINE, stdin=subprocess.DEVNULL)
        self.assertEqual(run.returncode, 0, run)

    def drive(self, *steps, code=0, **wanted):
        """Runs an application through these steps, by default `open` and `close`, each with this result of the stack: what
        became of it."""
        wanted = {"service": SERVICE, "user": "user", "steps": steps or ("open", "close"), **wanted}
        # What is freed is overwritten: whoever still reads it reads nonsense every time, and not now and then.
        run = subprocess.run([sys.executable, "-B", f"{HERE}/pam_driver.py"], input=json.dumps(wanted), capture_output=True,
                             text=True, check=False, timeout=host.DEADLINE, env={**os.environ, "MALLOC_PERTURB_": "165"})
        self.assertEqual(run.returncode, 0, run)
        result = json.loads(run.stdout)
        self.assertEqual(result["before"], {**result["after"], "descriptors": result["before"]["descriptors"]})
        for step in result["steps"]:
            self.assertEqual(step["code"], code, "a log-in must go on")
        return result

    # --- What is left ---

    def lines(self, *levels):
        """What the module has logged since the last call, as (level, text), on these levels or on all."""
        self.log.others()
        texts, self.log.foreign[:] = list(self.log.foreign), []
        found = [LINE.fullmatch(text.rstrip("\0\n")) for text in texts if "pam_exeunt" in text]
        self.assertTrue(all(found), texts)
        self.assertTrue(all(int(line[1]) >> 3 == 10 for line in found), "the facility is authpriv")
        return [(int(line[1]) & 7, line[2]) for line in found if not levels or int(line[1]) & 7 in levels]

    @staticmethod
    def pending():
        """The names in the directory of notes."""
        return sorted(os.listdir(PENDING)) if os.path.isdir(PENDING) else []

    def assert_noted(self, result, **parameters):
        """There is a note of the opening alone, and it is right."""
        session = result["steps"][0]["variable"]
        self.assertRegex(session, ID)
        self.assertEqual(self.pending(), [session])
        with open(f"{PENDING}/{session}", encoding="utf-8") as file:
            note = json.load(file)
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            boot = file.read().strip()
        self.assertEqual(note, {"version": 1, "bootID": boot, "pid": result["pid"], "startTime": result["startTime"],
                                "parameters": {
            "session": session, "user": "user", "uid": host.USER.uid, "service": SERVICE, **parameters}})
        self.assertEqual(mode(f"{PENDING}/{session}"), 0o600)
        self.assertEqual(mode(PENDING), 0o700)
        self.assertEqual(mode(DIRECTORY), 0o755)
        return session


def mode(path):
    return os.stat(path).st_mode & 0o7777
