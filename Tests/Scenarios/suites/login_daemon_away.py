# SPDX-License-Identifier: Apache-2.0
"""exeuntd is killed, stopped or away while people log in and out: nobody waits for it, and nothing is lost."""

import os
import signal
import time

from harness import host, varlink_client, walk
from harness.daemon import NOTES, Changes
from harness.login_case import LoginCase, leaves, names
from harness.processes import kill
from harness.session import poll_until, read, wait_readable


class DaemonAway(LoginCase):
    """daemon-away-at-open, daemon-away-at-close, and what has gone on meanwhile."""

    has_neighbour = False

    def test_restarted_while_sessions_go_on(self):
        place, other = self.place(), self.place()
        login, second = self.open(place), self.open(other)
        login.shape(place, "setsid-daemon")
        second.shape(other, "setsid-daemon")
        before = self.daemon.sessions()
        self.daemon.restart()
        after = self.daemon.sessions()
        for facts in (before, after):
            for session in facts.values():
                del session["seconds"]
        self.assertEqual(before, after, "what is known of a session is not what was known")
        login.log_out()
        self.ended(login.session, reason="closed", verdict="left")
        self.assert_active(second)
        self.assertTrue(all(map(walk.is_alive, other.written_pids())))
        second.kill()
        self.ended(second.session, reason="leader-exited", verdict="left")
        self.assert_gone(place)
        self.assert_gone(other)

    def test_stopped_and_started(self):
        # As for an update: sessions are none of what it takes along.
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        self.assertEqual(self.daemon.stop(), 0)
        self.assertTrue(all(map(walk.is_alive, place.written_pids())))
        self.daemon.start()
        self.assert_active(login)
        login.log_out()
        self.ended(login.session, reason="closed", verdict="left")

    def test_leader_killed_meanwhile(self):
        place = self.place()
        login = self.open(place)
        login.shape(place, "double-fork-daemon")
        self.daemon.kill()
        login.kill()
        self.daemon.start()
        self.ended(login.session, reason="leader-exited", verdict="left")
        self.assert_gone(place)

    def test_closed_meanwhile(self):
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        self.daemon.kill()
        began = time.monotonic()
        login.close()
        self.assertLess(time.monotonic() - began, 2, "whoever logs out waits for a daemon that is away")
        login.leave()
        self.daemon.start()
        self.ended(login.session, verdict="left")
        self.assert_gone(place)

    def test_closed_meanwhile_by_a_leader_that_lives_on(self):
        # Nobody but the note says that this session is over.
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        self.daemon.kill()
        login.close()
        self.assertEqual(os.listdir(NOTES), [f"{login.session}.closed"])
        self.daemon.start()
        self.ended(login.session, reason="closed", verdict="left")
        self.assert_gone(place)

    def test_away_at_open(self):
        # What has been started meanwhile is found by descent, and by the audit session where it descends from nobody.
        place = self.place()
        login = self.away_at_open(place)
        login.start("exec sleep 1000")
        login.shape(place, "double-fork-daemon")
        self.daemon.start()
        self.assert_active(login)
        for pid in (login.pid, *place.written_pids()):
            self.assertTrue(walk.in_cgroup(pid, f"exeunt/{login.session}"), pid)
        login.kill()
        record = self.ended(login.session, reason="leader-exited", verdict="left")
        self.assertEqual(names(record), ["shapes", "sleep"], record)
        self.assert_gone(place)

    def test_away_at_open_with_the_default_tools(self):
        # And it is closed by whoever opened it.
        place = self.place()
        login = self.away_at_open(place)
        login.shape(place, "setsid-daemon")
        self.daemon.start()
        login.log_out()
        self.ended(login.session, reason="closed", verdict="left")
        self.assert_gone(place)

    def test_away_at_open_and_leader_killed(self):
        place = self.place()
        login = self.away_at_open(place)
        login.shape(place, "double-fork-daemon")
        login.kill()
        self.daemon.start()
        self.ended(login.session, reason="leader-exited", verdict="left")
        self.assert_gone(place)

    def test_away_for_the_whole_session(self):
        # It was opened and closed, and nobody was there to be told: what it has left ends when somebody is.
        place = self.place()
        login = self.away_at_open(place)
        login.shape(place, "double-fork-daemon")
        login.log_out()
        self.daemon.start()
        self.ended(login.session, verdict="left")
        self.assert_gone(place)

    def test_killed_while_it_is_asked(self):
        # The call is in its socket, and it will never read it.
        place = self.place()
        self.daemon.process.send_signal(signal.SIGSTOP)
        login = self.login(place)
        login.tell("open")
        self.daemon.kill()
        word, login.session = login.answer()
        self.assertEqual(word, "opened")
        login.shape(place, "setsid-daemon")
        self.daemon.start()
        self.assert_active(login)
        login.log_out()
        self.ended(login.session, reason="closed", verdict="left")
        self.assert_gone(place)

    def test_stopped_while_it_is_asked(self):
        # It answers when nobody listens any more: one session, of the id that was noted.
        place = self.place()
        self.daemon.process.send_signal(signal.SIGSTOP)
        login = self.login(place)
        began = time.monotonic()
        login.open()
        took = time.monotonic() - began
        self.assertGreater(took, 0.5)
        self.assertLess(took, 2, "whoever logs in waits for a daemon that does not answer")
        child = login.start("exec sleep 1000")
        login.shape(place, "setsid-daemon")
        self.daemon.process.send_signal(signal.SIGCONT)
        poll_until(lambda: login.session in self.daemon.sessions(), "the session to be opened late")
        self.assertEqual(len(self.daemon.sessions()), 1)
        # What was started before it could answer is the session's all the same.
        self.assertTrue(walk.in_cgroup(child, f"exeunt/{login.session}"))
        login.log_out()
        self.assertEqual(names(self.ended(login.session, reason="closed", verdict="left")), ["shapes", "sleep"])
        self.assert_gone(place)

    def test_second_instance(self):
        login = self.open(self.place())
        second = self.daemon.spawn()
        self.assertEqual(second.wait(host.DEADLINE), 1)
        self.daemon.expect(rf"exeuntd: start exeuntd, which runs already as process {self.daemon.process.pid}")
        self.assert_active(login)
        login.log_out()

    def test_ledger_that_is_none(self):
        place = self.place()
        login = self.open(place)
        self.daemon.kill()
        for name, text in (("0123456789ab", "{"), ("0123456789ac", ""), ("x y", "{}")):
            with open(f"/run/exeunt/sessions/{name}", "w", encoding="ascii") as file:
                file.write(text)
        self.daemon.start()
        self.assertEqual(set(self.daemon.sessions()), {login.session})
        login.log_out()
        self.ended(login.session, reason="closed")

    def test_stray_leaves(self):
        # Made by a daemon that was killed before anybody was moved there; one with somebody in it is not touched.
        self.daemon.kill()
        for name in ("0123456789ab", "0123456789ac"):
            os.mkdir(f"{host.CGROUPS}/exeunt/{name}")
        login = self.login(self.place())
        login.start("exec sleep 1000")
        with open(f"{host.CGROUPS}/exeunt/0123456789ac/cgroup.procs", "w", encoding="ascii") as file:
            file.write(str(login.pid))
        self.daemon.start()
        self.assertEqual(leaves(), ["0123456789ac"])
        self.assertIsNone(login.process.poll())
        with open(f"{host.CGROUPS}/cgroup.procs", "w", encoding="ascii") as file:
            file.write(str(login.pid))
        login.kill()
        os.rmdir(f"{host.CGROUPS}/exeunt/0123456789ac")


class DaemonKilledDuringAnEnding(LoginCase):
    """The processes that end sessions are not the daemon: they go on without it, and their records are not lost."""

    has_neighbour = False

    def ending(self, login):
        """The pid of the process that ends the session, once there is one."""
        path = f"/run/exeunt/endings/{login.session}"
        Changes.wait("/run/exeunt/endings", lambda: os.path.exists(path), "the ending to begin")
        return poll_until(lambda: next((pid for pid in walk.pids() if pid != self.daemon.process.pid and
                                        (walk.stat_fields(pid) or [""])[0] == "exeunt-ender"), None), "the ender")

    def left(self, shape="ignores-term"):
        place = self.place()
        login = self.open(place)
        login.shape(place, shape)
        return place, login

    def test_daemon_killed_in_the_ladder(self):
        place, login = self.left()
        login.log_out()
        ender = self.ending(login)
        self.daemon.kill()
        self.daemon.start()
        self.assertTrue(walk.is_alive(ender), "the ending went on")
        self.assertEqual(self.daemon.sessions()[login.session]["state"], "ending")
        varlink_client.call("End", session=login.session, force=True)
        self.ended(login.session, reason="closed", verdict="killed")
        self.assert_gone(place)

    def test_ending_is_over_while_the_daemon_is_away(self):
        place, login = self.left("exits-slowly")
        login.log_out()
        ender = os.pidfd_open(self.ending(login))
        self.daemon.kill()
        wait_readable(ender, what="the ending to be over")
        os.close(ender)
        self.daemon.start()
        self.ended(login.session, reason="closed", verdict="left")
        self.assert_gone(place)

    def test_daemon_killed_before_it_has_noted(self):
        # The record is in its file; whether it is in the log of records is not known to who comes next.
        place, login = self.left("setsid-daemon")
        login.close()
        path = f"/run/exeunt/endings/{login.session}"
        # Whoever ends it is at work, and waits for the leader.
        Changes.wait("/run/exeunt/endings", lambda: os.path.exists(path), "the ending to begin")
        self.daemon.process.send_signal(signal.SIGSTOP)
        login.leave()
        Changes.wait("/run/exeunt/endings", lambda: os.path.exists(path) and read(path).count("\n") == 2, "the record's file")
        self.daemon.kill()
        self.daemon.start()
        self.ended(login.session, reason="closed", verdict="left")
        self.assert_gone(place)

    def test_record_was_noted_already(self):
        # Killed between the note and the forgetting: as it is then, made by hand.
        place, login = self.left("setsid-daemon")
        ledger = f"/run/exeunt/sessions/{login.session}"
        login.close()
        path = f"/run/exeunt/endings/{login.session}"
        # Whoever ends it is at work, and waits for the leader.
        Changes.wait("/run/exeunt/endings", lambda: os.path.exists(path), "the ending to begin")
        self.daemon.process.send_signal(signal.SIGSTOP)
        login.leave()
        Changes.wait("/run/exeunt/endings", lambda: os.path.exists(path) and read(path).count("\n") == 2, "the record's file")
        saved = {name: read(name) for name in (ledger, path)}
        self.daemon.process.send_signal(signal.SIGCONT)
        self.daemon.record(login.session)
        poll_until(lambda: not os.path.exists(path), "the session to be forgotten")
        self.daemon.kill()
        for name, text in saved.items():
            with open(name, "w", encoding="utf-8") as file:
                file.write(text)
        self.daemon.start()
        self.assertEqual(self.daemon.sessions(), {})
        self.ended(login.session, reason="closed", verdict="left")

    def test_ender_killed(self):
        place, login = self.left()
        login.log_out()
        kill(self.ending(login))
        # Whether it is told before or after another one has taken over, the ladder of 30 s is not waited for.
        varlink_client.call("End", session=login.session, force=True)
        record = self.ended(login.session, reason="closed", verdict="killed")
        self.assertLess(record["times"]["endingSeconds"], 25, record)
        self.assert_gone(place)

    def test_ender_and_daemon_killed(self):
        place, login = self.left()
        login.log_out()
        ender = self.ending(login)
        self.daemon.kill()
        kill(ender)
        self.assertTrue(all(map(walk.is_alive, place.written_pids())))
        self.daemon.start()
        varlink_client.call("End", session=login.session, force=True)
        self.ended(login.session, reason="closed", verdict="killed")
        self.assert_gone(place)

    def test_killed_again_and_again(self):
        place, login = self.left()
        login.log_out()
        for _ in range(5):
            ender = self.ending(login)
            self.daemon.kill()
            kill(ender)
            self.daemon.start()
        varlink_client.call("End", session=login.session, force=True)
        self.ended(login.session, reason="closed", verdict="killed")
        self.assert_gone(place)
