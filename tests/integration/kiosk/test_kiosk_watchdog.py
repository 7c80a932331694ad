"""systemd is told only what a request through the server itself has shown."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from kiosk_ui import web_server
from kiosk_ui.app import create_app
from tests.integration.kiosk.conftest import SECRET, TOKEN
from tests.patience import PATIENCE


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as opened:
        yield opened


@pytest.fixture
def app(kiosk):
    return create_app(
        kiosk.store,
        kiosk.office,
        "staff",
        secret=SECRET,
        api_token=TOKEN,
        random_bytes=kiosk.random_bytes,
        nudge=lambda _: True,
    )


def test_a_server_that_works_answers_itself(app, listener):
    server = web_server.start(app, listener, 2)

    assert web_server.answers(server)
    assert web_server.end(server, PATIENCE)


def test_a_database_that_cannot_be_read_is_noticed(kiosk, app, listener):
    server = web_server.start(app, listener, 2)
    kiosk.store.rows = None

    assert not web_server.answers(server)
    assert web_server.end(server, PATIENCE)


def test_threads_that_are_stuck_are_noticed(app, listener, monkeypatch):
    monkeypatch.setattr(web_server, "ANSWER_S", 0.3)
    entered, stuck = threading.Event(), threading.Event()
    app.add_url_rule("/stuck", view_func=lambda: str(entered.set() or stuck.wait(PATIENCE)))
    server = web_server.start(app, listener, 1)
    with socket.create_connection(listener.getsockname()) as caller:
        caller.sendall(b"GET /stuck HTTP/1.0\r\nHost: localhost\r\n\r\n")
        assert entered.wait(PATIENCE)

        assert not web_server.answers(server)

        stuck.set()
    assert web_server.end(server, PATIENCE)
