"""Rosters of this office: taken in whole or not at all, matched by digest, confirmed by an officer, then deleted."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import islice
from typing import Any, Final

import msgspec

from agent.actions import roster_refusals, visits
from agent.actions.day import local_date
from agent.actions.visits import other_ledger
from agent.domain import roster as rules
from agent.domain.roster import Checker, Person, RowFault
from agent.domain.roster_cells import Column, find_header
from agent.errors import BadData, Conflict, NotFound
from agent.office import Office
from agent.office_files import known_kecamatan
from agent.store import ledger, roster_keys
from agent.store.database import Store
from agent.wire.kinds import RosterDeleted, RosterLoaded, RosterMatched

READY: Final = "ready"
LOADING: Final = "loading"
REFUSED: Final = "refused"
ROWS_AT_ONCE: Final = 1_000
LONGEST_TITLE: Final = 80
SECRET_BYTES: Final = 32
LONGEST_KEPT: Final = timedelta(days=731)  # from a list of pupils to the vote they are listed for
LONGEST_LOADING_MS: Final = 86_400_000  # until then an officer may read why it was refused
_COLUMNS: Final = "number, title, purpose, expires, bits, state, seen, refused, why, made_t"


class Wanted(msgspec.Struct, frozen=True):
    """What an officer says of a list: its title, what it is for, until when it is kept, and who brings it."""

    title: str
    purpose: str
    expires: date
    by: int


class Roster(msgspec.Struct, frozen=True):
    """A roster as it stands; `why` it was refused as a whole, else empty; `made_t` is ms UTC."""

    number: int
    title: str
    purpose: str
    expires: date
    bits: int
    state: str
    seen: int
    refused: int
    why: str
    made_t: int


class Match(msgspec.Struct, frozen=True):
    """A roster that may hold a person; `met` when everybody who has that digest was met already."""

    roster: Roster
    village: str
    met: bool


class Reached(msgspec.Struct, frozen=True):
    """How far a roster is in a village: so many expected, so many confirmed by an officer."""

    village: str
    expected: int
    met: int


def begin(store: Store, office: Office, wanted: Wanted, random_bytes: Callable[[int], bytes]) -> int:
    """A roster that is being taken in; its number.

    Raises BadData for a title, a purpose or a date that is none, DiskFull.
    """
    if not 0 < len(wanted.title.strip()) <= LONGEST_TITLE:
        raise BadData("roster-title", f"give it a title of at most {LONGEST_TITLE} letters", field="title")
    if wanted.purpose not in rules.PURPOSES:
        raise BadData("roster-purpose", f"a purpose is one of {', '.join(rules.PURPOSES)}", field="purpose")
    today = local_date(store, office)
    if not today < wanted.expires <= today + LONGEST_KEPT:
        raise BadData("roster-expires", "say until which day it is needed, two years at most", field="expires")
    with store.write():
        store.run(
            "INSERT INTO roster (title, purpose, expires, bits, state, seen, refused, made_t, by)"
            " VALUES (?, ?, ?, 0, ?, 0, 0, ?, ?)",
            wanted.title.strip(), wanted.purpose, wanted.expires.isoformat(), LOADING, store.clock.wall_ms(), wanted.by,
        )  # fmt: skip
        number = int(store.rows("SELECT max(number) FROM roster")[0][0])
        roster_keys.put(store.home, number, random_bytes(SECRET_BYTES))
    return number


def take_in(store: Store, office: Office, number: int, found: Iterable[Sequence[object]], by: int = 0) -> Roster:
    """Check every row and keep the people whole or not at all; how it stands then.

    Raises BadData `roster-header` where the columns tell nobody apart, `roster-file`, `roster-quotes`,
    `roster-empty`, or `roster-broke-off` where it was given up meanwhile.
    """
    try:
        cells = iter(found)
        header = find_header(cells)
        if header is None:
            raise BadData("roster-header", "one of the first rows must name the columns: NIK, or name and birth date")
        row, columns = header
        checker = new_checker(store, office, number, columns)
        check_rows(store, number, checker, cells, row)
        if not checker.people:
            raise BadData("roster-empty", "no row could be taken in")
        keep(store, number, checker, by)
    except BadData as fault:
        refuse(store, number, fault)
        raise
    return find(store, number)


def refuse(store: Store, number: int, fault: BadData) -> None:
    """Of a list nobody is kept, only why it was refused, and its rows, with the one that the fault names."""
    why: Any = fault.code.removeprefix("roster-")
    with store.write():
        roster_refusals.put(store, number, [RowFault(int(row), why) for row in [fault.field] if row.isdecimal()])
        store.run("UPDATE roster SET state = ?, why = ? WHERE number = ?", REFUSED, why, number)
    delete_rows(store, "roster_person", number)


def refuse_unfinished(store: Store, number: int | None = None) -> None:
    """Whatever ended the reading of a list, or of every list: it is refused as a whole, so that nobody waits for it."""
    for each in rosters(store):
        if each.state == LOADING and number in (each.number, None):
            refuse(store, each.number, BadData("roster-broke-off", "its reader broke off"))


def check_wanted(store: Store, number: int) -> None:
    """Raises BadData `roster-broke-off`, inside the caller's transaction, for a list that is no longer taken in."""
    if not store.rows("SELECT 1 FROM roster WHERE number = ? AND state = ?", number, LOADING):
        raise BadData("roster-broke-off", "it was given up or deleted meanwhile; bring it again", field="number")


def new_checker(store: Store, office: Office, number: int, columns: dict[int, Column]) -> Checker:
    """What checks the rows of a roster; raises BadData `roster-file` without its key."""
    secret = roster_keys.find(store.home, number)
    if secret is None:
        raise BadData("roster-file", "its key cannot be read; run this as the kiosk's user", field="number")
    today = local_date(store, office)
    return Checker(columns, office.regions.villages, known_kecamatan(), today, secret)


def check_rows(store: Store, number: int, checker: Checker, cells: Iterator[Sequence[object]], row: int) -> None:
    """Look at every row after the header in `row`, a thousand at a time; keep why rows are refused, and how far it is.

    Raises BadData `roster-too-many` for a list that is longer than any office's.
    """
    seen, refused = 0, 0
    while block := list(islice(cells, ROWS_AT_ONCE)):
        looked = (checker.check(at, each) for at, each in enumerate(block, row + 1))
        faults = [fault for fault in looked if fault]
        seen, refused = seen + sum(not rules.is_empty(each) for each in block), refused + len(faults)
        row += len(block)
        with store.write():
            check_wanted(store, number)
            roster_refusals.put(store, number, faults)
            store.run("UPDATE roster SET seen = ?, refused = ? WHERE number = ?", seen, refused, number)
        if seen > rules.MOST_ROWS or row > rules.LAST_ROW:
            raise BadData("roster-too-many", f"a roster has at most {rules.MOST_ROWS} rows; split it")


def keep(store: Store, number: int, checker: Checker, by: int) -> None:
    """Store the digests a thousand at a time; only the last transaction makes them count."""
    people = iter(checker.expected())
    while block := list(islice(people, ROWS_AT_ONCE)):
        with store.write():
            check_wanted(store, number)
            for each in block:
                store.run("INSERT INTO roster_person VALUES (?, ?, ?)", number, each.digest, each.village)
    size = len(checker.people)
    with store.write():
        check_wanted(store, number)
        store.run("UPDATE roster SET state = ?, bits = ? WHERE number = ?", READY, rules.bits_for(size), number)
        made = find(store, number)
        ledger.append(store, RosterLoaded(number, made.purpose, size, made.refused, made.expires.isoformat(), by))


def rosters(store: Store) -> list[Roster]:
    """Every roster, the newest first."""
    return [read(row) for row in store.rows(f"SELECT {_COLUMNS} FROM roster ORDER BY number DESC")]  # noqa: S608


def find(store: Store, number: int) -> Roster:
    """One roster; raises NotFound `unknown-roster`."""
    found = store.rows(f"SELECT {_COLUMNS} FROM roster WHERE number = ?", number)  # noqa: S608 — our own columns
    if not found:
        raise NotFound("unknown-roster", f"there is no roster {number}", field="roster")
    return read(found[0])


def read(row: tuple[Any, ...]) -> Roster:
    """A roster of a row of _COLUMNS."""
    number, title, purpose, expires, *more = row
    return Roster(number, title, purpose, date.fromisoformat(expires), *more)


def matches(store: Store, person: Person) -> list[Match]:
    """The rosters that may hold a person: one stranger in 64 matches too, so look at the card."""
    ready = [roster for roster in rosters(store) if roster.state == READY]
    found = [(roster, *standing(store, roster.number, digest_of(store, roster, person))) for roster in ready]
    return [Match(roster, villages[0], met >= len(villages)) for roster, villages, met in found if villages]


def digest_of(store: Store, roster: Roster, person: Person) -> int | None:
    """A person's digest under the roster's key; None where the key is gone."""
    secret = roster_keys.find(store.home, roster.number)
    return None if secret is None else rules.short(rules.digest_of(person, secret), roster.bits)


def standing(store: Store, number: int, digest: int | None) -> tuple[list[str], int]:
    """The villages of all on a roster who have that digest, and how many of them were met."""
    sql = "SELECT village FROM roster_person WHERE roster = ? AND digest = ? ORDER BY rowid"
    met = store.rows("SELECT count(*) FROM roster_match WHERE roster = ? AND digest = ?", number, digest)
    return [village for (village,) in store.rows(sql, number, digest)], int(met[0][0])


def confirm(store: Store, number: int, name: str, person: Person, by: int) -> None:
    """The card says so: a visit's person is on a roster. Nobody is counted twice, at whichever visit it is said.

    Raises NotFound, or Conflict `no-match` where the roster cannot hold that person.
    """
    roster = find(store, number)
    digest = digest_of(store, roster, person)
    with store.write():
        villages, met = standing(store, number, digest) if roster.state == READY else ([], 0)
        if not villages:
            raise Conflict("no-match", "that person is not on this roster", field="roster")
        visit = visits.find(store, name)
        if met < len(villages) and number not in confirmed(store, name):
            sql = "INSERT INTO roster_match (roster, visit, village, digest) VALUES (?, ?, ?, ?)"
            store.run(sql, number, visit.number, villages[met], digest)
            ledger.append(store, RosterMatched(number, visit.n, villages[met], by, other_ledger(store, visit)))


def confirmed(store: Store, name: str) -> set[int]:
    """The rosters that a visit was confirmed for."""
    visit = visits.find(store, name)
    return {number for (number,) in store.rows("SELECT roster FROM roster_match WHERE visit = ?", visit.number)}


def reached(store: Store, number: int) -> list[Reached]:
    """How far a roster is, by village; only what an officer confirmed counts as met."""
    expected = dict(store.rows("SELECT village, count(*) FROM roster_person WHERE roster = ? GROUP BY village", number))
    met = dict(store.rows("SELECT village, count(*) FROM roster_match WHERE roster = ? GROUP BY village", number))
    return [Reached(village, expected.get(village, 0), met.get(village, 0)) for village in sorted({*expected, *met})]


def met(store: Store, number: int) -> list[tuple[str, str, str]]:
    """The visits at which somebody of a roster was met, by village of the roster: village, local date, ticket."""
    return store.rows(
        "SELECT m.village, q.date, v.letter || '-' || printf('%03d', v.place) FROM roster_match m"
        " JOIN visit v ON v.number = m.visit JOIN queue_day q ON q.number = v.day WHERE m.roster = ?"
        " ORDER BY m.village, v.number",
        number,
    )


def delete(store: Store, number: int, by: int) -> None:
    """A roster is gone, with its digests and its key; raises NotFound. How many were met stays in the stream."""
    roster = find(store, number)
    roster_keys.drop(store.home, number)  # first, for without it the rest says nothing
    for table in ("roster_person", "roster_refused"):
        delete_rows(store, table, number)
    with store.write():
        store.run("DELETE FROM roster_match WHERE roster = ?", number)
        store.run("DELETE FROM roster WHERE number = ?", number)
        if roster.state == READY:
            ledger.append(store, RosterDeleted(number, by))


def delete_rows(store: Store, table: str, number: int) -> None:
    """Delete a roster's rows of a table, a thousand at a time."""
    some = f"SELECT rowid FROM {table} WHERE roster = ? LIMIT ?"  # noqa: S608 — our own tables
    while store.rows(some, number, 1):
        with store.write():
            store.run(f"DELETE FROM {table} WHERE rowid IN ({some})", number, ROWS_AT_ONCE)  # noqa: S608


def forget_expired(store: Store, office: Office) -> int:
    """Delete the rosters whose day has come, and what a crash left half taken in; how many."""
    today = local_date(store, office).isoformat()
    cut_off = store.clock.wall_ms() - LONGEST_LOADING_MS
    due = store.rows("SELECT number FROM roster WHERE expires < ? OR state <> ? AND made_t < ?", today, READY, cut_off)
    for (number,) in due:
        delete(store, number, by=0)
    with store.write():  # a roster that begins meanwhile has its key before its row
        roster_keys.keep_only(store.home, [number for (number,) in store.rows("SELECT number FROM roster")])
    return len(due)
