"""Central's own account of a kiosk: how each line came, what is confirmed, refused, missing by number."""

from __future__ import annotations

import re

import pytest

from agent.domain.custody import Until
from central import account
from central.account import kiosk_page
from central.receive import take_in


def days(desk, kiosk):
    return kiosk_page(desk.central, kiosk.key.thumbprint())["accounts"][0].days


@pytest.fixture
def page(desk, kiosk):
    header = {"Authorization": f"Bearer {desk.central.admin_token}"}
    return lambda query="": desk.client.get(f"/kiosks/{kiosk.key.thumbprint()}{query}", headers=header)


def test_each_line_is_counted_to_the_carrier_that_brought_it_first(desk, kiosk):
    kiosk.visits(5)
    take_in(desk.central, kiosk.batch(1, 4), "link")
    take_in(desk.central, kiosk.batch(1, 8), "stick")
    take_in(desk.central, kiosk.batch(9, 10), "objects")
    (day,) = days(desk, kiosk)

    assert day.handed == {"link": 4, "stick": 4, "objects": 2}
    assert (day.recorded, day.confirmed, day.missing) == (10, 10, ())


def test_a_gap_is_missing_by_number_until_it_closes(desk, kiosk):
    kiosk.visits(5)
    desk.post(kiosk.batch(1, 3))
    desk.post(kiosk.batch(7, 10))
    (day,) = days(desk, kiosk)
    desk.post(kiosk.batch(4, 6))

    assert [(each.first, each.last) for each in day.missing] == [(4, 6)]
    assert (day.recorded, day.confirmed) == (10, 3)
    assert days(desk, kiosk)[0].missing == ()


def test_lines_that_the_kiosk_has_no_more_are_lost_by_number(desk, kiosk):
    kiosk.visits(5)
    desk.post(kiosk.batch(1, 2))
    desk.post(kiosk.batch(6, 10, floor=6))
    (day,) = days(desk, kiosk)

    assert [(each.first, each.last, each.why) for each in day.missing] == [(3, 5, "lost")]
    assert day.confirmed == 7


def test_a_line_that_cannot_be_read_has_the_day_of_the_line_before(desk, kiosk):
    kiosk.take()
    kiosk.write_raw(b"{")
    desk.post(kiosk.batch())
    (day,) = days(desk, kiosk)

    assert (day.recorded, day.refused) == (2, 1)


def test_a_page_opens_no_more_than_its_lines(desk, kiosk, monkeypatch):
    monkeypatch.setattr(account, "MOST_LINES", 4)
    kiosk.visits(5)
    for first in range(1, 11, 2):
        desk.post(kiosk.batch(first, first + 1))

    assert days(desk, kiosk)[0].recorded == 4


def test_page_after_page_shows_every_line_of_central_once(desk, kiosk, monkeypatch):
    monkeypatch.setattr(account, "MOST_LINES", 4)
    kiosk.visits(5)
    desk.post(kiosk.batch(1, 7))
    desk.post(kiosk.batch(8, 10))
    until, pieces = None, []
    while until is None or until.last:
        found = kiosk_page(desk.central, kiosk.key.thumbprint(), "enrollments", until)["accounts"][0]
        pieces += [piece for day in found.days for piece in day.pieces]
        until = Until(found.ledger, found.left)

    assert pieces == [(7, 10), (3, 6), (1, 2)]


def test_lines_that_are_not_shown_are_counted_with_a_way_to_them(desk, kiosk, page, monkeypatch):
    monkeypatch.setattr(account, "MOST_LINES", 4)
    kiosk.visits(5)
    desk.post(kiosk.batch())
    text = page().text
    older = re.search(r'\?[^"]+to=6', text)[0].replace("&amp;", "&")

    assert "6 older lines are not shown here" in text
    assert "These are the lines up to 6." in page(older).text
    assert "2 older lines are not shown here" in page(older).text


def test_the_page_shows_it(desk, kiosk, page):
    kiosk.visits(3)
    desk.post(kiosk.batch())

    assert "Confirmed up to line 6" in page().text


def test_a_kiosk_of_which_nothing_came_has_a_page_too(page):
    assert "No line of this kiosk has arrived yet." in page().text


def test_a_stranger_sees_no_kiosk(desk, kiosk):
    assert desk.client.get(f"/kiosks/{kiosk.key.thumbprint()}").status_code == 302


def test_a_thumbprint_that_nobody_has_is_not_found(desk):
    header = {"Authorization": f"Bearer {desk.central.admin_token}"}

    assert desk.client.get("/kiosks/nobody", headers=header).status_code == 404
