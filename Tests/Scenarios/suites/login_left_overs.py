# SPDX-License-Identifier: Apache-2.0
"""Every shape of left-overs, each ended by a log-out: the table of `expectations`, on what a log-in is tracked by."""

from dataclasses import dataclass

from harness import host, pids
from harness.login_case import LoginCase, configuration
from suites.expectations import ASKED, KILLED, SHAPES, SURVIVES
from suites.left_overs import CHECKS, OUTCOMES, VERDICTS, bound_by, test_name

# Where a daemon of root's differs from an `exeunt run` of the user's.
ENDS = {"setuid-child": ASKED, "frozen-sub-cgroup": ASKED}
BATCHES = 3


@dataclass
class Seen:
    """What the checks of left_overs look at."""

    record: dict
    stderr: str


class LoginLeftOverCase(LoginCase):
    """What is the same for every shape."""

    def run_shape_of(self, shape):
        place = self.place(host.USER)
        unkillable = shape.options[1] if "--unkillable" in shape.options and "fuse" in shape.needs else "15s"
        self.reconfigure(configuration(shape.ladder, f"UnkillableSec={unkillable}\n"))
        if "fuse" in shape.needs:
            with self.fuse(place) as directory:
                self.end_shape(place, shape, SHAPE_FUSE=directory)
        elif "pids" in shape.needs:
            self.end_shape(place, shape, **bound_by(pids.bound(self, place)))
        else:
            self.end_shape(place, shape)

    def end_shape(self, place, shape, **environment):
        since = len(self.daemon.log)
        login = self.login(place, environment=environment)
        login.open()
        # What only root can make, somebody who is root inside her session has made.
        login.shape(place, shape.name, *shape.arguments, as_caller=bool(shape.needs & {"root", "cgroup"}))
        login.log_out()
        record = self.ended(login.session, unseen=not shape.fixed, reason="closed")
        ends = ENDS.get(shape.name, shape.ending(["cgroup", "audit"]))
        self.assertIn(record["verdict"], VERDICTS[ends], record)
        others = [process for process in record["processes"] if process["pid"] != login.pid]
        for process in others:
            self.assertIn(process["outcome"], OUTCOMES[ends], record)
            self.assertLessEqual(set(process["evidence"]), {"cgroup", "audit"}, record)
        if shape.fixed:
            self.assert_named(place, shape, others, record)
        if ends == ASKED:
            self.assertLess(record["times"]["endingSeconds"], 15, record)
        elif ends == KILLED and "300ms" in shape.ladder:
            self.assertGreaterEqual(record["times"]["endingSeconds"], 0.3, record)
        if ends != SURVIVES:
            self.assert_gone(place)
        if shape.name in CHECKS and shape.name != "setuid-child":
            CHECKS[shape.name](self, place, Seen({**record, "processes": others}, self.daemon.log[since:]))

    def assert_named(self, place, shape, others, record):
        """The record names exactly those who were left, and the cgroup vouches for each."""
        found = {process["pid"] for process in others}
        written = set(place.written_pids())
        self.assertGreater(len(written), 0)
        self.assertLessEqual(written, found, record)
        self.assertLessEqual(len(found), len(written) + shape.unnamed, record)
        for process in others:
            self.assertIn("cgroup", process["evidence"], record)


def make_classes():
    def cell(shape):
        return lambda self: self.run_shape_of(shape)

    for batch in range(BATCHES):
        methods = {test_name(shape): cell(shape) for shape in SHAPES[batch::BATCHES]}
        name = f"LoginLeftOvers{batch + 1}"
        yield name, type(name, (LoginLeftOverCase,), {**methods, "__module__": __name__})


globals().update(make_classes())
