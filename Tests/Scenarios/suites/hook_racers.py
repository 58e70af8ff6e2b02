# SPDX-License-Identifier: Apache-2.0
"""Hooks and processes that fork without pause: never two of them at a time."""

from harness import host, pids
from harness.case import BRISK
from harness.hooks import HookCase

EXCLUSIVE = True


class Racers(HookCase):
    """Whoever forks, hook or payload, the hooks have their time and no more."""

    def test_a_hook_that_is_a_fork_bomb(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                directory = pids.bound(self, place)
                bound = f"echo $$ >{directory}/cgroup.procs" if directory else "ulimit -p 150"
                script = f"{bound}; bomb() {{ bomb & bomb & }}; bomb >/dev/null 2>&1; sleep 1000"
                result = self.run_hooks(place, ["--hook-timeout", "300ms"], "true", None, script)
                self.assertEqual(self.ran(place), ["e"], result)
                self.assertEqual((result.code, len(result.record["hooks"])), (125, 1), result)
                self.assertEqual(result.record["hooks"][0]["timedOut"], True, result)
                self.assert_nothing_left(place)

    def test_a_payload_that_races_while_a_hook_runs(self):
        for identity in host.identities():
            for options in ([], ["--track", "descent"]):
                with self.subTest(f"{identity.name} {options}"):
                    place = self.place(identity)
                    result = self.start(
                        place, [*options, "--ladder", BRISK, "--before", self.write_hook(place, "b", "sleep 0.2"),
                                "--epilogue", self.write_hook(place, "e")],
                        self.shape(place, "fork-racer")).finish(60)
                    self.assert_hooks(result, ("before", 0), ("after", 0))
                    self.assertEqual((result.code, self.ran(place)), (0, ["b", "e"]), result)
                    self.assert_nothing_left(place)
