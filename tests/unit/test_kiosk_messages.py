"""Both catalogs say the same things, every page takes its words from them, and numbers read as people write them."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.services import Text
from kiosk_ui.messages import Language, language, languages

KIOSK = Path(__file__).parents[2] / "kiosk_ui"
TEMPLATES = sorted((KIOSK / "templates").glob("*.html"))
SOURCES = sorted(KIOSK.rglob("*.py"))
TEXTS = {code: words.texts for code, words in languages().items()}
KEY = re.compile(r'\b(?:t|say|known)\(\s*"([a-z0-9_.-]+)"')
# Comments, statements, values, and the blocks that hold a class or a number of seconds.
NO_TEXT = re.compile(
    r"\{% block (?:kind|refresh|idle) %\}.*?\{% endblock %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL
)
NOT_WORDS = {"NIK", "GB", "MB"}


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def files_with_words() -> str:
    return "\n".join(path.read_text() for path in (*TEMPLATES, *SOURCES))


def test_indonesian_is_first_and_complete():
    assert next(iter(languages())) == "id"
    assert all(text.strip() for text in TEXTS["id"].values())


@pytest.mark.parametrize("code", [code for code in TEXTS if code != "id"])
def test_every_catalog_has_the_same_keys(code):
    assert TEXTS[code].keys() ^ TEXTS["id"].keys() == set()


@pytest.mark.parametrize("code", [code for code in TEXTS if code != "id"])
def test_every_text_has_the_same_placeholders(code):
    differing = [key for key, text in TEXTS["id"].items() if placeholders(text) != placeholders(TEXTS[code][key])]

    assert differing == []


@pytest.mark.parametrize("code", TEXTS)
def test_there_are_twelve_months_and_seven_days(code):
    words = language(code)

    assert len(words.say("format.months").split()) == 12
    assert len(words.say("format.weekdays").split()) == 7


def test_every_key_that_is_asked_for_exists():
    asked = {key for key in KEY.findall(files_with_words()) if not key.endswith(("_", "."))}

    assert asked - TEXTS["id"].keys() == set()


def made_up(written: str) -> set[str]:
    """How keys begin that are put together: `"state." ~ word` in a template, f"state.{word}" in Python."""
    return {first or second for first, second in re.findall(r'"([a-z0-9_.-]+[._])"|f"([a-z0-9_.-]+[._])\{', written)}


def test_no_text_is_left_over():
    written = files_with_words()
    prefixes = tuple(sorted(made_up(written)))

    assert [key for key in TEXTS["id"] if f'"{key}"' not in written and not key.startswith(prefixes)] == []


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_has_words_of_its_own(template):
    text = NO_TEXT.sub(" ", template.read_text())
    outside = re.sub(r"<[^>]*>", " ", text)
    attributes = re.findall(r'(?:alt|title|aria-label|placeholder)="([^"]*[A-Za-z][^"]*)"', text)

    assert set(re.findall(r"[A-Za-z]{2,}", outside)) - NOT_WORDS == set()
    assert attributes == []


@pytest.mark.parametrize(
    ("code", "value", "decimals", "written"),
    [
        ("id", 1234567, 0, "1.234.567"),
        ("en", 1234567, 0, "1,234,567"),
        ("id", 12.35, 1, "12,3"),
        ("en", 0.5, 2, "0.50"),
    ],
)
def test_a_number_has_the_separators_of_its_language(code, value, decimals, written):
    assert language(code).number(value, decimals) == written


@given(value=st.integers(min_value=0, max_value=10**15))
def test_a_number_read_back_is_the_same_number(value):
    assert int(language("id").number(value).replace(".", "")) == value


@pytest.mark.parametrize(("code", "written"), [("id", "1 Agustus 2024"), ("en", "1 August 2024")])
def test_a_date_is_day_month_year(code, written):
    assert language(code).day(date(2024, 8, 1)) == written


def test_a_weekday_has_its_name():
    assert language("id").weekday(date(2024, 11, 27)) == "Rabu"


@pytest.mark.parametrize(
    ("code", "zone", "written"),
    [("id", "Asia/Makassar", "08.00 WITA"), ("id", "Asia/Jakarta", "08.00 WIB"), ("en", "Asia/Jayapura", "08:00 WIT")],
)
def test_a_time_names_its_zone(code, zone, written):
    assert language(code).time(datetime(2024, 11, 27, 8, 0), zone) == written  # noqa: DTZ001 — local by then


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(0, "0 detik"), (59.9, "59 detik"), (60, "1 menit"), (3599, "59 menit"), (7200, "2 jam"), (90_000, "1 hari"),
     (-5, "0 detik")],
)  # fmt: skip
def test_a_duration_is_told_in_the_largest_unit_that_fits(seconds, written):
    assert language("id").duration(seconds) == written


@pytest.mark.parametrize("asked", [None, "", "xx", "ID"])
def test_an_unknown_language_is_indonesian(asked):
    assert language(asked).code == "id"


def test_what_a_catalog_lacks_is_said_in_indonesian():
    assert Language("bjn", {}, TEXTS["id"]).say("btn.back") == "Kembali"


def test_an_offices_own_text_falls_back_to_indonesian():
    text = Text(id="Akta kelahiran", en="Birth certificate")

    assert [language("en").of(text), Language("bjn", {}, {}).of(text)] == ["Birth certificate", "Akta kelahiran"]
