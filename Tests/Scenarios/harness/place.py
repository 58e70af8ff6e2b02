# SPDX-License-Identifier: Apache-2.0
"""Where one test happens: a directory, a cgroup that Exeunt is called from, and a token that all of it carries."""

import itertools
import os
import select
import signal
import time

from . import host, walk

numbers = itertools.count(1)
DELEGATED_FILES = ("cgroup.procs", "cgroup.threads", "cgroup.subtree_control")


class Place:
    """A fresh one for each test. Removing it ends, from outside, whatever the test has left in it."""

    def __init__(self, identity):
        self.identity = identity
        self.token = f"place-{os.getpid()}-{next(numbers)}"
        self.directory = f"{host.ROOM}/{self.token}"
        os.makedirs(self.directory)
        os.chmod(self.directory, 0o777)
        self.cgroup = None
        if host.PRIVILEGED:
            self.cgroup = f"{host.CGROUPS}/{self.token}"
            os.mkdir(self.cgroup)
            if identity.delegated:
                self.delegate(self.cgroup)

    def delegate(self, cgroup):
        """Gives a cgroup to the user as cgroups(7) says: the directory, and the lists, but not the limits."""
        for name in ("", *DELEGATED_FILES):
            os.chown(f"{cgroup}/{name}", self.identity.uid, self.identity.uid)

    def path(self, name):
        return f"{self.directory}/{name}"

    def enter(self):
        """Moves the calling process into the cgroup."""
        if self.cgroup:
            with open(f"{self.cgroup}/cgroup.procs", "w", encoding="ascii") as file:
                file.write("0")

    def children(self):
        """Names of the cgroups below: the leaves that are left, or made by shapes."""
        return sorted(entry.name for entry in os.scandir(self.cgroup) if entry.is_dir()) if self.cgroup else []

    def left(self, ignoring=()):
        return walk.find(self.token, cgroup=self.token if self.cgroup else None, ignoring=ignoring)

    def written_pids(self):
        """The pids that the shape's left-overs have written down."""
        try:
            with open(self.path("left"), encoding="ascii") as file:
                return [int(line) for line in file]
        except FileNotFoundError:
            return []

    def clear_processes(self, ignoring=()):
        """Ends whoever is still here."""
        if self.cgroup:
            with open(f"{self.cgroup}/cgroup.kill", "w", encoding="ascii") as file:
                file.write("1")
        # By hand as well: cgroup.kill passes over a process whose main thread has exited.
        for found in self.left(ignoring):
            end(found.pid)
        if self.cgroup:
            wait_unpopulated(self.cgroup)

    def clear(self, ignoring=()):
        """Ends whoever is still here, and removes the cgroup. Nobody of this place may be a canary by now."""
        self.clear_processes(ignoring)
        if self.cgroup:
            for directory, _, _ in os.walk(self.cgroup, topdown=False):
                os.rmdir(directory)


def end(pid):
    """KILL, to the process that is found under this number now: nothing outside the throwaway host has one."""
    try:
        descriptor = os.pidfd_open(pid)
        signal.pidfd_send_signal(descriptor, signal.SIGKILL)
        os.close(descriptor)
    except ProcessLookupError:
        pass


def wait_unpopulated(cgroup):
    """Waits for the kernel's word that nobody is in the cgroup or below it."""
    poll = select.poll()
    with open(f"{cgroup}/cgroup.events", "rb", buffering=0) as events:
        poll.register(events, select.POLLPRI)
        until = time.monotonic() + host.DEADLINE
        while b"populated 1" in os.pread(events.fileno(), 4096, 0):
            if time.monotonic() > until:
                raise TimeoutError(f"{cgroup} does not become empty")
            poll.poll(1000)
