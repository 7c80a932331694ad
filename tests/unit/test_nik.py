from __future__ import annotations

import csv
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.nik import Nik, NikFault, picked, read_nik
from agent.domain.regions import KnownKecamatan, read_known_kecamatan
from config import tables

TODAY = date(2024, 11, 20)
VECTORS = list(csv.DictReader((Path(__file__).parents[1] / "data/nik_vectors.csv").read_text("utf-8").splitlines()))
EVER = list(tables.shipped_lines(tables.KECAMATAN_EVER))
NAMES = {row["code"]: row["name"] for row in csv.DictReader(EVER) if row["last_list"] == "2025"}
LISTS = read_known_kecamatan(EVER)

kecamatan = st.sampled_from([row["code"] for row in csv.DictReader(EVER)])
birthdays = st.dates(TODAY - timedelta(days=110 * 365), TODAY)
serials = st.integers(1, 9999)


def made(code: str, born: date, sex: str, serial: int) -> str:
    day = born.day + (40 if sex == "P" else 0)
    return f"{code.replace('.', '')}{day:02}{born:%m%y}{serial:04}"


def read(text: str, today: date = TODAY) -> Nik | NikFault:
    return read_nik(text, today, LISTS)


def words_of(row: dict[str, str]) -> list[str]:
    return [word.lower().replace("_", "-") for word in row["warnings"].split()]


@pytest.mark.parametrize("row", [row for row in VECTORS if row["ok"] == "true"], ids=lambda row: row["note"])
def test_a_well_formed_nik_tells_its_birth_sex_and_region(row):
    nik = read(row["input"], date.fromisoformat(row["as_of"]))

    assert isinstance(nik, Nik)
    assert (nik.sex, nik.born.isoformat()) == (row["sex"], row["birth_default"])
    assert (nik.born_earlier.isoformat() if nik.born_earlier else "") == row["birth_alternative"]
    assert list(nik.words) == words_of(row)
    assert NAMES.get(nik.kecamatan, "") == row["kecamatan_now"]


@pytest.mark.parametrize("row", [row for row in VECTORS if row["ok"] == "false"], ids=lambda row: row["note"])
def test_a_text_that_is_no_nik_tells_which_part_is_wrong(row):
    fault = read(row["input"], date.fromisoformat(row["as_of"]))

    assert isinstance(fault, NikFault)
    assert fault.why == row["error"].lower()


def test_all_41_vectors_are_there():
    assert len(VECTORS) == 41


@given(kecamatan, birthdays, st.sampled_from("LP"), serials)
def test_a_made_nik_reads_back(code, born, sex, serial):
    nik = read(made(code, born, sex, serial))

    assert isinstance(nik, Nik)
    assert born in (nik.born, nik.born_earlier)
    assert (nik.kecamatan, nik.sex, nik.number[-4:]) == (code, sex, f"{serial:04}")


@given(kecamatan, birthdays, serials, st.lists(st.sampled_from(" .-\t\r\n\u00a0\u2013"), min_size=17, max_size=17))
def test_separators_make_no_difference(code, born, serial, separators):
    plain = made(code, born, "L", serial)
    spread = "".join(separator + digit for separator, digit in zip(separators, plain + " ", strict=True))

    assert read(spread) == read(plain)


@given(st.text() | st.text("0123456789 .-", max_size=40) | st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_any_text_is_a_nik_or_a_fault(text):
    assert isinstance(read(text), Nik | NikFault)


@given(st.from_regex(r"[0-9]{16}", fullmatch=True), st.dates(date(2000, 1, 1), date(2200, 1, 1)))
def test_nobody_is_born_in_the_future(text, today):
    nik = read(text, today)

    assert isinstance(nik, NikFault) or nik.born <= today


@given(st.from_regex(r"[0-9]{16}", fullmatch=True))
def test_of_two_births_the_later_comes_first_and_a_word_says_so(text):
    nik = read(text)
    if isinstance(nik, NikFault):
        return

    assert ("century" in nik.words) == (nik.born_earlier is not None)
    assert nik.born_earlier is None or nik.born_earlier < nik.born


def test_the_digits_of_a_short_number_are_counted_for_the_sentence():
    assert read("6402 0517") == NikFault("format", 8)


def test_ten_thousand_characters_are_a_fault_and_no_more():
    assert read("9" * 10_000) == NikFault("format", 10_000)


def test_a_person_of_115_is_believed_and_one_of_116_is_not():
    assert read("6402052011090001").born_earlier == date(1909, 11, 20)
    assert read("6402052011080001").born_earlier is None


def test_somebody_born_on_29_february_1908_is_116_on_29_february_2024():
    the_day_before = read("6402052902080001", date(2024, 2, 28))
    on_the_day = read("6402052902080001", date(2024, 2, 29))

    assert the_day_before.born_earlier == date(1908, 2, 29)
    assert on_the_day.born_earlier is None


def test_a_child_born_today_has_a_nik_and_one_born_tomorrow_has_none():
    assert read("6402052011240001").born == TODAY
    assert read("6402052111240001").born == date(1924, 11, 21)


def test_a_nik_shows_four_digits_in_logs_and_no_birthday():
    nik = read("6402051708070001")

    assert repr(nik) == str(nik) == "Nik(************0001)"
    assert nik.masked == "************0001"


def test_a_province_is_known_by_any_list_of_its_kecamatan():
    lists = KnownKecamatan(current=[930_101], former=[910_101])

    assert [province for province in ("91", "92", "93", "94") if lists.has_province(province)] == ["91", "93"]


@pytest.mark.parametrize("row", VECTORS, ids=lambda row: row["input"])
def test_picking_changes_nothing_that_was_typed_well_or_badly(row):
    told = read_nik(picked(row["input"]), date.fromisoformat(row["as_of"]), LISTS)

    assert isinstance(told, Nik) == (row["ok"] == "true")


NOISES = ("NIK: ", "]C1", "\t\r\n", "🙂", "x" * 10_000, "Nama BUDI ", "KTP-el 17/08/2007 ")


@given(kecamatan, birthdays, serials, st.sampled_from(NOISES), st.sampled_from(("", "\r\n", " a.n. BUDI", "🙂" * 50)))
def test_a_nik_is_picked_out_of_what_scanners_and_papers_put_around_it(code, born, serial, before, after):
    number = made(code, born, "L", serial)

    assert picked(before + number + after) == number


@pytest.mark.parametrize(
    "typed", ["64.02.05-550199/0001", "6402055501990001*", "640205_550199_0001", "NIK 64/02/05 5501990001"]
)
def test_any_sign_between_sixteen_digits_is_passed_over(typed):
    assert picked(typed) == "6402055501990001"


@pytest.mark.parametrize("typed", ["64.02.05-550199/000", "64020555/01990001/1", "640205550199000\u06611"])
def test_what_has_not_sixteen_digits_is_left_as_it_was_typed(typed):
    assert picked(typed) == typed


@given(st.text())
def test_whatever_is_picked_is_short(text):
    assert len(picked(text)) <= 40


def test_of_two_different_numbers_none_is_picked():
    assert picked("6402055501990001 6402055501990002") == "6402055501990001 6402055501990002"
