# SPDX-License-Identifier: Apache-2.0
"""Endings of log-in sessions by exeuntd: the first signal, racers, and many left-overs, timed as those of payloads."""

import json
import subprocess
import time
from pathlib import Path
from statistics import median

from . import host
from .bench import Row
from .compare import compare, spread
from .daemon import SERVICE, Daemon, needs_daemon
from .ending import Ending

RECORDS = Path("/var/log/exeunt/ended.jsonl")


class LogOut(Ending):
    """`left_over` so many times, left behind by a log-in that closes its session, which PAM does with `wait=`."""

    def __init__(self, bench, count, left_over="left-over", floor=None):
        super().__init__(bench, count, [], floor, cgroup=bench.cgroup)
        self.left_over = left_over

    def run_ours(self, *, recorded):
        directory = self.bench.directory({})
        supervisor = [self.bench.programs["log-in"], SERVICE, host.ACCOUNT]
        RECORDS.unlink(missing_ok=True)
        moments = self._time(supervisor, directory, self.left_over)
        # The record is noted when the process that ends the session has exited: after the receipt.
        deadline = time.monotonic() + 30
        while not RECORDS.exists() or not RECORDS.read_bytes().endswith(b"\n"):
            if time.monotonic() > deadline:
                raise RuntimeError("there is no record of the session")
            time.sleep(0.005)
        if recorded:
            self._check(json.loads(RECORDS.read_bytes()))
        return moments


def _series(moments, moment):
    return [sample[moment] / 1e6 for sample in moments]


@needs_daemon("first-signal", "leader killed, until a left-over has its first signal", "≤ 2 ms")
def measure_first_signal(bench):
    runs = 10 if bench.quick else 200
    title = "leader killed, until a left-over has its first signal"
    bench.progress(title)
    with Daemon(bench, "CONT TERM 10s KILL") as daemon:
        command = [bench.programs["time-first-signal"], str(runs), SERVICE, host.ACCOUNT, daemon.leaves]
        output = subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE).stdout
    series = [int(line) / 1e6 for line in output.splitlines()]
    row = Row("first-signal", title, "ms", median(series), target="≤ 2 ms", met=median(series) <= 2)
    row.samples = {"ours": spread(series)}
    return [row]


@needs_daemon("hoppers", "five hoppers, log-out until nothing is left", "≤ 10 ms")
def measure_hoppers(bench):
    plan = [("KILL", 0, 10)] if bench.quick else [("KILL", 0, 25), (None, 10000, 3)]
    rows = []
    for ladder, grace, runs in plan:
        title = f"five hoppers, log-out until nothing is left, ladder {ladder or 'by default'}"
        title += "" if grace else ", without wait="
        bench.progress(title)
        ending = LogOut(bench, 5, "hopper")
        # Whoever waits stays inside until she is moved out; that takes the kernel some 10 ms, which the grace hides.
        with Daemon(bench, ladder, options="wait=30" if grace else ""):
            ending.run_ours(recorded=False)
            series = _series([ending.run_ours(recorded=False) for _ in range(runs)], "eof")
        limit = grace + 10
        row = Row("hoppers", title, "ms", median(series), target=f"≤ {limit:,} ms", met=median(series) <= limit,
                  note=f"the slowest {max(series):,.1f} ms")
        row.samples = {"ours": spread(series)}
        rows.append(row)
    return rows


@needs_daemon("logout", "log-out with left-overs, KILL", "≤ 1.15×")
def measure_logout(bench):
    count, pairs = (100, 5) if bench.quick else (1000, 25)
    title = f"log-out with {count:,} left-overs, KILL"
    bench.progress(title)
    ending = LogOut(bench, count, floor=[bench.programs["kill-cgroup"], bench.cgroup])
    with Daemon(bench, "KILL", options="wait=30"):
        ours, floor = ending.pairs(pairs)
    return [compare("logout", f"{title}: {words}", "ms", _series(ours, moment), _series(floor, moment), at_most=1.15)
            for moment, words in (("eof", "nothing left"), ("populated", "populated 0"),
                                  ("returned", "receipt, PAM's close has returned"))]
