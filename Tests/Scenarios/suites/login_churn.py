# SPDX-License-Identifier: Apache-2.0
"""Sessions come and go while exeuntd is killed again and again, at moments that a seed has chosen: nothing is lost."""

import os
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor

from harness import host
from harness.daemon import LEAVES
from harness.login_case import configuration
from harness.login_hooks import LoginHookCase
from harness.processes import children, kill
from harness.session import poll_until

ROUNDS = int(os.environ.get("CHURN_ROUNDS", "30"))
SEED = int(os.environ.get("CHURN_SEED", "1"))
# For each round: sessions that are begun in it, by so many at a time.
SESSIONS, WORKERS = 4, 4
RECORDS_TO_WRITE = "/run/exeunt/records"
SHAPES = ("setsid-daemon", "double-fork-daemon", "plain-child", "ignores-term", "nohup")


class Churn(LoginHookCase):
    """Each session that was opened and has left something has one record, nothing of it lives, no hook has run twice."""

    configuration = configuration("CONT TERM 200ms KILL")
    has_neighbour = True

    def live(self, number):
        """One session, from its opening to its end: its id."""
        chance = random.Random(f"{SEED} session {number}")
        login = self.login(self.churn_place, host.STRANGER)
        login.open()
        login.shape(self.churn_place, chance.choice(SHAPES))
        end = chance.choice(("log_out", "log_out", "leave", "kill", "close"))
        time.sleep(chance.random() * 0.1)  # sleeps: sessions end at any moment of the daemon's life
        getattr(login, end)()
        if end == "close":
            login.await_exit()
        return login.session

    def be_killed(self, chance, over):
        """Kills the daemon, or one of its enders, or both, until it is over."""
        kills = {"daemon": 0, "ender": 0}
        while not over.is_set():
            time.sleep(chance.random() * 0.15)  # sleeps: any moment of its life, also of its beginning
            what = chance.choice(("daemon", "daemon", "ender", "both"))
            enders = children(self.daemon.process.pid)
            if what != "daemon" and enders:
                kill(chance.choice(enders))
                kills["ender"] += 1
            if what != "ender":
                self.daemon.kill()
                kills["daemon"] += 1
                time.sleep(chance.random() * 0.05)  # sleeps: it is away for a while
                self.daemon.process = self.daemon.spawn()
        return kills

    def test_churn(self):
        self.churn_place = self.place()
        for phase in ("before", "after"):
            self.hook(self.churn_place, phase, phase)
        over = threading.Event()
        with ThreadPoolExecutor(WORKERS + 1) as pool:
            killer = pool.submit(self.be_killed, random.Random(f"{SEED} killer"), over)
            try:
                sessions = list(pool.map(self.live, range(ROUNDS * SESSIONS)))
            finally:
                over.set()
            kills = killer.result()
        self.settle()
        self.figures = (f"{len(sessions)} sessions, exeuntd killed {kills['daemon']} times, enders {kills['ender']} times "
                        f"(seed {SEED})")
        self.assertEqual(len(set(sessions)), len(sessions))
        counts = {}
        for record in self.daemon.records():
            self.assertEqual(self.schema.problems(record), [], record)
            counts[record["session"]["id"]] = counts.get(record["session"]["id"], 0) + 1
        wrong = {session: counts.get(session, 0) for session in sessions if counts.get(session, 0) != 1}
        self.assertEqual(wrong, {}, f"sessions without exactly one record; {self.figures}\n{self.lines_of(wrong)}")
        self.assert_gone(self.churn_place)
        for session in sessions:
            ran = self.ran(self.churn_place, session)
            self.assertEqual(len(ran), len(set(ran)), f"a hook of {session} has run twice: {ran}")

    def settle(self):
        """Waits until the last daemon has ended everything."""
        poll_until(lambda: os.path.exists(LEAVES) and self.can_list(), "the daemon to be ready", 60)
        poll_until(lambda: set(self.daemon.sessions()) <= {self.neighbour.session},
                   f"the last session to end: {self.daemon.log[-1000:]}", 120)
        poll_until(lambda: not os.listdir(RECORDS_TO_WRITE), "the last record to be written")

    def can_list(self):
        try:
            return self.daemon.sessions() is not None
        except OSError:
            return False

    def lines_of(self, sessions):
        lines = self.daemon.log.splitlines()
        return "\n".join(line for session in list(sessions)[:5] for line in lines if session in line)
