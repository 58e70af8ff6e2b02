# SPDX-License-Identifier: Apache-2.0
"""pam_exeunt.so with no daemon, or one that behaves badly: the log-in goes on, and what was missed is noted."""

import contextlib
import os
import socket

from harness import host
from harness.pam import ERROR, NOTICE, PENDING, WARNING, PamCase
from harness.varlink import (DIRECTORY, PATH, Server, answering, endless, hanging_up, hanging_up_unasked, in_pieces, saying, silent,
                             trickling)

UNDERSTOOD = "the answer of exeuntd cannot be understood"
REFUSED = "connect to /run/exeunt/io.exeunt: connection refused [ECONNREFUSED]"


def only_opening(behave):
    """Closings are answered as they should be."""
    return lambda connection, call: (behave if call.method.endswith(".Open") else answering())(connection, call)


def no_such_session(connection, call):
    connection.sendall(b'{"error":"io.exeunt.Sessions.NoSuchSession","parameters":{"session":"x"}}\0')


class Away(PamCase):
    """Nobody there, or nobody who could be believed."""

    def assert_goes_on(self, trouble, **wanted):
        """An opening that leaves a note and one line, and no more than that: the session."""
        result = self.drive("open", **wanted)
        self.assertLess(result["steps"][0]["seconds"], 1.5)
        session = self.assert_noted(result)
        self.assertEqual(self.lines(), [(WARNING, f"{trouble}; session {session} is noted in {PENDING}")])
        os.unlink(f"{PENDING}/{session}")
        return session

    def test_no_directory(self):
        for umask in (0, 0o022, 0o077, 0o777):
            with self.subTest(umask):
                self.assert_goes_on("connect to /run/exeunt/io.exeunt: no such file or directory [ENOENT]", umask=umask)
                os.rmdir(PENDING)
                os.rmdir(DIRECTORY)

    def test_nobody_listens(self):
        Server(answering()).close()
        self.assert_goes_on(REFUSED)
        os.unlink(PATH)
        with open(PATH, "w", encoding="ascii"):
            pass
        self.assert_goes_on(REFUSED)

    def test_who_listens_is_not_root(self):
        with Server(answering(), owner=host.STRANGER.uid) as server:
            self.assert_goes_on("who listens on /run/exeunt/io.exeunt is not root")
            self.assertEqual(server.calls, [], "the stranger was told something")

    def test_a_queue_that_is_full(self):
        os.makedirs(DIRECTORY, mode=0o755)
        with contextlib.ExitStack() as stack:
            listener = stack.enter_context(socket.socket(socket.AF_UNIX))
            listener.bind(PATH)
            listener.listen(0)
            stack.enter_context(socket.socket(socket.AF_UNIX)).connect(PATH)
            self.assert_goes_on("connect to /run/exeunt/io.exeunt: connection timed out [ETIMEDOUT]")
            self.assert_goes_on("connect to /run/exeunt/io.exeunt: connection timed out [ETIMEDOUT]", alarms=0.002)

    def test_no_answer(self):
        for behave in (silent, trickling):
            with self.subTest(behave.__name__), Server(behave):
                self.assert_goes_on("wait for exeuntd: connection timed out [ETIMEDOUT]")
                self.assert_goes_on("wait for exeuntd: connection timed out [ETIMEDOUT]", alarms=0.002)

    def test_wrong_answers(self):
        with Server(endless):
            self.assert_goes_on("the answer of exeuntd is too long")
        with Server(hanging_up):
            self.assert_goes_on("exeuntd has closed the connection without an answer")
        with Server(saying(b'{"parameters":{"session":"0123456789ab","nested":false}}')):
            self.assert_goes_on("exeuntd has closed the connection without an answer")

    def test_hanging_up_at_once(self):
        # Whether the call could still be sent is a matter of luck; SIGPIPE would have ended the application.
        self.log.follow()
        with Server(hanging_up_unasked):
            result = self.drive("open", rounds=50)
        self.assertEqual(len(self.pending()), 50)
        self.assertIn(result["steps"][0]["variable"], self.pending())

    def test_a_log_that_nobody_reads(self):
        with self.assertRaises(BlockingIOError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as filling:
            filling.setblocking(False)
            while True:
                filling.sendto(b"full", "/dev/log")
        result = self.drive()
        self.assertLess(sum(step["seconds"] for step in result["steps"]), 1)
        self.configure(*["wrong"] * 5)
        self.assertLess(self.drive("open")["steps"][0]["seconds"], 1.5)

    def test_errors(self):
        for name, trouble in (("Busy", "Busy"), ("Failed", "Failed"), ("NotPermitted", "NotPermitted"), ("TimedOut", "TimedOut"),
                              ("Else", None), ("", None)):
            said = f"exeuntd has answered {trouble}" if trouble else "exeuntd has answered with an error"
            for text in ('{"error":"io.exeunt.Sessions.%s","parameters":{"why":"%%n"}}', '{"parameters":{},"error":"io.exeunt.Sessions.%s"}'):
                with self.subTest(text % name), Server(saying((text % name).encode() + b"\0")):
                    self.assert_goes_on(said)
        with Server(saying(b'{"error":"org.varlink.service.MethodNotFound"}\0')):
            self.assert_goes_on("exeuntd has answered with an error")
        with Server(no_such_session):
            self.assert_goes_on(UNDERSTOOD)

    def test_garbage(self):
        right = '"session":"0123456789ab","nested":false'
        for text in (
                "", " ", "{}", "[]", "null", "x", "{", "}", '"', '{"', '{"a', '{"a":', '{"a":1', '{"a":1,', '{"a":1,}', "{,}", '{"a" 1}',
                '{"parameters":{}}', '{"parameters":[]}', '{"parameters":null}', '{"parameters":1}',
                '{"parameters":{"session":"0123456789ab"}}', '{"parameters":{"nested":false}}', "{%s}" % right,
                '{"parameters":{"session":"../../../../x","nested":false}}', '{"parameters":{"session":"0123456789a","nested":false}}',
                '{"parameters":{"session":"0123456789abc","nested":false}}', '{"parameters":{"session":123456789012,"nested":false}}',
                '{"parameters":{"session":"0123456789ab","nested":"false"}}', '{"parameters":{"session":"0123456789ab","nested":fals}}',
                '{"parameters":{"session":"0123456789ab","nested":null}}', '{"parameters":{"session":"\\u00301234567","nested":false}}',
                '{"parameters":{%s}}}' % right, '{"parameters":{%s}} x' % right, '{"parameters":{%s}' % right, '{"parameters":{%s},}' % right,
                '{"a":"\\', '{"a":"\\"', '{"a":"\n","parameters":{%s}}' % right, "[" * 8000, '{"a":' * 1500, '{"a":%s' % ("[" * 40),
                '{"a":%s%s,"parameters":{%s}}' % ("[" * 40, "]" * 40, right), '{"error":1,"parameters":{%s}}' % right,
                '{"parameters":{%s,"x":}}' % right, '{"parameters":{%s,"x":tru}}' % right, "\x7fELF", "\xff\xfe"):
            with self.subTest(text[:60]), Server(saying(text.encode("latin-1") + b"\0")):
                self.assert_goes_on(UNDERSTOOD)


class Closing(PamCase):
    """What is left where nobody has heard of the closing."""

    def assert_closed(self, result, pending):
        self.assertEqual(result["steps"][1]["code"], 0)
        self.assertEqual(self.pending(), pending)

    def test_neither_was_heard(self):
        session = self.drive()["steps"][0]["variable"]
        self.assertEqual(self.pending(), [])
        self.assertEqual([text.partition("; ")[2] for _, text in self.lines(WARNING)],
                         [f"session {session} is noted in {PENDING}", f"nobody has been told of session {session}"])

    def test_only_the_opening_was_heard(self):
        for behave in (silent, hanging_up, saying(b"{}\0"), saying(b'{"error":"io.exeunt.Sessions.Busy"}\0')):
            def closing(connection, call, behave=behave):
                (answering() if call.method.endswith(".Open") else behave)(connection, call)

            with Server(closing):
                result = self.drive()
            session = result["steps"][0]["variable"]
            self.assert_closed(result, [f"{session}.closed"])
            self.assertLess(result["steps"][1]["seconds"], 1.5)
            line, = self.lines()
            self.assertTrue(line[0] == WARNING and line[1].endswith(f"{PENDING} says that it was closed: session {session}"), line)
            os.unlink(f"{PENDING}/{session}.closed")

    def test_the_answer_to_the_opening_was_late(self):
        with Server(only_opening(silent)) as server:
            result = self.drive()
        self.assert_closed(result, [])
        self.assertEqual(server.calls[1].parameters, {"session": server.calls[0].parameters["session"]})

    def test_a_session_that_was_ended_meanwhile(self):
        with Server(lambda connection, call: (answering() if call.method.endswith(".Open") else no_such_session)(connection, call)):
            self.assert_closed(self.drive(), [])
        self.assertEqual(self.lines(ERROR, WARNING, NOTICE), [])

    def test_nothing_is_known(self):
        self.pamtester("close_session")
        self.assertEqual(self.pending(), [])
        self.assertEqual([text.partition("; ")[2] for _, text in self.lines(WARNING)], ["the session ends when its leader exits"])


class Places(PamCase):
    """A directory of notes that others have had a hand in, and an application at its limits."""

    def assert_not_noted(self, trouble, **wanted):
        """Both go on, each with a line, and nothing was written."""
        before = tree("/run/exeunt"), tree("/run/elsewhere")
        result = self.drive(**wanted)
        self.assertEqual((tree("/run/exeunt"), tree("/run/elsewhere")), before)
        session = result["steps"][0]["variable"]
        opening, closing = self.lines()
        self.assertEqual(opening[0], WARNING)
        self.assertTrue(opening[1].endswith(f"; session {session} is not tracked, since it cannot be noted: {trouble}"), opening)
        self.assertEqual(closing[0], WARNING)

    def test_links(self):
        os.mkdir("/run/elsewhere", mode=0o755)
        os.mkdir(DIRECTORY, mode=0o755)
        os.symlink("/run/elsewhere", PENDING)
        self.assert_not_noted("open /run/exeunt/pending: not a directory [ENOTDIR]")
        os.unlink(PENDING)
        os.rmdir(DIRECTORY)
        os.symlink("/run/elsewhere", DIRECTORY)
        try:
            self.assert_not_noted("open /run/exeunt/pending: not a directory [ENOTDIR]")
        finally:
            os.unlink(DIRECTORY)
            os.rmdir("/run/elsewhere")

    def test_others_could_write(self):
        for directory in (DIRECTORY, PENDING):
            for owner, mode in ((0, 0o720), (0, 0o702), (0, 0o1777), (host.STRANGER.uid, 0o700)):
                with self.subTest((directory, owner, oct(mode))):
                    os.makedirs(PENDING, exist_ok=True)
                    for path, right in ((DIRECTORY, 0o755), (PENDING, 0o700)):
                        os.chown(path, 0, 0)
                        os.chmod(path, right)
                    os.chown(directory, owner, -1)
                    os.chmod(directory, mode)
                    self.assert_not_noted("others than root could write to /run/exeunt/pending")

    def test_no_directory_but_a_file(self):
        os.makedirs(DIRECTORY)
        with open(PENDING, "w", encoding="ascii"):
            pass
        self.assert_not_noted("open /run/exeunt/pending: not a directory [ENOTDIR]")

    def test_limits_of_the_application(self):
        # One round first: the log of libc wants its descriptor, too.
        self.assert_limited("write the note: file too large [EFBIG]", file_size=100)
        self.assert_limited("open /run/exeunt/pending: too many open files [EMFILE]", spare=2)

    def assert_limited(self, trouble, **limit):
        result = self.drive("open", warm=1, **limit)
        warm, limited = self.lines()
        self.assertIn(f"is noted in {PENDING}", warm[1])
        self.assertTrue(limited[1].endswith(trouble), limited)
        self.assertNotIn(result["steps"][0]["variable"], self.pending())
        self.assertEqual(len(self.pending()), 1, "no draft may be left")
        for name in self.pending():
            os.unlink(f"{PENDING}/{name}")

    def test_nothing_piles_up_in_the_application(self):
        self.log.follow()
        right = [answering(), answering(nested=True), in_pieces]
        for behave in (*right, hanging_up, saying(b"{}\0"), endless, None):
            with self.subTest(str(behave)), Server(behave) if behave else contextlib.nullcontext():
                if behave is None:
                    os.unlink(PATH)
                result = self.drive(warm=20, rounds=300)
                self.assertEqual(result["before"]["descriptors"], result["after"]["descriptors"])
                # The smallest piece that malloc gives has 32 bytes; the interpreter around the module keeps some thousands.
                self.assertLess(result["grown"], 300 * 32, "memory is lost in every round")
                if behave in right:
                    self.assertEqual(self.log.foreign, [])


def tree(path):
    """All that lies below, with sizes and times of change."""
    found = [os.path.join(directory, name) for directory, names, files in os.walk(path) for name in names + files]
    return sorted((name, os.lstat(name).st_size, os.lstat(name).st_ctime_ns) for name in found)
