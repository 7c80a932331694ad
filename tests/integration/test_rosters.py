"""Rosters from a file to a confirmed match: whole or not at all, nobody named, gone on their day."""

from __future__ import annotations

import io
import subprocess
import sys
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from apsw import Connection
from openpyxl import Workbook

from agent import roster_files
from agent.actions import roster_refusals, rosters
from agent.actions.rosters import Reached, Wanted
from agent.clock import local
from agent.domain.roster import Person, RowFault
from agent.errors import BadData, Conflict, NotFound
from agent.store import backup, roster_keys
from agent.store.backup import copy_database
from tests.builders import drawn, make_home
from tests.fakes import FakeClock
from tests.small_office import VILLAGE, kiosk_key, small_office, small_store, take
from tests.unit.test_roster import NIK, OTHER

SHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
EXPIRES = date(2026, 12, 31)


@pytest.fixture
def store(tmp_path):
    store = small_store(tmp_path / "office", FakeClock())
    yield store
    store.close()


@pytest.fixture
def office(store):
    return small_office(store.home)


def begun(store, office, expires=EXPIRES) -> int:
    return rosters.begin(store, office, Wanted("Siswa SMAN 1", "pupils", expires, by=2), drawn())


def taken(store, office, *rows):
    return rosters.take_in(store, office, begun(store, office), [["NIK", "Nama", "Tgl Lahir", "Desa"], *rows])


def keys(store) -> list[Path]:
    return sorted((store.home / "data/rosters").iterdir())


def lines(store, kind) -> list[bytes]:
    return [bytes(body) for (body,) in store.rows("SELECT body FROM line") if f'"{kind}"'.encode() in bytes(body)]


def test_a_roster_keeps_people_as_digests_and_says_how_many(store, office):
    roster = taken(store, office, [NIK, "", "", VILLAGE], ["1", "", "", ""], ["", "Siti", "27-11-2007", ""])

    assert (roster.state, roster.seen, roster.refused) == ("ready", 3, 1)
    assert roster_refusals.rows(store, roster.number) == [RowFault(3, "nik")]
    assert b'"people":2,"refused":1' in lines(store, "roster.loaded")[0]


def test_nothing_in_the_office_names_anybody(store, office):
    taken(store, office, [NIK, "", "", VILLAGE], ["", "Siti Rahma", "27-11-2007", ""])
    store.close()

    files = [path.read_bytes() for path in store.home.rglob("*") if path.is_file()]

    assert not any(word in content for content in files for word in (NIK.encode(), b"Siti", b"siti rahma"))


def test_who_is_on_it_matches_and_who_is_not_does_not(store, office):
    taken(store, office, [NIK, "", "", VILLAGE], ["", "Siti Rahma", "27-11-2007", ""])

    assert [match.village for match in rosters.matches(store, Person(nik=NIK))] == [VILLAGE]
    assert rosters.matches(store, Person(name="siti rahma", born=date(2007, 11, 27)))
    assert rosters.matches(store, Person(nik=OTHER)) == []


def test_about_one_stranger_in_64_matches(store, office):
    taken(store, office, *(["", f"Orang {n} A", "1-1-2007", ""] for n in range(500)))

    strangers = sum(bool(rosters.matches(store, Person(nik=f"{n:016d}"))) for n in range(2000))

    assert 2000 / 64 / 3 < strangers < 2000 / 64 * 3


def test_only_what_an_officer_confirmed_counts_and_once(store, office):
    roster = taken(store, office, [NIK, "", "", VILLAGE], [OTHER, "", "", VILLAGE])
    visit = take(store, office, "r1").visit

    rosters.confirm(store, roster.number, visit, Person(nik=NIK), by=2)
    rosters.confirm(store, roster.number, visit, Person(nik=NIK), by=2)

    assert rosters.reached(store, roster.number) == [Reached(VILLAGE, 2, 1)]
    assert len(lines(store, "roster.matched")) == 1


def test_a_person_who_comes_again_is_not_counted_again(store, office):
    roster = taken(store, office, [NIK, "", "", VILLAGE], [OTHER, "", "", VILLAGE])
    for number in range(3):
        rosters.confirm(store, roster.number, take(store, office, f"r{number}").visit, Person(nik=NIK), by=2)

    assert rosters.reached(store, roster.number) == [Reached(VILLAGE, 2, 1)]
    assert len(lines(store, "roster.matched")) == 1
    assert [match.met for match in rosters.matches(store, Person(nik=NIK))] == [True]


def test_two_people_who_share_a_digest_are_counted_both(store, office):
    roster = taken(store, office, [NIK, "", "", VILLAGE])
    with store.write():
        store.run("INSERT INTO roster_person SELECT roster, digest, '' FROM roster_person")
    for number in range(3):
        rosters.confirm(store, roster.number, take(store, office, f"r{number}").visit, Person(nik=NIK), by=2)

    assert rosters.reached(store, roster.number) == [Reached("", 1, 1), Reached(VILLAGE, 1, 1)]


@pytest.mark.parametrize(
    ("header", "rows", "code"),
    [
        (["Nama", "Desa"], [["Siti", ""]], "roster-header"),
        (["NIK"], [["1"]], "roster-empty"),
        ([], [], "roster-header"),
    ],
)
def test_a_list_that_says_nothing_is_refused_as_a_whole(store, office, header, rows, code):
    number = begun(store, office)

    with pytest.raises(BadData, match=code):
        rosters.take_in(store, office, number, [header, *rows])

    assert rosters.find(store, number).state == "refused"
    assert store.rows("SELECT count(*) FROM roster_person") == [(0,)]


def test_a_file_that_breaks_off_leaves_nothing(store, office):
    def broken():
        yield ["NIK"]
        yield [NIK]
        raise BadData("roster-file", "is no CSV file")

    with pytest.raises(BadData):
        rosters.take_in(store, office, begun(store, office), broken())

    assert store.rows("SELECT count(*) FROM roster_person") == [(0,)]
    assert rosters.matches(store, Person(nik=NIK)) == []


def test_on_its_day_a_roster_goes_with_its_key(store, office):
    roster = taken(store, office, [NIK, "", "", ""])
    store.clock.forward(40 * 86_400_000)

    assert rosters.forget_expired(store, office) == 1
    assert store.rows("SELECT count(*) FROM roster_person") == [(0,)]
    assert lines(store, "roster.deleted")
    with pytest.raises(NotFound):
        rosters.find(store, roster.number)
    assert keys(store) == []


def test_the_number_of_a_roster_that_is_gone_is_not_given_again(store, office):
    first = taken(store, office, [NIK, "", "", ""]).number
    rosters.delete(store, first, by=2)

    assert begun(store, office) == first + 1


def test_the_key_lies_in_a_file_of_its_own_and_nowhere_in_the_database(store, office):
    roster = taken(store, office, [NIK, "", "", ""])
    (key,), secret = keys(store), roster_keys.find(store.home, roster.number)

    assert (key.stat().st_mode & 0o777, len(secret)) == (0o600, 32)
    assert not any(secret in file.read_bytes() for file in store.home.rglob("rekam.db*"))


def test_without_its_key_a_roster_matches_nobody_and_takes_nobody_in(store, office):
    roster = taken(store, office, [NIK, "", "", ""])
    roster_keys.drop(store.home, roster.number)

    assert rosters.matches(store, Person(nik=NIK)) == []
    with pytest.raises(BadData, match="its key cannot be read"):
        rosters.take_in(store, office, roster.number, [["NIK"], [NIK]])


def test_a_restored_backup_leaves_nothing_of_the_rosters_that_were_set_aside(store, office, tmp_path):
    copy_database(store.home / "data/rekam.db", tmp_path / "copy.db")
    taken(store, office, [NIK, "", "", ""])
    store.close()
    backup.restore(store.home, tmp_path / "copy.db", kiosk_key().thumbprint())

    assert keys(store) == []
    with closing(Connection(str(store.home / "data/rekam.db.aside-1"))) as aside:
        assert aside.execute("SELECT count(*) FROM roster_person").fetchall() == [(0,)]
    assert b"Siswa SMAN 1" not in (store.home / "data/rekam.db.aside-1").read_bytes()


def test_a_key_whose_roster_is_lost_goes_with_the_next_pruning(store, office):
    roster_keys.put(store.home, 7, b"lost")
    begun(store, office)
    rosters.forget_expired(store, office)

    assert [key.name for key in keys(store)] == ["1.key"]


def test_a_roster_must_end_on_a_day_to_come(store, office):
    today = local(store.clock.wall_ms(), office.zone).date()

    with pytest.raises(BadData, match="roster-expires"):
        begun(store, office, expires=today)
    with pytest.raises(BadData, match="roster-expires"):
        begun(store, office, expires=date(9999, 12, 31))
    assert begun(store, office, expires=today + timedelta(days=1))


def test_a_backup_holds_no_roster(store, office, tmp_path):
    roster = taken(store, office, [NIK, "", "", VILLAGE])
    rosters.confirm(store, roster.number, take(store, office, "r1").visit, Person(nik=NIK), by=2)

    copy_database(store.home / "data/rekam.db", tmp_path / "copy.db")

    assert b"Siswa SMAN 1" not in (tmp_path / "copy.db").read_bytes()
    with closing(Connection(str(tmp_path / "copy.db"))) as copy:
        assert copy.execute("SELECT count(*) FROM roster_match").fetchall() == [(0,)]


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


def test_nobody_is_confirmed_whom_the_roster_cannot_hold(store, office):
    roster = taken(store, office, [NIK, "", "", VILLAGE])

    with pytest.raises(Conflict, match="no-match"):
        rosters.confirm(store, roster.number, take(store, office, "r1").visit, Person(nik=OTHER), by=2)


def test_a_list_longer_than_any_offices_is_refused_as_a_whole(store, office, monkeypatch):
    monkeypatch.setattr("agent.domain.roster.MOST_ROWS", 3_000)
    number = begun(store, office)

    with pytest.raises(BadData, match="roster-too-many"):
        rosters.take_in(store, office, number, [["NIK"], *([["1"]] * 10_000)])

    assert rosters.find(store, number).state == "refused"
    assert rosters.find(store, number).seen < 5_000


def test_every_refused_row_is_kept_with_its_reason_also_where_none_was_taken_in(store, office):
    number = begun(store, office)
    rows = [["Daftar siswa"], ["NIK", "Nama", "Lahir"], *([["1", "", ""]] * 1_500), ["", "Siti", "kemarin"]]
    with pytest.raises(BadData, match="roster-empty"):
        rosters.take_in(store, office, number, rows)

    roster, refused = rosters.find(store, number), roster_refusals.rows(store, number)
    assert (roster.state, roster.why, roster.seen, roster.refused) == ("refused", "empty", 1_501, 1_501)
    assert (refused[0], refused[-1]) == (RowFault(3, "nik"), RowFault(1_503, "born"))
    assert roster_refusals.reasons(store, number) == [("nik", 1_500), ("born", 1)]
    assert roster_refusals.rows(store, number, 2) == refused[:2]


def test_the_refused_rows_go_with_their_roster(store, office):
    rosters.delete(store, taken(store, office, [NIK, "", "", ""], *([["1", "", "", ""]] * 1_500)).number, by=2)

    assert store.rows("SELECT count(*) FROM roster_refused") == [(0,)]


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


def test_a_reader_that_broke_off_leaves_nobody_waiting(store, office):
    number = begun(store, office)

    rosters.refuse_unfinished(store, number)

    assert rosters.find(store, number).why == "broke-off"


@pytest.mark.parametrize("content", [b"PK\x03\x04broken", b"\xd0\xcf\x11\xe0old", b"\xff\xfe\x00"])
def test_a_file_that_is_none_is_told(tmp_path, content):
    (tmp_path / "list").write_bytes(content)

    with pytest.raises(BadData, match="roster-file"):
        list(roster_files.rows(tmp_path / "list"))


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


MEASURED = """
import sys
from agent.cli import main
assert main(sys.argv[1:]) == 0
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def import_in_a_process(home: Path, file: Path) -> tuple[str, int]:
    """What `rekam roster import` says of a list first, and the most memory it held, in kB."""
    words = ["roster", "import", "--config", str(home / "kiosk.toml"), "--title", "x", "--expires", "2027-12-31"]
    program = [sys.executable, "-c", MEASURED, *words, str(file)]
    said = subprocess.run(program, capture_output=True, text=True, check=True).stdout.splitlines()
    return said[0].partition(": ")[2], int(said[-1])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_of_100000_costs_little_more_memory_than_one_of_20000(tmp_path, kind):
    home = make_home(tmp_path / "office").home
    few = import_in_a_process(home, long_list(tmp_path / f"few.{kind}", 20_000))
    many = import_in_a_process(home, long_list(tmp_path / f"many.{kind}", 100_000))

    assert few[0] == "20000 people of 20000 rows, 0 refused"
    assert many[0] == "100000 people of 100000 rows, 0 refused"
    assert many[1] < 1.5 * few[1], (few[1], many[1])


def test_a_long_list_says_how_far_it_is_a_thousand_rows_at_a_time(store, office, tmp_path):
    file, seen = long_list(tmp_path / "list.csv", 3_500), []
    store.after_commit = lambda: seen.append(store.rows("SELECT max(seen) FROM roster")[0][0])

    rosters.take_in(store, office, begun(store, office), roster_files.rows(file))

    assert seen[:5] == [0, 1000, 2000, 3000, 3500]


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


def test_a_stray_cell_in_the_last_row_of_a_spreadsheet_makes_no_list_too_long(store, office):
    rows = [[NIK], *([[None]] * 300_000), [OTHER]]

    roster = rosters.take_in(store, office, begun(store, office), [["NIK"], *rows])

    assert (roster.state, roster.seen) == ("ready", 2)


@pytest.mark.parametrize("after", [3, 7])
def test_a_list_that_was_given_up_meanwhile_is_never_half_there(store, office, after):
    number, commits, other = begun(store, office), [], small_store(store.home, FakeClock())

    def given_up() -> None:
        commits.append(1)
        if len(commits) == after:
            rosters.refuse_unfinished(other, number)

    store.after_commit = given_up
    rows = [["", f"Orang {n}", "1-1-2007", ""] for n in range(4_500)]
    with pytest.raises(BadData, match="roster-broke-off"):
        rosters.take_in(store, office, number, [["NIK", "Nama", "Tgl Lahir", "Desa"], *rows])
    other.close()

    assert rosters.find(store, number).state == "refused"
    assert store.rows("SELECT count(*) FROM roster_person") == [(0,)]
