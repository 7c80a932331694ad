"""A receiver and kiosks for the tests of central: real keys, real batches, SQLite and PostgreSQL."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import psycopg
import pytest

from agent.wire import base64url, batch, jose, kinds, line, pairing, receipt
from central.http.app import build_app
from central.keys import create_central, root_of, settings_text
from central.opening import open_central
from central.settings import load_central
from central.store import kiosks, models
from central.store.models import DERIVED, Visit
from tests.conftest import postgres_programs

OFFICE = "64.02.05"
VILLAGE = "64.02.05.2001"
NOON = 1_795_320_000_000  # 2026-11-22 04:00 UTC, noon at the office
ENROLLMENTS = "enrollments"
IN_CUSTODY = (models.Kiosk, models.Ledger, models.Stream, models.Frame, models.Span, models.Run, models.Lost)
EVERY_TABLE = (*IN_CUSTODY, models.Refused, models.Subject, *DERIVED)


class FakeClock:
    """A wall clock that stands where a test puts it."""

    def __init__(self, now=NOON):
        self.now = now

    def wall_ms(self):
        return self.now

    def boot_ms(self):
        return self.now

    def boot_id(self):
        return "boot"


class Cluster:
    """A throwaway PostgreSQL that listens on a socket of its own and nowhere else."""

    def __init__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="rekam-pg-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.programs = postgres_programs()[-1].parent
        self.user = next((user.pw_name for user in pwd.getpwall() if user.pw_name == "postgres"), "nobody")

    def start(self):
        data = self.folder / "data"
        data.mkdir()
        if os.geteuid() == 0:
            shutil.chown(data, self.user)
            shutil.chown(self.folder, self.user)
        self.run("initdb", "-D", data, "-A", "trust", "-U", "app", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        options = f"-c listen_addresses='' -k {self.folder} -c fsync=off -c max_connections=60"
        self.run("pg_ctl", "-D", data, "-w", "-l", self.folder / "log", "-o", options, "start")
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute("CREATE DATABASE app")

    def run(self, program, *words):
        as_user = ["runuser", "-u", self.user, "--"] if os.geteuid() == 0 else []
        command = [*as_user, self.programs / program, *words]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")

    def empty_database(self):
        """One database for all tests, emptied: making one takes half a second."""
        with psycopg.connect(self.url("app"), autocommit=True) as connection:
            tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
            named = ", ".join(name for (name,) in tables if name != "schema_migration")
            connection.execute(f"TRUNCATE {named}" if named else "SELECT 1")
        return self.url("app")

    def url(self, name):
        return f"postgresql://app@/{name}?host={self.folder}"

    def stop(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", "immediate", "stop")
        shutil.rmtree(self.folder)


class Reply(NamedTuple):
    """An HTTP status and the receipt, or the problem's code."""

    status: int
    receipt: receipt.Receipt | None
    code: str = ""

    @property
    def held(self):
        return self.receipt.held.n

    @property
    def also(self):
        return [(each.first, each.last) for each in self.receipt.also]

    @property
    def refused(self):
        return {each.n: each.code for each in self.receipt.refused}


class Desk:
    """Central with a client of its pages."""

    def __init__(self, home, clock):
        self.home = home
        self.clock = clock
        self.central = open_central(load_central(home / "central.toml"), clock)
        self.client = build_app(self.central).test_client()

    @property
    def root(self):
        return root_of(self.central.published.keys_token(), self.home)

    def pair(self, kiosk, state="approved"):
        self.client.post("/v1/kiosks", data=pairing.sign(kiosk.office, kiosk.key))
        self.decide(kiosk, state)

    def decide(self, kiosk, state):
        with self.central.store.write() as database:
            kiosks.set_state(database, kiosk.key.thumbprint(), state)

    def post(self, file):
        answer = self.client.post("/v1/batches", data=file)
        if answer.mimetype == receipt.MEDIA_TYPE:
            return Reply(answer.status_code, receipt.read(answer.text, self.central.published.keys()))
        return Reply(answer.status_code, None, answer.json["code"])

    def get(self, path, token, **headers):
        return self.client.get(path, headers={"Authorization": f"Bearer {token}", **headers})

    def dump(self, tables=EVERY_TABLE):
        """Every row of the tables, for comparison."""
        with self.central.store.session() as database:
            return {model._meta.table_name: sorted(map(repr, _rows(model, database))) for model in tables}

    def rows(self, model):
        with self.central.store.session() as database:
            return [dict(row) for row in model.select().dicts().execute(database)]

    def visits(self):
        """(ledger's tail, n) → service and outcome of every visit whose ticket is known."""
        rows = self.rows(Visit)
        return {(row["ledger"][-8:], row["n"]): (row["service"], row["outcome"]) for row in rows if row["taken"]}

    def close(self):
        self.central.store.close()


def _rows(model, database):
    for row in model.select().tuples().execute(database):
        yield tuple(bytes(each) if isinstance(each, memoryview) else each for each in row)


class Kiosk:
    """A kiosk that signs whatever a test wants."""

    def __init__(self, office=OFFICE, tail="aaaaaaaa", key=None):
        self.office = office
        self.key = key or jose.new_key()
        self.ledger = f"{self.key.thumbprint()}.{tail}"
        self.s = itertools.count(1)
        self.lines = {stream: [] for stream in line.STREAMS}
        self.start = {stream: line.chain_start(self.ledger, stream) for stream in line.STREAMS}

    def copy(self):
        """The same kiosk on a disk that was copied: it can go its own way."""
        twin = Kiosk(self.office, key=self.key)
        twin.ledger, twin.start, twin.s = self.ledger, self.start, self.s
        twin.lines = {stream: list(lines) for stream, lines in self.lines.items()}
        return twin

    def next_ledger(self, tail="bbbbbbbb", key=None):
        return Kiosk(self.office, tail, key or self.key)

    def write(self, *data, stream=ENROLLMENTS):
        """Append a line for each struct; returns the last number."""
        for each in data:
            n = len(self.lines[stream]) + 1
            name = kinds.KIND_NAMES[type(each)]
            self.lines[stream].append(line.encode_line(n, NOON + 1000 * n, 1, 1000 * n, name, each))
        return len(self.lines[stream])

    def write_raw(self, raw, stream=ENROLLMENTS):
        self.lines[stream].append(raw)
        return len(self.lines[stream])

    def take(self, service="ktp_print", village=VILLAGE, **more):
        n = len(self.lines[ENROLLMENTS]) + 1
        fields = {"day": 1, "ticket": f"A-{n:03d}", "office": self.office, **more}
        return self.write(kinds.TicketTaken(service=service, village=village, **fields))

    def finish(self, visit, outcome="recorded", of=None):
        return self.write(kinds.VisitFinished(visit=visit, outcome=outcome, of=of))

    def visits(self, count, service="ktp_print"):
        for _ in range(count):
            self.finish(self.take(service))
        return self

    def chain(self, n, stream=ENROLLMENTS):
        chain = self.start[stream]
        for each in self.lines[stream][:n]:
            chain = line.chain_next(chain, each)
        return chain

    def batch(self, first=1, last=None, stream=ENROLLMENTS, seen=None, s=None, **claims):
        last = len(self.lines[stream]) if last is None else last
        about = {"floor": 1, "seen": batch.Seen(*(seen or (0, 0))), "software": "test", **claims}
        return batch.build(
            self.key,
            lines=self.lines[stream][first - 1 : last],
            chain_before=about.pop("before", None) or self.chain(first - 1, stream),
            ledger=self.ledger,
            stream=stream,
            first=first,
            s=next(self.s) if s is None else s,
            **about,
        )

    def heartbeat(self, last=None, **claims):
        last = len(self.lines[ENROLLMENTS]) if last is None else last
        return self.batch(last + 1, last, **claims)

    def bearer(self, **claims):
        return self.heartbeat(**claims).decode().strip()

    def continue_from(self, other, n=0, proof=None, stream=ENROLLMENTS, reason="restored"):
        """The first line of this ledger, and every later line of the other one, carried."""
        chain = base64url.encode(other.chain(n, stream))
        last = len(other.lines[stream])
        self.write(kinds.LedgerContinued(other.ledger, n, chain, last, reason, proof), stream=stream)
        return self.carry(other, n + 1, stream=stream)

    def carry(self, other, first, last=None, stream=ENROLLMENTS):
        for n, each in list(enumerate(other.lines[stream], 1))[first - 1 : last]:
            self.write(kinds.Carried(other.ledger, stream, n, each.decode()), stream=stream)
        return self


@pytest.fixture(scope="session")
def cluster():
    started = Cluster()
    started.start()
    yield started
    started.stop()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.needs("postgres"))])
def database_url(request):
    """Where a new central keeps its tables: the default file, or the cluster's emptied database."""
    return None if request.param == "sqlite" else request.getfixturevalue("cluster").empty_database()


@pytest.fixture(scope="session")
def new_central(tmp_path_factory):
    """A receiver as `rekam central init` makes it; tests get copies, which cost no key and no sync."""
    home = tmp_path_factory.mktemp("central") / "new"
    create_central(home, None, FakeClock(), os.urandom)
    return home


@pytest.fixture
def central_home(tmp_path, new_central, database_url):
    home = shutil.copytree(new_central, tmp_path / "central")
    if database_url:
        (home / "central.toml").write_text(settings_text(database_url))
    return home


@pytest.fixture
def desk(central_home):
    opened = Desk(central_home, FakeClock())
    yield opened
    opened.close()


@pytest.fixture
def kiosk(desk):
    known = Kiosk()
    desk.pair(known)
    return known
