# SPDX-License-Identifier: Apache-2.0
"""The throwaway host, and what this one can do."""

import os
import re
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
SCRIPT = REPOSITORY / "Tests" / "Host" / "throwaway-host"

# A uid nobody has: the ordinary user of the unprivileged rows.
ORDINARY_UID = 61500
# The account of that number, where one is needed.
ACCOUNT = "exeunt-bench"


def pid_namespace():
    return os.readlink("/proc/self/ns/pid")


def require_throwaway(outer_namespace):
    """Refuses to go on in the pid namespace the benchmark was called in: what follows kills by the thousand."""
    if pid_namespace() == outer_namespace:
        raise SystemExit("bench: not in a throwaway host: nothing was started")


def cgroup_mount():
    """Mount point of a cgroup v2 hierarchy in which this process may make children, or None."""
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        fields, _, rest = line.partition(" - ")
        if rest.startswith("cgroup2 "):
            mount = re.sub(r"\\(\d{3})", lambda code: chr(int(code[1], 8)), fields.split()[4])
            path = next(entry[3:] for entry in Path("/proc/self/cgroup").read_text().splitlines()
                        if entry.startswith("0::"))
            return mount if os.access(mount + path, os.W_OK) else None
    return None


def add_account():
    """Makes the account. A number without one is looked for in every database of the host."""
    line = f"{ACCOUNT}:x:{ORDINARY_UID}:{ORDINARY_UID}::/:/usr/sbin/nologin\n"
    with open("/etc/passwd", "r+", encoding="ascii") as file:
        if line not in file:
            file.write(line)


def ordinary_user():
    """Keyword arguments of subprocess that make a child an ordinary user, and a note when that cannot be had."""
    if os.geteuid() != 0:
        return {}, None
    for line in Path("/proc/self/uid_map").read_text().splitlines():
        inside, _, length = map(int, line.split())
        if inside <= ORDINARY_UID < inside + length:
            return {"user": ORDINARY_UID, "group": ORDINARY_UID, "extra_groups": []}, None
    return {}, "as root of a user namespace: it has no second uid"
