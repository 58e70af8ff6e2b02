# SPDX-License-Identifier: Apache-2.0
"""A log-in by ssh: a shell on the other side that is told lines, and says when it has done them."""

import os
import select
import subprocess

from .container import DEADLINE

OPTIONS = ["-i", "/root/key", "-o", "StrictHostKeyChecking=no", "-o", "BatchMode=yes", "-o", "LogLevel=ERROR"]


class Login:
    """Open from its making until `close` or `cut`."""

    def __init__(self, host, user):
        self.user = user
        self.shell = host.start("ssh", *OPTIONS, f"{user}@127.0.0.1", "exec bash", stderr=subprocess.STDOUT)
        self.lines = 0
        try:
            self.cgroup = self.cgroup_of("self")
            self.pid = int(self.do("echo $$"))
            self.session = self.do("echo $EXEUNT_SESSION")
        except Exception:
            self.cut()
            raise

    def cgroup_of(self, process):
        """The path of its cgroup of version 2, from the root that the container has."""
        return self.do(f"sed -n s/^0:://p /proc/{process}/cgroup")

    def do(self, line, seconds=DEADLINE):
        """What the line writes, once it has been done."""
        self.lines += 1
        mark = f"done-{self.lines}"
        # A left-over that keeps the shell's pipe would keep the log-out from coming.
        self.shell.stdin.write(f"{{ {line}\n}} </dev/null 2>&1; echo {mark}\n")
        self.shell.stdin.flush()
        text, output = "", self.shell.stdout.fileno()
        # Read as it comes: what a buffer of Python's holds, select knows nothing of.
        while not text.endswith(f"{mark}\n"):
            if not select.select([output], [], [], seconds)[0]:
                raise AssertionError(f"{self.user}: {line!r} is not done after {seconds} s: {text}")
            got = os.read(output, 65536)
            if not got:
                raise AssertionError(f"{self.user}: the log-in ended: {text}")
            text += got.decode(errors="replace")
        return text.removesuffix(f"{mark}\n").strip()

    def leave(self, shape, token, *arguments):
        """Leaves a shape of the scenarios behind that carries the token; returns when it is in place."""
        words = " ".join(map(str, [shape, token, *arguments]))
        # Not the shell's pipe: sshd would wait for it.
        said = self.do(f"SHAPE_DIR=$(mktemp -d) /usr/lib/exeunt-test/shapes {words} >/dev/null 2>/tmp/{token}.err || "
                       f"cat /tmp/{token}.err")
        if said:
            raise AssertionError(f"{shape} could not be left: {said}")

    def close(self):
        """Logs out as people do."""
        if self.shell.stdin.closed:
            return
        self.shell.stdin.close()
        self.shell.stdout.close()
        self.shell.wait(DEADLINE)

    def cut(self):
        """The connection goes without a word."""
        self.shell.kill()
        self.shell.wait(DEADLINE)
        for stream in (self.shell.stdin, self.shell.stdout):
            stream.close()
