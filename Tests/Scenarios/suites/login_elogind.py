# SPDX-License-Identifier: Apache-2.0
"""Beside elogind: a session has a cgroup already, right below the root, and stays in it. pam_exec does what pam_elogind does,
as it was seen with elogind 246."""

import os
import shutil

from harness import host, logins, walk
from harness.login_case import LoginCase
from harness.session import poll_until

SERVICE = "exeunt-elogind"
LIST = "/run/systemd/sessions"
SCRIPT = "/usr/lib/exeunt-test-elogind"
# elogind forgets a session when it is closed, and leaves its cgroup.
TEXT = f"""#!/bin/sh
id=$(cat /proc/$PPID/sessionid)
case $PAM_TYPE in
open_session)
    mkdir -p {host.CGROUPS}/$id
    echo $PPID >{host.CGROUPS}/$id/cgroup.procs
    printf '# This is private data. Do not parse.\\nUSER=%s\\nLEADER=%s\\n' "$PAM_USER" $PPID >{LIST}/$id
    ;;
close_session) rm {LIST}/$id ;;
esac
"""


def group_of(pid):
    with open(f"/proc/{pid}/cgroup", encoding="utf-8") as file:
        return next(line[3:].strip() for line in file if line.startswith("0::"))


class LoginElogind(LoginCase):
    """elogind has no scopes, and nobody to ask for one."""

    @classmethod
    def prepare_class(cls):
        with open(SCRIPT, "w", encoding="utf-8") as file:
            file.write(TEXT)
        os.chmod(SCRIPT, 0o755)
        logins.write_service(SERVICE, before=f"session required pam_exec.so {SCRIPT}\n")

    def setUp(self):
        super().setUp()
        os.makedirs(LIST)
        self.addCleanup(shutil.rmtree, LIST)

    def open_at_elogind(self, place):
        login = self.open(place, service=SERVICE)
        with open(f"/proc/{login.pid}/sessionid", encoding="ascii") as file:
            self.addCleanup(os.rmdir, f"{host.CGROUPS}/{file.read()}")
        return login

    def test_its_cgroup_is_adopted_in_place(self):
        place = self.place()
        login = self.open_at_elogind(place)
        group = group_of(login.pid)
        self.assertRegex(group, "/[0-9]+$")
        path = f"{host.CGROUPS}/{group.rpartition('/')[2]}"
        self.assertEqual(self.daemon.sessions()[login.session]["cgroup"], path)
        login.shape(place, "double-fork-daemon")
        self.assertEqual(set(map(group_of, place.written_pids())), {group})
        login.log_out()
        record = self.ended(login.session, reason="closed", verdict="left")
        self.assertEqual(record["session"]["cgroup"], path)
        self.assert_gone(place)
        self.assertTrue(os.path.isdir(path), "it is elogind's to remove")

    def test_all_of_it_is_killed_at_once(self):
        place = self.place()
        login = self.open_at_elogind(place)
        login.shape(place, "hopper", 5)
        login.log_out()
        self.ended(login.session, unseen=True)
        self.assert_gone(place)

    def test_a_service_that_was_started_in_it_takes_it_from_nobody(self):
        """sshd, or cron, by hand: whoever logs in through it comes from outside, and yet is where the service is."""
        place, other = self.place(), self.place()
        login = self.open_at_elogind(place)
        login.shape(place, "setsid-daemon")
        group = f"{host.CGROUPS}/{group_of(login.pid).rpartition('/')[2]}"
        guest = self.open(other, prefix=["sh", "-c", f'echo $$ >{group}/cgroup.procs; exec "$@"', "sh"])
        self.assertNotEqual(guest.session, login.session)
        self.assertEqual(self.daemon.sessions()[guest.session]["cgroup"], f"{host.CGROUPS}/exeunt/{guest.session}")
        guest.shape(other, "setsid-daemon")
        guest.log_out()
        self.ended(guest.session, reason="closed", verdict="left")
        self.assert_gone(other)
        self.assert_active(login)
        self.assertTrue(all(map(walk.is_alive, place.written_pids())))
        login.log_out()
        self.ended(login.session, reason="closed", verdict="left")

    def test_the_daemon_is_away_when_somebody_logs_in(self):
        place = self.place()
        self.daemon.stop()
        login = self.open_at_elogind(place)
        login.shape(place, "setsid-daemon")
        self.daemon.start()
        poll_until(lambda: login.session in self.daemon.sessions(), "the session to be opened")
        self.assertEqual(self.daemon.sessions()[login.session]["cgroup"],
                         f"{host.CGROUPS}/{group_of(login.pid).rpartition('/')[2]}")
        login.log_out()
        self.ended(login.session, verdict="left")
        self.assert_gone(place)
