# SPDX-License-Identifier: Apache-2.0
"""The socket, spoken to by a client that others have written: the `varlink` package of PyPI."""

import importlib
import os
import sys

from harness import host, varlink_client
from harness.login_case import LoginCase

ADDRESS = f"unix:{varlink_client.SOCKET}"
INTERFACE = "io.exeunt.Sessions"
METHODS = {"Open", "Close", "List", "Show", "End", "Keep", "Leases", "Release", "History", "Run"}


class VarlinkPackage(LoginCase):
    """What is described is what is answered: the package builds its methods from the description."""

    @classmethod
    def prepare_class(cls):
        # Not above: tests are listed where it need not be installed.
        sys.path.insert(0, os.environ["SCENARIOS_PYTHON"])
        cls.varlink = importlib.import_module("varlink")

    def client(self, identity=host.ROOT):
        """An object with the methods of the interface, over a connection of this user's."""
        with varlink_client.acting_as(identity):
            client = self.varlink.Client.new_with_address(ADDRESS)
            self.addCleanup(client.cleanup)
            opened = client.open(INTERFACE)
        self.addCleanup(opened.close)
        return opened

    def error(self, call, name, **parameters):
        """The call is answered with this error, with these parameters among others."""
        with self.assertRaises(self.varlink.VarlinkError) as caught:
            call()
        self.assertEqual(caught.exception.error(), name)
        found = caught.exception.parameters()
        self.assertEqual({key: found[key] for key in parameters}, parameters, found)

    def test_introspection(self):
        with self.varlink.Client.new_with_address(ADDRESS) as client:
            self.assertEqual(client.get_interfaces(), ["org.varlink.service", INTERFACE])
            interface = client.get_interface(INTERFACE)
        self.assertEqual(interface.name, INTERFACE)
        self.assertTrue(METHODS <= set(interface.members), interface.members.keys())
        with self.varlink.Client.new_with_address(ADDRESS) as client, client.open("org.varlink.service") as service:
            told = service.GetInfo()
            self.assertEqual((told["product"], told["interfaces"]), ("exeuntd", ["org.varlink.service", INTERFACE]))
            self.error(lambda: service.GetInterfaceDescription("no.such.interface"),
                       "org.varlink.service.InterfaceNotFound")

    def test_list_and_show(self):
        place = self.place()
        login = self.open(place, tty="pts/5", rhost="client.example")
        login.shape(place, "setsid-daemon")
        client = self.client()
        [found] = [session for session in client.List()["sessions"] if session["id"] == login.session]
        self.assertEqual((found["owner"], found["tty"], found["remoteHost"], found["state"]),
                         (host.USER.uid, "pts/5", "client.example", "active"))
        shown = client.Show(login.session)
        self.assertEqual(shown["session"]["id"], login.session)
        [pid] = place.written_pids()
        [member] = [member for member in shown["members"] if member["pid"] == pid]
        self.assertEqual((member["uid"], member["executable"], member["action"]), (host.USER.uid, host.SHAPES, "end"))
        # Of her own she sees the same, and of another one's nothing.
        self.assertEqual(self.client(host.USER).Show(login.session)["session"]["leader"], login.pid)
        self.assertEqual(self.client(host.STRANGER).List()["sessions"], [])
        login.log_out()
        self.ended(login.session)

    def test_end_and_history(self):
        place = self.place()
        login = self.open(place)
        login.shape(place, "setsid-daemon")
        answer = self.client(host.USER).End(session=login.session, wait=True)
        self.assertEqual((answer["verdict"], answer["record"]["session"]["id"]), ("left", login.session))
        self.assertEqual(self.schema.problems(answer["record"]), [])
        self.assert_gone(place)
        # It is in the history at once, whether it is in the file yet or not.
        for identity, is_seen in ((host.ROOT, True), (host.USER, True), (host.STRANGER, False)):
            records = [one["record"] for one in self.client(identity).History(_more=True) if "record" in one]
            self.assertEqual(login.session in [record["session"]["id"] for record in records], is_seen, identity)

    def test_errors(self):
        neighbour = self.neighbour.session
        root, stranger = self.client(), self.client(host.STRANGER)
        self.error(lambda: root.Show("0123456789ab"), f"{INTERFACE}.NoSuchSession", session="0123456789ab")
        # That there is one is nobody's business but its owner's.
        self.error(lambda: stranger.Show(neighbour), f"{INTERFACE}.NoSuchSession", session=neighbour)
        self.error(lambda: stranger.End(neighbour), f"{INTERFACE}.NoSuchSession", session=neighbour)
        self.error(lambda: stranger.Open(user="root", service="login"), f"{INTERFACE}.NotPermitted")
        self.error(lambda: stranger.Close(session=neighbour), f"{INTERFACE}.NotPermitted")
        self.error(lambda: root.Release("0123456789ab"), f"{INTERFACE}.NoSuchLease", lease="0123456789ab")
        self.error(lambda: root.History(limit=-1), "org.varlink.service.InvalidParameter", parameter="limit")
        self.error(root.History, "org.varlink.service.ExpectedMore")
        self.assert_active(self.neighbour)
