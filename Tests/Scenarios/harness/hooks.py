# SPDX-License-Identifier: Apache-2.0
"""Tests with hooks: a directory that Exeunt trusts, and scripts in it that write down what they have seen."""

import os

from . import host
from .case import ScenarioCase
from .session import read_if_there


class HookCase(ScenarioCase):
    """Hooks of root's, or of whoever runs Exeunt, which are trusted as much. Each run of one is a line of `ran`."""

    def hook_path(self, place, *names):
        # Beside the place, which everybody may write to.
        return "/".join((f"{place.directory}-hooks", *names))

    def write_hook(self, place, name, script="", owner=None, interpreter="/bin/sh"):
        """An executable script in the place's directory of hooks, or in another one of this name: its path."""
        path = self.hook_path(place, name)
        directory = self.hook_path(place)
        for made in (directory, os.path.dirname(path)):
            if not os.path.isdir(made):
                os.mkdir(made, 0o755)
                os.chmod(made, 0o755)
        if interpreter == "/bin/sh":
            script = f"echo {name} >>{place.path('ran')}\n{script}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f"#!{interpreter}\n{script}\n")
        os.chmod(path, 0o755)
        uid = place.identity.uid if owner is None else owner
        os.chown(path, uid, uid)
        return path

    def run_hooks(self, place, options=(), payload="true", before="", after="", **caller):
        """A shell script as the payload between two hooks, each a script: the result."""
        return self.start_hooks(place, options, payload, before, after, **caller).finish()

    def start_hooks(self, place, options=(), payload="true", before="", after="", **caller):
        paths = [option for name, option, script in (("b", "--before", before), ("e", "--epilogue", after))
                 if script is not None for option in (option, self.write_hook(place, name, script))]
        return self.start(place, [*paths, *options], ["sh", "-c", payload, place.token], **caller)

    @staticmethod
    def ran(place):
        """The names of the hooks that have run, once for each run."""
        return read_if_there(place.path("ran")).split()

    def assert_hooks(self, result, *expected):
        """The outcomes of the hooks in the record, each as (phase, how it ended), such as ("after", 0)."""
        self.assert_record(result)
        self.assert_messages(result)
        found = [(hook["phase"], ending(hook)) for hook in result.record.get("hooks", ())]
        self.assertEqual(found, list(expected), result)

    def make_fifo(self, place, name):
        path = place.path(name)
        os.mkfifo(path)
        os.chmod(path, 0o666)
        return path

    @staticmethod
    def write_fifo(path):
        with open(path, "w", encoding="ascii") as file:
            file.write("go\n")


def ending(hook):
    """The exit code, `signal N`, `not run` or `unknown`."""
    if "exitCode" in hook:
        return hook["exitCode"]
    return f"signal {hook['signal']}" if "signal" in hook else "not run" if "notRun" in hook else "unknown"


