from __future__ import annotations

import csv
import sys
from collections import Counter
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import office_files
from agent.domain.regions import (
    ZONE_NAMES,
    KnownKecamatan,
    OfficeRegions,
    Region,
    office_part,
    parse_office,
    read_known_kecamatan,
    read_office_regions,
    read_regions,
    write_regions,
    zone_of,
)
from agent.errors import BadData, SettingsError, UsageError
from config import tables

HEADER = "code,name,level"
SMALL = [
    HEADER,
    "64,Kalimantan Timur,province",
    "64.02,Kabupaten Kutai Kartanegara,regency",
    "64.02.05,Muara Badak,kecamatan",
    "64.02.05.2001,Saliki,desa",
    "64.02.05.2002,Salok Palai,desa",
    "64.02.06,Tenggarong,kecamatan",
    "64.02.06.1001,Loa Ipuh,kelurahan",
    "64.03,Kabupaten Berau,regency",
]


@pytest.fixture(scope="module")
def table() -> list[Region]:
    return list(read_regions(tables.shipped_lines(tables.REGIONS)))


def test_the_shipped_table_has_every_region_of_the_list_of_2025(table):
    levels = Counter(region.level for region in table)

    assert levels == {"province": 38, "regency": 514, "kecamatan": 7285, "desa": 75_266, "kelurahan": 8496}


def test_no_code_stands_twice(table):
    assert len({region.code for region in table}) == len(table)


def test_every_region_lies_in_one_of_the_level_above(table):
    codes = {region.code for region in table}

    assert [code for code in codes if len(code) > 2 and code.rpartition(".")[0] not in codes] == []


def test_every_kecamatan_has_villages_and_a_zone(table):
    villages = Counter(region.code[:8] for region in table if len(region.code) == 13)
    kecamatan = [region.code for region in table if region.level == "kecamatan"]

    assert [code for code in kecamatan if not villages[code]] == []
    assert {zone_of(code) for code in kecamatan} == set(ZONE_NAMES)


WIB = ["11", "12", "13", "14", "15", "16", "17", "18", "19", "21", "31", "32", "33", "34", "35", "36", "61", "62"]
WITA = ["51", "52", "53", "63", "64", "65", "71", "72", "73", "74", "75", "76"]
WIT = ["81", "82", "91", "92", "93", "94", "95", "96"]


@pytest.mark.parametrize(("name", "hours", "provinces"), [("WIB", 7, WIB), ("WITA", 8, WITA), ("WIT", 9, WIT)])
def test_the_zone_of_each_province_is_the_one_in_law(name, hours, provinces):
    zones = {zone_of(province) for province in provinces}
    now = datetime(2026, 11, 22, tzinfo=UTC)

    assert [ZONE_NAMES[zone] for zone in zones] == [name]
    assert {now.astimezone(ZoneInfo(zone)).hour for zone in zones} == {hours}


def test_the_38_provinces_are_all_in_a_zone(table):
    assert sorted(WIB + WITA + WIT) == [region.code for region in table if region.level == "province"]


def test_a_province_that_does_not_exist_has_no_zone():
    with pytest.raises(BadData, match="unknown-province"):
        zone_of("66.01.01")


@pytest.mark.parametrize("typed", ["64.02.05", "640205", " 64.02.05 ", "6402.05"])
def test_an_office_may_be_typed_with_and_without_dots(typed):
    assert parse_office(typed) == "64.02.05"


@pytest.mark.parametrize(
    "typed", ["", "64.02", "64.02.05.2001", "64-02-05", "Muara Badak", "٦٤٠٢٠٥", "04.02.05", "64.2.5"]
)
def test_what_is_no_kecamatan_code_is_refused_with_an_example(typed):
    with pytest.raises(UsageError, match=r"64\.02\.05"):
        parse_office(typed)


def test_an_office_gets_its_own_part_and_no_more():
    part = office_part(read_regions(SMALL), "64.02.05")

    assert (part.province.name, part.regency.code, part.kecamatan.name) == ("Kalimantan Timur", "64.02", "Muara Badak")
    assert [village.name for village in part.villages] == ["Saliki", "Salok Palai"]


def test_a_village_is_found_by_its_code_in_its_own_office_only():
    part = office_part(read_regions(SMALL), "64.02.05")

    assert part.village("64.02.05.2002") == Region("64.02.05.2002", "Salok Palai", "desa")
    assert part.village("64.02.06.1001") is None


def test_an_unknown_office_is_told_its_nearest_neighbours():
    with pytest.raises(BadData, match=r"unknown-office.*64\.02\.05 Muara Badak") as caught:
        office_part(read_regions(SMALL), "64.02.99")

    assert caught.value.field == "office"


def test_the_neighbours_of_an_unknown_office_are_of_its_regency():
    with pytest.raises(BadData) as caught:
        office_part(read_regions([*SMALL, "64.99.99,Elsewhere,kecamatan"]), "64.02.99")

    assert "Elsewhere" not in caught.value.sentence


def test_an_unknown_regency_is_told_the_nearest_codes_of_all():
    with pytest.raises(BadData, match="Tenggarong"):
        office_part(read_regions(SMALL), "94.02.06")


names = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Zl", "Zp", "Zs")), min_size=1)


@given(names, st.lists(names, max_size=5))
def test_the_part_of_an_office_reads_back_from_its_file(name, villages):
    part = OfficeRegions(
        Region("64", "Kalimantan Timur", "province"),
        Region("64.02", 'Kabupaten "Kutai", Kartanegara', "regency"),
        Region("64.02.05", name, "kecamatan"),
        tuple(Region(f"64.02.05.{2001 + i}", village, "desa") for i, village in enumerate(villages)),
    )

    assert read_office_regions(write_regions(part).split("\n")[:-1], "64.02.05") == part


@pytest.mark.parametrize(
    ("line", "bad"),
    [
        (1, "kode,nama,tingkat"),
        (2, "64,Kalimantan Timur"),
        (2, "64,Kalimantan Timur,province,more"),
        (4, "64.2.5,Muara Badak,kecamatan"),
        (4, "64.02.05,,kecamatan"),
        (4, "64.02.05,Muara Badak,desa"),
        (4, "64.02.05,Muara Badak,district"),
        (4, "64.02.05,Muara\0Badak\n,kecamatan,x"),
        (4, ""),
    ],
)
def test_a_bad_row_is_named_by_its_line(line, bad):
    lines = [*SMALL]
    lines[line - 1] = bad

    with pytest.raises(SettingsError) as caught:
        read_office_regions(lines, "64.02.05", file="regions.csv")

    assert (caught.value.file, caught.value.field) == ("regions.csv", f"line {line}")


def test_an_empty_file_lacks_its_first_line():
    with pytest.raises(SettingsError, match=HEADER):
        read_office_regions([], "64.02.05")


def test_a_file_of_another_office_is_refused():
    with pytest.raises(SettingsError, match=r"64\.03\.01"):
        read_office_regions(SMALL, "64.03.01", file="regions.csv")


@pytest.mark.parametrize("lost", ["64", "64.02"])
def test_a_file_that_lost_what_the_office_lies_in_is_refused_and_names_it(lost):
    rows = [row for row in SMALL if not row.startswith(f"{lost},")]

    with pytest.raises(SettingsError) as caught:
        read_office_regions(rows, "64.02.05", file="regions.csv")

    assert (caught.value.file, caught.value.field) == ("regions.csv", lost)


def test_a_code_is_current_former_or_unknown():
    lists = read_known_kecamatan(tables.shipped_lines(tables.KECAMATAN_EVER))

    assert lists.standing("64.02.20") == "current"
    assert lists.standing("91.01.01") == "former"
    assert lists.standing("64.04.01") == "unknown"


def test_all_codes_ever_are_known_and_today_s_are_those_of_the_table(table):
    rows = list(csv.DictReader(tables.shipped_lines(tables.KECAMATAN_EVER)))
    lists = office_files.known_kecamatan()
    today = {region.code for region in table if region.level == "kecamatan"}

    assert len(rows) == 7879
    assert {row["code"] for row in rows if lists.standing(row["code"]) == "current"} == today
    assert [row["code"] for row in rows if lists.standing(row["code"]) == "unknown"] == []


@given(st.sets(st.integers(110_000, 969_999)), st.integers(110_000, 969_999))
def test_only_listed_codes_are_known(numbers, asked):
    lists = KnownKecamatan(list(numbers), [])
    code = f"{asked}"

    assert lists.standing(f"{code[:2]}.{code[2:4]}.{code[4:]}") == ("current" if asked in numbers else "unknown")


def test_the_order_of_the_lists_makes_no_difference():
    lists = KnownKecamatan(current=[640_206, 110_101, 640_205], former=[930_101, 640_299])

    assert [lists.standing(code) for code in ("11.01.01", "64.02.05", "64.02.99")] == ["current", "current", "former"]


def test_all_codes_ever_take_less_than_40_kb_of_memory():
    lists = office_files.known_kecamatan()

    assert sum(sys.getsizeof(codes) for codes in vars(lists).values()) < 40 * 1024


@pytest.mark.parametrize("office", ["11.01.01", "31.71.01", "53.07.01", "64.02.05", "96.01.01"])
def test_the_part_of_an_office_comes_out_of_the_whole_table(office):
    part = office_files.regions_of(office)

    assert part.kecamatan.code == office
    assert {village.code[:8] for village in part.villages} == {office}


def test_a_regions_file_that_is_missing_or_not_utf8_stops_the_start(tmp_path):
    bad = tmp_path / "regions.csv"
    with pytest.raises(SettingsError, match="cannot be read"):
        office_files.load_regions(bad, "64.02.05")
    bad.write_bytes(b"code,name,level\n64,\xff,province\n")

    with pytest.raises(SettingsError, match="UTF-8"):
        office_files.load_regions(bad, "64.02.05")
