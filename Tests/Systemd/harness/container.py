# SPDX-License-Identifier: Apache-2.0
"""A container with systemd as pid 1, booted inside a throwaway host and gone with it: nothing of it is kept."""

import os
import shutil
import subprocess
import time

ROOM = "/run/systemd-test"
ROOT = f"{ROOM}/root"
# Every wait for an event ends after this many seconds at the latest, as a failure.
DEADLINE = 30
ENVIRONMENT = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME": "/root",
               "LANG": "C.UTF-8", "TERM": "dumb"}


def poll_until(condition, what, seconds=DEADLINE):
    """What the condition answers, once it is true; there is no event that could be waited for."""
    end = time.monotonic() + seconds
    while not (answer := condition()):
        if time.monotonic() > end:
            raise AssertionError(f"waited {seconds} s for {what}")
        time.sleep(0.02)  # sleeps: systemd and sshd belong to others, and tell nobody here when they are ready
    return answer


def refuse_outside():
    """Nothing here may run on a real machine: it boots a system and kills what it likes."""
    with open("/proc/1/comm", encoding="utf-8") as file:
        if file.read().strip() != "throwaway-init" or os.environ.get("EXEUNT_HOST") != "root":
            raise SystemExit("the container is booted in a throwaway host of root's only: use Tests/Systemd/run")


class Container:
    """The one container of a host."""

    def __init__(self, tree, stage):
        os.makedirs(ROOM)
        for name in ("upper", "work", "root"):
            os.mkdir(f"{ROOM}/{name}")
        # The tree is used again; whatever is changed goes into this host's memory.
        subprocess.run(["mount", "-t", "overlay", "-o", f"lowerdir={tree},upperdir={ROOM}/upper,workdir={ROOM}/work",
                        "overlay", ROOT], check=True)
        shutil.copytree(stage, ROOT, symlinks=True, dirs_exist_ok=True)
        self.log = open(f"{ROOM}/boot.log", "w+b")
        # Nobody here to register with; no filter of system calls in the way of what is tested.
        self.nspawn = subprocess.Popen(
            ["systemd-nspawn", "--quiet", f"--directory={ROOT}", "--machine=exeunt-systemd", "--register=no",
             "--keep-unit", "--private-network", "--resolv-conf=off", "--timezone=off", "--link-journal=no",
             "--console=pipe", "--boot"],
            env={**ENVIRONMENT, "SYSTEMD_NSPAWN_UNIFIED_HIERARCHY": "1", "SYSTEMD_SECCOMP": "0"},
            stdin=subprocess.DEVNULL, stdout=self.log, stderr=self.log)
        self.init = poll_until(self.find_init, "systemd to start")
        self.state = poll_until(self.boot_state, "systemd to have booted", 120)

    def find_init(self):
        """The pid here of the container's pid 1, which is the one child of nspawn that is called so."""
        if self.nspawn.poll() is not None:
            raise AssertionError(f"the container did not start: {self.output()}")
        with open(f"/proc/{self.nspawn.pid}/task/{self.nspawn.pid}/children", encoding="ascii") as file:
            children = file.read().split()
        for child in children:
            with open(f"/proc/{child}/comm", encoding="utf-8") as file:
                if file.read().strip() == "systemd":
                    return int(child)
        return None

    def boot_state(self):
        state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
        return state if state in ("running", "degraded") else None

    def output(self):
        self.log.flush()
        self.log.seek(0)
        return self.log.read().decode(errors="replace")[-4000:]

    def command(self, *words, user=None):
        """Words that run the words inside, as root or as a user who has not logged in."""
        inner = ["setpriv", f"--reuid={user}", f"--regid={user}", "--init-groups", "--reset-env", *words] if user else words
        return ["nsenter", "--target", str(self.init), "--mount", "--pid", "--uts", "--ipc", "--net", "--cgroup",
                "--root", "env", "--chdir=/", *inner]

    def start(self, *words, user=None, **options):
        """The same, started; its standard streams are pipes unless told otherwise."""
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        return subprocess.Popen(self.command(*words, user=user), env=ENVIRONMENT, text=True, **{**streams, **options})

    def run(self, *words, user=None, check=True, seconds=DEADLINE, **options):
        """The same to its end; with `check` a failure is one of the test's."""
        done = subprocess.run(self.command(*words, user=user), env=ENVIRONMENT, text=True, check=False, timeout=seconds,
                              stdin=subprocess.DEVNULL, capture_output=True, **options)
        if check and done.returncode:
            raise AssertionError(f"{' '.join(words)} ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done

    def read(self, path):
        """A file of the container's; None where there is none. Its /proc and /sys are not this host's."""
        done = self.run("cat", path, check=False)
        return done.stdout if done.returncode == 0 else None

    def write(self, path, text, mode=0o644):
        target = f"{ROOT}{path}"
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "w", encoding="utf-8") as file:
            file.write(text)
        os.chmod(target, mode)

    def journal(self, unit, lines=40):
        return self.run("journalctl", "--no-pager", "--quiet", "-u", unit, "-n", str(lines), check=False).stdout
