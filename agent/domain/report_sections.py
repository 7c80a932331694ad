"""A report as tables of words and numbers, the same for its page, its spreadsheets and its tests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from agent.domain import report
from agent.domain.period import Period
from agent.domain.ratings import MARKS, TOPICS
from agent.domain.report import ORDER, Row, Spread
from agent.domain.report_books import BOOKS, BookName, Count, Facts, Pieces, total
from agent.domain.report_cells import Beside, Cell, Goal, Label, Section, Value, head, share
from agent.domain.surge import REASONS, UNKNOWN

MOVES: Final = ("received", "used", "spoiled", "counted")


def sections(facts: Facts, period: Period, beside: Beside) -> list[Section]:
    """Every table of a report, in the order in which it is read."""
    visits: Sequence[Row] = facts["visits"]
    order = beside.services
    return [
        by_group(visits),
        parts(visits, period),
        by_service(visits, order),
        times(visits, order),
        reasons(visits, order),
        repeats(visits, order),
        counted("outcomes", "outcome", visits),
        counted("villages", "village", visits),
        outages(facts["outages"]),
        added_up("machine", "warning", facts["machine"], ("machine", "times", "minutes")),
        ratings(facts["ratings"]),
        figures(facts["coverage"]),
        trips(facts["trips"]),
        stock(facts["stock"], beside.left),
        coverage(beside.goals),
    ]


def by_group(visits: Sequence[Row]) -> Section:
    """What became of everybody, with shares in per cent."""
    counts = Counter(row.group for row in visits)
    rows = [
        (Label("group", group), Count(counts[group], where={"group": group}), share(counts[group], len(visits)))
        for group in ORDER
        if counts[group]
    ]
    return Section("groups", head("became", "count", "share"), tuple(rows), whole(visits, share))


def whole(visits: Sequence[Row], of: Callable[[int, int], Value] | None = None) -> tuple[Cell, ...]:
    """The last row of a table that counts everybody."""
    total: tuple[Cell, ...] = (Label("column", "total"), Count(len(visits)))
    return (*total, of(len(visits), len(visits))) if of else total


def parts(visits: Sequence[Row], period: Period) -> Section:
    """The period by its parts: a day by hours, a month by days, a year by months."""
    kind = {"day": "hour", "month": "day", "year": "month"}[period.unit]
    counts = Counter(report.MEMBERS[kind](row) for row in visits)
    rows = [(Label(kind, name), Count(counts[name], where={kind: name})) for name in part_names(counts, period)]
    return Section("parts", head(kind, "count"), tuple(rows), whole(visits))


def part_names(counts: Mapping[str, int], period: Period) -> list[str]:
    """The parts in their order: hours without a gap, days that had visits, every month."""
    if period.unit == "year":
        return [f"{period.name}-{month:02d}" for month in range(1, 13)] if counts else []
    if period.unit == "day" and counts:
        return [str(hour) for hour in range(min(map(int, counts)), max(map(int, counts)) + 1)]
    return sorted(counts)


def by_service(visits: Sequence[Row], order: Sequence[str]) -> Section:
    """Each service, and what became of its visits."""
    counts = Counter((row.service, row.group) for row in visits)
    groups = [group for group in ORDER if any(row.group == group for row in visits)]
    return crossed("services", [("service", order), ("group", groups)], counts, visits)


def reasons(visits: Sequence[Row], order: Sequence[str]) -> Section:
    """Why people came for each service; of visits that ended, because reasons are asked at the end."""
    ended = [row for row in visits if row.outcome is not None]
    counts = Counter((row.service, report.why(row)) for row in ended)
    return crossed("reasons", [("service", order), ("reason", (*REASONS, UNKNOWN))], counts, ended, ended="1")


def repeats(visits: Sequence[Row], order: Sequence[str]) -> Section:
    """Who came again for the same matter, as officers ticked: by service and reason, and how many of those who ended.

    Identities are not kept, so nobody else could tell; what was not ticked is not counted.
    """
    again = [row for row in visits if row.repeated]
    counts = Counter((row.service, report.why(row)) for row in again)
    table = crossed("repeats", [("service", order), ("reason", (*REASONS, UNKNOWN))], counts, again, repeated="1")
    ended = Counter(row.service for row in visits if row.outcome is not None)
    own = Counter(row.service for row in again)
    shares = [share(own[name], ended[name]) for name in known_first(own, order)]
    rows = [(*row, each) for row, each in zip(table.rows, shares, strict=True)]
    foot = (*table.foot, share(len(again), ended.total()))
    return Section("repeats", (*table.columns, *head("share_ended")), tuple(rows), foot)


def crossed(
    name: str,
    axes: Sequence[tuple[str, Sequence[str]]],
    counts: Counter[tuple[Any, Any]],
    visits: Sequence[Row],
    **where: str,
) -> Section:
    """A table of two members of visits: a row for each value of the first that occurs, a column for each of both."""
    (down, downs), (across, acrosses) = axes
    own = Counter(report.MEMBERS[down](row) for row in visits)
    each = Counter(report.MEMBERS[across](row) for row in visits)
    rows: list[tuple[Cell, ...]] = [
        (
            Label(down, one),
            Count(own[one], where={down: one, **where}),
            *(Count(counts[one, other], where={down: one, across: other, **where}) for other in acrosses),
        )
        for one in known_first(own, downs)
    ]
    foot = [Count(each[other], where={across: other, **where}) for other in acrosses]
    columns = (Label("column", down), Label("column", f"{name}_all"), *(Label(across, n) for n in acrosses))
    total = Count(len(visits), where=where)
    return Section(name, columns, tuple(rows), (Label("column", "total"), total, *foot))


def known_first(counts: Mapping[str, int], order: Sequence[str]) -> list[str]:
    """What occurs, in the order that is known, the rest behind it by name."""
    return [name for name in order if name in counts] + sorted(set(counts) - set(order))


def times(visits: Sequence[Row], order: Sequence[str]) -> Section:
    """How long people waited for the first call, and how long each service took at the counter."""
    waited = report.spread(row.waited_min for row in visits)
    served = report.served_times(visits)
    rows = [spread_row(Label("column", "waiting"), waited, {"waited": "1"})] if waited else []
    rows += [
        spread_row(Label("service", name), served[name], {"service": name, "served": "1"})
        for name in known_first({name: each.measured for name, each in served.items()}, order)
    ]
    columns = head("service", "median", "most", "longest", "measured")
    return Section("times", columns, tuple(rows))


def spread_row(label: Label, spread: Spread, where: Mapping[str, str]) -> tuple[Cell, ...]:
    """Percentiles in minutes, and of how many visits they are."""
    minutes = [Value(number, 1) for number in (spread.half, spread.most, spread.longest)]
    return (label, *minutes, Count(spread.measured, where=where))


def counted(name: str, member: str, visits: Sequence[Row]) -> Section:
    """A table of one member of visits, the most frequent first."""
    counts = Counter(word for row in visits if (word := report.MEMBERS[member](row)))
    rows = [(Label(member, word), Count(many, where={member: word})) for word, many in ordered(counts)]
    return Section(name, head(member, "count"), tuple(rows))


def ordered(counts: Counter[str]) -> list[tuple[str, int]]:
    """The most frequent first, equals by name."""
    return sorted(counts.items(), key=lambda each: (-each[1], each[0]))


def outages(found: Sequence[Any]) -> Section:
    """What was disturbed how often, and for how many minutes together."""
    return added_up("outages", "what", found, ("outages", "times", "minutes"))


def trips(found: Sequence[Any]) -> Section:
    """Where other devices of the office were, and how many people they served: in no other number of the report."""
    return added_up("trips", "village", found, ("village", "times", "people"))


def added_up(book: BookName, member: str, found: Sequence[Any], columns: tuple[str, ...]) -> Section:
    """A table of a book by one of its members: how many rows, and what they add up to."""
    many: Counter[str] = Counter()
    summed: Counter[str] = Counter()
    for row in found:
        word = BOOKS[book].members[member](row)
        many[word] += 1
        summed[word] += total(book, [row])
    rows = [(Label(member, word), *both(book, {member: word}, count, summed[word])) for word, count in ordered(many)]
    foot = (Label("column", "total"), *both(book, {}, len(found), summed.total())) if found else ()
    return Section(book, head(*columns), tuple(rows), foot)


def both(book: BookName, where: Mapping[str, str], count: int, summed: int) -> tuple[Count, Count]:
    """How many rows of a book, and what they add up to."""
    return Count(count, book, where), Count(summed, book, where, summed=True)


def stock(moves: Sequence[Pieces], left: Mapping[str, int | None]) -> Section:
    """What came in, was used and spoiled, what counts found, and what was left at the end."""
    pieces: Counter[tuple[str, str]] = Counter()
    for move in moves:
        pieces[move.item, move.what] += move.pieces
    rows: list[tuple[Cell, ...]] = [(Label("item", item), *moved(item, pieces), Value(left.get(item))) for item in left]
    columns = head("item", *MOVES, "left")
    return Section("stock", columns, tuple(rows))


def moved(item: str, pieces: Mapping[tuple[str, str], int]) -> tuple[Count, ...]:
    """The pieces of one item by what became of them."""
    return tuple(
        Count(pieces.get((item, what), 0), "stock", {"item": item, "what": what}, summed=True) for what in MOVES
    )


def coverage(goals: Sequence[Goal]) -> Section:
    """How many of each base are reached, by the newest figure that contradicts nothing."""
    columns = head(
        "measure", "base", "snapshot", "count", "of", "reached",
        "asked", "missing",
    )  # fmt: skip
    return Section("coverage", columns, tuple(reached(goal) for goal in goals))


def reached(goal: Goal) -> tuple[Cell, ...]:
    """A measure's row."""
    figure, number = goal.entered.figure, str(goal.entered.number)
    return (
        Label("measure", figure.measure),
        Label("base", figure.base),
        Label("day", figure.snapshot.isoformat()),
        Count(figure.count, "coverage", {"number": number}, summed=True),
        Value(figure.people),
        Value(goal.reached, 2),
        Value(goal.asked, 2),
        Value(goal.missing),
    )


def figures(entered: Sequence[Any]) -> Section:
    """How many figures were entered, and how many of them contradict something."""
    counts = Counter("flagged" if each.faults else "counts" for each in entered)
    rows = [
        (Label("verdict", verdict), Count(counts[verdict], "coverage", {"verdict": verdict}))
        for verdict in ("counts", "flagged")
        if counts[verdict]
    ]
    return Section("figures", head("figures", "count"), tuple(rows))


def ratings(marks: Sequence[Any]) -> Section:
    """How often each mark was given, for getting a number and for being served."""
    counts = Counter((each.about, each.mark) for each in marks)
    rows: list[tuple[Cell, ...]] = [
        (Label("mark", str(mark)), *(rated(counts[topic, mark], topic, mark) for topic in TOPICS)) for mark in MARKS
    ]
    return Section("ratings", (Label("column", "mark"), *(Label("topic", topic) for topic in TOPICS)), tuple(rows))


def rated(count: int, topic: str, mark: int) -> Count:
    """How often a mark was given."""
    return Count(count, "ratings", {"about": topic, "mark": str(mark)})
