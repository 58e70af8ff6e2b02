# SPDX-License-Identifier: Apache-2.0
"""sshd with PAM and the module on this host's loopback, its clients, and a client at the end of a cable."""

import os
import socket
import subprocess

from . import host, logins
from .processes import children
from .session import poll_until, wait_readable
from .terminal import Terminal
from .walk import read

PORT = 2299
DIRECTORY = f"{host.ROOM}/ssh"
SERVER_ADDRESS, CLIENT_ADDRESS = "10.99.0.1", "10.99.0.2"
CLIENT_NAMESPACE = "client"
OPTIONS = ["-F", "none", "-q", "-p", str(PORT), "-o", "UserKnownHostsFile=/dev/null", "-o", "StrictHostKeyChecking=no",
           "-o", "BatchMode=yes"]


class Server:
    """A listening sshd. `options` are lines of its configuration."""

    def __init__(self, options=""):
        if not os.path.exists(DIRECTORY):
            furnish()
        self.options = options
        self.process = None

    def start(self):
        with open(f"{DIRECTORY}/sshd_config", "w", encoding="ascii") as file:
            file.write(f"Port {PORT}\nHostKey {DIRECTORY}/host\nAuthorizedKeysFile {DIRECTORY}/keys/%u\nPidFile none\n"
                       "UsePAM yes\nStrictModes no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\n"
                       f"PrintMotd no\nPrintLastLog no\nSubsystem sftp internal-sftp\n{self.options}")
        self.process = subprocess.Popen(["/usr/sbin/sshd", "-D", "-f", f"{DIRECTORY}/sshd_config"],
                                        stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", start_new_session=True)
        poll_until(self.is_listening, "sshd to listen")

    @staticmethod
    def is_listening():
        try:
            socket.create_connection(("127.0.0.1", PORT)).close()
            return True
        except ConnectionRefusedError:
            return False

    def kill(self):
        """The listener alone: connections have processes of their own."""
        self.process.kill()
        self.process.wait()


def furnish():
    host.require_program("sshd")
    for name in (DIRECTORY, f"{DIRECTORY}/keys", "/run/sshd"):
        os.makedirs(name, 0o755, exist_ok=True)
    for name in ("host", "key"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", f"{DIRECTORY}/{name}"], check=True)
    for identity in (host.ROOT, host.USER, host.STRANGER):
        subprocess.run(["cp", f"{DIRECTORY}/key.pub", f"{DIRECTORY}/keys/{identity.name}"], check=True)
    # ssh refuses a private key that others can read; this one is for the user, who logs in from inside her session.
    subprocess.run(["install", "-o", str(host.USER.uid), "-m", "0600", f"{DIRECTORY}/key", f"{DIRECTORY}/user-key"], check=True)
    logins.write_service("sshd")


def words(*command, user=host.USER, options=(), address="127.0.0.1", key="key"):
    """The command line of a client."""
    return ["ssh", *OPTIONS, "-i", f"{DIRECTORY}/{key}", *options, f"{user.name}@{address}", *command]


class Client:
    """ssh, with a terminal of its own if it is to have one. What it writes is read by `expect`."""

    def __init__(self, *command, prefix=(), terminal=True, **options):
        self.terminal = Terminal()
        flags = ["-tt"] if terminal else ["-n"]
        options["options"] = [*flags, *options.get("options", ())]
        self.process = subprocess.Popen(
            [*prefix, *words(*command, **options)], stdin=self.terminal.slave, stdout=self.terminal.slave,
            stderr=subprocess.DEVNULL, preexec_fn=self.terminal.take, cwd="/")
        self.terminal.give_away()
        self.handle = os.pidfd_open(self.process.pid)

    def expect(self, pattern):
        return self.terminal.expect(pattern)

    def type(self, text):
        self.terminal.type(text)

    def wait(self):
        wait_readable(self.handle, what="the client to exit")
        return self.process.wait()

    def kill(self):
        self.process.kill()
        self.process.wait()

    def close(self):
        self.kill()
        os.close(self.handle)
        self.terminal.close()


def run(*command, **options):
    """What a client without a terminal has shown."""
    return subprocess.run(words(*command, **options), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True,
                          stderr=subprocess.DEVNULL, timeout=host.DEADLINE, text=True).stdout


def user_process(privileged):
    """The pid of the user's own sshd, whose parent holds the PAM session."""
    return next(pid for pid in children(privileged) if read(f"/proc/{pid}/cmdline").startswith(b"sshd: "))


class Cable:
    """A client's host, joined to this one by a cable that can be pulled: whoever is at the other end hears nothing."""

    def __init__(self):
        ip = host.require_program("ip")
        for line in (f"netns add {CLIENT_NAMESPACE}", f"link add cable type veth peer name plug netns {CLIENT_NAMESPACE}",
                     f"address add {SERVER_ADDRESS}/24 dev cable", "link set cable up",
                     f"-n {CLIENT_NAMESPACE} address add {CLIENT_ADDRESS}/24 dev plug",
                     f"-n {CLIENT_NAMESPACE} link set plug up"):
            subprocess.run([ip, *line.split()], check=True)
        self.prefix = (ip, "netns", "exec", CLIENT_NAMESPACE)
        self.ip = ip

    def pull(self):
        subprocess.run([self.ip, "-n", CLIENT_NAMESPACE, "link", "set", "plug", "down"], check=True)

    def remove(self):
        subprocess.run([self.ip, "netns", "delete", CLIENT_NAMESPACE], check=False)
