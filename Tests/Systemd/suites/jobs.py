# SPDX-License-Identifier: Apache-2.0
"""Sessions without pam_systemd: cron and at. logind never sees them; what they leave stays in their service."""

from harness.case import SystemdCase
from harness.container import poll_until


class Jobs(SystemdCase):
    """What a job leaves ends, and the service that ran it goes on."""

    def job(self):
        return (f"SHAPE_DIR=/tmp /usr/lib/exeunt-test/shapes setsid-daemon {self.token} >/dev/null 2>&1; "
                f"echo $EXEUNT_SESSION >/tmp/{self.token}.session")

    def assert_job_ends(self, service):
        before = self.unit(service, "MainPID", "ActiveState")
        name = f"/tmp/{self.token}.session"
        session = poll_until(lambda: (self.host.read(name) or "").strip(), "the job's session", 60)
        self.await_gone()
        self.assert_record(session, verdict="left")
        self.assertEqual(self.unit(service, "MainPID", "ActiveState"), before)

    def test_what_at_leaves(self):
        self.host.run("sh", "-c", f"echo '{self.job()}' | su alice -s /bin/sh -c 'at now' 2>&1")
        self.assert_job_ends("atd")

    def test_what_cron_leaves(self):
        self.host.write("/etc/cron.d/exeunt-test", f"* * * * * alice {self.job()}\n")
        self.addCleanup(self.host.run, "rm", "-f", "/etc/cron.d/exeunt-test")
        self.host.run("systemctl", "restart", "cron")
        try:
            # It looks once a minute.
            poll_until(lambda: self.alive(self.token), "the job to be run", 70)
        finally:
            self.host.run("rm", "/etc/cron.d/exeunt-test")
        self.assert_job_ends("cron")

    def test_pamtester_closes_what_it_has_opened(self):
        done = self.host.run("pamtester", "tester", "bob", "open_session", "close_session")
        self.assertIn("sucessfully", done.stdout.replace("successfully", "sucessfully"))
        poll_until(lambda: not self.sessions("bob"), "the session to end")
