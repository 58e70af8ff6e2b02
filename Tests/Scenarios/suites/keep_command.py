# SPDX-License-Identifier: Apache-2.0
"""`exeunt keep`: who asks, what becomes of the process, and what if there is no lease."""

import os
import re
import resource
import signal

from harness import host
from harness.commands import CommandCase, StandIn, refusing
from harness.terminal import Terminal

LEASE = {"id": "7k2mzq9x4c1d", "owner": 0, "user": "root", "pid": 1, "command": "x", "granted": "2026-01-31T12:00:00.000Z",
         "expires": "2026-01-31T20:00:00.000Z"}
# All that a program can be told apart by, where it does not come from the program itself.
STATE = r"""
echo pid $$ parent $PPID; cut -d' ' -f5-8 /proc/$$/stat
# Not by a child: while it makes one, a shell blocks all signals.
while read -r line; do
    case $line in
        SigBlk*|SigIgn*|SigCgt*|SigPnd*|ShdPnd*|Threads*|Uid*|Gid*|Groups*|Cap*|NoNewPrivs*|Seccomp:*|CoreDumping*) echo "$line" ;;
    esac
done </proc/$$/status
for fd in /proc/$$/fd/*; do echo "$fd $(readlink $fd) $(grep flags /proc/$$/fdinfo/${fd##*/})"; done
cat /proc/$$/limits /proc/$$/oom_score_adj /proc/$$/cgroup; umask; pwd; tr '\0' '\n' </proc/$$/environ; tr '\0' ' ' </proc/$$/cmdline
"""
REFUSED = refusing("KeepRefused", why="Deny=user of [Keep] forbids it", consequence="the program will be ended when your session is over")


def grant(call):
    call.reply(lease=LEASE)


class KeepCommand(CommandCase):
    """With a stand-in for exeuntd."""

    def test_who_asks_and_for_what(self):
        with StandIn(grant) as server:
            running = self.start_program(self.place(host.USER), host.EXEUNT, "keep", "--for", "8h 30min", "--reason", "a long run", "--",
                                         "sh", "-c", "echo $$", "a b")
            result = running.finish()
        self.assertEqual((result.code, result.stdout, result.stderr), (0, f"{running.pid}\n", ""), result)
        call = server.calls[0]
        self.assertEqual((call.method, call.pid, call.uid), ("Keep", running.pid, host.USER.uid))
        self.assertEqual(call.parameters, {"seconds": 30600, "reason": "a long run", "command": ["/usr/bin/sh", "-c", "echo $$", "a b"]})

    def test_the_process_is_what_it_was(self):
        place = self.place()
        odd = os.open(place.path("odd"), os.O_RDWR | os.O_CREAT)
        self.addCleanup(os.close, odd)

        def prepare():
            signal.signal(signal.SIGHUP, signal.SIG_IGN)
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            signal.signal(signal.SIGPIPE, signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, {signal.SIGUSR1, signal.SIGTERM, 40})
            resource.setrlimit(resource.RLIMIT_NOFILE, (200, 300))
            os.dup2(odd, 77)
            os.close(0)
            os.umask(0o027)
            os.chdir("/usr")

        def state(*words):
            running = self.start_program(place, *words, "sh", "-c", STATE, prepare=prepare, environment={"ODD": "a\udcffb\nc", "EMPTY": ""})
            result = running.finish()
            self.assertEqual((result.code, result.stderr), (0, ""), result)
            # The pipe of the test has another number each time.
            return [line for line in re.sub(rf"\b{running.pid}\b", "PID", result.stdout).splitlines() if "pipe:" not in line]
        self.maxDiff = None
        with StandIn(grant):
            self.assertEqual(state(host.EXEUNT, "keep", "--"), state())

    def test_the_terminal_is_untouched(self):
        terminal = Terminal()
        self.addCleanup(terminal.close)
        with StandIn(grant):
            running = self.start_program(
                self.place(), host.EXEUNT, "keep", "--", "sh", "-c", "echo ready; read line; echo got $line; ps -o tpgid= -p $$",
                stdin=terminal.slave, stdout=terminal.slave, stderr=terminal.slave, prepare=terminal.take, group=None,
                environment={"TZ": "UTC"})
            terminal.give_away()
            terminal.expect("exeunt: kept until 2026-01-31 20:00; 'exeunt release 7k2mzq9x4c1d' ends it\r\n")
            terminal.expect("ready")
            terminal.type("word\n")
            terminal.expect("got word")
            self.assertEqual(int(terminal.expect(r"\d+")[0]), running.pid)
            self.assertEqual(running.wait(), 0)

    def test_names_are_found_as_by_env(self):
        place = self.place()
        with open(place.path("plain"), "w", encoding="ascii") as file:
            file.write("echo plain $1\n")
        os.chmod(place.path("plain"), 0o755)
        with open(place.path("data"), "w", encoding="ascii"):
            pass
        rows = ((["no-such-program"], 127), (["/no/such"], 127), ([place.path("data")], 126), (["/etc"], 126), ([""], 127),
                ([place.path("plain"), "x"], 0), (["sh", "-c", "exit 7"], 7), (["sh", "-c", "kill -KILL $$"], 128 + 9))
        for words, code in rows:
            with self.subTest(words), StandIn(grant) as server:
                result = self.ask("keep", "--", *words)
                self.assertEqual(result.code, code, result)
                # There is no lease for what cannot be run.
                self.assertEqual(len(server.calls), 0 if code in (126, 127) else 1)
                self.assertEqual(result.stdout, "plain x\n" if words[0].endswith("plain") else "")
                self.assert_messages(result)

    def test_refused(self):
        with StandIn(REFUSED):
            self.assertEqual(self.refusal(1, "keep", "--", "touch", "/run/ran"), (
                "exeunt: no lease for touch: Deny=user of [Keep] forbids it\n"
                "exeunt: the program will be ended when your session is over\n"))
            self.assertFalse(os.path.exists("/run/ran"))
            result = self.ask("keep", "--or-run", "--", "echo", "ran")
        self.assertEqual((result.code, result.stdout), (0, "ran\n"), result)
        self.assertIn("the program will be ended when your session is over", result.stderr)

    def test_no_daemon(self):
        self.assertIn("exeuntd is not running", self.refusal(125, "keep", "--", "true"))
        result = self.ask("keep", "--or-run", "--", "echo", "ran")
        self.assertEqual((result.code, result.stdout), (0, "ran\n"), result)
        self.assertIn("no lease for echo: exeuntd is not running", result.stderr)
        self.assertIn("echo runs without one", result.stderr)

    def test_a_daemon_that_cannot(self):
        rows = ((lambda call: None, 125), (refusing("Failed", why="no cgroups"), 125), (refusing("NotPermitted", why="no"), 1))
        for behave, code in rows:
            with StandIn(behave):
                self.assertIn("no lease for true: ", self.refusal(code, "keep", "--", "true"))
                self.assertEqual(self.ask("keep", "--or-run", "--", "true").code, 0)

    def test_long_commands_are_cut(self):
        with StandIn(grant) as server:
            self.assertEqual(self.answer("keep", "--", "sh", "-c", "echo ${#1}", "x", "y" * 100_000), ["100000"])
        self.assertEqual(server.calls[0].parameters["command"], ["/usr/bin/sh", "-c", "echo ${#1}", "x", "…"])

    def test_options_end_where_the_command_begins(self):
        with StandIn(grant):
            self.assertEqual(self.answer("keep", "--or-run", "--", "echo", "--for", "--", "--help", "--glexec"), ["--for -- --help --glexec"])
            self.assertEqual(self.answer("keep", "echo", "--json"), ["--json"])
