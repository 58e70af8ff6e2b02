# SPDX-License-Identifier: Apache-2.0
"""Finding a mark in the environments of many processes."""

import os
import shutil
import subprocess
import time

from .compare import compare, not_measured

MARK = "EXEUNT_BENCH_MARK=a1b2c3"
EVERY = 100


def measure(bench):
    count, rounds = (200, 3) if bench.quick else (5000, 25)
    title = f"a mark among {count:,} processes"
    if not os.access(bench.develop, os.X_OK):
        reason = f"no {bench.develop}"
        return [not_measured("mark", title, "≤ 1.30×", reason), not_measured("mark", title, "≥ 6× faster", reason)]
    bench.progress(title)
    crowd = subprocess.Popen([bench.programs["crowd"], str(count), str(EVERY), MARK, bench.programs["left-over"]],
                             stdin=subprocess.PIPE, stdout=subprocess.PIPE, **bench.user)
    try:
        if crowd.stdout.readline() != b"ready\n":
            raise RuntimeError("the crowd did not start")
        return _compare(bench, title, rounds, count // EVERY)
    finally:
        crowd.stdin.close()
        crowd.wait()


def _compare(bench, title, rounds, expected):
    uid = bench.user.get("user", os.geteuid())
    ours = [bench.develop, "scan-mark", MARK]
    floor = [bench.programs["scan-mark"], MARK]
    pipeline = ["sh", "-c", f"ps eww -u {uid} | grep {MARK}"]
    times = [[_time(bench, ours, expected), _time(bench, floor, expected)] for _ in range(rounds)]
    rows = [compare("mark", title, "ms", *zip(*times), at_most=1.3)]
    if shutil.which("ps"):
        # grep, and the shell that holds its pattern, find themselves too.
        times = [[_time(bench, ours, expected), _time(bench, pipeline, expected, extra=9)] for _ in range(rounds)]
        rows.append(compare("mark", title, "ms", *zip(*times), at_least=6, against="ps eww | grep"))
    else:
        rows.append(not_measured("mark", title, "≥ 6× faster", "ps is not installed"))
    return rows


def _time(bench, command, expected, extra=0):
    """Milliseconds of the whole command, which must find `expected` processes, one per line."""
    start = time.monotonic_ns()
    output = subprocess.run(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=True, **bench.user).stdout
    elapsed = (time.monotonic_ns() - start) / 1e6
    found = len(output.splitlines())
    if not expected <= found <= expected + extra:
        raise RuntimeError(f"{' '.join(command)}: found {found} processes instead of {expected}")
    return elapsed
