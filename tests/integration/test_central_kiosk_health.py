"""Central's page of a kiosk says how its machine is before anybody calls."""

from __future__ import annotations

import re

import pytest

from agent.wire import batch, kinds
from tests.integration.central_desk import NOON

HOUR = 3_600_000
MINUTE = 60_000


@pytest.fixture
def page(desk, kiosk):
    """The kiosk's page, asked for with the admin token."""
    path = f"/kiosks/{kiosk.key.thumbprint()}"
    return lambda: desk.client.get(path, headers={"Authorization": f"Bearer {desk.central.admin_token}"}).text


def text(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def changed(what, state, was="ok", **more):
    return kinds.HealthChanged(what, state, was, **more)


def test_the_newest_warnings_stand_in_words_with_since_when(desk, kiosk, page):
    kiosk.write(changed("camera", "down", code="device-missing", since=NOON + 2 * MINUTE), stream="health")
    desk.post(kiosk.batch(stream="health"))
    desk.post(kiosk.heartbeat(status=batch.Status(backlog={}, warnings=["device-missing"])))

    html = page()

    assert 'data-testid="warning-device-missing"' in html
    assert "down The camera is not connected 2026-11-22 04:02 UTC lsusb has no device of that USB id" in text(html)


def test_a_state_is_the_newest_that_the_kiosk_told(desk, kiosk, page):
    down = changed("camera", "down", code="device-missing", since=NOON)
    back = changed("camera", "ok", "down", since=NOON + 38 * MINUTE, for_s=38 * 60)
    kiosk.write(down, changed("disk", "warn", code="disk-low", since=NOON), back, stream="health")
    desk.post(kiosk.batch(stream="health"))

    shown = text(page())

    assert "disk warn disk-low 2026-11-22 04:00 UTC camera ok 2026-11-22 04:38 UTC" in shown
    assert "camera down ok 2,280" in shown


def test_a_silent_kiosk_is_named(desk, kiosk, page):
    desk.post(kiosk.heartbeat())
    desk.clock.now += 48 * HOUR

    assert "Not heard since 2 d ago" in text(page())


def test_a_suspension_is_told(desk, kiosk, page):
    kiosk.write(kinds.KioskChanged("suspended", "active", "repair", 3), stream="health")
    desk.post(kiosk.batch(stream="health"))

    assert "This kiosk is suspended by its office (repair)" in text(page())


def test_a_line_that_cannot_be_read_costs_only_itself(desk, kiosk, page):
    kiosk.write_raw(b'{"n":1,"t":1,"b":1,"m":1,"k":"health.changed","d":{"what":5}}', stream="health")
    kiosk.write(changed("disk", "down", code="disk-full", since=9 * 10**15), stream="health")
    desk.post(kiosk.batch(stream="health"))

    assert "disk down disk-full 9999-12-31 23:59 UTC" in text(page())


def test_a_code_of_newer_software_is_shown_as_it_is(desk, kiosk, page):
    desk.post(kiosk.heartbeat(status=batch.Status(backlog={}, warnings=["brand-new"])))

    assert "warn brand-new" in text(page())


def test_evidence_is_shown_as_text(desk, kiosk, page):
    kiosk.write(changed("disk", "down", evidence="<script>alert(1)</script>"), stream="health")
    desk.post(kiosk.batch(stream="health"))

    assert "<script" not in page()


def test_before_any_word_the_page_says_so(page):
    assert "No change of a probe's state has arrived yet." in page()
