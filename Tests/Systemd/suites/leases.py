# SPDX-License-Identifier: Apache-2.0
"""What may stay: leases, each in a transient scope that systemd has been asked for."""

import json

from harness.case import SystemdCase
from harness.container import poll_until

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
