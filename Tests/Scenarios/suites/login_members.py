# SPDX-License-Identifier: Apache-2.0
"""Who belongs to the session of a log-in, and what is known of it while it lasts."""

import json
import os
import signal
import subprocess

from harness import host, logins, varlink_client, walk
from harness.daemon import LEAVES, NOTES, RECORDS
from harness.login_case import LoginCase, configuration, names
from harness.processes import kill
from harness.session import poll_until


class LoginMembers(LoginCase):
    """By its cgroup, and by the audit session, which nobody can leave."""

    def test_moved_out_of_the_cgroup(self):
        # By root, who can: a container's tools do so. The audit session still says whose it is.
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        [pid] = place.written_pids()
        with open(f"{place.cgroup}/cgroup.procs", "w", encoding="ascii") as file:
            file.write(str(pid))
        login.log_out()
        record = self.ended(login.session, reason="closed", verdict="left")
        self.assertEqual([process["evidence"] for process in record["processes"] if process["pid"] == pid], [["audit"]], record)
        self.assert_gone(place)

    def test_moved_into_another_session(self):
        # It belongs where it is: the one session's end is not the other's.
        place, other = self.place(), self.place()
        login, second = self.open(place), self.open(other)
        login.shape(place, "setsid-daemon")
        [pid] = place.written_pids()
        with open(f"{host.CGROUPS}/exeunt/{second.session}/cgroup.procs", "w", encoding="ascii") as file:
            file.write(str(pid))
        login.log_out()
        self.ended(login.session, reason="closed", verdict="clean")
        self.assertTrue(walk.is_alive(pid))
        second.log_out()
        record = self.ended(second.session, reason="closed", verdict="left")
        self.assertEqual([process["evidence"] for process in record["processes"] if process["pid"] == pid], [["cgroup"]], record)
        self.assert_gone(place)

    def test_users_cannot_leave(self):
        place = self.place()
        login = self.open(place)
        script = ("for group in /sys/fs/cgroup /sys/fs/cgroup/exeunt; do echo $$ >$group/cgroup.procs && exit 1; done 2>/dev/null; "
                  "mkdir /sys/fs/cgroup/exeunt/mine 2>/dev/null && exit 2; echo 1 >/proc/self/loginuid && exit 3; exit 0")
        self.assertEqual(login.run(f"({script}) 2>/dev/null"), 0)
        login.log_out()
        self.ended(login.session, reason="closed")

    def test_shown(self):
        # As `exeunt show` has it: the same looks, the same rules, and nothing is done.
        self.reconfigure(configuration("CONT TERM 30s KILL", f"[Rule shapes]\nExe={host.SHAPES}\nAction=keep\n"))
        place = self.place()
        login = self.open(place, tty="pts/5")
        login.shape(place, "setsid-daemon")
        login.start("exec sleep 1000")
        poll_until(lambda: "sleep" in [member["name"] for member in self.members(login)], "the command to be executed")
        found = {member["name"]: (member["action"], member.get("rule")) for member in self.members(login)}
        self.assertEqual((found["shapes"], found["sleep"]), (("keep", "shapes"), ("end", None)), found)
        self.assert_active(login)
        with self.assertRaises(varlink_client.VarlinkError):
            varlink_client.call("Show", host.STRANGER, session=login.session)
        login.log_out()
        record = self.ended(login.session, verdict="kept")
        self.assertEqual([process["name"] for process in record["processes"] if process["outcome"] == "kept"], ["shapes"], record)
        kill(place.written_pids()[0])

    def test_what_others_run(self):
        # Of root's processes in her session she sees what /proc shows: a name, and not the file.
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        process = subprocess.Popen(["sleep", "1000"])
        try:
            with open(f"{LEAVES}/{login.session}/cgroup.procs", "w", encoding="ascii") as file:
                file.write(str(process.pid))
            for identity, shown in ((host.USER, None), (host.ROOT, os.readlink(f"/proc/{process.pid}/exe"))):
                found = {member["name"]: member
                         for member in varlink_client.call("Show", identity, session=login.session)["members"]}
                self.assertEqual(found["sleep"].get("executable"), shown, identity)
                self.assertEqual(found["shapes"]["executable"], host.SHAPES, identity)
        finally:
            process.kill()
            process.wait()
        login.log_out()
        self.ended(login.session)

    def test_a_service_started_from_a_log_in(self):
        # As `sudo service … restart` leaves it: a child of process 1, root's, without a terminal.
        login = self.open(self.place())
        self.assertEqual(self.services(), ("yes", "none is in the session of a log-in"))
        process = subprocess.Popen(["setsid", "sh", "-c", "sleep 1000 >/dev/null & echo $!"], stdout=subprocess.PIPE, text=True,
                                   preexec_fn=lambda: write(f"{LEAVES}/{login.session}/cgroup.procs", "0"))
        pid = int(process.stdout.readline())
        process.communicate()
        poll_until(lambda: walk.stat_fields(pid)[0] == "sleep", "it to be executed")
        self.assertEqual(self.services(), ("partly", f"sleep ({pid}) is in session {login.session}"))
        login.log_out()
        self.ended(login.session)
        self.assertFalse(walk.is_alive(pid))

    @staticmethod
    def services():
        found = subprocess.run([host.EXEUNT, "doctor", "--json"], check=True, stdout=subprocess.PIPE).stdout
        [finding] = [one for one in json.loads(found)["findings"] if one["id"] == "host.session-services"]
        return finding["state"], finding["found"]

    @staticmethod
    def members(login):
        return varlink_client.call("Show", host.USER, session=login.session)["members"]

    def test_history(self):
        login, other = self.open(self.place()), self.open(self.place(), host.STRANGER)
        for session in (login, other):
            session.log_out()
            self.ended(session.session)
        for identity, wanted in ((host.ROOT, {login.session, other.session}), (host.STRANGER, {other.session})):
            with varlink_client.Client(identity) as client:
                seen = {answer["record"]["session"]["id"] for answer in client.call_more("History")}
            self.assertEqual(seen & {login.session, other.session}, wanted)

    def test_records_are_turned_over(self):
        # As logrotate does: whoever writes the next one opens the file anew.
        first = self.open(self.place())
        first.log_out()
        self.ended(first.session)
        os.rename(RECORDS, f"{RECORDS}.1")
        second = self.open(self.place())
        second.log_out()
        self.ended(second.session)
        self.assertEqual([record["session"]["id"] for record in self.daemon.records()], [second.session])
        self.assertEqual(os.stat(RECORDS).st_mode & 0o777, 0o640)


class LoginMembersAndDeath(LoginCase):
    """The same, while the daemon is away."""

    has_neighbour = False

    def test_what_was_kept_goes_meanwhile(self):
        self.reconfigure(configuration("CONT TERM 30s KILL", f"[Rule shapes]\nExe={host.SHAPES}\nAction=keep\n"))
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        login.log_out()
        self.ended(login.session, verdict="kept")
        self.daemon.kill()
        kill(place.written_pids()[0])
        self.daemon.start()
        poll_until(lambda: not self.daemon.sessions(), "the session to be forgotten")
        self.assertEqual(len(self.daemon.records(login.session)), 1)

    def test_kept_is_still_kept(self):
        self.reconfigure(configuration("CONT TERM 30s KILL", f"[Rule shapes]\nExe={host.SHAPES}\nAction=keep\n"))
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        login.log_out()
        self.ended(login.session, verdict="kept")
        self.daemon.restart()
        self.assertEqual(self.daemon.sessions().get(login.session, {}).get("state"), "kept", self.daemon.log[-3000:])
        answer = varlink_client.call("End", session=login.session, force=True, wait=True)
        self.assertIn(answer["verdict"], ("left", "killed"), answer)
        self.assert_gone(place)

    def test_killed_while_it_is_asked_to_close(self):
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        self.daemon.process.send_signal(signal.SIGSTOP)
        login.tell("close")
        self.daemon.kill()
        self.assertEqual(login.answer()[0], "closed")
        self.assertEqual(os.listdir(NOTES), [f"{login.session}.closed"])
        self.daemon.start()
        login.leave()
        self.ended(login.session, verdict="left")
        self.assert_gone(place)

    def test_nested_while_it_was_away(self):
        # A session inside another one, both of which only notes tell of.
        logins.write_service("exeunt-nested", loginuid=False)
        place = self.place()
        self.daemon.kill()
        outer = self.open(place)
        inner = (f"printf 'open\\nclose\\nleave\\n' | {host.PAM_LOGIN} exeunt-nested {host.USER.name} {place.token} "
                 f">{place.path('said')}")
        self.assertEqual(outer.run(inner, as_caller=True), 0)
        outer.shape(place, "setsid-daemon")
        self.daemon.start()
        self.assert_active(outer)
        outer.log_out()
        record = self.ended(outer.session, reason="closed", verdict="left")
        self.assertEqual(names(record), ["shapes"], record)
        self.assert_gone(place)


def write(path, text):
    with open(path, "w", encoding="ascii") as file:
        file.write(text)
