# SPDX-License-Identifier: Apache-2.0
"""The throwaway host from the inside: who can be who, what this host can do, and where the programs are."""

import os
import shutil
import unittest
from dataclasses import dataclass

PRIVILEGED = os.environ.get("EXEUNT_HOST") == "root"
ROOM = "/run/exeunt-test"
EXEUNT = f"{ROOM}/bin/exeunt"
SHAPES = f"{ROOM}/bin/shapes"
SETUID_SHAPES = f"{ROOM}/bin/shapes-setuid"
FUSE_SERVER = f"{ROOM}/bin/fuse-server"
DEVELOP = f"{ROOM}/bin/exeunt-develop"
DAEMON = f"{ROOM}/bin/exeuntd"
PAM_LOGIN = f"{ROOM}/bin/pam-login"
PAM_MODULE = f"{ROOM}/bin/pam_exeunt.so"
RACE = ("adversary", "hook-trusted", "hook-untrusted")
# The caller's may lead into directories of root's, where an ordinary user can look nothing up.
PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CGROUPS = "/sys/fs/cgroup"

# Every wait for an event ends after this many seconds at the latest, as a failure. Nothing is expected to take it.
DEADLINE = 30


@dataclass(frozen=True)
class Identity:
    """Somebody who runs Exeunt. `delegated`: may make cgroups below the one it is in."""

    name: str
    uid: int
    delegated: bool

    @property
    def is_root(self):
        return self.uid == 0


ROOT = Identity("root", 0, True)
USER = Identity("user", 64101, True)
# The same user where nobody has given her a cgroup.
LONE_USER = Identity("lone-user", 64101, False)
STRANGER = Identity("stranger", 64102, False)
# Without privilege there is one uid only; it is called root inside its user namespace and is nobody outside.
SELF = Identity("self", 0, False)


def identities():
    """Those whom this host can have."""
    return [ROOT, USER, LONE_USER] if PRIVILEGED else [SELF]


def require_privilege(what="a second uid, and cgroups"):
    """Skips the test where the host is unprivileged. The runner counts these as a failure if it must not happen."""
    if not PRIVILEGED:
        raise unittest.SkipTest(f"privilege: needs {what}")


def require_program(name):
    """The program's path; skips the test where it is not installed."""
    path = shutil.which(name, path=PATH)
    if not path:
        raise unittest.SkipTest(f"program: {name} is not installed")
    return path


def refuse_outside():
    """Nothing here may run on a real machine: everything is about signals."""
    with open("/proc/1/comm", encoding="utf-8", errors="replace") as file:
        if file.read().strip() != "throwaway-init" or "EXEUNT_HOST" not in os.environ:
            raise SystemExit("the scenarios run in a throwaway host only: use Tests/Scenarios/run")


def furnish():
    """Puts the programs where every user can reach them, and gives the users names."""
    os.makedirs(f"{ROOM}/bin", exist_ok=True)
    build = os.environ["SCENARIOS_BUILD"]
    for source, target in ((os.environ["EXEUNT"], EXEUNT), (f"{build}/shapes", SHAPES),
                           (f"{build}/shapes", SETUID_SHAPES), (f"{build}/fuse-server", FUSE_SERVER),
                           (f"{build}/exeunt-develop", DEVELOP), (f"{build}/exeuntd", DAEMON),
                           (f"{build}/pam-login", PAM_LOGIN), (f"{build}/pam_exeunt.so", PAM_MODULE),
                           *((f"{build}/{name}", f"{ROOM}/bin/{name}") for name in RACE)):
        if not os.path.exists(source):
            continue
        shutil.copyfile(source, target)
        os.chmod(target, 0o755)
    os.chmod(SETUID_SHAPES, 0o4755)
    if PRIVILEGED:
        for identity in (USER, STRANGER):
            append("/etc/passwd", f"{identity.name}:x:{identity.uid}:{identity.uid}::/tmp:/bin/sh\n")
            append("/etc/group", f"{identity.name}:x:{identity.uid}:\n")
            append("/etc/shadow", f"{identity.name}:*:20000:0:99999:7:::\n")


def append(path, text):
    with open(path, "a", encoding="utf-8") as file:
        file.write(text)
