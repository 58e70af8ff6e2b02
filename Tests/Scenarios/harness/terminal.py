# SPDX-License-Identifier: Apache-2.0
"""A terminal with somebody at it: types, and reads what appears."""

import fcntl
import os
import pty
import re
import select
import struct
import termios
import time

from . import host
from .case import ScenarioCase


class Terminal:
    """A pty. Programs get its slave side; the test sits at the master side."""

    def __init__(self, columns=100, rows=30):
        self.master, self.slave = pty.openpty()
        self.shown = ""
        self.resize(columns, rows)

    def resize(self, columns, rows):
        """The kernel tells the foreground process group."""
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def take(self):
        """For the child: a session of its own whose controlling terminal this is."""
        os.setsid()
        fcntl.ioctl(self.slave, termios.TIOCSCTTY, 0)

    def give_away(self):
        """Closes the test's copy of the slave side: when the last program is gone, reading ends."""
        if self.slave is not None:
            os.close(self.slave)
            self.slave = None

    def type(self, text):
        os.write(self.master, text.encode())

    def foreground(self):
        """The process group that the terminal belongs to at the moment."""
        return struct.unpack("i", fcntl.ioctl(self.master, termios.TIOCGPGRP, b"\0\0\0\0"))[0]

    def expect(self, pattern, seconds=host.DEADLINE):
        """Reads until the pattern has appeared; forgets everything up to its end, and returns the match."""
        until = time.monotonic() + seconds
        while True:
            found = re.search(pattern, self.shown)
            if found:
                self.shown = self.shown[found.end():]
                return found
            if not self.read_some(until - time.monotonic()):
                raise AssertionError(f"waited for {pattern!r}; there was {self.shown!r}")

    def rest(self):
        """Everything until all programs have left the terminal."""
        while self.read_some(host.DEADLINE):
            pass
        return self.shown

    def read_some(self, seconds):
        if seconds <= 0 or not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:
            return False
        self.shown += data.decode(errors="replace")
        return bool(data)

    def close(self):
        self.give_away()
        if self.master is not None:
            os.close(self.master)
            self.master = None


class TerminalCase(ScenarioCase):
    """A test at a terminal of its own."""

    def setUp(self):
        super().setUp()
        self.terminal = Terminal()
        self.addCleanup(self.terminal.close)

    def start_at_terminal(self, place, options, command, **caller):
        """Exeunt as the leader of the terminal's session, as in `docker run -t` or `ssh -t host command`."""
        slave = self.terminal.slave
        session = self.start(place, options, command, stdin=slave, stdout=slave, stderr=slave,
                             prepare=self.terminal.take, group=None, **caller)
        self.terminal.give_away()
        return session
