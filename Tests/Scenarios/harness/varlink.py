# SPDX-License-Identifier: Apache-2.0
"""A stand-in for exeuntd that answers as a test wants."""

import json
import os
import socket
import struct
import threading
from dataclasses import dataclass

from . import host

DIRECTORY = "/run/exeunt"
PATH = f"{DIRECTORY}/io.exeunt"


@dataclass
class Call:
    """What has been asked, and by whom."""

    method: str
    parameters: dict
    pid: int


class Server:
    """Listens from when it is made until it is closed, and serves one connection after the other.

    `behave(connection, call)` gets each call, after it was read whole, unless it has the attribute `unasked`.
    """

    def __init__(self, behave, owner=0):
        self.behave = behave
        self.calls = []
        self.complaints = []
        os.makedirs(DIRECTORY, 0o755, exist_ok=True)
        if os.path.exists(PATH):
            os.unlink(PATH)
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(PATH)
        os.chmod(PATH, 0o666)
        # Peers see who has called listen(2).
        os.seteuid(owner)
        self.listener.listen(16)
        os.seteuid(0)
        self.thread = threading.Thread(target=self.serve)
        self.thread.start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def serve(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(host.DEADLINE)
                try:
                    self.converse(connection)
                except (ConnectionResetError, BrokenPipeError):
                    pass
                except Exception as error:  # pylint: disable=broad-except
                    self.complaints.append(repr(error))

    def converse(self, connection):
        if getattr(self.behave, "unasked", False):
            self.behave(connection, None)
            return
        text = b""
        while not text.endswith(b"\0"):
            part = connection.recv(65536)
            if not part:
                return
            text += part
        # Strict: what is no UTF-8 or no JSON fails here, and the test with it.
        asked = json.loads(text[:-1].decode())
        peer = struct.unpack("3i", connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        call = Call(asked.pop("method"), asked.pop("parameters"), peer[0])
        self.calls.append(call)
        assert not asked, asked
        self.behave(connection, call)

    def close(self):
        """Nobody is served any more; the socket's name stays, as after a crash."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.thread.join()
        self.listener.close()
        assert not self.complaints, self.complaints


def right_answer(call, nested=False, session=None, empty=True):
    session = session or call.parameters.get("session")
    if call.method.endswith(".Open"):
        return {"parameters": {"session": session, "nested": nested}}
    return {"parameters": {"session": session, "empty": empty, "verdict": "clean"}}


def answering(**how):
    """Answers as exeuntd does."""
    return lambda connection, call: connection.sendall(json.dumps(right_answer(call, **how)).encode() + b"\0")


def saying(text):
    """Says this, whatever was asked."""
    return lambda connection, call: connection.sendall(text)


def in_pieces(connection, call):
    """The right answer, a byte at a time."""
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1)
    for byte in json.dumps(right_answer(call)).encode() + b"\0":
        connection.sendall(bytes([byte]))


def silent(connection, _):
    """Takes the call, and answers nothing for as long as the caller stays."""
    while connection.recv(65536):
        pass


def endless(connection, _):
    """Never comes to an end."""
    while True:
        connection.sendall(b'{"parameters":' + b" " * 4096)


def hanging_up(_connection, _call):
    """Reads, and closes the connection."""


def hanging_up_unasked(_connection, _call):
    """Closes the connection before anything was asked."""


hanging_up_unasked.unasked = True


def trickling(connection, _):
    """Something comes all the time, and never an end."""
    connection.settimeout(0.05)
    while True:
        connection.sendall(b" ")
        try:
            if not connection.recv(1):
                return
        except TimeoutError:
            pass
