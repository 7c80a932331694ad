"""Lines that central holds but cannot use, for the officer's list: what each was, and why it was refused."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from agent.errors import BadData
from agent.store.database import Store
from agent.wire.line import Envelope, read_line

SHOWN: Final = 200
CODES: Final = ("not-json", "missing-field", "wrong-type", "wrong-number", "unknown-office", "unknown-village")


class RefusedLine(msgspec.Struct, frozen=True):
    """A refused line: its place, the refusal's code, and what can be read of it; `t` is ms UTC."""

    ledger: str
    stream: str
    n: int
    code: str
    kind: str = ""
    t: int | None = None
    ticket: str = ""
    village: str = ""


def counted(store: Store) -> int:
    """How many lines of the open ledger central refuses, by its newest receipts."""
    rows = store.rows("SELECT sum(refused_total) FROM stream WHERE ledger = (SELECT max(number) FROM ledger)")
    return int(rows[0][0] or 0)


def refused_lines(store: Store) -> list[RefusedLine]:
    """The newest refused lines of every ledger; at most 200."""
    rows = store.rows(
        "SELECT l.name, s.name, r.n, r.code, r.body FROM refused r JOIN stream s ON s.number = r.stream"
        " JOIN ledger l ON l.number = s.ledger ORDER BY l.number DESC, s.name, r.n DESC LIMIT ?",
        SHOWN,
    )
    return [told(store, RefusedLine(*row[:4]), row[4]) for row in rows]


def told(store: Store, line: RefusedLine, body: bytes | None) -> RefusedLine:
    """The line with what its bytes say, as far as they can be read."""
    try:
        envelope = read_line(body or b"")
        data = fields(envelope)
    except BadData:
        return line
    own = data.get("of") or line.ledger
    ticket = data.get("ticket") or ticket_of(store, own, data.get("visit", line.n))
    return msgspec.structs.replace(
        line, kind=envelope.k, t=envelope.t, ticket=str(ticket), village=str(data.get("village", ""))
    )


def fields(envelope: Envelope) -> dict[str, Any]:
    """The data of a line of any kind; empty where it is no object."""
    try:
        return msgspec.json.decode(envelope.d, type=dict[str, Any])
    except msgspec.DecodeError:
        return {}


def ticket_of(store: Store, ledger: object, n: object) -> str:
    """The number on the paper of the visit with that name; empty where there is none."""
    if not isinstance(ledger, str) or not isinstance(n, int):
        return ""
    found = store.rows("SELECT letter || '-' || printf('%03d', place) FROM visit WHERE ledger = ? AND n = ?", ledger, n)
    return str(found[0][0]) if found else ""
