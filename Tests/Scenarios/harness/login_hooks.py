# SPDX-License-Identifier: Apache-2.0
"""Hooks for the ends of log-ins: directories that Exeunt trusts, and scripts that write down what they have seen."""

import os
import shutil

from . import host
from .login_case import LoginCase
from .session import read_if_there

HOOKS = f"{host.ROOM}/hooks"


def hook_settings(timeout="30s", more=""):
    """The section of the configuration."""
    return f"[Hooks]\nBefore={HOOKS}/before\nAfter={HOOKS}/after\nTimeoutSec={timeout}\n{more}"


class LoginHookCase(LoginCase):
    """A line of `ran` for each run of a hook: its name, and its session."""

    @classmethod
    def prepare_class(cls):
        for name in ("", "/before", "/after"):
            os.mkdir(HOOKS + name, 0o755)
        cls.daemon.configure(cls.configuration + hook_settings())
        cls.configuration += hook_settings()

    def tearDown(self):
        super().tearDown()
        for phase in ("before", "after"):
            shutil.rmtree(f"{HOOKS}/{phase}")
            os.mkdir(f"{HOOKS}/{phase}", 0o755)

    def hook(self, place, phase, name, script=""):
        """An executable script of one phase: its path. The neighbour's session ends as well, and has no place."""
        path = f"{HOOKS}/{phase}/{name}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(f'#!/bin/sh\n[ "$EXEUNT_OWNER_UID" = {self.hooked_uid} ] || exit 0\n'
                       f'echo {name} $EXEUNT_SESSION_ID >>{place.path("ran")}\n{script}\n')
        os.chmod(path, 0o755)
        if not os.path.exists(place.path("ran")):
            os.close(os.open(place.path("ran"), os.O_CREAT))
            os.chmod(place.path("ran"), 0o666)
        return path

    # Hooks of the test's own session are told from those of the neighbour's by the owner.
    hooked_uid = host.STRANGER.uid

    def ran(self, place, session):
        """The names of the hooks that have run for a session, once for each run."""
        lines = (line.split() for line in read_if_there(place.path("ran")).splitlines())
        return [name for name, found in lines if found == session]

    def fifo(self, place, name):
        path = place.path(name)
        os.mkfifo(path)
        os.chmod(path, 0o666)
        return path

    @staticmethod
    def let_go(path):
        """Whoever reads this FIFO goes on."""
        with open(path, "w", encoding="ascii") as file:
            file.write("go\n")

    @staticmethod
    def hooks_of(record):
        """(phase, how it ended) of each."""
        return [(hook["phase"], hook.get("exitCode", "signal" if "signal" in hook else "not run" if "notRun" in hook
                                         else "unknown")) for hook in record.get("hooks", ())]
