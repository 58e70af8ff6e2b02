# SPDX-License-Identifier: Apache-2.0
"""Hooks of [Hooks] at the ends of log-ins: as whom they run, what they are told, and that none runs twice."""

import os

from harness import host, varlink_client, walk
from harness.daemon import Changes
from harness.login_case import configuration
from harness.login_hooks import HOOKS, LoginHookCase, hook_settings
from harness.processes import children, kill
from harness.session import poll_until, read

STRANGER = host.STRANGER


class LoginHooks(LoginHookCase):
    """Before-hooks as the user, while everybody is there; after-hooks as root, told the verdict."""

    def left(self, shape="setsid-daemon"):
        place = self.place()
        login = self.open(place, STRANGER)
        login.shape(place, shape)
        return place, login

    def assert_hooks(self, record, *expected):
        self.assertEqual(self.hooks_of(record), list(expected), record)

    def test_as_whom_and_when(self):
        place = self.place()
        look = (f'{{ id -u; for pid in $(cat {place.path("left")}); do test -d /proc/$pid && echo alive || echo gone; done; }} '
                f'>{place.path("")}')
        self.hook(place, "before", "b", look + "early")
        self.hook(place, "after", "a", look + "late")
        login = self.open(place, STRANGER)
        login.shape(place, "setsid-daemon")
        login.log_out()
        record = self.ended(login.session, reason="closed", verdict="left")
        self.assertEqual(read(place.path("early")).split(), [str(STRANGER.uid), "alive"])
        self.assertEqual(read(place.path("late")).split(), ["0", "gone"])
        self.assertEqual(self.ran(place, login.session), ["b", "a"])
        self.assert_hooks(record, ("before", 0), ("after", 0))

    def test_environment(self):
        place = self.place()
        for phase in ("before", "after"):
            self.hook(place, phase, phase, f"env | sort >{place.path('env-')}{phase}; pwd >{place.path('pwd-')}{phase}")
        login = self.open(place, STRANGER, tty="pts/9", rhost="far.example")
        # What the user has set is none of a hook's business.
        self.assertEqual(login.run("export LD_PRELOAD=/nowhere EXEUNT_VERDICT=forged PATH=/tmp; exit 0"), 0)
        login.log_out()
        self.ended(login.session, reason="closed")
        for phase in ("before", "after"):
            found = dict(line.split("=", 1) for line in read(place.path(f"env-{phase}")).splitlines())
            wanted = {"EXEUNT_PHASE": phase, "EXEUNT_SESSION_ID": login.session, "EXEUNT_REASON": "closed",
                      "EXEUNT_OWNER_UID": str(STRANGER.uid), "EXEUNT_LEADER_PID": str(login.pid)}
            self.assertEqual({name: found.get(name) for name in wanted}, wanted, found)
            self.assertEqual(found.get("EXEUNT_VERDICT"), "clean" if phase == "after" else None, found)
            self.assertNotIn("EXEUNT_TEST", found)
            self.assertIn("/usr/bin", found["PATH"])
            # Of a log-in it is told more than of a payload.
            self.assertIn(STRANGER.name, found.values(), found)

    def test_failing(self):
        place = self.place()
        self.hook(place, "before", "b", "exit 3")
        self.hook(place, "after", "a", "exit 4")
        login = self.open(place, STRANGER)
        login.log_out()
        record = self.ended(login.session, verdict="clean")
        self.assert_hooks(record, ("before", 3), ("after", 4))
        for phase in ("before", "after"):
            self.daemon.expect(rf"hook failed session={login.session} phase={phase}")

    def test_untrusted(self):
        # Somebody else could have changed it: it is not run, and the log says why.
        place, path = self.place(), None
        path = self.hook(place, "after", "a")
        os.chown(path, STRANGER.uid, STRANGER.uid)
        login = self.open(place, STRANGER)
        login.log_out()
        record = self.ended(login.session, verdict="clean")
        self.assertEqual(self.ran(place, login.session), [])
        self.assert_hooks(record, ("after", "not run"))
        self.daemon.expect(rf"hook failed session={login.session} phase=after")

    def test_hanging(self):
        place = self.place()
        self.reconfigure(configuration("CONT TERM 30s KILL") + hook_settings("1s"))
        fifo = self.fifo(place, "never")
        self.hook(place, "before", "b", f"read line <{fifo}")
        login = self.open(place, STRANGER)
        login.shape(place, "setsid-daemon")
        login.log_out()
        record = self.ended(login.session, verdict="left")
        self.assertTrue(record["hooks"][0].get("timedOut"), record)
        self.assert_gone(place)

    def test_leaves_a_daemon(self):
        # What a hook leaves ends with it, and not with the host.
        place = self.place()
        self.hook(place, "after", "a", f"EXEUNT_TEST={place.token} SHAPE_DIR={place.directory} {host.SHAPES} double-fork-daemon {place.token}")
        login = self.open(place, STRANGER)
        login.log_out()
        record = self.ended(login.session)
        self.assert_hooks(record, ("after", 0))
        self.assertEqual(len(place.written_pids()), 1)
        self.assert_gone(place)

    def test_a_user_cannot_hold_up_the_daemon_by_her_hook(self):
        # It runs as her, so she can stop it; others log out meanwhile.
        place, other = self.place(), self.place()
        fifo = self.fifo(place, "go")
        self.hook(place, "before", "b", f"kill -STOP $$; read line <{fifo}")
        login = self.open(place, STRANGER)
        login.log_out()
        poll_until(lambda: self.ran(place, login.session), "the hook")
        second = self.open(other)
        second.shape(other, "setsid-daemon")
        second.log_out()
        self.ended(second.session, reason="closed", verdict="left")
        self.assertEqual(self.daemon.sessions()[login.session]["state"], "ending")
        varlink_client.call("End", session=login.session, force=True)
        self.daemon.record(login.session, seconds=60)

    def test_report_mode_runs_no_hooks(self):
        # Nothing is signalled, and nothing is cleaned up.
        self.reconfigure("[Session]\nKillUserProcesses=report\n" + hook_settings())
        place = self.place()
        for phase in ("before", "after"):
            self.hook(place, phase, phase)
        login = self.open(place, STRANGER)
        login.shape(place, "setsid-daemon")
        login.log_out()
        record = self.ended(login.session, verdict="reported")
        self.assertEqual((self.hooks_of(record), self.ran(place, login.session)), ([], []), record)
        for pid in place.written_pids():
            self.assertTrue(walk.is_alive(pid))
            kill(pid)


class LoginHooksAndDeath(LoginHookCase):
    """No hook runs twice, whoever is killed and when."""

    has_neighbour = False

    def held(self, phase):
        """A session whose hook of this phase has begun and waits: (place, login, FIFO that lets it go on)."""
        place = self.place()
        fifo = self.fifo(place, "go")
        self.hook(place, "before", "b", f"read line <{fifo}" if phase == "before" else "")
        self.hook(place, "after", "a", f"read line <{fifo}" if phase == "after" else "")
        login = self.open(place, STRANGER)
        login.shape(place, "setsid-daemon")
        login.log_out()
        Changes.wait(place.directory, lambda: phase[0] in self.ran(place, login.session), "the hook")
        return place, login, fifo

    def ender(self):
        return next(pid for pid in children(self.daemon.process.pid) if walk.is_alive(pid))

    def test_daemon_killed(self):
        for phase in ("before", "after"):
            with self.subTest(phase):
                place, login, fifo = self.held(phase)
                self.daemon.kill()
                self.daemon.start()
                self.let_go(fifo)
                record = self.ended(login.session, reason="closed", verdict="left")
                self.assertEqual(self.hooks_of(record), [("before", 0), ("after", 0)], record)
                self.assertEqual(self.ran(place, login.session), ["b", "a"])
                self.assert_gone(place)

    def test_ender_killed(self):
        # Which hooks have run is known to nobody any more: none runs again.
        for phase in ("before", "after"):
            with self.subTest(phase):
                place, login, _ = self.held(phase)
                ran = self.ran(place, login.session)
                kill(self.ender())
                self.ended(login.session, reason="closed")
                self.assertEqual(self.ran(place, login.session), ran)
                self.assert_gone(place)

    def test_both_killed(self):
        for phase in ("before", "after"):
            with self.subTest(phase):
                place, login, _ = self.held(phase)
                ran, ender = self.ran(place, login.session), self.ender()
                self.daemon.kill()
                kill(ender)
                self.daemon.start()
                self.ended(login.session, reason="closed")
                self.assertEqual(self.ran(place, login.session), ran)
                self.assert_gone(place)

    def test_hook_is_a_file_of_the_configuration(self):
        # A program instead of a directory, and one that has been deleted since.
        place = self.place()
        path = self.hook(place, "after", "single")
        self.reconfigure(configuration("CONT TERM 30s KILL") + f"[Hooks]\nAfter={path}\n")
        login = self.open(place, STRANGER)
        login.log_out()
        self.ended(login.session, verdict="clean")
        self.assertEqual(self.ran(place, login.session), ["single"])
        os.unlink(f"{HOOKS}/after/single")
        second = self.open(place, STRANGER)
        second.log_out()
        record = self.ended(second.session, verdict="clean")
        self.assertEqual(self.hooks_of(record), [("after", "not run")], record)
