"""When a ledger cannot go on, and how the next one takes its lines over."""

from __future__ import annotations

from base64 import b32encode
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from agent.clock import DAY_MS
from agent.store import ledger
from agent.store.database import Store
from agent.store.mark import NO_NUMBERS, Mark, Numbers
from agent.wire import base64url
from agent.wire.kinds import Carried, LedgerContinued
from agent.wire.line import CARRIED, STREAMS, StreamName, chain_next, ledger_thumbprint, read_line

RESTORED: Final = "restored"
DAMAGED: Final = "damaged"
CLONED: Final = "cloned"
ON_PAPER: Final = "numbers_on_paper"  # day and number that lost visits may hold, and until when that matters
LEFT_BEHIND: Final = 2**62  # "carried" to a number that nothing reaches: damaged lines are never held, nor pruned
ROWS_AT_ONCE: Final = 1000  # a background transaction may not hold up a ticket

RandomBytes = Callable[[int], bytes]


def new_ledger_name(thumbprint: str, random_bytes: RandomBytes) -> str:
    """THUMBPRINT.[a-z2-7]{8}: only the key of that thumbprint may sign it."""
    return f"{thumbprint}.{b32encode(random_bytes(5)).decode('ascii').lower()}"


def is_behind(mark: Mark, names: list[str], s: int, chains: Mapping[str, Mapping[int, str]]) -> bool:
    """Whether a database is older than its mark, or another one.

    `names` are the database's ledgers, oldest first, `s` the open one's counter, `chains` what it
    has at the mark's numbers (nothing above its last line). A mark of an earlier ledger is old,
    not a sign: it is written after the commit.
    """
    if not names:
        return False
    if mark.ledger != names[-1]:
        return mark.ledger not in names
    return mark.s > s or any(chains.get(stream, {}).get(n) != chain for stream, (n, chain) in mark.streams.items())


def was_restored(store: Store, mark: Mark | None) -> bool:
    """Whether the database on disk is behind or against the mark beside it."""
    if mark is None:
        return False
    found = store.rows("SELECT name, s FROM ledger ORDER BY number")
    if not found:
        return False
    chains: dict[str, dict[int, str]] = {}
    for name, (n, _) in mark.streams.items():
        chain = ledger.chain_at(store, ledger.tail(store, name).stream, n)
        chains[name] = {} if chain is None else {n: ledger.text_chain(chain)}
    return is_behind(mark, [name for name, _ in found], found[-1][1], chains)


def first_ledger(store: Store, thumbprint: str, random_bytes: RandomBytes) -> None:
    """Open the first ledger of a new database."""
    with store.write():
        open_ledger(store, new_ledger_name(thumbprint, random_bytes), "first")


def open_ledger(store: Store, name: str, reason: str) -> dict[str, int]:
    """A ledger and its streams, inside the caller's transaction; stream name → row number."""
    store.run("INSERT INTO ledger (name, reason) VALUES (?, ?)", name, reason)
    for stream in STREAMS:
        store.run("INSERT INTO stream (ledger, name) SELECT max(number), ? FROM ledger", stream)
    return dict(store.rows("SELECT name, number FROM stream WHERE ledger = (SELECT max(number) FROM ledger)"))


def fork(
    store: Store,
    reason: str,
    random_bytes: RandomBytes,
    *,
    on_paper: Numbers = NO_NUMBERS,
    thumbprint: str | None = None,
    proof: str | None = None,
) -> None:
    """Open a new ledger that goes on where the open one is receipted, inside the caller's transaction.

    `on_paper` is what lost visits may hold: it is not given again. `thumbprint` and `proof` are
    those of a new key. Unreceipted lines follow by `carry_some`.
    """
    before = {name: ledger.state(store, name) for name in STREAMS}
    old = before["enrollments"].ledger
    rows = open_ledger(store, new_ledger_name(thumbprint or ledger_thumbprint(old), random_bytes), reason)
    for stream in STREAMS:
        state = before[stream]
        common = ledger.chain_at(store, state.stream, state.held) or b""
        continued = LedgerContinued(old, state.held, base64url.encode(common), state.last, reason, proof)
        ledger.append(store, continued, stream)
        carry_the_rest_to(store, state.stream, rows[stream])
        store.run(
            "INSERT INTO carry (source, target, next, last) VALUES (?, ?, ?, ?)",
            state.stream, rows[stream], state.held + 1, state.last,
        )  # fmt: skip
    if on_paper != NO_NUMBERS:
        store.run("UPDATE series SET last = max(last, ?) WHERE day = ?", on_paper.place, newest_day(store))
        until = store.clock.wall_ms() + DAY_MS
        ledger.set_fact(store, ON_PAPER, f"{on_paper.day} {on_paper.place} {until}")


def newest_day(store: Store) -> int:
    """The number of the newest queue day; 0 before the first."""
    return int(store.rows("SELECT coalesce(max(number), 0) FROM queue_day")[0][0])


def given_at_most(store: Store, more: int) -> Numbers:
    """The numbers on paper where `more` lines were lost that each may have given one."""
    day = newest_day(store)
    place = store.rows("SELECT coalesce(max(last), 0) FROM series WHERE day = ?", day)[0][0]
    return Numbers(day, int(place) + more)


def on_paper(store: Store) -> Numbers:
    """What lost visits may still hold: a day's number, and a number that people may have in their hands today."""
    text = ledger.facts(store, ON_PAPER).get(ON_PAPER)
    if text is None:
        return NO_NUMBERS
    day, place, until = (int(word) for word in text.split())
    return Numbers(day, place if store.clock.wall_ms() < until else 0)


def carry_the_rest_to(store: Store, before: int, target: int) -> None:
    """What was not yet carried into stream row `before` goes into `target`; what was, is remembered as it is."""
    store.run(
        "INSERT INTO carry (source, target, next, last)"
        " SELECT source, ?, next, last FROM carry WHERE target = ? AND next <= last ORDER BY number",
        target, before,
    )  # fmt: skip
    store.run("UPDATE carry SET last = next - 1 WHERE target = ? AND next <= last", before)


def carry_some(store: Store) -> bool:
    """Carry up to a thousand lines into the open ledger; whether there may be more."""
    waiting = store.rows("SELECT number, source, next, last FROM carry WHERE next <= last ORDER BY number LIMIT 1")
    if not waiting:
        return False
    number, source, first, last = waiting[0]
    until = min(last, first + ROWS_AT_ONCE - 1)
    with store.write():
        carried_to, before = 0, ledger.chain_at(store, source, first - 1) or b""
        for n, body, chain in store.rows(
            "SELECT n, body, chain FROM line WHERE stream = ? AND n BETWEEN ? AND ? ORDER BY n", source, first, until
        ):
            if body is not None:
                sound = chain_next(before, body) == chain
                carried_to = max(carried_to, carry_line(store, source, n, body) if sound else LEFT_BEHIND)
            before = chain
        store.run(
            "UPDATE carry SET next = ?, carried_to = max(carried_to, ?) WHERE number = ?", until + 1, carried_to, number
        )
    return True


def carry_line(store: Store, source: int, n: int, body: bytes) -> int:
    """Append one old line to the open ledger as `carried`, its subject with it; the new number."""
    old_ledger, stream = store.rows(
        "SELECT l.name, s.name FROM stream s JOIN ledger l ON l.number = s.ledger WHERE s.number = ?", source
    )[0]
    name: StreamName = stream
    kind = carried_again(body) or Carried(old_ledger, stream, n, body.decode("utf-8"))
    _, now = ledger.append(store, kind, name)
    target = ledger.tail(store, name).stream
    store.run("UPDATE subject SET stream = ?, n = ? WHERE stream = ? AND n = ?", target, now, source, n)
    return now


def carried_again(body: bytes) -> Carried | None:
    """What a line already carries: it is not wrapped a second time."""
    envelope = read_line(body)
    return msgspec.json.decode(envelope.d, type=Carried) if envelope.k == CARRIED else None
