"""One visit to the kiosk, several numbers: nothing is started over, and nothing is given twice."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest

from tests.integration.kiosk.steps import Page, visit

HOME = "village-64.02.05.2003"


@pytest.fixture
def first(citizen) -> Page:
    """The number of the first of a family."""
    return visit(citizen, "/").touch("service-kk").touch("without-nik").touch(HOME)


def second(page: Page) -> Page:
    return page.touch("another").touch("service-birth").touch("without-nik").touch("village-same")


def test_another_number_keeps_the_village_and_takes_three_touches(kiosk, first):
    second(first)

    assert kiosk.store.rows("SELECT service, village FROM visit ORDER BY number") == [
        ("kk", "64.02.05.2003"), ("birth", "64.02.05.2003"),
    ]  # fmt: skip


@pytest.mark.parametrize("ticked", [{}, {"priority": "1"}], ids=["no", "yes"])
def test_priority_of_the_last_number_is_ticked_for_the_next_and_can_be_taken_off(kiosk, citizen, ticked):
    first = visit(citizen, "/").touch("service-kk").touch("without-nik").touch(HOME, **ticked)
    page = first.touch("another").touch("service-birth").touch("without-nik")

    assert page.has('value="1" checked') == bool(ticked)
    page.touch("village-same")
    assert kiosk.store.rows("SELECT priority FROM visit ORDER BY number") == [(int(bool(ticked)),), (0,)]


def test_a_tick_is_kept_when_the_village_is_asked_again(citizen):
    villages = visit(citizen, "/").touch("service-kk").touch("without-nik")

    form = next(form for form in villages.reader.forms if form.action.startswith("/nomor"))

    page = villages.send(form, {**form.fields, "village": "64.02.05.9999", "priority": "1"})

    assert "Pilih salah satu di bawah ini." in page.text
    assert page.has('value="1" checked')


def test_the_numbers_of_a_visit_stand_together_on_the_last_page(first):
    page = second(first)

    assert page.shown("ticket-number") == "B-002"
    assert "Semua nomor Anda: B-001 B-002" in page.text


def test_a_single_number_is_not_listed_again(first):
    assert "Semua nomor" not in first.text


def test_the_first_page_says_which_numbers_there_are_already(first):
    page = first.touch("another")

    assert "Nomor Anda sejauh ini: B-001" in page.text
    assert "Apa lagi yang ingin Anda urus?" in page.text
    assert page.has("data-done")


def test_each_number_has_a_request_of_its_own(kiosk, first):
    second(second(first))

    assert kiosk.visits() == kiosk.store.rows("SELECT count(DISTINCT request_id) FROM visit")[0][0] == 3


def test_the_same_touch_again_is_the_same_number(kiosk, first):
    villages = first.touch("another").touch("service-birth").touch("without-nik")
    once, again = villages.touch("village-same"), villages.touch("village-same")

    assert once.shown("ticket-number") == again.shown("ticket-number")
    assert kiosk.visits() == 2


def test_a_reload_of_the_last_page_lists_the_same_numbers(first):
    page = second(first)

    assert "B-001 B-002" in visit(page.client, page.answer.request.full_path).text


def test_one_of_the_family_may_live_elsewhere(kiosk, first):
    first.touch("another").touch("service-kk").touch("without-nik").touch("village-64.02.05.2001")

    assert kiosk.store.rows("SELECT village FROM visit ORDER BY number")[-1] == ("64.02.05.2001",)


def test_a_questions_answer_is_not_carried_to_the_next_of_the_family(citizen):
    page = visit(citizen, "/").touch("service-ktp_first").touch("recorded-no").touch("age-17+").touch("without-nik")

    again = page.touch(HOME).touch("another").touch("service-ktp_first")

    assert again.has('data-testid="recorded-no"')


def test_the_addresses_hold_codes_only(first):
    page = second(first)
    carried = parse_qs(urlsplit(page.answer.request.url).query)

    assert list(carried) == ["family"]


@pytest.mark.parametrize("family", ["zzzzzzzzz", "a.b", "🙂", "x" * 5_000, "zzzzzzzzz." * 30])
def test_codes_that_are_not_there_leave_the_first_page_as_it_is(citizen, family):
    page = visit(citizen, f"/?family={family}")

    assert page.status == 200
    assert "sejauh ini" not in page.text


def test_start_over_forgets_the_family(first):
    assert "sejauh ini" not in visit(first.client, "/").text


def test_english_stays_with_the_family(citizen):
    page = visit(citizen, "/?lang=en").touch("service-kk").touch("without-nik").touch(HOME).touch("another")

    assert "What else would you like to do?" in page.text
