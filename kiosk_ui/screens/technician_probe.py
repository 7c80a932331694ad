"""One page a probe: how it is, what to do, its history as a picture and as a table, and each time it was bad."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from flask import Blueprint, Response, request
from werkzeug.wrappers import Response as AnyResponse

from agent import warning_words
from agent.actions import curves, health, self_test
from agent.actions.health import Outage, Point, ProbeStanding
from agent.errors import NotFound
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import day_and_time, page, reader, short_moment
from kiosk_ui.screens.technician import warnings
from kiosk_ui.screens.technician_tests import tried
from kiosk_ui.sessions import only_for
from kiosk_ui.units import is_yes_or_no, reading, span

technician_probe = Blueprint("technician_probe", __name__, url_prefix="/teknisi/alat")
technician_probe.before_request(only_for("officer", "supervisor", "technician"))
FIRST_RANGE: Final = "24j"
OUTAGES_SHOWN: Final = 50


class Row(msgspec.Struct, frozen=True):
    """A stretch of time in the table of a reading, in words."""

    at: str
    low: str
    mean: str
    high: str


class Bad(msgspec.Struct, frozen=True):
    """One outage in words; `back` is empty while it lasts, `because` where nothing explains it."""

    title: str
    last_good: str
    first_bad: str
    back: str
    lasted: str
    evidence: str
    because: str


def known(probe: str) -> str:
    """The probe; raises NotFound `unknown-probe`."""
    if not curves.is_known(kiosk().office, probe):
        raise NotFound("unknown-probe", f"there is no probe {probe[:40]}", field="probe")
    return probe


def asked_range() -> str:
    """The range that the address asks for."""
    asked = request.args.get("rentang", FIRST_RANGE)
    return asked if asked in curves.RANGES_MS else FIRST_RANGE


@technician_probe.get("/<path:probe>/riwayat.json")
def history(probe: str) -> AnyResponse:
    """The readings of a probe and its outages, times in s UTC, for the picture."""
    here, span_ms = kiosk(), curves.RANGES_MS[asked_range()]
    name = request.args.get("bacaan", "")
    points = curves.curve(here.store, name, span_ms, curves.PLOTTED) if name in readings_of(probe) else []
    until = here.store.clock.wall_ms()
    bad = health.outages(here.store, known(probe), until - span_ms)
    body: dict[str, Any] = {
        "since": (until - span_ms) / 1000,
        "until": until / 1000,
        **columns(curves.stretches(points, span_ms, curves.PLOTTED)),
        "outages": [[each.first_bad / 1000, (each.back or until) / 1000, each.severity] for each in bad],
    }
    return Response(msgspec.json.encode(body), mimetype="application/json")


def columns(stretches: list[list[Point]]) -> dict[str, list[float | None]]:
    """The points as the picture wants them; after each stretch but the last an empty one, where its line breaks off."""
    rows: list[tuple[float | None, ...]] = []
    for stretch in stretches:
        rows += [((stretch[0].t - 1) / 1000, None, None, None)] if rows else []
        rows += [(point.t / 1000, point.low, point.mean, point.high) for point in stretch]
    return {name: [row[place] for row in rows] for place, name in enumerate(("t", "low", "mean", "high"))}


def readings_of(probe: str) -> tuple[str, ...]:
    """The readings that tell of a probe."""
    return curves.readings_of(kiosk().office, probe)


@technician_probe.get("/<path:probe>")
def show(probe: str) -> AnyResponse:
    """The page of a probe."""
    here, chosen = kiosk(), asked_range()
    span_ms = curves.RANGES_MS[chosen]
    until = here.store.clock.wall_ms()
    return page(
        "technician_probe.html",
        probe=known(probe),
        name=warning_words.probe_name(probe, reader().code),
        standing=standing_of(probe),
        warnings=[each for each in warnings() if each.probe == probe],
        ranges=tuple(curves.RANGES_MS),
        chosen=chosen,
        tables=[(name, table(name, span_ms)) for name in readings_of(probe)],
        outages=[in_words(each) for each in health.outages(here.store, probe, until - curves.RANGES_MS["90h"])][
            :OUTAGES_SHOWN
        ],
        day_and_time=day_and_time,
        testable=probe in self_test.TESTABLE,
        tried=tried(probe, self_test.newest(here.store)),
        is_yes_or_no=is_yes_or_no,
    )


def standing_of(probe: str) -> ProbeStanding | None:
    """How the probe, or the agent itself, stands; None before the first reading."""
    if probe == health.AGENT:
        return health.agent_standing(kiosk().store)
    return next((each for each in health.probe_states(kiosk().store) if each.probe == probe), None)


def table(name: str, span_ms: int) -> list[Row]:
    """A reading's history, the newest first."""
    points = curves.curve(kiosk().store, name, span_ms, curves.IN_TABLE)
    return [
        Row(short_moment(point.t), *(reading(reader(), name, value) for value in (point.low, point.mean, point.high)))
        for point in reversed(points)
    ]


def in_words(each: Outage) -> Bad:
    """An outage as a technician reads it."""
    return Bad(
        warning_words.said(each.code, each.probe, reader().code).title,
        short_moment(each.last_good) if each.last_good else "–",
        short_moment(each.first_bad),
        short_moment(each.back) if each.back else "",
        span(reader(), each.for_s),
        each.evidence,
        warning_words.said(each.explained_by, "", reader().code).title if each.explained_by else "",
    )
