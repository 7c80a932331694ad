"""Which sockets the kiosk listens on."""

from __future__ import annotations

import socket

import pytest

from agent.errors import RekamError
from agent.settings import WebSettings
from agent.settings_values import Address
from kiosk_ui import sockets
from tests.ports import free_port


@pytest.fixture
def web():
    return WebSettings(citizen=Address("127.0.0.1", free_port()), staff=Address("127.0.0.1", free_port()))


def test_without_systemd_the_settings_count(web):
    opened = sockets.listening(web, {}, 1)

    assert {name: each.getsockname() for name, each in opened.items()} == {
        "citizen": (web.citizen.host, web.citizen.port),
        "staff": (web.staff.host, web.staff.port),
    }
    for each in opened.values():
        each.close()


def test_sockets_for_another_process_are_none_of_ours(web):
    opened = sockets.listening(web, {"LISTEN_PID": "2", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "citizen:staff"}, 1)

    assert opened["citizen"].getsockname()[1] == web.citizen.port
    for each in opened.values():
        each.close()


def test_an_address_in_use_names_the_setting():
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(RekamError) as raised:
        sockets.bound(Address(*taken.getsockname()), "web.staff")

    assert (raised.value.code, raised.value.field) == ("cannot-listen", "web.staff")


def test_an_ipv6_address_of_this_machine_will_do():
    with sockets.bound(Address("::1", 0), "web.staff") as opened:
        assert opened.family == socket.AF_INET6


def test_an_address_of_another_machine_is_told(web):
    with pytest.raises(RekamError, match="cannot listen on"):
        sockets.bound(Address("203.0.113.1", web.staff.port), "web.staff")
