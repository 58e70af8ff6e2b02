# SPDX-License-Identifier: Apache-2.0
"""gLExec mode: configurations and epilogues that root has made, callers who are not root, and what the log has."""

import itertools
import os

from . import host
from .identity import IdentityCase
from .log import HostLog

# Root's, each component of it: what a test puts here is trusted.
TRUSTED = "/etc/glexec-test"
SWITCH = "user_identity_switch_by = glexec"
numbers = itertools.count(1)


class GlexecCase(IdentityCase):
    """Writes what root would write, and runs payloads as the user."""

    def setUp(self):
        super().setUp()
        os.makedirs(TRUSTED, mode=0o755, exist_ok=True)
        self.log = HostLog()
        self.addCleanup(self.log.close)

    def write(self, path, text, mode=0o644, owner=(0, 0)):
        with open(path, "wb") as file:
            file.write(text.encode())
        os.chown(path, *owner)
        os.chmod(path, mode)
        return path

    def epilogue(self, script, mode=0o755, owner=(0, 0)):
        """The path of a script that will be run by sh."""
        return self.write(f"{TRUSTED}/epilogue-{next(numbers)}", f"#!/bin/sh\n{script}\n", mode, owner)

    def configuration(self, *lines, epilogue=None):
        """The path of a glexec.conf with these lines."""
        lines = [*lines, *([f"epilogue = {epilogue}"] if epilogue else [])]
        return self.write(f"{TRUSTED}/glexec-{next(numbers)}.conf", "\n".join(["[glexec]", *lines, ""]))

    def result_path(self):
        """Where an epilogue may write."""
        return f"{TRUSTED}/result-{next(numbers)}"

    def start_glexec(self, place, configuration, command, *options, user=host.USER.name, **caller):
        users = ["--user", user] if user else []
        return self.start(place, [f"--glexec={configuration}", *users, *options], command, **caller)

    def glexec(self, configuration, command, *options, **caller):
        """Runs the command as the user to its end, after which nothing is left."""
        place = self.place()
        result = self.start_glexec(place, configuration, command, *options, **caller).finish()
        self.assert_nothing_left(place)
        return result

    def assert_refused(self, configuration, code, *texts, command=None, options=(), **caller):
        """Nothing has been run; the caller is told why."""
        place = self.place()
        words = command or ["touch", place.path("ran")]
        result = self.start_glexec(place, configuration, words, *options, **caller).finish()
        self.assertEqual(result.code, code, result)
        for text in texts:
            self.assertIn(text, result.stderr, result)
        self.assert_messages(result)
        self.assertFalse(os.path.exists(place.path("ran")), result)
        self.assertIsNone(result.record, result)
        self.assert_nothing_left(place)
        return result


def calling_as(uid, gid=None, groups=()):
    """For the child: root's rights under another's name, as a set-uid program would have them."""
    def prepare():
        os.setgroups(groups)
        os.setresgid(uid if gid is None else gid, 0, 0)
        os.setresuid(uid, 0, 0)
    return prepare


def environment_of(path):
    """What a NUL-separated environment says, as bytes."""
    with open(path, "rb") as file:
        return dict(entry.split(b"=", 1) for entry in file.read().split(b"\0") if entry)


def text_environment_of(path):
    return {name.decode(): value.decode() for name, value in environment_of(path).items()}
