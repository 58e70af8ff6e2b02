# SPDX-License-Identifier: Apache-2.0
"""Bounds on the number of processes, for tests that would else fill the machine."""

import os
import subprocess
import unittest

from .session import poll_until


def mount():
    """Where the pids controller of cgroup v1 is mounted in this host."""
    directory = "/run/pids"
    if not os.path.ismount(directory):
        os.makedirs(directory, exist_ok=True)
        subprocess.run(["mount", "-t", "cgroup", "-o", "pids", "pids", directory], check=True)
    return directory


def bound(case, place):
    """A directory of cgroup v1 for a bomb that would else fill the machine: who writes itself into its `cgroup.procs`
    has 150 processes at most, with whatever it starts. None where only the throwaway host bounds them."""
    if os.environ["EXEUNT_HOST_PIDS"] != "v1":
        if place.identity.is_root:
            raise unittest.SkipTest("host: no pids controller of cgroup v1 to bound root's processes with")
        return None
    root = mount()
    directory = f"{root}/{place.token}"
    os.mkdir(directory)
    for name in ("", "cgroup.procs"):
        os.chown(f"{directory}/{name}", place.identity.uid, place.identity.uid)
    # Nobody may enter who cannot leave: the common ancestor counts as well.
    os.chmod(f"{root}/cgroup.procs", 0o666)
    with open(f"{directory}/pids.max", "w", encoding="ascii") as file:
        file.write("150")
    # After the place has been cleared.
    case.addCleanup(lambda: poll_until(lambda: remove(directory), "the last of the bomb to leave its pids cgroup"))
    return directory


def remove(directory):
    try:
        os.rmdir(directory)
        return True
    except OSError:
        return False
