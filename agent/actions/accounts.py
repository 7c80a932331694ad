"""What a supervisor sees and does with officers' accounts; adding and new PINs are in officers.py."""

from __future__ import annotations

import msgspec

from agent.actions.officers import LEADS, find_officer
from agent.domain import guesses
from agent.errors import Conflict
from agent.store import ledger
from agent.store.database import Store
from agent.store.models import Officer
from agent.wire.kinds import OfficerChanged


class Account(msgspec.Struct, frozen=True):
    """An officer's account; `pin_once` before a PIN of their own, `locked` for a few minutes after wrong ones."""

    number: int
    name: str
    role: str
    pin_once: bool
    locked: bool
    closed: bool


def accounts(store: Store) -> list[Account]:
    """Every account, those in use first, by name."""
    now = store.clock.wall_ms()
    rows = store.rows(
        "SELECT number, name, role, pin_once, locked_until, closed_t IS NOT NULL FROM officer"
        " ORDER BY closed_t IS NOT NULL, name"
    )
    return [
        Account(number, name, role, bool(once), is_locked(until, now), bool(closed))
        for number, name, role, once, until, closed in rows
    ]


def is_locked(until: int, now: int) -> bool:
    """Whether an account rests; a wall clock that jumped back does not lock it for longer."""
    return now < until <= now + guesses.LOCKED_MS


def close_account(store: Store, name: str, by: int) -> None:
    """Nobody signs in by this account any more, and whoever did is out; a new PIN opens it again.

    Raises NotFound `unknown-officer`, Conflict `own-account` or `last-supervisor`.
    """
    officer = find_officer(name)
    if officer.number == by:
        raise Conflict("own-account", "another supervisor closes this account", field="name")
    with store.write():
        leading = Officer.select().where(Officer.role == LEADS, Officer.closed_t.is_null()).count()
        if officer.role == LEADS and leading == 1:
            raise Conflict("last-supervisor", "without a supervisor nobody could add one", field="name")
        closed = Officer.update(closed_t=store.clock.wall_ms(), session=Officer.session + 1).where(
            Officer.number == officer.number, Officer.closed_t.is_null()
        )
        if closed.execute():
            ledger.append(store, OfficerChanged(officer.number, "closed", officer.role, by))
