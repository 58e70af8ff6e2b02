# SPDX-License-Identifier: Apache-2.0
"""Faults during a run: what is missing is said, and nothing is left behind in any case.

There is no clock-jump: the clock of civil time belongs to the whole machine, so that setting it is not for a test; the
clocks that a namespace can have of its own are shifted instead, in `odd_hosts`.
"""

import itertools
import contextlib
import os
import resource
import signal
import subprocess
import unittest

from harness import host, pids, walk
from harness.case import BRISK, PATIENT, ScenarioCase
from harness.host import Identity
from harness.processes import first_child
from harness.session import poll_until, read

# Processes are counted by uid on the whole machine: nobody else may have this one.
POOR = Identity("poor", 64103, True)
LEAVES_ONE = "setsid sleep 1000 & exit 3"


class FaultCase(ScenarioCase):
    def assert_done_or_refused(self, place, result, errno_name):
        """Either the run went as without the fault, or it was refused with the errno; nothing is left in both."""
        if result.code == 3:
            # One that could not be told for want of a descriptor is killed in the end.
            self.assertIn(result.record["verdict"], ("left", "killed"), result)
        else:
            self.assertEqual(result.code, 125, result)
            self.assertIn(f"[{errno_name}]", result.stderr, result)
            self.assert_messages(result)
        # The front may have failed, and gone, a moment before its keeper does.
        self.await_nothing_left(place)
        return result.code == 3


class Shortages(FaultCase):
    """no-fds, no-memory-for-fork."""

    def test_no_fds(self):
        done = []
        for limit in range(3, 28):
            with self.subTest(f"{limit} descriptors"):
                place = self.place()
                result = self.start(
                    place, ["--ladder", BRISK], ["sh", "-c", LEAVES_ONE, place.token],
                    prepare=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (limit, limit))).finish()
                if not says_exeunt(result) and result.code in (1, 2, 127):
                    self.assert_nothing_left(place)
                    continue  # The loader or the payload's shell could not open what they need.
                done.append(self.assert_done_or_refused(place, result, "EMFILE"))
        self.assertIn(True, done)
        self.assertIn(False, done)

    def test_soft_limit_is_the_payloads(self):
        place = self.place()
        result = self.start(place, [], ["sh", "-c", "ulimit -Sn; ulimit -Hn"],
                            prepare=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (64, 512))).finish()
        self.assertEqual(result.stdout.split(), ["64", "512"], result)

    def test_more_left_overs_than_descriptors(self):
        for options in ((), ("--track", "descent"), ("--track", "mark:EXEUNT_SESSION"), ("--track", "group")):
            if host.PRIVILEGED or options:
                with self.subTest(options):
                    place = self.place()
                    result = self.start(
                        place, [*options, "--ladder", PATIENT], self.shape(place, "crowd", 100),
                        prepare=lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (40, 40))).finish()
                    self.assert_record(result)
                    self.assertEqual((result.code, result.record["verdict"]), (0, "left"), result)
                    self.assert_nothing_left(place)

    def test_no_processes_for_a_user(self):
        host.require_privilege("a user of its own to count")
        done = []
        for limit in range(1, 8):
            with self.subTest(f"{limit} processes"):
                place = self.place(POOR)
                result = self.start(
                    place, ["--ladder", BRISK], ["sh", "-c", LEAVES_ONE, place.token],
                    prepare=lambda: resource.setrlimit(resource.RLIMIT_NPROC, (limit, limit))).finish()
                if not says_exeunt(result) and result.code == 2:
                    self.assert_nothing_left(place)
                    continue  # The payload's shell could not fork.
                done.append(self.assert_done_or_refused(place, result, "EAGAIN"))
        self.assertIn(True, done)
        self.assertIn(False, done)

    def test_no_processes_in_the_cgroup(self):
        if os.environ["EXEUNT_HOST_PIDS"] != "v1" or not host.PRIVILEGED:
            raise unittest.SkipTest("host: no pids controller of cgroup v1")
        directory = self.make_pids_cgroup()
        done = []
        for limit in range(1, 8):
            with self.subTest(f"{limit} processes"):
                with open(f"{directory}/pids.max", "w", encoding="ascii") as file:
                    file.write(str(limit))
                place = self.place()
                result = self.start(place, ["--ladder", BRISK], ["sh", "-c", LEAVES_ONE, place.token],
                                    prepare=lambda: enter(directory)).finish()
                if not says_exeunt(result) and result.code == 2:
                    self.assert_nothing_left(place)
                    continue
                done.append(self.assert_done_or_refused(place, result, "EAGAIN"))
        self.assertIn(True, done)
        self.assertIn(False, done)

    def make_pids_cgroup(self):
        directory = f"{pids.mount()}/few"
        os.mkdir(directory)
        return directory


def says_exeunt(result):
    return any(line.startswith("exeunt: ") for line in result.stderr.splitlines())


def enter(cgroup):
    with open(f"{cgroup}/cgroup.procs", "w", encoding="ascii") as file:
        file.write("0")


class Streams(FaultCase):
    """disk-full for the record, and standard streams that are not there."""

    def test_record_on_a_full_device(self):
        place, result = self.run_shell(["--ladder", PATIENT, "--report", "/dev/full"], LEAVES_ONE)
        self.assertIn("[ENOSPC]", result.stderr, result)
        self.assertIn("/dev/full", result.stderr, result)
        self.assertEqual(result.code, 3, "the ending is done; a record that cannot be written does not undo it")
        self.assert_nothing_left(place)

    def test_record_on_a_full_disk(self):
        host.require_privilege("mounting")
        place = self.place()
        disk = place.path("disk")
        os.mkdir(disk)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4k", "tmpfs", disk], check=True)
        self.addCleanup(subprocess.run, ["umount", disk], check=True)
        with open(f"{disk}/filler", "wb") as file:
            file.write(b"x" * 4096)
        result = self.start(place, ["--ladder", PATIENT, "--report", f"{disk}/record"],
                            ["sh", "-c", LEAVES_ONE, place.token]).finish()
        self.assertIn("[ENOSPC]", result.stderr, result)
        self.assertEqual(result.code, 3, result)
        self.assert_nothing_left(place)

    def test_record_that_cannot_be_opened(self):
        place = self.place()
        result = self.start(place, ["--report", "/nowhere/record"], ["touch", place.path("ran")]).finish()
        self.assertEqual(result.code, 125, result)
        self.assertIn("/nowhere/record", result.stderr)
        self.assertIn("[ENOENT]", result.stderr)
        self.assertFalse(os.path.exists(place.path("ran")), "nothing is started when its record cannot be written")
        self.assert_nothing_left(place)

    def test_standard_output_full(self):
        with open("/dev/full", "wb") as full:
            place, result = self.run_shell(["--ladder", PATIENT, "--report", "-"], LEAVES_ONE, stdout=full)
        self.assertIn("[ENOSPC]", result.stderr, result)
        self.assertEqual(result.code, 3, result)
        self.assert_nothing_left(place)

    def test_standard_error_full(self):
        with open("/dev/full", "wb") as full:
            place, result = self.run_shell(["--ladder", PATIENT], LEAVES_ONE, stderr=full)
        self.assertEqual((result.code, result.record["verdict"]), (3, "left"), result)
        self.assert_nothing_left(place)

    def test_closed_streams(self):
        for count in range(4):
            for closed in itertools.combinations((0, 1, 2), count):
                with self.subTest(f"closed: {closed}"):
                    self.check_closed(closed)

    def check_closed(self, closed):
        place = self.place()
        # The payload must find the same descriptors closed, and nothing else in their place.
        script = f"ls /proc/$$/fd >{place.path('open')}; {LEAVES_ONE}"
        result = self.start(place, ["--ladder", PATIENT], ["sh", "-c", script, place.token],
                            prepare=lambda: [os.close(number) for number in closed]).finish()
        self.assertEqual((result.code, result.record["verdict"]), (3, "left"), result)
        opened = {int(word) for word in read(place.path("open")).split()}
        self.assertEqual(opened & {0, 1, 2}, {0, 1, 2} - set(closed) | ({1} & opened), f"{closed}: {opened}")
        self.assertEqual(bool(result.stderr), 2 not in closed, result)
        self.assert_nothing_left(place)

    def test_extra_descriptors_pass_through(self):
        place = self.place()
        result = self.start(place, [], ["sh", "-c", "echo through >&9"],
                            program=("sh", "-c", 'exec "$0" "$@" 9>&1', host.EXEUNT, "run")).finish()
        self.assertEqual((result.code, result.stdout), (0, "through\n"), result)
        self.assert_nothing_left(place)

    def test_reader_went_away(self):
        reading, writing = os.pipe()
        os.close(reading)
        place, result = self.run_shell(["--ladder", PATIENT, "--report", "-"], LEAVES_ONE, stdout=writing)
        os.close(writing)
        self.assertEqual(result.code, 3, result)
        self.assert_nothing_left(place)


class Stops(FaultCase):
    """Exeunt's own processes are stopped for a while."""

    def wait_settled(self, session):
        """Until the front has let go of what it inherited: the pipe that shows who of the session is alive."""
        pipe = os.fstat(session.life).st_ino
        poll_until(lambda: pipe not in inodes(session.pid), "the front to let go of its caller's descriptors")

    def wait_stopped(self, pid):
        poll_until(lambda: "T" in walk.states(pid), f"{pid} to stop")

    def stop_both(self, session):
        """The front first, which would let the keeper go on."""
        keeper = first_child(session.pid)
        session.signal(signal.SIGSTOP)
        self.wait_stopped(session.pid)
        os.kill(keeper, signal.SIGSTOP)
        self.wait_stopped(keeper)
        return keeper

    def test_both_stopped_while_the_payload_exits(self):
        place = self.place()
        session = self.start_shape(place, ["--ladder", PATIENT], "setsid-daemon")
        keeper = self.stop_both(session)
        os.kill(session.leader, signal.SIGKILL)
        poll_until(lambda: not walk.is_alive(session.leader), "the leader to exit")
        session.signal(signal.SIGCONT)
        result = session.finish()
        self.assertEqual((result.code, result.record["verdict"]), (137, "left"), result)
        self.assert_nothing_left(place)

    def test_keeper_stopped_then_killed(self):
        place = self.place()
        session = self.start_shape(place, ["--ladder", PATIENT], "setsid-daemon")
        keeper = self.stop_both(session)
        os.kill(keeper, signal.SIGKILL)
        session.signal(signal.SIGCONT)
        result = session.finish()
        self.assertEqual((result.record["reason"], result.record["verdict"]), ("supervisor-exited", "left"), result)
        self.assert_nothing_left(place)

    def test_front_stopped_while_the_session_ends(self):
        place = self.place()
        session = self.start_shape(place, ["--ladder", PATIENT], "setsid-daemon")
        self.wait_settled(session)
        session.signal(signal.SIGSTOP)
        self.wait_stopped(session.pid)
        os.kill(session.leader, signal.SIGKILL)
        session.wait_gone()
        session.signal(signal.SIGCONT)
        result = session.finish()
        self.assertEqual((result.code, result.record["verdict"]), (137, "left"), result)
        self.assert_nothing_left(place)

    def test_request_to_a_stopped_front_is_not_lost(self):
        place = self.place()
        session = self.start_shape(place, ["--ladder", PATIENT], "setsid-daemon")
        session.signal(signal.SIGSTOP)
        self.wait_stopped(session.pid)
        session.signal(signal.SIGTERM)
        session.signal(signal.SIGCONT)
        result = session.finish()
        self.assertEqual((result.code, result.record["reason"]), (143, "requested"), result)
        self.assert_nothing_left(place)


class Load(FaultCase):
    """More work than the machine can do: everything takes longer, nothing comes out otherwise."""

    def test_machine_load(self):
        spinners = [subprocess.Popen(["sh", "-c", "while :; do :; done"]) for _ in range(4 * (os.cpu_count() or 1))]
        try:
            for identity in host.identities():
                for shape, ladder, verdict in (("tree", PATIENT, "left"), ("ignores-term", BRISK, "killed")):
                    with self.subTest(f"{identity.name} {shape}"):
                        place = self.place(identity)
                        result = self.run_shape(place, ["--ladder", ladder], shape)
                        self.assert_record(result)
                        self.assertEqual((result.code, result.record["verdict"]), (0, verdict), result)
                        self.assert_nothing_left(place)
        finally:
            for spinner in spinners:
                spinner.kill()
                spinner.wait()


def inodes(pid):
    """What a process has open."""
    found = set()
    for number in os.listdir(f"/proc/{pid}/fd"):
        with contextlib.suppress(FileNotFoundError):
            found.add(os.stat(f"/proc/{pid}/fd/{number}").st_ino)
    return found
