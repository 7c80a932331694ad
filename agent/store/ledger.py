"""Lines of the open ledger: appended in somebody's transaction, read by number."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import msgspec

from agent.errors import Damaged, StoreError
from agent.store.database import Store
from agent.wire import base64url
from agent.wire.batch import Sealed, Seen
from agent.wire.kinds import KIND_NAMES, Kind
from agent.wire.line import STREAMS, StreamName, chain_next, chain_start, encode_line
from agent.wire.receipt import Range

ENROLLMENTS: Final = "enrollments"
CENTRAL_AT_BOOT: Final = "central_at_boot"  # a boot's number, and central's time when that boot began
_NEWEST: Final = "SELECT n, chain FROM line WHERE stream = ? ORDER BY n DESC LIMIT 1"
_TAIL: Final = """
SELECT s.number, l.name,
    (SELECT n FROM line WHERE stream = s.number ORDER BY n DESC LIMIT 1),
    (SELECT chain FROM line WHERE stream = s.number ORDER BY n DESC LIMIT 1)
FROM ledger l JOIN stream s ON s.ledger = l.number AND s.name = ?
WHERE l.number = (SELECT max(number) FROM ledger)
"""


class Tail(msgspec.Struct, frozen=True):
    """Where a stream ends: its row, its ledger, the last number and the chain there."""

    stream: int
    ledger: str
    n: int
    chain: bytes


class StreamState(msgspec.Struct, frozen=True):
    """All that the uplink and the status page need to know of a stream."""

    stream: int
    ledger: str
    name: str
    last: int
    held: int
    floor: int
    also: list[Range]
    seen: Seen
    refused: int
    oldest_unsent_t: int | None


def tail(store: Store, name: str) -> Tail:
    """The end of a stream of the open ledger; raises StoreError where no ledger is open."""
    found = store.rows(_TAIL, name)
    if not found:
        raise StoreError("no-ledger", "the database has no ledger; run `rekam init`", field=name)
    stream, ledger, n, chain = found[0]
    return Tail(stream, ledger, n or 0, chain or chain_start(ledger, name))


def newest(store: Store, stream: int) -> tuple[int, bytes] | None:
    """The last number of a stream row and the chain there."""
    found = store.rows(_NEWEST, stream)
    return (found[0][0], found[0][1]) if found else None


def append(store: Store, kind: Kind, stream: StreamName = ENROLLMENTS) -> tuple[str, int]:
    """Append a line inside the caller's transaction; its (ledger, n).

    Raises BadData `line-too-long`; SQLite refuses outside `Store.write()`.
    """
    end = tail(store, stream)
    wall = store.clock.wall_ms()
    line = encode_line(end.n + 1, wall, store.boot, store.clock.boot_ms(), KIND_NAMES[type(kind)], kind)
    store.run(
        "INSERT INTO line (stream, n, t, chain, body) VALUES (?, ?, ?, ?, ?)",
        end.stream, end.n + 1, wall, chain_next(end.chain, line), line,
    )  # fmt: skip
    return end.ledger, end.n + 1


def chain_at(store: Store, stream: int, n: int) -> bytes | None:
    """The chain of a stream row at `n`, for pruned lines too; None above the last line."""
    if n == 0:
        ledger, name = store.rows(
            "SELECT l.name, s.name FROM stream s JOIN ledger l ON l.number = s.ledger WHERE s.number = ?", stream
        )[0]
        return chain_start(ledger, name)
    found = store.rows("SELECT chain FROM line WHERE stream = ? AND n = ?", stream, n)
    return found[0][0] if found else None


def state(store: Store, name: str) -> StreamState:
    """The state of a stream of the open ledger."""
    end = tail(store, name)
    held, also, epoch, seq, refused = store.rows(
        "SELECT held, also, epoch, seq, refused_total FROM stream WHERE number = ?", end.stream
    )[0]
    unsent = store.rows("SELECT t FROM line WHERE stream = ? AND n > ? ORDER BY n LIMIT 1", end.stream, held)
    return StreamState(
        stream=end.stream,
        ledger=end.ledger,
        name=name,
        last=end.n,
        held=held,
        floor=floor(store, end.stream, end.n),
        also=msgspec.json.decode(also, type=list[Range]),
        seen=Seen(epoch, seq),
        refused=refused,
        oldest_unsent_t=unsent[0][0] if unsent else None,
    )


def states(store: Store) -> list[StreamState]:
    """The state of both streams, enrollments first."""
    return [state(store, name) for name in STREAMS]


def floor(store: Store, stream: int, last: int) -> int:
    """The lowest number whose line is still here; last + 1 when none is.

    Pruning removes a prefix, so halving finds its end among millions of lines in a few reads.
    """
    low, high = 1, last + 1
    while low < high:
        middle = (low + high) // 2
        kept = store.rows("SELECT body IS NOT NULL FROM line WHERE stream = ? AND n = ?", stream, middle)
        if kept and kept[0][0]:
            high = middle
        else:
            low = middle + 1
    return low


def lines(store: Store, stream: int, first: int, last: int) -> Iterator[bytes]:
    """The bodies of lines first…last that are still here, in order, read as they are asked for."""
    query = "SELECT body FROM line WHERE stream = ? AND n BETWEEN ? AND ? AND body IS NOT NULL ORDER BY n"
    for (body,) in store.database.execute_sql(query, (stream, first, last)):
        yield body


def subjects(store: Store, stream: int, first: int, last: int) -> list[Sealed]:
    """The sealed subjects beside lines first…last."""
    query = "SELECT n, kid, sealed FROM subject WHERE stream = ? AND n BETWEEN ? AND ? ORDER BY n"
    return [Sealed(*row) for row in store.rows(query, stream, first, last)]


def check_chain(store: Store, stream: int, first: int, before: bytes, bodies: list[bytes]) -> None:
    """Raises Damaged where stored lines do not give the stored chain: nothing false is signed."""
    chain = before
    for body in bodies:
        chain = chain_next(chain, body)
    if bodies and chain != chain_at(store, stream, first + len(bodies) - 1):
        raise Damaged("damaged", f"lines {first} to {first + len(bodies) - 1} do not fit their chain", field="chain")


def put_subject(store: Store, n: int, kid: str, sealed: str) -> None:
    """Lay a sealed subject beside line `n` of the open enrollments stream."""
    stream = tail(store, ENROLLMENTS).stream
    store.run("INSERT INTO subject (stream, n, kid, sealed) VALUES (?, ?, ?, ?)", stream, n, kid, sealed)


def next_s(store: Store) -> int:
    """The next number of a signed batch in the open ledger, in a transaction of its own."""
    with store.write():
        store.run("UPDATE ledger SET s = s + 1 WHERE number = (SELECT max(number) FROM ledger)")
    return int(store.rows("SELECT s FROM ledger ORDER BY number DESC LIMIT 1")[0][0])


def text_chain(chain: bytes) -> str:
    """A chain as JSON has it."""
    return base64url.encode(chain)


def facts(store: Store, *names: str) -> dict[str, Any]:
    """Small facts by name; missing ones are left out."""
    marks = ",".join("?" * len(names))
    return dict(store.rows(f"SELECT name, value FROM fact WHERE name IN ({marks})", *names))  # noqa: S608 — only marks


def set_fact(store: Store, name: str, value: str) -> None:
    """Keep a small fact, inside the caller's transaction."""
    store.run(
        "INSERT INTO fact (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        name,
        value,
    )


def behind_central_ms(store: Store) -> int | None:
    """How far the wall clock is behind central's time; None before this boot's first answer.

    It is measured against the boot clock, so it is right at once when the wall clock is set.
    """
    boot, _, began = facts(store, CENTRAL_AT_BOOT).get(CENTRAL_AT_BOOT, "").partition(" ")
    return int(began) + store.clock.boot_ms() - store.clock.wall_ms() if boot == str(store.boot) else None
