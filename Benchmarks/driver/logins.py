# SPDX-License-Identifier: Apache-2.0
"""What it costs that somebody logs in while exeuntd runs: time, memory, wake-ups, and a daemon that starts again."""

import contextlib
import os
import shutil
import subprocess
import time
from pathlib import Path
from statistics import median

from . import host
from .bench import Row
from .compare import compare, spread
from .daemon import PLAIN, SERVICE, Crowd, Daemon, fields, needs_daemon, switches
from .start import times

MIB = 1024.0
ADDED = "PAM open + close, added by the module"


@contextlib.contextmanager
def moving(bench):
    """Somebody is moved into another cgroup every 5 ms, so that nobody who logs in has to wait for the kernel first. The
    more processes there are the longer an ending takes, and the rarer are log-ins that follow it."""
    mover = subprocess.Popen([bench.programs["move-process"], "1000000", "5", bench.cgroup], stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        mover.kill()
        mover.wait()
        with contextlib.suppress(OSError):
            os.rmdir(f"{bench.cgroup}/floor-{mover.pid}")


def added(bench, daemon, pairs, pause=3):
    """Milliseconds that opening and closing take longer than with a module that permits: (both, open, close, the rest)."""
    command = [bench.programs["log-in-pairs"], str(pairs), host.ACCOUNT, SERVICE, PLAIN, daemon.leaves, str(pause)]
    output = subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE).stdout
    lines = [[int(word) / 1e6 for word in line.split()] for line in output.splitlines()]
    openings, closings = [line[0] for line in lines], [line[1] for line in lines]
    plain = [line[2] + line[3] for line in lines]
    both = [a + b - c for a, b, c in zip(openings, closings, plain)]
    return both, openings, closings, plain


@needs_daemon("login", ADDED, "≤ 0.6 ms")
def measure_login(bench):
    pairs, few, many = (20, 10, 200) if bench.quick else (500, 10, 10000)
    bench.progress(f"PAM open + close with {few} sessions")
    with Daemon(bench) as daemon, Crowd(daemon, few), moving(bench):
        first = added(bench, daemon, pairs)
    bench.progress(f"PAM open + close with {many:,} sessions")
    with Daemon(bench) as daemon, Crowd(daemon, many), moving(bench):
        loaded = added(bench, daemon, pairs)
    rows = []
    for count, (both, openings, closings, plain) in ((few, first), (many, loaded)):
        row = compare("login", f"{ADDED}, {count:,} sessions", "ms", both, plain, against="pam_permit (whole)")
        row.ratio = None
        row.note = f"open {median(openings):.2f}, close {median(closings):.2f}"
        rows.append(row)
    rows[0].target, rows[0].met = "≤ 0.6 ms", rows[0].ours <= 0.6
    more = compare("login", f"the same, {many:,} sessions against {few}", "ms", loaded[0], first[0], at_most=1.1,
                   against=f"{few} sessions")
    return rows + [more]


@needs_daemon("login-apart", f"{ADDED}, log-ins 100 ms apart", "")
def measure_login_apart(bench):
    pairs, pause = (5, 100) if bench.quick else (60, 100)
    title = f"{ADDED}, log-ins {pause} ms apart"
    bench.progress(title)
    with Daemon(bench) as daemon:
        both, openings, closings, _ = added(bench, daemon, pairs, pause)
        command = [bench.programs["move-process"], str(pairs), str(pause), bench.cgroup]
        output = subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE).stdout
    floor = [int(line) / 1e6 for line in output.splitlines()]
    return [compare("login-apart", title, "ms", both, floor, against="move one process",
                    note=f"open {median(openings):.2f}, close {median(closings):.2f}")]


@needs_daemon("openings", "log-ins through PAM, one after the other", "≤ 1.6 s")
def measure_openings(bench):
    count, runs = (50, 2) if bench.quick else (1000, 5)
    title = f"{count:,} log-ins through PAM, one after the other"
    bench.progress(title)
    seconds = []
    for _ in range(runs):
        with Daemon(bench) as daemon, Crowd(daemon, count) as crowd:
            seconds.append(crowd.seconds)
    row = Row("openings", title, "s", median(seconds), target="≤ 1.6 s", met=median(seconds) <= 1.6)
    row.samples = {"ours": spread(seconds)}
    return [row]


def _memory(daemon):
    time.sleep(0.5)
    values = fields(f"/proc/{daemon.pid}/status", ["VmRSS", "RssAnon", "RssFile"])
    return values | fields(f"/proc/{daemon.pid}/smaps_rollup", ["Pss"])


@needs_daemon("daemon-memory", "exeuntd, no session, resident", "≤ 10 MiB")
def measure_daemon_memory(bench):
    count = 200 if bench.quick else 10000
    bench.progress(f"memory of exeuntd, without and with {count:,} sessions")
    with Daemon(bench) as daemon:
        alone = _memory(daemon)
        with Crowd(daemon, count):
            crowded = _memory(daemon)
    resident, anonymous = alone["VmRSS"] / MIB, alone["RssAnon"] / MIB
    each = (crowded["VmRSS"] - alone["VmRSS"]) / count
    return [
        Row("daemon-memory", "exeuntd, no session, resident", "MiB", resident, target="≤ 10 MiB", met=resident <= 10,
            note=f"file {alone['RssFile'] / MIB:.2f}, Pss {alone['Pss'] / MIB:.2f}", samples=alone),
        Row("daemon-memory", "exeuntd, no session, anonymous", "MiB", anonymous, target="≤ 3 MiB", met=anonymous <= 3),
        Row("daemon-memory", f"exeuntd, {count:,} sessions, more for each", "KiB", each, target="≤ 4 KiB",
            met=each <= 4, note=f"resident {crowded['VmRSS'] / MIB:.2f} MiB, of which file "
                                f"{crowded['RssFile'] / MIB:.2f}", samples=crowded),
    ]


@needs_daemon("daemon-wakeups", "wake-ups of exeuntd with idle sessions", "0")
def measure_daemon_wakeups(bench):
    count, seconds = (50, 1) if bench.quick else (1000, 60)
    title = f"wake-ups of exeuntd in {seconds} s with {count:,} idle sessions"
    bench.progress(title)
    with Daemon(bench) as daemon, Crowd(daemon, count):
        # Whatever was put off is done by then: metrics, for one.
        time.sleep(1 if bench.quick else 5)
        before = switches(daemon.pid)
        time.sleep(seconds)
        woken = switches(daemon.pid) - before
    return [Row("daemon-wakeups", title, "", woken, target="0", met=woken == 0)]


@needs_daemon("list", "exeunt list, whole process", "≤ 5.00×")
def measure_list(bench):
    count, pairs = (50, 10) if bench.quick else (1000, 200)
    title = f"exeunt list of {count:,} sessions, whole process"
    bench.progress(title)
    directory = Path(bench.directory({}))
    for number in range(count):
        (directory / f"file-{number:05}").touch()
    command = [bench.programs["spawn-pairs"], str(pairs), bench.exeunt, "list", "---", shutil.which("ls"), "-l",
               str(directory)]
    with Daemon(bench) as daemon, Crowd(daemon, count):
        if len(daemon.sessions()) != count:
            raise RuntimeError("exeunt list does not show all sessions")
        ours, theirs = times(command)
    return [compare("list", title, "ms", ours, theirs, at_most=5, against="ls -l of as many files")]


@needs_daemon("restart", "restart, until all sessions are adopted", "< 1 s")
def measure_restart(bench):
    count, runs = (100, 2) if bench.quick else (2000, 7)
    title = f"restart: from start until {count:,} sessions are adopted"
    bench.progress(title)
    seconds = []
    with Daemon(bench) as daemon, Crowd(daemon, count):
        for _ in range(runs):
            daemon.kill()
            seconds.append(daemon.start())
            if len(daemon.sessions()) != count:
                raise RuntimeError("not all sessions were adopted")
    row = Row("restart", title, "s", median(seconds), target="< 1 s", met=median(seconds) < 1)
    row.samples = {"ours": spread(seconds)}
    return [row]
