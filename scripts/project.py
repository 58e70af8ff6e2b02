# SPDX-License-Identifier: Apache-2.0
"""What the checks share: which files belong to the project, and how a finding is said."""

import os
import subprocess
import sys

ROOT = os.environ.get("EXEUNT_ROOT") or os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def tracked_files(under=""):
    """Paths relative to the root of all files that are, or are about to be, in the repository, in name order."""
    listing = subprocess.run(
        ["git", "-C", ROOT, "ls-files", "-z", "--cached", "--others", "--exclude-standard", "--", under or "."],
        check=True, capture_output=True)
    names = sorted(set(listing.stdout.decode().split("\0")) - {""})
    # A deleted file stays in the index until the commit; a symbolic link's target is checked under its own name.
    return [name for name in names if os.path.isfile(path(name)) and not os.path.islink(path(name))]


def path(name):
    """The absolute path of a project file."""
    return os.path.join(ROOT, name)


def lines(name):
    """The lines of a project file, without their ends. Bytes that are not UTF-8 are kept as escapes."""
    with open(path(name), encoding="utf-8", errors="backslashreplace") as file:
        return file.read().split("\n")[:-1] or [""]


def language(name):
    """`swift`, `c`, `python`, `shell`, `make`, `man`, or None for what is no source: by suffix, then by the `#!` line."""
    by_suffix = {".swift": "swift", ".c": "c", ".h": "c", ".modulemap": "c", ".py": "python", ".sh": "shell", ".mk": "make",
                 ".1": "man", ".5": "man", ".8": "man"}
    suffix = os.path.splitext(name)[1]
    if suffix in by_suffix:
        return by_suffix[suffix]
    if os.path.basename(name) == "Makefile":
        return "make"
    with open(path(name), "rb") as file:
        first = file.readline(120)
    if not first.startswith(b"#!"):
        return None
    return "python" if b"python" in first else "shell"


class Findings:
    """Collects what is wrong and ends the check: exit code 1 with one line for each finding, or 0."""

    def __init__(self):
        self.count = 0

    def add(self, name, line, wrong, right):
        """Says where (file and line, 0 for the whole file), what is wrong there, and what would be right."""
        place = f"{name}:{line}" if line else name
        print(f"{place}: {wrong}; {right}")
        self.count += 1

    def finish(self):
        sys.exit(1 if self.count else 0)
