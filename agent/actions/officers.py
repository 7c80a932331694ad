"""Officers' accounts, kept on this machine so that they sign in with no network at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from agent.domain import pins
from agent.errors import BadData, Conflict, NotAllowed, NotFound
from agent.store import ledger
from agent.store.database import Store
from agent.store.models import Officer
from agent.wire.kinds import OfficerChanged, OfficerSigned

ROLES: Final = ("officer", "supervisor", "technician", "camat")
LEADS: Final = "supervisor"
RandomBytes = Callable[[int], bytes]


class SignedIn(msgspec.Struct, frozen=True):
    """An officer at work; `pin_once` asks for a PIN of their own first, `session` ends when the number grows."""

    number: int
    name: str
    role: str
    pin_once: bool
    session: int


def new_pin(random_bytes: RandomBytes) -> str:
    """Six digits that pass the rules for a PIN."""
    while True:
        pin = f"{int.from_bytes(random_bytes(8), 'big') % 1_000_000:06d}"
        try:
            pins.check_new(pin)
        except BadData:
            continue
        return pin


def add_officer(
    store: Store, name: str, role: str, *, random_bytes: RandomBytes, pin: str | None = None, by: int = 0
) -> str:
    """Add an officer; the PIN, one-time unless it was given.

    Raises BadData `unknown-role`, `bad-name` or `weak-pin`, Conflict `name-taken`.
    """
    name = checked_name(name)
    if role not in ROLES:
        raise BadData("unknown-role", f"a role is one of {', '.join(ROLES)}", field="role")
    if pin is not None:
        pins.check_new(pin)
    secret = pin or new_pin(random_bytes)
    stored = pins.hash_pin(secret, random_bytes(16))
    with store.write():
        if Officer.get_or_none(Officer.name == name) is not None:
            raise Conflict("name-taken", f"there is an officer {name} already; choose another name", field="name")
        number = (Officer.select(Officer.number).order_by(Officer.number.desc()).limit(1).scalar() or 0) + 1
        Officer.create(
            number=number, name=name, role=role, pin_hash=stored, pin_once=pin is None, failures=0, locked_until=0
        )
        ledger.append(store, OfficerChanged(number, "added", role, by))
    return secret


def checked_name(name: str) -> str:
    """The name without stray spaces; raises BadData `bad-name`."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 40 or not name.isprintable():
        raise BadData("bad-name", "a name has 1 to 40 letters", field="name")
    return name


def reset_pin(store: Store, name: str, *, random_bytes: RandomBytes, by: int = 0) -> str:
    """A new one-time PIN, and the account unlocked, or open again; whoever was signed in is out.

    Raises NotFound `unknown-officer`.
    """
    officer = find_officer(name)
    pin = new_pin(random_bytes)
    stored = pins.hash_pin(pin, random_bytes(16))
    with store.write():
        changed = {"pin_hash": stored, "pin_once": True, "failures": 0, "locked_until": 0, "closed_t": None}
        Officer.update(**changed, session=Officer.session + 1).where(Officer.number == officer.number).execute()
        event = "reset" if officer.closed_t is None else "reopened"
        ledger.append(store, OfficerChanged(officer.number, event, officer.role, by))
    return pin


def choose_pin(store: Store, officer: SignedIn, pin: str, *, random_bytes: RandomBytes) -> SignedIn:
    """An officer's own PIN in place of the one-time one, and the session that goes on; every other one ends.

    Raises BadData `weak-pin`, NotAllowed `signed-out` when the officer's session ended meanwhile.
    """
    pins.check_new(pin)
    stored = pins.hash_pin(pin, random_bytes(16))
    mine = (Officer.number == officer.number, Officer.session == officer.session, Officer.pin_once)
    with store.write():
        changed = Officer.update(pin_hash=stored, pin_once=False, session=Officer.session + 1).where(*mine).execute()
    if not changed:
        raise NotAllowed("signed-out", "this session ended; sign in again", field="pin")
    return msgspec.structs.replace(officer, pin_once=False, session=officer.session + 1)


def spelled(name: str) -> str:
    """The name without stray spaces, and without what a terminal or a form passes on that is no text."""
    return " ".join(name.split()).encode("utf-8", "replace").decode("utf-8")


def find_officer(name: str) -> Officer:
    """The officer of that name, in any case of letters; raises NotFound `unknown-officer`."""
    officer = Officer.get_or_none(Officer.name == spelled(name))
    if officer is None:
        raise NotFound("unknown-officer", "no officer has this name", field="name")
    return officer


def officers(store: Store) -> list[SignedIn]:
    """All officers whose accounts are open, by number."""
    rows = store.rows(
        "SELECT number, name, role, pin_once, session FROM officer WHERE closed_t IS NULL ORDER BY number"
    )
    return [SignedIn(number, name, role, bool(once), session) for number, name, role, once, session in rows]


def sign_out(store: Store, number: int) -> None:
    """Every session of an officer ends, on whatever machine; a line says that they left."""
    with store.write():
        Officer.update(session=Officer.session + 1).where(Officer.number == number).execute()
        ledger.append(store, OfficerSigned(number, "out"))
