"""Somebody on the way who drips, floods or never begins: the uplink's thread gets away, within a bound."""

from __future__ import annotations

import socket
import threading
from contextlib import closing, suppress
from itertools import chain, repeat

import pytest

from agent.clock import SystemClock
from agent.uplink.answers import Answer, Failure, Traffic
from agent.uplink.diagnose import Probed, meets_portal
from agent.uplink.https import Central
from agent.uplink.tcp import Network
from tests.certificates import Authority
from tests.patience import PATIENCE, widened

PIECES = 400
DRIP_S = 0.05
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/jose\r\nContent-Length: 90000\r\n\r\n"
WHOLE = b"z" * 90_000
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
CONTINUE = b"HTTP/1.1 100 Continue\r\n\r\n"


class Hostile:
    """A server on loopback that says `first` and then `more` 400 times, resting `drip_s` between.

    `spent` afterwards: nobody hung up before the end.
    """

    def __init__(self, first: bytes, more: bytes, drip_s: float, *, reads: bool = True) -> None:
        self.first, self.more, self.drip_s, self.reads = first, more, drip_s, reads
        self.over, self.spent = threading.Event(), False
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        with suppress(OSError):
            while True:
                raw, _ = self.listening.accept()
                threading.Thread(target=self.serve, args=(raw,), daemon=True).start()

    def serve(self, raw: socket.socket) -> None:
        with suppress(OSError), raw:
            if self.reads:
                raw.recv(65536)
            for piece in chain([self.first], repeat(self.more, PIECES)):
                raw.sendall(piece)
                if self.over.wait(self.drip_s):
                    return
            self.spent = True

    def close(self) -> None:
        self.over.set()
        self.listening.close()


@pytest.fixture
def hostile():
    """Starts hostile servers, remembers them as `started`, and ends them."""

    def start(first: bytes, more: bytes, drip_s: float = DRIP_S, **options) -> int:
        start.started.append(Hostile(first, more, drip_s, **options))
        return start.started[-1].port

    start.started = []
    yield start
    for server in start.started:
        server.close()


def asked(url: str, body: bytes = b"x", limit_s: float = PATIENCE, **more) -> Failure:
    client = Central(url, patience=(PATIENCE, limit_s, limit_s), **more)
    try:
        reply = client.post_batch(body)
    finally:
        client.close(at_once=True)
    assert isinstance(reply, Failure)
    return reply


def is_given_up(hostile, url: str, first: bytes, more: bytes, **network: str) -> bool:
    """Whether somebody who always says a little in time, and never all, is given up for that."""

    def given_up(limit_s: float) -> bool:
        port = hostile(first, more, limit_s / 8)
        about = Network(**{name: text.format(port=port) for name, text in network.items()})
        reply = asked(url.format(port=port), limit_s=limit_s, network=about)
        return (reply.link, "no whole answer" in reply.evidence) == ("server-down", True)

    return widened(given_up)


DRIPS = {
    "a status line": (b"HTTP/1.1 200 ", b"O"),
    "a header": (b"HTTP/1.1 200 OK\r\nX: ", b"y"),
    "a body": (HEAD, b"z"),
    "a last chunk's trailers": (CHUNKED + b"0\r\n", b"A: b\r\n"),
}


@pytest.mark.parametrize("what", DRIPS)
def test_an_answer_that_drips_is_given_up(hostile, what) -> None:
    assert is_given_up(hostile, "http://127.0.0.1:{port}", *DRIPS[what])


@pytest.mark.parametrize("drip_s", [0, DRIP_S])
def test_an_answer_that_only_begins_is_given_up_after_a_few(hostile, drip_s) -> None:
    assert "5 beginnings" in asked(f"http://127.0.0.1:{hostile(CONTINUE, CONTINUE, drip_s)}").evidence


FLOODS = {
    "headers": (b"HTTP/1.1 200 OK\r\n", b"X: " + b"y" * 8000 + b"\r\n"),
    "an interim answer's headers": (b"HTTP/1.1 100 Continue\r\n", b"X: " + b"y" * 8000 + b"\r\n"),
    "chunks with more beside them than in them": (CHUNKED, b"1;" + b"e" * 8000 + b"\r\nz\r\n"),
    "trailers": (CHUNKED + b"0\r\n", b"X: " + b"y" * 8000 + b"\r\n"),
}


@pytest.mark.parametrize("what", FLOODS)
def test_an_answer_without_end_is_given_up(hostile, what) -> None:
    assert "no end after" in asked(f"http://127.0.0.1:{hostile(*FLOODS[what], drip_s=0)}").evidence


def test_who_talks_and_takes_nothing_is_given_up(hostile) -> None:
    port = hostile(b"HTTP/1.1 ", b"2", reads=False)

    assert "not acknowledged" in asked(f"http://127.0.0.1:{port}", b"x" * 20_000_000, limit_s=0.4).evidence


def test_a_proxy_that_drips_its_word_is_given_up(hostile) -> None:
    proxy = "http://127.0.0.1:{port}"

    assert is_given_up(hostile, "https://central.example", b"HTTP/1.1 200 ", b"O", proxy=proxy)


def test_a_handshake_that_drips_is_given_up(hostile, tmp_path) -> None:
    hello = bytes([22, 3, 3, 0x3F, 0xFF])  # a record of 16 kB, of which a byte comes now and then

    assert is_given_up(hostile, "https://127.0.0.1:{port}", hello, b"2", ca_file=str(Authority(tmp_path).file))


def probed(port: int, within_s: float) -> tuple[Probed | None, int]:
    """What the probe found, and the IP bytes it paid."""
    paid: list[Traffic] = []
    found = meets_portal("127.0.0.1", Network(), SystemClock(), paid.append, port=port, within_s=within_s)
    return found, sum(traffic.wire for traffic in paid)


@pytest.mark.parametrize("what", [*DRIPS][:2])
def test_the_probe_is_over_in_its_seconds_whatever_drips(hostile, what) -> None:
    assert probed(hostile(*DRIPS[what]), 0.5)[0] is None
    assert not hostile.started[0].spent


def test_the_probe_hears_a_portal_without_waiting_for_its_page(hostile) -> None:
    login = b"HTTP/1.1 302 Found\r\nLocation: http://login.example/\r\n\r\n"

    found, _ = probed(hostile(CONTINUE + login, b"<"), PATIENCE)

    assert (found.is_portal, found.said) == (True, "HTTP 302 to login.example")


@pytest.mark.parametrize("where", [b"http://[", b"https://[::1", b"http://[x]/", b"https://\xe2\x84\x80/", b"//]"])
def test_a_portal_whose_address_cannot_be_read_is_a_portal(hostile, where) -> None:
    found, _ = probed(hostile(b"HTTP/1.1 302 Found\r\nLocation: " + where + b"\r\n\r\n", b"<"), PATIENCE)

    assert found.is_portal


def test_a_number_of_a_person_in_a_portals_answer_is_not_kept(hostile) -> None:
    login = (
        b"HTTP/1.1 302 Found\r\nContent-Type: 6402014501900001\r\nLocation: http://6402014501900001.example/\r\n\r\n"
    )

    assert "6402014501900001" not in probed(hostile(login, b"<"), PATIENCE)[0].said


@pytest.mark.parametrize("more", [b"\r\n\r\n", b"y"])
def test_the_probe_is_paid_for_whether_it_was_answered_or_not(hostile, more) -> None:
    _, cost = probed(hostile(b"HTTP/1.1 200 OK\r\nX: ", more), 0.5)

    assert 300 < cost < 4000


def test_an_honest_answer_may_take_longer_than_the_bound_by_its_length(hostile) -> None:
    """90,000 bytes come in four times the limit, and are allowed twice that and three minutes more."""

    def is_heard(limit_s: float) -> bool:
        port = hostile(HEAD, b"z" * 2820, limit_s / 8)
        client = Central(f"http://127.0.0.1:{port}", patience=(PATIENCE, limit_s, limit_s))
        with closing(client):
            reply = client.post_batch(b"x")
            return isinstance(reply, Answer) and (reply.body, reply.traffic.seconds > 3 * limit_s) == (WHOLE, True)

    assert widened(is_heard)
