"""A later word on a finished visit, from the counter and from the lists behind a report."""

from __future__ import annotations

import os

import pytest

from agent.actions import counters, surge, visits
from agent.actions.officers import add_officer
from agent.domain.period import read
from tests.builders import PIN
from tests.integration.kiosk.steps import Page, sign_in, visit


@pytest.fixture
def ended(take, counter) -> str:
    """A visit that ended with everything wrong: its name."""
    name = take(service="kk")["visit"]
    counter.touch("call-next").touch("outcome-recorded", reason="moved", repeated="1")
    return name


@pytest.fixture
def form(counter, ended) -> Page:
    """The form of that visit, by the link of the counter's page."""
    link = next(link for link in visit(counter.client, "/loket").reader.links if "koreksi" in link["href"])
    return visit(counter.client, link["href"])


def test_an_outcome_is_corrected_by_a_new_line(kiosk, form):
    page = form.touch("correct", outcome="failed_capture", reason="moved", repeated="1")

    assert (page.path, "B-001 sudah diperbaiki." in page.text) == ("/loket", True)
    assert kiosk.store.rows("SELECT outcome, reason, repeated FROM visit") == [("failed_capture", "moved", 1)]
    assert b'"was":"recorded"' in kiosk.lines()[-1]
    assert [word for word in (b"reason", b"repeated") if word in kiosk.lines()[-1]] == []  # as they were


def test_a_wrong_tick_of_coming_again_is_corrected_by_a_new_line(kiosk, form):
    form.touch("correct", outcome="recorded", reason="moved")

    assert b'"repeated":false' in kiosk.lines()[-1]
    assert kiosk.store.rows("SELECT repeated FROM visit") == [(0,)]


def test_the_report_counts_a_corrected_reason(kiosk, form):
    form.touch("correct", outcome="recorded", reason="married", repeated="1")

    date = kiosk.store.rows("SELECT date FROM queue_day")[0][0]
    counted = surge.reasons(kiosk.store, kiosk.office, read(date))["kk"]
    assert (counted["moved"], counted["married"]) == (0, 1)
    assert b'"reason":"married"' in kiosk.lines()[-1]


def test_papers_and_a_status_code_are_said_later_too(kiosk, form):
    form.touch("correct", outcome="incomplete_papers", missing="kk", status_code="PRINT_READY_RECORD", reason="moved")

    assert b'"missing":["kk"],"status_code":"PRINT_READY_RECORD"' in kiosk.lines()[-1]


def test_a_status_code_that_is_none_is_told_and_what_was_typed_stays(kiosk, form):
    page = form.touch("correct", outcome="referred", reason="first", status_code="6402055501990001")

    assert (page.status, "lalu simpan lagi" in page.text) == (422, True)
    assert 'value="referred" selected' in page.answer.get_data(as_text=True)
    assert kiosk.store.rows("SELECT outcome FROM visit") == [("recorded",)]


def test_an_older_visit_is_corrected_from_the_list_behind_a_report(counter, ended):
    client, address = counter.client, "/laporan/daftar?outcome=recorded"
    link = next(link for link in visit(client, address).reader.links if "koreksi" in link["href"])

    page = visit(client, link["href"]).touch("correct", outcome="recorded", reason="", repeated="1")

    assert (page.path, "B-001 sudah diperbaiki." in page.text) == ("/laporan/daftar", True)


@pytest.mark.parametrize(
    "came_from", ["//elsewhere.example", "https://elsewhere.example", "/laporan/daftarx", "/keluar"]
)
def test_the_form_leads_back_to_a_page_of_ours_only(counter, ended, came_from):
    links = visit(counter.client, f"/loket/{ended}/koreksi?from={came_from}").reader.links

    assert came_from not in [link["href"] for link in links]


@pytest.mark.parametrize("name", ["aaaaaaaa.1", "A-001", "x" * 5000])
def test_the_form_of_nobodys_visit_leads_to_the_counter(counter, name):
    page = visit(counter.client, f"/loket/{name}/koreksi")

    assert (page.path, "sudah diurus di tempat lain" in page.text) == ("/loket", True)


def test_a_visit_that_is_still_open_has_no_form(take, counter):
    page = visit(counter.client, f"/loket/{take()['visit']}/koreksi")

    assert (page.path, page.has("call-next")) == ("/loket", True)


def test_to_correct_opens_no_counter(kiosk, ended):
    name, other = "Budi Santoso", kiosk.client("staff")
    add_officer(kiosk.store, name, "supervisor", random_bytes=os.urandom, pin=PIN)
    sign_in(other, name, PIN)

    visit(other, f"/loket/{ended}/koreksi").touch("correct", outcome="referred")

    assert visits.find(kiosk.store, ended).outcome == "referred"
    assert len(counters.open_counters(kiosk.store)) == 1
