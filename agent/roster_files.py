"""Reads a roster's rows from what offices send: CSV of any mark and encoding, or a workbook; a row at a time."""

from __future__ import annotations

import csv
import io
import re
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final, TextIO
from xml.etree.ElementTree import ParseError
from zipfile import BadZipFile, ZipFile

from agent.domain.roster_cells import HEADER_ROWS, find_header
from agent.errors import BadData

MOST_BYTES: Final = 32 * 1024 * 1024
MOST_UNPACKED: Final = 150 * 1024 * 1024
MOST_WORDS: Final = 16 * 1024 * 1024  # of a workbook's shared texts, which its reader holds at once
# What a damaged or hostile workbook makes its reader raise.
BROKEN: Final = (
    BadZipFile, ParseError, zlib.error, LookupError, ValueError, TypeError, AttributeError, NotImplementedError,
    EOFError, OSError, MemoryError, RecursionError,
)  # fmt: skip
MARKS: Final = ";,\t|"
SEPARATOR_LINE: Final = re.compile(r'"?sep=([;,\t|])"?', re.IGNORECASE)  # what some spreadsheets write above all rows
HEAD: Final = 16_384  # letters in which the header is looked for
MOST_COLUMNS: Final = 256  # a stray cell in the last corner would make every row 16,384 cells wide
NOTHING: Final = "\0"  # half of every letter of a text in UTF-16 that has no mark; no letter of any list
WORKBOOK: Final = b"PK\x03\x04"
OLD_WORKBOOK: Final = b"\xd0\xcf\x11\xe0"

Cells = Sequence[object]


def rows(path: Path) -> Iterator[Cells]:
    """The rows of a file, of one sheet; raises BadData `roster-file`, as it is read, for what cannot be read."""
    if path.stat().st_size > MOST_BYTES:
        raise BadData("roster-file", f"is larger than {MOST_BYTES // 1024**2} MB; send it in parts", file=path.name)
    with path.open("rb") as file:
        first = file.read(4)
    if first == OLD_WORKBOOK:
        raise BadData("roster-file", "is an old .xls workbook or has a password; save it as .xlsx", file=path.name)
    yield from workbook_rows(path) if first == WORKBOOK else csv_rows(path)


def csv_rows(path: Path) -> Iterator[Cells]:
    """The rows of a CSV file: UTF-8, UTF-16, else Windows-1252; any of the usual separators.

    Raises BadData `roster-quotes` where a quotation mark would swallow the rows after it, its field the row.
    """
    row = 1
    try:
        with path.open(encoding=encoding_of(path), newline="") as file:
            for cells in separated(file):
                yield cells
                row += 1
    except UnicodeError as fault:
        raise BadData("roster-file", f"is no CSV file: {fault}", file=path.name) from fault
    except csv.Error as fault:
        sentence = f"has a quotation mark there that is not closed, or stands within a cell: {fault}"
        raise BadData("roster-quotes", sentence, file=path.name, field=str(row)) from fault


def separated(file: TextIO) -> Iterator[list[str]]:
    """The rows of a text, without the line that only names the separator: a spreadsheet shows no such row."""
    head = file.read(HEAD).replace(NOTHING, "").splitlines()[:HEADER_ROWS]
    file.seek(0)
    told = SEPARATOR_LINE.fullmatch(head[0]) if head else None
    if told:
        file.readline()
    lines = (line.replace(NOTHING, "") for line in file)
    return csv.reader(lines, delimiter=told[1] if told else separator(head), strict=True)


def encoding_of(path: Path) -> str:
    """How the text of a file is written."""
    with path.open("rb") as file:
        first = file.read(2)
        if first in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
        file.seek(0)
        decoder = io.TextIOWrapper(file, "utf-8-sig", newline="")
        try:
            while decoder.read(65_536):
                pass
        except UnicodeDecodeError:
            return "cp1252"
        finally:
            decoder.detach()
    return "utf-8-sig"


def separator(head: list[str]) -> str:
    """What stands between cells: the mark by which one of these lines is a header, else the one they have most of."""
    by_number = sorted(MARKS, key=lambda mark: max((line.count(mark) for line in head), default=0), reverse=True)
    return next((mark for mark in by_number if find_header(csv.reader(head, delimiter=mark))), by_number[0])


def workbook_rows(path: Path) -> Iterator[Cells]:
    """The rows of a workbook's first sheet that has a header, else of its first, read without holding the rest."""
    check_size(path)
    try:
        from openpyxl import load_workbook
    except ImportError as fault:
        raise BadData("roster-file", "workbooks need the package openpyxl; save it as CSV", file=path.name) from fault
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        with_header = (each for each in book.worksheets if find_header(cells_of(each)))
        yield from cells_of(next(with_header, book.worksheets[0]))
        book.close()
    except BROKEN as fault:
        raise BadData("roster-file", f"is no workbook that can be read: {fault}", file=path.name) from fault


def cells_of(sheet: Any) -> Iterator[Cells]:
    """The rows of a sheet, as far to the right as any list goes."""
    rows: Iterator[Cells] = sheet.iter_rows(values_only=True, max_col=min(sheet.max_column or 0, MOST_COLUMNS) or None)
    return rows


def check_size(path: Path) -> None:
    """Raises BadData `roster-file` for a workbook that would fill the memory when it is unpacked."""
    try:
        with ZipFile(path) as workbook:
            sizes = {each.filename: each.file_size for each in workbook.infolist()}
    except BROKEN as fault:
        raise BadData("roster-file", f"is no workbook that can be read: {fault}", file=path.name) from fault
    words = max((size for name, size in sizes.items() if name.lower().endswith("sharedstrings.xml")), default=0)
    if sum(sizes.values()) > MOST_UNPACKED or words > MOST_WORDS:
        raise BadData("roster-file", "is too large when it is unpacked; save it as CSV", file=path.name)
