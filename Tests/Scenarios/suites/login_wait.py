# SPDX-License-Identifier: Apache-2.0
"""`wait=` of the PAM module: closing returns when the session is empty, so that a later module can unmount a home."""

import os
import subprocess
import time

from harness import host, logins, varlink_client, walk
from harness.login_case import LoginCase, configuration
from harness.session import poll_until, read_if_there

SERVICE = "exeunt-wait"


class LoginWait(LoginCase):
    """What has been left is gone when PAM goes on."""

    @classmethod
    def prepare_class(cls):
        logins.write_service(SERVICE, "wait=20")
        logins.write_service(f"{SERVICE}-short", "wait=1")

    def test_nobody_is_left_when_it_returns(self):
        place = self.place()
        login = self.open(place, service=SERVICE)
        login.shape(place, "exits-slowly")
        login.close()
        # Looked at before the leader has left: nobody but it.
        self.assert_gone(place, login)
        self.assertEqual(read_if_there(place.path("saved")), "first half, second half")
        login.leave()
        self.ended(login.session, reason="closed", verdict="left")

    def test_a_later_module_can_unmount(self):
        # pam_exec stands for pam_mount: busy, if somebody still has a file open there.
        place = self.place()
        home = place.path("home")
        os.mkdir(home)
        subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=0777", "home", home], check=True)
        script = place.path("unmount")
        with open(script, "w", encoding="ascii") as file:
            file.write(f"#!/bin/sh\n[ $PAM_TYPE = close_session ] || exit 0\n/bin/umount {home} && echo unmounted >{place.path('said')}\n")
        os.chmod(script, 0o755)
        logins.write_service(f"{SERVICE}-mount", "wait=20", after=f"session optional pam_exec.so {script}\n")
        login = self.open(place, service=f"{SERVICE}-mount")
        self.assertEqual(login.run(f"cd {home}; exec 3>{home}/open; setsid sleep 1000 & until [ \"$(cat /proc/$!/comm)\" = sleep ]; do :; done"), 0)
        login.close()
        self.assertEqual(read_if_there(place.path("said")), "unmounted")
        login.leave()
        self.ended(login.session, reason="closed", verdict="left")

    def test_a_later_module_takes_its_time(self):
        # Its helper carries the session's audit id, and is there for each look of the ending.
        self.assert_helper_goes_on(self.write_slow_helper("slow", "wait=20"))

    def test_a_later_module_takes_its_time_beside_an_ending(self):
        # Without wait= the helper is started before the ender is.
        self.assert_helper_goes_on(self.write_slow_helper("beside", ""))

    def write_slow_helper(self, name, options):
        """A service whose later module starts a program that ends only when it is told to, once the left-overs are gone."""
        place = self.place()
        script = place.path("helper")
        with open(script, "w", encoding="ascii") as file:
            file.write(f"""#!/bin/bash
[ $PAM_TYPE = close_session ] || exit 0
trap 'echo told >>{place.path("said")}' HUP TERM
bash -c 'trap "echo told >>{place.path("said")}" HUP TERM; read -r word <{place.path("go")}; echo $word >>{place.path("said")}' &
until wait $!; do :; done
""")
        os.chmod(script, 0o755)
        os.mkfifo(place.path("go"))
        logins.write_service(f"{SERVICE}-{name}", options, after=f"session optional pam_exec.so {script}\n")
        login = self.open(place, service=f"{SERVICE}-{name}")
        login.shape(place, "setsid-daemon")
        return place, login

    def assert_helper_goes_on(self, case):
        place, login = case
        login.tell("close")
        poll_until(lambda: not any(map(walk.is_alive, place.written_pids())), "the left-over to be gone")
        # The ending is over but for the leader, or will be with one more look.
        with open(place.path("go"), "w", encoding="ascii") as file:
            file.write("done\n")
        self.assertEqual(login.answer()[0], "closed")
        self.assertEqual(read_if_there(place.path("said")), "done")
        login.leave()
        record = self.ended(login.session, reason="closed", verdict="left")
        self.assertEqual(len(record["processes"]), len(place.written_pids()), record)

    def test_a_helper_that_outlives_the_leader_is_a_left_over(self):
        place = self.place()
        script = place.path("helper")
        with open(script, "w", encoding="ascii") as file:
            file.write(f"""#!/bin/bash
[ $PAM_TYPE = close_session ] || exit 0
setsid sleep 1000 & echo $! >{place.path("helper-pid")}
""")
        os.chmod(script, 0o755)
        logins.write_service(f"{SERVICE}-leaves", "", after=f"session optional pam_exec.so {script}\n")
        login = self.open(place, service=f"{SERVICE}-leaves")
        login.close()
        helper = int(read_if_there(place.path("helper-pid")))
        login.leave()
        self.ended(login.session, reason="closed", verdict="left")
        self.assertFalse(walk.is_alive(helper))

    def test_empty_session(self):
        login = self.open(self.place(), service=SERVICE)
        began = time.monotonic()
        login.log_out()
        self.assertLess(time.monotonic() - began, 4)
        self.ended(login.session, reason="closed", verdict="clean")

    def test_bounded(self):
        # Whoever does not go is not waited for for ever.
        place = self.place()
        login = self.open(place, service=f"{SERVICE}-short")
        login.shape(place, "ignores-term")
        began = time.monotonic()
        login.close()
        took = time.monotonic() - began
        self.assertGreaterEqual(took, 0.9)
        self.assertLess(took, 5)
        self.assertTrue(all(map(walk.is_alive, place.written_pids())))
        login.leave()
        varlink_client.call("End", session=login.session, force=True)
        self.ended(login.session, reason="closed", verdict="killed")
        self.assert_gone(place)

    def test_with_a_grace_that_is_waited_out(self):
        self.reconfigure(configuration("CONT TERM 300ms KILL"))
        place = self.place()
        login = self.open(place, service=SERVICE)
        login.shape(place, "ignores-all-but-kill")
        login.close()
        self.assert_gone(place, login)
        login.leave()
        self.ended(login.session, reason="closed", verdict="killed")

    def test_hoppers(self):
        # "Empty" is said only if it is: whoever forks faster than anybody looks is there, too.
        self.reconfigure(configuration("CONT TERM 300ms KILL"))
        place = self.place()
        login = self.open(place, service=SERVICE)
        login.shape(place, "hopper", 20)
        login.close()
        self.assert_gone(place, login)
        login.leave()
        self.ended(login.session, unseen=True, reason="closed")

    def test_daemon_killed_while_somebody_waits(self):
        place = self.place()
        login = self.open(place, service=SERVICE)
        login.shape(place, "ignores-term")
        login.tell("close")
        poll_until(lambda: self.daemon.sessions()[login.session]["state"] == "ending", "the ending to begin")
        began = time.monotonic()
        self.daemon.kill()
        self.assertEqual(login.answer()[0], "closed")
        self.assertLess(time.monotonic() - began, 5, "who logs out waits for a daemon that is away")
        self.daemon.start()
        login.leave()
        varlink_client.call("End", session=login.session, force=True)
        self.ended(login.session, reason="closed", verdict="killed")
        self.assert_gone(place)

    def test_it_is_not_the_leader_that_is_waited_for(self):
        # A leader that lives on after its close would wait for itself.
        place = self.place()
        login = self.open(place, service=SERVICE)
        login.shape(place, "setsid-daemon")
        began = time.monotonic()
        login.close()
        self.assertLess(time.monotonic() - began, 4)
        self.assert_gone(place, login)
        self.assertEqual(self.daemon.sessions()[login.session]["owner"], host.USER.uid)
        login.leave()
        self.ended(login.session, reason="closed", verdict="left")
