"""What is wrong with one line: read it, check it, name the first fault. Pure.

Unknown kinds and fields are no fault: they are kept for a central that knows them.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import msgspec

from agent.errors import BadData
from agent.wire.kinds import KINDS, Carried, Kind, TicketTaken
from agent.wire.line import CARRIED, STREAMS, Envelope, ledger_thumbprint, read_line

ANY_VILLAGE: Final = ("outside", "unknown")
LARGEST: Final = 2**63  # what a database's integer can hold

HasCode = Callable[[str], bool]


class Rules(msgspec.Struct, frozen=True):
    """What a line is checked against: may this kiosk speak for the office, is there such a village."""

    is_office: HasCode
    is_village: HasCode


class Entry(msgspec.Struct, frozen=True):
    """One line of a batch at its place `n`: read as far as it can be; `fault` is a refusal's code.

    `inner` is the quoted line of a `carried` one. `kind` is None for kinds that this central does not know.
    """

    n: int
    line: bytes
    envelope: Envelope | None = None
    kind: Kind | None = None
    inner: Entry | None = None
    fault: str | None = None


def read_entry(n: int, line: bytes, rules: Rules) -> Entry:
    """The line at place `n` with its first fault, if it has one."""
    envelope: Envelope | None = None
    try:
        envelope = read_line(line)
        check_envelope(envelope, n)
        kind = read_kind(envelope)
        inner = read_inner(kind, rules) if isinstance(kind, Carried) else None
        check_kind(kind, rules)
    except BadData as fault:
        return Entry(n, line, envelope, fault=fault.code)
    return Entry(n, line, envelope, kind, inner)


def check_envelope(envelope: Envelope, n: int) -> None:
    """Raises BadData where the number is not the line's place, or no database could hold a value."""
    if not fits((envelope.n, envelope.t, envelope.b, envelope.m)):
        raise BadData("wrong-type", "a number needs more than 64 bits", field="line")
    if envelope.n != n:
        raise BadData("wrong-number", f"line {n} calls itself {envelope.n}", field="n")


def read_kind(envelope: Envelope) -> Kind | None:
    """The data of a known kind, None for an unknown one; raises BadData."""
    struct = KINDS.get(envelope.k)
    if struct is None:
        return None
    try:
        kind = msgspec.json.decode(envelope.d, type=struct)
    except msgspec.ValidationError as fault:
        code = "missing-field" if "missing required field" in str(fault) else "wrong-type"
        raise BadData(code, str(fault), field="d") from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:  # bytes that are skipped while `d` stays raw
        raise BadData("not-json", str(fault), field="d") from fault
    if not fits(msgspec.structs.astuple(kind)):
        raise BadData("wrong-type", "a number needs more than 64 bits", field="d")
    return kind


def fits(values: tuple[object, ...]) -> bool:
    """Whether every integer among the values is one of 64 bits."""
    return all(-LARGEST <= value < LARGEST for value in values if isinstance(value, int))


def read_inner(carried: Carried, rules: Rules) -> Entry:
    """The quoted line under its old number; raises BadData with its fault: a carried line has no other."""
    ledger_of(carried)
    inner = read_entry(carried.n, carried.line.encode("utf-8"), rules)
    if inner.fault:
        raise BadData(inner.fault, "the quoted line has a fault", field="line")
    if inner.envelope is not None and inner.envelope.k == CARRIED:
        raise BadData("wrong-type", "a carried line is not wrapped again", field="line")
    return inner


def ledger_of(carried: Carried) -> None:
    """Raises BadData `wrong-type` where the old identity cannot be one."""
    try:
        ledger_thumbprint(carried.ledger)
    except BadData as fault:
        raise BadData("wrong-type", fault.sentence, field="ledger") from fault
    if carried.stream not in STREAMS or carried.n < 1 or "\n" in carried.line:
        raise BadData("wrong-type", "a carried line names a stream, a number and one line", field="stream")


def check_kind(kind: Kind | None, rules: Rules) -> None:
    """Raises BadData where a ticket names another office, or a village that is in no table."""
    if not isinstance(kind, TicketTaken):
        return
    if not rules.is_office(kind.office):
        raise BadData("unknown-office", f"this kiosk is not approved for {kind.office}", field="office")
    if kind.village not in ANY_VILLAGE and not rules.is_village(kind.village):
        raise BadData("unknown-village", f"there is no village {kind.village}", field="village")
