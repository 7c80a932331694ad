"""A further language is a file of the office and no code; what it lacks is said in Indonesian."""

from __future__ import annotations

import pytest

from agent.errors import SettingsError
from tests.integration.kiosk.steps import visit

BANJAR = """
"language.name" = "Banjar"
"service.choose" = "Handak maurus apa hari ini?"
"t.ahead" = "Nang mahadang sabalum pian: {n}"
"=Akta kelahiran" = "Akta kalahiran"
"""


@pytest.fixture
def drop(kiosk):
    """Puts a catalog beside the settings."""

    def put(text: str, name: str = "bjn.toml") -> None:
        (kiosk.home / "translations").mkdir(exist_ok=True)
        (kiosk.home / "translations" / name).write_text(text)

    return put


def test_a_catalog_alone_adds_a_language(kiosk, drop):
    drop(BANJAR)

    page = visit(kiosk.client("citizen"), "/").follow("bjn")

    assert "Handak maurus apa hari ini?" in page.text
    assert "Akta kalahiran" in page.text
    assert 'lang="bjn"' in page.answer.get_data(as_text=True)


def test_what_a_catalog_lacks_is_said_in_indonesian(kiosk, drop):
    drop(BANJAR)

    number = visit(kiosk.client("citizen"), "/?lang=bjn").touch("service-kk").touch("without-nik")
    number = number.touch("village-unknown")

    assert "NOMOR ANTREAN" in number.text
    assert number.path.startswith("/nomor/")


def test_an_office_may_change_a_text_of_a_language_that_ships(kiosk, drop):
    drop('"language.name" = "Indonesia"\n"service.choose" = "Apa keperluan Anda?"\n', "id.toml")

    assert "Apa keperluan Anda?" in visit(kiosk.client("citizen"), "/").text


@pytest.mark.parametrize(
    ("line", "field"),
    [('"t.ahead" = "{m} urang"', "t.ahead"), ('"t.ahead" = "{n"', "t.ahead"), ('"t.next" = 3', "t.next"),
     ('"t.nothing" = "x"', "t.nothing"), ('"format.months" = "Januari"', "format.months"), ("x = [", "-"),
     ('"btn.next" = " "', "btn.next")],
)  # fmt: skip
def test_a_catalog_that_could_break_a_page_is_refused_at_the_start(kiosk, drop, line, field):
    drop(f'"language.name" = "Banjar"\n{line}\n')

    with pytest.raises(SettingsError) as refused:
        kiosk.client("citizen")

    assert refused.value.field == field


@pytest.mark.parametrize(("name", "text"), [("Banjar bahasa.toml", BANJAR), ("bjn.toml", '"t.next" = "Pian"')])
def test_a_language_has_a_code_and_a_name(kiosk, drop, name, text):
    drop(text, name)

    with pytest.raises(SettingsError):
        kiosk.client("citizen")
