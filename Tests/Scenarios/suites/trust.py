# SPDX-License-Identifier: Apache-2.0
"""`exeunt check` on real files: each rule at each place of a path, and what is advised mends it."""

import contextlib
import json
import os
import socket
import subprocess
import unittest

from harness import host
from harness.session import wait_readable


class TrustCase(unittest.TestCase):
    """A fresh tree for each row: BASE/a/b/hook, all of it as it should be."""

    def setUp(self):
        host.require_privilege("owners, and mounts")
        self.count = 0

    def tree(self, name="hook"):
        self.count += 1
        base = f"/opt/{self.id().rpartition('.')[2]}-{self.count}"
        os.makedirs(f"{base}/a/b", mode=0o755)
        path = f"{base}/a/b/{name}"
        with open(path, "w", encoding="ascii") as file:
            file.write("#!/bin/sh\n")
        os.chmod(path, 0o755)
        return path

    def exeunt(self, *arguments, prefix=()):
        """(exit code, standard output). Nothing here may take long, whatever is in the way."""
        process = subprocess.Popen([*prefix, host.EXEUNT, "check", *arguments], stdin=subprocess.DEVNULL,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            stdout, stderr = process.communicate(timeout=host.DEADLINE)
        except subprocess.TimeoutExpired:
            # Not waited for: what waits for a file system's server does so even when it is killed.
            process.kill()
            raise
        self.assertEqual(stderr, b"")
        return process.returncode, stdout.decode()

    def check(self, *paths, prefix=()):
        """The findings by path."""
        code, text = self.exeunt("--json", "--", *paths, prefix=prefix)
        document = json.loads(text)
        self.assertEqual((document["version"], document["trusted"]), (1, code == 0), document)
        self.assertEqual([finding for finding in document["findings"] if finding["state"] == "refused"] != [], code == 1)
        return {finding["path"]: finding for finding in document["findings"]}

    def assert_trusted(self, path, use="execute", prefix=()):
        finding = self.check(path, prefix=prefix)[path]
        self.assertEqual((finding["state"], finding.get("use")), ("trusted", use), finding)

    def assert_refused(self, path, component, rule, prefix=()):
        finding = self.check(path, prefix=prefix)[path]
        self.assertEqual((finding["state"], finding.get("component"), finding.get("rule")),
                         ("refused", component, rule), finding)
        return finding

    def assert_mended(self, path, finding):
        subprocess.run(["sh", "-e", "-c", finding["remedy"]["command"]], check=True)
        self.assert_trusted(path)


def on_the_way(path):
    """The components of a tree's path that belong to it, the file last."""
    parts = path.split("/")
    return ["/".join(parts[:end]) for end in range(3, len(parts) + 1)]


class Trust(TrustCase):
    """What may be wrong with one component."""

    def test_as_it_should_be(self):
        path = self.tree()
        self.assert_trusted(path)
        os.chmod(path, 0o600)
        self.assert_trusted(path, "read")
        self.assert_trusted(os.path.dirname(path), "list")
        self.assert_trusted("/", "list")

    def test_who_may_write_anywhere_on_the_way(self):
        rows = (("chmod o+w", "no-write-for-others"), ("chmod g+w", "no-write-for-group"),
                (f"chown {host.USER.uid}", "owner"),
                (f"setfacl -m u:{host.USER.uid}:rwx", "no-write-by-access-list"),
                (f"setfacl -m g:{host.USER.uid}:rwx", "no-write-by-access-list"),
                (f"chgrp {host.USER.uid} {{0}}; setfacl -m u:{host.USER.uid}:rx,g::rwx", "no-write-for-group"))
        host.require_program("setfacl")
        for command, rule in rows:
            for place in range(4):
                with self.subTest(command=command, place=place):
                    path = self.tree()
                    component = on_the_way(path)[place]
                    subprocess.run(["sh", "-e", "-c", f"{command.format(component)} {component}"], check=True)
                    self.assert_mended(path, self.assert_refused(path, component, rule))

    def test_lists_that_grant_nothing(self):
        host.require_program("setfacl")
        for options in (f"u:{host.USER.uid}:rx", f"u:{host.USER.uid}:rwx,m::rx", "u:0:rwx"):
            with self.subTest(options):
                path = self.tree()
                for component in on_the_way(path):
                    subprocess.run(["setfacl", "-m", options, component], check=True)
                self.assert_trusted(path)
        path = self.tree()
        # What is made in it later is judged by itself.
        subprocess.run(["setfacl", "-d", "-m", f"u:{host.USER.uid}:rwx", os.path.dirname(path)], check=True)
        self.assert_trusted(path)

    def test_sticky_directories(self):
        for mode in (0o1755, 0o1777):
            for place in range(3):
                with self.subTest(mode=oct(mode), place=place):
                    path = self.tree()
                    component = on_the_way(path)[place]
                    os.chmod(component, mode)
                    finding = self.assert_refused(path, component, "no-sticky-directory")
                    if mode == 0o1755:
                        self.assert_mended(path, finding)
                    else:
                        subprocess.run(["sh", "-e", "-c", finding["remedy"]["command"]], check=True)
                        self.assert_trusted("/etc/exeunt/hook")

    def test_links_at_each_place(self):
        for place in range(4):
            with self.subTest(place):
                path = self.tree()
                component = on_the_way(path)[place]
                os.rename(component, f"{component}.real")
                os.symlink(f"{component}.real", component)
                finding = self.assert_refused(path, component, "no-link")
                real = subprocess.run(["sh", "-c", finding["remedy"]["command"]], check=True, stdout=subprocess.PIPE)
                self.assert_trusted(real.stdout.decode().rstrip("\n"))

    def test_a_link_to_nothing_and_to_itself(self):
        path = self.tree()
        for target in ("/nonexistent", path):
            os.unlink(path)
            os.symlink(target, path)
            self.assert_refused(path, path, "no-link")
        # What /proc shows are links as well, whatever they look like.
        self.assert_refused("/proc/1/root/etc/passwd", "/proc/1", "owner") if os.stat("/proc/1").st_uid else \
            self.assert_refused("/proc/1/root/etc/passwd", "/proc/1/root", "no-link")

    def test_set_id_bits(self):
        for mode in (0o4755, 0o2755, 0o6755):
            path = self.tree()
            os.chmod(path, mode)
            self.assert_mended(path, self.assert_refused(path, path, "no-set-id"))
        path = self.tree()
        os.chmod(os.path.dirname(path), 0o2755)
        self.assert_trusted(path)

    def test_hard_links(self):
        path = self.tree()
        os.makedirs("/opt/sticky", exist_ok=True)
        os.chmod("/opt/sticky", 0o1777)
        os.link(path, "/opt/sticky/hook")
        self.assert_refused("/opt/sticky/hook", "/opt/sticky", "no-sticky-directory")
        # A second name elsewhere lets nobody write.
        self.assert_trusted(path)
        os.chown(path, host.USER.uid, 0)
        other = self.tree()
        os.link(path, f"{other}2")
        self.assert_refused(f"{other}2", f"{other}2", "owner")

    def test_paths_that_are_not_canonical(self):
        path = self.tree()
        directory, name = os.path.split(path)
        for text in (path[1:], f"./{name}", f"{directory}/./{name}", f"{directory}/../b/{name}", f"{directory}//{name}",
                     f"/{path}", f"{path}/", f"{path}/.", f"{path}/..", ""):
            with self.subTest(text):
                self.assert_refused(text, text, "canonical-path")

    def test_what_is_no_file(self):
        path = self.tree()
        for make in (os.mkfifo, lambda name: os.mknod(name, 0o20755, os.makedev(1, 3)), bind):
            os.unlink(path)
            make(path)
            os.chmod(path, 0o755)
            self.assert_refused(path, path, "regular-file")
            self.assert_refused(f"{path}/x", path, "directory")


def bind(path):
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(path)


class TrustOfHosts(TrustCase):
    """Mounts, servers that refuse, and who asks."""

    @contextlib.contextmanager
    def mounted(self, *arguments):
        subprocess.run(["mount", *arguments], check=True)
        try:
            yield
        finally:
            subprocess.run(["umount", "--lazy", arguments[-1]], check=True)

    def test_bind_mounts(self):
        path, other = self.tree(), self.tree()
        for place in range(4):
            source, target = on_the_way(other)[place], on_the_way(path)[place]
            with self.subTest(place), self.mounted("--bind", source, target):
                self.assert_trusted(path)
                os.chown(source, host.USER.uid, 0)
                self.assert_refused(path, target, "owner")
                os.chown(source, 0, 0)
        with self.mounted("--bind", "/tmp", os.path.dirname(path)):
            self.assert_refused(path, os.path.dirname(path), "no-sticky-directory")
        self.assert_trusted(path)

    @contextlib.contextmanager
    def served(self, directory, options):
        """A file system whose server answers no look-up of `parked`."""
        if not os.path.exists("/dev/fuse"):
            raise unittest.SkipTest("kernel: no /dev/fuse")
        server = subprocess.Popen([host.FUSE_SERVER, directory, options], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.PIPE)
        try:
            wait_readable(server.stdout.fileno(), what="the file system")
            yield
        finally:
            server.kill()
            server.wait()
            server.stdout.close()
            subprocess.run(["umount", "--lazy", directory], check=True)

    def test_file_systems_of_users(self):
        directory = os.path.dirname(self.tree())
        for options, rule in ((f"user_id={host.USER.uid},allow_other", "no-user-mount"),
                              (f"user_id={host.USER.uid},allow_other,default_permissions", "no-user-mount"),
                              # Closed even to root.
                              (f"user_id={host.USER.uid}", "can-be-seen"), ("user_id=0,allow_other", "modes-apply")):
            # Nothing is asked of the server: it would not answer. No subtests, since each would wait for that.
            with self.served(directory, options):
                self.assert_refused(f"{directory}/parked", directory, rule)
                self.assert_refused(f"{directory}/parked/hook", directory, rule)
        with self.served(directory, "user_id=0,allow_other,default_permissions"):
            # Its files are writable by all, which the kernel would apply.
            self.assert_refused(f"{directory}/page", f"{directory}/page", "no-write-for-others")

    def test_root_that_may_not_look(self):
        # As on a server that takes root for nobody.
        squashed = ("setpriv", "--bounding-set=-dac_override,-dac_read_search", "--inh-caps=-all")
        for place in range(3):
            path = self.tree()
            component, below = on_the_way(path)[place:place + 2]
            os.chmod(component, 0)
            finding = self.assert_refused(path, below, "can-be-seen", prefix=squashed)
            self.assertEqual(finding["errno"], "EACCES")
        path = self.tree()
        # To be listed is more than to be passed through.
        os.chmod(os.path.dirname(path), 0o111)
        self.assert_trusted(path, prefix=squashed)
        finding = self.check(os.path.dirname(path), prefix=squashed)[os.path.dirname(path)]
        self.assertEqual((finding["state"], finding["errno"]), ("refused", "EACCES"), finding)

    def test_nobody_learns_what_is_there(self):
        path = self.tree()
        os.chmod(os.path.dirname(path), 0o700)
        user = ("setpriv", f"--reuid={host.USER.uid}", f"--regid={host.USER.uid}", "--clear-groups")
        absent = f"{path}-absent"
        for arguments in ((), ("--json",)):
            answers = [self.exeunt(*arguments, name, prefix=user)[1].replace(name, "NAME")
                       for name in (path, absent, "/opt/absent", f"{absent}/x")]
            self.assertEqual(len(set(answers)), 1, answers)
        self.assertEqual(self.check(absent)[absent]["errno"], "ENOENT")

    def test_without_proc_nothing_is_trusted(self):
        path = self.tree()
        prefix = ("unshare", "--mount", "sh", "-c", 'exec 3<"$0"; umount --lazy /proc; exec "$@"', path)
        process = subprocess.run([*prefix, host.EXEUNT, "check", path], check=False, stdout=subprocess.PIPE,
                                 stderr=subprocess.STDOUT)
        self.assertNotEqual(process.returncode, 0, process.stdout)


class HookDirectories(TrustCase):
    """Directories of hooks, and what `exeunt check` says to people."""

    def make(self, directory, name, mode=0o755):
        with open(f"{directory}/{name}", "w", encoding="utf-8") as file:
            file.write("#!/bin/sh\n")
        os.chmod(f"{directory}/{name}", mode)

    def test_entries(self):
        directory = os.path.dirname(self.tree("50-last"))
        for name in ("10-a", "10_b", "B", "a.sh", ".hidden", "x~", "y.dpkg-old"):
            self.make(directory, name)
        self.make(directory, "off", 0o644)
        self.make(directory, "open", 0o757)
        os.mkdir(f"{directory}/sub")
        os.symlink("10-a", f"{directory}/link")
        findings = self.check(directory)
        states = {os.path.basename(path): finding["state"] for path, finding in findings.items()}
        self.assertEqual(states, {
            "b": "trusted", "10-a": "trusted", "10_b": "trusted", "50-last": "trusted", "B": "trusted", "link": "refused",
            "open": "refused", ".hidden": "skipped", "a.sh": "skipped", "off": "skipped", "sub": "skipped",
            "x~": "skipped", "y.dpkg-old": "skipped"})
        order = [os.path.basename(path) for path in findings]
        self.assertEqual(order[1:8], ["10-a", "10_b", "50-last", "B", "link", "open", ".hidden"])

    def test_text(self):
        path = self.tree()
        os.chmod(path, 0o775)
        self.make(os.path.dirname(path), "x~")
        code, text = self.exeunt(os.path.dirname(path))
        directory = os.path.dirname(path)
        self.assertEqual(code, 1)
        self.assertEqual(text, "\n".join((
            f"trusted      {directory}", f"not trusted  {path}",
            f"             {path} may be written to by its group 0",
            "             -> let its group not write:", f"                chmod g-w {path}",
            f"skipped      {directory}/x~ (no hook by its name: only letters, digits, '_' and '-' are)\n")))

    def test_hostile_names(self):
        for name in ("a b", "a'b", 'a"$(id)', "a\nb", "-rf", "a\\b", "\x1b[31m", "é"):
            with self.subTest(name):
                path = self.tree(name)
                os.chmod(path, 0o777)
                code, text = self.exeunt("--json", path)
                finding = json.loads(text)["findings"][0]
                self.assertEqual((code, finding["rule"]), (1, "no-write-for-others"))
                self.assertNotIn("\x1b", finding["path"] + finding["remedy"]["command"])
                subprocess.run(["bash", "-e", "-c", finding["remedy"]["command"]], check=True)
                self.assertEqual(self.exeunt(path)[0], 0)

    def test_names_that_are_not_text(self):
        path = os.fsencode(self.tree()) + b"\xff"
        with open(path, "wb"):
            os.chmod(path, 0o666)
        finding = json.loads(self.exeunt(path, "--json")[1])["findings"][0]
        self.assertTrue(finding["path"].endswith("hook\\xff"), finding)
        subprocess.run(["bash", "-e", "-c", finding["remedy"]["command"]], check=True)
        self.assertEqual(self.exeunt(path)[0], 0)

    def test_what_cannot_be_written_is_a_failure(self):
        with open("/dev/full", "wb") as full:
            process = subprocess.run([host.EXEUNT, "check", self.tree()], stdout=full, stderr=subprocess.PIPE, check=False)
        self.assertEqual((process.returncode, process.stderr),
                         (125, b"exeunt: write standard output: no space left on device [ENOSPC]\n"))
