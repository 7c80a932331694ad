"""Receivers that a test may talk to, each with what a person beside it can do and see."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.settings_values import Address
from agent.wire.pairing import code as code_of
from central import serve
from central.http.app import build_app
from central.keys import create_central, root_of
from central.opening import open_central
from central.settings import load_central
from central.store import frames, kiosks
from central.store.rows import StreamKey
from tests.contract.kiosk import PROGRAM, Kiosk, running
from tests.web import hang_up

LIMIT = 65_536


class Stranger:
    """The stranger in a process of its own."""

    def __init__(self, folder, said):
        self.folder, self.url, self.root = Path(folder), said["url"], said["root"]

    def decide(self, word, code):
        subprocess.run([sys.executable, str(PROGRAM), "--dir", str(self.folder), f"--{word}", code], check=True)

    def stored(self, ledger):
        """Number → line of an enrollments stream."""
        with closing(sqlite3.connect(self.folder / "stranger.db")) as database:
            query = "SELECT n, body FROM line WHERE ledger = ? AND stream = 'enrollments' ORDER BY n"
            return dict(database.execute(query, (ledger,)).fetchall())


class Ours:
    """Our central, on a thread of this process."""

    def __init__(self, central, url):
        self.central, self.url = central, url
        self.root = root_of(central.published.keys_token(), Path("keys.jws"))

    def decide(self, word, code):
        states = {"approve": "approved", "revoke": "revoked"}
        with self.central.store.write() as database:
            known = [each.thumbprint for each in kiosks.Kiosk.select().execute(database)]
            for kiosk in known:
                if code_of(kiosk) == code:
                    kiosks.set_state(database, kiosk, states[word])

    def stored(self, ledger):
        """Number → line of an enrollments stream."""
        with self.central.store.session() as database:
            return frames.lines_at(database, StreamKey(ledger, "enrollments"), range(1, 100))


@contextmanager
def our_central(folder):
    """Our central as `rekam central serve` runs it, but for the signals."""
    create_central(folder, None, SystemClock(), lambda size: bytes(range(size)))
    config = folder / "central.toml"
    config.write_text(config.read_text().replace("[server]", f"[server]\nmax_batch_bytes = {LIMIT}"))
    central = open_central(load_central(config), SystemClock())
    listener = serve.listening(Address("127.0.0.1", 0))
    server = serve.start(build_app(central), listener, 8)
    yield Ours(central, f"http://127.0.0.1:{listener.getsockname()[1]}")
    hang_up(server)
    central.store.close()


@contextmanager
def a_stranger(folder):
    """The stranger; its database is on disk as ours is."""
    with running(folder, "--limit", str(LIMIT)) as said:
        yield Stranger(folder, said)


@pytest.fixture(scope="module", params=[a_stranger, our_central], ids=["stranger", "central"])
def receiver(tmp_path_factory, request):
    with request.param(tmp_path_factory.mktemp("receiver")) as found:
        yield found


@pytest.fixture
def unknown(receiver, request):
    """A kiosk with five lines that nobody has approved, nor heard of."""
    found = Kiosk(request.node.name, receiver.url, receiver.root)
    yield found
    found.http.clear()


@pytest.fixture
def kiosk(receiver, unknown):
    """The same, approved; none of its lines were sent."""
    unknown.pair()
    receiver.decide("approve", unknown.code)
    unknown.pair()
    return unknown
