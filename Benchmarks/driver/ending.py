# SPDX-License-Identifier: Apache-2.0
"""Endings: the same left-overs, in the same topology, ended by exeunt and by a C program in turn."""

import json
import subprocess
from collections import Counter
from pathlib import Path

from .compare import compare, not_measured

SETTLE_MS = 100


class Ending:
    """One kind of ending: `options` of `exeunt run`, and the command line of the floor in front of the payload."""

    def __init__(self, bench, count, options, floor, *, user=None, cgroup="-", recorded=False):
        self.bench, self.count, self.options, self.floor = bench, count, options, floor
        self.user, self.cgroup, self.recorded = user or {}, cgroup, recorded

    def _time(self, supervisor, directory, left_over="left-over"):
        programs = self.bench.programs
        payload = [programs["leader"], str(self.count), programs[left_over], directory]
        command = [programs["time-ending"], directory, self.cgroup, str(SETTLE_MS)] + supervisor + payload
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
                              **self.user)
        moments = json.loads(done.stdout) if done.returncode == 0 else {"status": None}
        if moments["status"] != 0:
            shown = done.stderr.decode(errors="replace")[-2000:]
            raise RuntimeError(f"{' '.join(supervisor)}: {moments}\n{shown}")
        return moments

    def run_ours(self, *, recorded):
        directory = self.bench.directory(self.user)
        report = Path(directory, "record.json")
        options = self.options + (["--report", str(report)] if recorded else [])
        moments = self._time([self.bench.exeunt, "run"] + options + ["--"], directory)
        if recorded:
            self._check(json.loads(report.read_bytes()))
        return moments

    def run_floor(self):
        return self._time(self.floor, self.bench.directory(self.user))

    def _check(self, record):
        """Time only counts if the work was done: each left-over is in the record, gone, with its evidence."""
        done = [process for process in record["processes"]
                if process["evidence"] and process["outcome"] in ("exited", "ended", "killed")]
        if len(done) < self.count:
            outcomes = Counter(process["outcome"] for process in record["processes"])
            raise RuntimeError(f"the record has {len(done)} ended of {self.count} left-overs: {dict(outcomes)}")

    def pairs(self, count):
        """Moments of `count` alternating runs, after one pair that warms up and has its record checked."""
        self.run_ours(recorded=True), self.run_floor()
        both = [(self.run_ours(recorded=self.recorded), self.run_floor()) for _ in range(count)]
        return [ours for ours, _ in both], [floor for _, floor in both]


def _series(moments, moment):
    return [sample[moment] / 1e6 for sample in moments]


def _rows(ending, name, title, pairs, targets):
    """A row for each moment of `targets` (moment, its words, limit of the ratio or None)."""
    ending.bench.progress(title)
    ours, floor = ending.pairs(pairs)
    rows = [compare(name, f"{title}: {words}", "ms", _series(ours, moment), _series(floor, moment), at_most=limit)
            for moment, words, limit in targets]
    rows[0].samples["peakResidentKiB"] = max(sample["maxrss"] for sample in ours)
    return rows


def measure_kill(bench):
    plan = [(100, 5, 1.5)] if bench.quick else [(100, 41, 1.5), (1000, 25, 1.1), (5000, 15, 1.1)]
    for count, pairs, limit in plan:
        title = f"{count:,} left-overs, KILL, cgroup"
        if not bench.cgroup:
            yield not_measured("kill", title, f"≤ {limit:.2f}×", "no writable cgroup v2")
            continue
        ending = Ending(bench, count, ["--track", "cgroup", "--ladder", "KILL"],
                        [bench.programs["kill-cgroup"], bench.cgroup], cgroup=bench.cgroup)
        yield from _rows(ending, "kill", title, pairs, [
            ("eof", "nothing left", limit), ("populated", "populated 0", limit), ("returned", "returned", None)])


def measure_descent(bench):
    count, pairs = (100, 5) if bench.quick else (1000, 25)
    ending = Ending(bench, count, ["--track", "descent", "--ladder", "KILL"],
                    [bench.programs["signal-descendants"], "9"], user=bench.user)
    rows = _rows(ending, "descent", f"{count:,} left-overs, KILL, descent, ordinary user", pairs,
                 [("eof", "nothing left", 1.5), ("returned", "returned", None)])
    rows[0].note = bench.user_note or ""
    return rows


def measure_polite(bench):
    count, pairs = (100, 5) if bench.quick else (1000, 25)
    ending = Ending(bench, count, ["--ladder", "TERM 10s KILL"], [bench.programs["signal-descendants"], "15"],
                    recorded=True)
    return _rows(ending, "polite", f"{count:,} left-overs, TERM", pairs,
                 [("eof", "nothing left", 1.5), ("returned", "returned, record written", 1.5)])
