# SPDX-License-Identifier: Apache-2.0
"""What supervising an idle payload costs: memory, and wake-ups."""

import os
import subprocess
import time
from pathlib import Path

from .bench import Row
from .ending import Ending

MIB = 1024.0


class IdleSession:
    """`exeunt run` with a payload that has `count` children and waits until it is told to go."""

    def __init__(self, bench, count, user):
        directory = bench.directory(user)
        pipes = {}
        for name in ("report", "go", "hold"):
            path = os.path.join(directory, name)
            os.mkfifo(path)
            os.chmod(path, 0o666)
            pipes[name] = os.open(path, os.O_RDWR | os.O_CLOEXEC)
        self.pipes = pipes
        payload = [bench.programs["leader"], str(count), bench.programs["left-over"], directory]
        self.process = subprocess.Popen([bench.exeunt, "run", "--quiet", "--ladder", "KILL", "--"] + payload,
                                        stdin=subprocess.DEVNULL, **user)
        self.binary = os.path.realpath(bench.exeunt)
        line = os.read(pipes["report"], 4096)
        if not line.startswith(b"ready"):
            raise RuntimeError(f"the payload did not start: {line!r}")
        time.sleep(0.2 if bench.quick else 1)

    def processes(self):
        """Pids of exeunt's own processes: the one started, and its descendants that run the same binary."""
        found, waiting = [], [self.process.pid]
        while waiting:
            pid = waiting.pop()
            if os.path.realpath(f"/proc/{pid}/exe") != self.binary:
                continue
            found.append(pid)
            for task in Path(f"/proc/{pid}/task").iterdir():
                waiting += map(int, (task / "children").read_text().split())
        return found

    def close(self):
        """Lets the payload end, and all it left with it."""
        os.write(self.pipes["go"], b"g")
        status = self.process.wait()
        for pipe in self.pipes.values():
            os.close(pipe)
        if status != 0:
            raise RuntimeError(f"exeunt ended with {status}")


def _fields(path, names):
    values = dict.fromkeys(names, 0)
    for line in Path(path).read_text().splitlines():
        key, _, value = line.partition(":")
        if key in values:
            values[key] = int(value.split()[0])
    return values


def _memory(session):
    """KiB per process: resident, anonymous, and the share of it that is fair where pages are shared."""
    table = {}
    for pid in session.processes():
        name = Path(f"/proc/{pid}/comm").read_text().strip()
        values = _fields(f"/proc/{pid}/status", ["VmRSS", "RssAnon", "RssFile"])
        values |= _fields(f"/proc/{pid}/smaps_rollup", ["Pss"])
        table[f"{name}[{pid}]"] = values
    return table


def _sum(table, key):
    return sum(values[key] for values in table.values())


def _singly(table, key):
    return ", ".join(f"{name.split('[')[0]} {values[key] / MIB:.2f}" for name, values in table.items())


def measure_memory(bench):
    # How much of a file a page fault maps depends on what of it is cached: all of it, which is the worst case.
    Path(bench.exeunt).read_bytes()
    rows = []
    for user, words in [({}, "")] + ([(bench.user, ", ordinary user")] if bench.user else []):
        rows += _memory_rows(bench, user, words)
    return rows


def _memory_rows(bench, user, words):
    bench.progress(f"memory of an idle session{words}")
    members = 200 if bench.quick else 5000
    session = IdleSession(bench, 0, user)
    alone = _memory(session)
    session.close()
    session = IdleSession(bench, members, user)
    crowded = _memory(session)
    session.close()
    # Not of the session above: the peak of a process started by Python starts with that of Python.
    peak = Ending(bench, members, ["--ladder", "KILL"], [], user=user).run_ours(recorded=True)["maxrss"]

    resident, anonymous = _sum(alone, "VmRSS") / MIB, _sum(alone, "RssAnon") / MIB
    each = (_sum(crowded, "VmRSS") - _sum(alone, "VmRSS")) / members
    largest = max(values["VmRSS"] for values in alone.values())
    pss = _sum(alone, "Pss") / MIB
    return [
        Row("memory", f"idle, resident, all processes{words}", "MiB", resident, target="≤ 8 MiB", met=resident <= 8,
            note=f"{_singly(alone, 'VmRSS')}; Pss {pss:.2f}", samples=alone),
        Row("memory", f"idle, anonymous, all processes{words}", "MiB", anonymous, target="≤ 1.5 MiB",
            met=anonymous <= 1.5, note=_singly(alone, "RssAnon")),
        Row("memory", f"{members:,} members, idle, more for each{words}", "KiB", each, target="≤ 1 KiB", met=each <= 1,
            samples=crowded),
        Row("memory", f"{members:,} left-overs, peak while ending, more for each{words}", "KiB",
            (peak - largest) / members, note=f"largest process {peak / MIB:.2f} MiB"),
    ]


def _switches(session):
    total = 0
    for pid in session.processes():
        for task in Path(f"/proc/{pid}/task").iterdir():
            names = ["voluntary_ctxt_switches", "nonvoluntary_ctxt_switches"]
            total += sum(_fields(task / "status", names).values())
    return total


def measure_wakeups(bench):
    seconds = 1 if bench.quick else 10
    bench.progress(f"wake-ups in {seconds} s")
    kinds = [({}, "")] + ([(bench.user, ", ordinary user")] if bench.user else [])
    sessions = [(IdleSession(bench, 10, user), words) for user, words in kinds]
    before = [_switches(session) for session, _ in sessions]
    time.sleep(seconds)
    after = [_switches(session) for session, _ in sessions]
    rows = []
    for (session, words), first, last in zip(sessions, before, after):
        count = len(session.processes())
        session.close()
        rows.append(Row("wakeups", f"wake-ups in {seconds} s of an idle payload{words}", "", last - first, target="0",
                        met=last == first, note=f"{count} processes"))
    return rows
