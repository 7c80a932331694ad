"""What schools, villages and offices send: every spreadsheet is read or refused with its reason."""

from __future__ import annotations

from datetime import date
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook

from agent import roster_files
from agent.actions import roster_refusals, rosters
from agent.actions.rosters import Reached
from agent.domain.roster import RowFault
from agent.errors import BadData
from tests.roster_lists import begun, long_list
from tests.small_office import VILLAGE
from tests.unit.test_roster import NIK, OTHER


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("mark", [",", ";", "\t", "|"])
def test_a_csv_of_any_encoding_and_mark_is_read(tmp_path, encoding, mark):
    file = tmp_path / "list.csv"
    file.write_bytes(f"NIK{mark}Nama\r\n{NIK}{mark}Zoé\r\n".encode(encoding))

    assert list(roster_files.rows(file)) == [["NIK", "Nama"], [NIK, "Zoé"]]


def test_a_workbook_with_dates_as_dates_and_as_numbers_is_read(store, office, tmp_path):
    book = Workbook()
    for row in (["Nama", "Tanggal Lahir"], ["Siti", date(2007, 11, 27)], ["Budi", 39413], ["Ani", "27-11-2007"]):
        book.active.append(row)
    book.save(tmp_path / "list.xlsx")

    roster = rosters.take_in(store, office, begun(store, office), roster_files.rows(tmp_path / "list.xlsx"))

    assert (roster.refused, store.rows("SELECT count(*) FROM roster_person")) == (0, [(3,)])


@pytest.mark.parametrize(
    "text",
    [f"sep=|\r\nNIK|Desa\r\n{NIK}|Saliki\r\n", f"Daftar siswa, kelas XII, 2026\n\nNo;NIK;Desa\n1;{NIK};Saliki\n"],
)
def test_a_csv_is_read_below_its_separator_or_its_title(store, office, tmp_path, text):
    (tmp_path / "list.csv").write_text(text)
    roster = rosters.take_in(store, office, begun(store, office), roster_files.rows(tmp_path / "list.csv"))

    assert rosters.reached(store, roster.number) == [Reached(VILLAGE, 1, 0)]


def test_the_sheet_with_the_people_is_found_in_a_workbook(store, office, tmp_path):
    book = Workbook()
    book.active.append(["Petunjuk pengisian"])
    book.create_sheet("Grafik kosong")
    for row in (["SMAN 1"], ["NIK"], [NIK]):
        (book["Data"] if "Data" in book.sheetnames else book.create_sheet("Data")).append(row)
    book.save(tmp_path / "list.xlsx")
    roster = rosters.take_in(store, office, begun(store, office), roster_files.rows(tmp_path / "list.xlsx"))

    assert (roster.seen, roster.refused) == (1, 0)


@pytest.mark.parametrize(
    ("name", "most"),
    [("xl/worksheets/sheet1.xml", roster_files.MOST_UNPACKED), ("xl/sharedStrings.xml", roster_files.MOST_WORDS)],
)
def test_a_workbook_that_would_fill_the_memory_is_refused_unread(tmp_path, name, most):
    with ZipFile(tmp_path / "bomb.xlsx", "w", ZIP_DEFLATED, compresslevel=1) as bomb:
        bomb.writestr(name, bytes(most + 1))

    with pytest.raises(BadData, match="too large when it is unpacked"):
        list(roster_files.rows(tmp_path / "bomb.xlsx"))


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old", b"\xff\xfe\x00"])
def test_a_file_that_is_none_is_told(tmp_path, content):
    (tmp_path / "list").write_bytes(content)

    with pytest.raises(BadData, match="roster-file"):
        list(roster_files.rows(tmp_path / "list"))


def test_a_list_in_windows_1252_with_everything_wrong_is_told_row_by_row(store, office, tmp_path):
    wrong = ["Zoé Müller;27-11-2007;Saliki", "zoé müller;27/11/2007;Saliki", "Zoé Müller;27-11-2007;Salok Palai",
             "Ani;31-02-2007;Saliki", "Budi;27-11-2007;Atlantis", ";;", '"Siti; Rahma";2007-11-28;']  # fmt: skip
    (tmp_path / "list.csv").write_bytes("\r\n".join(["Nama;Tgl Lahir;Désa", *wrong]).encode("cp1252"))

    roster = rosters.take_in(store, office, begun(store, office), roster_files.rows(tmp_path / "list.csv"))

    assert [(each.row, each.why) for each in roster_refusals.rows(store, roster.number)] == [
        (3, "twice"), (4, "contradicts"), (5, "born"), (6, "village"),
    ]  # fmt: skip
    assert sum(each.expected for each in rosters.reached(store, roster.number)) == 2


def test_half_a_workbook_is_refused_and_nothing_of_it_is_kept(store, office, tmp_path):
    file = long_list(tmp_path / "list.xlsx", 2_000)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])

    with pytest.raises(BadData, match="roster-file"):
        rosters.take_in(store, office, begun(store, office), roster_files.rows(file))

    assert store.rows("SELECT count(*) FROM roster_person") == [(0,)]


def test_a_damaged_sheet_is_told_and_nobody_waits_for_it(store, office, tmp_path):
    good, bad = tmp_path / "good.xlsx", tmp_path / "bad.xlsx"
    Workbook().save(good)
    with ZipFile(good) as source, ZipFile(bad, "w") as target:
        for each in source.namelist():
            content = source.read(each)
            target.writestr(each, content[: len(content) // 2] if "sheet1" in each else content)
    number = begun(store, office)

    with pytest.raises(BadData, match="roster-file"):
        rosters.take_in(store, office, number, roster_files.rows(bad))

    assert rosters.find(store, number).state == "refused"


@pytest.mark.parametrize("cell", ['"Jl. Mawar', '"Jl. "Mawar" 3"'])
def test_a_quotation_mark_that_would_swallow_rows_refuses_the_list_and_names_its_row(store, office, tmp_path, cell):
    rows = [f"{NIK};Jl. Melati", f"{OTHER};{cell}", *(f"{n};Jl. Anggrek" for n in range(20))]
    (tmp_path / "list.csv").write_text("\n".join(["NIK;Alamat", *rows]))
    number = begun(store, office)

    with pytest.raises(BadData, match="roster-quotes"):
        rosters.take_in(store, office, number, roster_files.rows(tmp_path / "list.csv"))

    assert roster_refusals.rows(store, number) == [RowFault(3, "quotes")]
    assert store.rows("SELECT count(*) FROM roster_person") == [(0,)]


def test_a_cell_of_two_lines_is_one_row(tmp_path):
    (tmp_path / "list.csv").write_text(f'NIK;Alamat\n{NIK};"Jl. Mawar\nRT 3"\n{OTHER};5" pipa\n')

    assert len(list(roster_files.rows(tmp_path / "list.csv"))) == 3


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_a_text_in_utf_16_without_its_mark_is_read(tmp_path, encoding):
    (tmp_path / "list.csv").write_bytes(f"NIK;Nama\n{NIK};Siti\n".encode(encoding))

    assert list(roster_files.rows(tmp_path / "list.csv"))[:2] == [["NIK", "Nama"], [NIK, "Siti"]]


def test_a_stray_cell_in_the_last_column_of_a_spreadsheet_makes_no_row_wider(tmp_path):
    book = Workbook()
    book.active.append(["NIK"])
    book.active["XFD5"] = "x"
    book.save(tmp_path / "list.xlsx")

    assert {len(row) for row in roster_files.rows(tmp_path / "list.xlsx")} == {roster_files.MOST_COLUMNS}


@pytest.mark.parametrize(("content", "size"), [(b"\xd0\xcf\x11\xe0old", 0), (b"NIK", 1 << 30)])
def test_a_file_that_is_not_even_opened_refuses_its_list_with_the_reason(store, office, tmp_path, content, size):
    with (tmp_path / "list").open("wb") as file:
        file.write(content)
        file.truncate(size or len(content))
    number = begun(store, office)

    with pytest.raises(BadData, match="roster-file"):
        rosters.take_in(store, office, number, roster_files.rows(tmp_path / "list"))

    assert (rosters.find(store, number).state, rosters.find(store, number).why) == ("refused", "file")
