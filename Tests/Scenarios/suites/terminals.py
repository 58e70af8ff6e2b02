# SPDX-License-Identifier: Apache-2.0
"""Interactive payloads work as if `exeunt run` were not there: job control, pipelines, editors."""

import os
import sys
import termios

from harness import host, walk
from harness.case import PATIENT
from harness.session import poll_until, read
from harness.processes import first_child, kill
from harness.terminal import Terminal, TerminalCase

OUTER, INNER = "outer-prompt> ", "inner-prompt> "


class ShellCase(TerminalCase):
    """An interactive shell around Exeunt."""

    def start_shell(self, identity=None):
        """An interactive shell with job control, which Exeunt is called from: (place, session of the shell)."""
        place = self.place(identity)
        os.chown(self.terminal_name(), place.identity.uid, -1)
        shell = self.start_at_terminal(
            place, None, [], program=("bash", "--norc", "--noprofile", "-i"),
            environment={"PS1": OUTER, "TERM": "xterm", "HISTFILE": "", "E": host.EXEUNT, "SHAPES": host.SHAPES,
                         "TOKEN": place.token, "REPORT": place.path("record.json")})
        self.terminal.expect(OUTER)
        return place, shell

    def terminal_name(self):
        return os.ttyname(self.terminal.slave)

    def run_line(self, line):
        """Types a line at the outer prompt, and waits until its echo has passed."""
        self.terminal.type(line + "\r")
        self.terminal.expect(r"\r\n")

    def leave_shell(self, place, shell):
        self.terminal.type("exit\r")
        shell.wait()
        self.assert_nothing_left(place)

    def expect_status(self, code):
        """The outer shell's `$?`."""
        self.terminal.type("echo \"status=$?\"\r")
        self.terminal.expect(rf"status={code}\r\n")
        self.terminal.expect(OUTER)

    def await_foreground(self, name):
        """Until a process of this name leads the foreground process group, so that keys reach it."""
        def is_there():
            leader = walk.stat_fields(self.terminal.foreground())
            return leader and leader[0] == name
        poll_until(is_there, f"{name} in the foreground")


class JobControl(ShellCase):
    """Driven by an interactive bash around Exeunt."""

    def test_interactive_shell_with_jobs_of_its_own(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                self.terminal.close()
                self.terminal = Terminal()
                self.check_interactive_shell(identity)

    def check_interactive_shell(self, identity):
        place, shell = self.start_shell(identity)
        self.run_line(f"PS1='{INNER}' $E run --report $REPORT -- bash --norc --noprofile -i")
        self.terminal.expect(INNER)
        self.run_line("sleep 1000")
        self.await_foreground("sleep")
        self.terminal.type("\x1a")
        self.terminal.expect(r"Stopped\s+sleep 1000")
        self.terminal.expect(INNER)
        self.run_line("fg")
        self.terminal.expect("sleep 1000")
        self.await_foreground("sleep")
        self.terminal.type("\x03")
        self.terminal.expect(INNER)
        self.run_line("sleep 2000 & jobs")
        self.terminal.expect(r"Running\s+sleep 2000")
        self.terminal.expect(INNER)
        self.terminal.type("exit 5\r")
        self.terminal.expect(OUTER)
        self.expect_status(5)
        self.leave_shell(place, shell)

    def test_stop_and_continue_the_whole(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                self.terminal.close()
                self.terminal = Terminal()
                self.check_stop_and_continue(identity)

    def check_stop_and_continue(self, identity):
        place, shell = self.start_shell(identity)
        self.run_line("$E run --report $REPORT -- cat")
        self.await_foreground("cat")
        self.terminal.type("first\r")
        self.terminal.expect("first\r\nfirst\r\n")
        self.terminal.type("\x1a")
        self.terminal.expect(r"Stopped")
        self.terminal.expect(OUTER)
        self.run_line("fg")
        self.await_foreground("cat")
        self.terminal.type("second\r")
        self.terminal.expect("second\r\nsecond\r\n")
        self.terminal.type("\x04")
        self.terminal.expect(OUTER)
        self.expect_status(0)
        self.leave_shell(place, shell)

    def test_stop_and_continue_many_times(self):
        place, shell = self.start_shell()
        self.run_line("$E run --report $REPORT -- cat")
        for count in range(10):
            self.await_foreground("cat")
            self.terminal.type("\x1a")
            self.terminal.expect("Stopped")
            self.terminal.expect(OUTER)
            self.run_line("fg")
        self.await_foreground("cat")
        self.terminal.type("still here\r")
        self.terminal.expect("still here\r\nstill here\r\n")
        self.terminal.type("\x03")
        self.terminal.expect(OUTER)
        self.expect_status(130)
        self.leave_shell(place, shell)

    def test_continue_in_the_background(self):
        place, shell = self.start_shell()
        self.run_line("$E run --report $REPORT -- sleep 1000")
        self.await_foreground("sleep")
        self.terminal.type("\x1a")
        self.terminal.expect("Stopped")
        self.terminal.expect(OUTER)
        self.run_line("bg")
        self.terminal.expect(OUTER)
        self.run_line("jobs")
        self.terminal.expect("Running")
        self.terminal.expect(OUTER)
        self.run_line("kill %1; wait %1; echo gone")
        self.terminal.expect("gone")
        self.leave_shell(place, shell)

    def test_background_start_stops_when_it_reads(self):
        place, shell = self.start_shell()
        self.run_line("$E run --report $REPORT -- cat &")
        self.terminal.expect(OUTER)
        # The shell learns of it when it asks: ask until it knows.
        for _ in range(1000):
            self.run_line("jobs")
            if self.terminal.expect(r"Stopped|Running[^\n]*")[0] == "Stopped":
                break
            self.terminal.expect(OUTER)
        else:
            self.fail("a background job that reads from the terminal was not stopped")
        self.terminal.expect(OUTER)
        self.run_line("fg")
        self.await_foreground("cat")
        self.terminal.type("now\r")
        self.terminal.expect("now\r\nnow\r\n")
        self.terminal.type("\x04")
        self.terminal.expect(OUTER)
        self.expect_status(0)
        self.leave_shell(place, shell)

    def test_background_job_that_does_not_read_runs(self):
        place, shell = self.start_shell()
        self.run_line("$E run --report $REPORT -- sh -c 'exit 4' & wait $!; echo \"waited=$?\"")
        self.terminal.expect("waited=4")
        self.leave_shell(place, shell)

    def test_payload_that_stops_itself(self):
        place, shell = self.start_shell()
        self.run_line("$E run --report $REPORT -- sh -c 'kill -STOP $$; echo continued'")
        self.terminal.expect("Stopped")
        self.terminal.expect(OUTER)
        self.run_line("fg")
        self.terminal.expect("continued\r\n")
        self.terminal.expect(OUTER)
        self.expect_status(0)
        self.leave_shell(place, shell)

    def test_left_over_of_a_foreground_job(self):
        place, shell = self.start_shell()
        self.run_line(f"$E run --ladder '{PATIENT}' --report $REPORT -- sh -c 'sleep 1000 & exit 6'")
        self.terminal.expect("1 left")
        self.terminal.expect(OUTER)
        self.expect_status(6)
        self.leave_shell(place, shell)


class Pipelines(ShellCase):
    """Exeunt as one program of a pipeline at the terminal."""

    def test_pager_at_the_end(self):
        host.require_program("less")
        place, shell = self.start_shell()
        self.run_line("seq 1 1000 | $E run --report $REPORT -- less")
        self.terminal.expect("28\r?\n29")
        self.terminal.type("G")
        self.terminal.expect("1000")
        self.terminal.type("q")
        self.terminal.expect(OUTER)
        self.expect_status(0)
        self.leave_shell(place, shell)

    def test_pager_after_it(self):
        host.require_program("less")
        place, shell = self.start_shell()
        self.run_line("$E run --report $REPORT -- seq 1 100000 | less")
        self.terminal.expect("28\r?\n29")
        self.terminal.type("q")
        self.terminal.expect(OUTER)
        self.leave_shell(place, shell)

    def test_pager_under_it_stops_and_continues(self):
        host.require_program("less")
        place, shell = self.start_shell()
        self.run_line("seq 1 1000 | $E run --report $REPORT -- less")
        self.terminal.expect("28\r?\n29")
        self.await_pager()
        self.terminal.type("\x1a")
        self.terminal.expect("Stopped")
        self.terminal.expect(OUTER)
        self.run_line("fg")
        self.terminal.expect("28\r?\n29")
        self.terminal.type("q")
        self.terminal.expect(OUTER)
        self.leave_shell(place, shell)

    def await_pager(self):
        """Until `less` waits for a key: one that is stopped between its look for signals and its read stops only after
        the next key. It does not sleep between its prompt and its read."""
        self.terminal.expect("\r\n:")
        self.await_foreground("less")
        poll_until(lambda: walk.states(self.terminal.foreground()) == "S", "less to wait for a key")

    def test_editor(self):
        host.require_program("vim")
        place, shell = self.start_shell()
        self.run_line(f"$E run --report $REPORT -- vim -u NONE -N -n {place.path('text')}")
        self.terminal.expect(r"\[New( File)?\]")
        self.terminal.type("ifirst\x1b")
        self.terminal.type(":echo 'in'.'side'\r")
        self.terminal.expect("inside")
        self.terminal.type("\x1a")
        self.terminal.expect("Stopped")
        self.terminal.expect(OUTER)
        self.run_line("fg")
        self.terminal.type(":echo 'insi'.'de again'\r")
        self.terminal.expect("inside again")
        self.terminal.type("A line\x1b:wq\r")
        self.terminal.expect(OUTER)
        self.expect_status(0)
        self.assertEqual(read(place.path("text")), "first line\n")
        self.leave_shell(place, shell)

    def test_script_around_it_keeps_the_terminal(self):
        # No job control: Exeunt shares its caller's process group, and the payload has to ask for the terminal.
        place = self.place()
        script = f"{host.EXEUNT} run --report {place.path('record.json')} -- " \
                 "sh -c 'read x; echo payload got $x'; read x; echo script got $x"
        session = self.start_at_terminal(place, None, [], program=("sh", "-c", script))
        self.terminal.type("one\r")
        self.terminal.expect("payload got one")
        self.terminal.type("two\r")
        self.terminal.expect("script got two")
        self.assertEqual(session.wait(), 0)
        self.assert_nothing_left(place)

    def test_interrupt_ends_a_script_around_it(self):
        # bash goes on with its loop unless the program has died of the signal, whatever its exit code says.
        place = self.place()
        script = f"for i in 1 2 3; do {host.EXEUNT} run --report {place.path('record.json')} -- " \
                 "sh -c 'echo here; exec sleep 1000'; done; echo went on"
        session = self.start_at_terminal(place, None, [], program=("bash", "-c", script))
        self.terminal.expect("here")
        self.terminal.type("\x03")
        self.assertEqual(session.wait(), 130)
        self.assertNotIn("went on", self.terminal.rest())
        self.assert_nothing_left(place)

    def test_a_stopped_terminal_stops_no_ending(self):
        place = self.place()
        slave = os.dup(self.terminal.slave)
        stop = "import termios; termios.tcflow(2, termios.TCOOFF)"
        left = place.path("left-over")
        script = f"trap '' TERM; sleep 1000 & echo $! >{left}; {sys.executable} -c '{stop}'"
        session = self.start_at_terminal(
            place, ["--ladder", "TERM 2s KILL"], ["bash", "-c", script, place.token])
        # The last look at it comes when the record has been written, which is before the last words.
        poll_until(lambda: '"verdict":"killed"' in read(session.report), "the record")
        self.assertFalse(walk.is_alive(int(read(left))), "its ending waited for the terminal")
        termios.tcflow(slave, termios.TCOON)
        os.close(slave)
        session.wait()
        self.assert_nothing_left(place)

    def test_terminal_comes_back_from_a_killed_keeper(self):
        place = self.place()
        script = f"{host.EXEUNT} run --report {place.path('record.json')} -- " \
                 "sh -c 'read x; echo payload got $x; cat'; echo code $?; read x; echo script got $x"
        session = self.start_at_terminal(place, None, [], program=("sh", "-c", script))
        self.terminal.type("one\r")
        self.terminal.expect("payload got one")
        kill(first_child(first_child(session.pid)))
        self.terminal.expect("code 125")
        self.terminal.type("two\r")
        self.terminal.expect("script got two")
        self.assertEqual(session.wait(), 0)
        self.assert_nothing_left(place)
