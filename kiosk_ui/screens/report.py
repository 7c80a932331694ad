"""A day, a month or a year in numbers, for the people of this office: exact, and each opens its list."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import msgspec
from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response

from agent.actions import day as days
from agent.actions import reports, stock
from agent.domain import period as periods
from agent.domain import report as counted
from agent.domain.period import Period
from agent.domain.queue_day import Day
from agent.domain.report import matching
from agent.domain.report_books import Count, Facts
from agent.domain.report_cells import Label, Section
from agent.domain.report_lines import of_line
from agent.domain.report_sections import sections
from agent.domain.services import LINES
from agent.errors import Conflict, NotFound
from kiosk_ui.kiosk import kiosk
from kiosk_ui.messages import Language
from kiosk_ui.pages import day_and_time, page, reader, today
from kiosk_ui.report_words import list_of, said, shown
from kiosk_ui.sessions import only_for, only_supervisors

report = Blueprint("report", __name__, url_prefix="/laporan")
report.before_request(only_for("officer", "supervisor", "technician", "camat"))


class Bar(msgspec.Struct, frozen=True):
    """A bar of a plot: its word, how many, its height in per cent of the highest, the address of its list."""

    label: str
    name: str
    count: int
    height: float
    address: str


@report.get("")
def show() -> Response:
    """The period asked for; without one the newest day."""
    here, chosen, line = kiosk(), asked_period(), asked_line()
    facts = reports.facts(here.store, here.office, chosen)
    tables = sections_of(facts, chosen, line)
    visits = matching(facts["visits"], {"line": line})
    return page(
        "report.html",
        period=chosen,
        line=line,
        lines=("", *LINES),
        also=f"&line={line}" if line else "",
        title=title(reader(), chosen),
        day=open_day(chosen),
        total=len(visits),
        groups=tables.pop("groups"),
        bars=bars(tables.pop("parts"), chosen, line),
        waits=counted.spread(row.waited_min for row in visits),
        grown=None if line else grown(len(visits), chosen),
        tables=[table for table in tables.values() if has_something(table)],
        stock=stock.overview(here.store, here.office) if chosen.first <= today() <= chosen.last else {},
        made=day_and_time(here.store.clock.wall_ms()),
        list_of=list_of, said=said, shown=shown,
    )  # fmt: skip


def sections_of(facts: Facts, chosen: Period, line: str = "") -> dict[str, Section]:
    """Every table of a period by its name, or with `line` those of one line of work."""
    here = kiosk()
    beside = reports.beside(here.store, here.office, chosen, list(facts["coverage"]))
    told = of_line(facts, line, chosen, beside) if line else sections(facts, chosen, beside)
    return {table.name: table for table in told}


def has_something(table: Section) -> bool:
    """Whether a table tells anything: a number that is counted, or one that is read off."""
    return any(cell.number for row in table.rows for cell in row if not isinstance(cell, Label))


def grown(total: int, chosen: Period) -> int | None:
    """By how many per cent there are more visits than in the period before; neither a day nor what is not over yet."""
    if chosen.unit == "day" or today() <= chosen.last:
        return None
    return counted.change(total, reports.how_many(kiosk().store, chosen.before()))


@report.get("/kertas.css")
def paper() -> Response:
    """What stands in the margins of every printed page of a period: office, period, page of pages."""
    chosen, office, say = asked_period(), kiosk().office, reader().say
    name = say("office.name", kecamatan=office.settings.office.name)
    before, _, rest = say("report.page", n="\0", dari="\1").partition("\0")
    between, _, after = rest.partition("\1")
    content = {
        "left": quoted(f"{name} · {office.code} · {say('report.title')} {title(reader(), chosen)}"),
        "right": f"{quoted(before)} counter(page) {quoted(between)} counter(pages) {quoted(after)}",
    }
    font = '8pt "Atkinson Hyperlegible", sans-serif'
    rules = "".join(f"@bottom-{side} {{ content: {what}; font: {font}; }} " for side, what in content.items())
    return Response(f"@page {{ {rules}}}\n", mimetype="text/css")


def quoted(text: str) -> str:
    """A text as a string of a style sheet; what is no letter, number or plain mark by its code."""
    return '"' + "".join(sign if sign.isalnum() or sign in " .,()/·" else f"\\{ord(sign):06x}" for sign in text) + '"'


def asked_period() -> Period:
    """The period of the address; raises NotFound for one that is none. Without one the newest queue day's date."""
    name = request.args.get("period", "")
    chosen = periods.read(name) if name else periods.of("day", newest_date())
    if chosen is None:
        raise NotFound("unknown-period", "a period is a day, a month or a year: 2026-11-22, 2026-11, 2026")
    return chosen


def asked_line() -> str:
    """The line of work that the address asks for; empty for the whole office."""
    asked = request.args.get("line", "")
    return asked if asked in LINES else ""


def newest_date() -> date:
    """The date of the newest queue day; today's before the first."""
    here = kiosk()
    newest = days.newest_day(here.store)
    return newest.date if newest else today()


def open_day(chosen: Period) -> Day | None:
    """The newest queue day where the period is its date."""
    newest = days.newest_day(kiosk().store)
    return newest if newest and chosen.unit == "day" and newest.date == chosen.first else None


def title(words: Language, chosen: Period) -> str:
    """`Rabu, 27 November 2024`, `November 2024`, `2024`."""
    if chosen.unit == "day":
        return f"{words.weekday(chosen.first)}, {words.day(chosen.first)}"
    return " ".join(words.day(chosen.first).split()[1:]) if chosen.unit == "month" else chosen.name


def bars(parts: Section, chosen: Period, line: str) -> list[Bar]:
    """The plot of a period: a day by hours, a month by days, a year by months."""
    counts = [(label, count) for label, count in parts.rows if isinstance(label, Label) and isinstance(count, Count)]
    highest = max((count.number for _, count in counts), default=0)
    return [
        Bar(short(label), said(label), count.number, 100 * count.number / highest, opened(label, count, chosen, line))
        for label, count in counts
    ]


def short(label: Label) -> str:
    """The word below a bar."""
    if label.kind == "month":
        return reader().say("format.months").split()[int(label.name[5:]) - 1][:3]
    return label.name.zfill(2) if label.kind == "hour" else str(int(label.name[8:]))


def opened(label: Label, count: Count, chosen: Period, line: str) -> str:
    """What a bar opens: the list of an hour, the report of a day or month."""
    if label.kind == "hour":
        return list_of(count, chosen)
    return f"/laporan?{urlencode({'period': label.name} | ({'line': line} if line else {}))}"


@report.post("/tutup")
def close() -> Response:
    """A supervisor closes the day; whoever is left did not show up."""
    only_supervisors("a supervisor closes the day")
    try:
        days.close_day(kiosk().store, g.officer.number)
    except Conflict:
        return redirect("/laporan", 303)
    kiosk().wake_agent()
    return redirect("/laporan", 303)
