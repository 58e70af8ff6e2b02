# SPDX-License-Identifier: Apache-2.0
"""What a daemon finds when it is started: notes and a ledger that others have changed, and processes that it cannot move."""

import json
import os
import subprocess

from harness import host, walk
from harness.daemon import LEAVES, NOTES
from harness.login_case import LoginCase
from harness.session import poll_until, read

SESSIONS = "/run/exeunt/sessions"
UNREADABLE = "/run/exeunt/unreadable"


class FoundAtTheStart(LoginCase):
    """What cannot be used costs itself only, is said by its name, and is not lost."""

    has_neighbour = False

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
        for name, why in (("0123456789ab", "it is no JSON, was cut, or has a number that is too large"), ("0123456789ac", "it is no JSON, was cut, or has a number that is too large"),
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
        for login, why in ((cut, "it is no JSON, was cut, or has a number that is too large"), (later, "it is of version 9, .*")):
            self.daemon.expect(f"failed: read {SESSIONS}/{login.session}: {why}; "
                               f"the file is put aside as {UNREADABLE}/session-{login.session}\n", since=since)
            self.assertEqual(read(f"{UNREADABLE}/session-{login.session}"), texts[login.session])
        self.assertEqual(list(self.daemon.sessions()), [whole.session])
        for login in (whole, cut, later):
            login.log_out()
        self.ended(whole.session, reason="closed")
        # What is left of the others goes at the next start.
        self.daemon.restart()
