"""A ticket is a promise: one request, one number."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import msgspec

from agent import vault
from agent.actions import elections, kiosk_life, trips, waits
from agent.actions.day import day_for_ticket
from agent.actions.waits import Wait
from agent.domain import visits
from agent.domain.eligibility import Band
from agent.errors import Conflict, NotFound
from agent.office import Office
from agent.store import forks, ledger
from agent.store.database import Store
from agent.store.models import Visit
from agent.wire.kinds import TicketTaken

CODE_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # none that a person mistakes for another
COLUMNS = tuple(column for column in Visit._meta.fields if column != "number")
INSERT_VISIT = f"INSERT INTO visit ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))}) RETURNING number"  # noqa: S608


class TicketRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What a citizen asks for; `request_id` makes a double tap one ticket."""

    service: str
    village: str
    request_id: str
    nik: str | None = None
    priority: bool = False
    by: int = 0  # the officer who gives it; 0 for the citizen's own touch
    noted: int | None = None  # ms UTC of a visit that was noted on paper first
    band: Band | None = None  # of age, where it was touched; kept only as a word on coming votes
    married: bool = False  # now or ever, where that was asked

    def fingerprint(self) -> bytes:
        """A hash of the request without its NIK: that is not kept, not even hashed."""
        said = msgspec.json.encode((self.service, self.village, self.priority))
        return hashlib.sha256(said).digest()


class Ticket(msgspec.Struct, frozen=True):
    """A given number, as the citizen and the local API see it."""

    visit: str
    ticket: str
    code: str
    queue_day: int
    ahead: int
    wait_minutes: tuple[int, int] | None
    wait_reason: str | None  # why there are no minutes
    print: str
    again: bool = False


def take_ticket(store: Store, office: Office, asked: TicketRequest, random_bytes: vault.RandomBytes) -> Ticket:
    """Give a number: visit row and line, both or neither; the same request gives the same number.

    Raises BadData for an unknown service, village or an ill-formed NIK, Conflict
    `request-id-reused`, `quota-used` or `kiosk-suspended`, DiskFull.
    """
    with store.write():
        before = find_request(store, asked.request_id)
        if before is not None:
            return same_ticket(store, office, before, asked)
        nik = office.check_nik(asked.nik, store.clock)
        visit, wait = give(store, office, asked, random_bytes)
        elections.note(store, office, visit, nik, asked.band, married=asked.married)
        sealed = nik is not None and vault.seal(store, office, visit.ledger, visit.n, {"nik": nik.number})
    if nik is not None and sealed:
        vault.leave_readable(store, visit.name, {"nik": nik.number})  # not before: the visit may not come to be
    return ticket_of(visit, wait)


def give(
    store: Store, office: Office, asked: TicketRequest, random_bytes: vault.RandomBytes, *, limited: bool = True
) -> tuple[Visit, Wait]:
    """The next number, inside the caller's transaction; `limited` to today's quota."""
    kiosk_life.check_gives_numbers(store, asked.by)
    service = office.check_request(asked.service, asked.village)
    day = day_for_ticket(store, office)
    if limited:
        check_quota(store, office, asked, day)
    place, trip = next_place(store, day, service.series), trips.current(store)
    taken = TicketTaken(
        day=day,
        ticket=f"{service.series}-{place:03d}",
        service=asked.service,
        office=office.code,
        village=asked.village,
        priority=asked.priority,
        by=asked.by,
        noted=asked.noted,
        **trips.in_line(store, trip),  # type: ignore[arg-type]  # its names and types are those of the kind
    )
    name, n = ledger.append(store, taken)
    wait = waits.wait_for(store, office, day, asked.service, priority=asked.priority)
    low, high = (wait.minutes if asked.noted is None else None) or (None, None)
    promise = {"promised_low": low, "promised_high": high}  # kept, to be held against what came
    where = {"ledger": name, "n": n, "day": day, "place": place, "trip": trip.number if trip else None}
    return insert_visit(store, office, asked, random_bytes, **where, **promise), wait


def check_quota(store: Store, office: Office, asked: TicketRequest, day: int) -> None:
    """Raises Conflict `quota-used` where a citizen asks for more numbers than the office gives; officers may."""
    quota = office.services[asked.service].quota
    if quota is None or asked.by:
        return
    taken = store.rows("SELECT count(*) FROM visit WHERE day = ? AND service = ?", day, asked.service)[0][0]
    if taken >= quota:
        raise Conflict("quota-used", "today's numbers for this service are used up; ask an officer", field="service")


def find_request(store: Store, request_id: str) -> Visit | None:
    """The visit that a request was given already."""
    known = store.rows("SELECT 1 FROM visit WHERE request_id = ?", request_id)
    return Visit.get(Visit.request_id == request_id) if known else None


def age_ms(store: Store, visit: Visit) -> int:
    """How long ago a number was given; by the boot clock where that was since the boot."""
    told = store.rows(
        "SELECT CAST(l.body AS TEXT) ->> '$.b', CAST(l.body AS TEXT) ->> '$.m' FROM ledger g"
        " JOIN stream s ON s.ledger = g.number AND s.name = ? JOIN line l ON l.stream = s.number"
        " WHERE g.name = ? AND l.n = ?",
        ledger.ENROLLMENTS, visit.ledger, visit.n,
    )  # fmt: skip
    boot, since_boot = told[0] if told else (None, 0)
    if boot == store.boot:
        return int(store.clock.boot_ms() - since_boot)
    return int(abs(store.clock.wall_ms() - visit.taken_t))


def next_place(store: Store, day: int, letter: str) -> int:
    """The next number of a series on a day, inside the caller's transaction."""
    found = store.rows("UPDATE series SET last = last + 1 WHERE day = ? AND letter = ? RETURNING last", day, letter)
    if found:
        return int(found[0][0])
    first = forks.on_paper(store).place + 1
    store.run("INSERT INTO series (day, letter, last) VALUES (?, ?, ?)", day, letter, first)
    return first


def insert_visit(
    store: Store, office: Office, asked: TicketRequest, random_bytes: vault.RandomBytes, **place: Any
) -> Visit:
    """The row of a new visit."""
    visit = Visit(
        **place,
        letter=office.services[asked.service].series,
        service=asked.service,
        village=asked.village,
        priority=asked.priority,
        code=short_code(random_bytes),
        request_id=asked.request_id,
        request_hash=asked.fingerprint(),
        state=visits.WAITING if asked.noted is None else visits.CALLED,  # a visit from paper stands in no line
        print="pending" if office.prints and asked.noted is None else "none",
        taken_t=store.clock.wall_ms() if asked.noted is None else asked.noted,
        calls=0,
    )
    visit.number = store.rows(INSERT_VISIT, *(getattr(visit, column) for column in COLUMNS))[0][0]
    return visit


def short_code(random_bytes: vault.RandomBytes) -> str:
    """Nine letters, 44 bits: it finds a ticket again and says nothing else."""
    number = int.from_bytes(random_bytes(8), "big")
    letters = []
    for _ in range(9):
        number, at = divmod(number, len(CODE_LETTERS))
        letters.append(CODE_LETTERS[at])
    return "".join(letters)


def same_ticket(store: Store, office: Office, visit: Visit, asked: TicketRequest) -> Ticket:
    """The ticket that this request was given already; raises Conflict `request-id-reused`."""
    check_same(visit, asked)
    return msgspec.structs.replace(told(store, office, visit), again=True)


def check_same(visit: Visit, asked: TicketRequest) -> None:
    """Raises Conflict `request-id-reused` where the request of a visit was another one."""
    if bytes(visit.request_hash) != asked.fingerprint():
        raise Conflict(
            "request-id-reused", "this request_id belongs to another request; use a new one", field="request_id"
        )


def told(store: Store, office: Office, visit: Visit) -> Ticket:
    """A visit as its citizen sees it now."""
    return ticket_of(visit, waits.wait_of(store, office, visit))


def ticket_of(visit: Visit, wait: Wait) -> Ticket:
    """A visit and its wait as its citizen sees them."""
    return Ticket(
        visit=visit.name,
        ticket=visit.ticket,
        code=visit.code,
        queue_day=visit.day,
        ahead=wait.ahead,
        wait_minutes=wait.minutes,
        wait_reason=wait.reason,
        print=visit.print,
    )


def find_by_codes(codes: Sequence[str]) -> list[Visit]:
    """The visits whose tickets show these codes, in that order."""
    found = Visit.select().where(Visit.code.in_(codes))
    return sorted(found, key=lambda visit: codes.index(visit.code))


def find_by_code(code: str) -> Visit:
    """The visit whose ticket shows `code`; raises NotFound `unknown-code`."""
    found = Visit.get_or_none(Visit.code == code.strip().lower())
    if found is None:
        raise NotFound("unknown-code", "no ticket has this code", field="code")
    return found
