# SPDX-License-Identifier: Apache-2.0
"""Hooks when things go wrong: never twice, never in silence, and nothing is left in any case."""

import contextlib
import os
import resource
import signal
import shutil
import time

from harness import host
from harness.case import PATIENT
from harness.hooks import HookCase, ending
from harness.host import Identity
from harness.processes import child_named, first_child, kill
from harness.session import poll_until, read

# Processes are counted by uid on the whole machine: nobody else may have this one.
POOR = Identity("poor", 64104, True)
INSTANTS = 40
# Hooks that leave a daemon, in which a killed keeper is not an end.
STAYING = "setsid sleep 1000 & sleep 0.01"


class Untrusted(HookCase):
    """A hook that changes while the payload runs is not run."""

    def check(self, change, words, phase="after"):
        place = self.place()
        hooks = {"before": None, "after": None, phase: ""}
        path = self.hook_path(place, "e" if phase == "after" else "b")
        other = place.path("other")
        with open(other, "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\necho other >>{place.path('ran')}\n")
        os.chmod(other, 0o755)
        payload = change.format(path=path, other=other, directory=self.hook_path(place), uid=host.USER.uid)
        result = self.run_hooks(place, ["--verbose"], payload, **hooks)
        self.assert_hooks(result, (phase, "not run"))
        self.assertEqual(self.ran(place), [], result)
        self.assertIn(words, result.record["hooks"][0]["notRun"])
        self.assertIn(f"hook {path} was not run: ", result.stderr)
        self.assertEqual(result.code, 125 if phase == "after" else 0, result)
        self.assert_nothing_left(place)

    def test_made_writable(self):
        for phase in ("before", "after"):
            with self.subTest(phase):
                self.check("chmod o+w {path}", "written to by everybody", phase)

    def test_changes(self):
        changes = [
            ("chmod g+w {directory}", "group"), ("rm {path}", "[ENOENT]"), ("mv {directory} {directory}.x", "[ENOENT]"),
            ("rm {path}; ln -s {other} {path}", "symbolic link"), ("chmod 644 {path}", "execut"),
            ("mv {directory} {directory}.x; ln -s {directory}.x {directory}", "symbolic link"),
            ("rm {path}; mkfifo {path}", "regular file"), ("rm {path}; mkdir {path}", "regular file")]
        if host.PRIVILEGED:
            changes += [("chown {uid} {path}", "belongs to user"), ("cp {other} {path}; chown {uid} {path}", "belongs"),
                        ("chmod u+s {path}", "set-")]
        for change, words in changes:
            with self.subTest(change):
                self.check(change, words)

    def test_not_trusted_from_the_start(self):
        place = self.place()
        path = self.write_hook(place, "e")
        os.chmod(path, 0o777)
        for option in ("--before", "--epilogue"):
            result = self.start(place, [option, path], ["touch", place.path("payload")]).finish()
            self.assertEqual((result.code, result.record), (125, None), result)
            self.assertIn("is not trusted", result.stderr)
            self.assertFalse(os.path.exists(place.path("payload")), "nothing is started")


class Killed(HookCase):
    """One of Exeunt's processes is killed, at whatever instant."""

    def cases(self):
        for identity in host.identities():
            for options in ([], ["--track", "descent"]):
                if identity.delegated or options:
                    yield identity, options

    def start_both(self, place, options, payload="setsid sleep 1000 & exit 0"):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(place.path("ran"))
        return self.start_hooks(place, [*options, "--ladder", PATIENT], payload, STAYING, STAYING)

    def measure(self, place, options):
        """Nanoseconds from exec to the end."""
        times = []
        for _ in range(3):
            began = time.monotonic_ns()
            session = self.start_both(place, options)
            session.wait()
            times.append(time.monotonic_ns() - began)
            self.close(session)
        return sorted(times)[1]

    def close(self, session):
        session.close()
        self.sessions.remove(session)

    def check_once(self, place, result, when):
        """Each hook ran once, or not at all and somebody says so."""
        ran = self.ran(place)
        for name in ("b", "e"):
            self.assertLessEqual(ran.count(name), 1, f"{when}: {name} has run twice: {result}")
        if result.record:
            self.assertEqual(self.schema.problems(result.record), [], result)
            outcomes = {hook["phase"]: ending(hook) for hook in result.record["hooks"]}
            for phase, name in (("before", "b"), ("after", "e")):
                if name not in ran:
                    self.assertIn(outcomes[phase], ("not run", "unknown"), f"{when}: {result}")
                if outcomes[phase] == 0:
                    self.assertIn(name, ran, f"{when}: {result}")
                if outcomes[phase] in ("not run", "unknown"):
                    self.assertIn(f"hook {self.hook_path(place, name)} ", result.stderr, when)
        if sorted(ran) != ["b", "e"] or not result.record or any(
                ending(hook) != 0 for hook in result.record["hooks"]):
            self.assertNotEqual(result.code, 0, f"{when}: {result}")
            if result.code != 137:
                self.assertIn("exeunt: ", result.stderr, f"{when}: {result}")

    def check_all(self, victim):
        for identity, options in self.cases():
            with self.subTest(f"{identity.name} {options}"):
                place = self.place(identity)
                span = self.measure(place, options) * 5 // 4
                for instant in range(INSTANTS):
                    began = time.monotonic_ns()
                    session = self.start_both(place, options)
                    when = f"killed {span * instant // INSTANTS // 1000} us after its start"
                    while time.monotonic_ns() < began + span * instant // INSTANTS:
                        pass
                    pid = victim(session)
                    if pid:
                        kill(pid)
                    session.wait()
                    session.wait_gone()
                    self.await_nothing_left(place)
                    self.check_once(place, session.finish(), when)
                    self.close(session)

    def test_front(self):
        self.check_all(lambda session: session.pid)

    def test_keeper(self):
        self.check_all(lambda session: first_child(session.pid))

    def test_keeper_of_a_hook(self):
        self.check_all(lambda session: keeper_of_hook(session))

    def test_front_killed_during_a_hook(self):
        """Whoever keeps the session runs all hooks all the same."""
        for identity, options in self.cases():
            for phase in ("before", "after"):
                with self.subTest(f"{identity.name} {options} {phase}"):
                    place, session, go = self.start_waiting(identity, options, phase)
                    session.signal(signal.SIGKILL)
                    self.write_fifo(go)
                    session.wait()
                    session.wait_gone()
                    self.await_nothing_left(place)
                    result = session.finish()
                    self.assert_hooks(result, ("before", 0), ("after", 0))
                    self.assertEqual(self.ran(place), ["b", "e"])

    def test_keeper_killed_during_a_hook(self):
        for identity, options in self.cases():
            for phase in ("before", "after"):
                with self.subTest(f"{identity.name} {options} {phase}"):
                    place, session, _ = self.start_waiting(identity, options, phase)
                    kill(first_child(session.pid))
                    result = session.finish()
                    self.assert_hooks(result, ("before", "unknown"), ("after", "unknown"))
                    self.assertEqual((result.code, result.record["reason"]), (125, "supervisor-exited"), result)
                    self.assertEqual(result.stderr.count("may not have run to its end"), 2, result)
                    self.assertEqual(self.ran(place), ["b"] if phase == "before" else ["b", "e"])
                    self.await_nothing_left(place)

    def test_keeper_killed_while_more_is_to_be_reported_than_a_pipe_holds(self):
        """Whoever reports finds out that nobody is left to hear it."""
        place = self.place()
        ready, go = self.make_fifo(place, "ready"), self.make_fifo(place, "go")
        script = f"head -c 70000 /dev/zero; echo >{ready}; read x <{go}"
        session = self.start_hooks(place, ["--capture-output", "--ladder", PATIENT], "true", None, script)
        self.read_fifo(session, ready)
        began = time.monotonic()
        kill(first_child(session.pid))
        self.assert_hooks(session.finish(), ("after", "unknown"))
        self.await_nothing_left(place)
        self.assertLess(time.monotonic() - began, 8)

    def test_keeper_of_a_hook_killed_during_it(self):
        for identity, options in self.cases():
            for phase in ("before", "after"):
                with self.subTest(f"{identity.name} {options} {phase}"):
                    place, session, _ = self.start_waiting(identity, options, phase, kept="setsid sleep 1000 &")
                    began = time.monotonic()
                    kill(keeper_of_hook(session))
                    result = session.finish()
                    expected = {"before": 0, "after": 0, phase: "unknown"}
                    self.assert_hooks(result, *expected.items())
                    self.assertEqual((result.code, self.ran(place)), (125, ["b", "e"]), result)
                    self.assertIn("the process that kept it was killed", result.stderr)
                    self.assertLess(time.monotonic() - began, 8, "nobody waits for what nobody keeps")
                    self.assert_nothing_left(place)

    def test_the_kept_live_when_a_keeper_of_a_hook_is_killed(self):
        for identity, options in self.cases():
            with self.subTest(f"{identity.name} {options}"):
                place = self.place(identity)
                kept = place.path("kept")
                shutil.copyfile("/usr/bin/sleep", kept)
                os.chmod(kept, 0o755)
                ready = self.make_fifo(place, "ready")
                session = self.start_hooks(
                    place, [*options, "--keep-exe", kept], f"setsid {kept} 1000 & {until_it_runs(kept)}", None,
                    f"setsid sleep 1000 & echo >{ready}; sleep 1000")
                self.read_fifo(session, ready)
                kill(keeper_of_hook(session))
                result = session.finish()
                self.assert_hooks(result, ("after", "unknown"))
                self.assertEqual(result.code, 125, result)
                alive = place.left(ignoring={os.getpid(), *self.canaries.pids})
                self.assertEqual([found.name for found in alive], ["kept"], result)

    def start_waiting(self, identity, options, phase, kept=""):
        """A run in the middle of its hook of this phase, which waits for a word."""
        place = self.place(identity)
        ready, go = self.make_fifo(place, "ready"), self.make_fifo(place, "go")
        scripts = {"before": "", "after": "", phase: f"{kept} echo >{ready}; read x <{go}"}
        session = self.start_hooks(place, [*options, "--ladder", PATIENT], "setsid sleep 1000 & exit 0", **scripts)
        self.read_fifo(session, ready)
        return place, session, go


class Shortages(HookCase):
    """Nothing to fork with, nothing to open files with."""

    def test_no_processes_for_a_while(self):
        """The payload has used up all there are, and dies out by itself: what is tried again succeeds."""
        host.require_privilege("a user of its own to count")
        place = self.place(POOR)
        # sleeps: while they do there is no process for the hook.
        filler = "while :; do sleep 0.7 & done"
        result = self.run_hooks(place, ["--ladder", PATIENT], filler, "", "", prepare=limit(resource.RLIMIT_NPROC, 20))
        self.assert_hooks(result, ("before", 0), ("after", 0))
        self.assertEqual((result.code, self.ran(place)), (2, ["b", "e"]), result)
        self.assert_nothing_left(place)

    def test_no_processes_at_all(self):
        """The hook before the ladder is given up, and said so; the one after it has what the ladder has freed."""
        host.require_privilege("a user of its own to count")
        place = self.place(POOR)
        filler = "while :; do sleep 1000 & done"
        result = self.run_hooks(place, ["--ladder", PATIENT], filler, "", "", prepare=limit(resource.RLIMIT_NPROC, 20))
        self.assert_hooks(result, ("before", "not run"), ("after", 0))
        self.assertIn("[EAGAIN]", result.stderr)
        self.assertEqual(self.ran(place), ["e"], result)
        self.assert_nothing_left(place)

    def test_a_hook_that_waits_to_be_tried_again_is_given_up_on_request(self):
        host.require_privilege("a user of its own to count")
        place = self.place(POOR)
        filler = "trap '' TERM; while :; do sleep 1000 & done"
        session = self.start_hooks(
            place, ["--ladder", PATIENT], filler, "", None, prepare=limit(resource.RLIMIT_NPROC, 20))
        poll_until(lambda: "Cannot fork" in read(session.stderr), "the payload to have used up all processes")
        began = time.monotonic()
        session.signal(signal.SIGTERM)
        session.signal(signal.SIGTERM)
        result = session.finish()
        self.assert_hooks(result, ("before", "not run"))
        self.assertLess(time.monotonic() - began, 4, result)
        self.assert_nothing_left(place)

    def assert_messages(self, result):
        """The payload's shell complains, too."""

    def test_descriptors(self):
        """Either there are enough for the hooks as well, or nothing is started."""
        done = []
        for count in range(16, 72, 3):
            with self.subTest(count):
                place = self.place()
                payload = f"touch {place.path('payload')}; setsid sleep 1000 & exit 3"
                result = self.run_hooks(place, ["--ladder", PATIENT, "--capture-output"], payload, "echo x", "echo x",
                                        prepare=limit(resource.RLIMIT_NOFILE, count))
                done.append(result.code == 3)
                if result.code == 3:
                    self.assert_hooks(result, ("before", 0), ("after", 0))
                else:
                    self.assertEqual((result.code, result.record), (125, None), result)
                    self.assertIn("[EMFILE]", result.stderr)
                    self.assertFalse(os.path.exists(place.path("payload")), result)
                self.assert_nothing_left(place)
        self.assertEqual((done[0], done[-1]), (False, True))


def until_it_runs(program):
    """A script that waits until its last child has become this program, by which it is known."""
    return f'while [ "$(readlink /proc/$!/exe)" != {program} ]; do :; done'


def limit(what, count):
    return lambda: resource.setrlimit(what, (count, count))


def keeper_of_hook(session):
    """The process that keeps the hook that runs now, or None."""
    keeper = first_child(session.pid)
    return child_named(keeper, "session-keeper") if keeper else None
