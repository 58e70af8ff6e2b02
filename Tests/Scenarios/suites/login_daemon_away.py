# SPDX-License-Identifier: Apache-2.0
"""exeuntd is killed, stopped or away while people log in and out: nobody waits for it, and nothing is lost."""

import json
import os
import signal
import subprocess
import time

from harness import host, varlink_client, walk
from harness.daemon import LEAVES, NOTES, Changes
from harness.login_case import LoginCase, leaves, names
from harness.processes import kill
from harness.session import poll_until, read, wait_readable

SESSIONS = "/run/exeunt/sessions"
UNREADABLE = "/run/exeunt/unreadable"


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

    def away_at_open(self, place):
        """Logs in while there is no daemon."""
        self.daemon.kill()
        login = self.login(place)
        began = time.monotonic()
        login.open()
        self.assertLess(time.monotonic() - began, 2, "whoever logs in waits for a daemon that is away")
        self.assertEqual(os.listdir(NOTES), [login.session])
        return login

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

    def test_note_of_another_boot(self):
        login = self.away_at_open(self.place())
        path = f"{NOTES}/{login.session}"
        with open("/proc/sys/kernel/random/boot_id", encoding="ascii") as file:
            boot = file.read().strip()
        text = read(path).replace(boot, boot[::-1])
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        self.daemon.start()
        self.assertEqual((self.daemon.sessions(), os.listdir(NOTES)), ({}, []))

    def test_notes_that_are_none(self):
        self.daemon.kill()
        for name, text in (("0123456789ab", "{"), ("x", "{}"), ("0123456789ac", ""), ("0123456789ad.closed", ""),
                           ("0123456789ae", '{"version":1,"bootID":"x","pid":-1,"startTime":0,"parameters":{}}'),
                           ("..closed", "")):
            with open(f"{NOTES}/{name}", "w", encoding="ascii") as file:
                file.write(text)
        os.mkdir(f"{NOTES}/0123456789af")
        since = len(self.daemon.log)
        self.daemon.start()
        self.assertEqual((self.daemon.sessions(), os.listdir(NOTES)), ({}, []))
        # Each is said by name, with what is wrong in it, and nothing is lost.
        for name, why in (("0123456789ab", "it is not JSON, or was cut"), ("0123456789ac", "it is not JSON, or was cut"),
                          ("0123456789ae", "'parameters.user' is missing"), ("0123456789af", r".*EISDIR.*"), ("x", ".*EINVAL.*")):
            self.daemon.expect(f"failed: read {NOTES}/{name}: {why}; "
                               f"the file is put aside as {UNREADABLE}/note-{name}\n", since=since)
        self.assertEqual(read(f"{UNREADABLE}/note-0123456789ab"), "{")
        subprocess.run(["rm", "-r", UNREADABLE], check=True)
        self.daemon.restart()
        login = self.open(self.place())
        self.assert_active(login)
        login.log_out()

    def test_note_without_a_uid(self):
        login = self.away_at_open(self.place())
        path = f"{NOTES}/{login.session}"
        note = json.loads(read(path))
        del note["parameters"]["uid"]
        with open(path, "w", encoding="utf-8") as file:
            json.dump(note, file)
        self.daemon.start()
        poll_until(lambda: login.session in self.daemon.sessions(), "the session to be opened")
        self.assertEqual(self.daemon.sessions()[login.session]["owner"], host.USER.uid)
        login.log_out()
        self.ended(login.session, reason="closed")

    def test_one_that_cannot_be_moved(self):
        # It costs its own session nothing but the cgroup, and other sessions nothing at all.
        places = [self.place(), self.place()]
        stuck, free = self.away_at_open(places[0]), self.login(places[1])
        free.open()
        for login, place in zip((stuck, free), places):
            login.shape(place, "setsid-daemon")
        directory = f"{LEAVES}/{stuck.session}"
        os.makedirs(directory)
        subprocess.run(["mount", "--bind", "/dev/full", f"{directory}/cgroup.procs"], check=True)
        try:
            since = len(self.daemon.log)
            self.daemon.start()
            self.daemon.expect(f"failed: .*{stuck.session}.*ENOSPC", since=since)
            poll_until(lambda: len(self.daemon.sessions()) == 2, "both sessions to be opened")
            [pid] = places[1].written_pids()
            self.assertTrue(walk.in_cgroup(pid, f"exeunt/{free.session}"))
            self.assertEqual(os.listdir(NOTES), [])
        finally:
            subprocess.run(["umount", f"{directory}/cgroup.procs"], check=True)
        for login, place in zip((stuck, free), places):
            login.log_out()
            self.ended(login.session, reason="closed", verdict="left")
            self.assert_gone(place)

    def test_ledger_that_cannot_be_understood(self):
        place = self.place()
        whole, cut, later = (self.open(place) for _ in range(3))
        self.daemon.kill()
        texts = {login.session: read(f"{SESSIONS}/{login.session}") for login in (cut, later)}
        texts[cut.session] = texts[cut.session][:-7]
        texts[later.session] = texts[later.session].replace('"version":1', '"version":9')
        for name, text in texts.items():
            with open(f"{SESSIONS}/{name}", "w", encoding="utf-8") as file:
                file.write(text)
        since = len(self.daemon.log)
        self.daemon.start()
        for login, why in ((cut, "it is not JSON, or was cut"), (later, "it is of version 9, .*")):
            self.daemon.expect(f"failed: read {SESSIONS}/{login.session}: {why}; "
                               f"the file is put aside as {UNREADABLE}/session-{login.session}\n", since=since)
            self.assertEqual(read(f"{UNREADABLE}/session-{login.session}"), texts[login.session])
        self.assertEqual(list(self.daemon.sessions()), [whole.session])
        for login in (whole, cut, later):
            login.log_out()
        self.ended(whole.session, reason="closed")
        # What is left of the others goes at the next start.
        self.daemon.restart()

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
