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
    """A result that goes out as it comes in: a line for each test, with everything that was wrong with it."""

    def __init__(self, stream):
        super().__init__()
        self.stream = stream

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()
        self.outcome, self.texts = "passed", []

    def stopTest(self, test):
        super().stopTest(test)
        line = {"test": test.id().removeprefix("suites."), "outcome": self.outcome, "text": "\n".join(self.texts) or getattr(test, "figures", ""),
                "seconds": time.monotonic() - self.started}
        self.stream.write(json.dumps(line) + "\n")
        self.stream.flush()

    def fail(self, test, error, part=""):
        self.outcome = "failed"
        self.texts.append(f"{part}\n{self._exc_info_to_string(error, test)}")

    def addSubTest(self, test, subtest, error):
        if error:
            self.fail(test, error, str(subtest))

    def addFailure(self, test, error):
        self.fail(test, error)

    addError = addFailure

    def addSkip(self, test, reason):
        # A part that is skipped makes no test skipped that has failed otherwise.
        if self.outcome == "passed":
            self.outcome, self.texts = "skipped", [reason]


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
