"""What the office did in a stretch of days, counted from its visits; every count is the length of a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, Literal

import msgspec

from agent.clock import MINUTE_MS
from agent.domain import visits
from agent.domain.surge import REASONS, UNKNOWN

LONGEST_MIN: Final = 12 * 60  # a wait beyond a working day is a clock that was set, not a wait

Group = Literal["served", "return", "listed", "away", "no_show", "cancelled", "here"]
# What an outcome means for the person: served, or has to come again because of the papers or because of us.
GROUPS: Final[dict[str, Group]] = {
    "recorded": "served", "already_recorded": "served", "print_ready": "served", "handed_over": "served",
    "failed_capture": "return", "no_blank": "return", "incomplete_papers": "return", "link_down": "return",
    "device_broken": "return", "referred": "listed", "no_show": "no_show", "cancelled": "cancelled",
}  # fmt: skip
ORDER: Final[tuple[Group, ...]] = ("served", "return", "listed", "away", "no_show", "cancelled", "here")


class Row(msgspec.Struct, frozen=True):
    """A visit as reports know it: times in ms UTC, `hour` of its taking on the office's clock."""

    number: int
    visit: str
    ticket: str
    day: str
    hour: int
    service: str
    village: str
    priority: bool
    state: str
    outcome: str | None
    calls: int
    counter: int | None
    taken_t: int
    first_call_t: int | None
    called_t: int | None
    finished_t: int | None
    reason: str = ""
    repeated: bool = False
    line: str = ""  # of work: recording, updating, or neither
    trip: int | None = None
    series: str = ""  # that the service calls

    @property
    def group(self) -> Group:
        """What became of it: still here, served, to come again, or gone before or after a call."""
        if self.state != visits.FINISHED:
            return "here"
        group = GROUPS.get(self.outcome or "", "return")
        return "away" if group == "no_show" and not self.calls else group

    @property
    def waited_min(self) -> float | None:
        """Minutes from the number to the first call; None where nobody called or a clock jumped."""
        return minutes(self.taken_t, self.first_call_t)

    @property
    def served_min(self) -> float | None:
        """Minutes at the counter, from the last call to the end."""
        return minutes(self.called_t, self.finished_t) if self.group in ("served", "return") else None


class Spread(msgspec.Struct, frozen=True):
    """How long something took, in minutes: half were quicker than `half`, nine in ten than `most`."""

    measured: int
    half: float
    most: float
    longest: float


class Summary(msgspec.Struct, frozen=True):
    """A period in numbers; each count is the length of the list that its words choose."""

    total: int
    groups: dict[Group, int]
    outcomes: dict[str, int]
    days: dict[str, int]
    waits: Spread | None


def minutes(since: int | None, until: int | None) -> float | None:
    """Minutes between two moments; None where one is missing or a clock was set between them."""
    if since is None or until is None:
        return None
    taken = (until - since) / MINUTE_MS
    return taken if 0 <= taken <= LONGEST_MIN else None


def matching(
    rows: Iterable[Any], where: Mapping[str, str], members: Mapping[str, Callable[[Any], str]] | None = None
) -> list[Any]:
    """The rows, visits unless `members` says else, that have all that is named; an empty word asks for nothing."""
    known = MEMBERS if members is None else members
    named = [(known[name], value) for name, value in where.items() if value]
    return [row for row in rows if all(member(row) == value for member, value in named)]


def why(row: Row) -> str:
    """Why the person of an ended visit came; `unknown` where nobody asked, nothing before the end."""
    if not row.outcome:
        return ""
    return row.reason if row.reason in REASONS else UNKNOWN


def yes(is_so: bool) -> str:
    """A yes or no as a word of a list's address."""
    return "1" if is_so else ""


MEMBERS: Final[Mapping[str, Callable[[Row], str]]] = {
    "service": lambda row: row.service,
    "outcome": lambda row: row.outcome or "",
    "group": lambda row: row.group,
    "village": lambda row: row.village,
    "day": lambda row: row.day,
    "month": lambda row: row.day[:7],
    "hour": lambda row: str(row.hour),
    "reason": why,
    "repeated": lambda row: yes(row.repeated),
    "line": lambda row: row.line,
    "series": lambda row: row.series,
    "trip": lambda row: str(row.trip or ""),
    "waiting": lambda row: yes(row.state in (visits.WAITING, visits.HELD)),
    "ended": lambda row: yes(row.outcome is not None),
    "waited": lambda row: yes(row.waited_min is not None),
    "served": lambda row: yes(row.served_min is not None),
}


def summary(rows: Sequence[Row]) -> Summary:
    """These visits in a few numbers, where a report would be too much."""
    return Summary(
        total=len(rows),
        groups=dict(Counter(row.group for row in rows)),
        outcomes=dict(Counter(row.outcome for row in rows if row.outcome)),
        days=dict(sorted(Counter(row.day for row in rows).items())),
        waits=spread(row.waited_min for row in rows),
    )


def served_times(rows: Sequence[Row]) -> dict[str, Spread]:
    """How long each service took at the counter, where somebody was served."""
    by_service: dict[str, list[float | None]] = {}
    for row in rows:
        by_service.setdefault(row.service, []).append(row.served_min)
    found = {name: spread(taken) for name, taken in by_service.items()}
    return {name: each for name, each in found.items() if each is not None}


def spread(taken: Iterable[float | None]) -> Spread | None:
    """The spread of what was measured; None where nothing was."""
    known = sorted(minutes for minutes in taken if minutes is not None)
    if not known:
        return None
    return Spread(len(known), percentile(known, 50), percentile(known, 90), known[-1])


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The smallest value that so many per cent do not exceed (nearest rank)."""
    return ordered[max(0, -(-len(ordered) * percent // 100) - 1)]


def change(now: int, before: int) -> int | None:
    """By how many per cent a count grew, half up; None where there was nothing before."""
    return None if before == 0 else (200 * (now - before) + before) // (2 * before)
