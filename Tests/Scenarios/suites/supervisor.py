# SPDX-License-Identifier: Apache-2.0
"""supervisor-killed: whoever of Exeunt's processes is killed, and at whatever instant, the payload's session ends."""

import contextlib
import os
import signal
import time

from harness import host, walk
from harness.case import ScenarioCase
from harness.processes import child_named, first_child, kill, send
from harness.session import poll_until, read_if_there

# Instants per combination, spread evenly from exec to half as long again as a payload needs to be in place.
INSTANTS = 100


def spin_until(moment):
    """Busy waiting: a timer would come when it likes."""
    while time.monotonic_ns() < moment:
        pass


class SupervisorCase(ScenarioCase):
    """One place for many runs: what one leaves would be found by the next."""

    def combinations(self):
        for identity in host.identities():
            for options in ((), ("--track", "descent"), ("--track", "descent,mark:EXEUNT_SESSION")):
                if options[-1:] != ("descent,mark:EXEUNT_SESSION",) or not identity.delegated:
                    yield identity, [*options, "--ladder", "CONT TERM 30s KILL"]

    def start_staying(self, place, options):
        """A payload that stays for ever, since nobody reads its FIFO, with a daemon that has got away."""
        return self.start(place, options, self.shape(place, "double-fork-daemon"),
                          environment={"SHAPE_READY": place.path("ready")})

    def prepare(self, identity):
        place = self.place(identity)
        os.mkfifo(place.path("ready"))
        os.chmod(place.path("ready"), 0o666)
        return place

    def measure(self, place, options):
        """Nanoseconds from exec until the payload is in place."""
        times = []
        for _ in range(3):
            began = time.monotonic_ns()
            session = self.start_staying(place, options)
            self.read_fifo(session, place.path("ready"))
            times.append(time.monotonic_ns() - began)
            session.signal(signal.SIGKILL)
            self.settle(place, session)
        return sorted(times)[1]

    def settle(self, place, session, when=""):
        """Waits until nothing of a run is left, leaf included."""
        with self.subTest(when) if when else contextlib.nullcontext():
            session.wait_gone()
            self.await_nothing_left(place)
        session.close()
        self.sessions.remove(session)


class FrontKilled(SupervisorCase):
    """The process that the caller knows is killed; the keeper ends the session."""

    def test_front_killed_at_any_instant(self):
        for identity, options in self.combinations():
            with self.subTest(f"{identity.name} {options}"):
                place = self.prepare(identity)
                span = self.measure(place, options) * 3 // 2
                for instant in range(INSTANTS):
                    began = time.monotonic_ns()
                    session = self.start_staying(place, options)
                    spin_until(began + span * instant // INSTANTS)
                    session.signal(signal.SIGKILL)
                    self.settle(place, session, f"killed {span * instant // INSTANTS // 1000} us after its start")


class KeeperKilled(SupervisorCase):
    """The process that does the work is killed; the front takes over."""

    def test_keeper_killed_at_any_instant(self):
        for identity, options in self.combinations():
            with self.subTest(f"{identity.name} {options}"):
                place = self.prepare(identity)
                span = self.measure(place, options)
                for instant in range(INSTANTS):
                    session = self.start_staying(place, options)
                    keeper = poll_until(lambda: first_child(session.pid), "the keeper")
                    spin_until(time.monotonic_ns() + span * instant // INSTANTS)
                    kill(keeper)
                    result = session.finish()
                    # Whatever the payload would have said, it has not said it.
                    self.assertNotEqual(result.code, 0, result)
                    self.settle(place, session, f"killed {span * instant // INSTANTS // 1000} us after its start")

    def test_keeper_killed_when_all_is_in_place(self):
        for identity, options in self.combinations():
            with self.subTest(f"{identity.name} {options}"):
                place = self.prepare(identity)
                session = self.start_staying(place, options)
                self.read_fifo(session, place.path("ready"))
                kill(first_child(session.pid))
                result = session.finish()
                self.assert_record(result)
                self.assert_messages(result)
                self.assertEqual(result.record["reason"], "supervisor-exited", result)
                self.assertEqual(result.record["verdict"], "left", result)
                named = {process["pid"] for process in result.record["processes"]}
                self.assertLessEqual(set(place.written_pids()), named, result)
                self.settle(place, session)


    def test_orphans_that_the_caller_had_before_live_on(self):
        for options in ((), ("--track", "descent")):
            with self.subTest(options):
                place = self.place()
                for name in ("ready", "fork"):
                    os.mkfifo(place.path(name))
                # Who execs Exeunt has a child already, whose own child becomes an orphan while the session runs.
                script = 'fork=$1 orphan=$2; shift 2; ' \
                         '{ read x <$fork; env -i sleep 1000 <&- >&- 2>&- & echo $! >$orphan; } & exec "$@"'
                session = self.start(
                    place, [*options, "--ladder", "CONT TERM 30s KILL"], self.shape(place, "double-fork-daemon"),
                    environment={"SHAPE_READY": place.path("ready")},
                    program=("bash", "-c", script, "bash", place.path("fork"), place.path("orphan"), host.EXEUNT, "run"))
                self.read_fifo(session, place.path("ready"))
                keeper = poll_until(lambda: child_named(session.pid, "session-keeper"), "the keeper")
                with open(place.path("fork"), "w", encoding="ascii") as file:
                    file.write("go\n")
                orphan = int(poll_until(lambda: read_if_there(place.path("orphan")), "the orphan"))
                poll_until(lambda: walk.stat_fields(orphan)[1][1] == str(session.pid), "the orphan's new parent")
                kill(keeper)
                result = session.finish()
                self.assertEqual(result.record["reason"], "supervisor-exited", result)
                self.assertTrue(walk.is_alive(orphan), "it is none of the session's")
                kill(orphan)
                self.await_nothing_left(place)

    def test_stopped_keeper_goes_on(self):
        place = self.prepare(host.identities()[0])
        session = self.start_staying(place, [])
        self.read_fifo(session, place.path("ready"))
        send(first_child(session.pid), signal.SIGSTOP)
        session.signal(signal.SIGTERM)
        result = session.finish()
        self.assertEqual((result.record["reason"], result.record["verdict"]), ("requested", "left"), result)
        self.settle(place, session)


class KilledDuringTheEnding(SupervisorCase):
    """One has begun to end the session, and is killed before it has done so; the other finishes it."""

    def test_killed_during_the_ending(self):
        for victim in ("front", "keeper"):
            for identity in host.identities():
                with self.subTest(f"{victim} {identity.name}"):
                    place = self.place(identity)
                    for instant in range(15):
                        deaf = self.shape(place, "ignores-term")
                        session = self.start(place, ["--ladder", "CONT TERM 100ms KILL"], deaf)
                        poll_until(lambda: os.path.exists(place.path("left")), "the left-over")
                        began = time.monotonic_ns()
                        # From before the ending to after it.
                        spin_until(began + instant * 10_000_000)
                        pid = session.pid if victim == "front" else first_child(session.pid)
                        if pid:
                            kill(pid)
                        self.settle(place, session)
                        os.unlink(place.path("left"))
