# SPDX-License-Identifier: Apache-2.0
"""`exeunt doctor` on hosts that lack this or that: what it says is so, what it advises helps, and nothing stays."""

import json
import os
import pty
import signal
import socket
import subprocess

from harness import host
from harness.case import ScenarioCase
from harness.session import entered, wait_readable

WEAK = ["descent", "mark:EXEUNT_SESSION"]
STRONG = ["cgroup", "descent"]


class DoctorCase(ScenarioCase):
    """Starts the doctor in a place, as its user, with or without a prefix that changes its surroundings."""

    def start(self, place, arguments, prefix=(), **options):
        identity = place.identity
        drop = {} if identity is host.SELF or identity.is_root else {
            "user": identity.uid, "group": identity.uid, "extra_groups": []}
        environment = {"PATH": os.environ["PATH"], "LANG": "C.UTF-8", **options.pop("environment", {})}
        streams = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
        with entered(place):
            return subprocess.Popen([*prefix, *arguments], env=environment, cwd="/", **{**streams, **drop, **options})

    def doctor(self, place, *arguments, prefix=(), **options):
        """(exit code, standard output, standard error)"""
        process = self.start(place, [host.EXEUNT, "doctor", *arguments], prefix, **options)
        stdout, stderr = process.communicate(timeout=host.DEADLINE)
        self.assertEqual(place.children(), [], "a control group is left behind")
        return process.returncode, (stdout or b"").decode(), (stderr or b"").decode()

    def examine(self, place, prefix=(), code=0, **options):
        """The document, with its findings by id."""
        found, stdout, stderr = self.doctor(place, "--json", prefix=prefix, **options)
        self.assertEqual((found, stderr), (code, ""), stdout)
        return self.document(stdout)

    def document(self, text):
        document = json.loads(text)
        self.assertEqual(document["version"], 1)
        document["by_id"] = {finding["id"]: finding for finding in document["findings"]}
        self.assertEqual(len(document["by_id"]), len(document["findings"]))
        for finding in document["findings"]:
            self.assertIn(finding["state"], ("yes", "partly", "no"))
            self.assertTrue(finding["found"] and finding["meaning"].endswith("."), finding)
        return document

    def changed(self, script):
        """A prefix that runs the script in a mount namespace of its own, and what follows as the user."""
        return ["unshare", "--mount", "--propagation", "private", "sh", "-c", script + '; exec "$@"', "sh"]


class Doctor(DoctorCase):
    """What holds for everybody."""

    def test_everybody_is_told_what_a_run_would_use(self):
        for identity in host.identities():
            with self.subTest(identity=identity.name):
                place = self.place(identity)
                document = self.examine(place)
                if identity is not host.SELF:
                    self.assertEqual(document["trackers"], STRONG if identity.delegated else WEAK)
                self.assertTrue(document["strong"])
                expected = "yes" if document["trackers"] == STRONG else "no"
                self.assertEqual(document["by_id"]["tracker.cgroup"]["state"], expected)
                session = ScenarioCase.start(self, place, [], ["true"]).finish()
                used = [tracker["evidence"] for tracker in session.record["trackers"]]
                self.assertEqual(used, [word.partition(":")[0] for word in document["trackers"]])

    def test_text_is_coloured_on_a_terminal_only(self):
        place = self.place()
        self.assertNotIn("\x1b", self.doctor(place)[1])
        for environment, coloured in (({"TERM": "xterm"}, True), ({"TERM": "xterm", "NO_COLOR": "1"}, False),
                                      ({"TERM": "xterm", "NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)):
            with self.subTest(environment=environment):
                ours, theirs = pty.openpty()
                process = self.start(place, [host.EXEUNT, "doctor"], stdout=theirs, environment=environment)
                os.close(theirs)
                text = b""
                try:
                    while part := os.read(ours, 65536):
                        text += part
                except OSError:
                    pass  # How a terminal says that nobody is at the other end any more.
                os.close(ours)
                process.communicate()
                self.assertIn(b"Trackers", text)
                self.assertEqual(b"\x1b" in text, coloured)

    def test_a_signal_at_any_moment_leaves_nothing_behind(self):
        place = self.place()
        for step in range(60):
            process = self.start(place, [host.EXEUNT, "doctor"])
            try:
                process.wait(step / 1000)
            except subprocess.TimeoutExpired:
                process.send_signal(signal.SIGTERM)
            process.communicate(timeout=host.DEADLINE)
            self.assertEqual(place.children(), [], f"after {step} ms")

    def test_what_cannot_be_written_is_a_failure(self):
        with open("/dev/full", "wb") as full:
            code, _, stderr = self.doctor(self.place(), stdout=full)
        self.assertEqual((code, stderr), (125, "exeunt: write standard output: no space left on device [ENOSPC]\n"))

    def test_a_display_that_does_not_answer_is_given_up(self):
        place = self.place()
        with socket.socket(socket.AF_UNIX) as server:
            server.bind(place.path("wayland"))
            os.chmod(place.path("wayland"), 0o777)
            server.listen(0)
            with socket.socket(socket.AF_UNIX) as first:
                first.connect(place.path("wayland"))
                document = self.examine(place, environment={
                    "WAYLAND_DISPLAY": "wayland", "XDG_RUNTIME_DIR": place.directory, "DISPLAY": ":1234"})
        self.assertTrue(document["by_id"]["host.wayland"]["found"].endswith("does not answer"))
        self.assertIn("ENOENT", document["by_id"]["host.x11"]["found"])


class DoctorAsRoot(DoctorCase):
    """Hosts that lack something, made by root."""

    def setUp(self):
        host.require_privilege("mounts, and users")
        super().setUp()

    def follow(self, place, text):
        """Does as root what is advised last for the tracker cgroup."""
        remedy = self.document(text)["by_id"]["tracker.cgroup"]["remedies"][-1]
        self.assertTrue(remedy["what"].startswith("as root"), remedy)
        subprocess.run(["sh", "-e", "-c", remedy["command"]], check=True)

    def assert_advice_helps(self, place, before):
        """The doctor is asked, its advice is followed, and it is asked again by the same shell."""
        script = f"{before}; {host.EXEUNT} doctor --json; read answer; {host.EXEUNT} doctor --json; :"
        shell = self.start(place, ["sh", "-c", script], stdin=subprocess.PIPE)
        wait_readable(shell.stdout.fileno())
        self.follow(place, shell.stdout.readline())
        stdout, _ = shell.communicate(b"done\n", timeout=host.DEADLINE)
        self.assertEqual(self.document(stdout)["trackers"], STRONG)

    def test_a_user_without_a_group_gets_one(self):
        self.assert_advice_helps(self.place(host.LONE_USER), ":")

    def test_a_user_with_half_a_group_gets_the_rest(self):
        place = self.place(host.LONE_USER)
        os.chown(place.cgroup, place.identity.uid, place.identity.uid)
        self.assert_advice_helps(place, ":")

    def test_a_group_for_threads_is_left(self):
        place = self.place(host.ROOT)
        os.mkdir(f"{place.cgroup}/threads")
        with open(f"{place.cgroup}/threads/cgroup.type", "w", encoding="ascii") as file:
            file.write("threaded")
        self.assert_advice_helps(place, f"echo $$ >{place.cgroup}/threads/cgroup.procs")

    def test_without_cgroups(self):
        for identity in host.identities():
            for script, state, word in (("umount /sys/fs/cgroup", "no", "not mounted"),
                                        ("mount -o remount,bind,ro /sys/fs/cgroup", "yes", None)):
                with self.subTest(identity=identity.name, script=script):
                    place = self.place(identity)
                    document = self.examine(place, self.as_user(identity, script), user=0, group=0)
                    self.assertEqual(document["trackers"], WEAK)
                    self.assertEqual(document["by_id"]["cgroup.layout"]["state"], state)
                    self.assertIn(word or "EROFS" if identity.delegated or word else "EACCES",
                                  document["by_id"]["tracker.cgroup"]["found"])
                    self.assertTrue(document["by_id"]["tracker.cgroup"]["remedies"])

    def as_user(self, identity, script):
        uid = str(identity.uid)
        return [*self.changed(script), "setpriv", "--reuid", uid, "--regid", uid, "--clear-groups"]

    def test_hidden_processes_of_others(self):
        for option, word in (("hidepid=1", "listed"), ("hidepid=2", "not even listed")):
            with self.subTest(option):
                prefix = self.as_user(host.USER, f"mount -t proc -o {option} proc /proc")
                finding = self.examine(self.place(host.USER), prefix, user=0, group=0)["by_id"]["proc.others"]
                self.assertEqual(finding["state"], "partly")
                self.assertTrue(finding["found"].startswith(word), finding)

    def test_a_foreign_proc_is_refused_by_both(self):
        place = self.place(host.ROOT)
        document = self.examine(place, ["unshare", "--pid", "--fork"], code=1)
        self.assertEqual((document["trackers"], document["strong"]), ([], False))
        process = self.start(place, [host.EXEUNT, "run", "--", "true"], ["unshare", "--pid", "--fork"])
        _, stderr = process.communicate(timeout=host.DEADLINE)
        self.assertEqual(process.returncode, 125)
        self.assertIn(b"another pid namespace", stderr)
        document = self.examine(place, ["unshare", "--pid", "--fork", "--mount-proc"])
        self.assertEqual(document["trackers"], STRONG)

    def test_without_proc_nothing_is_run_silently(self):
        place = self.place(host.ROOT)
        for arguments in (["doctor"], ["run", "--", "true"]):
            process = self.start(place, [host.EXEUNT, *arguments], self.changed("umount --lazy /proc"))
            _, stderr = process.communicate(timeout=host.DEADLINE)
            self.assertEqual(process.returncode, 125, stderr)
            self.assertIn(b"is /proc mounted?", stderr)
