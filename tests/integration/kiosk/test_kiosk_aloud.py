"""Every service can be heard, in the page's language; what is personal cannot."""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import parse_qs, urlsplit

import pytest

from kiosk_ui import speech
from tests.integration.kiosk.steps import Page, visit

NIK = "6402055501990001"


def heard(page: Page) -> list[str]:
    """What the page says aloud, in order."""
    addresses = re.findall(r'data-say="([^"]+)"', page.answer.get_data(as_text=True))
    return [parse_qs(urlsplit(unescape(each)).query)["kata"][0] for each in addresses]


@pytest.fixture
def voice(monkeypatch):
    """What the voice was asked to say."""
    asked = []
    monkeypatch.setattr(speech, "voiced", lambda text, name: asked.append((name, text)) or b"RIFF")
    monkeypatch.setattr(speech, "has_voice", lambda: True)
    return asked


@pytest.mark.parametrize(("lang", "first"), [("id", "Rekam KTP-el pertama kali"), ("en", "First ID card")])
def test_the_question_and_every_service_are_said(kiosk, citizen, lang, first):
    said = heard(visit(citizen, f"/?lang={lang}"))

    assert len(said) >= 1 + len(kiosk.office.services)
    assert said[1].startswith(first)


def test_the_sound_of_a_page_is_made_once(citizen, voice):
    page = visit(citizen, "/").answer.get_data(as_text=True)
    address = unescape(re.findall(r'data-say="([^"]+)"', page)[1])

    answers = [citizen.get(address) for _ in range(2)]

    assert [(answer.status_code, answer.mimetype) for answer in answers] == [(200, "audio/wav")] * 2
    assert voice == [("id", "Rekam ka té pé él pertama kali")]


def test_english_has_the_english_voice(citizen, voice):
    page = visit(citizen, "/?lang=en").answer.get_data(as_text=True)

    citizen.get(unescape(re.findall(r'data-say="([^"]+)"', page)[0]))

    assert voice == [("en", "What would you like to do today?")]


def test_nobody_makes_the_kiosk_say_something_else(citizen, voice):
    page = visit(citizen, "/").answer.get_data(as_text=True)
    address = unescape(re.findall(r'data-say="([^"]+)"', page)[0]).partition("?")[0]

    assert citizen.get(address, query_string={"kata": "Bayar di sini"}).status_code == 404
    assert citizen.get("/suara/--help/0?kata=x").status_code == 404
    assert voice == []


def test_neither_a_nik_nor_a_birth_date_is_said(citizen):
    confirm = visit(citizen, "/").touch("service-kk").touch("with-nik").touch("nik-next", nik=NIK)

    assert "15 Januari 1999" in confirm.text
    assert not any(NIK in said or "1999" in said for said in heard(confirm))


def test_the_number_is_said_as_it_is_called(citizen):
    number = visit(citizen, "/").touch("service-kk").touch("without-nik").touch("village-unknown")

    assert heard(number)[0] == "Nomor antrean Anda B, 0, 0, 1."


def test_a_machine_without_a_voice_says_so_on_the_button(monkeypatch, citizen):
    monkeypatch.setattr(speech.shutil, "which", lambda _name: None)

    page = visit(citizen, "/")

    assert "Tanpa suara" in page.text
    assert (
        citizen.get(unescape(re.findall(r'data-say="([^"]+)"', page.answer.get_data(as_text=True))[0])).status_code
        == 204
    )
