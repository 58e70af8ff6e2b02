# SPDX-License-Identifier: Apache-2.0
"""Sessions without pam_systemd: cron and at. logind never sees them; what they leave stays in their service."""

from harness.case import SystemdCase
from harness.container import poll_until


class Jobs(SystemdCase):
    """What a job leaves ends, and the service that ran it goes on."""

    def job(self):
        # Whoever calls at hands her environment on, EXEUNT_SESSION included: what the job has of it need not be its own.
        return f"SHAPE_DIR=/tmp /usr/lib/exeunt-test/shapes setsid-daemon {self.token} >/dev/null 2>&1; echo >/tmp/{self.token}.done"

    def assert_job_ends(self, unit, service):
        before = self.unit(unit, "MainPID", "ActiveState")
        # It looks once a minute.
        poll_until(lambda: self.host.read(f"/tmp/{self.token}.done"), "the job to be done", 70)
        self.await_gone()
        found = poll_until(lambda: [record for record in self.records() if record["session"].get("service") == service],
                           "the record of the job")
        self.assertEqual((found[-1]["verdict"], found[-1]["session"]["class"]), ("left", "background"), found[-1])
        self.assertEqual(self.unit(unit, "MainPID", "ActiveState"), before)

    def test_what_at_leaves(self):
        self.host.run("sh", "-c", f"echo '{self.job()}' | su alice -s /bin/sh -c 'at now' 2>&1")
        self.assert_job_ends("atd", "atd")

    def test_what_cron_leaves(self):
        self.addCleanup(self.host.run, "rm", "-f", "/etc/cron.d/exeunt-test")
        self.host.write("/etc/cron.d/exeunt-test", f"* * * * * alice {self.job()}\n")
        self.host.run("systemctl", "restart", "cron")
        self.assert_job_ends("cron", "cron")

    def test_pamtester_closes_what_it_has_opened(self):
        done = self.host.run("pamtester", "tester", "bob", "open_session", "close_session")
        self.assertIn("sucessfully", done.stdout.replace("successfully", "sucessfully"))
        poll_until(lambda: not self.sessions("bob"), "the session to end")
