"""Everything at a glance: what is wrong and what to do first, every probe, what waits, jobs, versions."""

from __future__ import annotations

import platform
from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Final

import msgspec
from flask import Blueprint
from werkzeug.wrappers import Response

from agent import warning_words
from agent.actions import curves, health, kiosk_life
from agent.actions.health import ProbeStanding
from agent.doctor import verdict_of
from agent.domain.explaining import Warning as Wrong
from agent.domain.health_rules import ADDRESS, DEVICES, PRINTER
from agent.status import status
from agent.version import VERSION
from agent.warning_words import Said
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import day_and_time, page, reader, short_moment, when
from kiosk_ui.sessions import only_for
from kiosk_ui.status_shape import StatusAnswer
from kiosk_ui.units import has_unit, reading, span

technician = Blueprint("technician", __name__)
technician.before_request(only_for("officer", "supervisor", "technician"))
GROUPS: Final[dict[str, tuple[str, ...]]] = {
    "host": ("cpu", "memory", "disk", "disk-wear", "temperature", "uptime", "power", "clock"),
    "link": ("network", "modem", "link", "siak"),
    "devices": (PRINTER, *DEVICES),
    "software": ("browser", "database", "ledger", "backup", "jobs", "processes"),
}


class Shown(msgspec.Struct, frozen=True):
    """A warning in words: what is wrong, since when, for how long, and who does what first."""

    code: str
    probe: str
    severity: str
    words: Said
    since: str
    lasted: str
    evidence: str
    rate: int
    because: tuple[str, ...]


class ProbeRow(msgspec.Struct, frozen=True):
    """A probe in its group."""

    probe: str
    name: str
    state: str
    value: str


@technician.get("/teknisi")
def show() -> Response:
    """Everything on one page."""
    here = kiosk()
    now = msgspec.convert(status(here.store, here.office), StatusAnswer)
    newest = health.readings(here.store)
    values = newest.values if newest else {}
    standing, every = health.probe_states(here.store), health.warnings(here.store, explained=True)
    return page(
        "technician.html",
        status=now,
        warnings=unexplained(every),
        life=kiosk_life.state(here.store),
        verdict=verdict_of(every, [each.state for each in standing], looked=newest is not None),
        groups=grouped(standing, values),
        version=VERSION,
        system=f"Python {platform.python_version()} · Linux {platform.release()}",
        when=when,
        short_when=short_when,
        day_label=reader().day(date.fromisoformat(now.queue_day.date)) if now.queue_day else "",
        readings=[(name, reading(reader(), name, value)) for name, value in values.items() if curves.is_measure(name)],
        read_at=day_and_time(newest.t) if newest else "",
    )


def warnings() -> list[Shown]:
    """What stands, the worst and oldest first, each with what it explains."""
    return unexplained(health.warnings(kiosk().store, explained=True))


def unexplained(every: Collection[Wrong]) -> list[Shown]:
    """Of these the ones that nothing explains."""
    return [shown(each, every) for each in every if each.explained_by is None]


def shown(each: Wrong, every: Iterable[Wrong]) -> Shown:
    """A warning in the reader's words."""
    lang = reader().code
    because = [other for other in every if other.explained_by == each.code]
    return Shown(
        each.code,
        each.probe,
        each.severity,
        warning_words.said(each.code, each.probe, lang),
        short_moment(each.since),
        span(reader(), each.for_s),
        each.evidence,
        each.rate,
        tuple(warning_words.said(other.code, other.probe, lang).title for other in because),
    )


def group_of(probe: str) -> str:
    """Where a probe stands on the page."""
    if probe.startswith(ADDRESS):
        return "link"
    return next((group for group, probes in GROUPS.items() if probe in probes), "software")


def grouped(standing: Iterable[ProbeStanding], values: dict[str, float]) -> dict[str, list[ProbeRow]]:
    """Every probe in its group, in the order of the groups' tables; no group without a probe."""
    found: dict[str, list[ProbeRow]] = {group: [] for group in GROUPS}
    for each in standing:
        name = warning_words.probe_name(each.probe, reader().code)
        found[group_of(each.probe)].append(ProbeRow(each.probe, name, each.state, value_of(each.probe, values)))
    for group, rows in found.items():
        order = {probe: place for place, probe in enumerate(GROUPS[group])}
        rows.sort(key=lambda row: (order.get(row.probe, len(order)), row.name))
    return {group: rows for group, rows in found.items() if rows}


def short_when(moment: str) -> str:
    """An ISO 8601 time in UTC, for tables; a dash for none."""
    return short_moment(int(datetime.fromisoformat(moment).timestamp() * 1000)) if moment else "–"


def value_of(probe: str, values: dict[str, float]) -> str:
    """The reading that says most of a probe; empty where its state says all."""
    known = [name for name in curves.readings_of(kiosk().office, probe) if name in values and has_unit(name)]
    return reading(reader(), known[0], values[known[0]]) if known else ""
