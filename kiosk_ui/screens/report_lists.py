"""The rows behind a report's numbers, and both as CSV: no names, no NIK, only tickets, times and outcomes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Final

from flask import Blueprint, g, request
from werkzeug.wrappers import Response

from agent.actions import reports
from agent.domain import report_books
from agent.domain.period import Period
from agent.domain.report import Row
from agent.domain.report_books import BOOKS, BookName, Facts
from agent.domain.report_cells import Cell, Label, Section
from agent.domain.report_sections import MOVES
from agent.errors import NotFound
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page, reader
from kiosk_ui.report_columns import columns, office_clock
from kiosk_ui.report_words import PATHS, plain, said
from kiosk_ui.screens.report import asked_line, asked_period, sections_of, title
from kiosk_ui.sessions import only_for

report_lists = Blueprint("report_lists", __name__, url_prefix="/laporan")
report_lists.before_request(only_for("officer", "supervisor", "technician", "camat"))
SHOWN: Final = 500
LONGEST_NAME: Final = 40
BEGINS_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")  # the wide ones too
VISITS: Final = PATHS["visits"]
NAMED: Final[Mapping[str, BookName]] = {path: book for book, path in PATHS.items()}


@report_lists.get("/daftar")
@report_lists.get("/daftar/<path>")
def show(path: str = VISITS) -> Response:
    """The rows of a book that are counted in one number of a period's report."""
    chosen, book = asked_period(), named(path)
    where = asked(book)
    rows = found(chosen, book, where)
    listed = columns(book, office_clock(kiosk()), for_people=True)
    if chosen.unit == "day" and book != "coverage":
        del listed["date"]  # it stands above the table
    return page(
        "report_list.html",
        period=chosen,
        title=title(reader(), chosen),
        book=book,
        wanted=[wanted(name, value) for name, value in where.items() if value],
        header=list(listed),
        rows=[[read(row) for read in listed.values()] for row in rows[:SHOWN]],
        names=[correctable(row) for row in rows[:SHOWN]],
        total=len(rows),
        summed=report_books.total(book, rows) if BOOKS[book].amount else None,
        csv=f"/laporan/daftar/{path}.csv?{request.query_string.decode('ascii', 'ignore')}",
    )


def correctable(row: object) -> str:
    """The name of a visit that the reader may correct; else nothing."""
    is_theirs = g.officer.role in ("officer", "supervisor")
    return row.visit if isinstance(row, Row) and row.outcome and is_theirs else ""


def named(path: str) -> BookName:
    """The book of an address; raises NotFound for one that there is none of."""
    if path not in NAMED:
        raise NotFound("unknown-list", f"a list is one of {', '.join(NAMED)}")
    return NAMED[path]


def asked(book: BookName) -> dict[str, str]:
    """What the address asks for; words of nobody find nothing."""
    return {name: request.args.get(name, "")[:LONGEST_NAME] for name in BOOKS[book].members}


def found(chosen: Period, book: BookName, where: Mapping[str, str]) -> list[object]:
    """The rows asked for."""
    return report_books.chosen(book, facts_of(chosen)[book], where)


def facts_of(chosen: Period) -> Facts:
    """Every list of a period."""
    return reports.facts(kiosk().store, kiosk().office, chosen)


def wanted(name: str, value: str) -> str:
    """A condition of a list in words."""
    if value == "1" and reader().has(f"report.only.{name}"):
        return reader().say(f"report.only.{name}")
    kind = "column" if name == "what" and value in MOVES else name
    return said(Label(kind, value))


@report_lists.get("/daftar.csv")
@report_lists.get("/daftar/<path>.csv")
def list_csv(path: str = VISITS) -> Response:
    """The same list for a spreadsheet."""
    chosen, book = asked_period(), named(path)
    listed = columns(book, office_clock(kiosk()), for_people=False)
    rows = ([read(row) for read in listed.values()] for row in found(chosen, book, asked(book)))
    return as_csv(f"{path}-{chosen.name}", [[reader().say(f"csv.{name}") for name in listed], *rows])


@report_lists.get("/rekap.csv")
def summary_csv() -> Response:
    """One table of a report for a spreadsheet, the one by services unless `bagian` names another."""
    chosen, name = asked_period(), request.args.get("bagian", "services")
    tables = sections_of(facts_of(chosen), chosen, asked_line())
    if name not in tables:
        raise NotFound("unknown-list", f"a part of a report is one of {', '.join(tables)}")
    return as_csv(f"rekap-{name}-{chosen.name}", table_rows(tables[name]))


def table_rows(table: Section) -> Iterable[Iterable[object]]:
    """A table of a report as rows of a spreadsheet, its header first."""
    yield [said(column) for column in table.columns]
    for row in (*table.rows, table.foot):
        if row:
            yield [summed_up(cell) for cell in row]


def summed_up(cell: Cell) -> object:
    """A cell of a table for a spreadsheet: names as people say them, dates as a spreadsheet sorts them."""
    by_name = isinstance(cell, Label) and cell.kind not in ("day", "month")
    return said(cell) if isinstance(cell, Label) and by_name else plain(cell)


def as_csv(name: str, rows: Iterable[Iterable[object]]) -> Response:
    """A file that opens by a double click in an Indonesian office's spreadsheet: UTF-8 with its mark, semicolons.

    That of a training says so in its name and in its first row.
    """
    if kiosk().office.settings.training.on:
        name, rows = f"LATIHAN-{name}", [[reader().say("training.banner")], *rows]
    file = io.StringIO()
    csv.writer(file, delimiter=";", lineterminator="\r\n").writerows([harmless(cell) for cell in row] for row in rows)
    answer = Response("\ufeff" + file.getvalue(), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def harmless(cell: object) -> object:
    """A cell that no spreadsheet takes for a formula, whatever stands before the sign that begins one."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip().startswith(BEGINS_FORMULA) else cell
