# SPDX-License-Identifier: Apache-2.0
"""gLExec mode: what an epilogue is told and runs with, and what the exit codes say."""

import os
import resource
import signal

from harness import host
from harness.glexec import (SWITCH, TRUSTED, GlexecCase, calling_as, environment_of, text_environment_of)
from harness.session import read

PREFIX = "GLEXEC_EPILOG_"


def unlimited_stack():
    resource.setrlimit(resource.RLIMIT_STACK, (resource.RLIM_INFINITY,) * 2)


class Environment(GlexecCase):
    """The table of variables, to the letter."""

    def told(self, command, *options, lines=(), **caller):
        """(what an epilogue of this payload had in its environment, the result)"""
        out = self.result_path()
        configuration = self.configuration(*lines, epilogue=self.epilogue(f"cat /proc/$$/environ > {out}"))
        result = self.glexec(configuration, command, *options, **caller)
        return environment_of(out), result

    def test_the_whole_environment(self):
        out = self.result_path()
        configuration = self.configuration(epilogue=self.epilogue(f"cat /proc/$$/environ > {out}"))
        place = self.place()
        session = self.start_glexec(place, configuration, ["sh", "-c", "exit 3"],
                                    prepare=calling_as(host.STRANGER.uid, groups=(64201, 64202)),
                                    environment={"SECRET": "x", "LD_PRELOAD": "/tmp/evil.so"}, user="user")
        result = session.finish()
        self.assertEqual(result.code, 203, result)
        configuration = self.configuration("user_white_list = stranger", epilogue=self.epilogue(
            f"cat /proc/$$/environ > {out}"))
        session = self.start_glexec(place, configuration, ["sh", "-c", "exit 3"],
                                    prepare=calling_as(host.STRANGER.uid, groups=(64201, 64202)),
                                    environment={"SECRET": "x"})
        result = session.finish()
        self.assertEqual(result.code, 3, result)
        leader = str(result.record["session"]["leader"]["pid"])
        told = text_environment_of(out)
        self.assertRegex(told.pop("EXEUNT_RECORD"), "^/proc/self/fd/[0-9]+$")
        self.assertEqual(told.pop("EXEUNT_SESSION"), result.record["session"]["id"] + "-after-1")
        uid = str(host.USER.uid)
        self.assertEqual(told, {
            "PATH": host.PATH, "EXEUNT_PHASE": "after", "EXEUNT_SESSION_ID": result.record["session"]["id"],
            "EXEUNT_REASON": "payload-exited", "EXEUNT_OWNER_UID": uid, "EXEUNT_VERDICT": "clean",
            "EXEUNT_LEADER_PID": leader, "EXEUNT_EXIT_CODE": "3",
            PREFIX + "ARGV0": "sh", PREFIX + "ARGV1": "-c", PREFIX + "ARGV2": "exit 3",
            PREFIX + "GLEXEC_USER": "stranger", PREFIX + "GLEXEC_GROUP": "stranger",
            PREFIX + "GLEXEC_UID": str(host.STRANGER.uid), PREFIX + "GLEXEC_GID": str(host.STRANGER.uid),
            PREFIX + "GLEXEC_SGIDS": "64201:64202",
            PREFIX + "TARGET_USER": "user", PREFIX + "TARGET_GROUP": "user", PREFIX + "TARGET_UID": uid,
            PREFIX + "TARGET_GID": uid, PREFIX + "TARGET_SGIDS": f"{uid}:64201",
            PREFIX + "GLEXEC_PID": str(session.pid), PREFIX + "GLEXEC_SID": str(os.getsid(0)),
            PREFIX + "GLEXEC_PGID": str(self.canaries.group),
            PREFIX + "TARGET_PID": leader, PREFIX + "TARGET_PGID": leader, PREFIX + "TARGET_RC": "3"})
        self.assertEqual(result.record["session"]["caller"], host.STRANGER.uid)
        self.assert_nothing_left(place)

    def test_ids_without_names(self):
        told, result = self.told(["true"], "--user", "64150", "--group", "64151", "--supplementary-groups", "",
                                 user=None)
        self.assertEqual(result.code, 0, result)
        for name, value in (("USER", b"64150"), ("GROUP", b"64151"), ("UID", b"64150"), ("GID", b"64151"),
                            ("SGIDS", b"")):
            self.assertEqual(told[f"{PREFIX}TARGET_{name}".encode()], value)

    def test_a_payload_that_a_signal_has_ended(self):
        told, result = self.told(["sh", "-c", "kill -USR1 $$"])
        self.assertEqual(result.code, 128 + signal.SIGUSR1, result)
        self.assertEqual(told[b"GLEXEC_EPILOG_TARGET_RC"], b"138")
        self.assertEqual(told[b"GLEXEC_EPILOG_TARGET_SIGNAL"], b"10")
        self.assertNotIn(b"GLEXEC_EPILOG_TARGET_SIGNAL", self.told(["sh", "-c", "exit 138"])[0])

    def test_hostile_words(self):
        words = [b"a\nGLEXEC_EPILOG_TARGET_UID=0", b"=", b"", b"\xff\xfe", b"x" * 100_000, b"$(reboot)", b"PATH=/tmp"]
        # sh, since the words of a test are text: printf makes of the first one what cannot be written in it.
        place = self.place()
        out = self.result_path()
        configuration = self.configuration(epilogue=self.epilogue(f"cat /proc/$$/environ > {out}"))
        arguments = [os.fsdecode(word) for word in words]
        result = self.start_glexec(place, configuration, ["true", *arguments]).finish()
        self.assertEqual(result.code, 0, result)
        told = environment_of(out)
        self.assertEqual([told[f"{PREFIX}ARGV{index}".encode()] for index in range(8)], [b"true", *words])
        self.assertNotIn(b"GLEXEC_EPILOG_ARGV8", told)
        self.assertEqual(told[b"GLEXEC_EPILOG_TARGET_UID"], str(host.USER.uid).encode())
        self.assertEqual(told[b"PATH"], host.PATH.encode())

    def test_words_that_do_not_fit_are_left_out_as_a_whole(self):
        # One word is as long as the kernel lets it be: with a name before it, it is too long.
        told, result = self.told(["true", "x" * 131_071])
        self.assertEqual(result.code, 0, result)
        self.assert_without_words(told, result, 2)

        # All of them together: they may take a quarter of the stack, which is without limit for the payload alone.
        told, result = self.told(["true", *["x" * 100_000] * 40], prepare=unlimited_stack)
        self.assertEqual(result.code, 0, result)
        self.assert_without_words(told, result, 41)

    def assert_without_words(self, told, result, count):
        self.assertEqual([name for name in told if b"ARGV" in name], [])
        self.assertIn(b"GLEXEC_EPILOG_TARGET_RC", told)
        line = f"pass {count} variables to {result.record['hooks'][0]['path']}, which runs without them: " \
               "argument list too long [E2BIG]"
        self.assertIn(f"session {result.record['session']['id']}: {line}", self.log.texts("error"))
        self.assertIn(line, result.stderr)

    def test_what_is_inherited_never_reaches_it(self):
        forged = {PREFIX + "TARGET_UID": "0", PREFIX + "ARGV9": "x", PREFIX + "OWN": "x", "KEPT": "k"}
        out = self.place().path("payload")
        told, result = self.told(["sh", "-c", f"cat /proc/$$/environ > {out}"], environment=forged,
                                 lines=[f"preserve_env_variables = KEPT, {PREFIX}OWN"])
        self.assertEqual(result.code, 0, result)
        self.assertEqual(told[b"GLEXEC_EPILOG_TARGET_UID"], str(host.USER.uid).encode())
        for name in (b"GLEXEC_EPILOG_ARGV9", b"GLEXEC_EPILOG_OWN", b"KEPT"):
            self.assertNotIn(name, told)
        # And the payload has what was named, and nothing else of the caller's.
        has = environment_of(out)
        self.assertEqual((has[b"KEPT"], has[b"GLEXEC_EPILOG_OWN"]), (b"k", b"x"))
        self.assertNotIn(b"GLEXEC_EPILOG_ARGV9", has)
        self.assertNotIn(b"GLEXEC_EPILOG_TARGET_UID", has)


class Execution(GlexecCase):
    """What an epilogue is, besides what it is told."""

    SCRIPT = "grep -E '^(Uid|Gid|Groups|Sig(Blk|Ign)|Cap(Inh|Prm|Eff|Amb)):' /proc/self/status > {0}; " \
             "fds=$(readlink /proc/$$/fd/[012]); echo $fds >> {0}; pwd >> {0}; umask >> {0}; " \
             "cat /proc/$$/stat /proc/$$/cmdline >> {0}; echo >> {0}; cat /proc/$$/limits >> {0}"

    def run_epilogue(self, lines=(), owner=(0, 0), mode=0o755, **caller):
        out = self.result_path()
        self.write(out, "", 0o666)
        path = self.epilogue(self.SCRIPT.format(out), mode, owner)
        result = self.glexec(self.configuration(*lines, epilogue=path), ["true"], **caller)
        self.assertEqual(result.code, 0, result)
        return path, read(out)

    def test_as_root_with_nothing_of_the_callers(self):
        def prepare():
            os.umask(0o000)
            signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR1])
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            os.setgroups([64201, 7])
        _, text = self.run_epilogue(prepare=prepare)
        status = dict(line.split(":", 1) for line in text.splitlines()[:9])
        self.assertEqual((status["Uid"].split(), status["Gid"].split()), (["0"] * 4, ["0"] * 4))
        self.assertEqual(status["Groups"].strip(), "")
        self.assertEqual(int(status["SigBlk"], 16), 0)
        self.assertEqual(int(status["SigIgn"], 16), 0)
        lines = text.splitlines()[9:]
        self.assertEqual(lines[:3], ["/dev/null /dev/null /dev/null", "/", "0077"])
        pid, _, rest = next(line for line in lines if ") " in line).partition(" (")
        group, session = rest.rsplit(") ", 1)[1].split()[2:4]
        self.assertEqual((group, session), (pid, pid), "a kernel session of its own")
        # A script's interpreter has been told the descriptor as its first word; the script itself has no arguments.
        words = next(line for line in lines if "/bin/sh\0" in line).split("\0")
        self.assertEqual(len([word for word in words if word]), 2, words)

    def test_limits_of_the_caller_do_not_cut_it_short(self):
        def prepare():
            for name, soft in (("CPU", 1000), ("FSIZE", 1 << 30), ("DATA", 1 << 40), ("AS", 1 << 40), ("NOFILE", 64),
                               ("STACK", 1 << 20)):
                kind = getattr(resource, f"RLIMIT_{name}")
                resource.setrlimit(kind, (soft, resource.getrlimit(kind)[1]))
            # A hard one, which may be lowered only where the privilege to raise it is missing.
            resource.setrlimit(resource.RLIMIT_RSS, (1 << 30, 1 << 31))
        _, text = self.run_epilogue(prepare=prepare)
        limits = {line[:26].strip(): line[26:].split()[:2] for line in text.splitlines()}
        for name in ("cpu time", "file size", "data size", "address space"):
            self.assertEqual(limits[f"Max {name}"], ["unlimited"] * 2)
        self.assertEqual(limits["Max stack size"], [str(8 << 20), "unlimited"])
        self.assertEqual(limits["Max open files"][0], "1024")
        self.assertIn(limits["Max resident set"], (["unlimited"] * 2, [str(1 << 31)] * 2))

    def test_as_somebody_else(self):
        lines = [SWITCH, "epilogue_user = user", "epilogue_group = others"]
        _, text = self.run_epilogue(lines, owner=(host.USER.uid, 64202), mode=0o775)
        status = dict(line.split(":", 1) for line in text.splitlines()[:9])
        self.assertEqual((status["Uid"].split(), status["Gid"].split()), ([str(host.USER.uid)] * 4, ["64202"] * 4))
        self.assertEqual((status["Groups"].strip(), int(status["CapEff"], 16), int(status["CapPrm"], 16)), ("", 0, 0))

    def test_a_group_alone_leaves_it_roots(self):
        _, text = self.run_epilogue([SWITCH, "epilogue_group = 64202"], owner=(0, 64202), mode=0o775)
        status = dict(line.split(":", 1) for line in text.splitlines()[:9])
        self.assertEqual((status["Uid"].split(), status["Gid"].split()), (["0"] * 4, ["64202"] * 4))

    def test_once(self):
        out = self.result_path()
        path = self.epilogue(f"echo $GLEXEC_EPILOG_TARGET_PID >> {out}; exit 5")
        result = self.glexec(self.configuration(epilogue=path), ["true"])
        self.assertEqual(result.code, 202, result)
        self.assertEqual(read(out).split(), [str(result.record["session"]["leader"]["pid"])])

    def test_only_when_everything_else_is_gone(self):
        """It needs to look for nothing that Exeunt can find."""
        place = self.place()
        out = self.result_path()
        path = self.epilogue(f"ps -eo uid= | grep -cw {host.USER.uid} > {out}; true")
        before = int(os.popen(f"ps -eo uid= | grep -cw {host.USER.uid}").read())
        script = "(trap '' TERM HUP; setsid sleep 1000) & setsid sleep 1000 & nohup sleep 1000 >/dev/null 2>&1 & :"
        result = self.start_glexec(place, self.configuration(epilogue=path), ["sh", "-c", script], "--ladder",
                                   "CONT TERM 300ms KILL").finish()
        self.assertEqual(result.code, 0, result)
        self.assertEqual(int(read(out)), before, "only the canaries of this user")
        self.assert_nothing_left(place)

    def test_no_epilogue(self):
        result = self.glexec(self.configuration(), ["sh", "-c", "exit 9"])
        self.assertEqual((result.code, result.stderr), (9, ""), result)
        self.assertNotIn("hooks", result.record)

    def test_no_payload_no_epilogue(self):
        out = self.result_path()
        self.assert_refused(self.configuration(epilogue=self.epilogue(f"touch {out}")), 201, command=["/nonexistent"])
        self.assertFalse(os.path.exists(out))
        # Nor is it a session whose end is missing in the log.
        opened, refused = self.log.texts()
        self.assertEqual(opened.split()[1], refused.split()[1])
        self.assertRegex(refused, "^session [0-9a-z]{12} not started: execute /nonexistent: ")


class ExitCodes(GlexecCase):
    """Each of gLExec's, in each way that there is."""

    def code(self, script, epilogue="true", *options):
        result = self.glexec(self.configuration(epilogue=self.epilogue(epilogue)), ["sh", "-c", script], *options)
        return result

    def test_the_payloads_own(self):
        for code in (0, 1, 2, 125, 126, 127, 200, 205, 255):
            self.assertEqual(self.code(f"exit {code}").code, code)
        self.assertEqual(self.code("kill -TERM $$").code, 143)

    def test_204_is_the_payloads_or_the_epilogues(self):
        for code in range(201, 205):
            self.assertEqual(self.code(f"exit {code}").code, 204)
            result = self.code("exit 7", f"exit {code}")
            self.assertEqual(result.code, 204, result)
            self.assertEqual((result.record["payload"]["exitCode"], result.record["hooks"][0]["exitCode"]), (7, code))

    def test_202_for_an_epilogue_that_fails(self):
        for script in ("exit 1", "exit 200", "exit 205", "kill -KILL $$"):
            for payload in ("exit 0", "exit 7", "exit 203"):
                result = self.code(payload, script)
                self.assertEqual(result.code, 202, result)
                self.assertEqual(result.record["exitCode"], 202)

    def test_202_for_one_that_has_become_untrusted_meanwhile(self):
        for spoil in (lambda path: os.chmod(path, 0o777), os.unlink):
            place = self.place()
            path = self.epilogue(f"touch {TRUSTED}/never")
            os.mkfifo(place.path("ready"))
            os.chmod(place.path("ready"), 0o666)
            session = self.start_glexec(place, self.configuration(epilogue=path), [
                "sh", "-c", "trap 'exit 7' USR1; echo > $1; while :; do sleep 1000 & wait; done", place.token,
                place.path("ready")])
            self.read_fifo(session, place.path("ready"))
            spoil(path)
            session.signal(signal.SIGUSR1)
            result = session.finish()
            self.assertEqual(result.code, 202, result)
            self.assertIn("is not trusted", result.record["hooks"][0]["notRun"])
            self.assertEqual(result.record["payload"]["exitCode"], 7)
            self.assertIn(f"hook {path} was not run", "\n".join(self.log.texts("error")))
        self.assertFalse(os.path.exists(f"{TRUSTED}/never"))

    def test_201_what_the_caller_asks_for_cannot_be_done(self):
        configuration = self.configuration(epilogue=self.epilogue("true"))
        os.makedirs("/root", exist_ok=True)
        os.chmod("/root", 0o700)
        host.append("/etc/passwd", "homeless:x:64180:64180::/root/home:/bin/sh\n")
        refused = (
            (["/nonexistent"], (), "no such file"), (["exeunt-no-such"], (), "no such file"),
            (["/etc/passwd"], (), "permission denied"), (["/etc"], (), "is a directory"),
            (["/root/x"], (), "permission denied"), (None, ["--chdir", "/root"], "enter /root as uid"),
            (None, ["--chdir", "/nonexistent"], "enter /nonexistent"), (None, ["--umask", "9"], "--umask"),
            (None, ["--no-such-option"], "no-such-option"), (None, ["--epilogue", "/x"], "exclude each other"))
        for command, options, text in refused:
            with self.subTest(command or options):
                self.assert_refused(configuration, 201, text, command=command, options=options)
        self.assert_refused(configuration, 201, "there is no such user", user="nobody-here")
        self.assert_refused(configuration, 201, "log in as user 'homeless'", user="homeless", options=["--login"])
        self.assert_refused(configuration, 201, "needs --user", user=None)
        # Where the caller is, when nothing else is said.
        self.assert_refused(configuration, 201, "enter . as uid", prepare=lambda: os.chdir("/root"))

    def test_126_is_passed_through(self):
        path = self.write(f"{self.place().directory}/busy", "#!/bin/sh\n", 0o755)
        with open(path, "ab"):
            self.assert_refused(self.configuration(), 126, "[ETXTBSY]", command=[path])

    def test_203_not_authorised(self):
        host.append("/etc/passwd", "expired:x:64181:64181::/:/bin/sh\n")
        host.append("/etc/shadow", "expired:!:19000:0:99999:7::18262:\n")
        configuration = self.configuration("user_white_list = user")
        self.assert_refused(configuration, 203, "expired on 2020-01-01", user="expired")
        self.assert_refused(configuration, 203, "not in the user_white_list", prepare=calling_as(host.STRANGER.uid))
        self.assertIn("not authorised: user 'stranger' is not in the user_white_list", self.log.texts("error"))
        place = self.place(host.USER)
        result = self.start_glexec(place, configuration, ["true"]).finish()
        self.assertEqual((result.code, result.stderr), (203, "exeunt: not authorised: gLExec mode takes root\n"))

    def test_202_everything_else(self):
        self.assert_refused(self.configuration(epilogue=f"{TRUSTED}/absent"), 202, f"{TRUSTED}/absent")
        os.makedirs("/etc/exeunt", exist_ok=True)
        self.write("/etc/exeunt/exeunt.conf", "[Payload]\nLaddre=x\n")
        self.addCleanup(os.unlink, "/etc/exeunt/exeunt.conf")
        self.assert_refused(self.configuration(), 202, "/etc/exeunt/exeunt.conf:2: unknown key Laddre=")

    def test_report_mode_runs_no_epilogue(self):
        out = self.result_path()
        place = self.place()
        result = self.start_glexec(place, self.configuration(epilogue=self.epilogue(f"touch {out}")),
                                   ["sh", "-c", "exit 4"], "--report-only").finish()
        self.assertEqual(result.code, 4, result)
        self.assertFalse(os.path.exists(out))
