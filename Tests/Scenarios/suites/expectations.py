# SPDX-License-Identifier: Apache-2.0
"""The table: every shape of left-overs, which tracker can see it, and what is to come of it."""

from dataclasses import dataclass, field

from harness import host
from harness.case import BRISK, PATIENT

# What ends a left-over: it goes when asked, KILL is needed, either by chance, or nothing at all helps.
ASKED, KILLED, EITHER, SURVIVES = "asked", "killed", "either", "survives"


@dataclass(frozen=True)
class Tracker:
    """A way to look for members: the options, and the evidence that the record then names."""

    name: str
    options: tuple = ()

    def evidence(self, identity):
        if self.name == "default":
            return ("cgroup", "descent") if may_have_cgroup(identity) else ("descent", "mark")
        return (self.name,)


DEFAULT = Tracker("default")
CGROUP = Tracker("cgroup", ("--track", "cgroup"))
DESCENT = Tracker("descent", ("--track", "descent"))
MARK = Tracker("mark", ("--track", "mark:EXEUNT_SESSION"))
GROUP = Tracker("group", ("--track", "group"))
AUDIT = Tracker("audit", ("--track", "audit"))


def may_have_cgroup(identity):
    return identity.delegated and host.PRIVILEGED


def trackers(identity):
    """Those that this identity can ask for."""
    own = [DEFAULT, DESCENT, MARK, GROUP]
    if may_have_cgroup(identity):
        own.insert(1, CGROUP)
    if identity.is_root and host.PRIVILEGED:
        own.append(AUDIT)
    return own


@dataclass(frozen=True)
class Shape:
    """One row."""

    name: str
    ends: str = ASKED
    arguments: tuple = ()
    ladder: str = PATIENT
    # Whether the weak trackers can see it: still in the leader's group, still marked, and of the owner's uid.
    group: bool = True
    mark: bool = True
    # Whether the left-overs are always the same processes, so that the record must name exactly those.
    fixed: bool = True
    # How many more there are than write their pids down.
    unnamed: int = 0
    # What ends it where that differs by evidence.
    differs: dict = field(default_factory=dict)
    # root: only root can make it. user: only makes sense for a user. cgroup: makes cgroups. fuse, pids: see the test.
    needs: frozenset = frozenset()
    options: tuple = ()

    def sees(self, evidence):
        """Whether this evidence can find the left-overs."""
        if evidence == "group":
            return self.group
        if evidence == "mark":
            return self.mark
        return True

    def applies(self, identity, tracker):
        if not self.fixed and not any(self.sees(kind) for kind in tracker.evidence(identity)):
            # Nothing to find out: a racer that is not seen goes on racing.
            return False
        if "root" in self.needs and not (identity.is_root and host.PRIVILEGED):
            return False
        if "user" in self.needs and (identity.is_root or not host.PRIVILEGED):
            return False
        return "cgroup" not in self.needs or may_have_cgroup(identity)

    def ending(self, evidence):
        """What ends it when these kinds of evidence see it."""
        for kind in evidence:
            if kind in self.differs:
                return self.differs[kind]
        return self.ends


def needs(*words):
    return frozenset(words)


STUCK = {"ends": SURVIVES, "ladder": "CONT TERM 100ms KILL", "options": ("--unkillable", "500ms"),
         "needs": needs("fuse")}

SHAPES = [
    Shape("plain-child"),
    Shape("crowd", arguments=(50,)),
    Shape("tree", arguments=(4,)),
    Shape("setsid-daemon", group=False),
    Shape("double-fork-daemon", group=False),
    Shape("nohup"),
    Shape("holds-stdout", group=False),
    Shape("ignores-term", KILLED, ladder=BRISK),
    Shape("ignores-all-but-kill", KILLED, ladder=BRISK),
    Shape("exits-slowly"),
    Shape("stopped"),
    Shape("forks-on-term", KILLED, arguments=(200,), ladder=BRISK, fixed=False),
    Shape("fork-racer", EITHER, arguments=(5,), ladder=BRISK, fixed=False),
    # A walk through /proc is too slow to see them: the mark alone finds none.
    Shape("hopper", EITHER, arguments=(1,), ladder=BRISK, fixed=False, mark=False),
    Shape("hopper", EITHER, arguments=(5,), ladder=BRISK, fixed=False, mark=False),
    Shape("hopper", EITHER, arguments=(20,), ladder=BRISK, fixed=False, mark=False),
    Shape("distant-hopper", EITHER, arguments=(1,), ladder=BRISK, fixed=False, mark=False, group=False),
    Shape("distant-hopper", EITHER, arguments=(5,), ladder=BRISK, fixed=False, mark=False, group=False),
    Shape("fork-bomb", EITHER, ladder=BRISK, fixed=False, mark=False, needs=needs("pids")),
    Shape("clears-environ", group=False, mark=False),
    Shape("forges-mark", group=False, mark=False),
    # KILL through the cgroup needs no permission over the process; a signal does.
    Shape("setuid-child", SURVIVES, group=False, mark=False, differs={"cgroup": KILLED}, ladder=BRISK,
          options=("--unkillable", "500ms"), needs=needs("user")),
    Shape("uid-changer", group=False, mark=False, needs=needs("root")),
    Shape("evil-comm"),
    Shape("huge-environ"),
    Shape("huge-argv"),
    Shape("many-groups", needs=needs("root")),
    Shape("zombie-parent"),
    Shape("ptrace-parent", KILLED, ladder=BRISK),
    Shape("vfork-parent", KILLED, ladder=BRISK),
    Shape("main-thread-gone"),
    # cgroup.kill passes over a process whose main thread has exited.
    Shape("main-thread-gone", KILLED, ladder="KILL"),
    Shape("own-subreaper", group=False),
    Shape("sub-cgroup", needs=needs("cgroup")),
    # Handles TERM, if it is thawed: where the cgroup is the session's own. Else it hears nothing before KILL.
    Shape("frozen-sub-cgroup", KILLED, ladder=BRISK, differs={"cgroup": ASKED}, needs=needs("cgroup")),
    Shape("threaded-cgroup", needs=needs("cgroup")),
    # The first process of the namespace has no handlers and no default actions.
    Shape("pid-namespace", KILLED, ladder=BRISK, unnamed=1),
    Shape("fuse-environ", needs=needs("fuse"), mark=False),
    Shape("uninterruptible", **STUCK),
    # The memory cannot be read while its lock is held, so the mark is not seen.
    Shape("locked-memory", **STUCK, mark=False),
]
