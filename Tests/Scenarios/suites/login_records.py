# SPDX-License-Identifier: Apache-2.0
"""The file of records lies on a disk that does not answer, and /run has no room: nobody waits for it, and nothing is lost."""

import contextlib
import json
import os
import subprocess

from harness import host, varlink_client, walk
from harness.daemon import RECORDS, Changes
from harness.login_case import PATIENT, LoginCase
from harness.processes import children, kill
from harness.session import poll_until

SPOOL = "/run/exeunt/records"
ENDINGS = "/run/exeunt/endings"


def ids(path):
    """The sessions of the records in a file, in their order."""
    try:
        with open(path, encoding="utf-8") as file:
            return [json.loads(line)["session"]["id"] for line in file.read().splitlines()]
    except FileNotFoundError:
        return []


class HangingDisk(LoginCase):
    """disk-hangs: who writes records is held by the kernel, and the daemon is not."""

    has_neighbour = False

    def end(self):
        """A session that has left something, and has ended: its id."""
        place = self.place()
        since = len(self.daemon.log)
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        login.log_out()
        self.assert_over(place, login, since)
        return login.session

    def assert_written(self, path, wanted):
        """Once each, and in their order."""
        poll_until(lambda: not os.listdir(SPOOL), f"the records to be written: {self.daemon.log[-2000:]}")
        self.assertEqual(ids(path), wanted)
        poll_until(lambda: not children(self.daemon.process.pid), "every child of the daemon to be reaped")

    @contextlib.contextmanager
    def hanging(self):
        """The path of the file of records, on a disk that does not answer meanwhile."""
        with self.fuse(self.place()) as directory:
            path = f"{directory}/hang"
            self.reconfigure(f"{PATIENT}[Daemon]\nRecordFile={path}\n")
            yield path

    def test_others_go_on(self):
        with self.hanging() as path:
            first = self.end()
            second = self.open(self.place())
            self.assert_active(second)
            # Whoever waits for an end gets its record all the same.
            answer = varlink_client.call("End", session=second.session, wait=True)
            self.assertEqual(answer["record"]["session"]["id"], second.session)
            third = self.end()
            self.assertEqual([name.partition(".")[2] for name in sorted(os.listdir(SPOOL))], [first, second.session, third])
        self.assert_written(path, [first, second.session, third])

    def test_the_daemon_is_killed_meanwhile(self):
        with self.hanging() as path:
            first = self.end()
            poll_until(lambda: children(self.daemon.process.pid), "somebody to write the record")
            [writer] = children(self.daemon.process.pid)
            self.daemon.restart()
            # Two would write the same: the next daemon waits for the process of this one's.
            second = self.end()
            self.assertTrue(walk.is_alive(writer))
            self.assertEqual(children(self.daemon.process.pid), [])
        self.assert_written(path, [first, second])

    def test_the_writer_is_killed(self):
        wanted = []
        for _ in range(5):
            wanted.append(self.end())
            for pid in children(self.daemon.process.pid):
                kill(pid)
        poll_until(lambda: not os.listdir(SPOOL), "the records to be written")
        self.assertEqual([one for one in ids(RECORDS) if one in wanted], wanted)

    def test_reading_of_records(self):
        # The process that reads them is killed when nobody waits for it any more, and goes when the kernel lets it.
        with self.hanging():
            with varlink_client.Client() as client:
                client.send("History", more=True)
                poll_until(lambda: children(self.daemon.process.pid), "somebody to read the records")
            self.assertEqual(self.daemon.sessions(), {})
        poll_until(lambda: not children(self.daemon.process.pid), "every child of the daemon to be reaped")


class FullRun(LoginCase):
    """run-full: /run has no room when an ending is over. Who was ended is in the record all the same."""

    has_neighbour = False

    @classmethod
    def prepare_class(cls):
        os.makedirs("/run/exeunt", exist_ok=True)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,mode=0755", "tmpfs", "/run/exeunt"], check=True)

    def test_full_at_the_end(self):
        place = self.place()
        login = self.open(place)
        # It does not go when it is asked.
        login.shape(place, "ignores-term")
        [pid] = place.written_pids()
        login.log_out()
        file = f"{ENDINGS}/{login.session}"
        Changes.wait(ENDINGS, lambda: os.path.exists(file), "the ending to begin")
        poll_until(lambda: os.stat(file).st_blocks, "room to be reserved")
        self.fill()
        varlink_client.call("End", session=login.session, force=True)
        record = self.ended(login.session, verdict="killed")
        self.assertIn(pid, [process["pid"] for process in record["processes"]])
        self.assert_gone(place)

    def fill(self):
        filler = "/run/exeunt/metrics.filler"
        with open(filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(4096))
        self.addCleanup(lambda: os.path.exists(filler) and os.unlink(filler))
