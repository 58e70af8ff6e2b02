# SPDX-License-Identifier: Apache-2.0
"""Hooks are opened and executed while an adversary changes what their path stands for: nothing untrusted ever runs.

$RACE_COUNT is how many times, in all (20,000). With `--sabotage` the product's path is left for one that executes by name,
which the harness must notice: else it proves nothing.
"""

import os
import shutil
import subprocess
import unittest

from harness import host
from harness.session import wait_readable

EXCLUSIVE = True
BASE = "/opt/race"
TRACES = "/run/race-traces"
COUNT = int(os.environ.get("RACE_COUNT", 20000))
USER = host.USER.uid
# How a component is made untrusted that is root's otherwise.
FLAWS = {"owner": f"chown {USER}", "mode": "chmod 0757", "list": f"setfacl -m u:{USER}:rwx", "sticky": "chmod 1777"}


class Race(unittest.TestCase):
    """The adversary has a processor of its own, if there are two."""

    def setUp(self):
        host.require_privilege("owners, and mounts")
        host.require_program("setfacl")
        if not os.path.exists(host.DEVELOP):
            raise unittest.SkipTest("program: exeunt-develop is not built")
        os.makedirs(TRACES)
        os.makedirs(f"{BASE}/stock")
        self.fill(f"{BASE}/way/in", "trusted", "exit 42")
        for flaw, command in FLAWS.items():
            if flaw != "sticky":
                shutil.copy(self.program("untrusted"), f"{BASE}/stock/file-{flaw}")
                self.spoil(command, f"{BASE}/stock/file-{flaw}")
            # What lies in them is root's, and would be trusted anywhere else.
            self.fill(f"{BASE}/stock/in-{flaw}", "untrusted", f": >{TRACES}/$$; exit 66")
            self.spoil(command, f"{BASE}/stock/in-{flaw}")
            self.fill(f"{BASE}/stock/way-{flaw}/in", "untrusted", f": >{TRACES}/$$; exit 66")
            self.spoil(command, f"{BASE}/stock/way-{flaw}")
        os.symlink(f"{BASE}/stock/in-owner/hook", f"{BASE}/stock/link-hook")
        os.symlink(f"{BASE}/stock/in-owner", f"{BASE}/stock/link-in")
        os.symlink(f"{BASE}/stock/way-owner", f"{BASE}/stock/link-way")

    def tearDown(self):
        shutil.rmtree(BASE, ignore_errors=True)
        shutil.rmtree(TRACES, ignore_errors=True)

    @staticmethod
    def program(kind):
        return f"{host.ROOM}/bin/hook-{kind}"

    @staticmethod
    def spoil(command, path):
        subprocess.run([*command.split(), path], check=True)

    def fill(self, directory, kind, script):
        os.makedirs(directory)
        shutil.copy(self.program(kind), f"{directory}/hook")
        with open(f"{directory}/script", "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\n{script}\n")
        os.chmod(f"{directory}/script", 0o755)

    def race(self, count, *options):
        """The outcomes with how often each was seen, and the traces."""
        adversary = subprocess.Popen([f"{host.ROOM}/bin/adversary", BASE, "1"], stdin=subprocess.DEVNULL,
                                     stdout=subprocess.PIPE)
        try:
            wait_readable(adversary.stdout.fileno(), what="the adversary")
            # A script takes several times as long as a program, and wins no more.
            paths = [f"{BASE}/way/in/hook"] * 9 + [f"{BASE}/way/in/script"]
            text = subprocess.run([host.DEVELOP, "race", "--count", str(count), *options, *paths], check=True,
                                  stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True).stdout
        finally:
            adversary.terminate()
            deeds = adversary.communicate(timeout=host.DEADLINE)[0].decode()
        self.assertEqual(adversary.returncode, 0)
        for deed, times in (line.split() for line in deeds.splitlines()[1:]):
            self.assertGreater(int(times), 0, deed)
        outcomes = {name: int(times) for name, _, times in (line.rpartition(" ") for line in text.splitlines())}
        self.assertEqual(sum(outcomes.values()), count)
        said = ", ".join(f"{times} {name}" for name, times in sorted(outcomes.items()))
        self.figures = f"race{' '.join(['', *options])}: {said}; the adversary: {', '.join(deeds.splitlines()[1:])}"
        return outcomes, os.listdir(TRACES)

    def test_nothing_untrusted_runs(self):
        outcomes, traces = self.race(COUNT)
        self.assertEqual((traces, outcomes.get("untrusted", 0)), ([], 0), outcomes)
        self.assertEqual([name for name in outcomes if name.startswith("failed")], [], outcomes)
        refused = {name: times for name, times in outcomes.items() if name.startswith("refused")}
        # Both must have been at stake, in numbers.
        self.assertGreater(outcomes["trusted"], COUNT / 20, outcomes)
        self.assertGreater(sum(refused.values()), COUNT / 20, outcomes)
        self.assertLessEqual({f"refused {rule}" for rule in (
            "owner", "no-link", "no-write-for-others", "no-sticky-directory", "no-write-by-access-list")}, set(refused))

    def test_who_executes_by_name_loses(self):
        outcomes, traces = self.race(max(1000, COUNT // 10), "--sabotage")
        self.assertGreater(len(traces), 0, outcomes)
        self.assertGreater(outcomes.get("untrusted", 0), 0, outcomes)
