# SPDX-License-Identifier: Apache-2.0
"""What a host can be short of while log-ins end: room on the disk, processes, descriptors, patience."""

import contextlib
import os
import resource
import socket
import subprocess
import time
import unittest

from harness import host, pids, varlink_client, walk
from harness.daemon import RECORDS, Changes
from harness.login_case import LoginCase, leaves
from harness.session import poll_until


class DiskFull(LoginCase):
    """disk-full: the log of records has no room. Everything ends, and the host's log says what is missing."""

    has_neighbour = False

    @classmethod
    def prepare_class(cls):
        directory = os.path.dirname(RECORDS)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k,mode=0750", "tmpfs", directory], check=True)
        cls.daemon.changes = Changes(directory)
        cls.filler = f"{directory}/filler"

    def fill(self):
        with open(self.filler, "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(bytes(1024))

    def test_disk_full(self):
        self.fill()
        self.addCleanup(lambda: os.path.exists(self.filler) and os.unlink(self.filler))
        place = self.place()
        since = len(self.daemon.log)
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        login.log_out()
        self.daemon.expect(rf"ended\.jsonl: .*ENOSPC.* session={login.session}", since=since)
        self.assert_over(place, login, since)
        # Then there is room again: nothing is lost, and the next record is whole.
        os.unlink(self.filler)
        self.ended(login.session, reason="closed", verdict="left")
        second = self.open(place)
        second.shape(place, "setsid-daemon")
        second.log_out()
        self.ended(second.session, reason="closed", verdict="left")
        self.daemon.expect(r"ended\.jsonl takes records again", since=since)


class ShortOfProcesses(LoginCase):
    """no-memory-for-fork: what could not be begun is begun as soon as it can."""

    has_neighbour = False

    @classmethod
    def prepare_class(cls):
        if os.environ["EXEUNT_HOST_PIDS"] != "v1":
            raise unittest.SkipTest("host: no pids controller of cgroup v1 to bound the daemon with")

    def test_no_process_for_the_ending(self):
        directory = f"{pids.mount()}/daemon"
        os.mkdir(directory)
        write(f"{directory}/cgroup.procs", self.daemon.process.pid)
        try:
            place = self.place()
            login = self.open(place)
            login.shape(place, "setsid-daemon")
            write(f"{directory}/pids.max", 1)
            since = len(self.daemon.log)
            login.log_out()
            self.daemon.expect("EAGAIN", since=since)
            self.assertEqual(self.daemon.sessions()[login.session]["state"], "ending")
            self.assertTrue(all(map(walk.is_alive, place.written_pids())))
            write(f"{directory}/pids.max", "max")
            self.ended(login.session, reason="closed", verdict="left")
            self.assert_gone(place)
            self.assertLess(self.daemon.log[since:].count("EAGAIN"), 100, "a shortage fills the log")
        finally:
            write(f"{directory}/pids.max", "max")
            write(f"{pids.mount()}/cgroup.procs", self.daemon.process.pid)


class ShortOfDescriptors(LoginCase):
    """no-fds: a daemon that has no descriptors left ends what it knows; who it cannot take in logs in all the same."""

    has_neighbour = False
    limit = 40

    def setUp(self):
        super().setUp()
        self.daemon.kill()
        self.daemon.start(preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (self.limit, self.limit)))

    def tearDown(self):
        self.daemon.kill()
        super().tearDown()

    def test_more_log_ins_than_descriptors(self):
        place = self.place()
        opened = [self.login(place) for _ in range(self.limit + 10)]
        for login in opened:
            login.open()
        self.assertTrue(self.daemon.is_running)
        for login in opened:
            login.shape(place, "plain-child")
        for login in opened:
            login.log_out()
        # Those that it could not take in have left notes; the next daemon, which can, finds them.
        self.daemon.kill()
        self.daemon.start()
        for login in opened:
            self.daemon.record(login.session)
        self.assertEqual(len({record["session"]["id"] for record in self.daemon.records()}), len(opened))
        poll_until(lambda: not any(map(walk.is_alive, place.written_pids())), "every left-over to go")


class ManySessions(LoginCase):
    """2000-sessions-at-restart, and many that end at the same moment."""

    bound = 5.0
    has_neighbour = False

    def crowd(self, count):
        """So many sessions, whose leaders exit when it is told nothing more."""
        crowd = self.login(self.place(), crowd=count)
        word, number = crowd.answer(seconds=240)
        self.assertEqual((word, int(number)), ("crowded", count))
        self.assertEqual(len(self.daemon.sessions()), count)
        return crowd

    def test_restart(self):
        count = 2000
        crowd = self.crowd(count)
        seconds = self.daemon.restart()
        self.figures = f"{count} sessions are known {seconds:.2f} s after exeuntd was started again"
        self.assertEqual({session["state"] for session in self.daemon.sessions().values()}, {"active"})
        self.assertEqual(len(self.daemon.sessions()), count)
        self.assertLess(seconds, self.bound, self.figures)
        # Forgotten by hand: how so many end is another question.
        self.daemon.kill()
        crowd.process.stdin.close()
        crowd.await_exit()
        for name in os.listdir("/run/exeunt/sessions"):
            os.unlink(f"/run/exeunt/sessions/{name}")
        for name in leaves():
            os.rmdir(f"{host.CGROUPS}/exeunt/{name}")
        self.daemon.start()

    def test_end_at_the_same_moment(self):
        count = 200
        crowd = self.crowd(count)
        began = time.monotonic()
        crowd.process.stdin.close()
        crowd.await_exit()
        self.daemon.changes.until(lambda: len(self.daemon.records()) == count, "a record of each", 120)
        self.figures = f"{count} sessions have ended {time.monotonic() - began:.1f} s after all of them had logged out"
        self.assertEqual(len({record["session"]["id"] for record in self.daemon.records()}), count)
        poll_until(lambda: not leaves(), "the last leaf to go")


class HostileClients(LoginCase):
    """socket-flood, slow-client, garbage-client: log-ins go on meanwhile, and in time."""

    def log_in_and_out(self):
        """Nobody who logs in waits for those who do not behave."""
        for _ in range(5):
            place = self.place()
            began = time.monotonic()
            login = self.open(place)
            self.assertLess(time.monotonic() - began, 1)
            self.assert_active(login)
            login.shape(place, "setsid-daemon")
            login.log_out()
            self.ended(login.session, reason="closed", verdict="left")
            self.assert_gone(place)

    @contextlib.contextmanager
    def meanwhile(self, work):
        """Does this again and again, as the stranger, in processes of its own."""
        program = (f"import os, socket\nos.setgroups([]); os.setgid({host.STRANGER.uid}); os.setuid({host.STRANGER.uid})\n"
                   f"def connect():\n    s = socket.socket(socket.AF_UNIX); s.connect({varlink_client.SOCKET!r}); return s\n"
                   f"print('ready', flush=True)\n{work}")
        processes = [subprocess.Popen(["python3", "-c", program], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                      stderr=subprocess.DEVNULL) for _ in range(2)]
        try:
            for process in processes:
                process.stdout.readline()
            yield
            for process in processes:
                self.assertIsNone(process.poll(), "the hostile client has given up")
        finally:
            for process in processes:
                process.kill()
                process.wait()
                process.stdout.close()

    def test_flood_of_connections(self):
        with self.meanwhile("all = []\nwhile True:\n    try: all.append(connect())\n    except OSError: all = all[:8]"):
            self.log_in_and_out()

    def test_flood_of_calls(self):
        call = b'{"method":"io.exeunt.Sessions.List","parameters":{}}\0'
        with self.meanwhile(f"while True:\n    try:\n        s = connect()\n        while True: s.sendall({call!r} * 100)\n"
                            "    except OSError: pass"):
            self.log_in_and_out()

    def test_slow_client(self):
        # A byte at a time, and answers that are never read.
        with self.meanwhile("import time\nall = []\nwhile True:\n    try:\n        s = connect(); s.send(b'{'); all.append(s)\n"
                            "    except OSError: all = all[16:]\n"):
            self.log_in_and_out()

    def test_garbage_client(self):
        with self.meanwhile("while True:\n    try:\n        s = connect()\n"
                            "        while True: s.sendall(os.urandom(30000)); s.sendall(b'\\0{\"method\":1}\\0[[[[\\0')\n"
                            "    except OSError: pass"):
            self.log_in_and_out()

    def test_many_connections_of_root(self):
        # An administrator's script that has forgotten to close.
        with contextlib.ExitStack() as stack:
            for _ in range(300):
                stack.enter_context(contextlib.closing(connect()))
            self.log_in_and_out()

    def test_message_without_end(self):
        client = connect()
        client.settimeout(host.DEADLINE)
        with self.assertRaises(OSError):
            while True:
                client.sendall(bytes([120]) * 65536)
        client.close()
        self.log_in_and_out()


def connect():
    client = socket.socket(socket.AF_UNIX)
    client.connect(varlink_client.SOCKET)
    return client


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(str(text))
