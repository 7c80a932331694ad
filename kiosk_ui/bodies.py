"""What the local API is sent and what it answers: msgspec structs, read strictly, field by field."""

from __future__ import annotations

import re
from typing import Annotated, Any, Final, Literal, TypeVar, get_type_hints

import msgspec
from msgspec import Meta

from agent.actions import counters, line, notices
from agent.actions.day import newest_day
from agent.actions.tickets import Ticket
from agent.domain import visits
from agent.domain.surge import REASONS
from agent.errors import BadData, UsageError
from agent.status import iso
from agent.store.database import Store
from agent.store.models import Visit

Body = TypeVar("Body", bound=msgspec.Struct)

WHOLE: Final = re.compile(rb"\A(-?[0-9]+)\.0+\Z")  # to JSON Schema 60.0 is the integer 60
END: Final = r"$(?!\n)"  # Python's own $ lets a last newline pass
Word = Annotated[str, Meta(min_length=1, max_length=64)]
Counter = Annotated[int, Meta(ge=1, le=99, description="the number of a counter")]
Moment = Annotated[str, Meta(description="this machine's clock in UTC", extra_json_schema={"format": "date-time"})]
# Names of papers and codes only: a sentence could name a person, and the ledger holds nothing personal.
Paper = Annotated[str, Meta(pattern=rf"^[A-Za-z][A-Za-z0-9_. -]{{0,39}}{END}")]
STATUS_CODE: Final = re.compile(r"[A-Za-z][A-Za-z0-9_ -]{0,63}")
StatusCode = Annotated[str, Meta(pattern=f"^{STATUS_CODE.pattern}{END}")]
MOST_PAPERS: Final = 20
CALLS_SHOWN: Final = 5
Reason = Annotated[str, Meta(extra_json_schema={"enum": list(REASONS)}, description="why the person came")]


class TicketBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Asks for a number; the same `request_id` again is answered with the same number."""

    service: Word
    village: Annotated[str, Meta(min_length=1, max_length=64, description="a village's code, `outside` or `unknown`")]
    request_id: Annotated[str, Meta(pattern=rf"^[!-~]{{1,128}}{END}")]
    nik: Annotated[str, Meta(max_length=64, description="16 digits; sealed at once, or not kept at all")] | None = None
    priority: bool = False


class CallBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Calls whoever is next in any of `services`; all of them when it is left out."""

    counter: Counter
    services: Annotated[tuple[Word, ...], Meta(max_length=64)] = ()


class CounterBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Calls one visit to a counter."""

    counter: Counter


class FinishBody(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Ends a visit; `missing` goes with `incomplete_papers` only."""

    outcome: Annotated[str, Meta(extra_json_schema={"enum": list(visits.OUTCOMES)})]
    missing: Annotated[tuple[Paper, ...], Meta(max_length=MOST_PAPERS)] = ()
    status_code: StatusCode | None = None
    reason: Reason | None = None
    repeated: Annotated[bool, Meta(description="came again for the same matter, as an officer says")] = False

    def __post_init__(self) -> None:
        if self.missing and self.outcome != "incomplete_papers":
            raise ValueError("missing is told with the outcome incomplete_papers only")


WAIT = "from, to by the clock, breaks in it; null: none can be told, and `wait_reason` says why"
NO_WAIT = (
    "no-counter: none is open for this service; day-ends: the office closes before the turn; closed: nobody is served "
    "any more today"
)


class TicketAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A given number."""

    visit: Annotated[str, Meta(description="the visit's name in the other calls")]
    ticket: Annotated[str, Meta(description="the number on paper", examples=["A-012"])]
    code: Annotated[str, Meta(description="finds the number again; says nothing else")]
    queue_day: int
    ahead: Annotated[int, Meta(ge=0, description="people called before this one")]
    wait_minutes: Annotated[list[int], Meta(min_length=2, max_length=2, description=WAIT)] | None
    wait_reason: Annotated[Literal["no-counter", "day-ends", "closed"] | None, Meta(description=NO_WAIT)]
    print: Literal["pending", "printed", "failed", "none"]


class VisitAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """A visit as the counter sees it; nothing personal."""

    visit: str
    ticket: str
    queue_day: int
    service: str
    village: str
    priority: bool
    state: Annotated[str, Meta(extra_json_schema={"enum": list(visits.STATES)})]
    counter: int | None
    calls: int
    taken: Moment
    called: Moment | None
    finished: Moment | None
    outcome: str | None


class BoardCall(msgspec.Struct, frozen=True, kw_only=True):
    """One number called to a counter."""

    ticket: str
    counter: int
    at: Moment


class Disturbed(msgspec.Struct, frozen=True, kw_only=True):
    """A service that cannot be had at the moment."""

    service: str
    since: Moment


class BoardAnswer(msgspec.Struct, frozen=True, kw_only=True):
    """What the waiting room sees."""

    queue_day: int | None
    calls: list[BoardCall]
    disturbed: list[Disturbed]
    counters: Annotated[list[int], Meta(description="the open ones; with none no wait is estimated")]
    at: Moment


class Problem(msgspec.Struct, frozen=True, kw_only=True):
    """RFC 9457, with a `code` to branch on and the `field` at fault."""

    type: str
    title: str
    status: int
    detail: str
    code: str
    field: str | None


class WrongType(BadData):
    """A body that does not call itself JSON."""

    http_status = 415


class TooLarge(BadData):
    """A body above the limit."""

    http_status = 413


def read(text: bytes, shape: type[Body]) -> Body:
    """The body as a `shape`.

    Raises UsageError `not-json`, BadData `wrong-value`, `unknown-field` or `missing-field` with the field.
    """
    members = read_members(text)
    fields = {field.name: field for field in msgspec.structs.fields(shape)}
    types = get_type_hints(shape, include_extras=True)
    for name in members:
        if name not in fields:
            raise BadData("unknown-field", f"known here are {', '.join(fields)}", field=name[:64])
    for name, field in fields.items():
        if field.required and name not in members:
            raise BadData("missing-field", f"{name} must be given", field=name)
    values = {name: read_value(raw, types[name], name) for name, raw in members.items()}
    try:
        return shape(**values)
    except ValueError as fault:
        raise BadData("wrong-value", str(fault), field="missing") from fault


def read_members(text: bytes) -> dict[str, msgspec.Raw]:
    """The members of a JSON object, their values still raw."""
    try:
        return msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except msgspec.ValidationError as fault:
        raise BadData("wrong-value", "the body must be a JSON object", field="body") from fault
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise UsageError("not-json", "the body cannot be read as JSON", field="body") from fault


def read_value(raw: msgspec.Raw, kind: Any, name: str) -> Any:
    """One member of the body."""
    try:
        return msgspec.json.decode(WHOLE.sub(rb"\1", bytes(raw)), type=kind)
    except msgspec.ValidationError as fault:
        raise BadData("wrong-value", str(fault), field=name) from fault
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise UsageError("not-json", "the body cannot be read as JSON", field=name) from fault


def ticket_answer(ticket: Ticket) -> TicketAnswer:
    """A ticket as the API tells it."""
    return msgspec.convert(msgspec.to_builtins(ticket), TicketAnswer)


def visit_answer(visit: Visit) -> VisitAnswer:
    """A visit as the API tells it."""
    return VisitAnswer(
        visit=visit.name,
        ticket=visit.ticket,
        queue_day=visit.day,
        service=visit.service,
        village=visit.village,
        priority=bool(visit.priority),
        state=visit.state,
        counter=visit.counter,
        calls=visit.calls,
        taken=iso(visit.taken_t),
        called=moment(visit.called_t),
        finished=moment(visit.finished_t),
        outcome=visit.outcome,
    )


def board_answer(store: Store) -> BoardAnswer:
    """The newest calls of the open day, none where no day is open, and what is disturbed."""
    day = newest_day(store)
    number = day.number if day is not None and day.is_open else None
    calls = [] if number is None else line.last_calls(store, number, CALLS_SHOWN)
    return BoardAnswer(
        queue_day=number,
        calls=[BoardCall(ticket=call.ticket, counter=call.counter, at=iso(call.t)) for call in calls],
        disturbed=[Disturbed(service=service, since=iso(since)) for service, since in notices.disturbed(store)],
        counters=[each.number for each in counters.open_counters(store)],
        at=iso(store.clock.wall_ms()),
    )


def moment(wall_ms: int | None) -> str | None:
    """A wall clock as the API tells it, if there is one."""
    return None if wall_ms is None else iso(wall_ms)
