"""A real office for each test, copied from one that is made once."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache

from agent.actions.officers import add_officer
from agent.office import Office, load_office
from agent.store.database import Store
from agent.store.opening import open_store
from kiosk_ui.app import create_app
from tests.builders import PIN, SealedOffice, drawn, make_home
from tests.fakes import FakeClock
from tests.integration.kiosk.steps import Page, sign_in

TOKEN = "a-token-of-the-tests"
SECRET = b"a secret of the tests"


class Compiled(BytecodeCache):
    """Templates as they were compiled by an earlier test: each test makes applications of its own."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


TEMPLATES = Compiled()


class Kiosk:
    """The kiosk process of one office, without its sockets."""

    def __init__(self, made: SealedOffice) -> None:
        self.home, self.sealing_key = made
        self.clock = FakeClock()
        self.store: Store = open_store(made.home, self.clock)
        self.office: Office = load_office(made.home / "kiosk.toml")
        self.nudges: list[Path] = []
        self.random_bytes = drawn()

    def client(self, listener: str) -> FlaskClient:
        """A browser or program at one listener."""
        app = create_app(
            self.store,
            self.office,
            listener,
            secret=SECRET,
            api_token=TOKEN,
            random_bytes=self.random_bytes,
            nudge=lambda home: not self.nudges.append(home),
        )
        app.jinja_env.bytecode_cache = TEMPLATES
        return app.test_client()

    def visits(self) -> int:
        """How many visits there are."""
        return self.store.rows("SELECT count(*) FROM visit")[0][0]

    def lines(self) -> list[bytes]:
        """Every line of the ledger."""
        return [bytes(body) for (body,) in self.store.rows("SELECT body FROM line ORDER BY stream, n")]


@pytest.fixture(scope="session")
def sealed_office(tmp_path_factory) -> SealedOffice:
    """An office that got central's key list; made once, because the whole region table is read for it."""
    return make_home(tmp_path_factory.mktemp("template") / "office", clock=FakeClock())


@pytest.fixture
def kiosk(sealed_office, tmp_path) -> Iterator[Kiosk]:
    """A kiosk of its own for one test."""
    home = tmp_path / "office"
    shutil.copytree(sealed_office.home, home)
    made = Kiosk(SealedOffice(home, sealed_office.sealing_key))
    yield made
    made.store.close()


@pytest.fixture
def keyless(kiosk) -> Kiosk:
    """A kiosk that holds no sealing key."""
    (kiosk.home / "keys/keylist.jws").unlink()
    return kiosk


@pytest.fixture
def citizen(kiosk) -> FlaskClient:
    return kiosk.client("citizen")


@pytest.fixture
def staff(kiosk) -> FlaskClient:
    return kiosk.client("staff")


@pytest.fixture
def officer(kiosk, staff) -> Page:
    """An officer who just signed in for the first time."""
    add_officer(kiosk.store, "Siti", "officer", random_bytes=os.urandom, pin=PIN)
    return sign_in(staff, "Siti", PIN)


@pytest.fixture
def supervisor(kiosk, staff) -> FlaskClient:
    """A supervisor who is signed in."""
    add_officer(kiosk.store, "Budi", "supervisor", random_bytes=os.urandom, pin=PIN)
    sign_in(staff, "Budi", PIN)
    return staff


@pytest.fixture
def technician(kiosk) -> FlaskClient:
    """A technician who is signed in."""
    add_officer(kiosk.store, "Andi", "technician", random_bytes=os.urandom, pin=PIN)
    client = kiosk.client("staff")
    sign_in(client, "Andi", PIN)
    return client


@pytest.fixture
def counter(officer) -> Page:
    """An officer at counter 1."""
    return officer.touch("counter-1")


@pytest.fixture
def second(kiosk, counter) -> Page:
    """Another officer at counter 2."""
    add_officer(kiosk.store, "Budi", "supervisor", random_bytes=os.urandom, pin=PIN)
    return sign_in(kiosk.client("staff"), "Budi", PIN).touch("counter-2")


@pytest.fixture
def bearer() -> dict[str, str]:
    return {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture
def take(citizen) -> Callable[..., dict]:
    """Takes a number by the API and returns the answer."""
    count = 0

    def ask(service: str = "ktp_first", **more: object) -> dict:
        nonlocal count
        count += 1
        body = {"service": service, "village": "unknown", "request_id": f"r{count}", **more}
        return citizen.post("/api/v1/tickets", json=body).get_json()

    return ask
