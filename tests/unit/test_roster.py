"""Rows of a roster: what is taken in, what is refused and why, and what is left of a person."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.roster import (
    DIGEST_BITS,
    Checker,
    Person,
    RowFault,
    bits_for,
    digest_of,
    is_empty,
    short,
)
from agent.domain.roster_cells import birth_date, find_header, is_enough, person_name, read_header
from agent.office_files import known_kecamatan
from tests.small_office import shipped_regions

TODAY = date(2024, 3, 1)
NIK, OTHER = "6402055501990001", "6402054102990002"
HEADER = ["No", "NIK", "Nama Lengkap", "Tgl. Lahir", "Desa/Kelurahan"]
VILLAGE = shipped_regions().villages[0]


def checker(header=HEADER) -> Checker:
    return Checker(read_header(header), shipped_regions().villages, known_kecamatan(), TODAY, b"secret")


def why(*cells) -> str | None:
    fault = checker().check(2, [1, *cells])
    return fault.why if fault else None


def test_the_columns_are_known_by_many_names():
    assert read_header(HEADER) == {1: "nik", 2: "name", 3: "born", 4: "village"}
    assert read_header(["ALAMAT", "Tanggal_Lahir ", "nama siswa"]) == {1: "born", 2: "name"}
    assert read_header(["Tempat/Tanggal Lahir", "Tempat, Tgl. Lahir", "Tempat Lahir"]) == {0: "born"}


def test_the_header_is_found_below_a_title_and_the_rows_after_it_stay():
    rows = iter([["DAFTAR SISWA SMAN 1"], [], [None], HEADER, [1, NIK]])

    assert find_header(rows) == (4, read_header(HEADER))
    assert list(rows) == [[1, NIK]]
    assert find_header(iter([["Nama", "Desa"]] * 10 + [HEADER])) is None


@pytest.mark.parametrize(("header", "enough"), [(["NIK"], True), (["Nama", "TTL"], True), (["Nama", "Desa"], False)])
def test_people_can_be_told_apart_by_nik_or_by_name_and_birth(header, enough):
    assert is_enough(read_header(header)) is enough


def test_a_nik_with_its_village_is_taken_in():
    assert why(NIK, "Siti", "15-01-1999", VILLAGE.name) is None


def test_a_name_with_a_date_of_birth_is_taken_in():
    assert why("", "Siti Rahma", "27/11/2007", VILLAGE.code) is None


@pytest.mark.parametrize("before", ["Desa ", "DS. ", "ds.", "Kel. ", "KELURAHAN ", "Desa/Kel. "])
def test_a_village_is_known_with_the_word_for_its_kind(before):
    assert why(NIK, "Siti", "", before + VILLAGE.name.upper()) is None


@pytest.mark.parametrize("written", ["'" + NIK, "6402 0555 0199 0001", NIK + ".0", "NIK " + NIK])
def test_a_nik_is_read_with_what_a_spreadsheet_puts_around_it(written):
    assert why(written) is None


def test_only_a_row_without_a_word_is_nothing():
    assert checker().check(2, [None, "", " ", None]) is None
    assert why(None, "", " ", None) == "no-person"  # a number of the list stands there, and nobody


@pytest.mark.parametrize(
    ("cells", "reason"),
    [
        (["64020555019900"], "nik"),
        ([6402055501990001], "nik-as-number"),
        ([6.402055501990001e15], "nik-as-number"),
        ([NIK, "Siti", "16-01-1999"], "born-contradicts"),
        (["", "Siti", "31-02-2007"], "born"),
        (["", "Siti", "27-11-2077"], "born"),
        (["", "12345", "27-11-2007"], "name"),
        (["", "Siti", ""], "no-person"),
        ([NIK, "Siti", "", "Desa Entah"], "village"),
    ],
)
def test_a_row_that_cannot_be_meant_is_refused_with_its_reason(cells, reason):
    assert why(*cells) == reason


def test_the_same_person_again_is_refused_and_with_another_village_contradicts():
    rows = checker()
    first, second = (village.code for village in shipped_regions().villages[:2])

    told = [rows.check(n, [n, NIK, "", "", village]) for n, village in ((2, first), (3, first), (4, second))]

    assert told == [None, RowFault(3, "twice"), RowFault(4, "contradicts")]
    assert len(list(rows.expected())) == 1


@pytest.mark.parametrize(
    "written",
    ["27-11-2007", "27/11/2007", "2007-11-27", "2007-11-27 00:00:00", 39413, "39413", 39413.0, date(2007, 11, 27),
     "27 November 2007", "27 Nop. 2007", "27-NOV-2007", "Samarinda, 27-11-2007", "Tarakan / 27 November 2007",
     "2007-11-27T00:00:00", datetime(2007, 11, 27)],  # noqa: DTZ001 — as a workbook has it
)  # fmt: skip
def test_a_birth_date_is_read_however_a_spreadsheet_has_it(written):
    assert birth_date(written, TODAY) == date(2007, 11, 27)


@pytest.mark.parametrize(
    "written",
    [
        "",
        None,
        "kemarin",
        "1/1",
        -5,
        1e9,
        float("inf"),
        float("nan"),
        "99999999",
        "1-1-99",
        "Samarinda",
        "27 Nope 2007",
        "31 Februari 2007",
        "2007",
    ],
)
def test_what_is_no_birth_date_is_none(written):
    assert birth_date(written, TODAY) is None


@pytest.mark.parametrize("written", ["Nofirman, S.Pd.", "nofirman s pd", " NOFIRMAN  S PD "])
def test_a_name_is_compared_without_dots_and_case(written):
    assert person_name(written) == "nofirman s pd"


def test_other_spellings_are_other_people():
    assert len({person_name(name) for name in ("Nafrtman", "Nofirman", "Nafriman")}) == 3


@given(st.integers(1, 200_000))
def test_a_digest_keeps_six_bits_more_than_the_roster_needs(size):
    assert 2 ** (bits_for(size) - 6) >= size
    assert bits_for(size) <= DIGEST_BITS


def test_a_digest_says_nothing_without_its_key():
    person = Person(nik=NIK)

    assert digest_of(person, b"one key") != digest_of(person, b"another key")
    assert digest_of(person, b"one key") != digest_of(Person(nik=OTHER), b"one key")


def test_what_is_stored_is_too_short_to_name_anybody():
    rows = checker()
    for n in range(1, 65):
        rows.check(n, [n, "", f"Orang {chr(64 + n)}", f"{n % 28 + 1}-01-2007", ""])

    assert {each.digest >> bits_for(64) for each in rows.expected()} == {0}
    assert bits_for(64) == 12


def test_the_first_bits_stay():
    assert short(0b1011 << (DIGEST_BITS - 4), 3) == 0b101


@given(
    st.lists(st.lists(st.one_of(st.text(max_size=20), st.integers(), st.floats(), st.none()), max_size=6), max_size=8)
)
def test_every_row_of_anything_is_taken_in_or_refused_or_empty(cells):
    rows = checker()
    refused = [rows.check(n, row) for n, row in enumerate(cells, 2)]

    assert len(cells) == sum(map(is_empty, cells)) + len(rows.people) + sum(fault is not None for fault in refused)
