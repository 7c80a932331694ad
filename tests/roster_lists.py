"""Lists of people for the tests of rosters: begun, taken in, and long ones of people who were invented."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

from openpyxl import Workbook

from agent.actions import rosters
from agent.actions.rosters import Wanted
from tests.builders import drawn

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"

EXPIRES = date(2026, 12, 31)


def begun(store, office, expires=EXPIRES) -> int:
    return rosters.begin(store, office, Wanted("Siswa SMAN 1", "pupils", expires, by=2), drawn())


def taken(store, office, *rows):
    return rosters.take_in(store, office, begun(store, office), [["NIK", "Nama", "Tgl Lahir", "Desa"], *rows])


def long_list(file: Path, people: int) -> Path:
    """A list of invented people, as CSV or as a workbook with dates as numbers."""
    if file.suffix == ".csv":
        file.write_text("Nama;Tgl Lahir\n" + "".join(f"Orang {n};{n % 28 + 1}-01-2007\n" for n in range(people)))
        return file
    cell = '<c t="inlineStr"><is><t>{}</t></is></c>'.format
    rows = (f"<row>{cell(f'Orang {n}')}<c><v>{39_083 + n % 28}</v></c></row>" for n in range(people))
    header = f"<row>{cell('Nama')}{cell('Tgl Lahir')}</row>"
    sheet = f'<worksheet xmlns="{SHEET}"><sheetData>{header}{"".join(rows)}</sheetData></worksheet>'
    empty = io.BytesIO()
    Workbook().save(empty)
    with ZipFile(empty) as source, ZipFile(file, "w", ZIP_DEFLATED, compresslevel=1) as target:
        for name in source.namelist():
            target.writestr(name, sheet if "sheet1" in name else source.read(name))
    return file
