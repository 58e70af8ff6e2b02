# SPDX-License-Identifier: Apache-2.0
"""`exeunt list`, `show`, `end`, `leases`, `release`, `check --session`: what they ask, and what they make of the answer."""

import json

from harness import host
from harness.commands import CommandCase, StandIn, answering, member, process, record, refusing, session
from harness.terminal import Terminal

HOSTILE = "x\\x0a7k2m  root \\x1b[2J"


class SessionCommands(CommandCase):
    """With a stand-in for exeuntd."""

    def test_list(self):
        sessions = [session(), session("0123456789ab", user="root", owner=0, service="login", tty=None, remoteHost=None,
                                       display=":0", type="x11", state="ending", reason="closed"),
                    session("ba9876543210", tty=":1", display=":1", state="kept", keptUntil="2026-02-01T08:30:00.000Z")]
        with StandIn(answering(list={"sessions": sessions})) as server:
            self.assertEqual(self.answer("list"), [
                "ID            USER  CLASS  TYPE  SERVICE  TTY/DISPLAY  FROM       SINCE             STATE",
                "7k2mzq9x4c1d  user  user   tty   sshd     pts/3        192.0.2.7  2026-01-31 12:00  active",
                "0123456789ab  root  user   x11   login    :0           -          2026-01-31 12:00  ending: closed",
                "ba9876543210  user  user   tty   sshd     :1           192.0.2.7  2026-01-31 12:00  kept until 2026-02-01 08:30"])
            self.assertEqual(self.answer("list", "--quiet"), ["7k2mzq9x4c1d", "0123456789ab", "ba9876543210"])
            document = json.loads("\n".join(self.answer("list", "--json", identity=host.USER)))
            self.assertIn("2026-01-31 13:00", self.answer("list", environment={"TZ": "Europe/Berlin"})[1])
        self.assertEqual(document["version"], 1)
        self.assertEqual([one["id"] for one in document["sessions"]], [one["id"] for one in sessions])
        self.assertEqual({call.uid for call in server.calls}, {0, host.USER.uid})

    def test_names_forge_no_line(self):
        with StandIn(answering(list={"sessions": [session(user=HOSTILE, remoteHost="a\nb\x1b[2J")]})):
            lines = self.answer("list")
        self.assertEqual(len(lines), 2, lines)
        self.assertIn(HOSTILE, lines[1])
        self.assertIn("a\\x0ab\\x1b[2J", lines[1])

    def test_a_terminal_has_colours_for_the_state_alone(self):
        rows = (({}, "\x1b[32mactive\x1b[0m"), ({"NO_COLOR": "1"}, "active"), ({"TERM": "dumb"}, "active"))
        with StandIn(answering(list={"sessions": [session()]})):
            for environment, state in rows:
                with self.subTest(environment):
                    shown = self.at_terminal("list", environment=environment)
                    self.assertEqual(shown.splitlines()[1].rsplit("  ", 1)[1], state)
                    self.assertEqual(shown.count("\x1b"), state.count("\x1b"))

    def at_terminal(self, *words, environment=None):
        terminal = Terminal()
        self.addCleanup(terminal.close)
        running = self.start_program(self.place(), host.EXEUNT, *words, stdout=terminal.slave, stderr=terminal.slave,
                                     environment={"TZ": "UTC", **(environment or {})})
        terminal.give_away()
        shown = terminal.rest()
        self.assertEqual(running.wait(), 0, shown)
        return shown

    def test_nothing_is_said_of_none_but_at_a_terminal(self):
        with StandIn(answering(list={"sessions": []}, leases={"leases": []})):
            for words, said in ((("list",), "exeunt: no sessions"), (("leases",), "exeunt: no leases")):
                self.assertEqual(self.answer(*words), [])
                self.assertEqual(self.at_terminal(*words).strip(), said)

    def test_show(self):
        members = [member(900, 812, "vim", uid=0, rule="staff"), member(812, 1, "sshd", uid=0), member(905, 900),
                   member(950, 1, "odd", executable=None, name="x\\x0ay", action="keep", rule="staff", uid=None)]
        reply = {"session": session(remoteUser="joe"), "members": members, "action": "end", "why": "KillUserProcesses=yes"}
        with StandIn(answering(show=reply)) as server:
            lines = self.answer("show", "7k2mzq9x4c1d")
            document = json.loads("\n".join(self.answer("show", "--json", "7k2mzq9x4c1d")))
        self.assertEqual(server.calls[0].parameters, {"session": "7k2mzq9x4c1d"})
        facts = dict(line.split("  ", 1) for line in lines[:lines.index("")])
        facts = {key: value.strip() for key, value in facts.items()}
        self.assertEqual(facts["user"], f"user ({host.USER.uid})")
        self.assertEqual(facts["from"], "joe at 192.0.2.7")
        self.assertEqual(facts["since"], "2026-01-31 12:00, 2h 5min ago")
        self.assertEqual(facts["left-overs"], "are ended (KillUserProcesses=yes)")
        self.assertEqual(lines[lines.index("") + 1:], [
            "PID  USER  EVIDENCE    CPU  MEMORY       AGE  ACTION  RULE   PROGRAM",
            "812  root  cgroup    0.25s    4.0M  5min 12s  end     -      /usr/bin/sshd",
            "900  root  cgroup    0.25s    4.0M  5min 12s  end     staff    /usr/bin/vim",
            "905  user  cgroup    0.25s    4.0M  5min 12s  end     -          /usr/bin/sleep",
            "950  -     cgroup    0.25s    4.0M  5min 12s  keep    staff  [x\\x0ay]"])
        self.assertEqual([one["pid"] for one in document["members"]], [900, 812, 905, 950])
        self.assertEqual((document["action"], document["why"]), ("end", "KillUserProcesses=yes"))

    def test_check_says_what_the_end_would_do(self):
        members = [member(900, 812, action="report", rule="try"), member(905, 900, action="keep", rule="staff-tmux"), member(910, 1)]
        reply = {"session": session(), "members": members, "action": "end", "why": "KillUserProcesses=yes"}
        with StandIn(answering(show=reply)) as server:
            self.assertEqual(self.answer("check", "--session", "7k2mzq9x4c1d"), [
                "session 7k2mzq9x4c1d of user: left-overs are ended (KillUserProcesses=yes)",
                "ACTION  RULE        PID  USER  PROGRAM",
                "report  try         900  user  /usr/bin/sleep",
                "keep    staff-tmux  905  user  /usr/bin/sleep",
                "end     -           910  user  /usr/bin/sleep",
                "1 would be ended, 1 kept, 1 reported"])
            self.assertEqual(json.loads(self.answer("check", "--json", "--session", "7k2mzq9x4c1d")[0])["why"], "KillUserProcesses=yes")
            self.assertIn("exclude each other", self.refusal(2, "check", "--session", "7k2mzq9x4c1d", "/bin/true"))
        self.assertEqual({call.method for call in server.calls}, {"Show"})

    def test_leases_and_release(self):
        lease = {"id": "7k2mzq9x4c1d", "owner": host.USER.uid, "user": "user", "session": "0123456789ab", "pid": 900,
                 "command": "/usr/bin/tmux new", "reason": "a\\x0along run", "granted": "2026-01-31T12:00:00.000Z",
                 "expires": "2026-01-31T20:00:00.000Z"}
        with StandIn(answering(leases={"leases": [lease]}, release=lambda call: {"lease": call.parameters["lease"]})) as server:
            self.assertEqual(self.answer("leases"), [
                "ID            USER  SESSION       PID  GRANTED           EXPIRES           REASON         COMMAND",
                "7k2mzq9x4c1d  user  0123456789ab  900  2026-01-31 12:00  2026-01-31 20:00  a\\x0along run  /usr/bin/tmux new"])
            self.assertEqual(json.loads(self.answer("leases", "--json")[0])["leases"], [lease])
            self.assertEqual(self.answer("release", "7k2mzq9x4c1d", "0123456789ab", "--force"), [])
        self.assertEqual([call.parameters for call in server.calls if call.method == "Release"], [
            {"lease": "7k2mzq9x4c1d", "force": True}, {"lease": "0123456789ab", "force": True}])
        with StandIn(refusing("NoSuchLease", lease="7k2mzq9x4c1d")):
            self.assertEqual(self.refusal(1, "release", "7k2mzq9x4c1d"),
                             "exeunt: there is no lease 7k2mzq9x4c1d; 'exeunt leases' shows those that you may see\n")

    def test_ids_are_completed(self):
        script = self.ask("--generate-completion-script", "bash").stdout
        self.assertIn("---completion", script)
        with StandIn(answering(list={"sessions": [session(), session("0123456789ab")]}, leases={"leases": []})):
            for option, words in (("positional@0", ("show", "")), ("positional@0", ("end", "")), ("--session", ("check", "--session", ""))):
                self.assertEqual(self.complete(option, *words), ["7k2mzq9x4c1d", "0123456789ab"])
        self.assertEqual(self.complete("positional@0", "release", ""), [""])

    def complete(self, option, *words):
        """What a shell asks for, by the script above."""
        return self.answer("---completion", words[0], "--", option, str(len(words)), "0", "exeunt", *words,
                           environment={"SAP_SHELL": "bash"})

    def test_what_goes_wrong_with_the_daemon(self):
        away = "exeunt: exeuntd is not running (connect /run/exeunt/io.exeunt: no such file or directory [ENOENT])"
        for words in (("list",), ("show", "x"), ("end", "x"), ("leases",), ("release", "x"), ("check", "--session", "x")):
            self.assertEqual(self.refusal(125, *words), f"{away}; it has to be started, see exeuntd(8)\n")
        rows = ((lambda call: None, 125, "exeuntd has closed the connection"),
                (lambda call: call.connection.sendall(b"rubbish\0"), 125, "cannot read the answer to io.exeunt.Sessions.Show"),
                (refusing("NotPermitted", why="that is\nroot's"), 1, "that is\\x0aroot's"),
                (refusing("NoSuchSession", session="x"), 1, "there is no session x; 'exeunt list' shows those that you may see"),
                (refusing("Failed", why="no means"), 125, "no means"),
                (refusing("Unheard"), 125, "exeuntd answers io.exeunt.Sessions.Unheard"))
        for behave, code, said in rows:
            with self.subTest(said), StandIn(behave):
                self.assertEqual(self.refusal(code, "show", "x"), f"exeunt: {said}\n")

    def test_bad_command_lines(self):
        rows = (("list", "--json", "--quiet"), ("show",), ("end",), ("release",), ("history", "--limit", "0"), ("keep",),
                ("history", "--since", "tomorrow"), ("report", "--since", "2026-02-30"), ("keep", "--for", "0s", "--", "true"),
                ("keep", "--for", "soon", "--", "true"), ("keep", "--unknown", "--", "true"), ("list", "x"))
        for words in rows:
            with self.subTest(words):
                self.assertIn(f"'exeunt help {words[0]}' shows the options", self.refusal(2, *words))


class EndCommand(CommandCase):
    """`exeunt end`, with a stand-in for exeuntd."""

    def test_it_asks_and_goes(self):
        with StandIn(answering(end={})) as server:
            self.assertEqual(self.answer("end", "7k2mzq9x4c1d"), [])
            self.assertEqual(self.answer("end", "--force", "0123456789ab", "7k2mzq9x4c1d"), [])
        self.assertEqual(server.calls[0].parameters, {"session": "7k2mzq9x4c1d"})
        self.assertEqual(sorted(call.parameters["session"] for call in server.calls[1:]), ["0123456789ab", "7k2mzq9x4c1d"])
        self.assertTrue(all(call.parameters["force"] for call in server.calls[1:]))

    def test_it_tells_what_was_left(self):
        processes = [process(812, "exited", "/usr/sbin/sshd", seconds=0.1), process(900, "killed", step="KILL", seconds=10.2),
                     process(901, "ended", "/usr/bin/vim", step="HUP", seconds=0.004)]
        text = record(processes=processes, verdict="killed", times={
            "opened": "2026-01-31T12:00:00.000Z", "ending": "2026-01-31T14:00:00.000Z", "ended": "2026-01-31T14:00:10.000Z",
            "endingSeconds": 10.25})
        with StandIn(answering(end={"verdict": "killed", "record": text})) as server:
            self.assertEqual(self.answer("end", "--wait", "7k2mzq9x4c1d"), [
                "session 7k2mzq9x4c1d: 2 left; KILL was needed, all gone in 10.250 s",
                "  900 /usr/bin/sleep [cgroup] killed after 10.200 s",
                "  901 /usr/bin/vim [cgroup] ended by HUP after 0.004 s"])
            document = json.loads(self.answer("end", "--wait", "--json", "7k2mzq9x4c1d")[0])
        self.assertEqual(server.calls[0].parameters, {"session": "7k2mzq9x4c1d", "wait": True})
        self.assertEqual(document, {"version": 1, "sessions": [{"session": "7k2mzq9x4c1d", "verdict": "killed", "record": text}]})

    def test_survivors_and_refusals(self):
        def behave(call):
            if call.parameters["session"] == "0123456789ab":
                return call.refuse("NotPermitted", why="the session is root's")
            stuck = process(900, "survived", why="it is in uninterruptible sleep")
            return call.reply(verdict="survivors", record=record(processes=[stuck], verdict="survivors"))
        with StandIn(behave):
            result = self.ask("end", "--wait", "0123456789ab", "7k2mzq9x4c1d")
            self.assertEqual(result.code, 1, result)
            self.assertEqual(result.stderr, "exeunt: the session is root's\n")
            self.assertEqual(result.stdout.splitlines(), [
                "session 7k2mzq9x4c1d: 1 left; some could not be ended in 1.500 s",
                "  900 /usr/bin/sleep [cgroup] SURVIVED: it is in uninterruptible sleep"])
            entries = json.loads(self.answer("end", "--wait", "--json", "0123456789ab", code=1)[0])["sessions"]
        self.assertEqual(entries, [{"session": "0123456789ab", "error": "io.exeunt.Sessions.NotPermitted", "why": "the session is root's"}])

    def test_all_of_them_end_at_once(self):
        asked = []

        def behave(call):
            asked.append(call.parameters["session"])
            while len(asked) < 3:
                # The others are asked for before the first one is answered.
                pass
            call.reply(verdict="clean", record=record(call.parameters["session"], verdict="clean"))
        with StandIn(behave):
            self.assertEqual(self.answer("end", "--wait", "a", "b", "c"), [f"session {one}: nothing was left" for one in "abc"])
