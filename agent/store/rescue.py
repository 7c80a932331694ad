"""A damaged database is set aside and a new one goes on from what can be read; no person is needed."""

from __future__ import annotations

import fcntl
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from agent.store import forks
from agent.store.backup import set_aside
from agent.store.database import Store
from agent.store.mark import NO_NUMBERS, Mark
from agent.store.receipts import RECEIPTS
from agent.store.salvage import salvage
from agent.wire import base64url
from agent.wire.line import STREAMS
from agent.wire.names import receipt_name
from agent.wire.receipt import Receipt

log: Final = logging.getLogger("rekam.store")
LOCK: Final = "data/rescue.lock"


@contextmanager
def alone(home: Path) -> Iterator[None]:
    """One process at a time: agent and kiosk may find the same damage."""
    lock = os.open(home / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o660)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)


def is_sound(store: Store) -> bool:
    """Whether SQLite finds no fault in the file."""
    return store.rows("PRAGMA quick_check(1)") == [("ok",)]


def move_damaged(home: Path) -> Path | None:
    """Set the damaged file aside; its new name, None where it had vanished."""
    aside = set_aside(home)
    log.warning("the database is damaged or gone; set aside as %s", aside)
    return aside


def fill(store: Store, aside: Path | None) -> None:
    """Fill a new, empty database with what can be read of the damaged one."""
    if aside is not None:
        with store.speaking_through_the_writer():
            log.warning("%d rows were read from it", salvage(aside, store.database.connection()))


def go_on(store: Store, mark: Mark | None, random_bytes: forks.RandomBytes) -> None:
    """Open a new ledger after the old one, as far as file, mark and receipts still tell of it."""
    with store.write():
        if mark is not None:
            remember_old_ledger(store, mark)
        if not store.rows("SELECT 1 FROM ledger"):
            return  # nothing was left, not even a mark: `open_store` begins a first ledger
        top = "(SELECT max(place) FROM visit v WHERE v.day = series.day AND v.letter = series.letter)"
        store.run(f"UPDATE series SET last = max(last, coalesce({top}, 0))")  # noqa: S608 — our own text
        forks.fork(store, forks.DAMAGED, random_bytes, on_paper=mark.numbers if mark else NO_NUMBERS)


def remember_old_ledger(store: Store, mark: Mark) -> None:
    """Make sure that ledger, streams, the receipted end and the last end are known, with no bodies."""
    if not store.rows("SELECT 1 FROM ledger WHERE name = ?", mark.ledger):
        forks.open_ledger(store, mark.ledger, "found-in-mark")
    store.run("UPDATE ledger SET s = max(s, ?) WHERE name = ?", mark.s, mark.ledger)
    for name in STREAMS:
        for (stream,) in store.rows(
            "SELECT s.number FROM stream s JOIN ledger l ON l.number = s.ledger WHERE l.name = ? AND s.name = ?",
            mark.ledger, name,
        ):  # fmt: skip
            remember_ends(store, stream, name, mark)


def remember_ends(store: Store, stream: int, name: str, mark: Mark) -> None:
    """The chain at the newest kept receipt and at the mark."""
    receipt = kept_receipt(store.home, mark.ledger, name)
    if receipt is not None:
        store.run("UPDATE stream SET held = max(held, ?) WHERE number = ?", receipt.held.n, stream)
        put_chain(store, stream, receipt.held.n, receipt.held.chain)
    if name in mark.streams:
        put_chain(store, stream, *mark.streams[name])


def put_chain(store: Store, stream: int, n: int, chain: str) -> None:
    """A line without its body, unless the line is there."""
    if n > 0:
        raw = base64url.decode(chain, field="chain", size=32)
        store.run("INSERT OR IGNORE INTO line (stream, n, t, chain) VALUES (?, ?, 0, ?)", stream, n, raw)


def kept_receipt(home: Path, ledger: str, stream: str) -> Receipt | None:
    """The newest receipt beside the database; it was verified before it was kept."""
    file = home / RECEIPTS / receipt_name(ledger, stream)
    try:
        payload = file.read_text("ascii").split(".")[1]
        return msgspec.json.decode(base64url.decode(payload, field="receipt"), type=Receipt)
    except (OSError, IndexError, UnicodeDecodeError, msgspec.DecodeError):
        return None
