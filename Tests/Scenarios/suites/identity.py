# SPDX-License-Identifier: Apache-2.0
"""Payloads as another user: who they are, what they get, what they leave, and what they can do to their supervisor."""

import os
import resource
import signal
import subprocess

from harness import host, walk
from harness.case import BRISK, PATIENT, ScenarioCase
from harness.processes import first_child, kill
from harness.session import poll_until, read
from harness.terminal import TerminalCase

# What shapes need of the environment that is made anew.
SHAPE_VARIABLES = "EXEUNT_TEST,SHAPE_DIR,SHAPE_READY,SHAPE_SETUID,SHAPE_FORGED"
AS_USER = ["--user", host.USER.name, "--preserve-env", SHAPE_VARIABLES]
NO_CAPABILITIES = "0" * 16


def status(pid="self"):
    """A script that shows what the kernel knows of a process's identity."""
    return f"grep -E '^(Uid|Gid|Groups|Cap(Inh|Prm|Eff|Amb)|NoNewPrivs|Seccomp):' /proc/{pid}/status"


class IdentityCase(ScenarioCase):
    """Exeunt as root, its payload as somebody else."""

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

    def fields(self, options, script=status(), **caller):
        """What /proc/PID/status says of the payload."""
        lines = (line.split(":", 1) for line in self.run_as(options, script, **caller))
        return {name: " ".join(value.split()) for name, value in lines}


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
                 f"{host.EXEUNT} run --user {host.USER.name} -- sh -c \"{status()}\""
        result = self.start_program(place, "sh", "-c", script).finish()
        self.assertEqual(result.code, 0, result)
        self.assertEqual(result.stdout.count(NO_CAPABILITIES), 4, result)

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


class Refusals(IdentityCase):
    """What cannot be is said, and nothing is started."""

    def assert_refused(self, options, code, *texts, identity=None):
        place = self.place(identity)
        result = self.start(place, options, ["touch", place.path("ran")]).finish()
        self.assertEqual(result.code, code, result)
        for text in texts:
            self.assertIn(text, result.stderr, result)
        self.assertFalse(os.path.exists(place.path("ran")), result)
        self.assertIsNone(result.record, result)
        self.assert_nothing_left(place)

    def test_identities_that_are_not_there(self):
        self.assert_refused(["--user", "no-such-user"], 125, "run as user 'no-such-user': there is no such user")
        self.assert_refused(["--user", ""], 125, "run as user '': there is no such user")
        self.assert_refused(["--user", "4294967295"], 125, "there is no such user")
        self.assert_refused(["--user", "64150"], 125, "run as uid 64150: it has no account", "--group")
        self.assert_refused(["--user", "user", "--group", "no-such"], 125, "group 'no-such': there is no such group")
        self.assert_refused(["--user", "user", "--supplementary-groups", "7,x"], 125, "group 'x'")

    def test_accounts_that_are_closed(self):
        for name, expiry in (("past", "18262"), ("first-day", "0"), ("future", "99999"), ("never", "")):
            uid = 64170 + len(name)
            host.append("/etc/passwd", f"{name}:x:{uid}:{uid}::/:/usr/sbin/nologin\n")
            # A locked password and a shell that lets nobody in: as pool accounts are.
            host.append("/etc/shadow", f"{name}:!:19000:0:99999:7::{expiry}:\n")
        self.assert_refused(["--user", "past"], 125, "run as user 'past': the account has expired on 2020-01-01")
        self.assert_refused(["--user", "first-day"], 125, "the account has expired on 1970-01-01")
        for name in ("future", "never"):
            place, result = self.run_shell(["--user", name], "id -un")
            self.assertEqual(result.stdout, f"{name}\n", result)
            self.assert_nothing_left(place)

    def test_callers_who_are_not_root(self):
        for options in (["--user", "stranger"], ["--user", "user"], ["--group", "others"], ["--user", "no-such-user"]):
            self.assert_refused(options, 125, "run as another user or group: that takes root", identity=host.USER)

    def test_a_root_without_the_right(self):
        place = self.place()
        result = self.start_program(place, "setpriv", "--bounding-set", "-setuid", "--inh-caps", "-setuid", host.EXEUNT,
                                    "run", "--user", "user", "--", "touch", place.path("ran")).finish()
        self.assertEqual(result.code, 125, result)
        self.assertIn(f"set uid {host.USER.uid} of child: operation not permitted [EPERM]", result.stderr)
        self.assertFalse(os.path.exists(place.path("ran")))
        self.assert_nothing_left(place)

    def test_directories_out_of_reach(self):
        os.makedirs("/root", exist_ok=True)
        os.chmod("/root", 0o700)
        host.append("/etc/passwd", "homeless:x:64180:64180::/root/home:/bin/sh\n")
        self.assert_refused(["--user", "user", "--chdir", "/root"], 125,
                            f"enter /root as uid {host.USER.uid}: permission denied [EACCES]")
        self.assert_refused(["--chdir", "/nonexistent"], 125, "enter /nonexistent: no such file or directory [ENOENT]")
        self.assert_refused(["--user", "homeless", "--login"], 125, "log in as user 'homeless'", "/root/home", "EACCES")
        # Who does not go home needs none.
        place, result = self.run_shell(["--user", "homeless"], "echo $HOME")
        self.assertEqual(result.stdout, "/root/home\n", result)
        self.assert_nothing_left(place)

    def test_bad_options(self):
        for options, text in (
                (["--limit", "nofile"], "--limit"), (["--limit", "files=3"], "--limit"), (["--umask", "8"], "--umask"),
                (["--umask", "1000"], "--umask"), (["--pass-fd", "77"], "descriptor 77 is not open"),
                (["--pass-fd", "x"], "--pass-fd"), (["--login"], "--login needs --user"), (["--chdir", ""], "--chdir"),
                (["--preserve-env", "A"], "--preserve-env needs --user"),
                (["--user", "user", "--preserve-env", "A,,B"], "--preserve-env: ''"),
                (["--user", "user", "--preserve-env", "A=1"], "--preserve-env: 'A=1'")):
            with self.subTest(options):
                self.assert_refused(options, 2, text)
        self.assert_refused(["--limit", "nofile=1:2:3"], 2, "NAME=SOFT[:HARD]")

    def test_files_of_variables_that_are_wrong(self):
        place = self.place()
        with open(place.path("env"), "w", encoding="utf-8") as file:
            file.write("A=1\nexport B=1\n")
        self.assert_refused(["--env-file", place.path("env")], 2, f"--env-file: {place.path('env')}:2: 'export B=1'")
        self.assert_refused(["--env-file", "/nonexistent"], 125, "open /nonexistent: no such file or directory")


class LeftOvers(IdentityCase):
    """What a payload of another user leaves is ended by root, whatever it is by then."""

    def test_left_overs_of_the_user(self):
        for track in ([], ["--track", "descent"], ["--track", "descent,mark:EXEUNT_SESSION"], ["--track", "group"]):
            shape = "plain-child" if track[-1:] == ["group"] else "double-fork-daemon"
            with self.subTest(track):
                place = self.place()
                result = self.run_shape(place, [*AS_USER, *track, "--ladder", PATIENT], shape)
                self.assert_record(result)
                self.assertEqual(result.record["verdict"], "left", result)
                self.assertEqual({process["uid"] for process in result.record["processes"]}, {host.USER.uid}, result)
                self.assertEqual(result.record["session"]["owner"], host.USER.uid, result)
                self.assertEqual(result.record["session"]["caller"], 0, result)
                self.assert_nothing_left(place)

    def test_a_set_uid_program_that_the_user_started(self):
        for track in ([], ["--track", "descent"]):
            with self.subTest(track):
                place = self.place()
                result = self.run_shape(place, [*AS_USER, *track, "--ladder", BRISK], "setuid-child",
                                        environment={"SHAPE_SETUID": host.SETUID_SHAPES})
                self.assert_record(result)
                self.assertIn(result.record["verdict"], ("left", "killed"), result)
                self.assertIn(0, {process["uid"] for process in result.record["processes"]}, result)
                self.assert_nothing_left(place)

    def test_weak_evidence_counts_for_the_owner_only(self):
        """A mark that root's processes have, too."""
        place = self.place()
        mark = {"IDENTITY_MARK": place.token}
        foreign = subprocess.Popen([host.SHAPES, "watch-signals", "root"], env=mark, stdout=subprocess.PIPE, cwd="/")
        own = subprocess.Popen(["sleep", "1000"], env={**mark, "PATH": host.PATH}, user=host.USER.uid,
                               group=host.USER.uid, extra_groups=[], cwd="/")
        try:
            self.assertTrue(foreign.stdout.readline().startswith(b"watching"))
            result = self.start(place, ["--user", host.USER.name, "--track", "mark:IDENTITY_MARK"], ["true"],
                                environment=mark).finish()
            self.assertEqual([process["pid"] for process in result.record["processes"]], [own.pid], result)
            self.assertEqual(own.wait(), -signal.SIGTERM)
            self.assertIsNone(foreign.poll())
            self.assertNotIn(foreign.pid, {process["pid"] for process in result.record["processes"]})
        finally:
            for process in (foreign, own):
                process.kill()
                process.wait()
            foreign.stdout.close()


class Supervisor(IdentityCase):
    """The user can do nothing to Exeunt's own processes, and the session ends when they are killed."""

    def start_staying(self, options=()):
        place = self.place()
        os.mkfifo(place.path("ready"))
        os.chmod(place.path("ready"), 0o666)
        session = self.start(place, [*AS_USER, *options, "--ladder", PATIENT],
                             ["sh", "-c", "sleep 1000 & echo $! $$ >$SHAPE_DIR/ready; exec sleep 1001"],
                             environment={"SHAPE_READY": place.path("ready")})
        return place, session, [int(word) for word in self.read_fifo(session, place.path("ready")).split()]

    def test_signals_of_the_user_are_refused(self):
        place, session, _ = self.start_staying()
        for pid in (session.pid, first_child(session.pid)):
            for name in ("KILL", "STOP", "TERM", "CONT"):
                # In another kernel session, as the payload is: CONT is allowed within one.
                kill_as_user = subprocess.run(
                    ["setsid", "--wait", "setpriv", "--reuid", str(host.USER.uid), "--clear-groups", "kill", f"-{name}", str(pid)],
                    capture_output=True, text=True, check=False)
                self.assertNotEqual(kill_as_user.returncode, 0)
                self.assertIn("not permitted", kill_as_user.stderr.lower())
            self.assertTrue(walk.is_alive(pid))
            self.assertNotIn("T", walk.states(pid))
        session.signal(signal.SIGTERM)
        result = session.finish()
        self.assertEqual(result.record["reason"], "requested", result)
        self.assertEqual(result.code, 128 + signal.SIGTERM, result)
        self.assert_nothing_left(place)

    def test_keeper_killed(self):
        for track in ([], ["--track", "descent"], ["--track", "descent,mark:EXEUNT_SESSION"]):
            with self.subTest(track):
                place, session, pids = self.start_staying(track)
                kill(first_child(session.pid))
                result = session.finish()
                self.assert_record(result)
                self.assertEqual(result.record["reason"], "supervisor-exited", result)
                self.assertEqual(result.record["session"]["owner"], host.USER.uid, result)
                # The leader has been told by the kernel, and may be gone by now.
                self.assertIn(pids[0], {process["pid"] for process in result.record["processes"]}, result)
                self.assert_nothing_left(place)

    def test_front_killed(self):
        place, session, _ = self.start_staying()
        session.signal(signal.SIGKILL)
        self.await_nothing_left(place)

    def test_both_killed(self):
        """The payload's leader is told by the kernel, though its change of identity has cleared that at first."""
        _, session, pids = self.start_staying()
        keeper = first_child(session.pid)
        for pid in (session.pid, keeper):
            os.kill(pid, signal.SIGSTOP)
        for pid in (session.pid, keeper):
            kill(pid)
        poll_until(lambda: not walk.is_alive(pids[1]), "the leader to be told by the kernel")

    def test_somebody_stops_whatever_gets_her_uid(self):
        """Stopped between its change of identity and exec, the payload must not take Exeunt with it."""
        uid = 64190
        host.append("/etc/passwd", f"stopper:x:{uid}:{uid}::/:/bin/sh\n")
        stopper = subprocess.Popen([host.SHAPES, "stops-everybody", "stopper"], user=uid, group=uid, extra_groups=[], cwd="/",
                                   stdout=subprocess.PIPE)
        try:
            self.assertTrue(stopper.stdout.readline().startswith(b"stopping"))
            for _ in range(200):
                place = self.place()
                options = ["--user", "stopper", "--time-limit", "100ms", "--ladder", "CONT TERM 100ms KILL"]
                result = self.start(place, options, ["true"]).finish()
                if result.code == 125:
                    self.assertIn("start true within 10 s", result.stderr)
                    self.assert_nothing_left(place)
                    return
                self.assertIn(result.code, (0, 128 + signal.SIGKILL, 128 + signal.SIGTERM), result)
            self.fail("nothing was ever stopped in time")
        finally:
            stopper.kill()
            stopper.wait()
            stopper.stdout.close()


class AtTheTerminal(TerminalCase):
    """The payload writes to root's terminal, and cannot type into it."""

    def test_no_control_over_the_terminal(self):
        host.require_privilege("a second uid")
        place = self.place()
        session = self.start_at_terminal(
            place, ["--user", host.USER.name],
            ["sh", "-c", "tty; (: </dev/tty) 2>&1; cut -d' ' -f7 /proc/self/stat; read line; echo got $line"])
        self.terminal.expect("/dev/pts/")
        self.terminal.expect("No such device or address|cannot open /dev/tty")
        self.terminal.expect(r"\r\n0\r\n")
        self.terminal.type("words\r")
        self.terminal.expect("got words")
        self.assertEqual(session.wait(), 0)
        self.assertEqual(session.record()["session"]["type"], "unspecified")

    def test_keys_reach_the_payload(self):
        host.require_privilege("a second uid")
        place = self.place()
        session = self.start_at_terminal(
            place, ["--user", host.USER.name, "--quiet"], ["sh", "-c", "trap 'echo int; exit 7' INT; echo go; sleep 1000 & wait"])
        self.terminal.expect("go")
        self.terminal.type("\x1a")
        self.terminal.type("\x03")
        self.terminal.expect("int")
        self.assertEqual(session.wait(), 7)
        self.assert_nothing_left(place)
