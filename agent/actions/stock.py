"""The stock's book: what came in, was spoiled or counted, what visits used, and how long the rest lasts."""

from __future__ import annotations

from datetime import date
from typing import Final

import msgspec

from agent.actions import day, notices
from agent.domain import stock
from agent.domain.stock import Standing
from agent.errors import BadData
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.wire.kinds import Kind, StockCounted, StockReceived, StockSpoiled

FACT: Final = "stock"  # what the heartbeat tells central, JSON
OUT: Final = "stock_out"  # the items that were found to be out: what an officer dismisses is not proposed again
MOST: Final = 1_000_000  # pieces at once; more is a slip of the finger
FAR: Final = 2**62  # beyond every clock: a book that is read as it is now asks no clock


class Movement(msgspec.Struct, frozen=True):
    """One line of the book; `t` is ms UTC, `left` what the book said after it."""

    number: int
    item: str
    what: str
    change: int
    left: int
    reason: str
    by: int
    t: int


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """Something that is entered; `request_id` makes a double tap one movement."""

    item: str
    amount: int
    by: int
    request_id: str
    reason: str = ""


def receive(store: Store, office: Office, entry: Entry) -> int:
    """Enter pieces that came in; what the book says now. Raises BadData `unknown-item` or `stock-amount`."""
    check(office, entry, least=1)
    return enter(store, office, entry, "received", entry.amount, StockReceived(entry.item, entry.amount, entry.by))


def spoil(store: Store, office: Office, entry: Entry) -> int:
    """Enter pieces that were spoiled; what the book says now.

    Raises BadData `unknown-item`, `stock-amount`, `stock-reason`, or `stock-below-zero` where the book has fewer.
    """
    check(office, entry, least=1)
    if entry.reason not in stock.SPOILED:
        raise BadData("stock-reason", f"a reason is one of {', '.join(stock.SPOILED)}", field="reason")
    line = StockSpoiled(entry.item, entry.amount, entry.reason, entry.by)
    return enter(store, office, entry, "spoiled", -entry.amount, line)


def count(store: Store, office: Office, entry: Entry) -> int:
    """Enter what was counted by hand; how far that is from the book, which then says what was counted.

    Raises BadData `unknown-item` or `stock-amount`: nobody counts fewer than none.
    """
    check(office, entry, least=0)
    with store.write():
        if known(store, entry.request_id):
            return difference(store, entry.request_id)
        book = left_of(store, office, entry.item) or 0
        ledger.append(store, StockCounted(entry.item, entry.amount, book, entry.by))
        insert(store, entry, "counted", entry.amount - book, entry.amount)
    tell(store, office)
    return entry.amount - book


def enter(store: Store, office: Office, entry: Entry, what: str, change: int, line: Kind) -> int:
    """One movement with its line, once for a request; what the book says now. Raises BadData `stock-below-zero`."""
    with store.write():
        if not known(store, entry.request_id):
            after = (left_of(store, office, entry.item) or 0) + change
            if change < 0 and after < 0:
                sentence = "the book has fewer than that; count what is there first"
                raise BadData("stock-below-zero", sentence, field="amount")
            ledger.append(store, line)
            insert(store, entry, what, change, after)
    tell(store, office)
    return left_of(store, office, entry.item) or 0


def check(office: Office, entry: Entry, least: int) -> None:
    """Raises BadData for an item there is none of, or an amount that cannot be meant."""
    if entry.item not in office.stock.items:
        raise BadData("unknown-item", f"an item is one of {', '.join(office.stock.items)}", field="item")
    if not least <= entry.amount <= MOST:
        raise BadData("stock-amount", f"a whole number from {least} to {MOST} is needed", field="amount")


def known(store: Store, request_id: str) -> bool:
    """Whether that request was entered already."""
    return bool(store.rows("SELECT 1 FROM stock_move WHERE request_id = ?", request_id))


def difference(store: Store, request_id: str) -> int:
    """The difference that a count of before found."""
    return int(store.rows("SELECT change FROM stock_move WHERE request_id = ?", request_id)[0][0])


def insert(store: Store, entry: Entry, what: str, change: int, left: int) -> None:
    """The movement's row, inside the caller's transaction."""
    store.run(
        "INSERT INTO stock_move (item, what, change, left, mark, reason, by, t, request_id)"
        " VALUES (?, ?, ?, ?, (SELECT coalesce(max(ended), 0) FROM visit), ?, ?, ?, ?)",
        entry.item, what, change, left, entry.reason, entry.by, store.clock.wall_ms(), entry.request_id,
    )  # fmt: skip


def left_of(store: Store, office: Office, item: str, until: int = FAR) -> int | None:
    """What the book says of an item, or said at a moment: its last count, what moved since, less what visits used.

    `until` is ms UTC. None before all.
    """
    counted = store.rows(
        "SELECT number, left, mark FROM stock_move WHERE item = ? AND what = 'counted' AND t < ?"
        " ORDER BY number DESC LIMIT 1",
        item, until,
    )  # fmt: skip
    since, base, mark = counted[0] if counted else (0, 0, None)
    moved = store.rows(
        "SELECT sum(change), min(mark) FROM stock_move WHERE item = ? AND number > ? AND t < ?", item, since, until
    )
    change, first = moved[0]
    if mark is None:
        mark = first  # what was used before the first word about an item was no part of the book
    return None if mark is None else base + (change or 0) - office.stock.used(item, ended_after(store, mark, until))


def ended_after(store: Store, mark: int, until: int) -> list[tuple[str, str, int]]:
    """The visits that ended after so many others and before a moment: service, outcome, how many."""
    rows = store.rows(
        "SELECT service, outcome, count(*) FROM visit WHERE ended > ? AND finished_t < ? GROUP BY service, outcome",
        mark, until,
    )  # fmt: skip
    return [(service, outcome, many) for service, outcome, many in rows]


def left(store: Store, office: Office) -> dict[str, int | None]:
    """What the book says of each item."""
    return {item: left_of(store, office, item) for item in office.stock.items}


def overview(store: Store, office: Office) -> dict[str, Standing]:
    """How each item stands today, and how long it lasts."""
    now, _ = day.local_now(store, office)
    days, hours = ended_by_day(store, office, now.date()), office.hours
    found = {}
    for name, item in office.stock.items.items():
        used = [(label, office.stock.used(name, ended)) for label, ended in days]
        today = sum(pieces for label, pieces in used if label == now.date())
        each_day = stock.per_day([pieces for label, pieces in used if label != now.date()], today)
        left = left_of(store, office, name)
        found[name] = stock.standing(left, each_day, item.warn, now.date(), hours, today)
    return found


def ended_by_day(store: Store, office: Office, today: date) -> list[tuple[date, list[tuple[str, str, int]]]]:
    """What ended on the newest working days that had visits, today first where it is among them."""
    rows = store.rows("SELECT number, date FROM queue_day ORDER BY number DESC LIMIT ?", 3 * stock.AVERAGED_DAYS)
    labelled = [(number, date.fromisoformat(label)) for number, label in rows]
    working = [each for each in labelled if each[1] == today or office.hours.is_working_day(each[1])]
    counted = "SELECT service, outcome, count(*) FROM visit WHERE day = ? AND outcome IS NOT NULL GROUP BY 1, 2"
    return [(label, store.rows(counted, number)) for number, label in working[: stock.AVERAGED_DAYS + 1]]


def book(store: Store, most: int = 50) -> list[Movement]:
    """The newest movements."""
    columns = "number, item, what, change, left, reason, by, t"
    rows = store.rows(f"SELECT {columns} FROM stock_move ORDER BY number DESC LIMIT ?", most)  # noqa: S608 — our words
    return [Movement(*row) for row in rows]


def tell(store: Store, office: Office) -> None:
    """Keep what the next heartbeat tells central of the stock, if it changed."""
    now = msgspec.json.encode(stock.told(left(store, office))).decode()
    if ledger.facts(store, FACT).get(FACT, "{}") != now:
        with store.write():
            ledger.set_fact(store, FACT, now)


def told(store: Store) -> dict[str, int]:
    """What the heartbeat tells central: pieces by item."""
    return msgspec.json.decode(ledger.facts(store, FACT).get(FACT, "{}"), type=dict[str, int])


def watch(store: Store, office: Office) -> None:
    """Propose the notice of an item that ran out, once; withdraw the machine's own when there is some again."""
    tell(store, office)
    out = {name for name, pieces in left(store, office).items() if pieces is not None and pieces <= 0}
    before = msgspec.json.decode(ledger.facts(store, OUT).get(OUT, "[]"), type=set[str])
    if out == before:
        return
    for name in sorted(out ^ before):
        what = office.stock.items[name].notice if name in office.stock.items else None
        if what is not None:
            (notices.propose if name in out else notices.withdraw)(store, office, what)
    with store.write():
        ledger.set_fact(store, OUT, msgspec.json.encode(sorted(out)).decode())
