# SPDX-License-Identifier: Apache-2.0
"""Foreign processes that say every signal they get. Whatever is tested, they must be left alone."""

import os
import select
import subprocess

from . import host, walk


class Canary:
    """A process of one user that blocks every signal and writes each down."""

    def __init__(self, identity, group=None):
        self.name = identity.name
        # Some have another session's mark, to look at least a little like a member.
        environment = {"PATH": os.environ["PATH"], "EXEUNT_SESSION": "canary", "CANARY": "1"}
        drop = {} if identity is host.SELF else {"user": identity.uid, "group": identity.uid, "extra_groups": []}
        self.process = subprocess.Popen(
            [host.SHAPES, "watch-signals", "canary"], env=environment, stdin=subprocess.DEVNULL, cwd="/",
            stdout=subprocess.PIPE, process_group=0 if group is None else group, **drop)
        self.pid = self.process.pid
        self.output = self.process.stdout.fileno()
        if not os.read(self.output, 100).startswith(b"watching"):
            raise RuntimeError("a canary did not start")

    def complaint(self):
        """What happened to it, or None. A stopped one has been signalled, too."""
        if self.process.poll() is not None:
            return f"the canary of {self.name} was killed: {self.process.returncode}"
        if select.select([self.output], [], [], 0)[0]:
            return f"the canary of {self.name} got {os.read(self.output, 4096).decode()!r}"
        state = walk.states(self.pid)
        return f"the canary of {self.name} is in state {state}" if state.strip("SR") else None

    def end(self):
        self.process.kill()
        self.process.wait()
        self.process.stdout.close()


class Canaries:
    """One of each user, made once and looked at after every test."""

    def __init__(self):
        owners = [host.ROOT, host.USER, host.STRANGER] if host.PRIVILEGED else [host.SELF]
        first = Canary(owners[0])
        # Exeunt is started in the first one's process group: a signal to its own group would be heard.
        self.group = first.pid
        self.all = [first] + [Canary(owner, self.group) for owner in owners[1:]]

    @property
    def pids(self):
        return {canary.pid for canary in self.all}

    def move(self, cgroup):
        """Makes them neighbours of what is tested: the same cgroup as its caller."""
        for pid in self.pids:
            with open(f"{cgroup}/cgroup.procs", "w", encoding="ascii") as file:
                file.write(str(pid))

    def complaints(self):
        return [text for text in (canary.complaint() for canary in self.all) if text]

    def end(self):
        for canary in self.all:
            canary.end()
