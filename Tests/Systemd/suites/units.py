# SPDX-License-Identifier: Apache-2.0
"""Units of their own: whom users have had moved out of their sessions by their service managers."""

import json

from harness.case import SystemdCase
from harness.container import poll_until


class OwnUnits(SystemdCase):
    """`systemd-run --user --scope`: the audit session comes along, the cgroup does not."""

    def setUp(self):
        super().setUp()
        # What is done after each test kills her manager as well, more often than systemd thinks is right.
        self.host.run("sh", "-c", "systemctl reset-failed user@$(id -u carol).service", check=False)
        # Without it her manager would go soon after her last session, and take all of its units along.
        self.host.run("loginctl", "enable-linger", "carol")
        self.addCleanup(self.host.run, "loginctl", "disable-linger", "carol")

    def move_out(self, login, before="", number=0):
        """Moves a process with the token out of the session, and returns its number in the container."""
        token = f"{self.token}-moved-{number}"
        poll_until(lambda: login.do("systemctl --user is-active default.target") == "active", "her manager to be ready")
        login.do(f"setsid sh -c '{before} exec systemd-run --user --scope --quiet --unit={self.token}-{number} "
                 f"sh -c \"sleep 1000; : {token}\"' >/tmp/{self.token}.out 2>&1 </dev/null &")
        scope = f"app.slice/{self.token}-{number}.scope"
        moved = poll_until(lambda: [pid for pid in self.alive(token) if scope in self.host.read(
            f"/proc/{self.inner_pid(pid)}/cgroup")], f"somebody in the scope (/tmp/{self.token}.out)")
        return min(int(self.inner_pid(pid)) for pid in moved)

    def manager(self, login):
        """The user's manager, and what it has started by itself."""
        unit = f"user@{login.do('id -u')}.service"
        tree = f"/sys/fs/cgroup/user.slice/user-*.slice/{unit}"
        return self.unit(unit, "MainPID")["MainPID"], self.host.run("sh", "-c", f"cat {tree}/init.scope/cgroup.procs").stdout

    def outcome(self, record, pid):
        found = [(one["outcome"], one.get("rule"), one["evidence"]) for one in record["processes"] if one["pid"] == pid]
        self.assertEqual(len(found), 1, record["processes"])
        return found[0]

    def test_who_has_been_moved_out_is_kept_and_written_down(self):
        login = self.login("carol")
        login.leave("setsid-daemon", f"{self.token}-inside")
        moved = self.move_out(login)
        shown = {one["pid"]: one for one in self.ask("Show", session=login.session)["members"]}
        self.assertEqual((shown[moved]["action"], shown[moved]["rule"]), ("keep", "OwnUnits=keep"), shown)
        self.assertEqual((shown[login.pid]["action"], shown[login.pid].get("rule")), ("end", None))
        checked = json.loads(self.exeunt("check", "--json", "--session", login.session).stdout)
        self.assertIn((moved, "keep", "OwnUnits=keep"), [(one["pid"], one["action"], one.get("rule"))
                                                         for one in checked["members"]])
        login.close()
        self.await_gone(f"{self.token}-inside")
        record = self.assert_record(login.session, verdict="kept")
        self.assertEqual(self.outcome(record, moved), ("kept", "OwnUnits=keep", ["audit"]))
        self.assert_lives(f"{self.token}-moved")
        # Not by the unit: who has written it may be gone before the journal looks for its cgroup.
        poll_until(lambda: f"process kept session={login.session} pid={moved}" in self.host.run(
            "journalctl", "--quiet", "--no-pager", f"EXEUNT_SESSION={login.session}", check=False).stdout, "the line in the log")
        # Nothing is left to be looked after: the unit is systemd's.
        poll_until(lambda: not self.sessions("carol"), "the session to be forgotten")

    def test_who_has_been_moved_out_is_ended_where_that_is_refused(self):
        self.configure("OwnUnits=end\n")
        login = self.login("carol")
        service = f"{self.token}-service"
        moved = self.move_out(login)
        login.do(f"systemd-run --user --quiet --unit={service} sleep 1000")
        before = self.manager(login)
        login.close()
        self.await_gone(f"{self.token}-moved")
        record = self.assert_record(login.session, verdict="left")
        self.assertEqual(self.outcome(record, moved), ("ended", None, ["audit"]))
        # The manager, and what it has started, have not the session's audit session.
        again = self.login("carol")
        self.assertEqual(self.manager(again), before)
        self.assertEqual(again.do(f"systemctl --user is-active {service}"), "active")

    def test_who_does_not_go_when_asked_is_killed_outside_as_well(self):
        self.configure("OwnUnits=end\nLadder=CONT TERM 200ms KILL\n")
        login = self.login("carol")
        moved = self.move_out(login, "trap \"\" TERM;")
        login.close()
        self.await_gone(f"{self.token}-moved")
        record = self.assert_record(login.session, verdict="killed")
        self.assertEqual(self.outcome(record, moved)[0], "killed")

    def test_who_has_been_moved_out_is_reported(self):
        self.configure("[Class user]\nOwnUnits=report\n")
        login = self.login("carol")
        moved = self.move_out(login)
        login.close()
        record = self.assert_record(login.session, verdict="reported")
        self.assertEqual(self.outcome(record, moved)[:2], ("reported", "OwnUnits=report of [Class user]"))
        self.assert_lives(f"{self.token}-moved")

    def test_a_rule_refuses_it_to_some(self):
        self.configure("[Rule strict]\nUser=carol\nOwnUnits=end\n")
        login = self.login("carol")
        self.move_out(login)
        login.close()
        self.await_gone(f"{self.token}-moved")

    def test_a_child_that_has_stayed_behind_is_a_left_over(self):
        """Otherwise to move the parent out would take everybody along who is still inside."""
        login = self.login("carol")
        moved = self.move_out(login, f"sh -c \"sleep 1000; : {self.token}-child\" &")
        child = int(self.inner_pid(min(self.alive(f"{self.token}-child"))))
        login.close()
        self.await_gone(f"{self.token}-child")
        record = self.assert_record(login.session, verdict="kept")
        self.assertEqual(self.outcome(record, child)[:2], ("ended", None))
        self.assertEqual(self.outcome(record, moved)[0], "kept")

    def test_hoppers_do_not_hide_behind_who_is_kept(self):
        """A look can miss who only forks and exits, and shows who is kept: it is the kernel that says that the scope is empty."""
        # Each time it is a matter of luck.
        for number in range(5):
            login, token = self.login("carol"), f"{self.token}-hopper-{number}"
            self.move_out(login, number=number)
            login.leave("hopper", token, 1)
            login.close()
            poll_until(lambda: self.host.read(f"/sys/fs/cgroup{login.cgroup}/cgroup.events") is None, "the scope to go")
            self.await_gone(token)
            self.assert_lives(f"{self.token}-moved-{number}")

    def test_a_session_that_is_spared_spares_them_too(self):
        self.configure("KillExcludeUsers=carol\nOwnUnits=end\n")
        login = self.login("carol")
        moved = self.move_out(login)
        login.close()
        record = self.record(login.session)
        self.assertEqual(self.outcome(record, moved)[:2], ("kept", "KillExcludeUsers=carol"))
        self.assert_lives(f"{self.token}-moved")

    def test_weak_evidence_makes_nobody_of_the_managers_a_member(self):
        """Track=user would otherwise end her manager, and all of her services."""
        self.configure("OwnUnits=end\nTrack=cgroup audit user\n")
        login = self.login("carol")
        service = f"{self.token}-service"
        poll_until(lambda: login.do("systemctl --user is-active default.target") == "active", "her manager to be ready")
        login.do(f"systemd-run --user --quiet --unit={service} sleep 1000")
        before = self.manager(login)
        login.close()
        self.record(login.session)
        again = self.login("carol")
        self.assertEqual(self.manager(again), before)
        self.assertEqual(again.do(f"systemctl --user is-active {service}"), "active")
