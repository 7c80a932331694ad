"""What is asked before a number: one touch each, advice and never a refusal, and nothing of it is kept."""

from __future__ import annotations

from collections import deque

import pytest

from agent.office import Office
from agent.office_files import ELECTIONS, load_elections
from tests.integration.kiosk.steps import Page, visit

NIK_1999 = "6402055501990001"
NIK_OF_16 = "6402050105100001"
NIK_OF_TWO_CENTURIES = "6402050101200001"
ONWARD = ("recorded-", "age-", "married-", "ikd-", "service-")
MOST_TOUCHES = 8


@pytest.fixture
def first(citizen) -> Page:
    return visit(citizen, "/").touch("service-ktp_first")


def buttons(page: Page) -> list[str]:
    return [button.get("data-testid", "") for form in page.reader.forms for button in form.buttons]


def touches_to_villages(page: Page) -> list[int]:
    """How many touches each way to the villages takes, back and skipping left out."""
    found, ways = [], deque([(page, 1)])
    while ways:
        here, touches = ways.popleft()
        onward = [name for name in buttons(here) if name.startswith(ONWARD) and name != "age-nik"]
        if not onward:
            found.append(touches + 1)  # without-nik
        ways.extend((here.touch(name), touches + 1) for name in onward)
    return found


def test_whoever_answers_everything_has_a_number_within_eight_touches(kiosk, citizen):
    most = {name: max(touches_to_villages(visit(citizen, "/").touch(f"service-{name}"))) + 1
            for name in kiosk.office.services}  # fmt: skip

    assert max(most.values()) <= MOST_TOUCHES
    assert most["kk"] == 3


def test_three_touches_still_give_a_number_for_every_service(kiosk, citizen):
    for name in kiosk.office.services:
        number = visit(citizen, "/").touch(f"service-{name}").touch("without-nik").touch("village-unknown")
        assert number.has("ticket-number")

    assert kiosk.visits() == len(kiosk.office.services)


def test_the_first_question_is_whether_somebody_was_recorded(first):
    assert "Pernah direkam untuk KTP-el?" in first.text
    assert "Fotokopi Kartu Keluarga" in first.text


def test_who_was_recorded_before_is_shown_what_fits(first):
    page = first.touch("recorded-yes")

    assert "Perekaman cukup satu kali seumur hidup." in page.text
    assert {name for name in buttons(page) if name.startswith("service-")} == {
        "service-ktp_print", "service-ktp_lost", "service-change", "service-ask",
    }  # fmt: skip


def test_what_fits_is_taken_with_one_touch_and_its_own_papers(first):
    page = first.touch("recorded-yes").touch("service-ktp_lost")

    assert "Surat kehilangan dari kepolisian" in page.text
    assert page.touch("without-nik").touch("village-unknown").shown("ticket-number") == "C-001"


def test_the_answer_forbids_no_number(first):
    number = first.touch("recorded-yes").touch("without-nik").touch("village-unknown")

    assert number.shown("ticket-number") == "A-001"


def test_who_is_16_is_recorded_early_under_its_own_name(first):
    page = first.touch("recorded-no").touch("age-16").touch("married-no")

    assert "KTP-el diberikan saat genap 17 tahun." in page.text
    assert "Rekam KTP-el pemula" in page.text


def test_who_is_16_and_married_must_have_a_card(first):
    page = first.touch("recorded-no").touch("age-16").touch("married-yes")

    assert "Status kawin harus tercatat di Kartu Keluarga" in page.text
    assert "Rekam KTP-el pertama kali" in page.text


def test_who_is_too_young_is_offered_the_childs_card_and_is_not_asked_again(first):
    page = first.touch("recorded-no").touch("age-5-15").touch("married-no").touch("service-kia")

    assert "KIA memakai foto" in page.text
    assert page.has('data-testid="without-nik"')


def test_an_ikd_that_cannot_be_is_said_before_queueing(citizen):
    page = visit(citizen, "/").touch("service-ikd").touch("ikd-phone")

    assert "KTP-el fisik tetap berlaku." in page.text
    assert page.touch("without-nik").touch("village-unknown").shown("ticket-number") == "D-001"


def test_back_takes_one_answer_back(first):
    page = first.touch("recorded-no").touch("age-16").touch("back")

    assert page.has('data-testid="age-16"')
    assert page.touch("back").has('data-testid="recorded-no"')


def test_a_nik_tells_the_age_so_that_no_band_is_asked(first):
    confirm = first.touch("recorded-no").touch("age-nik").touch("with-nik").touch("nik-next", nik=NIK_1999)

    assert confirm.touch("nik-correct").touch("village-unknown").shown("ticket-number") == "A-001"


def test_the_nik_of_a_16_year_old_leads_to_early_recording_and_stays_out_of_addresses(kiosk, first):
    confirm = first.touch("recorded-no").touch("age-nik").touch("with-nik").touch("nik-next", nik=NIK_OF_16)
    page = confirm.touch("nik-correct").touch("married-no")

    assert "mulai 1 Mei 2027" in page.text
    assert NIK_OF_16 not in page.answer.request.url
    page.touch("go-on").touch("village-unknown")
    assert kiosk.store.rows("SELECT service FROM visit") == [("ktp_early",)]


def test_a_nik_of_two_centuries_leaves_the_age_to_be_asked(first):
    confirm = first.touch("recorded-no").touch("age-nik").touch("with-nik").touch("nik-next", nik=NIK_OF_TWO_CENTURIES)

    assert confirm.touch("nik-correct").has('data-testid="age-17+"')


def test_an_age_that_was_touched_tells_which_century_is_meant(first):
    keypad = first.touch("recorded-no").touch("age-16").touch("married-no").touch("with-nik")
    confirm = keypad.touch("nik-next", nik=NIK_OF_TWO_CENTURIES)

    assert "Anda lahir 1 Januari 2020." in confirm.text
    assert confirm.touch("nik-correct").has('data-testid="service-kia"')


def test_a_child_card_is_for_the_later_of_two_centuries(citizen):
    keypad = visit(citizen, "/").touch("service-kia").touch("age-5-15").touch("with-nik")

    assert "Anda lahir 1 Januari 2020." in keypad.touch("nik-next", nik=NIK_OF_TWO_CENTURIES).text


def test_going_on_with_a_nik_keeps_it_for_the_counter(kiosk, first):
    confirm = first.touch("recorded-no").touch("age-nik").touch("with-nik").touch("nik-next", nik=NIK_OF_16)
    confirm.touch("nik-correct").touch("go-on").touch("village-unknown")

    assert kiosk.store.rows("SELECT count(*) FROM subject") == [(1,)]


@pytest.mark.parametrize(
    "query",
    ["recorded=🙂", "age=99", "married=", "age=nik&recorded=no", "family=zz", "place=soon", "ikd=" + "x" * 5_000],
)
def test_strange_answers_are_as_good_as_none(citizen, query):
    page = visit(citizen, f"/data?service=ktp_first&request={'0' * 32}&{query}")

    assert page.status == 200
    assert page.has("without-nik")


def with_election(kiosk, text: str) -> None:
    (kiosk.home / ELECTIONS).write_text(text)
    office = kiosk.office
    kiosk.office = Office(office.settings, office.offer, office.regions, load_elections(kiosk.home / ELECTIONS))


ELECTION = """\
[[election]]
name = { id = "Pemilu 2027", en = "Election 2027" }
voting_date = 2027-06-01
age_reference_date = 2027-06-01
list_frozen_on = 2026-06-01
area = "Indonesia"
source = "KPU"
checked = 2026-11-22
"""


def test_whether_somebody_is_old_enough_on_voting_day_is_told_from_the_nik(kiosk):
    with_election(kiosk, ELECTION)
    page = visit(kiosk.client("citizen"), "/").touch("service-ktp_early").touch("recorded-no").touch("age-nik")

    text = page.touch("with-nik").touch("nik-next", nik=NIK_OF_16).text

    assert "Pemilu 2027, 1 Juni 2027: usia Anda memenuhi syarat pemilih." in text
    assert "Daftar pemilih ditetapkan oleh KPU" in text
    assert "Daftar pemilih sudah ditutup." in text


def test_kept_is_only_whether_somebody_is_old_enough_for_a_coming_vote(kiosk):
    with_election(kiosk, ELECTION)
    first = visit(kiosk.client("citizen"), "/").touch("service-ktp_first").touch("recorded-no")
    first.touch("age-17+").touch("without-nik").touch("village-unknown")

    assert kiosk.store.rows("SELECT reference, old_enough FROM vote_age") == [("2027-06-01.17", 1)]
    assert b'"17+"' not in b"".join(kiosk.lines())


def test_a_band_that_leaves_it_open_says_nothing_of_voting(kiosk):
    with_election(kiosk, ELECTION)
    page = visit(kiosk.client("citizen"), "/").touch("service-ktp_early").touch("recorded-no")

    assert "Pemilu 2027" not in page.touch("age-16").touch("married-no").text
    assert "memenuhi syarat pemilih" in page.touch("age-17+").text


def test_the_answers_are_in_no_line(kiosk, first):
    first.touch("recorded-no").touch("age-16").touch("married-yes").touch("without-nik").touch("village-unknown")

    assert not any(word in b"".join(kiosk.lines()) for word in (b"married", b"recorded", b'"16"'))
