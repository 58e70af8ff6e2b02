# SPDX-License-Identifier: Apache-2.0
"""The other programs that log people in, or change who they are: login, su, sudo, cron, at, pamtester, tmux."""

import os
import pwd
import subprocess

from harness import host, logins, walk
from harness.login_case import LoginCase, names
from harness.processes import kill
from harness.session import poll_until, read, read_if_there
from harness.terminal import Terminal


class LoginPrograms(LoginCase):
    """Which of them open a session, and that it ends."""

    @classmethod
    def prepare_class(cls):
        for name in ("login", "cron", "atd"):
            logins.write_service(name)
        # As on Debian: no audit session of their own.
        for name in ("su", "su-l", "sudo", "sudo-i"):
            logins.write_service(name, loginuid=False)
        with open("/etc/sudoers.d/exeunt-test", "w", encoding="ascii") as file:
            file.write(f"{host.USER.name} ALL=(ALL) NOPASSWD: ALL\nDefaults !requiretty, !lecture\n")
        os.chmod("/etc/sudoers.d/exeunt-test", 0o440)

    def shape(self, place, name, *arguments):
        return (f"EXEUNT_TEST={place.token} SHAPE_DIR={place.directory} "
                f"{' '.join(map(str, (host.SHAPES, name, place.token, *arguments)))}")

    def opened(self, service, since):
        return self.daemon.expect(rf"session opened session=(\w{{12}}) .*service={service}\b", since=since)[1]

    def test_login(self):
        # login(1) forks, and closes in the parent.
        host.require_program("login")
        place, terminal = self.place(), Terminal()
        self.addCleanup(terminal.close)
        name = os.ttyname(terminal.slave)
        since = len(self.daemon.log)
        program = subprocess.Popen(["login", "-f", host.USER.name], stdin=terminal.slave, stdout=terminal.slave,
                                   stderr=terminal.slave, preexec_fn=terminal.take, env={"TERM": "dumb", "PATH": host.PATH})
        session = self.opened("login", since)
        terminal.expect(r"\$ ")
        terminal.type(f"{self.shape(place, 'double-fork-daemon')}; echo in $EXEUNT_SESSION\r")
        self.assertEqual(terminal.expect(r"in (\w{12})\r")[1], session)
        terminal.type("exit\r")
        program.wait(host.DEADLINE)
        record = self.ended(session, reason="closed", verdict="left")
        self.assertEqual(names(record), ["shapes"], record)
        self.assertEqual((record["session"]["tty"], record["session"]["type"]), (name, "tty"), record)
        self.assert_gone(place)

    def assert_inside(self, command, as_caller=False):
        """su-inside-session: no new session, and what it has left ends with the one around it."""
        place = self.place()
        login = self.open(place)
        before = self.daemon.sessions()
        inner = f"{self.shape(place, 'setsid-daemon')}; echo $EXEUNT_SESSION >{place.path('said')}"
        self.assertEqual(login.run(command.format(inner), as_caller=as_caller), 0)
        self.assertEqual(self.daemon.sessions().keys(), before.keys())
        self.assertTrue(all(map(walk.is_alive, place.written_pids())), "its end is not that of the session around it")
        login.log_out()
        record = self.ended(login.session, reason="closed", verdict="left")
        self.assertEqual(names(record), ["shapes"], record)
        self.assert_gone(place)
        return login, place, record

    def test_su(self):
        login, place, _ = self.assert_inside(f"exec su {host.USER.name} -s /bin/sh -c '{{}}'", as_caller=True)
        self.assertEqual(read_if_there(place.path("said")), login.session)

    def test_su_to_another_user(self):
        *_, record = self.assert_inside(f"exec su - {host.STRANGER.name} -s /bin/sh -c '{{}}'", as_caller=True)
        self.assertEqual([process["uid"] for process in record["processes"] if process["name"] == "shapes"],
                         [host.STRANGER.uid], record)

    def test_sudo(self):
        # Root's, inside a user's session: it is hers.
        host.require_program("sudo")
        *_, record = self.assert_inside("exec sudo -n sh -c '{}'")
        self.assertEqual([process["uid"] for process in record["processes"] if process["name"] == "shapes"], [0], record)

    def test_su_from_a_session_of_root(self):
        # What it leaves is root's session's, which is spared, as anything that root has started.
        place = self.place(host.ROOT)
        login = self.open(place, host.ROOT)
        inner = self.shape(place, "setsid-daemon")
        os.chmod(place.directory, 0o777)
        self.assertEqual(login.run(f"exec su - {host.USER.name} -s /bin/sh -c '{inner}'"), 0)
        login.log_out()
        record = self.ended(login.session, reason="closed", verdict="kept")
        self.assertEqual(names(record), ["shapes"], record)
        self.assertTrue(all(map(walk.is_alive, place.written_pids())))
        for pid in place.written_pids():
            kill(pid)

    def test_su_outside_of_any_session(self):
        # From a service of the host: nobody else's session is around it, so it has one of its own.
        place = self.place()
        since = len(self.daemon.log)
        os.chmod(place.directory, 0o777)
        subprocess.run(["su", "-", host.USER.name, "-s", "/bin/sh", "-c", self.shape(place, "setsid-daemon")], check=True,
                       stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, timeout=host.DEADLINE)
        record = self.ended(self.opened("su-l", since), reason="closed", verdict="left")
        self.assertEqual(names(record), ["shapes"], record)
        self.assert_gone(place)

    def test_cron_job(self):
        # cron-job: each job is a session in the background, and ends with what it has left.
        host.require_program("cron")
        place = self.place()
        since = len(self.daemon.log)
        with open("/etc/cron.d/exeunt-test", "w", encoding="ascii") as file:
            file.write(f"SHELL=/bin/sh\nPATH={host.PATH}\nMAILTO=\"\"\n@reboot {host.USER.name} "
                       f"{self.shape(place, 'setsid-daemon')} >/dev/null 2>&1\n")
        os.chmod("/etc/cron.d/exeunt-test", 0o644)
        cron = subprocess.Popen(["cron", "-f"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            record = self.ended(self.opened("cron", since), reason="closed", verdict="left")
        finally:
            cron.kill()
            cron.wait()
        self.assertEqual(names(record), ["shapes"], record)
        self.assertEqual((record["session"]["class"], record["session"]["type"]), ("background", "unspecified"), record)
        self.assert_gone(place)

    def test_at_job(self):
        host.require_program("atd")
        place = self.place()
        since = len(self.daemon.log)
        at = pwd.getpwnam("daemon")
        job = "/var/spool/cron/atjobs/a0000101000000"
        script = (f"#!/bin/sh\n# atrun uid={host.USER.uid} gid={host.USER.uid}\n# mail {host.USER.name} 0\numask 22\n"
                  f"{self.shape(place, 'setsid-daemon')} >/dev/null 2>&1\n")
        with open(job, "w", encoding="ascii") as file:
            file.write(script)
        os.chmod(job, 0o700)
        os.chown(job, host.USER.uid, at.pw_gid)
        atd = subprocess.Popen(["atd", "-f"], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            record = self.ended(self.opened("atd", since), verdict="left")
        finally:
            atd.kill()
            atd.wait()
        self.assertEqual(names(record), ["shapes"], record)
        self.assertEqual(record["session"]["class"], "background", record)
        self.assert_gone(place)

    def pamtester(self, *operations):
        words = ["pamtester", "-I", "tty=pts/3", "-I", "rhost=far.example", logins.SERVICE, host.USER.name, *operations]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL, timeout=host.DEADLINE)

    def test_pamtester(self):
        host.require_program("pamtester")
        for operations, reason in ((("open_session", "close_session"), "closed"), (("open_session",), "leader-exited")):
            since = len(self.daemon.log)
            self.pamtester(*operations)
            record = self.ended(self.opened(logins.SERVICE, since), reason=reason, verdict="clean")
            self.assertEqual(record["session"]["remoteHost"], "far.example")

    def test_opened_twice_by_one_process(self):
        # Twice in one stack, or by somebody who opens again: one session, closed once.
        place = self.place()
        login = self.open(place)
        session = login.session
        self.assertEqual(login.open(), session)
        login.shape(place, "plain-child")
        login.close()
        login.close()
        login.leave()
        self.ended(session, reason="closed", verdict="left")
        self.assert_gone(place)

    def test_opened_inside(self):
        # Whoever opens inside a session gets that one, and does not close it.
        place = self.place()
        login = self.open(place)
        inner = (f"printf 'open\\nclose\\nleave\\n' | {host.PAM_LOGIN} {logins.SERVICE}-nested {host.STRANGER.name} "
                 f"{place.token} >{place.path('said')}")
        logins.write_service(f"{logins.SERVICE}-nested", loginuid=False)
        self.assertEqual(login.run(inner, as_caller=True), 0)
        self.assertEqual(read(place.path("said")).split()[:2], ["opened", login.session])
        self.assert_active(login)
        login.log_out()
        self.ended(login.session, reason="closed", verdict="clean")

    def test_a_new_audit_session_inside_is_a_session_of_its_own(self):
        # Whoever sets the login uid anew logs in, wherever that happens: `ssh localhost`, a container's init.
        place = self.place()
        login = self.open(place)
        inner = (f"printf 'open\\nclose\\nleave\\n' | {host.PAM_LOGIN} {logins.SERVICE} {host.STRANGER.name} "
                 f"{place.token} >{place.path('said')}")
        self.assertEqual(login.run(inner, as_caller=True), 0)
        said = read(place.path("said")).split()[1]
        self.assertNotEqual(said, login.session)
        self.ended(said, reason="closed")
        self.assert_active(login)
        login.log_out()
        self.ended(login.session, reason="closed")

    def test_tmux_windows(self):
        # The server belongs to the session that has started it, and so does every window, whoever has opened it.
        tmux = host.require_program("tmux")
        place, other = self.place(), self.place()
        first, second = self.open(place), self.open(other)
        socket = place.path("tmux")
        self.assertEqual(first.run(f"{tmux} -S {socket} new-session -d 'exec sleep 1001'"), 0)
        server = int(subprocess.run([tmux, "-S", socket, "display-message", "-p", "#{pid}"], check=True,
                                    stdout=subprocess.PIPE, text=True).stdout)
        self.assertEqual(second.run(f"{tmux} -S {socket} new-window 'exec sleep 1002'"), 0)
        windows = poll_until(lambda: self.sleeping(server, 2), "the windows")
        second.log_out()
        self.ended(second.session, reason="closed", verdict="clean")
        self.assertTrue(all(map(walk.is_alive, windows)))
        first.log_out()
        record = self.ended(first.session, reason="closed", verdict="left")
        # For each window a server that is told to go forks, and calls utempter.
        found = [process for process in record["processes"] if process["pid"] in (server, *windows)]
        self.assertEqual(sorted(process["name"] for process in found), ["sleep", "sleep", "tmux: server"], record)
        self.assertLessEqual(set(names(record)), {"sleep", "tmux: server", "utempter"}, record)
        self.assert_gone(place)
        self.assert_gone(other)

    @staticmethod
    def sleeping(server, count):
        found = [pid for pid in walk.pids() if walk.parent(pid) == server and walk.stat_fields(pid)[0] == "sleep"]
        return found if len(found) == count else None

    def test_screen(self):
        screen = host.require_program("screen")
        place = self.place()
        login = self.open(place)
        self.assertEqual(login.run(f"SCREENDIR={place.path('screens')} {screen} -dmS test sleep 1003"), 0)
        login.log_out()
        record = self.ended(login.session, reason="closed", verdict="left")
        self.assertIn("screen", names(record), record)
        self.assert_gone(place)
