# SPDX-License-Identifier: Apache-2.0
"""`exeunt run -- true` against `tini -s -- true`: what it costs to put it in front of a command."""

import shutil
import subprocess

from .compare import compare, not_measured

TARGET = 2.0


def measure(bench):
    title = "exeunt run -- true, whole process"
    tini = shutil.which("tini")
    if not tini:
        return [not_measured("start", title, f"≤ {TARGET:.2f}×", "tini is not installed")]
    rows = [_against(bench, title, tini, {}, "tini -s -- true", TARGET)]
    if bench.user:
        rows.append(_against(bench, "same, ordinary user (no cgroup)", tini, bench.user, "tini -s -- true", None))
    return rows


def _against(bench, title, tini, user, against, target):
    bench.progress(title)
    true = shutil.which("true")
    pairs = 10 if bench.quick else 400
    command = [bench.programs["spawn-pairs"], str(pairs), bench.exeunt, "run", "--", true]
    command += ["---", tini, "-s", "--", true]
    ours, theirs = times(command, **user)
    return compare("start", title, "ms", ours, theirs, at_most=target, against=against)


def times(command, **user):
    """What spawn-pairs prints, in milliseconds: (ours, theirs)."""
    output = subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, **user).stdout
    lines = [line.split() for line in output.splitlines()]
    return tuple([int(line[side]) / 1e6 for line in lines] for side in (0, 1))
