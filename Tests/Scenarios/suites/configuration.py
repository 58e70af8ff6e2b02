# SPDX-License-Identifier: Apache-2.0
"""`exeunt config` on real files: which count, where each value comes from, and what is wrong, all of it."""

import json
import os
import shutil

from harness import host
from harness.case import ScenarioCase

ADMIN, VENDOR = "/etc/exeunt", "/usr/lib/exeunt"
LOGIND = "/etc/systemd/logind.conf"


class ConfigurationCase(ScenarioCase):
    """Asks for the configuration, and says what came."""

    def config(self, *arguments, identity=None, **caller):
        return self.start_program(self.place(identity), host.EXEUNT, "config", *arguments, **caller).finish()

    def write(self, path, text, mode=0o644):
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text if isinstance(text, bytes) else text.encode())
        os.chmod(path, mode)
        return path

    def settings(self, *arguments, **options):
        """(files, {"Section.Key": (value, ["file:line", ...])})"""
        result = self.config("--json", *arguments, **options)
        document = json.loads(result.stdout)
        # Whom it does not concern is told so.
        identity = options.get("identity")
        concerns = not document["files"] or "--file" in arguments or identity is None or identity.is_root
        self.assertEqual((result.code, "for what root runs" in result.stderr), (0, not concerns), result)
        self.assertEqual(document["version"], 1)
        found = {}
        for section in document["sections"]:
            for setting in section["settings"]:
                origins = [f"{origin['file']}:{origin['line']}" for origin in setting["origins"]]
                self.assertEqual(setting["default"], not origins)
                found[f"{section['name']}.{setting['key']}"] = (setting["value"], origins)
        return document["files"], found

    def assert_refused(self, result, *lines):
        """It is said what is wrong, and nothing is shown."""
        self.assertEqual((result.code, result.stdout), (1, ""), result)
        self.assertEqual(result.stderr.splitlines(), [f"exeunt: {line}" for line in lines], result)


class Configuration(ConfigurationCase):
    """What holds for everybody."""

    def example(self):
        place = self.place()
        return self.write(place.path("example.conf"), self.config("--defaults").stdout)

    def test_the_example_is_right_and_changes_nothing(self):
        path = self.example()
        files, settings = self.settings("--file", path)
        self.assertEqual(files, [path])
        self.assertEqual([name for name, (_, origins) in settings.items() if origins], [])
        with open(path, encoding="utf-8") as file:
            text = file.read()
        for name, (value, _) in settings.items():
            self.assertIn(f"\n#{name.partition('.')[2]}={value}\n", text)

    def test_text_says_where_each_value_comes_from(self):
        path = self.write(self.place().path("x.conf"), "[Payload]\nLadder=TERM 1s KILL\n[Rule a]\nAction=end\n")
        result = self.config("--file", path)
        self.assertEqual(result.code, 0, result)
        lines = result.stdout.splitlines()
        self.assertEqual(lines[0], f"files: {path}")
        self.assertIn(["Ladder=TERM", "1s", "KILL", f"{path}:2"], [line.split() for line in lines])
        self.assertIn(["UnkillableSec=15s", "default"], [line.split() for line in lines])
        self.assertIn(["Action=end", f"{path}:4"], [line.split() for line in lines])

    def test_everything_wrong_is_named(self):
        text = "[Payload]\nLaddre=KILL\nUnkillableSec=0\n\n[Hoks]\n[Hooks]\nAfter=after.d # here\nnonsense\n"
        path = self.write(self.place().path("x.conf"), text)
        self.assert_refused(
            self.config("--file", path),
            f"{path}:2: unknown key Laddre= in [Payload]; did you mean Ladder=?",
            f"{path}:3: UnkillableSec=: '0' is not a valid duration: expected more than 0",
            f"{path}:5: unknown section [Hoks]; did you mean [Hooks]?",
            f"{path}:7: After=: 'after.d # here' is not a valid path: expected an absolute path without '//', '.', '..' "
            "and a '/' at its end; a comment needs a line of its own",
            f"{path}:8: 'nonsense' is no assignment: expected KEY=VALUE, a [Section] or a # comment")

    def test_what_is_no_text_is_one_error(self):
        place = self.place()
        path = self.write(place.path("x.conf"), b"[Payload]\n\x00\x01\xff\n")
        self.assert_refused(
            self.config("--file", path), f"{path}:2: there is a NUL byte; the file is no text, and is not read")
        path = self.write(place.path("y.conf"), b"[Payload]\n\xff=1\n")
        self.assert_refused(self.config("--file", path), f"{path}:2: the line is not UTF-8: \\xff=1")

    def test_what_is_no_file_is_not_waited_for(self):
        place = self.place()
        os.mkfifo(place.path("fifo"))
        large = self.write(place.path("large"), b"#" * (1 << 20) + b"\n")
        self.assert_refused(self.config("--file", place.path("fifo")),
                            f"read {place.path('fifo')}: invalid argument [EINVAL]")
        self.assert_refused(self.config("--file", large), f"read {large}: file too large [EFBIG]")
        self.assert_refused(self.config("--file", "/etc"), "read /etc: is a directory [EISDIR]")
        self.assert_refused(self.config("--file", "/none"), "open /none: no such file or directory [ENOENT]")
        self.write(large, b"#" * ((1 << 20) - 1) + b"\n")
        self.assertEqual(self.config("--file", large).code, 0)

    def test_nothing_of_a_name_reaches_the_terminal(self):
        path = self.write(self.place().path("a\x1b[1m\u202e.conf"), "[\u202ePayload]\n")
        result = self.config("--file", path)
        self.assertEqual(result.code, 1)
        self.assertNotIn("\x1b", result.stderr)
        self.assertNotIn("\u202e", result.stderr)

    def test_bad_usage(self):
        for words in (["--defaults", "--json"], ["--defaults", "--file", "x"], ["--file"], ["--fil", "x"], ["x"]):
            with self.subTest(words):
                result = self.config(*words)
                self.assertEqual((result.code, result.stdout), (2, ""), result)

    def test_what_cannot_be_written_is_a_failure(self):
        for words in ([], ["--json"], ["--defaults"]):
            with self.subTest(words), open("/dev/full", "wb") as full:
                result = self.config(*words, stdout=full)
                self.assertEqual(
                    (result.code, result.stderr),
                    (125, "exeunt: write standard output: no space left on device [ENOSPC]\n"))


class InstalledConfiguration(ConfigurationCase):
    """Files where they belong."""

    def setUp(self):
        host.require_privilege("files in /etc")
        super().setUp()
        for directory in (ADMIN, VENDOR, "/etc/systemd", "/run/systemd", "/usr/local/lib/systemd"):
            shutil.rmtree(directory, ignore_errors=True)

    def test_without_any_file_everything_is_the_default(self):
        for identity in host.identities():
            files, settings = self.settings(identity=identity)
            self.assertEqual(files, [])
            self.assertEqual({tuple(origins) for _, origins in settings.values()}, {()})
            self.assertEqual(settings["Payload.Ladder"][0], "CONT TERM 5s KILL")
            self.assertEqual(settings["Hooks.TimeoutSec"][0], "30s")

    def test_drop_ins_in_their_order(self):
        self.write(f"{VENDOR}/exeunt.conf", "[Payload]\nLadder=KILL\n")
        self.write(f"{ADMIN}/exeunt.conf", "[Hooks]\nAfter=/etc/exeunt/after.d\nTimeoutSec=10\n")
        self.write(f"{VENDOR}/exeunt.conf.d/10-vendor.conf", "[Payload]\nTrack=cgroup\n[Hooks]\nTimeoutSec=20\n")
        self.write(f"{ADMIN}/exeunt.conf.d/20-site.conf", "[Payload]\nTrack=descent\n")
        self.write(f"{VENDOR}/exeunt.conf.d/30-gone.conf", "[Hooks]\nTimeoutSec=40\n")
        os.symlink("/dev/null", f"{ADMIN}/exeunt.conf.d/30-gone.conf")
        self.write(f"{VENDOR}/exeunt.conf.d/40-emptied.conf", "[Hooks]\nTimeoutSec=50\n")
        self.write(f"{ADMIN}/exeunt.conf.d/40-emptied.conf", "")
        self.write(f"{ADMIN}/exeunt.conf.d/50-old.conf~", "nonsense")
        for identity in host.identities():
            with self.subTest(identity=identity.name):
                files, settings = self.settings(identity=identity)
                self.assertEqual(files, [f"{ADMIN}/exeunt.conf", f"{VENDOR}/exeunt.conf.d/10-vendor.conf",
                                         f"{ADMIN}/exeunt.conf.d/20-site.conf", f"{ADMIN}/exeunt.conf.d/40-emptied.conf"])
                self.assertEqual(settings["Payload.Ladder"], ("CONT TERM 5s KILL", []))
                self.assertEqual(settings["Payload.Track"], ("cgroup descent", [
                    f"{VENDOR}/exeunt.conf.d/10-vendor.conf:2", f"{ADMIN}/exeunt.conf.d/20-site.conf:2"]))
                self.assertEqual(settings["Hooks.TimeoutSec"], ("20s", [f"{VENDOR}/exeunt.conf.d/10-vendor.conf:4"]))
                self.assertEqual(settings["Hooks.After"], ("/etc/exeunt/after.d", [f"{ADMIN}/exeunt.conf:2"]))

    def test_what_logind_says_lies_beneath(self):
        self.write(LOGIND, "[Login]\nNAutoVTs=6\nKillUserProcesses=no\nKillExcludeUsers=backup\n")
        self.write(f"{LOGIND}.d/a.conf", "[Login]\nKillExcludeUsers=root\nKillUserProcesses=maybe\n")
        self.write(f"{ADMIN}/exeunt.conf", "[Session]\nKillOnlyUsers=alice\n")
        for identity in host.identities():
            with self.subTest(identity=identity.name):
                files, settings = self.settings(identity=identity)
                self.assertEqual(files, [f"{ADMIN}/exeunt.conf"])
                self.assertEqual(settings["Session.KillUserProcesses"], ("no", [f"{LOGIND}:3"]))
                self.assertEqual(settings["Session.KillExcludeUsers"],
                                 ("backup root", [f"{LOGIND}:4", f"{LOGIND}.d/a.conf:2"]))
                self.assertEqual(settings["Session.KillOnlyUsers"], ("alice", [f"{ADMIN}/exeunt.conf:2"]))
        self.write(f"{ADMIN}/exeunt.conf", "[Session]\nUseLogindConf=no\n")
        self.assertEqual(self.settings()[1]["Session.KillUserProcesses"], ("yes", []))

    def test_root_does_not_believe_anybodys_logind_conf(self):
        self.write(LOGIND, "[Login]\nKillUserProcesses=no\n", mode=0o666)
        result = self.config()
        self.assertEqual((result.code, result.stdout), (1, ""), result)
        self.assertIn(f"{LOGIND} is not trusted", result.stderr)
        check = self.start_program(self.place(), host.EXEUNT, "check").finish()
        self.assertEqual(check.code, 1, check)
        self.assertIn(f"chmod go-w {LOGIND}", check.stdout)
        self.write(f"{ADMIN}/exeunt.conf", "[Session]\nUseLogindConf=no\n")
        self.assertEqual(self.config().code, 0)

    def test_a_broken_drop_in_spoils_all(self):
        self.write(f"{ADMIN}/exeunt.conf", "[Payload]\nLadder=KILL\n")
        self.write(f"{ADMIN}/exeunt.conf.d/a.conf", "[Payload]\nTrack=x\n")
        self.assert_refused(
            self.config(), f"{ADMIN}/exeunt.conf.d/a.conf:2: Track=: 'x' is not a valid tracker: expected cgroup, descent, "
            "mark:NAME, group or audit")

    def test_what_is_in_the_way_is_said(self):
        os.makedirs(f"{ADMIN}/exeunt.conf.d/a.conf")
        result = self.config()
        self.assertEqual(result.code, 1, result)
        self.assertIn(f"{ADMIN}/exeunt.conf.d/a.conf", result.stderr)
        user = self.config(identity=host.USER)
        self.assert_refused(user, f"read {ADMIN}/exeunt.conf.d/a.conf: is a directory [EISDIR]")
        shutil.rmtree(ADMIN)
        self.write(ADMIN, "")
        self.assertEqual(self.config().code, 1)
        os.unlink(ADMIN)
        os.makedirs(ADMIN, mode=0o700)
        self.assert_refused(
            self.config(identity=host.USER), f"list {ADMIN}: permission denied [EACCES]")
        os.rmdir(ADMIN)

    def test_a_dangling_link_is_no_absence(self):
        os.makedirs(ADMIN)
        os.symlink("/nowhere", f"{ADMIN}/exeunt.conf")
        self.assert_refused(
            self.config(identity=host.USER), f"{ADMIN}/exeunt.conf is listed in its directory, and cannot be found")

    def test_root_believes_only_what_nobody_else_could_write(self):
        path = f"{ADMIN}/exeunt.conf"

        def restored():
            shutil.rmtree(ADMIN, ignore_errors=True)
            os.makedirs(ADMIN)
            self.write(path, "[Payload]\nLadder=KILL\n")

        def link():
            os.rename(path, f"{ADMIN}/real")
            os.symlink("real", path)

        spoilers = {
            "writable": lambda: os.chmod(path, 0o666),
            "group": lambda: (os.chown(path, 0, host.USER.uid), os.chmod(path, 0o664)),
            "owner": lambda: os.chown(path, host.USER.uid, 0),
            "link": link,
            "directory": lambda: os.chmod(ADMIN, 0o777),
            "owner of the directory": lambda: os.chown(ADMIN, host.USER.uid, 0),
            # Whoever may take files away decides as well.
            "empty directory": lambda: (os.unlink(path), os.chmod(ADMIN, 0o777)),
            "mask": lambda: (os.unlink(path), os.symlink("/dev/null", path), os.chmod(ADMIN, 0o777)),
        }
        for name, spoil in spoilers.items():
            with self.subTest(name):
                restored()
                self.assertEqual(self.settings()[1]["Payload.Ladder"], ("KILL", [f"{path}:2"]))
                spoil()
                result = self.config()
                self.assertEqual((result.code, result.stdout), (1, ""), result)
                self.assertIn("is not trusted", result.stderr)
                self.assertIn("'exeunt check'", result.stderr)
