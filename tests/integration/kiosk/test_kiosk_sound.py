"""The board's calls as sound: those on the board only, and only seen where there is no voice."""

from __future__ import annotations

import pytest

from kiosk_ui import speech
from tests.fakes import MINUTE
from tests.integration.kiosk.steps import visit


@pytest.fixture
def called(take, staff, bearer):
    """A number was called to counter 1."""
    take()
    return staff.post("/api/v1/calls", json={"counter": 1}, headers=bearer).get_json()


def with_voice(monkeypatch, said: bytes | None) -> list[tuple]:
    """What the voice is asked to say."""
    asked = []
    monkeypatch.setattr(speech, "call_sound", lambda _home, *call: asked.append(call) or said)
    return asked


def test_a_call_on_the_board_is_heard(monkeypatch, called, staff):
    asked = with_voice(monkeypatch, b"RIFF")

    answer = staff.get("/papan/suara/1")

    assert (answer.status_code, answer.mimetype, answer.get_data()) == (200, "audio/wav", b"RIFF")
    assert asked == [("A-001", 1, 0)]


def test_without_a_voice_there_is_nothing_to_hear(monkeypatch, called, staff):
    with_voice(monkeypatch, None)

    assert staff.get("/papan/suara/1").status_code == 204


def test_a_call_that_is_not_on_the_board_is_not_spoken(monkeypatch, called, staff):
    asked = with_voice(monkeypatch, b"RIFF")

    assert [staff.get(f"/papan/suara/{number}").status_code for number in (0, 2, 10**20)] == [404] * 3
    assert asked == []


def test_the_board_names_the_calls_to_speak(called, take, staff, bearer):
    take()
    staff.post("/api/v1/calls", json={"counter": 2}, headers=bearer)

    html = visit(staff, "/papan").answer.get_data(as_text=True)

    assert 'data-sound="1"' in html
    assert 'data-sound="2"' in html


def test_a_number_that_was_called_again_is_spoken_once(called, staff, bearer):
    staff.post(f"/api/v1/visits/{called['visit']}/recall", json={"counter": 2}, headers=bearer)

    html = visit(staff, "/papan").answer.get_data(as_text=True)

    assert 'data-sound="1"' not in html
    assert 'data-sound="2"' in html


def test_a_call_of_long_ago_is_left_to_the_screen(kiosk, called, staff):
    kiosk.clock.forward(3 * MINUTE)

    html = visit(staff, "/papan").answer.get_data(as_text=True)

    assert "data-sound" not in html
    assert "A-001" in html


def test_the_citizens_listener_does_not_speak(called, citizen):
    assert citizen.get("/papan/suara/1").status_code == 404
