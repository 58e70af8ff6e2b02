# SPDX-License-Identifier: Apache-2.0
"""A payload as another user and an epilogue, against what does the two without keeping a session."""

import os
import shutil

from . import host
from .compare import compare, not_measured
from .start import times

TARGET = 2.0


def measure(bench):
    title = "exeunt run --user --epilogue true -- true"
    missing = [name for name in ("tini", "setpriv") if not shutil.which(name)]
    if not bench.user or missing:
        reason = f"{' and '.join(missing)} missing" if missing else bench.user_note or "takes root"
        return [not_measured("epilogue", title, f"≤ {TARGET:.2f}×", reason)]
    bench.progress(title)
    tini, setpriv, uid = shutil.which("tini"), shutil.which("setpriv"), str(host.ORDINARY_UID)
    # As pools have them.
    host.add_account()
    # No part of an epilogue's path may be a link.
    true = os.path.realpath(shutil.which("true"))
    command = [bench.programs["spawn-pairs"], str(10 if bench.quick else 400)]
    command += [bench.exeunt, "run", "--user", host.ACCOUNT, "--supplementary-groups", "", "--epilogue", true, "--", true]
    command += ["---", tini, "-s", "--", setpriv, "--reuid", ACCOUNT, "--regid", uid, "--clear-groups", true]
    command += ["---", tini, "-s", "--", true]
    ours, theirs = times(command)
    return [compare("epilogue", title, "ms", ours, theirs, at_most=TARGET, against="tini setpriv true + tini true")]
