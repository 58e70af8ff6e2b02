# SPDX-License-Identifier: Apache-2.0
"""Payloads as another user that cannot be: it is said, and nothing is started."""

import os

from harness import host
from harness.identity import IdentityCase


class Refusals(IdentityCase):
    """Users, directories and options."""

    def assert_refused(self, options, code, *texts, identity=None):
        place = self.place(identity)
        result = self.start(place, options, ["touch", place.path("ran")]).finish()
        self.assertEqual(result.code, code, result)
        for text in texts:
            self.assertIn(text, result.stderr, result)
        self.assertFalse(os.path.exists(place.path("ran")), result)
        self.assertIsNone(result.record, result)
        self.assert_nothing_left(place)

    def test_identities_that_are_not_there(self):
        self.assert_refused(["--user", "no-such-user"], 125, "run as user 'no-such-user': there is no such user")
        self.assert_refused(["--user", ""], 125, "run as user '': there is no such user")
        self.assert_refused(["--user", "4294967295"], 125, "there is no such user")
        self.assert_refused(["--user", "64150"], 125, "run as uid 64150: it has no account", "--group")
        self.assert_refused(["--user", "user", "--group", "no-such"], 125, "group 'no-such': there is no such group")
        self.assert_refused(["--user", "user", "--supplementary-groups", "7,x"], 125, "group 'x'")

    def test_accounts_that_are_closed(self):
        for name, expiry in (("past", "18262"), ("first-day", "0"), ("future", "99999"), ("never", "")):
            uid = 64170 + len(name)
            host.append("/etc/passwd", f"{name}:x:{uid}:{uid}::/:/usr/sbin/nologin\n")
            # A locked password and a shell that lets nobody in: as pool accounts are.
            host.append("/etc/shadow", f"{name}:!:19000:0:99999:7::{expiry}:\n")
        self.assert_refused(["--user", "past"], 125, "run as user 'past': the account has expired on 2020-01-01")
        self.assert_refused(["--user", "first-day"], 125, "the account has expired on 1970-01-01")
        for name in ("future", "never"):
            place, result = self.run_shell(["--user", name], "id -un")
            self.assertEqual(result.stdout, f"{name}\n", result)
            self.assert_nothing_left(place)

    def test_callers_who_are_not_root(self):
        for options in (["--user", "stranger"], ["--user", "user"], ["--group", "others"], ["--user", "no-such-user"]):
            place = self.place(host.USER)
            # Without a record, which exeuntd, who would be asked, writes for root alone.
            result = self.start_program(place, host.EXEUNT, "run", *options, "--", "touch", place.path("ran")).finish()
            self.assertEqual(result.code, 125, result)
            self.assertIn("run as another user or group: that takes root", result.stderr)
            self.assertFalse(os.path.exists(place.path("ran")))

    def test_a_root_without_the_right(self):
        place = self.place()
        result = self.start_program(place, "setpriv", "--bounding-set", "-setuid", "--inh-caps", "-setuid", host.EXEUNT,
                                    "run", "--user", "user", "--", "touch", place.path("ran")).finish()
        self.assertEqual(result.code, 125, result)
        self.assertIn(f"set uid {host.USER.uid} of child: operation not permitted [EPERM]", result.stderr)
        self.assertFalse(os.path.exists(place.path("ran")))
        self.assert_nothing_left(place)

    def test_directories_out_of_reach(self):
        os.makedirs("/root", exist_ok=True)
        os.chmod("/root", 0o700)
        host.append("/etc/passwd", "homeless:x:64180:64180::/root/home:/bin/sh\n")
        self.assert_refused(["--user", "user", "--chdir", "/root"], 125,
                            f"enter /root as uid {host.USER.uid}: permission denied [EACCES]")
        self.assert_refused(["--chdir", "/nonexistent"], 125, "enter /nonexistent: no such file or directory [ENOENT]")
        self.assert_refused(["--user", "homeless", "--login"], 125, "log in as user 'homeless'", "/root/home", "EACCES")
        # Who does not go home needs none.
        place, result = self.run_shell(["--user", "homeless"], "echo $HOME")
        self.assertEqual(result.stdout, "/root/home\n", result)
        self.assert_nothing_left(place)

    def test_bad_options(self):
        for options, text in (
                (["--limit", "nofile"], "--limit"), (["--limit", "files=3"], "--limit"), (["--umask", "8"], "--umask"),
                (["--umask", "1000"], "--umask"), (["--pass-fd", "77"], "descriptor 77 is not open"),
                (["--pass-fd", "x"], "--pass-fd"), (["--login"], "--login needs --user"), (["--chdir", ""], "--chdir"),
                (["--preserve-env", "A"], "--preserve-env needs --user"),
                (["--user", "user", "--preserve-env", "A,,B"], "--preserve-env: ''"),
                (["--user", "user", "--preserve-env", "A=1"], "--preserve-env: 'A=1'")):
            with self.subTest(options):
                self.assert_refused(options, 2, text)
        self.assert_refused(["--limit", "nofile=1:2:3"], 2, "NAME=SOFT[:HARD]")

    def test_files_of_variables_that_are_wrong(self):
        place = self.place()
        with open(place.path("env"), "w", encoding="utf-8") as file:
            file.write("A=1\nexport B=1\n")
        self.assert_refused(["--env-file", place.path("env")], 2, f"--env-file: {place.path('env')}:2: 'export B=1'")
        self.assert_refused(["--env-file", "/nonexistent"], 125, "open /nonexistent: no such file or directory")
