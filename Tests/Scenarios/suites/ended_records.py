# SPDX-License-Identifier: Apache-2.0
"""`exeunt history` and `report`: the records of endings, from their file and from exeuntd."""

import json
import os

from harness import host
from harness.commands import CommandCase, StandIn, process, record

FILE = "/var/log/exeunt/ended.jsonl"
FIRST = record("0123456789ab", "2026-01-30T08:00:00.000Z", [process(812, "ended", "/usr/sbin/sshd", step="HUP")], verdict="clean")
SECOND = record("ba9876543210", "2026-01-31T12:00:00.000Z", [
    process(900, "killed", "/usr/bin/vim", step="KILL"), process(901, "ended", step="TERM"), process(902, "ended", step="TERM"),
    process(903, "exited", "/a/b"), process(904, "exited", executable=None)], verdict="killed", omitted=2)
THIRD = record("7k2mzq9x4c1d", "2026-01-31T14:05:00.000Z", [process(900, "kept")], owner=0, reason="leader-exited", verdict="kept")
HEAD = "ENDED                ID            USER  SERVICE  REASON         VERDICT  LEFT-OVERS"
ROWS = ["2026-01-30 08:00:00  0123456789ab  user  sshd     closed         clean    -",
        "2026-01-31 12:00:00  ba9876543210  user  sshd     closed         killed   7: vim, sleep (2), b, …",
        "2026-01-31 14:05:00  7k2mzq9x4c1d  user  sshd     leader-exited  kept     1: sleep"]


def line(one):
    return json.dumps(one, separators=(",", ":"), sort_keys=True)


class RecordCase(CommandCase):
    """Files of records, such as the daemon writes."""

    def write(self, *records, path=FILE, mode=0o640):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write("".join((one if isinstance(one, str) else line(one)) + "\n" for one in records))
        os.chmod(path, mode)


class History(RecordCase):
    """`exeunt history`"""

    def test_lines_of_the_file(self):
        self.write(FIRST, SECOND, THIRD)
        self.assertEqual(self.answer("history"), [HEAD, *ROWS])
        self.assertEqual(self.answer("history", "--json"), [line(FIRST), line(SECOND), line(THIRD)])
        self.assertEqual(self.answer("history", "--limit", "2")[1:], ROWS[1:])
        self.assertEqual(self.answer("history", "--limit", "7")[1:], ROWS)
        for when in ("2026-01-31", "2026-01-31T12:00", "2026-01-31T12:00:00Z"):
            self.assertEqual(self.answer("history", "--since", when)[1:], ROWS[1:])
        self.assertEqual(self.answer("history", "--json", "--since", "2026-01-31T12:01", "--limit", "5"), [line(THIRD)])
        # By the clock on the wall, which is an hour early there.
        self.assertEqual(self.answer("history", "--json", "--since", "2026-01-31T13:01", environment={"TZ": "Europe/Berlin"}), [line(THIRD)])

    def test_what_was_turned_over_comes_before(self):
        self.write(FIRST, SECOND, path=f"{FILE}.1")
        self.assertEqual(self.answer("history", "--json"), [line(FIRST), line(SECOND)])
        self.write(THIRD)
        self.assertEqual(self.answer("history")[1:], ROWS)

    def test_lines_that_are_no_records_are_said(self):
        self.write(FIRST, line(SECOND)[:300], "", {**THIRD, "version": 2}, THIRD)
        result = self.ask("history", "--json")
        self.assertEqual((result.code, result.stdout.splitlines()), (0, [line(FIRST), line(THIRD)]), result)
        self.assertEqual(result.stderr, f"exeunt: {FILE}:2: no record, and skipped, as are 2 more\n")
        self.write({**THIRD, "version": 2}, FIRST)
        self.assertEqual(self.ask("history").stderr, f"exeunt: {FILE}:1: a record of version 2, which this program does not know, and skipped\n")

    def test_the_last_line_may_be_half_written(self):
        self.write(FIRST)
        with open(FILE, "a", encoding="utf-8") as file:
            file.write(line(SECOND)[:-20])
        self.assertEqual(self.ask("history", "--json").stdout, line(FIRST) + "\n")

    def test_none(self):
        self.assertEqual(self.answer("history"), [])
        self.assertEqual(self.answer("history", "--json"), [])

    def test_another_file(self):
        os.makedirs("/etc/exeunt")
        os.makedirs("/var/log/exeunt")
        with open("/etc/exeunt/exeunt.conf", "w", encoding="ascii") as file:
            file.write("[Daemon]\nRecordFile=/var/log/exeunt/other.jsonl\n")
        self.write(SECOND, path="/var/log/exeunt/other.jsonl")
        self.assertEqual(self.answer("history", "--json"), [line(SECOND)])

    def test_what_cannot_be_read(self):
        os.makedirs(FILE)
        self.assertEqual(self.refusal(125, "history"), f"exeunt: read {FILE}: is a directory [EISDIR]\n")
        os.rmdir(FILE)
        os.mkfifo(FILE)
        self.assertEqual(self.refusal(125, "history"), f"exeunt: read {FILE}: invalid argument [EINVAL]\n")

    def test_others_ask_the_daemon(self):
        self.write(FIRST, SECOND, THIRD, mode=0o644)

        def behave(call):
            call.reply(continues=True, record=FIRST)
            call.reply(record=SECOND)
        with StandIn(behave) as server:
            rows = self.answer("history", "--since", "2026-01-30", "--limit", "5", identity=host.USER)[1:]
            self.assertEqual([row.split() for row in rows], [row.split() for row in ROWS[:2]])
            self.assertEqual(self.answer("history", "--json", identity=host.USER), [line(FIRST), line(SECOND)])
        self.assertTrue(all(call.more for call in server.calls))
        self.assertEqual(server.calls[0].parameters, {"since": "2026-01-30T00:00:00.000Z", "limit": 5})
        with StandIn(lambda call: call.reply()):
            self.assertEqual(self.answer("history", identity=host.USER), [])
        self.assertIn("exeuntd is not running", self.refusal(125, "history", identity=host.USER))

    def test_members_of_the_group_need_no_daemon(self):
        host.append("/etc/group", f"exeunt:x:64210:{host.USER.name}\n")
        self.write(FIRST)
        os.chown(FILE, 0, 64210)
        words = ("setpriv", "--reuid", str(host.USER.uid), "--regid", str(host.USER.uid), "--groups", "64210", host.EXEUNT, "history", "--json")
        result = self.start_program(self.place(), *words).finish()
        self.assertEqual((result.code, result.stdout), (0, line(FIRST) + "\n"), result)


class Report(RecordCase):
    """`exeunt report`"""

    def test_what_report_mode_has_spared(self):
        self.write(
            record("0123456789ab", "2026-01-30T08:00:00.000Z", [process(1, "reported"), process(2, "reported"), process(3, "exited")],
                   mode="report", verdict="reported"),
            record("ba9876543210", "2026-01-31T12:00:00.000Z", [process(1, "reported"), process(2, "reported", "/usr/bin/tmux", rule="try"),
                                                               process(3, "ended", step="TERM")], verdict="reported"),
            record("7k2mzq9x4c1d", "2026-01-31T14:05:00.000Z", [process(1, "reported", "/usr/bin/tmux", uid=0), process(2, "kept")],
                   mode="report", verdict="reported"))
        self.assertEqual(self.answer("report"), [
            "PROCESSES  SESSIONS  LAST              USER  RULE  PROGRAM",
            "        3         2  2026-01-31 12:00  user  -     /usr/bin/sleep",
            "        1         1  2026-01-31 14:05  root  -     /usr/bin/tmux",
            "        1         1  2026-01-31 12:00  user  try   /usr/bin/tmux",
            "", "5 processes of 3 sessions would have been ended; 3 endings looked at"])
        document = json.loads(self.answer("report", "--json", "--since", "2026-01-31T13:00")[0])
        self.assertEqual(document, {"version": 1, "processes": 1, "sessions": 1, "endings": 1, "entries": [
            {"program": "/usr/bin/tmux", "uid": 0, "user": "root", "processes": 1, "sessions": 1, "last": "2026-01-31T14:05:00.000Z"}]})

    def test_nothing(self):
        self.assertEqual(self.answer("report"), ["0 processes of 0 sessions would have been ended; 0 endings looked at"])
