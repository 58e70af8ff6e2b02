# SPDX-License-Identifier: Apache-2.0
"""pid-wrap: few process numbers, all of them somebody else's in no time. Nobody foreign is ever signalled."""

import os
import subprocess
import unittest

from harness import host
from harness.case import BRISK, ScenarioCase
from harness.session import wait_readable

# It forks as fast as it can.
EXCLUSIVE = True
ROUNDS = 6


def belongs_to_the_namespace():
    """Whether pid_max is the namespace's own: since Linux 6.14; before, it is the machine's, and not ours to change."""
    major, minor = os.uname().release.split(".")[:2]
    return (int(major), int("".join(filter(str.isdigit, minor)))) >= (6, 14)


class Recycling(ScenarioCase):
    def setUp(self):
        host.require_privilege("pid_max")
        if not belongs_to_the_namespace():
            raise unittest.SkipTest("kernel: pid_max is the whole machine's before Linux 6.14")
        super().setUp()
        self.swarms = []
        with open("/proc/sys/kernel/pid_max", "w", encoding="ascii") as file:
            # Numbers below 300 are given out only once.
            file.write("500")
        for identity in (host.ROOT, host.USER):
            swarm = subprocess.Popen([host.SHAPES, "swarm", "swarm"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                     user=identity.uid, group=identity.uid, extra_groups=[])
            self.swarms.append(swarm)
            wait_readable(swarm.stdout.fileno(), what="the swarm")

    def tearDown(self):
        complaints = []
        for swarm in self.swarms:
            swarm.stdin.close()
            complaints.append(swarm.stdout.read())
            swarm.stdout.close()
            swarm.wait()
        with open("/proc/sys/kernel/pid_max", "w", encoding="ascii") as file:
            file.write("32768")
        super().tearDown()
        self.assertEqual(complaints, [b"swarming\n"] * len(complaints), "a foreign process was signalled")

    def run_rounds(self, *options, verdicts=("left", "killed")):
        for identity in (host.ROOT, host.USER, host.LONE_USER):
            if "cgroup" in options and not identity.delegated:
                continue
            for _ in range(ROUNDS):
                with self.subTest(identity.name):
                    place = self.place(identity)
                    result = self.run_shape(place, [*options, "--ladder", BRISK], "pid-wrap")
                    self.assert_record(result)
                    self.assertEqual(result.code, 0, result)
                    self.assertIn(result.record["verdict"], verdicts, result)
                    own = {os.getpid(), *self.canaries.pids}
                    self.assertEqual(place.left(ignoring=own), [], result)

    def test_pid_wrap_default(self):
        self.run_rounds()

    def test_pid_wrap_cgroup(self):
        self.run_rounds("--track", "cgroup")

    def test_pid_wrap_descent(self):
        self.run_rounds("--track", "descent")

    def test_pid_wrap_mark(self):
        self.run_rounds("--track", "mark:EXEUNT_SESSION")

    def test_pid_wrap_group(self):
        self.run_rounds("--track", "group")
