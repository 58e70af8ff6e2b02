# SPDX-License-Identifier: Apache-2.0
"""The host's log: a socket at /dev/log, whose lines a test reads."""

import os
import re
import socket
import subprocess
import threading

from . import host

NODES = ("null", "zero", "full", "random", "urandom", "tty", "ptmx")
FACILITIES = {1: "user", 2: "mail", 3: "daemon", 10: "authpriv", 16: "local0", 19: "local3"}
LEVELS = {3: "error", 4: "warning", 6: "information"}
LINE = re.compile(r"<(\d+)>[A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d exeunt\[\d+\]: (.*)", re.DOTALL)


def furnish_devices():
    """A /dev of this host's own: that of the machine must not be changed."""
    directory = f"{host.ROOM}/dev"
    if os.path.exists(directory):
        return
    os.makedirs(directory)
    mount("-t", "tmpfs", "-o", "mode=0755", "tmpfs", directory)
    for name in NODES:
        with open(f"{directory}/{name}", "wb"):
            mount("--bind", f"/dev/{name}", f"{directory}/{name}")
    for name in ("pts", "shm"):
        os.mkdir(f"{directory}/{name}")
        mount("--rbind", f"/dev/{name}", f"{directory}/{name}")
    os.symlink("/proc/self/fd", f"{directory}/fd")
    mount("--rbind", directory, "/dev")


def mount(*arguments):
    subprocess.run(["mount", *arguments], check=True)


class HostLog:
    """Listens from when it is made until it is closed."""

    def __init__(self):
        furnish_devices()
        if os.path.exists("/dev/log"):
            os.unlink("/dev/log")
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_NONBLOCK)
        self.socket.bind("/dev/log")
        os.chmod("/dev/log", 0o666)
        self.lines = []
        self.foreign = []
        self.reader = None

    def read(self):
        """(facility, level, text) of each line of Exeunt's so far: what has been sent is there."""
        while True:
            try:
                text = self.socket.recv(65536).decode()
            except BlockingIOError:
                return self.lines
            found = LINE.fullmatch(text)
            if not found:
                self.foreign.append(text)
            else:
                number = int(found[1])
                self.lines.append((FACILITIES[number >> 3], LEVELS[number & 7], found[2]))

    def texts(self, level=None):
        return [text for _, found, text in self.read() if level in (None, found)]

    def others(self):
        """Lines of other programs, as they came."""
        self.read()
        return self.foreign

    def follow(self):
        """From now on nobody has to wait for a reader: what comes is read at once. `read` is of no use any more."""
        def read():
            while (text := self.socket.recv(65536)) != b"end":
                self.foreign.append(text.decode())

        self.socket.setblocking(True)
        self.reader = threading.Thread(target=read)
        self.reader.start()

    def close(self):
        if self.reader:
            with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as end:
                end.sendto(b"end", "/dev/log")
            self.reader.join()
        self.socket.close()
        if os.path.exists("/dev/log"):
            os.unlink("/dev/log")
