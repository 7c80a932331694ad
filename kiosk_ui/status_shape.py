"""The shape of `rekam status --json`, as the API's description tells it."""

from __future__ import annotations

import msgspec

from kiosk_ui.bodies import Moment


class StatusRange(msgspec.Struct, frozen=True):
    """Lines that central holds above a gap."""

    first: int
    last: int


class StatusStream(msgspec.Struct, frozen=True):
    """A stream: its last number, what central holds and refused, the age of the oldest unsent line in seconds."""

    last: int
    held: int
    also: list[StatusRange]
    refused: int
    oldest_unsent_s: int


class StatusDay(msgspec.Struct, frozen=True):
    """The newest queue day: a growing number, a local date for a label."""

    number: int
    date: str
    open: bool


class StatusLink(msgspec.Struct, frozen=True):
    """The link's state, since when, and what told it."""

    state: str
    since: Moment | None
    evidence: str


class StatusBudget(msgspec.Struct, frozen=True):
    """The bytes that a day may cost, those that are spent, and lines that wait for tomorrow's."""

    daily_bytes: int
    spent: int
    held_back: int


class StatusPairing(msgspec.Struct, frozen=True):
    """Whether central knows this kiosk, and the code to read to it by phone."""

    state: str
    code: str


class StatusJob(msgspec.Struct, frozen=True):
    """A job of the agent: when it last ran and runs next, and what went wrong."""

    name: str
    last: Moment | None
    next: Moment | None
    error: str | None


class StatusReceipt(msgspec.Struct, frozen=True):
    """The newest receipt, and when it came."""

    stream: str
    epoch: int
    seq: int
    at: Moment


class StatusAnswer(msgspec.Struct, frozen=True):
    """Where this office's ledger, link and jobs stand; `settings` is the version [epoch, number] of central's."""

    ledger: str
    kiosk: str
    office: str
    queue_day: StatusDay | None
    streams: dict[str, StatusStream]
    link: StatusLink
    budget: StatusBudget | None
    settings: tuple[int, int]
    pairing: StatusPairing
    jobs: list[StatusJob]
    receipt: StatusReceipt | None
