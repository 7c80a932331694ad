"""What central may set: strict sections, for whom they are, whole or not at all."""

from __future__ import annotations

import json
import re
from contextlib import suppress
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.elections import Election
from agent.domain.sent_settings import SECTIONS as SECTIONS_KNOWN
from agent.domain.sent_settings import FromCentral, Holiday, NearestOffice, Notice, checked, unknown
from agent.domain.targets import SetTarget
from agent.errors import SettingsError

SECTIONS = {
    "holidays": [{"date": "2026-12-25", "name": "Natal"}],
    "notices": [{"text": "Jumat tutup pukul 11", "until": "2026-12-31", "area": "64.02"}],
    "nearest": [
        {"code": "64.02.06", "name": "Kantor Marang Kayu", "address": "Jalan Poros Bontang", "hours": "08.00-15.00"}
    ],
    "elections": [
        {
            "name": {"id": "Pilkada", "en": "Local election"}, "voting_date": "2031-11-26",
            "age_reference_date": "2031-11-26", "area": "Indonesia", "source": "PKPU", "checked": "2026-11-22",
        }
    ],
    "targets": [
        {
            "measure": "recorded", "year": 2027, "percent": 99.4, "base": "wajib", "area": "Indonesia",
            "stays": True, "source": "rakornas", "checked": "2026-11-22",
        }
    ],
}  # fmt: skip
BAD = {
    "a date that is none": ("holidays", [{"date": "25 Desember", "name": "Natal"}]),
    "a member that is misspelt": ("holidays", [{"date": "2026-12-25", "nama": "Natal"}]),
    "a member that is missing": ("holidays", [{"date": "2026-12-25"}]),
    "no list": ("notices", {"text": "Libur"}),
    "another type": ("notices", [{"text": 7}]),
    "an office without dots": (
        "nearest",
        [{"code": "640206", "name": "Marang Kayu", "address": "Jalan", "hours": "pagi"}],
    ),
    "a target above all measure": ("targets", [SECTIONS["targets"][0] | {"percent": 99_400}]),
    "an election before its day": ("elections", [SECTIONS["elections"][0] | {"age_reference_date": "2032-01-01"}]),
}


def test_every_section_is_read_from_json() -> None:
    found = checked(SECTIONS)

    assert all(getattr(found, name) for name in SECTIONS)
    assert str(found.targets[0].percent) == "99.4"
    assert str(found.nearest[0]) == "Kantor Marang Kayu, Jalan Poros Bontang, 08.00-15.00"


@pytest.mark.parametrize("fault", BAD)
def test_one_fault_in_one_section_refuses_all(fault) -> None:
    section, value = BAD[fault]
    with pytest.raises(SettingsError) as caught:
        checked(SECTIONS | {section: value})

    assert caught.value.field.startswith(section)


def test_a_section_of_a_newer_central_is_left_alone_but_nobody_publishes_one_here() -> None:
    assert checked({"weather": 1}) == FromCentral()
    with pytest.raises(SettingsError):
        unknown({"weather": 1})


@pytest.mark.parametrize(
    ("area", "meant"), [("Indonesia", True), ("64", True), ("64.02", True), ("64.02.05", True), ("64.0", False)]
)
def test_what_is_said_to_a_region_is_for_its_offices(area, meant) -> None:
    assert Holiday(date=None, name="Natal", area=area).is_for("64.02.05") is meant


def described() -> dict[str, set[str]]:
    """Section → members, `?` behind those that may be left out, as the contract has them."""
    text = (Path(__file__).parents[2] / "docs/wire.md").read_text().partition("## 15 Settings")[2].partition("## 16")[0]
    found: dict[str, set[str]] = {}
    name = ""
    for section, member in re.findall(r"^\| (?:`(\w+)`)? ?\| `([\w?]+)` \|[^|]*\|[^|]*\|$", text, re.MULTILINE):
        name = section or name
        found.setdefault(name, set()).add(member)
    return found


def test_the_contract_names_every_member_of_every_section() -> None:
    structs = dict(zip(SECTIONS_KNOWN, (SetTarget, Election, Notice, Holiday, NearestOffice), strict=True))
    fields = {
        section: {each.name + ("" if each.required else "?") for each in msgspec.structs.fields(struct)}
        for section, struct in structs.items()
    }

    assert described() == fields


members = st.sampled_from(["date", "name", "text", "area", "until"]) | st.text(max_size=5)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda each: st.lists(each) | st.dictionaries(members, each)
)


@given(st.sampled_from(sorted(SECTIONS)), values)
def test_whatever_stands_in_a_section_is_taken_or_refused_by_name(section, value) -> None:
    with suppress(SettingsError):
        checked({section: json.loads(json.dumps(value))})
