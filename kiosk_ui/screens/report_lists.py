"""The visits behind a count, and both as CSV: no names, no NIK, only tickets, times and outcomes."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable
from typing import Final

import msgspec
from flask import Blueprint, request
from werkzeug.wrappers import Response

from agent.actions import reports
from agent.domain import report as counted
from agent.domain.period import Period
from agent.domain.report import MINUTE_MS, Row, Which
from kiosk_ui.kiosk import kiosk
from kiosk_ui.messages import Language
from kiosk_ui.pages import page, reader
from kiosk_ui.screens.report import asked_period, in_order, title, village_name
from kiosk_ui.sessions import only_for

report_lists = Blueprint("report_lists", __name__, url_prefix="/laporan")
report_lists.before_request(only_for("officer", "supervisor", "technician", "camat"))
SHOWN: Final = 500
LONGEST_NAME: Final = 40
MINUTES_A_DAY: Final = 1440


@report_lists.get("/daftar")
def show() -> Response:
    """The visits of a period that are counted in one number of its report."""
    chosen, which = asked_period(), asked()
    rows = found(chosen, which)
    return page(
        "report_list.html",
        period=chosen,
        title=title(reader(), chosen),
        wanted=[wanted(name, value) for name, value in msgspec.structs.asdict(which).items() if value],
        rows=rows[:SHOWN],
        total=len(rows),
        clock=office_clock(),
        village_name=village_name,
        query=request.query_string.decode("ascii", "ignore"),
    )


def asked() -> Which:
    """What the address asks for; words of nobody find nothing."""
    names = (field.name for field in msgspec.structs.fields(Which))
    return Which(**{name: request.args.get(name, "")[:LONGEST_NAME] for name in names})


def found(chosen: Period, which: Which) -> list[Row]:
    """The visits asked for."""
    return counted.matching(reports.rows(kiosk().store, kiosk().office, chosen), which)


def wanted(name: str, value: str) -> str:
    """A condition of a list in words."""
    say, services = reader().say, kiosk().office.services
    if name == "service" and value in services:
        return reader().of(services[value].name)
    if name == "village":
        return village_name(value)
    key = {"outcome": f"outcome.{value}", "group": f"group.{value}", "reason": f"why.{value}"}.get(name, "")
    if key and reader().has(key):
        return say(key)
    return say("report.hour", jam=value) if name == "hour" else value


def office_clock() -> Callable[[int | None], str]:
    """Says a moment as `08.15` on the office's clock; nothing for one that did not come."""
    offset, mark = reports.offset_ms(kiosk().store, kiosk().office), reader().say("format.clock")

    def said(wall_ms: int | None) -> str:
        if wall_ms is None:
            return ""
        hour, minute = divmod((wall_ms + offset) // MINUTE_MS % MINUTES_A_DAY, 60)
        return f"{hour:02d}{mark}{minute:02d}"

    return said


@report_lists.get("/daftar.csv")
def list_csv() -> Response:
    """The same list for a spreadsheet."""
    chosen = asked_period()
    header = [reader().say(f"csv.{name}") for name in ("date", "ticket", "service", "village", "priority", "taken",
                                                       "called", "finished", "counter", "outcome")]  # fmt: skip
    words, clock = reader(), office_clock()
    return as_csv(f"kunjungan-{chosen.name}", [header, *(listed(row, words, clock) for row in found(chosen, asked()))])


def listed(row: Row, words: Language, clock: Callable[[int | None], str]) -> list[object]:
    """A visit as a row of a spreadsheet."""
    times = (clock(row.taken_t), clock(row.first_call_t), clock(row.finished_t))
    outcome = words.say(f"outcome.{row.outcome}" if row.outcome else f"state.{row.state}")
    return [row.day, row.ticket, row.service, row.village, int(row.priority), *times, row.counter or "", outcome]


@report_lists.get("/rekap.csv")
def summary_csv() -> Response:
    """The table by services for a spreadsheet."""
    chosen, say = asked_period(), reader().say
    counts = counted.summary(reports.rows(kiosk().store, kiosk().office, chosen))
    header = [say("csv.service"), say("report.taken"), *(say(f"group.{group}") for group in counted.ORDER)]
    body = [
        [name, sum(own.values()), *(own.get(group, 0) for group in counted.ORDER)]
        for name in in_order(list(counts.services))
        for own in (counts.services[name],)
    ]
    total = [say("report.total"), counts.total, *(counts.groups.get(group, 0) for group in counted.ORDER)]
    return as_csv(f"rekap-{chosen.name}", [header, *body, total])


def as_csv(name: str, rows: Iterable[Iterable[object]]) -> Response:
    """A file that opens by a double click in an Indonesian office's spreadsheet: UTF-8 with its mark, semicolons."""
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    answer = Response("\ufeff" + file.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t")) else cell
