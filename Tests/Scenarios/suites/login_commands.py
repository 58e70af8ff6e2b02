# SPDX-License-Identifier: Apache-2.0
"""The commands of root and of ordinary users, with exeuntd and log-ins."""

import json
import os
import shutil
import subprocess

from harness import host, varlink_client
from harness.commands import Asking
from harness.login_case import PATIENT, LoginCase, leaves
from harness.session import poll_until

GROUP = 64211


class LoginCommands(Asking, LoginCase):
    """A session of somebody's, beside that of the neighbour, who is the same user."""

    @classmethod
    def prepare_class(cls):
        host.append("/etc/group", f"exeunt:x:{GROUP}:\n")

    def setUp(self):
        super().setUp()
        self.own = self.place()
        self.session = self.open(self.own, user=host.STRANGER, tty="pts/7", rhost="client.example")

    def ids(self, identity=None):
        return self.answer("list", "--quiet", identity=identity)

    def test_who_sees_what(self):
        both = [self.neighbour.session, self.session.session]
        self.assertEqual(self.ids(), both)
        self.assertEqual(self.ids(host.STRANGER), both[1:])
        self.assertEqual(self.ids(host.USER), both[:1])
        result = self.start_program(self.place(), "setpriv", "--reuid", "nobody", "--regid", "nogroup", "--groups", str(GROUP),
                                    host.EXEUNT, "list", "--quiet").finish()
        self.assertEqual(result.stdout.split(), both, result)
        self.assertIn("pts/7        client.example", self.answer("list")[2])
        for words in (("show",), ("end",), ("check", "--session")):
            self.assertIn(f"there is no session {both[1]}; ", self.refusal(1, *words, both[1], identity=host.USER))

    def test_the_tree(self):
        self.session.shape(self.own, "setsid-daemon")
        document = json.loads(self.answer("show", "--json", self.session.session, identity=host.STRANGER)[0])
        leader, daemon = document["members"]
        self.assertEqual((leader["pid"], daemon["executable"]), (self.session.pid, host.SHAPES))
        self.assertEqual((daemon["uid"], daemon["evidence"][0], daemon["action"]), (host.STRANGER.uid, "cgroup", "end"))
        self.assertEqual((document["action"], document["why"]), ("end", "KillUserProcesses=yes"))
        self.assertIn(f"  {host.SHAPES}", self.answer("show", self.session.session)[-1])

    def test_what_the_end_would_do(self):
        self.reconfigure(f"{PATIENT}[Rule shapes]\nExe={host.SHAPES}\nAction=keep\nFor=1h\n")
        self.session.shape(self.own, "setsid-daemon")
        lines = self.answer("check", "--session", self.session.session, identity=host.STRANGER)
        self.assertIn("left-overs are ended (KillUserProcesses=yes)", lines[0])
        self.assertIn("keep    shapes", "\n".join(lines))
        self.assertEqual(lines[-1], "1 would be ended, 1 kept, 0 reported")
        self.reconfigure(f"{PATIENT}KillExcludeUsers={host.STRANGER.name}\n")
        self.assertIn(f"left-overs live on (KillExcludeUsers={host.STRANGER.name})",
                      self.answer("check", "--session", self.session.session)[0])
        self.assertEqual(self.ids(host.STRANGER), [self.session.session])
        self.reconfigure(PATIENT)
        self.session.log_out()
        self.ended(self.session.session, verdict="left")

    def test_the_owner_ends_it(self):
        self.session.shape(self.own, "setsid-daemon")
        lines = self.answer("end", "--wait", self.session.session, identity=host.STRANGER)
        self.assertRegex(lines[0], f"^session {self.session.session}: 1 left; all went when asked, in ")
        self.assertRegex(lines[1], rf"^  \d+ {host.SHAPES} \[cgroup.*\] ended by TERM after ")
        self.assert_gone(self.own)
        self.ended(self.session.session, reason="requested")

    def test_by_force(self):
        self.session.shape(self.own, "ignores-all-but-kill")
        document = json.loads(self.answer("end", "--wait", "--force", "--json", self.session.session)[0])
        self.assertEqual(document["sessions"][0]["verdict"], "killed")
        self.assertEqual(self.schema.problems(document["sessions"][0]["record"]), [])

    def test_a_lease_outlives_its_session(self):
        self.assertEqual(self.session.run(f"{host.EXEUNT} keep --for 1h --reason 'a test' -- {host.SHAPES} setsid-daemon {self.own.token}"), 0)
        lease, = json.loads(self.answer("leases", "--json", identity=host.STRANGER)[0])["leases"]
        self.assertEqual((lease["session"], lease["reason"], lease["owner"]), (self.session.session, "a test", host.STRANGER.uid))
        self.session.log_out()
        # Nobody of its own was left.
        self.assertEqual(self.daemon.record(self.session.session)["verdict"], "kept")
        self.assertNotEqual(self.own.left(ignoring={os.getpid()}), [])
        self.assertIn(f"there is no lease {lease['id']}", self.refusal(1, "release", lease["id"], identity=host.USER))
        self.assertEqual(self.answer("release", lease["id"], identity=host.STRANGER), [])
        self.ended(lease["id"], verdict="left")
        self.assert_gone(self.own)
        self.assertEqual(self.answer("leases"), [])

    def test_a_lease_that_is_refused(self):
        self.reconfigure(f"{PATIENT}[Keep]\nDeny={host.STRANGER.name}\n")
        said = self.own.path("said")
        self.assertEqual(self.session.run(f"{host.EXEUNT} keep -- true 2>{said}"), 1)
        with open(said, encoding="utf-8") as file:
            self.assertEqual(file.read(), (
                f"exeunt: no lease for true: Deny={host.STRANGER.name} of [Keep] forbids it\n"
                "exeunt: the program will be ended when your session is over\n"))
        self.assertEqual(self.session.run(f"{host.EXEUNT} keep --or-run -- {host.SHAPES} setsid-daemon {self.own.token} 2>/dev/null"), 0)
        self.session.log_out()
        self.ended(self.session.session, verdict="left")
        self.assert_gone(self.own)

    def test_what_has_ended(self):
        self.session.log_out()
        self.ended(self.session.session)
        rows = [self.answer("history", "--limit", "1", identity=identity)[1] for identity in (None, host.STRANGER)]
        self.assertIn(f"{self.session.session}  stranger  exeunt-test  closed", rows[0])
        self.assertEqual(rows[0], rows[1])
        self.assertNotIn(self.session.session, "\n".join(self.answer("history", "--json", identity=host.USER)))

    def test_what_would_have_been_ended(self):
        self.reconfigure(f"{PATIENT}KillUserProcesses=report\n")
        self.session.shape(self.own, "setsid-daemon")
        self.session.log_out()
        self.ended(self.session.session, verdict="reported")
        report = json.loads(self.answer("report", "--json", "--since", "1min", identity=host.STRANGER)[0])
        self.assertEqual([(one["program"], one["user"], one["processes"]) for one in report["entries"]], [(host.SHAPES, "stranger", 1)])

    def test_payloads_of_others(self):
        self.reconfigure(f"{PATIENT}[Run]\nAllow={host.STRANGER.name}:{host.USER.name}\n")
        out = self.own.path("out")
        words = f"{host.EXEUNT} run --user {host.USER.name} -- sh -c 'id -un; {host.SHAPES} setsid-daemon {self.own.token}; exit 7' >{out}"
        self.assertEqual(self.session.run(words), 7)
        with open(out, encoding="utf-8") as file:
            self.assertEqual(file.read(), "user\n")
        self.assert_gone(self.own, self.session)
        self.assertEqual(self.session.run(f"{host.EXEUNT} run --user root -- true 2>/dev/null"), 125)
        self.session.log_out()

    def test_a_hung_up_run_is_ended(self):
        self.reconfigure(f"{PATIENT}[Run]\nAllow={host.STRANGER.name}:{host.USER.name}\n")
        self.session.start(f"{host.EXEUNT} run --user {host.USER.name} -- sh -c 'echo $$ >{self.own.path('ran')}; exec sleep 1000'")
        poll_until(lambda: os.path.exists(self.own.path("ran")) and os.path.getsize(self.own.path("ran")), "the payload")
        shutil.copy(self.own.path("ran"), self.own.path("copy"))
        self.session.log_out()
        self.ended(self.session.session)
        with open(self.own.path("copy"), encoding="ascii") as file:
            pid = int(file.read())
        poll_until(lambda: not os.path.exists(f"/proc/{pid}"), "the payload to go")
        self.assertEqual(leaves(), [self.neighbour.session])

    def test_a_cgroup_that_is_gone_by_then(self):
        # In the daemon's own the payload would outlive its caller's session, and have none of her limits.
        self.reconfigure(f"{PATIENT}[Run]\nAllow={host.STRANGER.name}:{host.USER.name}\n")
        directory = f"{host.CGROUPS}/{self.own.token}-caller"
        os.mkdir(directory)

        def prepare():
            with open(f"{directory}/cgroup.procs", "w", encoding="ascii") as file:
                file.write("0")
            os.setgroups([])
            os.setgid(host.STRANGER.uid)
            os.setuid(host.STRANGER.uid)
        caller = subprocess.Popen(
            ["python3", "-c", CALLER, varlink_client.SOCKET, host.USER.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True, preexec_fn=prepare)
        self.assertEqual(caller.stdout.readline(), "asked\n")
        with open(f"{host.CGROUPS}/cgroup.procs", "w", encoding="ascii") as file:
            file.write(str(caller.pid))
        os.rmdir(directory)
        said, _ = caller.communicate("go on\n")
        self.assertIn("exeunt: the cgroup that you have asked from is gone", said)
        self.assertEqual(json.loads(said.splitlines()[-1])["parameters"]["exitCode"], 125, said)
        self.session.log_out()


CALLER = """
import json, os, socket, sys
client = socket.socket(socket.AF_UNIX)
client.connect(sys.argv[1])
call = {"method": "io.exeunt.Sessions.Run", "more": True,
        "parameters": {"user": sys.argv[2], "command": ["true"], "environment": []}}
client.sendall(json.dumps(call).encode() + bytes(1))
def receive():
    answer = b""
    while not answer.endswith(bytes(1)):
        answer += client.recv(4096)
    return answer[:-1].decode()
receive()
print("asked", flush=True)
sys.stdin.readline()
socket.send_fds(client, [bytes(1)], [0, 1, 1])
print(receive(), flush=True)
"""
