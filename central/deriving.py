"""Derives visits and queue days from lines that have their place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from agent.wire.kinds import TicketTaken
from central import trips
from central.faults import Entry
from central.lineage import Reach
from central.store import carried, ledgers, visits
from central.store import trips as stored_trips
from central.store.carried import CarriedLine
from central.store.database import Database
from central.store.rows import StreamKey
from central.visits import CHANGES, Fact, apply, day_label, rank

ENROLLMENTS = "enrollments"
Identity = tuple[str, int]


class Told(msgspec.Struct, frozen=True):
    """A fact, and the ledger that it means where it names a visit but no ledger."""

    fact: Fact
    own: str

    @property
    def visit(self) -> Identity:
        """The visit that the line speaks of, as the line names it."""
        kind = self.fact.kind
        return getattr(kind, "of", None) or self.own, getattr(kind, "visit", 0)


def derive(
    database: Database, key: StreamKey, reach: Reach, entries: Sequence[Entry], placed: Mapping[int, CarriedLine]
) -> None:
    """Merge what the lines say into `visit` and `queue_day`; `placed` has the rows of the carried ones."""
    told = list(told_by(database, key, entries, placed))
    visits.label_days(database, [label for each in told if (label := day_label(each.fact))])
    changes = [each for each in told if type(each.fact.kind) in CHANGES]
    pairs = list(addressed(database, reach, changes))
    loaded = visits.load(database, {identity for identity, _ in pairs})
    for identity, fact in pairs:
        apply(loaded[identity], fact)
    visits.save(database, loaded.values())
    derive_trips(database, reach, told)


def derive_trips(database: Database, reach: Reach, told: Sequence[Told]) -> None:
    """Merge what the lines say into `trip` and `trip_visit`."""
    spoken = [(each.fact, trip) for each in told if (trip := trips.named(each.fact, each.own))]
    where = resolved(database, reach, {trip for _, trip in spoken})
    known = [(fact, where[trip]) for fact, trip in spoken if trip in where]
    of_visits = [((fact.ledger, fact.n), trip) for fact, trip in known if isinstance(fact.kind, TicketTaken)]
    stored_trips.note_visits(database, of_visits)
    loaded = stored_trips.load(database, {trip for fact, trip in known if not isinstance(fact.kind, TicketTaken)})
    for fact, trip in known:
        if not isinstance(fact.kind, TicketTaken):
            trips.apply(loaded[trip], fact)
    stored_trips.save(database, loaded.values())


def told_by(
    database: Database, key: StreamKey, entries: Sequence[Entry], placed: Mapping[int, CarriedLine]
) -> Iterator[Told]:
    """What the lines of the visits' stream say, each under the identity it counts by."""
    depths: dict[str, int] = {}
    for entry in entries:
        row = placed.get(entry.n)
        line = entry.inner if row and entry.inner else entry
        (ledger, stream), n = row.counts_as if row else (key, entry.n)
        if line.kind is None or line.envelope is None or stream != ENROLLMENTS:
            continue
        if ledger not in depths:
            depths[ledger] = len(ledgers.lineage(database, ledger)) - 1
        fact = Fact(ledger, n, line.envelope.t, rank(depths[ledger], n), line.kind)
        yield Told(fact, own=row.old_ledger if row else key.ledger)


def addressed(database: Database, reach: Reach, changes: Sequence[Told]) -> Iterator[tuple[Identity, Fact]]:
    """Each fact with the visit that it changes; what this ledger may not speak of is left out."""
    named = {each.visit for each in changes if not isinstance(each.fact.kind, TicketTaken)}
    where = resolved(database, reach, named)
    for each in changes:
        if isinstance(each.fact.kind, TicketTaken):
            yield (each.fact.ledger, each.fact.n), each.fact
        elif each.visit in where:
            yield where[each.visit], each.fact


def resolved(database: Database, reach: Reach, named: Iterable[Identity]) -> dict[Identity, Identity]:
    """Visit as named → visit as it counts.

    What a later ledger says of an old number means the line it carried, also where that line
    counts under its new identity.
    """
    known = [(ledger, n) for ledger, n in named if n >= 1]
    found = {identity: identity for identity in known if reach.covers(identity[0])}
    for old in sorted({ledger for ledger, _ in known if ledger != reach.ledger}):
        numbers = {n for ledger, n in known if ledger == old}
        for row in carried_by(database, reach, StreamKey(old, ENROLLMENTS), numbers):
            (ledger, _), n = row.counts_as
            found[old, row.old_n] = (ledger, n)
    return found


def carried_by(database: Database, reach: Reach, old: StreamKey, numbers: set[int]) -> list[CarriedLine]:
    """The lines of an old stream that this ledger or one before it carried, the nearest carrier's last."""
    rows = [row for row in carried.quoting(database, old, numbers) if row.ledger in reach.lineage]
    mine = [row for row in rows if row.stream == ENROLLMENTS]
    return sorted(mine, key=lambda row: (-reach.lineage.index(row.ledger), row.n))
