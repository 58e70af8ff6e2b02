# SPDX-License-Identifier: Apache-2.0
"""The check of trust of a path of five components, all of it on the root's own mount."""

import os
import shutil
import subprocess

from .bench import Row
from .compare import compare, not_measured, spread

BASE = "/opt/exeunt-bench"
TITLE = "trust of a path of five components"
TARGET = 50


def measure(bench):
    if os.geteuid() != 0 or not os.access(bench.develop, os.X_OK):
        return [not_measured("trust", TITLE, "≤ 1.50×", f"needs root, and {bench.develop}")]
    bench.progress(TITLE)
    os.makedirs(f"{BASE}/a/b")
    path = shutil.copy(shutil.which("true"), f"{BASE}/a/b/hook")
    times, runs = ("1000", 3) if bench.quick else ("5000", 25)
    try:
        pairs = [[_time([bench.develop, "open-trusted", path, "--times", times]),
                  _time([bench.programs["open-trusted"], path, times])] for _ in range(runs + 1)][1:]
    finally:
        shutil.rmtree(BASE)
    ratio = compare("trust", TITLE, "µs", *zip(*pairs), at_most=1.5)
    absolute = Row("trust", f"{TITLE}, absolute", "µs", ratio.ours, target=f"≤ {TARGET} µs", met=ratio.ours <= TARGET)
    absolute.samples = {"ours": spread([ours for ours, _ in pairs])}
    return [ratio, absolute]


def _time(command):
    """Microseconds for each time."""
    return int(subprocess.run(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL, check=True).stdout) / 1000
