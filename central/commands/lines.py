"""What arrived, for people with a spreadsheet; and the derived tables built anew."""

from __future__ import annotations

import csv
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

from agent.clock import SystemClock
from agent.errors import BadData
from agent.wire.line import STREAMS, read_line
from central.filing import rebuild
from central.opening import open_central
from central.rejudge import rejudge
from central.settings import load_central
from central.store import carried, frames, ledgers, refusals
from central.store.database import Database, Store, open_store
from central.store.rows import StreamKey

COLUMNS: Final = ("ledger", "stream", "n", "t", "office", "kind", "d", "refused", "counts_as")


def write(config: Path) -> int:
    """`rekam central lines`: CSV on the standard output, in bounded memory."""
    store = open_store(load_central(config).database)
    try:
        write_csv(store, sys.stdout)
    finally:
        store.close()
    return 0


def write_csv(store: Store, out: TextIO) -> None:
    """Every line that arrived, by ledger, stream and number; `counts_as` names the identity of a carried one."""
    sheet = csv.writer(out, lineterminator="\n")
    sheet.writerow(COLUMNS)
    with store.session() as database:
        for ledger in ledgers.in_order(database):
            office = ledgers.office(database, ledger)
            for stream in STREAMS:
                sheet.writerows(rows_of(database, StreamKey(ledger, stream), office))


def rows_of(database: Database, key: StreamKey, office: str) -> Iterator[tuple[object, ...]]:
    """The rows of a stream."""
    for span in frames.spans_of(database, key):
        lines = frames.lines_of(database, span)
        numbers = [n for n, _ in lines]
        codes = refusals.codes(database, key, numbers)
        placed = carried.at(database, key, numbers)
        for n, line in lines:
            place = placed[n].counts_as if n in placed else None
            counts_as = f"{place[0].ledger}/{place[0].stream}/{place[1]}" if place else ""
            yield (*key, n, *told(line, office), codes.get(n, ""), counts_as)


def told(line: bytes, office: str) -> tuple[object, ...]:
    """t, office, kind and d of a line; of a line that cannot be read, its text as `d`."""
    try:
        envelope = read_line(line)
    except BadData:
        return "", office, "", inert(line.decode("utf-8", "replace"))
    return envelope.t, office, inert(envelope.k), inert(bytes(envelope.d).decode("utf-8", "replace"))


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def judge_refused_again(config: Path) -> int:
    """`rekam central rejudge`."""
    central = open_central(load_central(config), SystemClock(), credentials=os.environ.get("CREDENTIALS_DIRECTORY"))
    try:
        mended = rejudge(central)
    finally:
        central.store.close()
    sys.stdout.write(f"{mended.taken} refused lines were taken in after all, {mended.refused} stay refused\n")
    return 0


def rebuild_all(config: Path) -> int:
    """`rekam central rebuild`."""
    store = open_store(load_central(config).database)
    try:
        count = rebuild(store)
    finally:
        store.close()
    sys.stdout.write(f"filed {count} lines again\n")
    return 0
