# SPDX-License-Identifier: Apache-2.0
"""`exeunt run --user` by somebody who is not root: what exeuntd is asked, and what comes of its answer."""

import os
import signal
import socket

from harness import host
from harness.commands import CommandCase, StandIn, refusing


def running(*answers):
    """Takes the descriptors, writes to them, and then answers."""
    def behave(call):
        call.reply(continues=True, session="7k2mzq9x4c1d")
        data, descriptors, _, _ = socket.recv_fds(call.connection, 1, 8)
        call.received = (data, len(descriptors))
        # Tests wait for the output.
        os.write(descriptors[2], b"errors\n")
        os.write(descriptors[1], b"output of " + os.read(descriptors[0], 100))
        for descriptor in descriptors:
            os.close(descriptor)
        for answer in answers:
            answer(call)
    return behave


def exits(code):
    return lambda call: call.reply(exitCode=code)


def waits_for_hang_up(call):
    """Until the caller has."""
    call.hung_up = call.connection.recv(1)


class DaemonRun(CommandCase):
    """With a stand-in for exeuntd."""

    def test_what_is_asked_for(self):
        reading, writing = os.pipe()
        os.write(writing, b"input\n")
        os.close(writing)
        place = self.place(host.USER)
        with open(place.path("variables"), "w", encoding="ascii") as file:
            file.write("A=b c\n")
        with StandIn(running(exits(7))) as server:
            result = self.start_program(
                place, host.EXEUNT, "run", "--user", "stranger", "--group", "others", "--env-file", place.path("variables"),
                "--preserve-env", "ONE", "--time-limit", "90s", "--", "make", "a b", environment={"ONE": "1", "TWO": "2", "TERM": "dumb"},
                stdin=reading).finish()
            os.close(reading)
        self.assertEqual((result.code, result.stdout, result.stderr), (7, "output of input\n", "errors\n"), result)
        call = server.calls[0]
        self.assertEqual((call.method, call.more, call.uid, call.received), ("Run", True, host.USER.uid, (b"\0", 3)))
        environment = call.parameters.pop("environment")
        self.assertEqual(sorted(environment), ["A=b c", "ONE=1", "TERM=dumb"])
        self.assertEqual(call.parameters, {
            "user": "stranger", "group": "others", "command": ["make", "a b"], "directory": "/", "timeLimit": 90})

    def test_refusals(self):
        rows = ((refusing("NotPermitted", why="no pair of [Run] allows it"), 1, "no pair of [Run] allows it"),
                (lambda call: None, 125, "exeuntd has closed the connection"),
                (running(lambda call: call.refuse("Failed", why="no means")), 125, "no means"),
                (running(), 125, "exeuntd has closed the connection"))
        for behave, code, said in rows:
            with self.subTest(said), StandIn(behave):
                result = self.ask("run", "--user", "stranger", "--", "true", identity=host.USER)
                self.assertEqual((result.code, result.stderr.splitlines()[-1]), (code, f"exeunt: {said}"), result)
        self.assertEqual(self.refusal(125, "run", "--user", "stranger", "--", "true", identity=host.USER), (
            "exeunt: run as another user or group: that takes root, or exeuntd, which is not running (connect "
            "/run/exeunt/io.exeunt: no such file or directory [ENOENT])\n"))

    def test_options_that_take_root(self):
        for words in (("--ladder", "KILL"), ("--before", "/bin/true"), ("--pass-fd", "0"), ("--login",), ("--json",), ("--umask", "0")):
            with self.subTest(words):
                said = self.refusal(2, "run", "--user", "stranger", *words, "--", "true", identity=host.USER)
                self.assertIn(f"{words[0]} with --user takes root", said)

    def test_requests_end_the_session(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            with self.subTest(number), StandIn(running(waits_for_hang_up)) as server:
                caller = self.started()
                caller.signal(number)
                result = caller.finish()
                self.assertEqual((result.code, result.stderr), (128 + number, "errors\n"), result)
            self.assertEqual(server.calls[0].hung_up, b"")

    def test_what_is_ignored_ends_nothing(self):
        heard, say = os.pipe()

        def behave(call):
            os.read(heard, 1)
            call.reply(exitCode=4)
        with StandIn(running(behave)):
            caller = self.started(prepare=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
            caller.signal(signal.SIGHUP)
            os.write(say, b".")
            self.assertEqual(caller.finish().code, 4)
        os.close(heard)
        os.close(say)

    def started(self, **how):
        """One whose payload has written something."""
        place = self.place(host.USER)
        os.mkfifo(place.path("out"))
        os.chmod(place.path("out"), 0o666)
        out = os.open(place.path("out"), os.O_RDWR)
        self.addCleanup(os.close, out)
        caller = self.start_program(place, host.EXEUNT, "run", "--user", "stranger", "--", "true", stdout=out, **how)
        self.read_fifo(caller, place.path("out"))
        return caller
