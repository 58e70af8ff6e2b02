# SPDX-License-Identifier: Apache-2.0
"""Processes that a test finds by their parent, and signals by pidfd."""

import os
import signal

from . import walk


def children(pid):
    """The numbers of the process's children."""
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as file:
            return [int(word) for word in file.read().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def first_child(pid):
    """The number of the process's child, or None."""
    return next(iter(children(pid)), None)


def child_named(pid, name):
    """The number of the child with this name, or None."""
    return next((child for child in children(pid) if (walk.stat_fields(child) or [""])[0] == name), None)


def send(pid, number):
    """A signal to a process that nobody but the session's own may reap."""
    try:
        descriptor = os.pidfd_open(pid)
        signal.pidfd_send_signal(descriptor, number)
        os.close(descriptor)
    except ProcessLookupError:
        pass


def kill(pid):
    send(pid, signal.SIGKILL)
