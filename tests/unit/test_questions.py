"""What is asked before a number, and what the answers say; nothing that would change nothing is asked."""

from __future__ import annotations

from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.questions import CHOICES, Answers, finding, is_alike, next_question
from tests.small_office import shipped_services

TODAY = date(2026, 11, 22)
SERVICES = shipped_services().services


def asked(service, born=None, **answers):
    return next_question(SERVICES[service].asks, Answers(**answers), born, TODAY)


def said(service, born=None, **answers):
    return finding(service, SERVICES[service].asks, Answers(**answers), born, TODAY)


def test_only_four_services_ask_anything():
    assert [name for name in SERVICES if asked(name)] == ["ktp_first", "ktp_early", "kia", "ikd"]


def test_recorded_before_is_asked_first():
    assert asked("ktp_first") == "recorded"


def test_who_was_recorded_before_is_asked_nothing_more_and_offered_what_fits():
    assert asked("ktp_first", recorded="yes") is None
    assert said("ktp_first", recorded="yes").fits == ("ktp_print", "ktp_lost", "change")


@pytest.mark.parametrize(("age", "married"), [("0-4", None), ("5-15", "married"), ("16", "married"), ("17+", None)])
def test_marriage_is_asked_only_where_it_decides(age, married):
    assert asked("ktp_first", recorded="no", age=age) == married


def test_a_date_of_birth_takes_the_place_of_the_band():
    assert asked("ktp_first", date(1999, 1, 15), recorded="no") is None
    assert asked("ktp_first", date(2010, 11, 22), recorded="no") == "married"


def test_an_age_that_the_nik_will_tell_is_not_asked_again():
    assert asked("ktp_first", recorded="no", age="nik") is None
    assert said("ktp_first", recorded="no", age="nik") is None


@pytest.mark.parametrize(
    ("service", "answers", "word", "fits"),
    [
        ("ktp_first", {"age": "17+"}, "must", ()),
        ("ktp_early", {"age": "17+"}, "must", ("ktp_first",)),
        ("ktp_first", {"age": "16", "married": "no"}, "early", ("ktp_early",)),
        ("ktp_early", {"age": "16", "married": "no"}, "early", ()),
        ("ktp_first", {"age": "16", "married": "yes"}, "married_young", ()),
        ("ktp_first", {"age": "5-15", "married": "no"}, "too_young", ("kia",)),
        ("ktp_early", {"age": "0-4"}, "too_young", ("kia",)),
    ],
)
def test_what_a_band_says_of_recording(service, answers, word, fits):
    told = said(service, recorded="no", **answers)

    assert (told.word, told.fits) == (word, fits)


def test_who_does_not_know_is_told_that_the_officer_looks_first():
    assert said("ktp_first", recorded="unsure", age="17+").word == "unsure"
    assert said("ktp_first", recorded="unsure", age="0-4").word == "too_young"


def test_a_date_of_birth_tells_the_day_of_the_card():
    assert said("ktp_early", date(2010, 5, 1), recorded="no", married="no").day == date(2027, 5, 1)


@pytest.mark.parametrize(
    ("age", "word", "fits"),
    [
        ("0-4", "kia_no_photo", ()),
        ("5-15", "kia_photo", ()),
        ("16", "kia_photo", ()),
        ("17+", "kia_too_old", ("ktp_first",)),
    ],
)
def test_the_child_card_by_band(age, word, fits):
    assert (said("kia", age=age).word, said("kia", age=age).fits) == (word, fits)


def test_the_childs_band_counts_before_a_nik_that_may_be_the_parents():
    assert said("kia", date(1990, 1, 1), age="0-4").word == "kia_no_photo"
    assert said("kia", date(1990, 1, 1), age="nik").word == "kia_too_old"


@pytest.mark.parametrize(
    ("missing", "fits"), [("recorded", ("ktp_first",)), ("phone", ("ask",)), ("email", ("ask",)), ("number", ("ask",))]
)
def test_what_an_ikd_lacks_is_said_before_queueing(missing, fits):
    assert said("ikd", ikd=missing).fits == fits


def test_who_lacks_the_recording_for_an_ikd_is_not_asked_again_whether_recorded():
    assert asked("ktp_first", ikd="recorded") == "age"


def test_with_everything_for_an_ikd_nothing_is_said():
    assert said("ikd", ikd="all") is None


def test_first_and_early_recording_are_the_same_errand():
    assert is_alike("ktp_first", said("ktp_first", recorded="no", age="16", married="no"))
    assert not is_alike("ktp_first", said("ktp_first", recorded="no", age="0-4"))


def test_a_service_of_the_offices_own_is_never_exchanged_for_the_early_one():
    told = finding("ktp_foreigner", ("recorded", "age"), Answers(recorded="no", age="17+"), None, TODAY)

    assert told.fits == ()


@pytest.mark.parametrize("name", CHOICES)
def test_an_answer_that_was_not_offered_is_refused(name):
    with pytest.raises(ValueError, match=name):
        Answers(**{name: "🙂"})


@given(st.sampled_from(sorted(SERVICES)), st.one_of(st.none(), st.dates(date(1912, 1, 1), TODAY)))
def test_every_way_through_the_questions_ends_after_three(service, born):
    for choice in product(*CHOICES.values()):
        answers, count = Answers(), 0
        while (name := next_question(SERVICES[service].asks, answers, born, TODAY)) is not None:
            given_now = dict(zip(CHOICES, choice, strict=True))[name]
            answers = Answers(**{each: getattr(answers, each) for each in CHOICES} | {name: given_now})
            count += 1
        assert count <= 3
