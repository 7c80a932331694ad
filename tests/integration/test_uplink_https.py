"""Central over real sockets: TLS, kept connections, proxies, and servers that do what they should not."""

from __future__ import annotations

import socket
import ssl
import threading
from datetime import timedelta
from functools import partial

import pytest

from agent.uplink.answers import Answer, Failure
from agent.uplink.https import Central
from agent.uplink.tcp import Network
from tests.certificates import DAY, NOW, Authority
from tests.fakes import FakeClock
from tests.patience import PATIENCE, widened

OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/jose\r\nContent-Length: 5\r\n\r\nhello"
LONG = (PATIENCE, PATIENCE, PATIENCE)


class Listener:
    """A server on loopback that runs `script(connection)` for each connection, on a thread of its own."""

    def __init__(self, script, context: ssl.SSLContext | None = None) -> None:
        self.script, self.context = script, context
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.connections = 0
        self.asked: list[bytes] = []
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self) -> None:
        while True:
            try:
                raw, _ = self.listening.accept()
            except OSError:
                return
            self.connections += 1
            threading.Thread(target=self.serve, args=(raw,), daemon=True).start()

    def serve(self, raw: socket.socket) -> None:
        try:
            with raw, self.context.wrap_socket(raw, server_side=True) if self.context else raw as line:
                self.script(self, line)
        except OSError:
            return

    def read_request(self, line) -> bytes:
        got = b""
        while b"\r\n\r\n" not in got:
            piece = line.recv(65536)
            if not piece:
                return b""
            got += piece
        head, _, body = got.partition(b"\r\n\r\n")
        size = next((int(row.split(b":")[1]) for row in head.split(b"\r\n") if row.startswith(b"Content-Length")), 0)
        while len(body) < size:
            body += line.recv(65536)
        self.asked.append(head)
        return head + b"\r\n\r\n" + body

    def close(self) -> None:
        self.listening.close()


def answering(answer: bytes):
    def script(listener: Listener, line) -> None:
        while listener.read_request(line):
            line.sendall(answer)

    return script


@pytest.fixture
def listen():
    """Starts listeners and ends them."""
    started: list[Listener] = []

    def start(script, context=None) -> Listener:
        started.append(Listener(script, context))
        return started[-1]

    yield start
    for listener in started:
        listener.close()


@pytest.fixture
def authority(tmp_path) -> Authority:
    return Authority(tmp_path)


@pytest.fixture
def central():
    """Makes clients and hangs up at the end."""
    made: list[Central] = []

    def make(url: str, **options) -> Central:
        made.append(Central(url, **{"patience": LONG} | options))
        return made[-1]

    yield make
    for each in made:
        each.close()


def trusting(authority: Authority) -> Network:
    return Network(ca_file=str(authority.file))


def test_a_ca_file_that_is_gone_is_named_and_no_server_is_blamed(listen, central, tmp_path) -> None:
    server = listen(answering(OK))
    client = central(f"https://127.0.0.1:{server.port}", network=Network(ca_file=str(tmp_path / "ca.pem")))

    reply = client.post_batch(b"x")

    assert reply.link == "tls-untrusted"
    assert "ca.pem" in reply.evidence


def test_two_requests_share_one_connection(listen, central) -> None:
    server = listen(answering(OK))
    client = central(f"http://127.0.0.1:{server.port}")

    replies = [client.post_batch(b"x" * 50_000), client.post_batch(b"y")]

    assert [reply.body for reply in replies] == [b"hello", b"hello"]
    assert server.connections == 1


def test_a_connection_that_was_closed_while_idle_costs_no_failure(listen, central) -> None:
    def once(listener, line) -> None:
        listener.read_request(line)
        line.sendall(OK)

    server = listen(once)
    client = central(f"http://127.0.0.1:{server.port}")

    assert isinstance(client.post_batch(b"1"), Answer)
    assert isinstance(client.post_batch(b"2"), Answer)
    assert server.connections == 2


def test_what_was_acknowledged_is_measured(listen, central) -> None:
    server = listen(answering(OK))

    traffic = central(f"http://127.0.0.1:{server.port}").post_batch(b"x" * 100_000).traffic

    assert traffic.arrived
    assert 100_000 <= traffic.acked <= 101_000
    assert traffic.wire > 100_000


def test_a_certificate_of_a_known_authority_is_taken(listen, central, authority) -> None:
    server = listen(answering(OK), authority.server("127.0.0.1"))

    reply = central(f"https://127.0.0.1:{server.port}", network=trusting(authority)).post_batch(b"x")

    assert (reply.link, reply.body) == ("good", b"hello")


@pytest.mark.parametrize("believed", [True, False])
def test_a_certificate_of_another_name_is_refused_whatever_the_clock(listen, central, authority, believed) -> None:
    server = listen(answering(OK), authority.server("127.0.0.2", last=NOW - DAY))

    reply = central(
        f"https://127.0.0.1:{server.port}", network=trusting(authority), clock_believed=lambda: believed
    ).post_batch(b"x")

    assert isinstance(reply, Failure)
    assert reply.link == "tls-untrusted"
    assert server.asked == []


@pytest.mark.parametrize("believed", [True, False])
def test_an_unknown_authority_is_refused_whatever_the_clock(listen, central, authority, tmp_path, believed) -> None:
    foreign = Authority(tmp_path, "Foreign authority")
    server = listen(answering(OK), foreign.server("127.0.0.1", first=NOW + DAY, last=NOW + 2 * DAY))

    reply = central(
        f"https://127.0.0.1:{server.port}", network=trusting(authority), clock_believed=lambda: believed
    ).post_batch(b"x")

    assert reply.link == "tls-untrusted"
    assert server.asked == []


@pytest.mark.parametrize(("first", "last"), [(NOW + DAY, NOW + 2 * DAY), (NOW - 2 * DAY, NOW - DAY)])
def test_dates_do_not_count_while_the_clock_is_not_believed(listen, central, authority, first, last) -> None:
    server = listen(answering(OK), authority.server("127.0.0.1", first=first, last=last))

    reply = central(
        f"https://127.0.0.1:{server.port}", network=trusting(authority), clock_believed=lambda: False
    ).post_batch(b"x")

    assert (reply.link, reply.body) == ("clock-wrong", b"hello")


def test_dates_count_when_the_clock_was_found_right(listen, central, authority) -> None:
    server = listen(answering(OK), authority.server("127.0.0.1", first=NOW - 2 * DAY, last=NOW - DAY))

    reply = central(f"https://127.0.0.1:{server.port}", network=trusting(authority)).post_batch(b"x")

    assert reply.link == "tls-untrusted"
    assert "expired" in reply.evidence


def test_a_clock_that_was_set_makes_the_link_good_at_the_next_connection(listen, central, authority) -> None:
    server = listen(answering(OK), authority.server("127.0.0.1", first=NOW + DAY, last=NOW + 3 * DAY))
    clock = FakeClock(int(NOW.timestamp() * 1000))
    client = central(
        f"https://127.0.0.1:{server.port}", network=trusting(authority), clock=clock, clock_believed=lambda: False
    )

    before = client.post_batch(b"x").link
    client.close()
    clock.step_to(int((NOW + timedelta(days=2)).timestamp() * 1000))

    assert (before, client.post_batch(b"x").link) == ("clock-wrong", "good")


def test_a_second_connection_resumes_the_tls_session(listen, central, authority) -> None:
    server = listen(answering(OK), authority.server("127.0.0.1"))
    client = central(f"https://127.0.0.1:{server.port}", network=trusting(authority))

    first = client.post_batch(b"x").traffic.wire
    client.close()
    second = client.post_batch(b"x").traffic.wire

    assert second < 0.8 * first


def test_a_server_that_never_answers_is_given_up(listen, central) -> None:
    server = listen(lambda listener, line: (listener.read_request(line), line.recv(1)))

    reply = central(f"http://127.0.0.1:{server.port}", patience=(PATIENCE, PATIENCE, 1.0)).post_batch(b"x" * 20_000)

    assert (reply.link, reply.traffic.arrived) == ("server-down", True)
    assert "no answer for 1 s" in reply.evidence


def test_a_server_that_takes_a_little_at_a_time_is_not_given_up(listen, central) -> None:
    def slowly(_listener, line, pause_s: float) -> None:
        left = 400_000
        while left > 0:
            threading.Event().wait(pause_s)
            left -= len(line.recv(40_000))
        line.sendall(OK)

    def is_heard(limit_s: float) -> bool:
        server = listen(partial(slowly, pause_s=limit_s / 7))
        server.listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 20_000)
        asking = central(f"http://127.0.0.1:{server.port}", patience=(PATIENCE, limit_s, limit_s))
        reply = asking.post_batch(b"x" * 400_000)
        return isinstance(reply, Answer) and reply.traffic.seconds > limit_s

    assert widened(is_heard)


def test_nobody_listening_is_a_server_that_is_down(central) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

    assert central(f"http://127.0.0.1:{port}").post_batch(b"x").link == "server-down"


def test_a_name_that_nobody_knows_is_no_dns(central) -> None:
    assert central("http://rekam.invalid").post_batch(b"x").link == "no-dns"


def test_an_answer_that_is_cut_off_shows_a_proxy(listen, central) -> None:
    def cut(listener, line) -> None:
        listener.read_request(line)
        line.sendall(OK[:-2])

    server = listen(cut)

    assert central(f"http://127.0.0.1:{server.port}").post_batch(b"x").link == "proxy-truncates"


def test_a_refusal_before_the_end_of_the_body_is_heard(listen, central) -> None:
    def refuse(listener, line) -> None:
        line.recv(4096)
        line.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        line.shutdown(socket.SHUT_WR)
        while line.recv(65536):
            pass

    server = listen(refuse)

    assert central(f"http://127.0.0.1:{server.port}").post_batch(b"x" * 300_000).status == 413


def test_a_page_of_any_length_does_not_fill_the_memory(listen, central) -> None:
    server = listen(answering(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"<" * 9_000_000))

    assert len(central(f"http://127.0.0.1:{server.port}").post_batch(b"x").body) == 512 * 1024


def test_a_proxy_is_asked_to_connect_with_its_credentials(listen, central, authority) -> None:
    server = listen(answering(OK), authority.server("127.0.0.1"))

    def proxy(listener, line) -> None:
        listener.read_request(line)
        line.sendall(b"HTTP/1.1 200 Connected\r\n\r\n")
        relay(line, socket.create_connection(("127.0.0.1", server.port)))

    between = listen(proxy)
    network = Network(proxy=f"http://kantor:r%40hasia@127.0.0.1:{between.port}", ca_file=str(authority.file))

    assert central(f"https://127.0.0.1:{server.port}", network=network).post_batch(b"x").body == b"hello"
    assert b"Proxy-Authorization: Basic a2FudG9yOnJAaGFzaWE=" in between.asked[0]


def test_a_proxy_that_refuses_its_credentials_is_named(listen, central) -> None:
    between = listen(answering(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n"))
    network = Network(proxy=f"http://127.0.0.1:{between.port}")

    reply = central("https://central.example", network=network).post_batch(b"x")

    assert reply.link == "server-refuses"
    assert "407" in reply.evidence


def relay(one: socket.socket, other: socket.socket) -> None:
    def copy(source, target) -> None:
        while piece := source.recv(65536):
            target.sendall(piece)

    threading.Thread(target=copy, args=(other, one), daemon=True).start()
    with other:
        copy(one, other)
