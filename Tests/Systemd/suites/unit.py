# SPDX-License-Identifier: Apache-2.0
"""The unit, and what else the installation puts around the daemon."""

import json

from harness.case import RECORDS, SystemdCase
from harness.container import poll_until


class Unit(SystemdCase):
    """exeuntd as a service."""

    def test_it_is_started_and_ready(self):
        state = self.unit("exeuntd", "ActiveState", "SubState", "Type", "KillMode", "Delegate")
        self.assertEqual(state, {"ActiveState": "active", "SubState": "running", "Type": "notify", "KillMode": "process",
                                 "Delegate": "yes"})
        self.assertEqual(self.host.run("stat", "-c", "%F %a %U", "/run/exeunt/io.exeunt").stdout, "socket 666 root\n")
        self.assertEqual(self.host.run("stat", "-c", "%a %U", "/run/exeunt").stdout, "755 root\n")

    def test_systemd_has_no_complaint_about_the_unit(self):
        done = self.host.run("systemd-analyze", "verify", "--man=no", "exeuntd.service", check=False)
        self.assertEqual((done.returncode, done.stdout + done.stderr), (0, ""))
        self.assertIn("exeuntd.service", self.host.run("systemd-analyze", "security", "exeuntd.service").stdout)

    def test_reloading_is_no_restart(self):
        before = self.daemon_pid()
        self.host.run("systemctl", "reload", "exeuntd")
        self.assertEqual(self.daemon_pid(), before)
        self.host.run("systemctl", "is-active", "exeuntd")

    def test_a_broken_file_changes_nothing(self):
        login = self.login()
        before = self.daemon_pid()
        self.host.write("/etc/exeunt/exeunt.conf", "[Session]\nKillUserProcesses=perhaps\n")
        self.host.run("systemctl", "reload", "exeuntd", check=False)
        poll_until(lambda: "perhaps" in self.host.journal("exeuntd"), "the fault to be said")
        self.assertEqual(self.daemon_pid(), before)
        self.session_of(login)

    def test_a_second_one_refuses_to_start(self):
        done = self.host.run("/usr/sbin/exeuntd", check=False)
        self.assertNotEqual(done.returncode, 0, done)
        self.host.run("systemctl", "is-active", "exeuntd")

    def test_the_doctor_finds_everything_in_order(self):
        found = {finding["id"]: finding for finding in json.loads(self.exeunt("doctor", "--json").stdout)["findings"]}
        for name in ("host.systemd", "host.logind", "host.logind-policy", "host.daemon", "host.pam-exeunt"):
            with self.subTest(name):
                self.assertEqual(found[name]["state"], "yes", found[name])


class Surroundings(SystemdCase):
    """What needs no daemon."""

    needs_daemon = False

    def test_pam_asks_exeunt_after_systemd(self):
        for name, expected in (("common-session", ["pam_systemd.so", "pam_exeunt.so"]),
                               ("common-session-noninteractive", ["pam_exeunt.so"])):
            lines = self.host.read(f"/etc/pam.d/{name}").splitlines()
            modules = [line.split()[-1] for line in lines if line.startswith("session")]
            self.assertEqual([module for module in modules if module in ("pam_systemd.so", "pam_exeunt.so")], expected)

    def test_the_group_is_there(self):
        self.assertIn("exeunt:", self.host.run("getent", "group", "exeunt").stdout)
        self.assertEqual(self.host.run("stat", "-c", "%a %U:%G", "/run/exeunt/pending").stdout, "700 root:root\n")

    def test_the_doctor_advises_what_helps(self):
        """logind that ends sessions itself is found, and the command that is advised makes it stop."""
        path = "/etc/systemd/logind.conf.d/50-exeunt.conf"
        self.addCleanup(self.host.write, path, self.host.read(path))
        self.host.write(path, "[Login]\nKillUserProcesses=yes\n")
        self.host.run("systemctl", "kill", "--signal=HUP", "systemd-logind")
        poll_until(lambda: self.logind_ends() == "true", "logind to read its configuration")
        finding = self.policy()
        self.assertEqual(finding["state"], "partly")
        self.host.run("sh", "-e", "-c", finding["remedies"][0]["command"])
        self.assertEqual(self.policy()["state"], "yes")
        poll_until(lambda: self.logind_ends() == "false", "logind to follow")

    def policy(self):
        found = json.loads(self.exeunt("doctor", "--json").stdout)["findings"]
        return next(finding for finding in found if finding["id"] == "host.logind-policy")

    def logind_ends(self):
        return self.host.run("busctl", "get-property", "org.freedesktop.login1", "/org/freedesktop/login1",
                             "org.freedesktop.login1.Manager", "KillUserProcesses").stdout.split()[-1]


class Records(SystemdCase):
    """The file of records, and what turns it over."""

    def test_a_rotated_file_is_left_alone(self):
        first = self.login()
        first.close()
        self.record(first.session)
        self.host.run("logrotate", "--force", "/etc/logrotate.d/exeunt")
        second = self.login()
        second.close()
        self.record(second.session)
        self.assertNotIn(first.session, self.host.read(RECORDS))
        self.assertIn(first.session, self.host.read(f"{RECORDS}.1"))
        self.assertEqual(self.host.run("stat", "-c", "%a %U:%G", RECORDS).stdout, "640 root:exeunt\n")
