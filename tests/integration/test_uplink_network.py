"""How an office reaches the net, by its settings: a family of addresses, one interface, and both behind a proxy."""

from __future__ import annotations

import os
import socket
import subprocess
import threading
from collections.abc import Iterator

import pytest

from agent.daemon import network_of
from agent.settings import NetworkSettings
from agent.uplink.https import Central
from agent.uplink.tcp import Network
from tests.certificates import Authority
from tests.e2e.bad_link import enter
from tests.patience import PATIENCE

HOME = f"office{os.getpid()}"
THERE = "10.9.0.2"


def serve(listening: socket.socket, body: bytes, context=None) -> None:
    """Answer every request with `body`, until the socket is closed."""

    def accept() -> None:
        while True:
            try:
                raw, _ = listening.accept()
            except OSError:
                return
            threading.Thread(target=answer, args=(raw,), daemon=True).start()

    def answer(raw: socket.socket) -> None:
        with raw, context.wrap_socket(raw, server_side=True) if context else raw as line:
            if line.recv(65536):
                head = b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n" % len(body)
                line.sendall(head + body)

    threading.Thread(target=accept, daemon=True).start()


def ask(url: str, network: Network):
    central = Central(url, network=network, patience=(PATIENCE, PATIENCE, PATIENCE))
    try:
        return central.call("GET", "/", b"", {})
    finally:
        central.close()


def test_the_settings_say_how_the_net_is_reached():
    settings = NetworkSettings(proxy="http://u:p@10.0.0.1:3128", ca_file="/ca.pem", interface="wwan0", family="ipv6")

    assert network_of(settings) == Network("http://u:p@10.0.0.1:3128", "/ca.pem", "wwan0", 6)


@pytest.fixture
def only_ipv6(tmp_path) -> Iterator[tuple[int, Authority]]:
    """A port on which only ::1 answers, with a certificate of a private authority."""
    authority = Authority(tmp_path)
    listening = socket.create_server(("::1", 0), family=socket.AF_INET6, dualstack_ipv6=False)
    serve(listening, b"six", authority.server("::1"))
    yield listening.getsockname()[1], authority
    listening.close()


@pytest.mark.parametrize(("family", "reached"), [("ipv6", True), ("any", True), ("ipv4", False)])
def test_a_server_that_has_only_ipv6_is_reached_unless_the_settings_forbid_it(only_ipv6, family, reached):
    port, authority = only_ipv6
    network = network_of(NetworkSettings(ca_file=str(authority.file), family=family))
    reply = ask(f"https://[::1]:{port}", network)

    assert (getattr(reply, "body", b"") == b"six") == reached


def test_an_ipv6_address_stands_in_a_url_in_brackets():
    listening = socket.create_server(("::1", 0), family=socket.AF_INET6)
    serve(listening, b"six")
    try:
        assert ask(f"http://[::1]:{listening.getsockname()[1]}", Network()).body == b"six"
    finally:
        listening.close()


def inside(namespace: str, call):
    """What a call gives on a thread that lives in another network."""
    found = []

    def work() -> None:
        enter(namespace)
        found.append(call())

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    return found[0]


@pytest.fixture
def two_ways() -> Iterator[None]:
    """The office's network with a cable and a modem; behind each another server answers at the same address."""
    opened, names = [], [HOME, f"cable{os.getpid()}", f"modem{os.getpid()}"]
    try:
        for name in names:
            subprocess.run(["ip", "netns", "add", name], check=True)
        for device, name, address in (("eth7", names[1], "10.9.0.11"), ("wwan7", names[2], "10.9.0.12")):
            batch = (
                f"link add {device} netns {HOME} type veth peer name net0 netns {name}",
                f"-n {HOME} addr add {address}/24 dev {device}",
                f"-n {HOME} link set {device} up",
                f"-n {name} addr add {THERE}/24 dev net0",
                f"-n {name} link set net0 up",
            )
            for line in batch:
                subprocess.run(["ip", *line.split()], check=True)
            opened.append(inside(name, lambda: socket.create_server((THERE, 8099))))
            serve(opened[-1], device.encode())
        yield
    finally:
        for listening in opened:
            listening.close()
        for name in names:
            subprocess.run(["ip", "netns", "del", name], check=False)


@pytest.mark.needs("root", "ip")
@pytest.mark.parametrize(("interface", "answers"), [("", b"eth7"), ("eth7", b"eth7"), ("wwan7", b"wwan7")])
def test_a_modem_is_used_when_it_is_named_though_the_routing_says_otherwise(two_ways, interface, answers):
    reply = inside(HOME, lambda: ask(f"http://{THERE}:8099", Network(interface=interface)))

    assert reply.body == answers


@pytest.mark.needs("root", "ip")
def test_an_interface_that_is_not_there_is_a_failure_with_its_reason(two_ways):
    reply = inside(HOME, lambda: ask(f"http://{THERE}:8099", Network(interface="wwan8")))

    assert "No such device" in reply.evidence
