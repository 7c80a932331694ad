"""Lists larger than any form, through the server itself: taken at their address only, whole, and few at once."""

from __future__ import annotations

import http.client
import json
import os
import socket
from collections.abc import Iterator
from contextlib import ExitStack, closing

import pytest

from agent.actions import rosters
from agent.actions.officers import add_officer
from kiosk_ui import uploads, web_server
from kiosk_ui.app import create_app
from tests.builders import PIN
from tests.integration.kiosk.conftest import SECRET, TOKEN
from tests.integration.kiosk.steps import form_to, sign_in, visit
from tests.patience import PATIENCE, wait_until

PAGE = "/sasaran"
BORDER = "edge-of-the-form"
LONG_NAME = "binti " * 12
ROWS = "Nama;Tgl Lahir\n" + "".join(f"Orang {n} {LONG_NAME};{n % 28 + 1}-01-2007\n" for n in range(12_000))


@pytest.fixture
def port(kiosk) -> Iterator[int]:
    """The staff's pages behind a real server."""
    about = {"secret": SECRET, "api_token": TOKEN, "random_bytes": kiosk.random_bytes, "nudge": lambda _: True}
    app = create_app(kiosk.store, kiosk.office, "staff", **about)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = web_server.start(app, listener, 2, uploads.ROOMY)
        yield listener.getsockname()[1]
        assert web_server.end(server, PATIENCE)


def body_of(fields: dict[str, str], content: str) -> bytes:
    field = f'--{BORDER}\r\nContent-Disposition: form-data; name="{{}}"\r\n\r\n{{}}\r\n'
    parts = [field.format(*each) for each in fields.items()]
    file = f'--{BORDER}\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n{content}\r\n'
    return "".join([*parts, file, f"--{BORDER}--\r\n"]).encode()


@pytest.fixture
def signed(kiosk, staff) -> tuple[dict[str, str], bytes]:
    """The headers of a supervisor's browser, and a form with a list of more than a megabyte."""
    add_officer(kiosk.store, "Budi", "supervisor", random_bytes=os.urandom, pin=PIN)
    sign_in(staff, "Budi", PIN)
    typed = {"title": "Siswa", "purpose": "pupils", "expires": "2027-12-31"}
    body = body_of({**form_to(visit(staff, PAGE), PAGE).fields, **typed}, ROWS)
    cookie = staff.get_cookie("rekam", domain="localhost").value
    return {"Content-Type": f"multipart/form-data; boundary={BORDER}", "Cookie": f"rekam={cookie}"}, body


def post(port: int, path: str, headers: dict[str, str], body: bytes) -> int:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as line:
        try:
            line.request("POST", path, body, headers)
            return line.getresponse().status
        except (BrokenPipeError, ConnectionResetError):  # refused before it was read
            return 413


def test_a_list_larger_than_a_megabyte_is_taken_through_the_server(kiosk, port, signed):
    headers, body = signed
    assert len(body) > web_server.MOST_BODY_BYTES

    assert post(port, PAGE, headers, body) == 303
    wait_until(lambda: rosters.find(kiosk.store, 1).state == "ready", "it is taken in")
    assert rosters.find(kiosk.store, 1).seen == 12_000


def test_elsewhere_and_without_a_session_a_large_body_is_refused(port, signed):
    headers, body = signed

    assert post(port, "/loket", headers, body) == 413
    assert post(port, PAGE, {**headers, "Cookie": "rekam=forged"}, body) == 413


@pytest.mark.parametrize(
    ("sent", "status", "code"),
    [
        ("POST /api/v1/tickets HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2000000", 413, "too-large"),
        ("GET /api/v1/board HTTP/1.1\r\nHost: localhost\r\nno header", 400, "bad-request"),
        (f"GET /api/v1/board HTTP/1.1\r\nHost: localhost\r\nX: {'x' * 40_000}", 431, "bad-request"),
    ],
    ids=["body", "nonsense", "header"],
)
def test_what_never_reaches_the_pages_is_a_problem_too(port, sent, status, code):
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as line:
        line.sendall(f"{sent}\r\n\r\n".encode())
        answer = http.client.HTTPResponse(line)
        answer.begin()
        told = json.loads(answer.read())

    assert answer.getheader("Content-Type") == "application/problem+json"
    assert (answer.status, told["status"], told["code"], bool(told["detail"])) == (status, status, code, True)


def test_half_an_upload_begins_no_list(kiosk, port, signed):
    headers, body = signed
    head = "".join(f"{name}: {value}\r\n" for name, value in {**headers, "Content-Length": str(len(body))}.items())
    with socket.create_connection(("127.0.0.1", port)) as cut_off:
        cut_off.sendall(f"POST {PAGE} HTTP/1.1\r\nHost: localhost\r\n{head}\r\n".encode() + body[: len(body) // 2])

    assert post(port, PAGE, {**headers, "Cookie": ""}, b"") in (302, 303, 400)
    assert rosters.rosters(kiosk.store) == []


def test_only_a_few_large_bodies_are_held_at_once(port, signed, monkeypatch):
    monkeypatch.setattr("kiosk_ui.uploads.start", lambda *_, ended: None)
    headers, body = signed
    begun = f"POST {PAGE} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n\r\nx".encode()
    with ExitStack() as held:
        for _ in range(web_server.MOST_LARGE):
            line = held.enter_context(socket.create_connection(("127.0.0.1", port)))
            line.sendall(begun)
        refused = wait_until(lambda: post(port, PAGE, headers, body) == 413, "a third is refused")

    assert refused
    wait_until(lambda: post(port, PAGE, headers, body) == 303, "there is room again")
