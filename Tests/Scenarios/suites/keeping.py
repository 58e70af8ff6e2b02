# SPDX-License-Identifier: Apache-2.0
"""`--keep-exe`: a program is spared with its descendants, by what it is and not by what it is called."""

import os
import re
import shutil
import subprocess

from harness import host, walk
from harness.case import BRISK, PATIENT, ScenarioCase
from harness.session import poll_until

COMBINATIONS = ((), ("--track", "descent"), ("--track", "mark:EXEUNT_SESSION"))


class Keeping(ScenarioCase):
    """The kept program is a copy of the shapes under a name of its own."""

    def make_program(self, place, name="kept"):
        os.makedirs(place.path("bin"), exist_ok=True)
        path = place.path(f"bin/{name}")
        shutil.copyfile(host.SHAPES, path)
        os.chmod(path, 0o755)
        return path

    def run_both(self, place, options, kept, shape="setsid-daemon", ladder=PATIENT):
        """Leaves a left-over of the kept program and one of another."""
        # The kept program makes its left-over by forking, which stays that program.
        script = f"{kept} {shape} {place.token}; mv $SHAPE_DIR/left $SHAPE_DIR/kept; " \
                 f"{host.SHAPES} plain-child {place.token}"
        result = self.start(place, [*options, "--ladder", ladder], ["sh", "-c", script]).finish()
        with open(place.path("kept"), encoding="ascii") as file:
            return result, [int(line) for line in file], place.written_pids()

    def combinations(self):
        for identity in host.identities():
            for options in COMBINATIONS:
                yield identity, options

    def assert_kept(self, result, kept, others):
        self.assert_record(result)
        self.assertEqual((result.code, result.record["verdict"]), (0, "kept"), result)
        for pid in kept:
            self.assertTrue(walk.is_alive(pid), f"{pid} was to be kept: {result}")
            self.assertEqual([process["outcome"] for process in result.processes(pid=pid)], ["kept"], result)
        for pid in others:
            self.assertFalse(walk.is_alive(pid), result)
            self.assertEqual([process["outcome"] for process in result.processes(pid=pid)], ["ended"], result)

    def test_program_is_spared(self):
        for identity, options in self.combinations():
            with self.subTest(f"{identity.name} {options}"):
                place = self.place(identity)
                path = self.make_program(place)
                self.assert_kept(*self.run_both(place, [*options, "--keep-exe", path], path))

    def test_descends_from_kept(self):
        for identity, options in self.combinations():
            with self.subTest(f"{identity.name} {options}"):
                place = self.place(identity)
                path = self.make_program(place)
                # Its child, and that one's child, are other programs.
                result, kept, others = self.run_both(place, [*options, "--keep-exe", path], path, shape="execs-child")
                self.assert_kept(result, kept, others)
                self.assertGreater(len(kept), 1)

    def test_symbolic_link_names_the_same_program(self):
        place = self.place()
        path = self.make_program(place)
        os.symlink(path, place.path("link"))
        self.assert_kept(*self.run_both(place, ["--keep-exe", place.path("link")], path))

    def test_copy_elsewhere_is_another_program(self):
        for identity, options in self.combinations():
            with self.subTest(f"{identity.name} {options}"):
                place = self.place(identity)
                kept = self.make_program(place)
                os.mkdir(place.path("elsewhere"))
                copy = shutil.copy(kept, place.path("elsewhere/kept"))
                result, first, second = self.run_both(place, [*options, "--keep-exe", kept], copy)
                self.assertEqual(result.record["verdict"], "left", result)
                for pid in first + second:
                    self.assertFalse(walk.is_alive(pid), result)
                self.assert_nothing_left(place)

    def test_forged_name_spares_nobody(self):
        place = self.place()
        path = self.make_program(place, "watcher")
        # The other program calls itself what the kept one is called.
        script = f"{host.SHAPES} watch-signals {place.token} TERM 0 watcher >$SHAPE_DIR/out & " \
                 "until grep -qs watching $SHAPE_DIR/out; do :; done"
        result = self.start(place, ["--ladder", PATIENT, "--keep-exe", path], ["sh", "-c", script]).finish()
        self.assertEqual(result.record["verdict"], "left", result)
        self.assertIn("watcher", [process["name"] for process in result.record["processes"]])
        self.assert_nothing_left(place)

    def test_others_are_killed_without_the_kept(self):
        # KILL for all at once is not to be had where somebody is kept.
        for identity, options in self.combinations():
            with self.subTest(f"{identity.name} {options}"):
                place = self.place(identity)
                path = self.make_program(place)
                script = f"{path} setsid-daemon {place.token}; mv $SHAPE_DIR/left $SHAPE_DIR/kept; " \
                         f"{host.SHAPES} ignores-term {place.token}"
                options = [*options, "--ladder", BRISK, "--keep-exe", path]
                result = self.start(place, options, ["sh", "-c", script]).finish()
                self.assert_record(result)
                self.assertEqual(result.record["verdict"], "kept", result)
                with open(place.path("kept"), encoding="ascii") as file:
                    self.assertTrue(walk.is_alive(int(file.read())), result)
                other = place.written_pids()[0]
                self.assertFalse(walk.is_alive(other), result)
                self.assertEqual([process["outcome"] for process in result.processes(pid=other)], ["killed"])

    def test_summary_says_how_to_end_the_kept(self):
        place = self.place()
        path = self.make_program(place)
        result, kept, _ = self.run_both(place, ["--keep-exe", path], path)
        advice = re.search(r"to end them: (.*)", result.stderr)
        self.assertIsNotNone(advice, result)
        subprocess.run(["sh", "-c", advice[1]], check=True)
        poll_until(lambda: not walk.is_alive(kept[0]), "the advice to have helped")

    def test_keeping_what_is_not_there(self):
        place = self.place()
        result = self.start(place, ["--keep-exe", "/nowhere/program"], ["touch", place.path("ran")]).finish()
        self.assertIn(result.code, (2, 125), result)
        self.assertIn("/nowhere/program", result.stderr)
        self.assertFalse(os.path.exists(place.path("ran")))
        self.assert_nothing_left(place)
