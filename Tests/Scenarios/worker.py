# SPDX-License-Identifier: Apache-2.0
"""Runs scenario classes inside a throwaway host, and says in JSON, a line for each test, how it went.

    worker.py --list               the classes, by module, and whether each wants the machine for itself
    worker.py MODULE.CLASS [TEXT]  that class, or those of its tests whose name contains TEXT
"""

import importlib
import json
import os
import pkgutil
import sys
import time
import unittest

import suites
from harness import host


def classes():
    """Every class with tests in it, and whether it must run alone."""
    for module in sorted(info.name for info in pkgutil.iter_modules(suites.__path__)):
        loaded = importlib.import_module(f"suites.{module}")
        for name, value in sorted(vars(loaded).items()):
            if isinstance(value, type) and issubclass(value, unittest.TestCase) and value.__module__ in (
                    loaded.__name__, "suites.left_overs") and test_names(value):
                yield f"{module}.{name}", getattr(loaded, "EXCLUSIVE", False)


def test_names(case):
    return unittest.TestLoader().getTestCaseNames(case)


class Lines(unittest.TestResult):
    """A result that goes out as it comes in."""

    def __init__(self, stream):
        super().__init__()
        self.stream = stream
        self.started = 0.0

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()
        self.failed_parts = []

    def say(self, test, outcome, text=""):
        name = test.id().removeprefix("suites.")
        line = {"test": name, "outcome": outcome, "text": text, "seconds": time.monotonic() - self.started}
        self.stream.write(json.dumps(line) + "\n")
        self.stream.flush()

    def addSuccess(self, test):
        if not self.failed_parts:
            self.say(test, "passed")

    def addSubTest(self, test, subtest, error):
        if error and not self.failed_parts:
            self.failed_parts.append(subtest)
            self.say(test, "failed", self._exc_info_to_string(error, test))

    def addFailure(self, test, error):
        self.say(test, "failed", self._exc_info_to_string(error, test))

    addError = addFailure

    def addSkip(self, test, reason):
        self.say(test, "skipped", reason)


def main():
    if sys.argv[1:] == ["--list"]:
        for name, exclusive in classes():
            print(name, "exclusive" if exclusive else "parallel")
        return
    # What a test prints must not get between the lines.
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    host.refuse_outside()
    host.furnish()
    module, _, name = sys.argv[1].partition(".")
    case = getattr(importlib.import_module(f"suites.{module}"), name)
    wanted = [test for test in test_names(case) if len(sys.argv) < 3 or sys.argv[2] in test]
    unittest.TestSuite(map(case, wanted)).run(Lines(stream))


if __name__ == "__main__":
    main()
