# SPDX-License-Identifier: Apache-2.0
"""What the administrator has decided: whose sessions are ended, what may stay and for how long, and new decisions."""

import os
import signal

from harness import host, logins, varlink_client, walk
from harness.login_case import LoginCase, configuration
from harness.processes import kill
from harness.session import poll_until

LADDER = "CONT TERM 30s KILL"
LOGIND = "/etc/systemd/logind.conf"


class PolicyCase(LoginCase):
    """Sessions that are left with a shape, under a configuration."""

    has_neighbour = False

    def leave(self, text, user=host.USER, shape=("setsid-daemon",), **options):
        """A session that has left a shape and is closed, under this configuration: (place, record)."""
        self.reconfigure(text)
        place = self.place()
        login = self.open(place, user, **options)
        login.shape(place, *shape)
        login.log_out()
        return place, self.ended(login.session, reason="closed")

    def alive(self, place):
        return [pid for pid in place.written_pids() if walk.is_alive(pid)]

    def clear(self, place):
        for pid in self.alive(place):
            kill(pid)

    def assert_ends(self, text, user=host.USER, **options):
        place, record = self.leave(text, user, **options)
        self.assertEqual(record["verdict"], "left", record)
        self.assert_gone(place)

    def assert_stays(self, text, user=host.USER, verdict="kept", **options):
        place, record = self.leave(text, user, **options)
        self.assertEqual(record["verdict"], verdict, record)
        self.assertEqual(len(self.alive(place)), 1, record)
        self.clear(place)
        return record


class WhoseSessions(PolicyCase):
    """KillUserProcesses=, KillOnlyUsers=, KillExcludeUsers=, with logind's meaning, and logind.conf beneath."""

    def test_no(self):
        record = self.assert_stays(configuration(LADDER, "KillUserProcesses=no\n"))
        self.assertEqual({process["rule"] for process in record["processes"]}, {"KillUserProcesses=no"}, record)

    def test_report(self):
        # Everything is decided and written down, and nobody hears of it: a canary's signal would be seen.
        place, record = self.leave(configuration(LADDER, "KillUserProcesses=report\n"))
        self.assertEqual((record["verdict"], record["mode"]), ("reported", "report"), record)
        self.assertEqual([process["outcome"] for process in record["processes"] if process["name"] == "shapes"], ["reported"])
        self.assertEqual(len(self.alive(place)), 1)
        self.clear(place)

    def test_only_users(self):
        text = configuration(LADDER, f"KillUserProcesses=no\nKillOnlyUsers={host.STRANGER.name}\n")
        self.assert_ends(text, host.STRANGER)
        self.assert_stays(text, host.USER)

    def test_excluded_users(self):
        text = configuration(LADDER, f"KillExcludeUsers={host.STRANGER.name}\n")
        self.assert_stays(text, host.STRANGER)
        self.assert_ends(text, host.USER)
        # To set the list drops root from it.
        self.assert_ends(text, host.ROOT)

    def test_excluded_goes_before_only(self):
        name = host.USER.name
        self.assert_stays(configuration(LADDER, f"KillOnlyUsers={name}\nKillExcludeUsers={name}\n"))

    def test_groups(self):
        host.append("/etc/group", f"crew:x:64301:{host.STRANGER.name}\n")
        self.assert_stays(configuration(LADDER, "KillExcludeUsers=@crew\n"), host.STRANGER)
        self.assert_ends(configuration(LADDER, "KillExcludeUsers=@crew\n"), host.USER)

    def test_somebody_who_asks_goes_before_all(self):
        self.reconfigure(configuration(LADDER, "KillUserProcesses=no\n"))
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        answer = varlink_client.call("End", host.USER, session=login.session, wait=True)
        self.assertEqual(answer["verdict"], "left", answer)
        login.await_exit()
        self.assert_gone(place)

    def test_logind_conf_is_a_lower_layer(self):
        os.makedirs(os.path.dirname(LOGIND), exist_ok=True)
        with open(LOGIND, "w", encoding="ascii") as file:
            file.write("[Login]\nKillUserProcesses=no\nIdleAction=ignore\n")
        try:
            self.assert_stays(configuration(LADDER))
            self.assert_ends(configuration(LADDER, "KillUserProcesses=yes\n"))
            self.assert_ends(configuration(LADDER, "UseLogindConf=no\n"))
        finally:
            os.unlink(LOGIND)

    def test_class(self):
        # [Class background] holds for cron and its like, and for whoever the module's options call so.
        text = configuration("CONT TERM 300ms KILL", f"[Class background]\nLadder={LADDER}\nKillUserProcesses=no\n")
        logins.write_service("exeunt-background", "class=background")
        self.assert_stays(text, service="exeunt-background")
        place, record = self.leave(text, shape=("ignores-term",))
        self.assertEqual((record["verdict"], record["ladder"]), ("killed", "CONT TERM 300ms KILL"), record)
        self.assert_gone(place)


class Rules(PolicyCase):
    """[Rule NAME]: single processes that may stay, and their descendants."""

    def rule(self, *lines, ladder=LADDER):
        return configuration(ladder, "[Rule kept]\n" + "".join(f"{line}\n" for line in lines))

    def test_a_program_that_may_stay(self):
        # By what it is, and not by what it calls itself.
        self.reconfigure(self.rule("Exe=/usr/bin/sleep", "Action=keep"))
        place = self.place()
        login = self.open(place)
        self.assertEqual(login.run("setsid sleep 1001 & setsid sh -c 'while :; do read line </proc/self/fd/0; done' & "
                                   "until pidof sleep >/dev/null; do :; done"), 0)
        login.shape(place, "setsid-daemon")
        login.log_out()
        record = self.ended(login.session, reason="closed", verdict="kept")
        kept = [process for process in record["processes"] if process["outcome"] == "kept"]
        self.assertEqual([(process["name"], process["rule"]) for process in kept], [("sleep", "kept")], record)
        self.assertEqual(self.alive(place), [])
        self.assertTrue(walk.is_alive(kept[0]["pid"]))
        session = self.daemon.sessions()[login.session]
        self.assertEqual((session["state"], session.get("keptUntil")), ("kept", None), session)
        kill(kept[0]["pid"])
        poll_until(lambda: not self.daemon.sessions(), "the session to be forgotten")

    def test_descends_from_kept(self):
        # descends-from-kept: what a kept program has started stays with it.
        place = self.place()
        login = self.open(place)
        self.reconfigure(self.rule(f"Exe={host.SHAPES}", "Action=keep"))
        login.shape(place, "tree", 2)
        login.log_out()
        record = self.ended(login.session, verdict="kept")
        self.assertEqual({process["outcome"] for process in record["processes"] if process["name"] == "shapes"}, {"kept"})
        alive = self.alive(place)
        self.assertGreater(len(alive), 1, record)
        self.clear(place)

    def test_a_user_whose_processes_may_stay(self):
        # The rule is about the process's user, not the session's.
        self.reconfigure(self.rule(f"User={host.STRANGER.name}", "Action=keep"))
        place = self.place(host.ROOT)
        login = self.open(place)
        os.chmod(place.directory, 0o777)
        # The file of pids must be the user's.
        login.shape(place, "setsid-daemon")
        login.shape(place, "uid-changer", as_caller=True)
        login.log_out()
        record = self.ended(login.session, verdict="kept")
        self.assertEqual([(process["uid"], process["outcome"]) for process in record["processes"] if process["name"] == "shapes"
                          and process["outcome"] == "kept"], [(host.STRANGER.uid, "kept")], record)
        self.assertEqual(len(self.alive(place)), 1)
        self.clear(place)

    def test_report_by_rule(self):
        record = self.assert_stays(self.rule(f"Exe={host.SHAPES}", "Action=report"), verdict="reported")
        self.assertEqual([process["rule"] for process in record["processes"] if process["name"] == "shapes"], ["kept"], record)

    def test_expires(self):
        # Then it is ended by the ladder, and there is a record of that, too.
        place, record = self.leave(self.rule(f"Exe={host.SHAPES}", "Action=keep", "For=1s", ladder="CONT TERM 300ms KILL"),
                                   shape=("ignores-term",))
        self.assertEqual(record["verdict"], "kept", record)
        session = record["session"]["id"]
        self.assertEqual(self.daemon.sessions()[session]["state"], "kept")
        self.assertIsNotNone(self.daemon.sessions()[session].get("keptUntil"))
        last = self.daemon.record(session, count=2)
        self.assertEqual(self.schema.problems(last), [], last)
        self.assertEqual((last["reason"], last["verdict"]), ("lease-expired", "killed"), last)
        self.assert_gone(place)

    def test_expiry_survives_the_daemon(self):
        place, record = self.leave(self.rule(f"Exe={host.SHAPES}", "Action=keep", "For=1s"))
        self.daemon.kill()
        self.assertEqual(len(self.alive(place)), 1)
        self.daemon.start()
        last = self.daemon.record(record["session"]["id"], count=2)
        self.assertEqual((last["reason"], last["verdict"]), ("lease-expired", "left"), last)
        self.assert_gone(place)

    def test_kept_ends_when_asked_for(self):
        place, record = self.leave(self.rule(f"Exe={host.SHAPES}", "Action=keep"))
        answer = varlink_client.call("End", host.USER, session=record["session"]["id"], force=True, wait=True)
        self.assertIn(answer["verdict"], ("left", "killed"), answer)
        self.assert_gone(place)

    def test_first_match_wins(self):
        text = configuration(LADDER, f"[Rule ends]\nExe={host.SHAPES}\nAction=end\n[Rule keeps]\nUser=*\nAction=keep\n")
        self.assert_ends(text)


class Reloading(PolicyCase):
    """SIGHUP: what is decided anew holds for endings that begin afterwards."""

    def test_of_a_session_that_goes_on(self):
        self.reconfigure(configuration(LADDER, "KillUserProcesses=no\n"))
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        self.reconfigure(configuration(LADDER))
        login.log_out()
        self.ended(login.session, verdict="left")
        self.assert_gone(place)

    def test_config_broken_on_reload(self):
        # config-broken-on-reload: the old one holds, and the log says so, with file and line.
        self.reconfigure(configuration(LADDER))
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        since = len(self.daemon.log)
        self.reconfigure("[Session]\nKillUserProcesses=no\nLadder=NONSENSE\n")
        self.daemon.expect(r"earlier one stays in force: .*/etc/exeunt/exeunt\.conf:3: .*NONSENSE", since=since)
        login.log_out()
        record = self.ended(login.session, verdict="left")
        self.assertEqual(record["ladder"], LADDER)
        self.assert_gone(place)
        self.daemon.reload(configuration(LADDER))

    def test_config_that_others_can_write(self):
        self.reconfigure(configuration(LADDER))
        path = "/etc/exeunt/exeunt.conf"
        since = len(self.daemon.log)
        with open(path, "w", encoding="ascii") as file:
            file.write("[Session]\nKillUserProcesses=no\n")
        os.chmod(path, 0o666)
        try:
            self.daemon.reload()
        finally:
            os.chmod(path, 0o644)
        self.daemon.expect("the configuration is bad, and the earlier one stays in force", since=since)
        self.assertTrue(self.daemon.is_running)

    def test_config_broken_at_start(self):
        # There is no earlier one: it does not run with another than what was meant.
        self.daemon.kill()
        self.daemon.configure("[Session]\nLadder=NONSENSE\n")
        since = len(self.daemon.log)
        process = self.daemon.spawn()
        code = process.wait(host.DEADLINE)
        self.daemon.configure(self.configuration)
        self.assertEqual(code, 1)
        self.daemon.expect(r"/etc/exeunt/exeunt\.conf:2: ", since=since)
        self.daemon.start()

    def test_term_and_hup_by_turns(self):
        login = self.open(self.place())
        for _ in range(20):
            self.daemon.process.send_signal(signal.SIGHUP)
        self.daemon.reload()
        self.assert_active(login)
        login.log_out()
        self.ended(login.session)
