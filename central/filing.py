"""Files lines that are in custody into the derived tables; a rebuild files them all again.

The derived tables are a function of custody alone. Lines that merely add to them are merged in,
whatever their order. Where a line changes what others mean (a late word on which ledger goes on
from which, a conflict over an old identity), all ledgers of that machine are filed again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from agent.wire.line import STREAMS
from central.carrying import Upset, digest_of, place_carried
from central.deriving import derive
from central.faults import Entry, Rules, read_entry
from central.lineage import note_parent, reach_of
from central.store import carried, derived, frames, ledgers, refusals, subjects
from central.store.database import Database, Store
from central.store.rows import StreamKey

Filed = tuple[StreamKey, list[Entry]]

FOUND_GOOD = Rules(is_office=lambda _: True, is_village=lambda _: True)  # what is in custody was judged on arrival
SPANS_AT_ONCE = 20  # in one transaction of a rebuild: some 4,000 lines


def file_lines(database: Database, key: StreamKey, entries: Sequence[Entry]) -> None:
    """File lines that came into custody in this transaction."""
    try:
        if note_parent(database, key, entries):
            raise Upset
        check_usurped(database, key, entries)
        file_good(database, key, [entry for entry in entries if not entry.fault])
    except Upset:
        refile(database, ledgers.family(database, key.ledger))


def check_usurped(database: Database, key: StreamKey, entries: Sequence[Entry]) -> None:
    """Raises Upset if a carried line with other bytes counts under the identity of one of these lines."""
    lines = {entry.n: entry.line for entry in entries}
    for row in carried.quoting(database, key, lines.keys()):
        if row.filed and row.digest != digest_of(lines[row.old_n]):
            raise Upset


def file_good(database: Database, key: StreamKey, entries: Sequence[Entry]) -> None:
    """File lines without faults; raises Upset."""
    reach = reach_of(database, key.ledger)
    rows = place_carried(database, key, reach, entries)
    if any(not row.filed for row in rows) and has_later_words(database, key, entries[-1].n):
        raise Upset
    derive(database, key, reach, entries, {row.n: row for row in rows})


def has_later_words(database: Database, key: StreamKey, n: int) -> bool:
    """Whether lines that may speak of line `n` and those before it were filed already."""
    return frames.has_above(database, key, n) or bool(ledgers.children(database, [key.ledger]))


def refile(database: Database, family: Sequence[str]) -> None:
    """File all lines of these ledgers again: first every carried line, then what all of them say."""
    before = {(row.ledger, row.stream, row.n): row for row in carried.of_ledgers(database, family)}
    derived.empty(database, family)
    for key, entries in in_custody(database, family):
        place_carried(database, key, reach_of(database, key.ledger), entries)
    for key, entries in in_custody(database, family):
        derive_placed(database, key, entries)
    for row in carried.of_ledgers(database, family):
        was = before.get((row.ledger, row.stream, row.n))
        if was is not None and was.filed != row.filed:
            subjects.move(database, was.counts_as, row.counts_as)


def derive_placed(database: Database, key: StreamKey, entries: Sequence[Entry]) -> None:
    """Derive from lines of which the carried ones have their place."""
    rows = carried.at(database, key, [entry.n for entry in entries])
    derive(database, key, reach_of(database, key.ledger), entries, rows)


def in_custody(database: Database, family: Iterable[str]) -> Iterator[Filed]:
    """The lines of these ledgers that were not refused, a span at a time."""
    for ledger in family:
        for stream in STREAMS:
            key = StreamKey(ledger, stream)
            for span in frames.spans_of(database, key):
                lines = frames.lines_of(database, span)
                refused = refusals.codes(database, key, [n for n, _ in lines])
                yield key, [read_entry(n, line, FOUND_GOOD) for n, line in lines if n not in refused]


def rebuild(store: Store) -> int:
    """Empty the derived tables and file every line again; returns the number of lines.

    In many short transactions: what arrives meanwhile is filed as ever. Until it ends, the
    derived tables are incomplete; if it is stopped, run it again.
    """
    with store.write() as database:
        derived.empty(database, None)
    with store.session() as database:
        everyone = ledgers.in_order(database)
        for some in batches(in_custody(database, everyone)):
            with store.write():
                place_again(database, some)
        count = 0
        for some in batches(in_custody(database, everyone)):
            with store.write():
                for key, entries in some:
                    derive_placed(database, key, entries)
            count += sum(len(entries) for _, entries in some)
    return count


def place_again(database: Database, some: Iterable[Filed]) -> None:
    """Place carried lines; one that came first but is read late moves the others of its family."""
    for key, entries in some:
        try:
            place_carried(database, key, reach_of(database, key.ledger), entries)
        except Upset:
            refile(database, ledgers.family(database, key.ledger))


def batches(found: Iterator[Filed]) -> Iterator[list[Filed]]:
    """So many spans as one transaction may file."""
    while some := list(islice(found, SPANS_AT_ONCE)):
        yield some
