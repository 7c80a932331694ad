"""A day, a month or a year in numbers, for the people of this office: exact, and each opens its list."""

from __future__ import annotations

from datetime import date

import msgspec
from flask import Blueprint, g, redirect, request
from werkzeug.wrappers import Response

from agent.actions import coverage, ratings, reports, stock
from agent.actions import day as days
from agent.clock import local
from agent.domain import period as periods
from agent.domain import report as counted
from agent.domain.period import Period
from agent.domain.queue_day import Day
from agent.domain.report import Summary
from agent.errors import Conflict, NotAllowed, NotFound
from agent.office import OUTSIDE, UNKNOWN
from kiosk_ui import offers
from kiosk_ui.kiosk import kiosk
from kiosk_ui.messages import Language
from kiosk_ui.pages import day_and_time, page, reader
from kiosk_ui.screens.coverage import standings
from kiosk_ui.sessions import only_for

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
    here, chosen = kiosk(), asked_period()
    rows = reports.rows(here.store, here.office, chosen)
    counts = counted.summary(rows)
    before = counted.summary(reports.rows(here.store, here.office, chosen.before())) if chosen.unit != "day" else None
    return page(
        "report.html",
        period=chosen,
        title=title(reader(), chosen),
        day=open_day(chosen),
        counts=counts,
        groups=[group for group in counted.ORDER if counts.groups.get(group)],
        services=in_order(list(counts.services)),
        bars=bars(counts, chosen),
        grown=counted.change(counts.total, before.total) if before else None,
        village_name=village_name,
        outages=[told(each) for each in reports.outages(here.store, chosen)],
        ratings=ratings.counts(here.store, chosen),
        stock=stock.overview(here.store, here.office),
        coverage=standings(coverage.entries(here.store)),
        made=day_and_time(here.store.clock.wall_ms()),
    )


def asked_period() -> Period:
    """The period of the address; raises NotFound for one that is none. Without one the newest queue day's date."""
    name = request.args.get("period", "")
    chosen = periods.read(name) if name else periods.of("day", newest_date())
    if chosen is None:
        raise NotFound("unknown-period", "a period is a day, a month or a year: 2026-11-22, 2026-11, 2026")
    return chosen


def newest_date() -> date:
    """The date of the newest queue day; today's before the first."""
    here = kiosk()
    newest = days.newest_day(here.store)
    return newest.date if newest else local(here.store.clock.wall_ms(), here.office.zone).date()


def open_day(chosen: Period) -> Day | None:
    """The newest queue day where the period is its date."""
    newest = days.newest_day(kiosk().store)
    return newest if newest and chosen.unit == "day" and newest.date == chosen.first else None


def title(words: Language, chosen: Period) -> str:
    """`Rabu, 27 November 2024`, `November 2024`, `2024`."""
    if chosen.unit == "day":
        return f"{words.weekday(chosen.first)}, {words.day(chosen.first)}"
    return " ".join(words.day(chosen.first).split()[1:]) if chosen.unit == "month" else chosen.name


def in_order(names: list[str]) -> list[str]:
    """Services in the order of the citizen's screen, what is no longer offered at the end."""
    order = list(kiosk().office.services)
    return sorted(names, key=lambda name: (order.index(name) if name in order else len(order), name))


def village_name(code: str) -> str:
    """A village by name; what a code that is no longer known stands for is the code."""
    known = kiosk().office.regions.village(code)
    if known:
        return known.name
    return reader().say(f"village.{code}") if code in (OUTSIDE, UNKNOWN) else code


def bars(counts: Summary, chosen: Period) -> list[Bar]:
    """The plot of a period: a day by hours, a month by days, a year by months."""
    highest = max(parts(counts, chosen).values(), default=0)
    return [
        Bar(label(chosen, name), full_name(chosen, name), count, 100 * count / highest, address(chosen, name))
        for name, count in parts(counts, chosen).items()
        if highest
    ]


def parts(counts: Summary, chosen: Period) -> dict[str, int]:
    """The counts of a period's parts by name: 08 for an hour, 2026-11-22 for a day, 2026-11 for a month."""
    if chosen.unit == "day":
        hours = range(min(counts.hours), max(counts.hours) + 1) if counts.hours else range(0)
        return {f"{hour:02d}": counts.hours.get(hour, 0) for hour in hours}
    if chosen.unit == "month":
        return counts.days
    months = dict.fromkeys((f"{chosen.name}-{month:02d}" for month in range(1, 13)), 0)
    for day, count in counts.days.items():
        months[day[:7]] += count
    return months


def label(chosen: Period, name: str) -> str:
    """The word below a bar."""
    if chosen.unit == "day":
        return name
    return (
        str(int(name[8:])) if chosen.unit == "month" else reader().say("format.months").split()[int(name[5:]) - 1][:3]
    )


def full_name(chosen: Period, name: str) -> str:
    """The same for who hears it or points at it."""
    inner = None if chosen.unit == "day" else periods.read(name)
    return title(reader(), inner) if inner else reader().say("report.hour", jam=name)


def address(chosen: Period, name: str) -> str:
    """The list or the report that a bar opens."""
    if chosen.unit == "day":
        return f"/laporan/daftar?period={chosen.name}&hour={int(name)}"
    return f"/laporan?period={name}"


def told(outage: reports.Outage) -> dict[str, str]:
    """A disturbance in words."""
    words, now = reader(), kiosk().store.clock.wall_ms()
    return {
        "what": words.say(f"notice.{outage.what}"),
        "services": offers.named(outage.services),
        "since": day_and_time(outage.since),
        "lasted": words.duration(outage.minutes(now) * 60),
        "over": "" if outage.until is not None else words.say("report.lasting"),
    }


@report.post("/tutup")
def close() -> Response:
    """A supervisor closes the day; whoever is left did not show up."""
    if g.officer.role != "supervisor":
        raise NotAllowed("forbidden", "a supervisor closes the day")
    try:
        days.close_day(kiosk().store, g.officer.number)
    except Conflict:
        return redirect("/laporan", 303)
    kiosk().wake_agent()
    return redirect("/laporan", 303)
