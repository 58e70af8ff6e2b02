# SPDX-License-Identifier: Apache-2.0
"""Looks through /proc for whoever a test has left: by a token in arguments or environment, and by cgroup."""

import os
from dataclasses import dataclass

DEAD = "ZX"
# PF_EXITING of <linux/sched.h>, in field 9 of stat: on its way out, and not coming back, whatever its state says.
EXITING = 0x4


@dataclass(frozen=True)
class Found:
    """A process that is alive: some thread of it is neither a zombie nor dead."""

    pid: int
    name: str
    states: str

    def __str__(self):
        return f"{self.pid} ({self.name}) {self.states}"


def read(path):
    """The file's bytes, or none if the process went meanwhile or may not be read."""
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError:
        return b""


def stat_fields(pid, thread=None):
    """(name, fields after it) of a process or thread, or None when it is gone."""
    text = read(f"/proc/{pid}/task/{thread}/stat" if thread else f"/proc/{pid}/stat")
    if b")" not in text:
        return None
    head, _, tail = text.rpartition(b")")
    return head.partition(b"(")[2].decode(errors="replace"), tail.decode().split()


def states(pid):
    """The state letter of every thread, X for one that is exiting; empty when the process is gone."""
    try:
        threads = os.listdir(f"/proc/{pid}/task")
    except OSError:
        return ""
    found = [fields[1] for fields in (stat_fields(pid, thread) for thread in threads) if fields]
    return "".join("X" if int(values[6]) & EXITING else values[0] for values in found)


def is_alive(pid):
    """Whether any thread of it lives: a process whose main thread has exited looks like a zombie."""
    return any(state not in DEAD for state in states(pid))


def start_time(pid):
    """Clock ticks after boot, or None when there is no such process."""
    fields = stat_fields(pid)
    return int(fields[1][19]) if fields else None


def parent(pid):
    fields = stat_fields(pid)
    return int(fields[1][1]) if fields else None


def pids():
    return [int(name) for name in os.listdir("/proc") if name.isdigit()]


def find(token, cgroup=None, ignoring=()):
    """All that are alive and carry the token or are in the cgroup or below it, but for the pids in `ignoring`."""
    found = []
    for pid in pids():
        if pid in ignoring or not is_alive(pid):
            continue
        if carries(pid, token.encode(), cgroup):
            fields = stat_fields(pid)
            found.append(Found(pid, fields[0] if fields else "?", states(pid)))
    return found


def carries(pid, token, cgroup):
    if cgroup and in_cgroup(pid, cgroup):
        return True
    # Reading the memory of a process in an uninterruptible wait may wait with it; such a one is known by its cgroup.
    if "D" in states(pid):
        return False
    return token in read(f"/proc/{pid}/cmdline") or token in read(f"/proc/{pid}/environ")


def in_cgroup(pid, cgroup):
    """Whether the process is in the cgroup of this name (below the root), or below it."""
    for line in read(f"/proc/{pid}/cgroup").decode(errors="replace").splitlines():
        if line.startswith("0::"):
            path = line[3:]
            return path == f"/{cgroup}" or path.startswith(f"/{cgroup}/")
    return False


def zombies(ignoring_parent):
    """Zombies that somebody fails to reap, but for those of `ignoring_parent`."""
    found = []
    for pid in pids():
        fields = stat_fields(pid)
        if fields and fields[1][0] == "Z" and not is_alive(pid) and int(fields[1][1]) != ignoring_parent:
            found.append(Found(pid, fields[0], "Z"))
    return found
