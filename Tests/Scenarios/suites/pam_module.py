# SPDX-License-Identifier: Apache-2.0
"""pam_exeunt.so with a daemon that answers: what it is asked, and what the session gets."""

import re

from harness import host
from harness.pam import DEBUG, ERROR, ID, NOTICE, SERVICE, WARNING, PamCase
from harness.varlink import Server, answering, in_pieces, silent

OPEN, CLOSE = "io.exeunt.Sessions.Open", "io.exeunt.Sessions.Close"
SESSION = "0123456789ab"


class Sessions(PamCase):
    """Openings and closings."""

    def asked(self, server, *methods):
        """The parameters of the calls, which were these, all by one process."""
        self.assertEqual([call.method for call in server.calls], list(methods))
        self.assertLessEqual(len({call.pid for call in server.calls}), 1)
        return [call.parameters for call in server.calls]

    def opened(self, behave=answering(), **wanted):
        """The parameters of Open, as an application has them sent that opens and closes; the session apart."""
        with Server(behave) as server:
            result = self.drive(**wanted)
        opening, closing = self.asked(server, OPEN, CLOSE)
        self.assertRegex(opening["session"], ID)
        self.assertEqual(result["steps"][0]["variable"], opening["session"])
        self.assertEqual(closing, {"session": opening.pop("session")})
        self.assertEqual(self.lines(ERROR, WARNING, NOTICE), [])
        self.assertEqual(self.pending(), [])
        return opening

    def test_pamtester(self):
        with Server(answering()) as server:
            self.pamtester("open_session", "close_session", items=("tty=pts/7", "rhost=client.example", "ruser=anna"))
        opening, closing = self.asked(server, OPEN, CLOSE)
        self.assertEqual(closing, {"session": opening.pop("session")})
        self.assertEqual(opening, {"user": "user", "uid": host.USER.uid, "service": SERVICE, "tty": "pts/7", "remoteHost": "client.example",
                                   "remoteUser": "anna"})

    def test_what_is_not_known_is_left_out(self):
        self.assertEqual(self.opened(), {"user": "user", "uid": host.USER.uid, "service": SERVICE})
        self.assertEqual(self.opened(items={"tty": "", "rhost": ""}), {"user": "user", "uid": host.USER.uid, "service": SERVICE})

    def test_class_and_type(self):
        items = {"tty": ":0", "xdisplay": ":0"}
        variables = ["XDG_SESSION_CLASS=greeter", "XDG_SESSION_TYPE=wayland"]
        expected = {"user": "user", "uid": host.USER.uid, "service": SERVICE, "tty": ":0", "display": ":0"}
        self.assertEqual(self.opened(items=items, variables=variables), {**expected, "class": "greeter", "type": "wayland"})
        self.configure("class=background", "type=x11")
        self.assertEqual(self.opened(items=items, variables=variables), {**expected, "class": "background", "type": "x11"})

    def test_answers_in_any_form(self):
        self.opened(in_pieces)
        for answer in ('{"parameters" : {"more":[1,{"a":[]},-2e3,null,"\\"}"],"nested":\n false,"session": "%s" } , "x":{}}',
                       '\t{"continues":false,"parameters":{"session":"%s","nested":false,"session2":"\\\\"}}'):
            def behave(connection, call, answer=answer):
                text = answer.replace("nested", "nested" if call.method == OPEN else "empty") % call.parameters["session"]
                connection.sendall(text.encode() + b"\0{}\0")
            with self.subTest(answer):
                self.opened(behave)

    def test_the_servers_id_holds(self):
        with Server(answering(session=SESSION)) as server:
            result = self.drive()
        self.assertEqual(result["steps"][0]["variable"], SESSION)
        self.assertEqual(self.asked(server, OPEN, CLOSE)[1], {"session": SESSION})

    def test_ids_are_new(self):
        with Server(answering()) as server:
            self.drive("open", rounds=200)
        self.assertEqual(len({call.parameters["session"] for call in server.calls}), 200)

    def test_nested_sessions_are_somebody_elses_to_close(self):
        with Server(answering(nested=True, session=SESSION)) as server:
            result = self.drive()
        self.asked(server, OPEN)
        self.assertEqual([step["variable"] for step in result["steps"]], [SESSION, SESSION])

    def test_twice_in_a_stack(self):
        opened = []

        def behave(connection, call):
            if call.method == OPEN:
                opened.append(call.parameters["session"])
            answering(session=opened[0], nested=len(opened) > 1)(connection, call)

        self.configure(lines=2)
        with Server(behave) as server:
            self.drive()
        self.assertEqual(self.asked(server, OPEN, OPEN, CLOSE)[2], {"session": opened[0]})

    def test_one_handle_after_the_other_session(self):
        with Server(answering()) as server:
            self.drive("open", "close", "open", "close", "close")
        first, first_end, second, second_end = self.asked(server, OPEN, CLOSE, OPEN, CLOSE)
        self.assertEqual([first["session"], second["session"]], [first_end["session"], second_end["session"]])
        self.assertNotEqual(first["session"], second["session"])

    def test_closed_by_another_process(self):
        for variables, expected in (((), {}), ((f"EXEUNT_SESSION={SESSION}",), {"session": SESSION}),
                                    *(((f"EXEUNT_SESSION={text}",), {}) for text in (
                                        "", "../../../etc", "0123456789a", "0123456789abc", "0123456789aB", "0123456789ai"))):
            with self.subTest(variables), Server(answering()) as server:
                self.pamtester("close_session", variables=variables)
                self.assertEqual(self.asked(server, CLOSE), [expected])

    def test_silent_is_no_difference(self):
        self.opened(flags=0x8000)


class Waiting(PamCase):
    """The option wait=, and the time without it."""

    def closing_seconds(self, behave):
        def only_closing(connection, call):
            (behave if call.method == CLOSE else answering())(connection, call)

        with Server(only_closing) as server:
            result = self.drive()
        self.assertEqual(len(server.calls), 2)
        return server.calls[1].parameters, result["steps"][1]["seconds"]

    def test_waiting(self):
        self.configure("wait=600")
        parameters, seconds = self.closing_seconds(answering())
        self.assertEqual(parameters["wait"], 600)
        self.assertLess(seconds, 5)
        self.assertEqual(self.lines(), [])
        parameters, _ = self.closing_seconds(answering(empty=False))
        self.assertEqual(self.lines(), [(NOTICE, f"session {parameters['session']} is not empty after 600 s")])

    def test_no_answer(self):
        for option, least in (("", 1), ("wait=1", 2)):
            self.configure(option)
            _, seconds = self.closing_seconds(silent)
            self.assertGreater(seconds, least - 0.1)
            self.assertLess(seconds, least + 0.5)
            self.assertEqual(len(self.lines(WARNING)), 1)


class Words(PamCase):
    """Options that are wrong, values that are hostile, and who is not root."""

    def test_wrong_options(self):
        options = "the options are class=, type=, wait=, debug"
        for word, right in (("class=admin", "class= is one of user, greeter, background"), ("class=", "class= is one of"),
                            ("type=X11", "type= is one of tty, x11, wayland, unspecified"), ("wait=", "wait= is a whole number"),
                            ("wait=5s", "wait= is a whole number of seconds, at most 3600"), ("wait=-1", "wait= is"),
                            ("wait=3601", "wait= is"), ("wait=99999999999999999999", "wait= is"), ("debugs", options),
                            ("Debug", options), ("%n%s", options), ("x" * 600, options)):
            self.configure("class=greeter", word, "type=tty")
            with self.subTest(word), Server(answering()) as server:
                self.drive()
                self.assertEqual(server.calls[0].parameters["class"], "greeter")
                self.assertEqual(server.calls[0].parameters["type"], "tty")
                line, = self.lines()
                self.assertEqual(line[0], ERROR)
                self.assertTrue(line[1].startswith(f"option '{word[:256]}' is ignored: {right}"), line)

    def test_right_options(self):
        self.configure("type=unspecified", "class=user", "wait=3600", "wait=0")
        with Server(answering()) as server:
            self.drive()
        self.assertNotIn("wait", server.calls[1].parameters)
        self.assertEqual(self.lines(), [])

    def test_debug(self):
        self.configure("debug")
        with Server(answering(session=SESSION)):
            self.drive()
        self.assertEqual(self.lines(), [(DEBUG, f"opened session {SESSION}"), (DEBUG, f"closed session {SESSION}")])

    def test_hostile_values(self):
        # Latin-1 in, as bytes; what a UTF-8 reader sees comes out. U+FFFD for each byte that is none.
        bad = "\ufffd"
        for given, seen in (
                (b'"},"user":"root"', '"},"user":"root"'), (b"\\u0000\\", "\\u0000\\"),
                (bytes(range(1, 32)), bytes(range(1, 32)).decode()), (b"\x7f", "\x7f"),
                ("äöü€🦀\u0800\ud7ff\ue000\U0010ffff".encode(), "äöü€🦀\u0800\ud7ff\ue000\U0010ffff"),
                (b"\xff\xfea\x80", f"{bad}{bad}a{bad}"), (b"\xc0\x80", bad * 2), (b"\xed\xa0\x80", bad * 3),
                (b"\xe0\x80\x80", bad * 3), (b"\xf0\x8f\xbf\xbf", bad * 4), (b"\xf4\x90\x80\x80", bad * 4),
                (b"\xe2\x82", bad * 2), (b"\xf0\x9f\xa6", bad * 3), (b"\xe2\x82a", f"{bad}{bad}a"), (b"\xc3", bad),
                (b"x" * 256, "x" * 256), (b"x" * 257, "x" * 256), (b"x" * 2_000_000, "x" * 256),
                (b"x" * 255 + "€".encode(), "x" * 255), (b"x" * 253 + "€€".encode(), "x" * 253 + "€"),
                (b"x" * 253 + "🦀".encode(), "x" * 253), (b"x" * 252 + "🦀🦀".encode(), "x" * 252 + "🦀"),
                (b"\x80" * 300, None), (b"\x01" * 300, "\x01" * 256)):
            with self.subTest(given[:20]), Server(answering()) as server:
                # libpam itself refuses whom it cannot name in a message of the kernel's audit, whatever the modules say.
                whole = given.decode("latin-1")
                audited = whole[:2000]
                self.drive(user=audited, items={"tty": audited, "rhost": audited, "ruser": whole, "xdisplay": whole})
                for name in ("tty", "remoteHost", "remoteUser", "display", "user"):
                    value = server.calls[0].parameters[name]
                    if seen is None:
                        self.assertRegex(value, re.compile(f"^{bad}{{250,256}}$"))
                    else:
                        self.assertEqual(value, seen)

    def test_what_it_returns(self):
        self.configure(last="")
        with Server(answering()):
            self.drive()
            # PAM_PERM_DENIED: where everybody in a stack says PAM_IGNORE, it permits nothing.
            self.drive(uid=host.USER.uid, code=6)
        self.drive()

    def test_others_than_root(self):
        for options, expected in (("wrong",), []), (("debug",), [(DEBUG, "not root: nothing to do")] * 2):
            self.configure(*options)
            with self.subTest(options), Server(answering()) as server:
                result = self.drive(uid=host.USER.uid)
                self.assertEqual(server.calls, [])
                self.assertEqual([step["variable"] for step in result["steps"]], [None, None])
                self.assertEqual(self.lines(), expected)
