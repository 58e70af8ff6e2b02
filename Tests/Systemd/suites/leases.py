# SPDX-License-Identifier: Apache-2.0
"""What may stay: leases, each in a transient scope that systemd has been asked for."""

import json
import os
import signal
import subprocess

from harness.case import RECORDS, SystemdCase
from harness.container import DEADLINE, poll_until

HANG_UP = r"""use Socket;
socket(my $peer, PF_UNIX, SOCK_STREAM, 0) or die;
connect($peer, sockaddr_un("/run/exeunt/io.exeunt")) or die;
my $call = qq({"method":"io.exeunt.Sessions.Keep","parameters":{"seconds":60,"command":["sh"]}});
syswrite $peer, "$call\0";
# Not before it has been moved: the call of a peer that is gone need not be heard.
for (;;) {
    open(my $place, "<", "/proc/self/cgroup") or die;
    last if grep { /exeunt-lease-/ } <$place>;
}
close $peer;
exec "sh", "-c", $ARGV[0];
"""


class Leases(SystemdCase):
    """`exeunt keep`, and the programs that call it by themselves."""

    def leases(self, user="alice"):
        return [lease for lease in self.ask("Leases")["leases"] if lease["user"] == user]

    def keep(self, login, seconds=3600):
        """Keeps a process with the token, and returns its lease."""
        asked = json.dumps({"seconds": seconds, "reason": "a test", "command": ["sh"]})
        # What `exeunt keep` does: the lease is the caller's, who then becomes the program.
        login.do(f"/usr/lib/exeunt-test/ask Keep '{asked}' sh -c 'sleep 1000; : {self.token}' >/tmp/{self.token}.out 2>&1 &")
        return poll_until(self.leases, f"a lease (asked: /tmp/{self.token}.out)", 10)[0]

    def test_a_lease_is_a_scope_that_outlives_the_session(self):
        login = self.login()
        login.leave("setsid-daemon", f"{self.token}-other")
        lease = self.keep(login)
        scope = f"exeunt-lease-{lease['id']}.scope"
        state = self.unit(scope, "ActiveState", "ControlGroup", "Transient")
        self.assertEqual((state["ActiveState"], state["Transient"]), ("active", "yes"))
        self.assertEqual(lease["cgroup"], "/sys/fs/cgroup" + state["ControlGroup"])
        self.assertEqual((lease["session"], lease["reason"]), (login.session, "a test"))
        login.close()
        self.await_gone(f"{self.token}-other")
        self.assert_record(login.session, verdict="kept")
        self.assert_lives()
        self.assertEqual([one["id"] for one in self.leases()], [lease["id"]])
        self.exeunt("release", lease["id"])
        self.await_gone()
        poll_until(lambda: not self.leases(), "the lease to be over")
        poll_until(lambda: self.unit(scope, "ActiveState")["ActiveState"] == "inactive", "the scope to go")

    def test_whoever_hangs_up_has_a_lease_all_the_same(self):
        # Otherwise asking, and not waiting, would be the way out that nobody knows of.
        login = self.login()
        self.host.write("/usr/lib/exeunt-test/hang-up.pl", HANG_UP)
        login.do(f"setsid perl /usr/lib/exeunt-test/hang-up.pl 'sleep 1000; : {self.token}' >/dev/null 2>&1 </dev/null &")
        lease = poll_until(self.leases, "a lease", 10)[0]
        poll_until(lambda: self.alive(self.token), "the program to be run")
        login.close()
        self.record(login.session)
        self.exeunt("release", lease["id"])
        self.await_gone()

    def test_a_lease_outlives_the_daemon(self):
        login = self.login()
        lease = self.keep(login)
        self.host.run("systemctl", "restart", "exeuntd")
        self.assertEqual(self.leases(), [lease])
        login.close()
        self.record(login.session)
        self.assert_lives()

    def test_a_lease_expires(self):
        login = self.login()
        self.keep(login, 1)
        login.close()
        self.await_gone()

    def test_what_is_refused_goes_with_the_session(self):
        self.configure("[Keep]\nDeny=alice\n")
        login = self.login()
        self.assertEqual(login.do("exeunt keep -- echo started >/tmp/refused 2>/dev/null; echo $?; cat /tmp/refused"), "1")
        name = f"/tmp/{self.token}.out"
        login.do(f"setsid exeunt keep --or-run -- sh -c 'sleep 1000; : {self.token}' >{name} 2>&1 &")
        poll_until(lambda: self.host.read(name), "the warning")
        poll_until(lambda: self.alive(f"sleep 1000; : {self.token}"), "the program to be run")
        self.assertEqual(self.leases(), [])
        self.assert_lives()
        login.close()
        self.await_gone()

    def test_the_command_takes_one(self):
        login = self.login()
        login.do(f"exeunt keep --for 1h --reason 'a test' -- sh -c 'sleep 1000; : {self.token}' >/tmp/{self.token}.out 2>&1 &")
        lease = poll_until(self.leases, "the lease")[0]
        self.assertEqual((lease["reason"], lease["command"].split()[0]), ("a test", "/usr/bin/sh"))
        login.close()
        self.record(login.session)
        self.assert_lives()

    def test_tmux_of_the_wrappers_takes_one(self):
        login = self.login()
        login.do(f"PATH=/usr/lib/exeunt/wrappers:$PATH tmux new-session -d 'sleep 1000; : {self.token}'")
        self.assertEqual(len(self.leases()), 1)
        login.close()
        self.record(login.session)
        self.assert_lives()
        # A window that somebody opens later belongs to the server, and to its lease.
        second = self.login()
        second.do(f"tmux new-window -d 'sleep 1000; : {self.token}-window'")
        second.close()
        self.record(second.session)
        self.assert_lives(f"{self.token}-window")
        self.exeunt("release", self.leases()[0]["id"])
        self.await_gone()


class Strays(SystemdCase):
    """Scopes of leases that no lease has: systemd was too late, or the daemon has lost the answer."""

    ID = "0123456789ab"

    def make_scope(self, identity=ID):
        """As systemd makes it for a lease, without anybody having granted one."""
        process = self.host.start("systemd-run", "--scope", "--quiet", f"--unit=exeunt-lease-{identity}.scope",
                                  "sh", "-c", f"sleep 1000; : {self.token}", stdout=subprocess.DEVNULL,
                                  stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait, DEADLINE)

    def in_scope(self, identity=ID):
        scope = f"exeunt-lease-{identity}.scope"
        return [pid for pid in self.alive(f"1000; : {self.token}") if scope in (
            self.host.read(f"/proc/{self.inner_pid(pid)}/cgroup") or "")]

    def assert_ended(self):
        self.await_gone()
        record = self.assert_record(self.ID, verdict="left", reason="requested")
        self.assertEqual(record["session"]["cgroup"], f"/sys/fs/cgroup/system.slice/exeunt-lease-{self.ID}.scope")
        poll_until(lambda: "is no lease's: it is ended" in self.host.journal("exeuntd", 400), "the line in the log")
        self.assertEqual(self.ask("Leases")["leases"], [])

    def forget_records(self):
        self.host.run("sh", "-c", f": >{RECORDS}")

    def test_one_that_a_daemon_has_left(self):
        self.forget_records()
        self.host.run("systemctl", "stop", "exeuntd")
        self.make_scope()
        poll_until(self.in_scope, "somebody in the scope")
        self.host.run("systemctl", "start", "exeuntd")
        self.assert_ended()

    def test_one_that_comes_when_nobody_waits(self):
        self.forget_records()
        self.make_scope()
        self.assert_ended()

    def test_one_that_has_come_from_a_session_ends_with_it(self):
        """What it was told when it got no lease."""
        self.forget_records()
        login = self.login("root")
        login.do(f"setsid systemd-run --scope --quiet --unit=exeunt-lease-{self.ID}.scope "
                 f"sh -c 'sleep 1000; : {self.token}' >/dev/null 2>&1 </dev/null &")
        entered = poll_until(lambda: self.ask("Leases")["leases"], "the scope to be entered")
        self.assertEqual([(one["id"], one["session"]) for one in entered], [(self.ID, login.session)])
        self.assertTrue(self.in_scope())
        self.host.run("systemctl", "restart", "exeuntd")
        self.assertEqual([one["id"] for one in self.ask("Leases")["leases"]], [self.ID])
        self.assertTrue(self.in_scope())
        login.close()
        self.await_gone()

    def test_one_whose_name_is_no_id_is_left_alone(self):
        self.make_scope("by-hand")
        poll_until(lambda: "exeunt-lease-by-hand.scope is called like a lease's scope" in self.host.journal("exeuntd", 400),
                   "the line in the log")
        self.assert_lives()

    def test_systemd_that_answers_too_late(self):
        """Seen with systemd 252: it makes no scope for who has asked and is gone. Whoever has none stays in the session."""
        login = self.login()
        os.kill(self.host.init, signal.SIGSTOP)
        try:
            login.do(f"setsid exeunt keep --or-run -- sh -c 'sleep 1000; : {self.token}' >/tmp/{self.token}.out 2>&1 "
                     "</dev/null &")
            # busctl is given up after five seconds, and then the program is run without a lease.
            poll_until(lambda: self.host.read(f"/tmp/{self.token}.out"), "the warning")
        finally:
            os.kill(self.host.init, signal.SIGCONT)
        self.assertEqual(self.ask("Leases")["leases"], [])
        login.close()
        self.await_gone()
        self.record(login.session)
