# SPDX-License-Identifier: Apache-2.0
"""Every shape of left-overs, for every identity, on every tracker: the table of `expectations`, row by row."""

from harness import host, pids, walk
from harness.case import ScenarioCase
from suites.expectations import ASKED, EITHER, KILLED, SHAPES, SURVIVES, trackers

OUTCOMES = {ASKED: {"ended", "exited"}, KILLED: {"killed", "ended", "exited"},
            EITHER: {"killed", "ended", "exited"}, SURVIVES: {"survived"}}
VERDICTS = {ASKED: {"left"}, KILLED: {"killed"}, EITHER: {"left", "killed"}, SURVIVES: {"survivors"}}


class LeftOverCase(ScenarioCase):
    """What is the same for every cell of the table."""

    identity = tracker = None

    def run_cell(self, shape):
        place = self.place(self.identity)
        environment = {"SHAPE_FORGED": "0123456789ab", "SHAPE_SETUID": host.SETUID_SHAPES,
                       "SHAPE_UID": str(host.STRANGER.uid)}
        if "fuse" in shape.needs:
            with self.fuse(place) as directory:
                self.end_shape(place, shape, {**environment, "SHAPE_FUSE": directory})
        elif "pids" in shape.needs:
            self.end_shape(place, shape, {**environment, **bound_by(pids.bound(self, place))})
        else:
            self.end_shape(place, shape, environment)

    def end_shape(self, place, shape, environment):
        options = [*self.tracker.options, "--ladder", shape.ladder, *shape.options]
        result = self.run_shape(place, options, shape.name, *shape.arguments, environment=environment)
        evidence = [kind for kind in self.tracker.evidence(self.identity) if shape.sees(kind)]
        self.assert_record(result)
        self.assert_messages(result)
        if evidence:
            self.assert_ended(place, shape, result, evidence)
        else:
            self.assert_unseen(place, result)
        check = CHECKS.get(shape.name)
        if check and evidence:
            check(self, place, result)

    def assert_ended(self, place, shape, result, evidence):
        ends = shape.ending(evidence)
        record = result.record
        self.assertIn(record["verdict"], VERDICTS[ends], result)
        self.assertEqual(result.code, 1 if ends == SURVIVES else 0, result)
        self.assertEqual(record["payload"], {"exitCode": 0}, result)
        self.assertEqual(record["reason"], "payload-exited")
        self.assertNotEqual(result.stderr, "", "left-overs were found, and nobody was told")
        # Of a racer that is first met as a zombie nothing is known but whose child it is.
        also = set() if shape.fixed else {"descent"}
        for process in record["processes"]:
            self.assertIn(process["outcome"], OUTCOMES[ends], result)
            self.assertLessEqual(set(process["evidence"]), set(self.tracker.evidence(self.identity)) | also, result)
            if shape.fixed and process["pid"] in place.written_pids():
                # Where the cgroup is enough, the whole of the descent is not looked for.
                self.assertEqual([kind for kind in process["evidence"] if kind != "descent"] or ["descent"],
                                 [kind for kind in evidence if kind != "descent"] or ["descent"], result)
        if shape.fixed:
            self.assert_named(place, shape, record, result)
        if ends == KILLED:
            self.assert_grace_given(shape, record)
        elif ends == ASKED:
            # Half of the grace, which ends the moment nothing is left.
            self.assertLess(record["times"]["endingSeconds"], 15, result)
        if ends != SURVIVES:
            self.assert_nothing_left(place)

    def assert_named(self, place, shape, record, result):
        """The record names exactly those who were left."""
        found = {process["pid"] for process in record["processes"]}
        written = set(place.written_pids())
        self.assertGreater(len(written), 0)
        self.assertLessEqual(written, found, result)
        self.assertLessEqual(len(found), len(written) + shape.unnamed, result)

    def assert_grace_given(self, shape, record):
        """Whoever was killed had the whole grace before."""
        grace = 0.3 if "300ms" in shape.ladder else 0
        for process in record["processes"]:
            if process["outcome"] == "killed":
                self.assertEqual(process["step"], "KILL", record)
                self.assertGreaterEqual(process["seconds"], grace, record)

    def assert_unseen(self, place, result):
        """What no tracker can see is left alone, and not spoken of."""
        self.assertEqual(result.code, 0, result)
        self.assertEqual(result.record["verdict"], "clean", result)
        self.assertEqual(result.record["processes"], [], result)
        for pid in place.written_pids():
            self.assertTrue(walk.is_alive(pid), f"{pid} was not seen, and yet is gone: {result}")


def bound_by(directory):
    """The environment that tells a shape how its processes are bounded."""
    return {"SHAPE_PIDS": directory} if directory else {}


def check_saved(case, place, result):
    """TERM was handled, in peace."""
    with open(place.path("saved"), encoding="ascii") as file:
        case.assertIn(file.read(), ("first half, second half\n", "handled TERM\n"), result)
    for process in result.record["processes"]:
        case.assertEqual((process["outcome"], process.get("step")), ("ended", "TERM"), result)


def check_names(case, _, result):
    names = {process["name"] for process in result.record["processes"]}
    wanted = {"x) S 1 (", "(sd-pam)", "a b", "two\\x0alines", "", "exeuntd", "session-keeper", "back\\x5cslash",
              "\\x1b[31mred"}
    case.assertLessEqual(wanted, names, result)
    case.assertTrue(any(name.startswith("\\xff\\xfe not") for name in names), result)
    case.assertTrue(all(character.isprintable() or character == "\n" for character in result.stderr), result)


def check_refused(case, _, result):
    for process in result.record["processes"]:
        if process["outcome"] == "survived":
            case.assertIn("EPERM", process["why"], result)


def check_stuck(case, _, result):
    for process in result.record["processes"]:
        case.assertIn("uninterruptible", process["why"], result)
    # Bounded: the grace of 100 ms and the 500 ms of --unkillable.
    case.assertGreaterEqual(result.record["times"]["endingSeconds"], 0.5, result)


def check_thawed(case, place, result):
    if "cgroup" in result.record["processes"][0]["evidence"]:
        check_saved(case, place, result)


CHECKS = {"exits-slowly": check_saved, "stopped": check_saved, "frozen-sub-cgroup": check_thawed,
          "evil-comm": check_names, "setuid-child": check_refused, "uninterruptible": check_stuck,
          "locked-memory": check_stuck}


def test_name(shape):
    words = [shape.name, *map(str, shape.arguments)]
    if shape.ladder == "KILL":
        words.append("at-once")
    return "test_" + "_".join(words).replace("-", "_")


def make_classes(prefix, shapes):
    """One class for each identity and tracker, with a test for each of the shapes: (name, class)."""
    def cell(shape):
        return lambda self: self.run_cell(shape)

    for identity in host.identities():
        for tracker in trackers(identity):
            methods = {test_name(shape): cell(shape) for shape in shapes if shape.applies(identity, tracker)}
            name = prefix + "".join(word.capitalize() for word in [*identity.name.split("-"), tracker.name])
            if methods:
                yield name, type(name, (LeftOverCase,), {"identity": identity, "tracker": tracker, **methods})


globals().update(make_classes("LeftOversOf", [shape for shape in SHAPES if shape.fixed]))
