# SPDX-License-Identifier: Apache-2.0
"""Exeunt as root, its payload as somebody else."""

from . import host
from .case import ScenarioCase

# A script that shows what the kernel knows of its identity.
STATUS = "grep -E '^(Uid|Gid|Groups|Cap(Inh|Prm|Eff|Amb)|NoNewPrivs|Seccomp):' /proc/self/status"


class IdentityCase(ScenarioCase):
    """A user who has friends."""

    @classmethod
    def setUpClass(cls):
        host.require_privilege("a second uid")
        super().setUpClass()
        host.append("/etc/group", f"friends:x:64201:{host.USER.name}\nothers:x:64202:\n")

    def run_as(self, options, script, **caller):
        """Runs a shell script as the payload and expects success: its lines."""
        place, result = self.run_shell(["--user", host.USER.name, *options], script, **caller)
        self.assertEqual(result.code, 0, result)
        self.assertEqual(result.stderr, "", result)
        self.assert_nothing_left(place)
        return result.stdout.splitlines()

    def fields(self, options, script=STATUS, **caller):
        """What /proc/PID/status says of the payload."""
        lines = (line.split(":", 1) for line in self.run_as(options, script, **caller))
        return {name: " ".join(value.split()) for name, value in lines}
