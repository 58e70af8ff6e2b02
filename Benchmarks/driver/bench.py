# SPDX-License-Identifier: Apache-2.0
"""What every row needs: the programs, a scratch directory, how much to do, and as whom."""

import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from . import host

SOURCES = Path(__file__).resolve().parents[1]

# Static where thousands run at once: the smallest process, and no time lost in the dynamic linker.
STATIC = {"left-over", "leader", "hopper"}

# Those that log in.
PAM = {"log-in", "log-ins", "log-in-pairs", "time-first-signal"}


@dataclass
class Row:
    """One line of the table. `met` is None where there is no target, or where nothing could be measured."""

    name: str
    measure: str
    unit: str
    ours: float | None = None
    floor: float | None = None
    ratio: float | None = None
    target: str = ""
    met: bool | None = None
    note: str = ""
    against: str = ""
    samples: dict = field(default_factory=dict)


class Bench:
    """`exeunt` is the binary under test. `quick` only shows that the benchmark works."""

    def __init__(self, exeunt, quick):
        self.exeunt = exeunt
        self.develop = str(Path(exeunt).with_name("exeunt-develop"))
        self.daemon = str(Path(exeunt).with_name("exeuntd"))
        self.module = str(Path(exeunt).with_name("pam_exeunt.so"))
        self.quick = quick
        self.cgroup = host.cgroup_mount()
        self.user, self.user_note = host.ordinary_user()
        self.scratch = Path(tempfile.mkdtemp(prefix="exeunt-bench-"))
        self.scratch.chmod(0o755)
        self.programs = {source.stem: self._compile(source) for source in sorted(SOURCES.glob("*/*.c"))}

    def _compile(self, source):
        program = self.scratch / source.stem
        command = ["cc", "-O2", "-Wall", "-Wextra", "-o", str(program), str(source)]
        command += ["-static"] if source.stem in STATIC else []
        subprocess.run(command + (["-lpam"] if source.stem in PAM else []), check=True)
        return str(program)

    def directory(self, user):
        """A fresh directory that belongs to whoever `user` (keyword arguments of subprocess) makes of a child."""
        path = tempfile.mkdtemp(dir=self.scratch)
        if "user" in user:
            os.chown(path, user["user"], user["group"])
        return path

    def progress(self, text):
        print(f"bench: {text}", file=sys.stderr, flush=True)

    def close(self):
        shutil.rmtree(self.scratch)
