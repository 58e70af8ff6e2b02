# SPDX-License-Identifier: Apache-2.0
"""An application that uses PAM: what to do comes as JSON on standard input, what became of it goes out the same way.

Texts are Latin-1 in the JSON and bytes for libpam, so that a test can give it what is no text.
"""

import ctypes
import json
import os
import resource
import signal
import sys
import time

ITEMS = {"tty": 3, "rhost": 4, "ruser": 8, "xdisplay": 11}
NAME, HANDLE = ctypes.c_char_p, ctypes.c_void_p
libpam = ctypes.CDLL("libpam.so.0", use_errno=True)
libc = ctypes.CDLL(None)
for function, types in (("pam_set_item", [HANDLE, ctypes.c_int, NAME]), ("pam_putenv", [HANDLE, NAME]), ("pam_getenv", [HANDLE, NAME]),
                        ("pam_open_session", [HANDLE, ctypes.c_int]), ("pam_close_session", [HANDLE, ctypes.c_int]),
                        ("pam_end", [HANDLE, ctypes.c_int])):
    getattr(libpam, function).argtypes = types
libpam.pam_getenv.restype = NAME


class Conversation(ctypes.Structure):
    _fields_ = [("function", ctypes.c_void_p), ("data", ctypes.c_void_p)]


class MemoryInUse(ctypes.Structure):
    _fields_ = [(name, ctypes.c_size_t) for name in (
        "arena", "ordblks", "smblks", "hblks", "hblkhd", "usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")]


libc.mallinfo2.restype = MemoryInUse


def state():
    """What a module must leave as it was."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as file:
        fields = dict(line.rstrip("\n").split(":", 1) for line in file)
    umask = os.umask(0)
    os.umask(umask)
    names = (f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd"))
    # The log stays connected: that is libc's, and one for all modules. The listing's own descriptor is gone by now.
    descriptors = sorted(os.readlink(name) for name in names if os.path.exists(name) or os.path.islink(name))
    return {"descriptors": descriptors, "umask": umask, "directory": os.getcwd(),
            **{name: fields[name].strip() for name in ("SigBlk", "SigIgn", "SigCgt", "Threads", "Uid")}}


def start_time():
    with open("/proc/self/stat", encoding="ascii", errors="replace") as file:
        return int(file.read().rpartition(")")[2].split()[19])


class Application:
    """One handle of libpam."""

    def __init__(self, wanted):
        self.handle = HANDLE()
        conversation = Conversation()
        result = libpam.pam_start(wanted["service"].encode(), wanted["user"].encode("latin-1"), ctypes.byref(conversation),
                                  ctypes.byref(self.handle))
        assert result == 0, result
        for name, value in wanted.get("items", {}).items():
            assert libpam.pam_set_item(self.handle, ITEMS[name], value.encode("latin-1")) == 0
        for word in wanted.get("variables", ()):
            assert libpam.pam_putenv(self.handle, word.encode("latin-1")) == 0

    def step(self, name, flags):
        started = time.monotonic()
        code = getattr(libpam, f"pam_{name}_session")(self.handle, flags)
        seconds = time.monotonic() - started
        variable = libpam.pam_getenv(self.handle, b"EXEUNT_SESSION")
        return {"code": code, "seconds": seconds, "variable": variable.decode() if variable is not None else None}

    def end(self):
        libpam.pam_end(self.handle, 0)


def limit(wanted):
    """What some applications are, or what pam_limits has made them before."""
    if wanted.get("file_size") is not None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (wanted["file_size"], resource.RLIM_INFINITY))
    if wanted.get("spare") is not None:
        # The first number that is free is that of the listing itself.
        free = max(int(name) for name in os.listdir("/proc/self/fd"))
        resource.setrlimit(resource.RLIMIT_NOFILE, (free + wanted["spare"], 1024))


def one_round(wanted):
    application = Application(wanted)
    limit(wanted)
    steps = [application.step(name, wanted.get("flags", 0)) for name in wanted["steps"]]
    application.end()
    return steps


def main():
    wanted = json.load(sys.stdin)
    # A name that a careless reader of /proc/PID/stat takes for its fields.
    with open("/proc/self/comm", "w", encoding="ascii") as file:
        file.write(") S 1 (2 3")
    # As in a program that is not Python.
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)
    os.umask(wanted.get("umask", 0o022))
    if "alarms" in wanted:
        signal.signal(signal.SIGALRM, lambda *_: None)
        signal.setitimer(signal.ITIMER_REAL, wanted["alarms"], wanted["alarms"])
    for _ in range(wanted.get("warm", 0)):
        one_round({**wanted, "spare": None, "file_size": None})
    if "uid" in wanted:
        os.seteuid(wanted["uid"])
    before, memory = state(), libc.mallinfo2().uordblks
    for _ in range(wanted.get("rounds", 1)):
        steps = one_round(wanted)
    resource.setrlimit(resource.RLIMIT_NOFILE, (1024, 1024))
    grown, after = libc.mallinfo2().uordblks - memory, state()
    signal.setitimer(signal.ITIMER_REAL, 0)
    json.dump({"steps": steps, "before": before, "after": after, "grown": grown, "pid": os.getpid(), "startTime": start_time()}, sys.stdout)


main()
