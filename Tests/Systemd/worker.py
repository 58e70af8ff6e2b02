# SPDX-License-Identifier: Apache-2.0
"""Boots the container inside a throwaway host, runs the tests there, and says in JSON, a line for each, how it went.

    worker.py [TEXT]...    those whose name contains one of the TEXTs
    worker.py --shell      no tests: a shell in the container
"""

import importlib
import json
import os
import pkgutil
import subprocess
import sys
import time
import unittest

import suites
from harness import case, container


class Lines(unittest.TestResult):
    """A result that goes out as it comes in, with what the daemon had to say where something was wrong."""

    def __init__(self, stream, host):
        super().__init__()
        self.stream, self.host = stream, host

    def startTest(self, test):
        super().startTest(test)
        self.started = time.monotonic()
        self.outcome, self.texts = "passed", []

    def stopTest(self, test):
        super().stopTest(test)
        if self.outcome == "failed":
            self.texts.append(f"-- journal of exeuntd\n{self.host.journal('exeuntd')}")
        line = {"test": test.id().removeprefix("suites."), "outcome": self.outcome, "text": "\n".join(self.texts),
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
        if self.outcome == "passed":
            self.outcome, self.texts = "skipped", [reason]


def tests(texts):
    for module in sorted(info.name for info in pkgutil.iter_modules(suites.__path__)):
        loaded = unittest.TestLoader().loadTestsFromModule(importlib.import_module(f"suites.{module}"))
        for group in loaded:
            for test in group:
                if not texts or any(text.lower() in test.id().lower() for text in texts):
                    yield test


def main():
    container.refuse_outside()
    # What a test prints must not get between the lines.
    stream = os.fdopen(os.dup(1), "w", encoding="utf-8")
    host = container.Container(os.environ["SYSTEMD_TREE"], os.environ["SYSTEMD_STAGE"])
    case.furnish(host)
    if sys.argv[1:] == ["--shell"]:
        sys.exit(subprocess.run(host.command("bash", "--login"), env=container.ENVIRONMENT, check=False).returncode)
    os.dup2(2, 1)
    unittest.TestSuite(tests(sys.argv[1:])).run(Lines(stream, host))


if __name__ == "__main__":
    main()
