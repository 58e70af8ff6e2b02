# SPDX-License-Identifier: Apache-2.0
"""The results as a table and as JSON, with the machine they were taken on."""

import os
import platform
import subprocess
import time
from dataclasses import asdict
from pathlib import Path


# Of all processors together; above it the table says that the machine was not quiet.
QUIET_PERCENT = 5


def busy_percent(seconds=1.0):
    """How busy the whole machine is with other things: the load average still holds what ran minutes ago."""
    def ticks():
        values = list(map(int, Path("/proc/stat").read_text().splitlines()[0].split()[1:9]))
        return sum(values), values[3] + values[4]

    total, idle = ticks()
    time.sleep(seconds)
    later, later_idle = ticks()
    return 100.0 * (1 - (later_idle - idle) / max(1, later - total))


def describe_machine():
    models = [line.partition(":")[2].strip() for line in Path("/proc/cpuinfo").read_text().splitlines()
              if line.startswith("model name")]
    memory = next(line.split()[1] for line in Path("/proc/meminfo").read_text().splitlines()
                  if line.startswith("MemTotal"))
    return {"kernel": platform.release(), "architecture": platform.machine(), "cores": os.cpu_count(),
            "processor": models[0] if models else "unknown", "memoryMiB": int(memory) // 1024,
            "busyBefore": busy_percent()}


def describe_binary(path):
    done = subprocess.run([path, "--version"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    return {"path": path, "version": done.stdout.decode().strip(), "bytes": os.path.getsize(path)}


def as_json(rows, **described):
    return {"version": 1, **described, "rows": [asdict(row) for row in rows]}


def _number(value, unit):
    if value is None:
        return "–"
    digits = 0 if unit == "" else 2 if abs(value) < 100 else 1
    return f"{value:,.{digits}f} {unit}".strip()


def _cells(row):
    met = {True: "yes", False: "NO", None: "–"}[row["met"]]
    ratio = f"{row['ratio']:.2f}×" if row["ratio"] is not None else "–"
    return [row["measure"], _number(row["ours"], row["unit"]), _number(row["floor"], row["unit"]), row["against"] or "–",
            ratio, row["target"] or "–", met]


def print_table(results):
    machine = results["machine"]
    heading = ["measure", "ours", "floor", "against", "ratio", "target", "met"]
    lines = [heading] + [_cells(row) for row in results["rows"]]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    lines.insert(1, ["─" * width for width in widths])
    for line in lines:
        padded = [line[0].ljust(widths[0])]
        padded += [cell.rjust(width) if column in (0, 1, 3) else cell.ljust(width)
                   for column, (cell, width) in enumerate(zip(line[1:], widths[1:]))]
        print("  ".join(padded).rstrip())
    for row in results["rows"]:
        if row["note"]:
            print(f"  {row['measure']}: {row['note']}")
    print(f"{machine['cores']} × {machine['processor']}, Linux {machine['kernel']}, "
          f"{machine['busyBefore']:.0f} % busy before and {machine['busyAfter']:.0f} % after")
    if results["quick"]:
        print("quick: too few runs to judge by; targets are not applied")
    elif max(machine["busyBefore"], machine["busyAfter"]) > QUIET_PERCENT:
        print("the machine was not quiet: ratios hold better than times, but take both with care")
