# SPDX-License-Identifier: Apache-2.0
"""Payloads as another user: who they are, and what they get."""

import os
import resource
import sys

from harness import host
from harness.identity import STATUS, IdentityCase
from harness.session import read

NO_CAPABILITIES = "0" * 16


class Identity(IdentityCase):
    """What the payload is and has."""

    def test_ids_groups_and_privileges(self):
        uid = f"{host.USER.uid}"
        found = self.fields([])
        self.assertEqual(found, {
            "Uid": " ".join([uid] * 4), "Gid": " ".join([uid] * 4), "Groups": f"{uid} 64201",
            **{f"Cap{kind}": NO_CAPABILITIES for kind in ("Inh", "Prm", "Eff", "Amb")},
            "NoNewPrivs": "0", "Seccomp": "0"})

    def test_privileges_that_the_caller_had_are_gone(self):
        """Ambient and inheritable ones, and a securebit by which they would survive the change of uid."""
        place = self.place()
        script = f"exec setpriv --inh-caps +kill --ambient-caps +kill --securebits +no_setuid_fixup -- " \
                 f"{host.EXEUNT} run --user {host.USER.name} -- sh -c \"{STATUS}\""
        result = self.start_program(place, "sh", "-c", script).finish()
        self.assertEqual(result.code, 0, result)
        self.assertEqual(result.stdout.count(NO_CAPABILITIES), 4, result)

    def test_keys_of_the_caller_stay_the_callers(self):
        numbers = {"x86_64": (248, 250), "aarch64": (217, 219)}.get(os.uname().machine)
        if not numbers:
            self.skipTest("kernel: no numbers of the calls for this machine")
        add, control = numbers
        search = f"l.syscall({control}, 10, -3, b'user', b'secret', 0)"
        ours = f"import ctypes, os, subprocess, sys; l = ctypes.CDLL(None); l.syscall({control}, 1, None); " \
               f"l.syscall({add}, b'user', b'secret', b'x', 1, -3); print('caller', {search} > 0, flush=True); " \
               "sys.exit(subprocess.call(sys.argv[1:]))"
        theirs = f"import ctypes; l = ctypes.CDLL(None); print('payload', {search} > 0)"
        result = self.start_program(
            self.place(), sys.executable, "-c", ours, host.EXEUNT, "run", "--user", host.USER.name, "--",
            "/usr/bin/python3", "-c", theirs).finish()
        if "caller True" not in result.stdout:
            self.skipTest("kernel: no keyrings here")
        self.assertIn("payload False", result.stdout, result)

    def test_groups(self):
        own = str(host.USER.uid)
        for options, gid, groups in (
                (["--group", "others"], "64202", "64201 64202"), (["--group", "64299"], "64299", "64201 64299"),
                (["--supplementary-groups", ""], own, ""), (["--supplementary-groups", "others,7"], own, "7 64202"),
                (["--group", "others", "--supplementary-groups", ""], "64202", "")):
            with self.subTest(options):
                found = self.fields(options)
                self.assertEqual(found["Gid"].split(), [gid] * 4)
                self.assertEqual(sorted(found["Groups"].split(), key=int), groups.split())

    def test_a_number_without_an_account(self):
        _, result = self.run_shell(["--user", "64150", "--group", "64151"], "id -u; id -g; id -G; echo $HOME $USER")
        self.assertEqual(result.stdout.splitlines(), ["64150", "64151", "64151", "/ 64150"], result)

    def test_as_many_groups_as_the_kernel_takes(self):
        for extra, code in ((65_535, 0), (65_536, 125)):
            with self.subTest(extra):
                name = f"member{extra}"
                host.append("/etc/passwd", f"{name}:x:{extra}:{extra}::/:/bin/sh\n")
                host.append("/etc/group", "".join(f"{name}{n}:x:{100_000 + n}:{name}\n" for n in range(extra)))
                place = self.place()
                result = self.start(place, ["--user", name], ["grep", "^Groups:", "/proc/self/status"]).finish()
                self.assertEqual(result.code, code, result)
                if code == 0:
                    self.assertEqual(len(result.stdout.split()), 65_537)
                else:
                    self.assertIn("set 65537 supplementary groups of child: invalid argument [EINVAL]", result.stderr)
                self.assert_nothing_left(place)

    def test_the_environment_is_made_anew(self):
        hostile = {"LD_LIBRARY_PATH": "/nonexistent", "IFS": "x", "BASH_ENV": "/root/x", "TERM": "vt100", "KEPT": "a b"}
        lines = self.run_as(["--preserve-env", "KEPT,NOT_SET"], "env", environment=hostile)
        variables = dict(line.split("=", 1) for line in lines)
        mark = variables.pop("EXEUNT_SESSION")
        self.assertRegex(mark, "^[0-9a-z]{12}$")
        variables.pop("PWD", None)
        self.assertEqual(variables, {
            "HOME": "/tmp", "SHELL": "/bin/sh", "USER": host.USER.name, "LOGNAME": host.USER.name,
            "PATH": "/usr/local/bin:/usr/bin:/bin", "TERM": "vt100", "KEPT": "a b"})

    def test_variables_of_a_file(self):
        place = self.place()
        with open(place.path("env"), "w", encoding="utf-8") as file:
            file.write("# Of the site\nSCRATCH=/scratch/a b\nPATH=/usr/bin:/bin\nEXEUNT_SESSION=forged\n")
        os.chmod(place.path("env"), 0o600)
        lines = self.run_as(["--env-file", place.path("env")], "env")
        self.assertIn("SCRATCH=/scratch/a b", lines)
        self.assertIn("PATH=/usr/bin:/bin", lines)
        self.assertNotIn("EXEUNT_SESSION=forged", lines)
        # Not only for another user, and it decides where the command is found.
        place, result = self.run_shell(["--env-file", place.path("env")], "echo $SCRATCH")
        self.assertEqual(result.stdout, "/scratch/a b\n", result)

    def test_no_descriptor_but_those_that_were_named(self):
        for options, expected in (("", ["0", "1", "2"]), ("--pass-fd 7", ["0", "1", "2", "7"]),
                                  ("--pass-fd 7 --pass-fd 9 --pass-fd 1", ["0", "1", "2", "7", "9"])):
            with self.subTest(options):
                place = self.place()
                # Those of the shell: what lists them opens one more.
                listing = "ls /proc/$$/fd; true"
                result = self.start_program(
                    place, "sh", "-c", f"exec {host.EXEUNT} run --user {host.USER.name} {options} -- "
                    f"sh -c '{listing}' 5</etc/hostname 7</etc/hostname 9</etc/hostname").finish()
                self.assertEqual(result.code, 0, result)
                self.assertEqual(result.stdout.split(), expected, result)

    def test_only_named_descriptors_for_the_caller_too(self):
        place = self.place()
        script = f"exec {host.EXEUNT} run --pass-fd 7 -- sh -c 'cat <&7; : <&5' 5</etc/group 7</etc/hostname"
        result = self.start_program(place, "sh", "-c", script).finish()
        self.assertNotEqual(result.code, 0, result)
        self.assertEqual(result.stdout, read("/etc/hostname"), result)

    def test_directory_mask_limits_and_privileges(self):
        place = self.place()
        os.mkdir(place.path("own"), 0o700)
        os.chown(place.path("own"), host.USER.uid, host.USER.uid)
        options = ["--chdir", place.path("own"), "--umask", "027", "--no-new-privileges", "--limit", "nofile=50:60",
                   "--limit", "core=0", "--limit", "fsize=1M:infinity"]
        lines = self.run_as(options, "pwd; umask; cat /proc/self/limits; grep NoNewPrivs /proc/self/status")
        self.assertEqual(lines[:2], [place.path("own"), "0027"])
        self.assertEqual(lines[-1].split(), ["NoNewPrivs:", "1"])
        limits = {line[:26].strip(): line[26:].split()[:2] for line in lines}
        self.assertEqual(limits["Max open files"], ["50", "60"])
        self.assertEqual(limits["Max core file size"], ["0", "0"])
        self.assertEqual(limits["Max file size"], [str(1 << 20), "unlimited"])

    def test_limits_of_the_caller_hold_otherwise(self):
        place = self.place()
        script = f"ulimit -Sn 123; exec {host.EXEUNT} run --user {host.USER.name} -- sh -c 'ulimit -Sn'"
        self.assertEqual(self.start_program(place, "sh", "-c", script).finish().stdout, "123\n")

    def test_a_kernel_session_without_a_terminal(self):
        lines = self.run_as([], "cat /proc/self/stat; echo $$")
        _, fields = lines[0].rsplit(") ", 1)
        _, _, group, session, terminal = fields.split()[:5]
        self.assertEqual([group, session, terminal], [lines[1], lines[1], "0"])

    def test_a_log_in(self):
        home = "/home/login-test"
        os.makedirs(home, exist_ok=True)
        with open(f"{home}/.profile", "w", encoding="ascii") as file:
            file.write("FROM_PROFILE=yes; export FROM_PROFILE\n")
        os.chown(home, 64160, 64160)
        host.append("/etc/passwd", f"logger:x:64160:64160::{home}:/bin/bash\n")
        place = self.place()
        command = ["printf", "%s|", "a b", "$HOME", "'\"\\", ""]
        result = self.start(place, ["--user", "logger", "--login"], command).finish()
        self.assertEqual(result.stdout, "a b|$HOME|'\"\\||", result)
        result = self.start(place, ["--user", "logger", "--login"], ["sh", "-c", "pwd; echo $FROM_PROFILE"]).finish()
        self.assertEqual(result.stdout.split(), [home, "yes"], result)
        with open(place.path("input"), "w+b") as file:
            file.write(b"echo $0; shopt login_shell\n")
            file.seek(0)
            result = self.start_program(place, host.EXEUNT, "run", "--report", place.path("record.json"), "--user",
                                        "logger", "--login", stdin=file).finish()
        self.assertEqual(result.stdout.split(), ["-bash", "login_shell", "on"], result)
        self.assertEqual(result.record["session"]["command"], ["-bash"], result)
        self.assert_record(result)

    def test_cpu_time_reaches_the_caller(self):
        """Through the keeper, then the front, each of which has to be waited for."""
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        lines = self.run_as([], "i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done; times")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        minutes, seconds = lines[0].split()[0].rstrip("s").split("m")
        own = int(minutes) * 60 + float(seconds)
        self.assertGreater(own, 0.02)
        self.assertGreaterEqual(after.ru_utime - before.ru_utime, own * 0.9)


class Command(IdentityCase):
    """The command is what the user finds and may execute, not what root would."""

    def test_a_program_in_the_users_own_closed_directory(self):
        place = self.place()
        os.mkdir(place.path("own"), 0o700)
        with open(place.path("own/tool"), "w", encoding="ascii") as file:
            file.write("#!/bin/sh\necho tool of $(id -u)\n")
        os.chmod(place.path("own/tool"), 0o755)
        os.chown(place.path("own"), host.USER.uid, host.USER.uid)
        for options, name in ((["--preserve-env", "PATH"], "tool"), ([], place.path("own/tool")),
                              (["--chdir", place.path("own")], "./tool")):
            with self.subTest(name):
                result = self.start(place, ["--user", host.USER.name, *options], [name],
                                    environment={"PATH": f"/root/bin:{place.path('own')}:{host.PATH}"}).finish()
                self.assertEqual(result.stdout, f"tool of {host.USER.uid}\n", result)

    def test_root_tells_nothing_of_closed_directories(self):
        """Absent, a directory or a program: the same message, since the user cannot see which."""
        os.makedirs("/root/closed/directory", exist_ok=True)
        os.chmod("/root/closed", 0o700)
        messages = set()
        for name in ("absent", "directory"):
            place = self.place()
            result = self.start(place, ["--user", host.USER.name], [f"/root/closed/{name}"]).finish()
            self.assertEqual(result.code, 126, result)
            messages.add(result.stderr.replace(name, "NAME"))
        self.assertEqual(messages, {"exeunt: execute /root/closed/NAME: permission denied [EACCES]\n"})

    def test_commands_that_are_not_there(self):
        for words, code, text in ((["exeunt-no-such"], 127, "execute exeunt-no-such: no such file"),
                                  (["/nonexistent/x"], 127, "execute /nonexistent/x: no such file"),
                                  (["/etc"], 126, "execute /etc: is a directory"),
                                  (["/etc/passwd"], 126, "execute /etc/passwd: permission denied")):
            with self.subTest(words):
                place = self.place()
                result = self.start(place, ["--user", host.USER.name], words).finish()
                self.assertEqual(result.code, code, result)
                self.assertIn(text, result.stderr, result)
                self.assertIsNone(result.record)
                self.assert_nothing_left(place)
