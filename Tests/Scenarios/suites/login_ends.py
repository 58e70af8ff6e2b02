# SPDX-License-Identifier: Apache-2.0
"""The ways in which the session of a log-in ends."""

import os
import signal

from harness import host, varlink_client, walk
from harness.daemon import Changes
from harness.login_case import BRISK, PATIENT, LoginCase, names
from harness.processes import send
from harness.session import poll_until, read_if_there


class LoginEnds(LoginCase):
    """Each reason, and what it does to those who were left."""

    def test_closed(self):
        # PAM's close is called by a process inside the session's cgroup, which must live on to exit by itself.
        place = self.place()
        login = self.open(place, tty="pts/7", rhost="client.example")
        login.shape(place, "setsid-daemon")
        login.close()
        login.leave()
        self.assertEqual(login.process.returncode, 0)
        record = self.ended(login.session, reason="closed", verdict="left")
        self.assertEqual(names(record), ["shapes"], record)
        session = record["session"]
        self.assertEqual((session["user"], session["owner"]), (host.USER.name, host.USER.uid))
        self.assertEqual((session["service"], session["class"], session["type"]), ("exeunt-test", "user", "tty"))
        self.assertEqual((session["tty"], session["remoteHost"]), ("pts/7", "client.example"))
        self.assertEqual(session["leader"]["pid"], login.pid)
        self.assert_gone(place)

    def test_closed_with_nothing_left(self):
        # Nobody waits for a leader that exits, nor for graces that nobody needs.
        login = self.open(self.place())
        self.assertEqual(login.run("true"), 0)
        login.log_out()
        record = self.ended(login.session, reason="closed", verdict="clean")
        self.assertLess(record["times"]["endingSeconds"], 4, record)
        self.assertEqual(names(record), [], record)

    def test_the_environment_of_a_session_names_it(self):
        place = self.place()
        login = self.open(place)
        self.assertEqual(login.run(f'echo "$EXEUNT_SESSION" >{place.path("said")}'), 0)
        self.assertEqual(read_if_there(place.path("said")), login.session)
        login.log_out()

    def test_leader_killed(self):
        # leader-killed: PAM's close never comes.
        place = self.place()
        login = self.open(place)
        login.shape(place, "double-fork-daemon")
        login.kill()
        record = self.ended(login.session, reason="leader-exited", verdict="left")
        self.assertEqual(names(record), ["shapes"], record)
        self.assert_gone(place)

    def test_leader_leaves_without_closing(self):
        place = self.place()
        login = self.open(place)
        login.shape(place, "nohup")
        login.leave()
        self.ended(login.session, reason="leader-exited", verdict="left")
        self.assert_gone(place)

    def test_closed_leader_alive(self):
        # closed-leader-alive: it has 5 s, and is a left-over then. The others do not wait for it.
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        login.close()
        login.await_exit()
        self.assertLess(login.process.returncode, 0, "it was asked to go by a signal")
        record = self.ended(login.session, reason="closed", verdict="left")
        times = {process["pid"]: process["seconds"] for process in record["processes"]}
        self.assertIn(login.pid, times, record)
        self.assertGreaterEqual(times.pop(login.pid), 4.9, record)
        self.assertEqual(len(times), 1, record)
        self.assertLess(max(times.values()), 4, record)
        self.assert_gone(place)

    def test_relogin_within_1s(self):
        # relogin-within-1s: the first session is still ending when the next one is opened.
        place = self.place()
        first = self.open(place)
        first.shape(place, "exits-slowly")
        first.log_out()
        second = self.open(place)
        second.start("exec sleep 1000")
        self.assertNotEqual(first.session, second.session)
        record = self.ended(first.session, reason="closed", verdict="left")
        self.assertEqual(read_if_there(place.path("saved")), "first half, second half")
        self.assertNotIn(second.session, {record["session"]["id"] for record in self.daemon.records()})
        self.assert_active(second)
        self.assertGreaterEqual(record["times"]["endingSeconds"], 1, "it was not the last session that had ended")
        second.kill()
        self.ended(second.session, reason="leader-exited", verdict="left")
        self.assert_gone(place)

    def test_second_session_same_user(self):
        # second-session-same-user: the same user, the same program, nothing in common but the cgroup's parent.
        place, other = self.place(), self.place()
        login, second = self.open(place), self.open(other)
        login.shape(place, "crowd", 20)
        second.shape(other, "crowd", 20)
        login.log_out()
        record = self.ended(login.session, reason="closed")
        self.assertEqual(len(names(record)), 20, record)
        self.assert_gone(place)
        self.assertEqual(sum(map(walk.is_alive, other.written_pids())), 20)
        second.log_out()
        self.assertEqual(len(names(self.ended(second.session, reason="closed"))), 20)
        self.assert_gone(other)

    def test_root_session(self):
        # root-session: spared by default, and written down.
        place = self.place(host.ROOT)
        login = self.open(place, host.ROOT)
        login.shape(place, "setsid-daemon")
        login.log_out()
        record = self.ended(login.session, reason="closed", verdict="kept")
        # A leader that has not left yet is spared like everybody.
        left = [process for process in record["processes"] if process["pid"] != record["session"]["leader"]["pid"]]
        self.assertEqual([process["rule"] for process in left], ["KillExcludeUsers=root"], record)
        self.assertEqual([walk.is_alive(pid) for pid in place.written_pids()], [True], record)
        self.assertEqual(self.daemon.sessions()[login.session]["state"], "kept")
        # And asked for it ends, whatever the lists say.
        answer = varlink_client.call("End", session=login.session, wait=True)
        self.assertEqual((answer["verdict"], answer["record"]["reason"]), ("left", "requested"), answer)
        self.assert_gone(place)

    def test_what_root_has_left_goes_by_itself(self):
        # Then nobody has to be told anything, and the session is forgotten.
        place = self.place(host.ROOT)
        login = self.open(place, host.ROOT)
        login.shape(place, "setsid-daemon")
        login.log_out()
        self.ended(login.session, verdict="kept")
        send(place.written_pids()[0], signal.SIGTERM)
        poll_until(lambda: login.session not in self.daemon.sessions(), "the session to be forgotten")

    def test_clean_root_session(self):
        login = self.open(self.place(host.ROOT), host.ROOT)
        login.log_out()
        self.ended(login.session, reason="closed", verdict="clean")


class LoginEndsOnRequest(LoginCase):
    """Who may end a session, and what force means."""

    def left(self, name, *arguments):
        place = self.place()
        login = self.open(place)
        login.shape(place, name, *arguments)
        return place, login

    def test_requested_by_owner(self):
        place, login = self.left("setsid-daemon")
        answer = varlink_client.call("End", host.USER, session=login.session, wait=True)
        record = self.ended(login.session, reason="requested", verdict="left")
        self.assertEqual((answer["verdict"], answer["record"]), ("left", record))
        # A leader is a member like others, if nobody has closed.
        self.assertIn(login.pid, {process["pid"] for process in record["processes"]}, record)
        login.await_exit()
        self.assert_gone(place)

    def test_requested_by_other_user(self):
        _, login = self.left("setsid-daemon")
        with self.assertRaises(varlink_client.VarlinkError) as caught:
            varlink_client.call("End", host.STRANGER, session=login.session)
        # Nor is she told that there is such a session.
        with self.assertRaises(varlink_client.VarlinkError) as unknown:
            varlink_client.call("End", host.STRANGER, session="000000000000")
        self.assertEqual(caught.exception.name, unknown.exception.name)
        self.assert_active(login)
        self.assertEqual(set(self.daemon.sessions(host.STRANGER)), set())
        login.log_out()

    def test_requested_of_nothing(self):
        for identity in (host.ROOT, host.USER):
            with self.assertRaises(varlink_client.VarlinkError) as caught:
                varlink_client.call("End", identity, session="000000000000", wait=True)
            self.assertEqual(caught.exception.name, "NoSuchSession")

    def test_forced_by_root(self):
        # Straight to KILL: the ladder would wait for 30 s.
        place, login = self.left("ignores-all-but-kill")
        answer = varlink_client.call("End", session=login.session, force=True, wait=True)
        record = self.ended(login.session, reason="requested", verdict="killed")
        self.assertEqual(answer["record"], record)
        self.assertLess(record["times"]["endingSeconds"], 10, record)
        login.await_exit()
        self.assert_gone(place)

    def test_forced_while_it_ends(self):
        place, login = self.left("ignores-all-but-kill")
        login.log_out()
        Changes.wait("/run/exeunt/endings", lambda: read_endings(login.session), "the ending to begin")
        varlink_client.call("End", session=login.session, force=True)
        record = self.ended(login.session, reason="closed", verdict="killed")
        self.assertLess(record["times"]["endingSeconds"], 25, record)
        self.assert_gone(place)

    def test_wait_without_force_while_it_ends(self):
        place, login = self.left("exits-slowly")
        login.log_out()
        answer = varlink_client.call("End", host.USER, session=login.session, wait=True)
        self.assertEqual(answer["record"], self.ended(login.session, reason="closed", verdict="left"))
        self.assertIn("requested", answer["record"]["laterReasons"])
        self.assert_gone(place)

    def test_only_root_opens_and_closes(self):
        for method, parameters in (("Open", {"user": "root", "service": "x"}), ("Close", {})):
            with self.assertRaises(varlink_client.VarlinkError) as caught:
                varlink_client.call(method, host.USER, **parameters)
            self.assertEqual(caught.exception.name, "NotPermitted")


class LoginGraces(LoginCase):
    """The ladder's times."""

    configuration = BRISK

    def test_a_grace_is_waited_out_for_who_does_not_go(self):
        place = self.place()
        login = self.open(place)
        login.shape(place, "ignores-term")
        login.log_out()
        record = self.ended(login.session, verdict="killed")
        killed = [process for process in record["processes"] if process["outcome"] == "killed"]
        self.assertEqual([process["step"] for process in killed], ["KILL"], record)
        self.assertGreaterEqual(killed[0]["seconds"], 0.3, record)
        self.assertLess(record["times"]["endingSeconds"], 10, record)
        self.assert_gone(place)

    def test_and_not_for_who_goes(self):
        self.reconfigure(PATIENT)
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        login.log_out()
        record = self.ended(login.session, verdict="left")
        self.assertLess(record["times"]["endingSeconds"], 15, record)
        self.assert_gone(place)

    def test_a_stopped_leader_is_ended(self):
        # It cannot exit by itself, and its session is over when somebody says so.
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        send(login.pid, signal.SIGSTOP)
        varlink_client.call("End", session=login.session)
        login.await_exit()
        self.ended(login.session, reason="requested")
        self.assert_gone(place)


def read_endings(session):
    """Whether somebody has begun to end it."""
    return session in os.listdir("/run/exeunt/endings")
