# SPDX-License-Identifier: Apache-2.0
"""What a hook is and has: nothing of the payload's, and whom it runs as and is trusted to."""

import json
import os
import signal
import subprocess

from harness import host
from harness.case import PATIENT
from harness.hooks import HookCase
from harness.session import read

# Not that of the tests, which may lie where ordinary users cannot look.
PYTHON = "/usr/bin/python3"
# What a hook sees of itself. Python ignores PIPE and handles INT: signals are another hook's.
FACTS = """
import json, os
descriptors = {}
for name in os.listdir("/proc/self/fd"):
    try:
        descriptors[name] = os.readlink("/proc/self/fd/" + name)
    except OSError:
        pass
status = dict(line.split(":", 1) for line in open("/proc/self/status").read().splitlines())
facts = {"environment": dict(os.environ), "directory": os.getcwd(), "descriptors": descriptors,
         "status": {name: value.split() for name, value in status.items()}, "pid": os.getpid(),
         "session": os.getsid(0), "group": os.getpgrp(), "umask": os.umask(0), "arguments": __import__("sys").argv,
         "cgroup": open("/proc/self/cgroup").read().split("0::")[-1].strip()}
if "EXEUNT_RECORD" in os.environ:
    facts["record"] = open(os.environ["EXEUNT_RECORD"]).read()
    facts["again"] = open(os.environ["EXEUNT_RECORD"]).read()
    try:
        os.close(os.open(os.environ["EXEUNT_RECORD"], os.O_RDWR))
        facts["writable"] = os.pwrite(int(os.environ["EXEUNT_RECORD"].split("/")[-1]), b"x", 0)
    except OSError as error:
        facts["refused"] = error.errno
with open("%s", "w") as file:
    json.dump(facts, file)
"""
HOSTILE = {"LD_PRELOAD": "libc.so.6", "LD_LIBRARY_PATH": "/nowhere", "BASH_ENV": "/nowhere/x", "ENV": "/nowhere/x",
           "IFS": "x", "TERM": "vt100", "EXEUNT_VERDICT": "forged", "EXEUNT_RECORD": "/nowhere/x", "PYTHONPATH": "/nowhere", "HOME": "/nowhere"}


class Conditions(HookCase):
    """What a hook is and has."""

    def facts(self, place, options=(), payload="exit 3", owner=None, phase="after", **caller):
        path = self.write_hook(place, "facts", FACTS % place.path("facts"), owner, f"{PYTHON} -I")
        option = "--before" if phase == "before" else "--epilogue"
        result = self.start(place, [option, path, *options], ["sh", "-c", payload, place.token], **caller).finish()
        self.assert_hooks(result, (phase, 0))
        with open(place.path("facts"), encoding="utf-8") as file:
            return result, json.load(file)

    def test_environment(self):
        for identity in host.identities():
            for phase in ("before", "after"):
                with self.subTest(f"{identity.name} {phase}"):
                    place = self.place(identity)
                    result, facts = self.facts(place, phase=phase, environment=HOSTILE)
                    session = result.record["session"]
                    expected = {
                        "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                        "EXEUNT_PHASE": phase, "EXEUNT_SESSION_ID": session["id"],
                        "EXEUNT_SESSION": f"{session['id']}-{phase}-1", "EXEUNT_REASON": "payload-exited",
                        "EXEUNT_OWNER_UID": str(identity.uid), "EXEUNT_LEADER_PID": str(session["leader"]["pid"]),
                        "EXEUNT_EXIT_CODE": "3"}
                    if phase == "after":
                        expected["EXEUNT_VERDICT"] = "clean"
                        record = facts["environment"].pop("EXEUNT_RECORD")
                        self.assertRegex(record, "^/proc/self/fd/[0-9]+$")
                    facts["environment"].pop("LC_CTYPE", None)  # Python's own.
                    self.assertEqual(facts["environment"], expected)

    def test_signalled_payload(self):
        place = self.place()
        _, facts = self.facts(place, payload="kill -9 $$")
        self.assertEqual(facts["environment"].get("EXEUNT_EXIT_SIGNAL"), "9")
        self.assertNotIn("EXEUNT_EXIT_CODE", facts["environment"])

    def test_surroundings(self):
        for identity in host.identities():
            for phase in ("before", "after"):
                with self.subTest(f"{identity.name} {phase}"):
                    place = self.place(identity)
                    result, facts = self.facts(
                        place, phase=phase, prepare=lambda: (os.umask(0), os.dup2(2, 9)))
                    self.assertEqual(facts["directory"], "/")
                    self.assertEqual(facts["umask"], 0o77)
                    self.assertEqual(facts["arguments"][1:], [])
                    self.assertEqual((facts["session"], facts["group"]), (facts["pid"], facts["pid"]))
                    self.assertEqual([facts["descriptors"][name] for name in "012"], ["/dev/null"] * 3)
                    # The script's own, and the record's.
                    others = sorted(target for name, target in facts["descriptors"].items() if name not in "012")
                    expected = {self.hook_path(place, "facts"), *(["/memfd:record (deleted)"] * (phase == "after"))}
                    self.assertEqual(others, sorted(expected))
                    self.assertEqual(facts["status"]["Uid"], [str(identity.uid)] * 4)
                    if identity.is_root and host.PRIVILEGED:
                        self.assertEqual(facts["status"]["Groups"], [])
                    if identity.delegated and host.PRIVILEGED:
                        leaf = f"exeunt-{result.record['session']['id']}-{phase}-1"
                        self.assertEqual(facts["cgroup"], f"/{place.token}/{leaf}")
                    self.assert_nothing_left(place)

    def test_supplementary_groups_of_roots_caller_are_gone(self):
        host.require_privilege()
        place = self.place()
        _, facts = self.facts(place, prepare=lambda: os.setgroups([7, 8]))
        self.assertEqual(facts["status"]["Groups"], [])

    def test_signals(self):
        for phase in ("before", "after"):
            with self.subTest(phase):
                place = self.place()
                # Not of the shell, which blocks signals while it forks.
                script = f"exec grep -E '^Sig(Blk|Ign)' /proc/self/status >{place.path('signals')}"
                hooks = {"before": None, "after": None, phase: script}
                ignored = (signal.SIGHUP, signal.SIGINT, signal.SIGPIPE, signal.SIGTERM, signal.SIGUSR1)
                result = self.run_hooks(place, [], "true", **hooks, prepare=lambda: (
                    [signal.signal(number, signal.SIG_IGN) for number in ignored],
                    signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGUSR2, signal.SIGTERM])))
                self.assert_hooks(result, (phase, 0))
                self.assertEqual([line.split()[1] for line in read(place.path("signals")).splitlines()], ["0" * 16] * 2)

    def test_record_of_the_ending_so_far(self):
        for identity in host.identities():
            with self.subTest(identity.name):
                place = self.place(identity)
                self.write_hook(place, "d/1", "exit 0")
                self.write_hook(place, "d/2", FACTS % place.path("facts"), interpreter=f"{PYTHON} -I")
                result = self.start(
                    place, ["--epilogue", self.hook_path(place, "d"), "--ladder", PATIENT],
                    self.shape(place, "setsid-daemon")).finish()
                self.assert_hooks(result, ("after", 0), ("after", 0))
                facts = json.loads(read(place.path("facts")))
                record = json.loads(facts["record"])
                self.assertEqual(facts["again"], facts["record"], "it can be read as often as one likes")
                self.assertEqual(self.schema.problems(record), [])
                for key in ("session", "verdict", "reason", "payload", "processes", "ladder", "trackers", "exitCode"):
                    self.assertEqual(record.get(key), result.record.get(key), key)
                self.assertEqual(record["hooks"], result.record["hooks"][:1])
                self.assertNotIn("writable", facts)
                self.assertIn("refused", facts)

    def test_record_is_not_for_others(self):
        host.require_privilege()
        place = self.place()
        ready, go = self.make_fifo(place, "ready"), self.make_fifo(place, "go")
        session = self.start_hooks(
            place, [], "true", None, f"echo /proc/$$/fd/${{EXEUNT_RECORD##*/}} >{ready}; read x <{go}")
        path = self.read_fifo(session, ready).strip()
        self.assertIn(b'"verdict"', subprocess.run(["cat", path], check=True, stdout=subprocess.PIPE).stdout)
        other = subprocess.run(["cat", path], check=False, user=host.USER.uid, group=host.USER.uid, extra_groups=[],
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.assertEqual((other.returncode, other.stdout), (1, b""))
        self.assertIn(b"Permission denied", other.stderr)
        self.write_fifo(go)
        self.assert_hooks(session.finish(), ("after", 0))


class Identities(HookCase):
    """As whom a hook runs, and whom it is trusted to."""

    @classmethod
    def setUpClass(cls):
        host.require_privilege()
        super().setUpClass()

    def test_before_as_the_payload_and_after_as_root(self):
        place = self.place()
        show = "{ id -u; id -g; id -G; echo $HOME $USER; } >%s"
        result = self.run_hooks(place, ["--user", host.USER.name], "true", show % place.path("early"),
                                show % place.path("late"), prepare=lambda: os.setgroups([7]))
        self.assert_hooks(result, ("before", 0), ("after", 0))
        uid = str(host.USER.uid)
        self.assertEqual(read(place.path("early")).split(), [uid, uid, uid, "/tmp", host.USER.name])
        self.assertEqual(read(place.path("late")).split(), ["0", "0", "0"])

    def test_epilogue_of_another_user(self):
        uid = host.STRANGER.uid
        for owner, options, code in ((0, ["--epilogue-user", host.STRANGER.name], 0),
                                     (uid, ["--epilogue-user", host.STRANGER.name], 0),
                                     (host.USER.uid, ["--epilogue-user", host.STRANGER.name], 125), (uid, [], 125)):
            with self.subTest(f"{owner} {options}"):
                place = self.place()
                path = self.write_hook(place, "e", f"id -u >{place.path('who')}; id -G >>{place.path('who')}", owner)
                result = self.start(place, ["--epilogue", path, *options], ["touch", place.path("payload")]).finish()
                self.assertEqual(result.code, code, result)
                if code == 0:
                    self.assertEqual(read(place.path("who")).split(), [str(uid)] * 2, result)
                else:
                    self.assertIn(f"is not trusted: it belongs to user {owner}", result.stderr)
                    self.assertFalse(os.path.exists(place.path("payload")), "nothing is started")

    def test_the_epilogues_user_is_not_trusted_with_what_root_runs(self):
        place = self.place()
        early = self.write_hook(place, "b", "", owner=host.STRANGER.uid)
        late = self.write_hook(place, "e", "", owner=host.STRANGER.uid)
        result = self.start(place, ["--before", early, "--epilogue", late, "--epilogue-user", host.STRANGER.name],
                            ["true"]).finish()
        self.assertEqual((result.code, self.ran(place)), (125, []), result)
        self.assertIn(f"{early} is not trusted", result.stderr)

    def test_ones_own_hooks_are_ones_own(self):
        for owner, code in ((host.USER.uid, 0), (0, 0), (host.STRANGER.uid, 125)):
            with self.subTest(owner):
                place = self.place(host.USER)
                path = self.write_hook(place, "e", "", owner)
                result = self.start(place, ["--epilogue", path], ["true"]).finish()
                self.assertEqual((result.code, len(self.ran(place))), (code, 1 if code == 0 else 0), result)
