"""What the waiting room hears, and that no call is lost or cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.speech_text import DIGITS, MOST_WAITING, OLDEST_MS, Call, call_text, clips, for_voice, to_say


def test_a_call_is_spoken_digit_by_digit():
    assert call_text("A-012", 1) == "Nomor antrean A, nol, satu, dua, silakan menuju loket satu."


@pytest.mark.parametrize(
    ("again", "said"), [(1, "Panggilan kedua."), (2, "Panggilan ketiga."), (3, "Panggilan terakhir.")]
)
def test_a_later_call_says_which_it_is(again, said):
    assert call_text("B-007", 2, again) == f"{said} Nomor antrean B, nol, nol, tujuh, silakan menuju loket dua."


def test_a_counter_of_two_digits_is_spoken_digit_by_digit():
    assert call_text("A-001", 12).endswith("loket satu dua.")


def test_a_number_beyond_999_is_spoken_whole():
    assert "satu, nol, dua, empat" in call_text("A-1024", 1)


def test_the_voice_gets_letters_and_words_as_it_must_be_written_to():
    assert for_voice(call_text("B-010", 1)) == "Nomor antréan bé, nol, satu, nol, silakan menuju lokét satu."
    assert for_voice("Aktivasi IKD dan KTP-el") == "Aktivasi i ka dé dan ka té pé él"


def test_a_call_is_made_of_few_clips():
    assert clips("A-012", 3) == ("nomor-antrean", "a", "nol", "satu", "dua", "silakan-menuju-loket", "tiga")


@given(st.integers(0, 99_999), st.integers(1, 99))
def test_every_number_and_counter_can_be_spoken(place, counter):
    words = call_text(f"A-{place:03d}", counter).replace(",", "").replace(".", "").split()

    assert [DIGITS.index(word) for word in words if word in DIGITS] == [int(d) for d in f"{place:03d}{counter}"]


def calls(*numbers, t=1000):
    return [Call(number, f"A-{number:03d}", 1, t) for number in numbers]


def said(waiting, spoken=0, now=1000):
    return [call.number for call in to_say(waiting, spoken, now)]


def test_two_calls_at_once_are_spoken_one_after_the_other():
    assert said(calls(2, 1)) == [1, 2]


def test_what_was_spoken_is_not_spoken_again():
    assert said(calls(1, 2, 3), spoken=2) == [3]


def test_a_number_called_again_before_it_was_spoken_is_spoken_once():
    waiting = [*calls(1, 2), Call(3, "A-001", 1, 1000, again=1)]

    assert said(waiting) == [2, 3]


def test_after_a_long_silence_old_calls_are_left_to_the_screen():
    assert said([*calls(1, t=0), *calls(2, t=OLDEST_MS)], now=OLDEST_MS + 1) == [2]


def test_of_very_many_only_the_newest_are_spoken():
    assert said(calls(*range(1, 40))) == list(range(40 - MOST_WAITING, 40))


@given(st.lists(st.integers(1, 60), unique=True, max_size=MOST_WAITING), st.integers(0, 60))
def test_no_call_is_lost_and_the_order_is_that_of_the_counters(numbers, spoken):
    assert said(calls(*numbers), spoken) == sorted(number for number in numbers if number > spoken)
