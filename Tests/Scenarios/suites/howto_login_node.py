# SPDX-License-Identifier: Apache-2.0
"""What docs/howto/login-node.md claims, with its configuration: a first week that only reports, then students' left-overs
go and the staff's tmux stays."""

import json
import os
import re
import subprocess

from harness import host, ssh, walk
from harness.daemon import NOTES
from harness.login_case import LoginCase, names
from harness.processes import kill
from harness.session import poll_until

PAGE = os.path.join(os.path.dirname(__file__), "../../../docs/howto/login-node.md")


def page():
    """The configuration of the page."""
    with open(PAGE, encoding="utf-8") as file:
        return re.search(r"```ini\n(.*?)```", file.read(), re.DOTALL)[1]


def exeunt(*words, identity=None):
    """(exit code, output, errors) of the command."""
    prefix = [] if identity is None else ["setpriv", "--reuid", str(identity.uid), "--clear-groups"]
    done = subprocess.run([*prefix, host.EXEUNT, *words], capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def programs(record):
    """Who is in the record, but for sshd's own process of the user's, which may still be about to exit."""
    return [name for name in names(record) if name != "sshd"]


class LoginNode(LoginCase):
    """Sam, a student, is the user of the other tests; Tess, of the staff, is the stranger."""

    configuration = page()
    has_neighbour = False

    @classmethod
    def prepare_class(cls):
        subprocess.run(["groupadd", "employees"], check=True)
        subprocess.run(["usermod", "--append", "--groups", "employees", host.STRANGER.name], check=True)
        cls.server = ssh.Server()
        cls.server.start()
        cls.addClassCleanup(cls.server.kill)

    def log_in(self, user, command):
        """Somebody who logs in, does that and logs out: her session."""
        return ssh.run(f"{command} >/dev/null 2>&1 </dev/null & sleep 0.3; echo $EXEUNT_SESSION", user=user).strip()

    def test_first_week(self):
        session = self.log_in(host.USER, "nohup sleep 5000")
        record = self.ended(session, reason="closed", verdict="reported")
        self.assertEqual(programs(record), ["sleep"], record)
        self.assertEqual([process["outcome"] for process in record["processes"] if process["name"] == "sleep"], ["reported"])
        self.assertEqual(self.daemon.sessions()[session]["state"], "kept")
        self.assertIn("would have been ended", exeunt("report")[1])
        code, said, _ = exeunt("end", "--wait", session)
        self.assertEqual(code, 0, said)
        self.assertRegex(said, rf"session {session}: 1 left; all went when asked")

    def test_in_earnest(self):
        self.reconfigure(self.configuration.replace("=report", "=yes").replace("10s KILL", "1s KILL"))
        sam = self.log_in(host.USER, "sh -c 'trap \"\" TERM HUP; sleep 5000; :'")
        self.ended(sam, reason="closed", verdict="killed")
        self.assertIn("Allow= of [Keep] does not name you", self.log_in_and_keep(host.USER))
        tess = self.log_in(host.STRANGER, "tmux -L howto new-session -d")
        record = self.ended(tess, reason="closed", verdict="kept")
        kept = {process["name"]: process["rule"] for process in record["processes"] if process["outcome"] == "kept"}
        self.assertEqual(set(kept.values()), {"staff-tmux"}, record)
        self.assertIsNotNone(self.daemon.sessions()[tess]["keptUntil"])
        self.assertEqual(exeunt("show", tess, identity=host.USER)[0], 1, "nobody sees what is somebody else's")
        self.assertEqual(exeunt("end", "--wait", tess)[0], 0)

    def log_in_and_keep(self, user):
        return ssh.run(f"{host.EXEUNT} keep -- sleep 5000 2>&1", "|| :", user=user)

    def test_lease(self):
        self.reconfigure(self.configuration.replace("=report", "=yes"))
        session = self.log_in(host.STRANGER, f"{host.EXEUNT} keep --for 8h --reason scan -- sleep 5000")
        # Nobody of the session itself is left.
        record = self.daemon.record(session)
        self.assertEqual((record["verdict"], programs(record)), ("kept", []), record)
        lease = json.loads(exeunt("leases", "--json")[1])["leases"][0]
        self.assertEqual((lease["session"], lease["user"], lease["reason"]), (session, host.STRANGER.name, "scan"))
        self.assertTrue(walk.is_alive(lease["pid"]))
        self.assertEqual(exeunt("release", lease["id"])[0], 0)
        poll_until(lambda: not walk.is_alive(lease["pid"]), "the program to be ended with its lease")

    def test_killed_holder(self):
        self.reconfigure(self.configuration.replace("=report", "=yes"))
        client = ssh.Client("setsid sleep 5000 & echo in $EXEUNT_SESSION; exec sleep 6000")
        self.addCleanup(client.close)
        session = client.expect(r"in (\w{12})\r")[1]
        kill(self.daemon.sessions()[session]["leader"])
        record = self.ended(session, reason="leader-exited", verdict="left")
        self.assertIn("sshd", names(record), record)

    def test_daemon_away(self):
        self.reconfigure(self.configuration.replace("=report", "=yes"))
        self.daemon.stop()
        session = self.log_in(host.USER, "setsid sleep 5000")
        poll_until(lambda: os.path.exists(f"{NOTES}/{session}.closed"), "the note of the log-out")
        self.daemon.start()
        record = self.ended(session, verdict="left")
        self.assertEqual(programs(record), ["sleep"], record)
