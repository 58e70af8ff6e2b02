# SPDX-License-Identifier: Apache-2.0
"""Log-ins on hosts that lack something: control groups, or login uids."""

from harness import host, logins, walk
from harness.login_case import LoginCase, configuration, leaves, names
from harness.processes import kill
from suites.expectations import KILLED, SHAPES
from suites.left_overs import test_name

# Each is told by itself. Not hoppers: without a cgroup nothing vouches that nobody was missed.
WITHOUT = [shape for shape in SHAPES if shape.name in (
    "plain-child", "crowd", "tree", "setsid-daemon", "double-fork-daemon", "nohup", "ignores-all-but-kill", "exits-slowly",
    "stopped", "clears-environ", "forges-mark", "evil-comm", "zombie-parent", "setuid-child",
    "main-thread-gone", "uid-changer", "pid-namespace")]


class WithoutCgroups(LoginCase):
    """No cgroup version 2 that the daemon could write to: sessions are tracked by the audit session that PAM has begun."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.restart_without()

    @classmethod
    def restart_without(cls):
        """Its own view of the host alone: the tests themselves go on to see cgroups."""
        cls.daemon.kill()
        cls.daemon.start("unshare", "--mount", "--propagation", "private", "sh", "-c",
                         f'umount -l {host.CGROUPS} && exec "$@"', "sh")

    def setUp(self):
        if not self.daemon.is_running:
            self.restart_without()
        super().setUp()

    def test_facts(self):
        login = self.open(self.place())
        session = self.daemon.sessions()[login.session]
        self.assertNotIn("cgroup", session)
        self.assertEqual((session["trackers"], leaves()), (["audit"], []))
        login.log_out()
        self.assertNotIn("cgroup", self.ended(login.session, reason="closed", verdict="clean")["session"])

    def run_shape_of(self, shape):
        place = self.place()
        self.reconfigure(configuration(shape.ladder))
        login = self.open(place)
        login.shape(place, shape.name, *shape.arguments, as_caller="root" in shape.needs)
        login.log_out()
        record = self.ended(login.session, reason="closed")
        wanted = {"killed"} if shape.ending(["audit"]) == KILLED else {"left", "killed"}
        self.assertIn(record["verdict"], wanted, record)
        if shape.fixed:
            found = {process["pid"] for process in record["processes"]}
            self.assertLessEqual(set(place.written_pids()), found, record)
            self.assertEqual({tuple(process["evidence"]) for process in record["processes"] if process["pid"] != login.pid},
                             {("audit",)}, record)
        self.assert_gone(place)

    def test_leader_killed_while_the_daemon_is_away(self):
        place = self.place()
        login = self.open(place)
        login.shape(place, "double-fork-daemon")
        self.daemon.kill()
        login.kill()
        self.restart_without()
        self.ended(login.session, reason="leader-exited", verdict="left")
        self.assert_gone(place)


for row in WITHOUT:
    setattr(WithoutCgroups, test_name(row), lambda self, row=row: self.run_shape_of(row))


class WithoutLoginUids(LoginCase):
    """No pam_loginuid in the stack: the cgroup is all there is, and enough."""

    def test_left_overs(self):
        logins.write_service("exeunt-plain", loginuid=False)
        place = self.place()
        login = self.open(place, service="exeunt-plain")
        login.shape(place, "double-fork-daemon")
        login.shape(place, "ignores-term")
        self.reconfigure(configuration("CONT TERM 300ms KILL"))
        login.log_out()
        record = self.ended(login.session, reason="closed", verdict="killed")
        self.assertEqual(names(record), ["shapes", "shapes"], record)
        self.assert_gone(place)

    def test_a_login_uid_that_is_set_by_the_user_counts_for_nothing(self):
        # Who has none may set it once, to anything. A service of the host that does is no member of a session.
        logins.write_service("exeunt-plain", loginuid=False)
        place = self.place()
        login = self.open(place, service="exeunt-plain")
        stranger = self.login(place)
        pid = stranger.start("echo 0 >/proc/self/loginuid; exec sleep 1000")
        login.start("exec sleep 1000")
        login.log_out()
        record = self.ended(login.session, reason="closed", verdict="left")
        self.assertEqual(names(record), ["sleep"], record)
        self.assertTrue(walk.is_alive(pid))
        kill(pid)
