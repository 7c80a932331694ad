"""What central's receipts change: the cursor, the list of refused lines, sealed subjects."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path
from typing import Final

import msgspec

from agent.store import ledger
from agent.store.database import Store
from agent.wire.names import receipt_name
from agent.wire.receipt import Receipt

RECEIPTS: Final = "data/receipts"
ROWS_AT_ONCE: Final = 1000
CENTRAL_TIME: Final = "central_at"


def apply(store: Store, stream: int, receipt: Receipt, token: str, *, fresh: bool) -> None:
    """Move the cursor to what a believed receipt says, and keep the receipt itself.

    `fresh`: it answers what was just sent, so its time is central's time now; else that time is past.
    """
    now = store.clock.wall_ms()
    with store.write():
        store.run(
            "UPDATE stream SET held = ?, also = ?, epoch = ?, seq = ?, refused_total = ?, receipt_at = ?"
            " WHERE number = ?",
            receipt.held.n, msgspec.json.encode(receipt.also).decode(), receipt.epoch, receipt.seq,
            receipt.refused_total, now, stream,
        )  # fmt: skip
        store.run(
            "UPDATE ledger SET s = max(s, ?) WHERE number = (SELECT ledger FROM stream WHERE number = ?)",
            receipt.s_max, stream,
        )  # fmt: skip
        ledger.set_fact(store, f"receipt@{receipt.stream}", token)
        if fresh:
            note_central_time(store, receipt.at)
        else:
            note_central_past(store, receipt.at)
        note_refusals(store, stream, receipt)
    keep_file(store.home / RECEIPTS / receipt_name(receipt.ledger, receipt.stream), token)
    while forget_subjects(store, stream, receipt.held.n):
        pass


def note_central_time(store: Store, at: int) -> None:
    """Remember central's time, and tie it to this boot's clock, inside the caller's transaction."""
    ledger.set_fact(store, ledger.CENTRAL_AT_BOOT, f"{store.boot} {at - store.clock.boot_ms()}")
    ledger.set_fact(store, CENTRAL_TIME, str(at))


def note_central_past(store: Store, at: int) -> None:
    """Remember from a carried receipt that it is later than that, inside the caller's transaction.

    So an office without a link prunes too, and an old receipt takes nothing back.
    """
    known = ledger.facts(store, CENTRAL_TIME).get(CENTRAL_TIME)
    ledger.set_fact(store, CENTRAL_TIME, str(at if known is None else max(at, int(known))))


def note_refusals(store: Store, stream: int, receipt: Receipt) -> None:
    """Keep a copy of each refused line for the officer's list, inside the caller's transaction.

    When central took a line after all, the newest receipt no longer lists it: what is listed counts.
    A copy that is kept already stays as it is, for its line may be pruned.
    """
    if receipt.refused_total == len(receipt.refused):
        listed = msgspec.json.encode([refused.n for refused in receipt.refused]).decode()
        store.run("DELETE FROM refused WHERE stream = ? AND n NOT IN (SELECT value FROM json_each(?))", stream, listed)
    for refused in receipt.refused:
        store.run(
            "INSERT INTO refused (stream, n, code, body)"
            " VALUES (?, ?, ?, (SELECT body FROM line WHERE stream = ?1 AND n = ?2))"
            " ON CONFLICT (stream, n) DO UPDATE SET code = excluded.code",
            stream, refused.n, refused.code,
        )  # fmt: skip
        store.run("DELETE FROM subject WHERE stream = ? AND n = ?", stream, refused.n)


def forget_subjects(store: Store, stream: int, held: int) -> bool:
    """Delete up to a thousand subjects that central holds now; whether there may be more."""
    due = store.rows("SELECT n FROM subject WHERE stream = ? AND n <= ? ORDER BY n LIMIT ?", stream, held, ROWS_AT_ONCE)
    if due:
        with store.write():
            store.run("DELETE FROM subject WHERE stream = ? AND n <= ?", stream, due[-1][0])
    return len(due) == ROWS_AT_ONCE


def tidy_subjects(store: Store, listed: Collection[str] | None) -> int:
    """Delete up to a thousand subjects that nobody needs here any more; how many.

    Central holds their line (the power went before they were deleted), or their key is not among
    `listed`, the newest list's; None where no list is known.
    """
    kids = msgspec.json.encode(listed).decode()  # of null SQL makes one NULL, and nothing is NOT IN that
    due = store.rows(
        "SELECT u.stream, u.n FROM subject u JOIN stream s ON s.number = u.stream"
        " WHERE u.n <= s.held OR u.kid NOT IN (SELECT value FROM json_each(?)) LIMIT ?",
        kids, ROWS_AT_ONCE,
    )  # fmt: skip
    if due:
        with store.write():
            for stream, n in due:
                store.run("DELETE FROM subject WHERE stream = ? AND n = ?", stream, n)
    return len(due)


def keep_file(file: Path, text: str) -> None:
    """Replace a file by a synced copy, whole or not at all."""
    file.parent.mkdir(mode=0o770, exist_ok=True)
    fresh = file.with_suffix(".new")
    with fresh.open("w", encoding="ascii") as out:
        out.write(text)
        out.flush()
        os.fsync(out.fileno())
    fresh.replace(file)
