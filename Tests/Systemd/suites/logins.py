# SPDX-License-Identifier: Apache-2.0
"""Log-ins that systemd has given a scope: it is adopted in place, and emptied when the session is over."""

import json

from harness.case import SystemdCase
from harness.container import poll_until


class Adopted(SystemdCase):
    """A session while it is open."""

    def test_the_scope_is_adopted_in_place(self):
        login = self.login()
        self.assertRegex(login.cgroup, r"^/user\.slice/user-\d+\.slice/session-\w+\.scope$")
        self.assertRegex(login.session, "^[0-9a-hjkmnp-tv-z]{12}$")
        session = self.session_of(login)
        self.assertEqual(session["cgroup"], "/sys/fs/cgroup" + login.cgroup)
        self.assertEqual((session["user"], session["class"], session["state"], session["service"], session["remoteHost"]),
                         ("alice", "user", "active", "sshd", "127.0.0.1"))
        self.assertIn("cgroup", session["trackers"])
        self.assertEqual(login.do(f"cat /proc/{session['leader']}/comm"), "sshd")
        # logind, and whoever looks up sessions by the path of a cgroup, see what they have always seen.
        self.assertEqual(login.do("echo $XDG_SESSION_ID"), login.cgroup.partition("session-")[2].removesuffix(".scope"))
        self.assertEqual(self.host.run("sh", "-c", "ls -d /sys/fs/cgroup/exeunt 2>&1 || :").stdout.count("cannot access"), 1)

    def test_the_manager_of_a_user_is_nobodys_session(self):
        """It goes through PAM as well, and serves all of her sessions."""
        login = self.login("bob")
        self.assertEqual([session["service"] for session in self.sessions("bob")], ["sshd"])
        manager = self.unit(f"user@{login.do('id -u')}.service", "MainPID")["MainPID"]
        login.close()
        self.record(login.session)
        self.host.run("kill", "-0", manager)

    def test_a_session_inside_a_session_is_none(self):
        login = self.login("root")
        inner = login.do("su - bob -c 'echo $EXEUNT_SESSION; sed -n s/^0:://p /proc/self/cgroup'").splitlines()
        self.assertEqual(self.sessions("bob"), [])
        self.assertEqual(inner[-1], login.cgroup)

    def test_ssh_to_oneself_is_one_of_its_own(self):
        login = self.login("root")
        other = login.do("ssh -i /root/key -o StrictHostKeyChecking=no -o LogLevel=ERROR alice@127.0.0.1 "
                         "'echo $EXEUNT_SESSION'")
        self.assertNotIn(other, ("", login.session))

    def test_a_service_that_was_started_in_a_session_takes_its_scope_from_nobody(self):
        """Whoever logs in through it comes from outside, and yet logind leaves her where the service is."""
        login = self.login("root")
        login.leave("setsid-daemon", self.token)
        login.do("/usr/sbin/sshd -p 2222 -o PidFile=none")
        guest = login.do("ssh -p 2222 -i /root/key -o StrictHostKeyChecking=no -o LogLevel=ERROR alice@127.0.0.1 "
                         "'echo $EXEUNT_SESSION; sed -n s/^0:://p /proc/self/cgroup'").splitlines()
        self.assertEqual(guest[1], login.cgroup)
        self.assertNotIn(guest[0], ("", login.session))
        self.record(guest[0])
        self.assert_lives()
        self.assertEqual(login.do("echo still here"), "still here")
        self.assertEqual(self.session_of(login)["state"], "active")

    def test_what_the_user_manager_runs_is_no_member(self):
        self.host.run("loginctl", "enable-linger", "carol")
        self.addCleanup(self.host.run, "loginctl", "disable-linger", "carol")
        login = self.login("carol")
        login.leave("setsid-daemon", self.token)
        unit = f"{self.token}-unit"
        login.do(f"systemd-run --user --quiet --unit={unit} sh -c 'exec sleep 1000' && systemctl --user is-active {unit}")
        shown = self.ask("Show", session=login.session)
        main = self.host.run("sh", "-c", f"cat /sys/fs/cgroup/user.slice/user-*.slice/user@*.service/app.slice/{unit}.service"
                             "/cgroup.procs").stdout.split()
        self.assertEqual(len(main), 1)
        self.assertNotIn(int(main[0]), [member["pid"] for member in shown["members"]])
        self.assertIn(login.pid, [member["pid"] for member in shown["members"]])
        login.close()
        poll_until(lambda: not [pid for pid in self.alive(self.token) if self.inner_pid(pid) not in main], "the left-over to go")
        self.record(login.session)
        self.host.run("kill", "-0", main[0])
        self.host.run("kill", "-KILL", main[0])


class LeftOvers(SystemdCase):
    """What a log-out leaves, with logind's KillUserProcesses=no."""

    def test_a_left_over_ends(self):
        for shape in ("setsid-daemon", "double-fork-daemon", "nohup"):
            with self.subTest(shape):
                token = f"{self.token}-{shape}"
                login = self.login()
                login.leave(shape, token)
                self.assert_lives(token)
                login.close()
                self.await_gone(token)
                record = self.assert_record(login.session, verdict="left", reason="closed")
                told = [process for process in record["processes"] if process["outcome"] == "ended"]
                self.assertTrue(told and all("cgroup" in process["evidence"] for process in told), record)
                self.assert_forgotten(login)

    def assert_forgotten(self, login):
        """systemd and logind have let go of the session as well: none is stuck in "closing"."""
        poll_until(lambda: self.host.read(f"/sys/fs/cgroup{login.cgroup}/cgroup.events") is None, "the scope to go")
        number = login.cgroup.partition("session-")[2].removesuffix(".scope")
        poll_until(lambda: number not in self.host.run("loginctl", "list-sessions", "--no-legend").stdout.split(),
                   "logind to forget the session")
        self.assertEqual([one for one in self.sessions("alice") if one["id"] == login.session], [])

    def test_what_does_not_go_when_asked_is_killed(self):
        login = self.login()
        login.leave("ignores-term", self.token)
        login.close()
        self.await_gone()
        self.assert_record(login.session, verdict="killed")

    def test_five_hoppers_end(self):
        """systemd 252 never ends them: it signals numbers that are somebody else's by then."""
        login = self.login()
        login.leave("hopper", self.token, 5)
        login.leave("setsid-daemon", f"{self.token}-calm")
        login.close()
        # A look at /proc can miss them all; an empty scope cannot.
        self.assert_forgotten(login)
        self.await_gone()

    def test_nothing_left_is_clean(self):
        login = self.login()
        login.close()
        self.assert_record(login.session, verdict="clean")

    def test_a_cut_connection(self):
        login = self.login()
        login.leave("setsid-daemon", self.token)
        login.cut()
        self.await_gone()

    def test_the_leader_is_killed_and_pam_says_nothing(self):
        login = self.login()
        login.leave("setsid-daemon", self.token)
        self.host.run("kill", "-KILL", str(self.session_of(login)["leader"]))
        self.await_gone()
        self.assert_record(login.session, reason="leader-exited")

    def test_the_other_session_of_the_same_user_is_untouched(self):
        first, second = self.login(), self.login()
        self.assertNotEqual(first.session, second.session)
        first.leave("setsid-daemon", f"{self.token}-first")
        second.leave("setsid-daemon", f"{self.token}-second")
        first.close()
        self.await_gone(f"{self.token}-first")
        self.record(first.session)
        self.assert_lives(f"{self.token}-second")
        self.assertEqual(second.do("echo still here"), "still here")
        self.assertEqual(self.session_of(second)["state"], "active")
        second.close()
        self.await_gone(f"{self.token}-second")

    def test_a_session_of_root_is_spared(self):
        login = self.login("root")
        login.leave("setsid-daemon", self.token)
        login.close()
        poll_until(lambda: login.session not in [one["id"] for one in self.sessions() if one["state"] == "active"],
                   "the session to be over")
        self.record(login.session)
        self.assert_lives()

    def test_an_end_that_is_asked_for(self):
        login = self.login()
        login.leave("setsid-daemon", self.token)
        self.ask("End", session=login.session, wait=True)
        self.assertEqual(self.alive(self.token), [])
        self.assert_record(login.session, reason="requested")


class Restarts(SystemdCase):
    """The daemon goes and comes back."""

    def test_sessions_outlive_a_restart(self):
        login = self.login()
        login.leave("setsid-daemon", self.token)
        before = self.session_of(login)
        for command in (["restart", "exeuntd"], ["kill", "--kill-whom=main", "--signal=KILL", "exeuntd"]):
            with self.subTest(command=command):
                old = self.daemon_pid()
                self.host.run("systemctl", *command)
                poll_until(lambda: self.daemon_pid() not in (0, old), "a new daemon")
                poll_until(lambda: self.host.run("systemctl", "is-active", "exeuntd", check=False).returncode == 0, "it to be ready")
                after = self.session_of(login)
                self.assertEqual({**after, "seconds": 0}, {**before, "seconds": 0})
                self.assert_lives()
        login.close()
        self.await_gone()
        self.assert_record(login.session, verdict="left")

    def test_a_daemon_that_is_away_when_somebody_logs_in(self):
        self.host.run("systemctl", "stop", "exeuntd")
        login = self.login()
        login.leave("setsid-daemon", self.token)
        self.host.run("systemctl", "start", "exeuntd")
        self.assertEqual(self.session_of(login)["cgroup"], "/sys/fs/cgroup" + login.cgroup)
        login.close()
        self.await_gone()

    def test_a_daemon_that_is_away_when_somebody_logs_out(self):
        login = self.login()
        login.leave("setsid-daemon", self.token)
        self.host.run("systemctl", "stop", "exeuntd")
        login.close()
        self.assert_lives()
        self.host.run("systemctl", "start", "exeuntd")
        self.await_gone()
        self.record(login.session)

    def log_in_and_out_unheard(self):
        """A log-in of which there is only a note, and nobody but a left-over."""
        self.host.run("systemctl", "stop", "exeuntd")
        login = self.login()
        login.leave("setsid-daemon", self.token)
        leader = login.do("echo $PPID")
        login.close()
        poll_until(lambda: self.host.run("kill", "-0", leader, check=False).returncode, "the leader to be gone")
        self.assertIsNotNone(self.host.read(f"/run/exeunt/pending/{login.session}"))
        self.assert_lives()
        return login

    def test_a_daemon_that_has_missed_all_of_a_log_in(self):
        """The leader, who could say where it is, is gone: the note does."""
        login = self.log_in_and_out_unheard()
        self.host.run("systemctl", "start", "exeuntd")
        self.await_gone()
        record = self.assert_record(login.session, verdict="left")
        self.assertEqual(record["session"]["cgroup"], "/sys/fs/cgroup" + login.cgroup)

    def change_note(self, login, **members):
        """Changes members of the note of a log-in; None takes one away."""
        path = f"/run/exeunt/pending/{login.session}"
        note = {**json.loads(self.host.read(path)), **members}
        text = json.dumps({key: value for key, value in note.items() if value is not None})
        # /run is a file system of the container's own.
        self.host.run("sh", "-c", f"cat >{path} <<'END'\n{text}\nEND\n")

    def test_a_note_without_an_audit_session(self):
        """Not every kernel has them: then there is only what the module has seen."""
        login = self.log_in_and_out_unheard()
        self.change_note(login, auditSession=None)
        self.host.run("systemctl", "start", "exeuntd")
        self.await_gone()
        self.assert_record(login.session, verdict="left")

    def test_a_scope_that_has_only_the_path_of_the_noted_one(self):
        """logind may give a number anew: whoever is in that scope has nothing to do with the note."""
        login = self.log_in_and_out_unheard()
        inode = json.loads(self.host.read(f"/run/exeunt/pending/{login.session}"))["cgroupInode"]
        self.change_note(login, auditSession=None, cgroupInode=inode + 1)
        self.host.run("systemctl", "start", "exeuntd")
        self.assert_record(login.session, verdict="clean")
        self.assert_lives()

    def test_a_module_that_stands_before_pam_systemd(self):
        """It runs in the cgroup of the service still: the scope is where the audit session is."""
        path = "/etc/pam.d/common-session"
        text = self.host.read(path)
        self.addCleanup(self.host.write, path, text)
        lines = text.splitlines(keepends=True)
        ours = next(line for line in lines if "pam_exeunt.so" in line)
        lines.remove(ours)
        lines.insert(next(index for index, line in enumerate(lines) if "pam_systemd.so" in line), ours)
        self.host.write(path, "".join(lines))
        login = self.log_in_and_out_unheard()
        self.assertNotIn("session-", json.loads(self.host.read(f"/run/exeunt/pending/{login.session}")).get("cgroup", ""))
        self.host.run("systemctl", "start", "exeuntd")
        self.await_gone()
        self.assert_record(login.session, verdict="left")

    def test_su_that_nobody_has_heard_of_takes_no_session_along(self):
        """It was in the scope of whoever has called it, who had logged in before there was a daemon, and is still there."""
        self.host.run("systemctl", "stop", "exeuntd")
        login = self.login()
        login.leave("setsid-daemon", self.token)
        # Whoever was logged in before Exeunt was installed.
        self.host.run("sh", "-c", "rm /run/exeunt/pending/*")
        # An orphan, whose parent says nothing about where it belongs.
        login.do("echo alice >/tmp/password")
        login.do(f"setsid sh -c '(sleep 0.2; exec su -s /bin/sh -c \"sleep 0.5; echo >/tmp/{self.token}.su\" alice) "
                 "</tmp/password >/dev/null 2>&1 &'")
        noted = poll_until(lambda: self.host.run("ls", "/run/exeunt/pending").stdout.split(), "the note of su")
        poll_until(lambda: self.host.read(f"/tmp/{self.token}.su"), "su to be over")
        self.host.run("systemctl", "start", "exeuntd")
        poll_until(lambda: not self.host.run("ls", "/run/exeunt/pending").stdout, "the notes to be read")
        poll_until(lambda: not [one for one in self.sessions() if one["id"] in noted], "the session of su to be over")
        self.assert_lives()
        self.assertEqual(login.do("echo still here"), "still here")

    def test_endings_outlive_the_daemon(self):
        """Stopped in the middle of a grace: KILL comes all the same, and the next daemon writes the record."""
        login = self.login()
        login.leave("ignores-term", self.token)
        login.close()
        poll_until(lambda: login.session not in [one["id"] for one in self.sessions() if one["state"] == "active"],
                   "the ending to begin")
        self.host.run("systemctl", "stop", "exeuntd")
        self.await_gone()
        self.host.run("systemctl", "start", "exeuntd")
        self.assert_record(login.session, verdict="killed")
