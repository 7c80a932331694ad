"""What the screen says while nobody is there: first what is wrong now, then the office's own messages."""

from __future__ import annotations

import re

from agent.actions.notices import set_notice
from agent.office_files import load_idle
from tests.fakes import MINUTE
from tests.integration.kiosk.steps import visit


def slides(client, lang: str = "id") -> list[str]:
    html = visit(client, f"/?lang={lang}").answer.get_data(as_text=True)
    return [
        " ".join(re.sub("<[^>]*>", " ", each).split())
        for each in re.findall(r'<span class="slide.*?</span></span>', html, re.DOTALL)
    ]


def test_the_offices_messages_are_said_in_the_readers_language(kiosk, citizen):
    messages = kiosk.office.idle.message

    assert len(slides(citizen)) == len(messages)
    assert slides(citizen, "en")[-1] == messages[-1].text.en


def test_what_is_disturbed_is_said_first(kiosk, citizen):
    set_notice(kiosk.store, kiosk.office, "siak", by=2, services=("ktp_first",))

    assert "Jaringan SIAK terganggu" in slides(citizen)[0]


def test_that_the_office_is_closed_is_said(kiosk, citizen):
    kiosk.clock.forward(12 * 60 * MINUTE)

    assert slides(citizen)[0].startswith("Sudah tutup")


def test_an_office_from_before_these_messages_says_what_ships(kiosk):
    (kiosk.home / "idle.toml").unlink(missing_ok=True)

    assert load_idle(kiosk.home / "idle.toml").message
