"""The page for central IT."""

from __future__ import annotations

import re

import pytest

from agent.wire import batch, kinds
from central.http.access import COOKIE
from central.publish import publish
from central.store import fleet
from tests.integration.central_desk import NOON, Kiosk

HOUR = 3_600_000
CHROMIUM = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)


@pytest.fixture
def page(desk):
    """The first page, asked for with the admin token."""
    return lambda: desk.client.get("/", headers={"Authorization": f"Bearer {desk.central.admin_token}"})


def figure(html, name):
    return re.search(rf'data-testid="{name}">([0-9,]+)<', html)[1]


def test_a_stranger_is_sent_to_the_sign_in(desk):
    answer = desk.client.get("/")

    assert (answer.status_code, answer.headers["Location"]) == (302, "/sign-in")


def test_a_wrong_token_shows_nothing(desk):
    assert desk.client.get("/", headers={"Authorization": "Bearer wrong"}).status_code == 401
    assert desk.client.post("/sign-in", data={"token": "wrong"}).status_code == 403
    assert desk.client.get("/").status_code == 302


def test_the_admin_token_opens_the_page_for_twelve_hours(desk):
    signed_in = desk.client.post("/sign-in", data={"token": desk.central.admin_token})
    first = desk.client.get("/").status_code

    desk.clock.now += 12 * HOUR

    cookie = signed_in.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Strict" in cookie
    assert (first, desk.client.get("/").status_code) == (200, 302)


@pytest.mark.parametrize("value", ["", "1.2", f"{NOON}.", f"{NOON}.{'0' * 64}", "x.y", "€"])
def test_a_cookie_of_somebody_else_opens_nothing(desk, value):
    desk.client.set_cookie(COOKIE, value)

    assert desk.client.get("/").status_code == 302


def test_signing_out_closes_the_page(desk):
    desk.client.post("/sign-in", data={"token": desk.central.admin_token})

    desk.client.post("/sign-out")

    assert desk.client.get("/").status_code == 302


def test_a_person_is_told_by_a_page_what_a_program_is_told_by_a_problem(desk):
    browser = {"Accept": CHROMIUM}
    page, problem = desk.client.get("/nothing", headers=browser), desk.client.get("/nothing")

    assert (page.status_code, page.mimetype, 'role="alert"' in page.text) == (404, "text/html", True)
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert (problem.status_code, problem.mimetype) == (404, "application/problem+json")
    assert desk.client.get("/v1/keys", headers=browser).mimetype == "application/problem+json"


def test_the_page_runs_no_script_and_stands_in_no_frame(page):
    answer = page()

    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "<script" not in answer.text


def test_an_empty_central_says_what_to_do(page):
    assert "rekam central invite" in page().text


def test_kiosks_are_counted_and_named(desk, kiosk, page):
    desk.post(kiosk.visits(3).batch())
    desk.pair(Kiosk(office="64.02.06"), "pending")
    kiosk.take(office="64.02.06")
    desk.post(kiosk.batch())

    html = page().text

    assert [figure(html, name) for name in ("approved", "pending", "held", "refused", "lost")] == [
        "1",
        "1",
        "7",
        "1",
        "0",
    ]
    assert "Muara Badak" in html


def test_the_backlog_is_what_the_newest_ledger_says(desk, kiosk, page):
    desk.post(kiosk.visits(1).heartbeat(status=batch.Status(backlog={"enrollments": 7, "health": 5})))
    later = kiosk.next_ledger().continue_from(kiosk)

    desk.post(later.batch(status=None))
    desk.post(later.heartbeat(status=batch.Status(backlog={"enrollments": 2})))

    assert figure(page().text, "backlog") == "2"


def test_the_regency_sees_what_each_kecamatan_has_in_stock_and_what_is_out(desk, kiosk, page):
    desk.post(kiosk.heartbeat(status=batch.Status(backlog={}, stock={"blanks": 2_600, "film": 0})))

    told = re.search(r'data-testid="stock">(.*?)</td>', page().text)[1]

    assert '<span class="">blanks 2,600</span>' in told
    assert '<span class="fault">film 0</span>' in told


def test_a_kiosk_that_is_silent_for_a_working_day_stands_out(desk, kiosk, page):
    desk.post(kiosk.heartbeat())  # on a Sunday at noon
    desk.clock.now += 36 * HOUR

    assert figure(page().text, "silent") == "1"


def test_a_holiday_that_central_published_is_no_silence(desk, kiosk, page, tmp_path):
    desk.post(kiosk.heartbeat())  # on a Sunday at noon
    desk.clock.now += 36 * HOUR
    (tmp_path / "sent.toml").write_text('[[holidays]]\narea = "64.02"\ndate = 2026-11-23\nname = "Hari jadi"\n')
    publish(desk.central.settings, tmp_path / "sent.toml")

    assert figure(page().text, "silent") == "0"
    desk.clock.now += 24 * HOUR
    assert figure(page().text, "silent") == "1"


def test_visits_are_counted_by_the_day_that_the_office_calls_it(desk, kiosk, page):
    kiosk.write(kinds.DayOpened(day=1, date="2026-11-30"))
    kiosk.visits(2, service="kia").visits(1)

    desk.post(kiosk.batch())

    assert re.search(r'2026-11-30</th><td class="n">2</td><td class="n">1</td><td class="n"><b>3</b>', page().text)


def test_a_relabelled_day_moves_its_visits(desk, kiosk, page):
    kiosk.write(kinds.DayOpened(day=1, date="1970-01-01"))
    kiosk.visits(1)
    kiosk.write(kinds.DayRelabelled(day=1, date="2026-11-22", was="1970-01-01"))

    desk.post(kiosk.batch())

    assert "1970-01-01" not in page().text
    assert "2026-11-22" in page().text


def test_a_day_without_a_label_is_dated_by_the_clock_of_the_office(desk, kiosk, page):
    desk.post(kiosk.visits(1).batch())

    assert "2026-11-22</th>" in page().text


def test_carried_lines_are_reported(desk, kiosk, page):
    desk.post(kiosk.visits(2).next_ledger().continue_from(kiosk).batch())

    assert "4 lines were carried" in page().text


def test_what_kiosks_write_is_shown_as_text(desk, kiosk, page):
    kiosk.take(service="<script>alert(1)</script>")
    desk.post(kiosk.batch(software="<b>x</b>"))

    assert "<script" not in page().text
    assert "<b>x" not in page().text


def test_the_end_of_the_sealing_keys_is_announced(desk, page):
    desk.clock.now = NOON + 300 * 24 * HOUR

    assert "rekam central keys renew" in page().text


def test_many_kiosks_fill_several_pages(desk, page, monkeypatch):
    monkeypatch.setattr("central.overview.PAGE", 2)
    for tail in range(5):
        desk.pair(Kiosk(tail=f"aaaaaaa{tail + 2}"))

    assert page().text.count('<th scope="row">') == 2
    assert 'href="/?page=3"' in page().text


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_newest_days_are_counted_without_reading_every_visit(desk, kiosk):
    desk.post(kiosk.visits(3).batch())
    with desk.central.store.session() as database:
        asked, execute = [], database.execute_sql
        database.execute_sql = lambda sql, params=None: asked.append((sql, params)) or execute(sql, params)
        fleet.visits_by_day(database, 7)
        plans = [row[-1] for sql, params in asked for row in execute(f"EXPLAIN QUERY PLAN {sql}", params)]

    assert len(plans) >= 6
    assert not [step for step in plans if step.startswith("SCAN") and "INDEX" not in step]
    assert not [step for step in plans if step.endswith("(ledger=?)")]
