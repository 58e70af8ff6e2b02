# SPDX-License-Identifier: Apache-2.0
"""Sessions of the real sshd: its PAM session is held by a process of root's, `sshd: user [priv]`."""

import os
import re
import signal
import subprocess

from harness import host, ssh, varlink_client, walk
from harness.login_case import LoginCase, names
from harness.processes import kill, send
from harness.session import poll_until, read_if_there


class SshCase(LoginCase):
    """A server for each class."""

    server_options = ""

    @classmethod
    def prepare_class(cls):
        cls.server = ssh.Server(cls.server_options)
        cls.server.start()
        cls.addClassCleanup(cls.server.kill)

    def setUp(self):
        super().setUp()
        self.before = set(self.daemon.sessions())
        self.clients = []

    def client(self, *command, **options):
        client = ssh.Client(*command, **options)
        client.pid = client.process.pid
        self.clients.append(client)
        self.addCleanup(client.close)
        return client

    def shape(self, place, name, *arguments):
        """A shell command that leaves something, in the environment that shapes want. Without a terminal sshd waits for
        whoever holds the output."""
        return (f"export EXEUNT_TEST={place.token} SHAPE_DIR={place.directory}; "
                f"{' '.join(map(str, (host.SHAPES, name, place.token, *arguments)))} >/dev/null 2>&1")

    def logged_in(self, place, *shape, **options):
        """A client at a terminal that has left a shape, and sits there: (client, session)."""
        client = self.client(f"{self.shape(place, *shape)}; echo in $EXEUNT_SESSION; exec sleep 1000", **options)
        session = client.expect(r"in (\w{12})\r")[1]
        return client, session

    def privileged(self, session):
        return self.daemon.sessions()[session]["leader"]

    def assert_ended(self, place, session, reason, **expected):
        record = self.ended(session, reason=reason, **expected)
        self.assert_gone(place, *self.clients)
        return record


class Sshd(SshCase):
    """Log-ins that end as most do."""

    def test_command(self):
        # Without a terminal: nothing hangs up, nobody but PAM says that it is over.
        place = self.place()
        session = ssh.run(f"{self.shape(place, 'setsid-daemon')}; {self.shape(place, 'nohup')}; echo $EXEUNT_SESSION").strip()
        record = self.assert_ended(place, session, "closed", verdict="left")
        self.assertEqual(names(record), ["shapes", "shapes"], record)
        facts = record["session"]
        self.assertEqual((facts["service"], facts["tty"], facts["type"], facts["remoteHost"]),
                         ("sshd", "ssh", "tty", "127.0.0.1"), record)
        self.assertEqual((facts["user"], facts["owner"]), (host.USER.name, host.USER.uid))

    def test_terminal(self):
        place = self.place()
        client = self.client()
        client.expect(r"\$ ")
        client.type(f"{self.shape(place, 'double-fork-daemon')}; echo in $EXEUNT_SESSION\r")
        session = client.expect(r"in (\w{12})\r")[1]
        self.assertEqual(self.daemon.sessions(host.USER)[session]["state"], "active")
        client.type("exit\r")
        self.assertEqual(client.wait(), 0)
        record = self.assert_ended(place, session, "closed", verdict="left")
        self.assertEqual(names(record), ["shapes"], record)

    def test_copy(self):
        place = self.place()
        since = len(self.daemon.log)
        with open(place.path("source"), "w", encoding="ascii") as file:
            file.write("text\n")
        subprocess.run(["scp", *[{"-p": "-P"}.get(word, word) for word in ssh.OPTIONS], "-i", f"{ssh.DIRECTORY}/key",
                        place.path("source"), f"{host.USER.name}@127.0.0.1:{place.path('target')}"],
                       check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.assertEqual(read_if_there(place.path("target")), "text")
        opened = self.daemon.expect(r"session opened session=(\w{12}) .*service=sshd", since=since)[1]
        record = self.ended(opened)
        self.assertEqual((record["reason"], record["verdict"]), ("closed", "clean"), record)

    def test_channels(self):
        # One connection is one session, whatever goes on in it.
        place = self.place()
        control = place.path("control")
        master = self.client(terminal=False, options=["-M", "-N", "-S", control])
        poll_until(lambda: os.path.exists(control), "the connection")
        said = [ssh.run(f"{self.shape(place, 'plain-child')}; echo $EXEUNT_SESSION", options=["-S", control]).strip()
                for _ in range(3)]
        self.assertEqual(len(set(said)), 1, said)
        self.assertEqual(len(self.daemon.sessions().keys() - self.before), 1)
        self.assertEqual(len(place.written_pids()), 3)
        subprocess.run(ssh.words(options=["-S", control, "-O", "exit"]), check=True, stderr=subprocess.DEVNULL)
        master.wait()
        record = self.assert_ended(place, said[0], "closed", verdict="left")
        self.assertEqual(len(names(record)), 3, record)

    def test_log_in_to_itself(self):
        # `ssh localhost` from inside is a session of its own: its sshd descends from nobody in the outer one.
        outer, inner = self.place(), self.place()
        client, session = self.logged_in(outer, "setsid-daemon")
        command = " ".join(ssh.words(key="user-key"))
        script = f"{command} -n '{self.shape(inner, 'setsid-daemon')}; echo $EXEUNT_SESSION; exec sleep 1000' >{inner.path('said')} 2>&1"
        other = self.client(f"{script} & echo started; wait", terminal=False)
        said = poll_until(lambda: re.fullmatch(r"\w{12}", read_if_there(inner.path("said"))), "the inner session")[0]
        self.assertNotEqual(said, session)
        self.assertEqual(len(self.daemon.sessions().keys() - self.before), 3)
        kill(ssh.user_process(self.privileged(said)))
        self.ended(said, reason="closed")
        poll_until(lambda: not any(map(walk.is_alive, inner.written_pids())), "the inner session's left-overs to go")
        self.assertTrue(all(map(walk.is_alive, outer.written_pids())))
        client.kill()
        self.assert_ended(outer, session, "closed")
        other.kill()

    def test_client_killed(self):
        place = self.place()
        client, session = self.logged_in(place, "nohup")
        client.kill()
        self.assert_ended(place, session, "closed", verdict="left")


class SshdBroken(SshCase):
    """Log-ins whose processes are killed."""

    def test_holder_of_the_pam_session_killed(self):
        # leader-killed: no PAM close will ever come, and the user's sshd, shell and client would go on for ever.
        place = self.place()
        client, session = self.logged_in(place, "setsid-daemon")
        kill(self.privileged(session))
        record = self.assert_ended(place, session, "leader-exited", verdict="left")
        self.assertIn("sshd", names(record), record)
        self.assertIn("sleep", names(record), record)
        client.wait()

    def test_process_of_the_user_killed(self):
        place = self.place()
        client, session = self.logged_in(place, "setsid-daemon")
        kill(ssh.user_process(self.privileged(session)))
        self.assert_ended(place, session, "closed", verdict="left")
        client.wait()

    def test_listener_killed_and_started_again(self):
        place, other = self.place(), self.place()
        client, session = self.logged_in(place, "setsid-daemon")
        self.server.kill()
        self.server.start()
        second, late = self.logged_in(other, "setsid-daemon")
        for name in (session, late):
            self.assertEqual(self.daemon.sessions()[name]["state"], "active")
        client.kill()
        self.assert_ended(place, session, "closed", verdict="left")
        self.assertTrue(all(map(walk.is_alive, other.written_pids())))
        second.kill()
        self.assert_ended(other, late, "closed", verdict="left")

    def test_everything_of_the_session_stopped(self):
        # The user stops her own; whoever asks for the end need not wait for her.
        place = self.place()
        _, session = self.logged_in(place, "setsid-daemon")
        send(ssh.user_process(self.privileged(session)), signal.SIGSTOP)
        for pid in place.written_pids():
            send(pid, signal.SIGSTOP)
        answer = varlink_client.call("End", session=session, wait=True)
        self.assertEqual(answer["record"], self.assert_ended(place, session, "requested"))

    def test_stubborn_left_overs_do_not_keep_the_client(self):
        # Its connection is closed by sshd, which does not wait for the ladder.
        place = self.place()
        client = self.client(f"{self.shape(place, 'ignores-term')}; echo in $EXEUNT_SESSION")
        session = client.expect(r"in (\w{12})\r")[1]
        self.assertEqual(client.wait(), 0)
        poll_until(lambda: self.daemon.sessions()[session]["state"] == "ending", "sshd to close the session")
        varlink_client.call("End", session=session, force=True)
        self.assert_ended(place, session, "closed", verdict="killed")

class SshdCable(SshCase):
    """ssh-cable-pulled: the connection is cut, and nobody says so."""

    server_options = "ClientAliveInterval 1\nClientAliveCountMax 1\n"

    @classmethod
    def prepare_class(cls):
        super().prepare_class()
        cls.cable = ssh.Cable()
        cls.addClassCleanup(cls.cable.remove)

    def test_cable_pulled(self):
        place = self.place()
        client, session = self.logged_in(place, "setsid-daemon", prefix=self.cable.prefix, address=ssh.SERVER_ADDRESS)
        self.assertEqual(self.daemon.sessions()[session]["remoteHost"], ssh.CLIENT_ADDRESS)
        self.cable.pull()
        record = self.assert_ended(place, session, "closed", verdict="left")
        self.assertEqual(record["session"]["remoteHost"], ssh.CLIENT_ADDRESS)
        self.assertIsNone(client.process.poll(), "the client knows of nothing")

    def test_stops_own_sshd(self):
        # stops-own-sshd: it would never see that its client is gone, and PAM's close would never come.
        place = self.place()
        client, session = self.logged_in(place, "setsid-daemon")
        send(ssh.user_process(self.privileged(session)), signal.SIGSTOP)
        client.kill()
        self.assert_ended(place, session, "transport-gone", verdict="left")
