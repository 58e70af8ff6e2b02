# SPDX-License-Identifier: Apache-2.0
"""gLExec's lingering process: it stays as the parent, nobody but root ends it, and what it has to do is done once."""

import os
import resource
import signal
import subprocess

from harness import host, walk
from harness.glexec import GlexecCase, calling_as, text_environment_of
from harness.processes import child_named, children, kill
from harness.session import poll_until, read, read_if_there
from harness.terminal import TerminalCase

# Says that it is there, and writes down the signals it gets, until it is told to go.
LISTENER = "for s in TERM INT HUP QUIT; do trap \"echo $s >> $1/got; echo > $1/told\" $s; done; trap 'exit 7' WINCH; " \
           "exec 3<>$1/told; echo > $1/ready; while :; do read word < $1/never; done"


class LingerCase(GlexecCase):
    """A payload that stays until it is told."""

    def fifo(self, place, name):
        os.mkfifo(place.path(name))
        os.chmod(place.path(name), 0o666)
        return place.path(name)

    def start_listener(self, configuration=None, *options, **caller):
        place = self.place()
        self.fifo(place, "ready")
        self.fifo(place, "told")
        self.fifo(place, "never")
        session = self.start_glexec(place, configuration or self.configuration(),
                                    ["sh", "-c", LISTENER, place.token, place.directory], *options, **caller)
        self.read_fifo(session, place.path("ready"))
        return place, session

    def keeper(self, session):
        return child_named(session.pid, "session-keeper")


class Linger(LingerCase):
    """Who is whose parent, and who may signal whom."""

    def test_the_tree_is_not_broken(self):
        _, session = self.start_listener()
        keeper = self.keeper(session)
        payload, = children(keeper)
        self.assertEqual(os.getpgid(payload), payload)
        self.assertNotIn(os.getpgid(session.pid), (payload, keeper))
        session.signal(signal.SIGWINCH)
        self.assertEqual(session.finish().code, 7)

    def test_cpu_time_reaches_the_caller(self):
        place = self.place()
        session = self.start_glexec(place, self.configuration(epilogue=self.epilogue("true")), [
            "sh", "-c", "i=0; while [ $i -lt 200000 ]; do i=$((i + 1)); done; times"])
        _, status, usage = os.wait4(session.pid, 0)
        session.process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(session.process.returncode, 0)
        minutes, seconds = read(session.stdout).split()[0].rstrip("s").split("m")
        own = int(minutes) * 60 + float(seconds)
        self.assertGreater(own, 0.02)
        self.assertGreaterEqual(usage.ru_utime, own * 0.9)

    def test_signals_of_root_reach_the_payloads_group(self):
        for number in (signal.SIGHUP, signal.SIGQUIT):
            place, session = self.start_listener()
            session.signal(number)
            self.read_fifo(session, place.path("told"))
            self.assertEqual(read(place.path("got")), f"{number.name[3:]}\n")
            session.signal(signal.SIGWINCH)
            result = session.finish()
            self.assertEqual((result.code, result.record["reason"]), (7, "payload-exited"), result)
        for number in (signal.SIGTERM, signal.SIGINT):
            place, session = self.start_listener(None, "--ladder", "WINCH 30s KILL")
            session.signal(number)
            self.read_fifo(session, place.path("told"))
            result = session.finish()
            self.assertEqual((result.code, result.record["reason"]), (7, "requested"), result)
            self.assertEqual(read(place.path("got")), f"{number.name[3:]}\n")

    def test_the_epilogue_runs_also_when_the_end_was_requested(self):
        out = self.result_path()
        place, session = self.start_listener(
            self.configuration(epilogue=self.epilogue(f"cat /proc/$$/environ > {out}")), "--ladder", "WINCH 30s KILL")
        session.signal(signal.SIGTERM)
        self.read_fifo(session, place.path("told"))
        self.assertEqual(session.finish().code, 7)
        self.assertEqual(text_environment_of(out)["EXEUNT_REASON"], "requested")

    def try_signals(self, uid, pids):
        """What a user is told who signals these: a line for each attempt."""
        script = "for pid; do for number in 9 19 15 1; do kill -$number $pid 2>&1 && echo sent; done; done"
        return subprocess.run(["sh", "-c", script, "sh", *map(str, pids)], check=False, user=uid, group=uid, text=True,
                              extra_groups=[], stdout=subprocess.PIPE, env={"LANG": "C"}).stdout.split("\n")

    def test_a_user_cannot_signal_it(self):
        """Neither the payload's, nor the one who has called."""
        configuration = self.configuration("user_white_list = stranger")
        for caller in (0, host.STRANGER.uid):
            _, session = self.start_listener(configuration, prepare=calling_as(caller))
            pids = [session.pid, self.keeper(session)]
            for uid in (host.USER.uid, host.STRANGER.uid):
                lines = self.try_signals(uid, pids)
                self.assertEqual(len([line for line in lines if "not permitted" in line]), 8, lines)
                self.assertNotIn("sent", lines)
            session.signal(signal.SIGWINCH)
            self.assertEqual(session.finish().code, 7)


class AtTerminal(TerminalCase, LingerCase):
    """A terminal that the lingering process shares with its caller."""

    def test_stop_signals_do_not_stop_it(self):
        place = self.place()
        self.fifo(place, "ready")
        session = self.start_at_terminal(
            place, [f"--glexec={self.configuration()}", "--user", host.USER.name],
            ["sh", "-c", "trap 'exit 7' WINCH; echo > $1; while :; do sleep 1000 & wait; done", place.token,
             place.path("ready")])
        self.read_fifo(session, place.path("ready"))
        self.terminal.type("\x1a")
        for number in (signal.SIGTSTP, signal.SIGTTIN, signal.SIGTTOU):
            session.signal(number)
        session.signal(signal.SIGWINCH)
        # A stopped one would never say so.
        self.assertEqual(session.finish().code, 7)


class Timeout(GlexecCase):
    """An epilogue that hangs is told, then killed, with all that it has started."""

    STUBBORN = "trap '' TERM; (trap '' TERM; setsid sleep 1000) & (setsid sleep 1001 &) ; sleep 1002"

    def test_term_then_kill_of_the_whole_tree(self):
        path = self.epilogue(self.STUBBORN)
        result = self.glexec(self.configuration("epilogue_timeout = 1", epilogue=path), ["sh", "-c", "exit 7"])
        self.assertEqual(result.code, 202, result)
        hook, = result.record["hooks"]
        self.assertTrue(hook["timedOut"])
        self.assertEqual(hook["signal"], signal.SIGKILL)
        # One second, and ten after TERM.
        self.assertGreaterEqual(hook["seconds"], 11)
        self.assertLess(hook["seconds"], 20)
        self.assertTrue(hook["leftOvers"] and all(member["gone"] for member in hook["leftOvers"]), hook)
        self.assertEqual(result.record["payload"]["exitCode"], 7)
        self.assertIn("its time being over", "\n".join(self.log.texts("error")))

    def test_term_is_enough_for_one_that_heeds_it(self):
        out = self.result_path()
        path = self.epilogue(f"trap 'echo told > {out}; exit 0' TERM; while :; do sleep 1000 & wait; done")
        result = self.glexec(self.configuration("epilogue_timeout = 1", epilogue=path), ["true"])
        self.assertEqual((result.code, read(out)), (202, "told\n"), result)
        self.assertLess(result.record["hooks"][0]["seconds"], 9)

    def test_what_it_leaves_goes_with_it(self):
        path = self.epilogue("setsid sleep 1000 & exit 0")
        result = self.glexec(self.configuration(epilogue=path), ["true"])
        self.assertEqual(result.code, 0, result)
        member, = result.record["hooks"][0]["leftOvers"]
        self.assertTrue(member["gone"])


class Killed(LingerCase):
    """The supervisor is killed between the payload's end and the epilogue: never silence."""

    def start_stubborn(self, ran):
        """The payload has exited; what it has left does not heed TERM, so that the epilogue is not yet."""
        place = self.place()
        ready = self.fifo(place, "ready")
        script = "(trap '' TERM; echo $$ > $1; while :; do sleep 1000; done) & read x < $2"
        go = self.fifo(place, "go")
        session = self.start_glexec(
            place, self.configuration(epilogue=self.epilogue(f"touch {ran}")),
            ["sh", "-c", script, place.token, ready, go], "--ladder", "CONT TERM 3s KILL")
        leader = int(self.read_fifo(session, ready))
        with open(go, "w", encoding="ascii") as file:
            file.write("\n")
        poll_until(lambda: not walk.is_alive(leader), "the payload's end")
        return place, session

    def test_one_of_the_two(self):
        ran = self.result_path()
        place, session = self.start_stubborn(ran)
        kill(self.keeper(session))
        result = session.finish()
        self.assertEqual(result.code, 202, result)
        self.assertFalse(os.path.exists(ran))
        self.assertIn("killed", result.record["hooks"][0]["unknown"])
        self.assertIn("may not have run to its end", "\n".join(self.log.texts("error")))
        self.assert_nothing_left(place)

    def test_the_one_that_the_caller_knows(self):
        """The other one lives, and does all that there is to do."""
        ran = self.result_path()
        place, session = self.start_stubborn(ran)
        session.signal(signal.SIGKILL)
        session.wait_gone()
        self.await_nothing_left(place)
        self.assertTrue(os.path.exists(ran))
        self.assertEqual(len([text for text in self.log.texts() if "exited with 0" in text]), 1)

    def test_both(self):
        """Nobody lives to run it, nor to say so: the line that says it is over is missing in the log."""
        ran = self.result_path()
        place, session = self.start_stubborn(ran)
        pids = [session.pid, self.keeper(session)]
        for pid in pids:
            os.kill(pid, signal.SIGSTOP)
            poll_until(lambda: "T" in walk.states(pid), f"{pid} to stop")
        for pid in pids:
            kill(pid)
        session.wait()
        # By hand, since nobody else does.
        for found in place.left(ignoring={os.getpid(), *self.canaries.pids}):
            kill(found.pid)
        self.assertFalse(os.path.exists(ran))
        texts = self.log.texts()
        self.assertEqual([" opened: " in text for text in texts], [True])
        self.assertEqual(read_if_there(session.report), "")
