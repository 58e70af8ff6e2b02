# SPDX-License-Identifier: Apache-2.0
"""One run of Exeunt: started by somebody, somewhere, and what came of it."""

import json
import os
import select
import signal
import subprocess
import time
from dataclasses import dataclass, field

from . import host


def wait_readable(descriptor, seconds=host.DEADLINE, what="an event"):
    """Waits until the descriptor can be read or has hung up."""
    if not select.select([descriptor], [], [], seconds)[0]:
        raise TimeoutError(f"waited {seconds} s for {what}")


@dataclass
class Result:
    """What a run of Exeunt has left in the world's hands."""

    code: int
    stdout: str
    stderr: str
    record: dict | None

    def processes(self, **wanted):
        """The record's processes with these values."""
        return [process for process in self.record["processes"]
                if all(process.get(key) == value for key, value in wanted.items())]

    def __str__(self):
        return f"code {self.code}\nstdout {self.stdout[-2000:]!r}\nstderr {self.stderr[-2000:]!r}\nrecord {self.record}"


@dataclass
class Caller:
    """How Exeunt is called, where that is not as usual."""

    environment: dict = field(default_factory=dict)
    stdin: int = subprocess.DEVNULL
    stdout: object = None
    stderr: object = None
    # Called in the child, last before exec, as the user.
    prepare: object = None
    # A process group to be in; 0 is one of its own.
    group: int | None = 0
    program: tuple = ()


class Session:
    """A running Exeunt. Its standard output and error go to files, so that nobody has to read along.

    All processes of the session inherit the writing end of a pipe: `wait_gone` waits for the kernel to say that the
    last one is gone.
    """

    def __init__(self, place, options, command, caller):
        self.place = place
        self.report = place.path("record.json")
        self.stdout = place.path("stdout")
        self.stderr = place.path("stderr")
        reading, writing = os.pipe()
        self.life = reading
        try:
            self.process = self.spawn(self.arguments(options, command, caller), caller, writing)
        finally:
            os.close(writing)
        self.pid = self.process.pid
        self.handle = os.pidfd_open(self.pid)

    def arguments(self, options, command, caller):
        program = caller.program or (host.EXEUNT, "run")
        if options is None:
            # The program is all there is: it may call Exeunt itself.
            return [*program]
        if "--report" not in options:
            options = ["--report", self.report, *options]
        return [*program, *options, "--", *command]

    def spawn(self, arguments, caller, life):
        place, identity = self.place, self.place.identity
        environment = {"PATH": host.PATH, "LANG": "C.UTF-8", "EXEUNT_TEST": place.token,
                       "SHAPE_DIR": place.directory, **caller.environment}
        # Files that the user may write, but made by the test.
        for name in (self.stdout, self.stderr, self.report):
            os.close(os.open(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666))
            os.chmod(name, 0o666)
        if identity is host.SELF or identity.is_root:
            drop = {}
        else:
            drop = {"user": identity.uid, "group": identity.uid, "extra_groups": []}

        with open(self.stdout, "wb") as stdout, open(self.stderr, "wb") as stderr:
            with entered(place):
                return subprocess.Popen(
                    arguments, env=environment, cwd="/", stdin=caller.stdin, pass_fds=[life], preexec_fn=caller.prepare,
                    stdout=stdout if caller.stdout is None else caller.stdout,
                    stderr=stderr if caller.stderr is None else caller.stderr, process_group=caller.group, **drop)

    def signal(self, number):
        signal.pidfd_send_signal(self.handle, number)

    def wait(self, seconds=host.DEADLINE):
        """The exit code, as a shell would show it, once Exeunt has ended."""
        wait_readable(self.handle, seconds, "the end of exeunt")
        code = self.process.wait()
        return code if code >= 0 else 128 - code

    def finish(self, seconds=host.DEADLINE):
        code = self.wait(seconds)
        return Result(code, read(self.stdout), read(self.stderr), self.record())

    def record(self):
        text = read(self.report)
        return json.loads(text) if text.strip() else None

    def wait_gone(self, seconds=host.DEADLINE):
        """Waits until no process of the session, nor Exeunt itself, is alive: all held the pipe, nobody reads it."""
        wait_readable(self.life, seconds, "the last process of the session to go")

    def close(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        os.close(self.handle)
        os.close(self.life)


class entered:
    """While it lasts this process is in the place's cgroup, so that a child is born there, whatever user it becomes."""

    def __init__(self, place):
        self.place = place

    def __enter__(self):
        self.place.enter()

    def __exit__(self, *_):
        if self.place.cgroup:
            with open(f"{host.CGROUPS}/cgroup.procs", "w", encoding="ascii") as file:
                file.write("0")


def read(path):
    with open(path, encoding="utf-8", errors="replace") as file:
        return file.read()


def read_if_there(path):
    """What is in the file, or nothing."""
    return read(path).strip() if os.path.exists(path) else ""


def poll_until(condition, what, seconds=host.DEADLINE):
    """For what the kernel has no event for: looks again and again, giving way in between."""
    until = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > until:
            raise TimeoutError(f"waited {seconds} s for {what}")
        os.sched_yield()
