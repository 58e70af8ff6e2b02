# SPDX-License-Identifier: Apache-2.0
"""exeuntd in this host, the PAM services that log in with its module and without, and crowds of log-ins."""

import glob
import json
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

from . import host
from .compare import not_measured

# With the module, and the same with one that permits in its place.
SERVICE, PLAIN = "exeunt-bench", "exeunt-bench-plain"
CONFIGURATION = Path("/etc/exeunt/exeunt.conf")
STATE = Path("/run/exeunt")
PATIENCE = 60


def missing(bench):
    """Why there can be no log-ins in this host; None if there can."""
    if os.geteuid() != 0 or not bench.user:
        return bench.user_note or "takes root"
    if not bench.cgroup:
        return "no writable cgroup v2"
    absent = [program for program in (bench.daemon, bench.module) if not os.path.exists(program)]
    return f"no {' and '.join(absent)}" if absent else None


def needs_daemon(name, title, target):
    """A decorator: the row says why, where there can be no log-ins."""
    def decorate(measure):
        def decorated(bench):
            reason = missing(bench)
            return [not_measured(name, title, target, reason)] if reason else measure(bench)
        return decorated
    return decorate


def furnish(bench, options=""):
    """The services, the account, and the module where libpam looks for it."""
    standard = next(iter(glob.glob("/lib/*/security/pam_loginuid.so") + glob.glob("/lib/security/pam_loginuid.so")))
    shutil.copyfile(bench.module, f"{os.path.dirname(standard)}/pam_exeunt.so")
    host.add_account()
    for name, module in ((SERVICE, f"optional pam_exeunt.so {options}"), (PLAIN, "required pam_permit.so")):
        Path(f"/etc/pam.d/{name}").write_text("session required pam_loginuid.so\n"
                                              f"session {module}\n", encoding="utf-8")
    # The machine's own would be the lower layer of the configuration.
    Path("/etc/systemd/logind.conf").unlink(missing_ok=True)


class Daemon:
    """One that knows of no session yet, with this ladder. For `with`."""

    def __init__(self, bench, ladder=None, options=""):
        furnish(bench, options)
        self.bench = bench
        CONFIGURATION.parent.mkdir(parents=True, exist_ok=True)
        CONFIGURATION.write_text("[Session]\nKillUserProcesses=yes\n" + (f"Ladder={ladder}\n" if ladder else ""),
                                 encoding="utf-8")
        shutil.rmtree(STATE, ignore_errors=True)
        self.leaves = f"{bench.cgroup}/exeunt"
        self.notices = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.address = os.path.join(bench.directory({}), "notices")
        self.notices.bind(self.address)
        self.notices.settimeout(PATIENCE)
        # How much of a file a page fault maps depends on what of it is cached: all of it, which is the worst case.
        Path(bench.daemon).read_bytes()
        self.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.kill()
        self.notices.close()

    def start(self):
        """Seconds until it says that it is ready, with all sessions adopted that there were."""
        began = time.monotonic()
        self.process = subprocess.Popen([self.bench.daemon], stdin=subprocess.DEVNULL, cwd="/",
                                        env={"PATH": os.environ["PATH"], "NOTIFY_SOCKET": self.address})
        self.pid = self.process.pid
        while not self.notices.recv(4096).startswith(b"READY=1"):
            continue
        return time.monotonic() - began

    def kill(self):
        self.process.kill()
        self.process.wait()

    def sessions(self):
        """What it has to say of all sessions."""
        listed = subprocess.run([self.bench.exeunt, "list", "--json"], stdout=subprocess.PIPE, check=True).stdout
        listed = json.loads(listed)
        return listed["sessions"] if isinstance(listed, dict) else listed


class Crowd:
    """So many sessions, each with its leader and nobody else. For `with`: at its end the daemon is killed *first*, so
    that nobody ends them one by one."""

    def __init__(self, daemon, count):
        self.daemon, self.count = daemon, count
        command = [daemon.bench.programs["log-ins"], SERVICE, host.ACCOUNT, str(count)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError(f"log-ins ended with {self.process.wait()}")
        # Of all openings together.
        self.seconds = int(line) / 1e9
        present = len(os.listdir(STATE / "sessions"))
        if present < count:
            raise RuntimeError(f"there are {present} sessions of {count}")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.daemon.kill()
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
        for leaf in os.scandir(self.daemon.leaves):
            if leaf.is_dir():
                os.rmdir(leaf.path)


def fields(path, names):
    """Numbers of a file with lines `Name: number`."""
    values = dict.fromkeys(names, 0)
    for line in Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key in values:
            values[key] = int(value.split()[0])
    return values


def switches(pid):
    """Context switches of all threads of a process, voluntary or not."""
    names = ["voluntary_ctxt_switches", "nonvoluntary_ctxt_switches"]
    return sum(sum(fields(task / "status", names).values()) for task in Path(f"/proc/{pid}/task").iterdir())
