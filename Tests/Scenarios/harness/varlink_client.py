# SPDX-License-Identifier: Apache-2.0
"""As much of a Varlink client as tests need."""

import contextlib
import json
import os
import socket

from . import host

SOCKET = "/run/exeunt/io.exeunt"
INTERFACE = "io.exeunt.Sessions"


class VarlinkError(Exception):
    """An error that was answered: its name without the interface, and its parameters."""

    def __init__(self, answer):
        super().__init__(json.dumps(answer))
        self.name = answer["error"].rpartition(".")[2]
        self.parameters = answer.get("parameters", {})


@contextlib.contextmanager
def acting_as(identity):
    """The kernel notes who connects, not who speaks."""
    if identity is None or identity.is_root:
        yield
        return
    groups = os.getgroups()
    os.setgroups([])
    os.setegid(identity.uid)
    os.seteuid(identity.uid)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)
        os.setgroups(groups)


class Client:
    """A connection of root's, or of somebody else's."""

    def __init__(self, identity=None):
        self.socket = socket.socket(socket.AF_UNIX)
        # Blocking: whoever does not wait for her turn is refused where others push in.
        with acting_as(identity):
            self.socket.connect(SOCKET)
        self.socket.settimeout(host.DEADLINE)
        self.buffer = b""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.socket.close()

    def send(self, method, more=None, **parameters):
        name = method if "." in method else f"{INTERFACE}.{method}"
        call = {"method": name, "parameters": parameters, **({"more": True} if more else {})}
        self.socket.sendall(json.dumps(call).encode() + b"\0")

    def receive(self):
        """The next message, as it is."""
        while b"\0" not in self.buffer:
            data = self.socket.recv(1 << 16)
            if not data:
                raise ConnectionError("exeuntd has hung up")
            self.buffer += data
        message, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(message)

    def answer(self):
        """The parameters of the next answer; an error is raised."""
        message = self.receive()
        if "error" in message:
            raise VarlinkError(message)
        return message.get("parameters", {})

    def call(self, method, **parameters):
        self.send(method, **parameters)
        return self.answer()

    def call_more(self, method, **parameters):
        """The parameters of all answers."""
        self.send(method, more=True, **parameters)
        answers = []
        while True:
            message = self.receive()
            if "error" in message:
                raise VarlinkError(message)
            answers.append(message.get("parameters", {}))
            if not message.get("continues"):
                return answers


def call(method, identity=None, **parameters):
    """One call over a connection of its own."""
    with Client(identity) as client:
        return client.call(method, **parameters)
