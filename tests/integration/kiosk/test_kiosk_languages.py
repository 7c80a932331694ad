"""Indonesian first, English by one touch, on every page."""

from __future__ import annotations

import pytest

from tests.integration.kiosk.steps import visit

NIK = "6402055501990001"


def test_indonesian_is_the_default(citizen):
    page = visit(citizen, "/")

    assert "Apa yang ingin Anda urus hari ini?" in page.text
    assert 'lang="id"' in page.answer.get_data(as_text=True)


def test_one_touch_makes_it_english(citizen):
    assert "What would you like to do today?" in visit(citizen, "/").follow("en").text


def test_english_stays_to_the_number(citizen):
    number = (
        visit(citizen, "/?lang=en").touch("service-kk").touch("with-nik").touch("nik-next", nik=NIK)
        .touch("nik-correct").touch("village-unknown")
    )  # fmt: skip

    assert "QUEUE NUMBER" in number.text
    assert "Taken 23 November 2026 at 08:00 WITA" in number.text


@pytest.mark.parametrize("touches", [["service-kk"], ["service-kk", "without-nik"], ["service-kk", "with-nik"]])
def test_the_language_changes_in_the_middle_of_the_way(citizen, touches):
    page = visit(citizen, "/")
    for touch in touches:
        page = page.touch(touch)

    english = page.follow("en")

    assert english.path == page.path
    assert 'lang="en"' in english.answer.get_data(as_text=True)


def test_the_language_changes_without_losing_a_typed_nik(citizen):
    confirm = visit(citizen, "/").touch("service-kk").touch("with-nik").touch("nik-next", nik=NIK)
    form = next(form for form in confirm.reader.forms if form.action == "/nik?lang=en")

    assert "you were born on 15 January 1999" in confirm.send(form, form.fields).text


@pytest.mark.parametrize("lang", ["xx", "", "en' OR 1=1", "../../etc/passwd"])
def test_an_unknown_language_is_indonesian(citizen, lang):
    assert "Apa yang ingin Anda urus" in visit(citizen, f"/?lang={lang}").text


def test_staff_choose_their_language_once(staff):
    visit(staff, "/masuk?lang=en")

    assert "Staff sign-in" in visit(staff, "/masuk").text
