from __future__ import annotations

import tomllib
from datetime import date

import pytest

from agent.domain.services import Services
from agent.errors import SettingsError
from agent.office_files import load_services
from agent.toml_file import parse_toml
from config import tables

SHIPPED = tables.shipped("services.toml").decode()
SMALL = """\
[papers.kk]
id = "Kartu Keluarga"
en = "Family Card"

[forms."F-1.02"]
title = { id = "Pendaftaran", en = "Registration" }
formerly = ["F-1.21"]

[services.ask]
name = { id = "Tanya petugas", en = "Ask an officer" }
series = "D"
minutes = 3
who = { id = "Siapa saja.", en = "Anyone." }
papers = ["kk"]
forms = ["F-1.02"]
law = "UU 24/2013"
source = "example.go.id"
checked = 2026-11-22
"""
ELEVEN = "ktp_first ktp_early ktp_print ktp_lost change move kia ikd kk birth ask"


def read(text: str) -> Services:
    return parse_toml(text, Services, file="services.toml")


@pytest.fixture(scope="module")
def shipped() -> Services:
    return read(SHIPPED)


def test_the_eleven_services_are_shipped_in_the_order_of_the_screen(shipped):
    assert " ".join(shipped.services) == ELEVEN


def test_recording_and_updating_data_are_two_lines(shipped):
    assert shipped.by_series("A") == ("ktp_first", "ktp_early")
    assert shipped.by_series("B") == ("change", "move", "kk", "birth")


def test_every_service_stands_in_one_of_four_lines(shipped):
    lines = [shipped.by_series(letter) for letter in "ABCD"]

    assert sorted(name for line in lines for name in line) == sorted(shipped.services)


def test_every_service_names_a_law_a_source_and_a_day(shipped):
    assert all(service.law and service.source for service in shipped.services.values())
    assert {service.checked for service in shipped.services.values()} == {date(2026, 11, 22)}


def test_every_paper_is_asked_for_by_some_service(shipped):
    asked = {paper for service in shipped.services.values() for paper in service.papers}

    assert asked == set(shipped.papers)


def test_recording_takes_the_three_to_five_minutes_reported(shipped):
    assert 3 <= shipped.services["ktp_first"].minutes <= 5


def test_no_old_form_code_leads_to_two_forms(shipped):
    former = [code for form in shipped.forms.values() for code in form.formerly]

    assert len(former) == len(set(former))
    assert not set(former) & set(shipped.forms)


def test_an_office_may_offer_less():
    assert list(read(SMALL).services) == ["ask"]


WRONG = [
    ('series = "D"', 'series = "d"', "services.ask.series", "A to Z", 11),
    ('series = "D"', 'series = "DD"', "services.ask.series", "A to Z", 11),
    ('series = "D"', "series = 4", "services.ask.series", "in quotes", 11),
    ("minutes = 3", "minutes = 0", "services.ask.minutes", "1 to 240", 12),
    ("minutes = 3", "minutes = 241", "services.ask.minutes", "1 to 240", 12),
    ("minutes = 3", "minutes = true", "services.ask.minutes", "1 to 240", 12),
    ('en = "Anyone."', 'en = ""', "services.ask.who.en", "not empty", 13),
    (', en = "Anyone."', "", "services.ask.who.en", "missing", 13),
    ('papers = ["kk"]', 'papers = ["kk", "ktp"]', "services.ask.papers", "no [papers.ktp]", 14),
    ("minutes = 3", 'minutes = 3\nasks = ["height"]', "services.ask.asks[0]", "recorded", 13),
    ("minutes = 3", "minutes = 3\nquota = 0", "services.ask.quota", "", 13),
    ('papers = ["kk"]', 'papers = "kk"', "services.ask.papers", "a list", 14),
    ('"F-1.02"]\nlaw', '"F-1.20"]\nlaw', "services.ask.forms", 'no [forms."F-1.20"]', 15),
    ('law = "UU 24/2013"\n', "", "services.ask.law", "missing", 9),
    ("checked = 2026-11-22", "checked = 2026-11-31", "", "line 18", None),
    ("checked = 2026-11-22", 'checked = "soon"', "services.ask.checked", "date", 18),
    ("checked = 2026-11-22", "checked = 2999-01-01", "services.ask.checked", "was read, and not 2999-01-01", 18),
    ("checked = 2026-11-22", "checked = 2026-11-22T08:00:00", "services.ask.checked", "date", 18),
    ("Tanya petugas", "x" * 10_000, "services.ask.name.id", "at most 60 letters, and not 10000", 10),
    ("Family Card", "x" * 401, "papers.kk.en", "at most 400 letters", 3),
    ("UU 24/2013", "x" * 401, "services.ask.law", "at most 400 letters", 16),
    ('law = "UU', 'laws = "UU', "services.ask.laws", "no such setting", 16),
    ("[services.ask]", "[services.Ask]", "services.ask", "must stay", 9),
    ("[services.ask]", "[service.ask]", "service", "known here: papers, forms, services", 9),
    ('id = "Kartu Keluarga"\n', "", "papers.kk.id", "missing", 1),
    ("title = {", "titel = {", "forms.F-1.02.titel", "no such setting", 6),
]


@pytest.mark.parametrize(("good", "bad", "field", "reason", "line"), WRONG)
def test_a_bad_edit_is_refused_with_its_line_and_reason(good, bad, field, reason, line):
    assert good in SMALL
    with pytest.raises(SettingsError) as caught:
        read(SMALL.replace(good, bad))

    fault = caught.value
    assert (fault.file, fault.field) == ("services.toml", field)
    assert reason in fault.sentence
    assert line is None or fault.sentence.startswith(f"line {line}: ")


def test_a_service_needs_a_name_that_a_page_can_carry():
    body = SMALL.partition("[services.ask]")[2]

    with pytest.raises(SettingsError, match="small letters"):
        read(f"{SMALL}[services.KTP]{body}")


def test_a_services_file_is_read_from_the_office_s_directory(tmp_path):
    (tmp_path / "services.toml").write_text(SMALL)

    assert load_services(tmp_path / "services.toml") == read(SMALL)


@pytest.mark.parametrize(("name", "table"), [("targets.toml", "target"), ("elections.toml", "election")])
def test_each_target_and_election_has_a_source_and_a_day(name, table):
    entries = tomllib.loads(tables.shipped(name).decode())[table]

    assert entries
    assert all(entry["source"] and isinstance(entry["checked"], date) for entry in entries)


def test_a_repeated_vote_keeps_the_age_reference_of_the_first():
    elections = tomllib.loads(tables.shipped("elections.toml").decode())["election"]
    repeated = next(election for election in elections if election["area"] == "64.02")

    assert repeated["voting_date"] == date(2025, 4, 19)
    assert repeated["age_reference_date"] == date(2024, 11, 27)
