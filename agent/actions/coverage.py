"""Published figures of coverage: entered, checked against each other, kept with what is wrong with them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

import msgspec

from agent.actions.day import local_date
from agent.domain import coverage
from agent.domain.coverage import Fault, Figure
from agent.domain.coverage_verdicts import as_printed, verdicts
from agent.domain.targets import SetTarget
from agent.errors import BadData
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.wire.kinds import CoverageEntered, CoverageJudged

MOST_PEOPLE: Final = 1_000_000_000
LONGEST_SOURCE: Final = 200
_COLUMNS: Final = (
    "number, measure, count, base, base_count, snapshot, said_on, source, percent, remainder, remainder_percent,"
    " faults, told"
)


class Entered(msgspec.Struct, frozen=True):
    """A figure with its row's number; `faults` is empty where it counts.

    `told` are the faults that central knows of, and `anew` says that it was judged otherwise when it was entered.
    """

    number: int
    figure: Figure
    faults: tuple[Fault, ...]
    told: tuple[str, ...] = ()
    anew: bool = False


class Standing(msgspec.Struct, frozen=True):
    """How a measure stands: its newest figure, `reached` in per cent, and where its target is."""

    entered: Entered
    reached: Decimal | None
    target: SetTarget | None
    progress: coverage.Progress | None

    @property
    def figure(self) -> Figure:
        """What was published."""
        return self.entered.figure

    @property
    def measure(self) -> coverage.Measure:
        """What was counted."""
        return self.entered.figure.measure


def enter(store: Store, office: Office, figure: Figure, by: int, *, as_published: bool = False) -> Entered:
    """Keep a figure; one that cannot be true only `as_published`: flagged, and outside all totals.

    Earlier figures are judged again beside it; none is deleted. Raises BadData `figure-number` for a count that
    nobody can have counted, and `contradiction` where the figure contradicts itself or what is known. The same
    figure again is kept once.
    """
    check(figure)
    found = judged(store, office, figure)
    if found and not as_published:
        raise BadData("contradiction", "the figures contradict each other; correct them, or keep them as published")
    with store.write():
        known = next((each for each in entries(store, office) if as_printed(each.figure) == as_printed(figure)), None)
        if known is not None:
            return known
        put(store, figure, found, by)
        ledger.append(store, CoverageEntered(*told_of(figure), whys(found), by))
        tell(store, office)
        return entries(store, office)[0]


def tell(store: Store, office: Office) -> None:
    """Say by a line which figures are judged otherwise than central was told, inside the caller's transaction."""
    for each in entries(store, office):
        if whys(each.faults) != each.told:
            ledger.append(store, CoverageJudged(*told_of(each.figure), whys(each.faults)))
            now = msgspec.json.encode(whys(each.faults)).decode()
            store.run("UPDATE figure SET told = ? WHERE number = ?", now, each.number)


def told_of(figure: Figure) -> tuple[str, int, str, str, int | None]:
    """What lines say of a figure: numbers, and never its source."""
    return figure.measure, figure.count, figure.base, figure.snapshot.isoformat(), figure.of


def whys(found: tuple[Fault, ...]) -> tuple[str, ...]:
    """Why a figure cannot be true, in words of the wire."""
    return tuple(fault.why for fault in found)


def judged(store: Store, office: Office, figure: Figure) -> tuple[Fault, ...]:
    """What is wrong with a figure, beside the others and the targets."""
    return judge(store, office, (figure, *(each.figure for each in entries(store, office))))[0]


def judge(store: Store, office: Office, figures: tuple[Figure, ...]) -> tuple[tuple[Fault, ...], ...]:
    """What is wrong with each of these figures beside the others, by today's targets."""
    return verdicts(figures, tuple(office.targets.asked(office.code)), local_date(store, office))


def check(figure: Figure) -> None:
    """Raises BadData `figure-number` for numbers that are no people, or `figure-source` without a source."""
    numbers = {"count": figure.count, "of": figure.of, "left": figure.left}
    for field, number in numbers.items():
        if number is not None and not 0 <= number <= MOST_PEOPLE:
            raise BadData("figure-number", "a number of people, 0 or more", field=field)
    if figure.of == 0:
        raise BadData("figure-number", "a base of nobody has no share", field="of")
    if not 0 < len(figure.source.strip()) <= LONGEST_SOURCE:
        raise BadData("figure-source", f"say where it was published, in {LONGEST_SOURCE} letters", field="source")


def put(store: Store, figure: Figure, found: tuple[Fault, ...], by: int) -> None:
    """A row of a figure, inside the caller's transaction."""
    store.run(
        "INSERT INTO figure (measure, count, base, base_count, snapshot, said_on, source, percent, remainder,"
        " remainder_percent, faults, entered_t, by) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        figure.measure, figure.count, figure.base, figure.of, figure.snapshot.isoformat(), figure.said_on.isoformat(),
        figure.source, text(figure.percent), figure.left, text(figure.left_percent),
        msgspec.json.encode(found).decode(), store.clock.wall_ms(), by,
    )  # fmt: skip


def entries(store: Store, office: Office) -> list[Entered]:
    """Every figure as it is judged now, the newest entered first."""
    rows = store.rows(f"SELECT {_COLUMNS} FROM figure ORDER BY number DESC")  # noqa: S608 — our own columns
    figures = [figure_of(row) for row in rows]
    found = judge(store, office, tuple(figures))
    return [entered(*each) for each in zip(rows, figures, found, strict=True)]


def counting(found: list[Entered]) -> list[Entered]:
    """Those that contradict nothing: only they enter totals."""
    return [each for each in found if not each.faults]


def newest(office: Office, found: list[Entered]) -> dict[coverage.Measure, Entered]:
    """The figure of each measure that counts: of the newest snapshot one of a target's base, the one entered last."""
    return {each.figure.measure: each for each in sorted(counting(found), key=lambda each: rank(office, each))}


def rank(office: Office, entry: Entered) -> tuple[date, bool, int]:
    """What comes later says more of its measure."""
    asked = {(target.measure, target.base) for target in office.targets.asked(office.code)}
    return entry.figure.snapshot, (entry.figure.measure, entry.figure.base) in asked, entry.number


def standings(office: Office, found: list[Entered]) -> list[Standing]:
    """Each measure that has a figure which counts, in the order of the measures."""
    latest = newest(office, found)
    return [standing(office, latest[measure]) for measure in coverage.MEASURES if measure in latest]


def standing(office: Office, entry: Entered) -> Standing:
    """How a figure stands beside the target of its year; only where both speak of the same base."""
    figure, people = entry.figure, entry.figure.people
    reached = coverage.share(figure.count, people) if people else figure.reached
    target = office.targets.of(office.code, figure.snapshot.year).get(figure.measure)
    same_base = target is not None and target.base == figure.base
    progress = coverage.progress(figure.count, people, target.percent) if people and target and same_base else None
    return Standing(entry, reached, target, progress)


def entered(row: tuple[Any, ...], figure: Figure, found: tuple[Fault, ...]) -> Entered:
    """A figure of a row of _COLUMNS, with what is wrong with it now."""
    at_entry = whys(msgspec.json.decode(row[-2], type=tuple[Fault, ...]))
    told = msgspec.json.decode(row[-1], type=tuple[str, ...]) if row[-1] else at_entry
    return Entered(row[0], figure, found, told, anew=whys(found) != at_entry)


def figure_of(row: tuple[Any, ...]) -> Figure:
    """What was published, of a row of _COLUMNS."""
    _, measure, count, base, of, snapshot, said_on, source, percent, left, left_percent, _, _ = row
    return Figure(
        measure=measure,
        count=count,
        base=base,
        of=of,
        snapshot=date.fromisoformat(snapshot),
        said_on=date.fromisoformat(said_on),
        source=source,
        percent=None if percent is None else Decimal(percent),
        left=left,
        left_percent=None if left_percent is None else Decimal(left_percent),
    )


def text(percent: Decimal | None) -> str | None:
    """A percentage with the decimals it was printed with."""
    return None if percent is None else str(percent)
