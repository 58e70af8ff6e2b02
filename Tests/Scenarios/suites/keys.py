# SPDX-License-Identifier: Apache-2.0
"""What the terminal and Exeunt say to each other: keys, window sizes, hang-ups, and the live line."""

import os
import signal

from harness import walk
from harness.case import PATIENT
from harness.terminal import Terminal, TerminalCase


class Keys(TerminalCase):
    """What the terminal's driver sends reaches the payload once."""

    def start_watching(self, options=("--ladder", PATIENT)):
        place = self.place()
        session = self.start_at_terminal(place, options, self.shape(place, "watch-signals", "USR2", 7))
        self.terminal.expect("watching")
        return place, session

    def test_each_key_once(self):
        for key, name in (("\x03", "INT"), ("\x1c", "QUIT"), ("\x1a", "TSTP")):
            with self.subTest(name):
                self.terminal.close()
                self.terminal = Terminal()
                place, session = self.start_watching()
                self.terminal.type(key)
                self.terminal.expect(rf"{name} kernel[^\n]*\n")
                session.signal(signal.SIGUSR2)
                # Passed on in order: a second one would stand before this.
                between = self.terminal.expect(r"(?s)(.*)USR2 process")[1]
                self.assertNotIn(name, between)
                result = session.finish()
                self.assertEqual((result.code, result.record["reason"]), (7, "payload-exited"), result)
                self.assertEqual(result.record["session"]["type"], "tty")
                self.assert_nothing_left(place)

    def test_window_size(self):
        place, session = self.start_watching()
        self.terminal.resize(123, 45)
        self.terminal.expect("WINCH kernel 0 123x45")
        session.signal(signal.SIGUSR2)
        self.assertNotIn("WINCH", self.terminal.expect(r"(?s)(.*)USR2 process")[1])
        self.assertEqual(session.finish().code, 7)
        self.assert_nothing_left(place)

    def test_interrupt_ends_a_payload_that_does_not_handle_it(self):
        place = self.place()
        session = self.start_at_terminal(place, ["--ladder", PATIENT], ["sh", "-c", "echo here; exec sleep 1000"])
        self.terminal.expect("here")
        self.terminal.type("\x03")
        result = session.finish()
        self.assertEqual((result.code, result.record["payload"]), (130, {"signal": 2}), result)
        self.assert_nothing_left(place)

    def test_interrupt_during_the_ending_goes_to_kill(self):
        place = self.place()
        session = self.start_at_terminal(place, ["--ladder", "CONT TERM 1000s KILL"], self.shape(place, "ignores-term"))
        # The live line says that the ending is under way.
        self.terminal.expect("1 left")
        self.terminal.type("\x03")
        result = session.finish()
        self.assertEqual(result.record["verdict"], "killed", result)
        self.assertLess(result.record["times"]["endingSeconds"], 1000)
        self.assert_nothing_left(place)

    def test_hang_up(self):
        place = self.place()
        session = self.start_at_terminal(place, ["--ladder", PATIENT], self.shape(place, "setsid-daemon"),
                                         environment={"SHAPE_READY": self.ready(place)})
        self.read_fifo(session, place.path("ready"))
        self.terminal.close()
        result = session.finish()
        self.assertEqual(result.record["payload"], {"signal": signal.SIGHUP}, result)
        self.assert_nothing_left(place)

    def ready(self, place):
        os.mkfifo(place.path("ready"))
        return place.path("ready")


class LiveLine(TerminalCase):
    """While an ending on a terminal takes longer than half a second, a line says what is left."""

    def test_line_comes_and_goes(self):
        place = self.place()
        deaf = self.shape(place, "ignores-term")
        session = self.start_at_terminal(place, ["--ladder", "CONT TERM 1500ms KILL"], deaf)
        pid = int(self.terminal.expect(r"exeunt: 1 left \(\S+ (\d+)\); KILL in \d")[1])
        self.assertTrue(walk.is_alive(pid))
        result = session.finish()
        shown = self.terminal.rest()
        # Erased before the summary, which then stands on lines of its own.
        self.assertRegex(shown, r"\r\x1b\[K(exeunt: 1 left after [^\r\n]*\r\n)", result)
        self.assertNotIn("KILL in", shown[shown.rindex("\r\x1b[K"):])
        self.assert_nothing_left(place)

    def test_no_line_for_a_quick_ending(self):
        place = self.place()
        session = self.start_at_terminal(place, ["--ladder", PATIENT], self.shape(place, "plain-child"))
        session.finish()
        self.assertNotIn("\x1b", self.terminal.rest())

    def test_no_line_when_quiet(self):
        for option in ("--quiet", "--json"):
            with self.subTest(option):
                self.terminal.close()
                self.terminal = Terminal()
                place = self.place()
                deaf = self.shape(place, "ignores-term")
                session = self.start_at_terminal(place, [option, "--ladder", "CONT TERM 1s KILL"], deaf)
                session.finish()
                shown = self.terminal.rest()
                self.assertNotIn("\x1b", shown)
                self.assertNotIn("KILL in", shown)

    def test_no_line_where_there_is_no_terminal(self):
        place = self.place()
        result = self.run_shape(place, ["--ladder", "CONT TERM 1s KILL"], "ignores-term")
        self.assertNotIn("\x1b", result.stderr)
        self.assertNotIn("KILL in", result.stderr)

    def test_line_fits_a_narrow_terminal(self):
        self.terminal.resize(40, 10)
        place = self.place()
        deaf = self.shape(place, "ignores-all-but-kill")
        session = self.start_at_terminal(place, ["--ladder", "CONT TERM 1s KILL"], deaf)
        line = self.terminal.expect(r"\r\x1b\[K(exeunt: [^\r\n]*)(?=\r)")[1]
        self.assertLess(len(line), 40)
        session.finish()
