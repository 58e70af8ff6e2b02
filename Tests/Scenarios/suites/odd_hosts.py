# SPDX-License-Identifier: Apache-2.0
"""Hosts where something is not as usual: clocks, mounts, and what may be seen of /proc."""

import subprocess
import unittest

from harness import host
from harness.case import PATIENT, ScenarioCase


class OddHosts(ScenarioCase):
    """Hosts where something is not as usual."""

    def unshared(self, *options):
        return ("unshare", *options, host.EXEUNT, "run")

    def test_shifted_clocks(self):
        # Start times in /proc are shifted as well: an identity that mixed the clocks would never match.
        host.require_privilege("a time namespace")
        for seconds in (1_000_000, -1000):
            for options in ((), ("--track", "descent"), ("--track", "mark:EXEUNT_SESSION")):
                with self.subTest(f"{seconds} {options}"):
                    place = self.place()
                    session = self.start(
                        place, [*options, "--ladder", PATIENT], self.shape(place, "crowd", 5), program=self.unshared(
                            "--time", "--fork", "--monotonic", str(seconds), "--boottime", str(seconds)))
                    result = session.finish()
                    if "unshare:" in result.stderr:
                        raise unittest.SkipTest("kernel: no time namespaces")
                    self.assert_record(result)
                    self.assertEqual((result.code, result.record["verdict"]), (0, "left"), result)
                    self.assert_nothing_left(place)

    def mounted(self, place, script, options=()):
        """Runs Exeunt in a mount namespace of its own, after the script has changed the mounts."""
        program = ("unshare", "--mount", "sh", "-ec", f'{script}; exec "$0" run "$@"', host.EXEUNT)
        daemon = self.shape(place, "setsid-daemon")
        return self.start(place, [*options, "--ladder", PATIENT], daemon, program=program).finish()

    def assert_trackers(self, result, *names):
        self.assertEqual([tracker["evidence"] for tracker in result.record["trackers"]], [*names], result)

    def test_hybrid_hierarchy(self):
        host.require_privilege("mounting")
        place = self.place()
        result = self.mounted(place, "mount -t tmpfs t /sys/fs/cgroup; mkdir /sys/fs/cgroup/unified; "
                                     "mount -t cgroup2 none /sys/fs/cgroup/unified")
        self.assert_record(result)
        self.assertTrue(result.record["session"]["cgroup"].startswith(f"/sys/fs/cgroup/unified/{place.token}/"), result)
        self.assertEqual(result.record["verdict"], "left", result)
        self.assert_nothing_left(place)

    def test_path_with_a_blank(self):
        host.require_privilege("mounting")
        place = self.place()
        result = self.mounted(place, "umount /sys/fs/cgroup; mkdir -p '/run/c g\\roup'; "
                                     "mount -t cgroup2 none '/run/c g\\roup'")
        self.assert_record(result)
        self.assertIn("/run/c g", result.record["session"]["cgroup"], result)
        self.assert_nothing_left(place)

    def test_bind_mount_of_a_part(self):
        # As in a container: only the caller's own part of the hierarchy can be seen.
        host.require_privilege("mounting")
        place = self.place()
        result = self.mounted(place, f"mount --bind {place.cgroup} /sys/fs/cgroup")
        self.assert_record(result)
        self.assertRegex(result.record["session"].get("cgroup", ""), r"^/sys/fs/cgroup/exeunt-\w+$", result)
        self.assert_nothing_left(place)

    def test_without_a_usable_cgroup(self):
        host.require_privilege("mounting")
        for name, script in (("none mounted", "umount -l /sys/fs/cgroup"),
                             ("read only", "mount -o remount,bind,ro /sys/fs/cgroup")):
            with self.subTest(name):
                place = self.place()
                result = self.mounted(place, script)
                self.assert_record(result)
                self.assert_trackers(result, "descent", "mark")
                self.assertEqual(result.record["verdict"], "left", result)
                self.assert_nothing_left(place)
            with self.subTest(f"{name}, asked for"):
                place = self.place()
                result = self.mounted(place, script, ["--track", "cgroup"])
                self.assertEqual(result.code, 125, result)
                self.assertIn("cgroup", result.stderr)
                self.assert_messages(result)
                self.assert_nothing_left(place)

    def test_without_dev_null(self):
        host.require_privilege("mounting")
        place = self.place()
        result = self.run_shape(place, ["--ladder", PATIENT], "setsid-daemon", program=(
            "unshare", "--mount", "sh", "-c", 'mount -t tmpfs none /dev; exec "$0" "$@"', host.EXEUNT, "run"))
        self.assertEqual((result.code, result.record["verdict"]), (0, "left"), result)
        self.assert_messages(result)
        self.assert_nothing_left(place)

    def test_no_more_cgroups_allowed(self):
        host.require_privilege()
        place = self.place()
        with open(f"{place.cgroup}/cgroup.max.descendants", "w", encoding="ascii") as file:
            file.write("0")
        result = self.run_shape(place, ["--ladder", PATIENT], "setsid-daemon")
        self.assert_record(result)
        self.assert_trackers(result, "descent", "mark")
        self.assert_nothing_left(place)

    def test_proc_shows_only_ones_own(self):
        host.require_privilege("mounting")
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                subprocess.run(["mount", "-o", "remount,hidepid=2", "/proc"], check=True)
                try:
                    result = self.run_shape(place, ["--ladder", PATIENT], "setsid-daemon")
                finally:
                    subprocess.run(["mount", "-o", "remount,hidepid=0", "/proc"], check=True)
                self.assert_record(result)
                self.assertEqual((result.code, result.record["verdict"]), (0, "left"), result)
                self.assert_nothing_left(place)
