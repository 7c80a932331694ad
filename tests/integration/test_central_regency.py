"""Twenty kecamatan of one regency and their central: every kiosk by name, every visit once, days offline included."""

from __future__ import annotations

import pytest

from central.store.models import Visit
from tests.integration.central_desk import Kiosk

KUKAR = [f"64.02.{number:02d}" for number in range(1, 21)]


@pytest.fixture
def kukar(desk) -> list[Kiosk]:
    kiosks = [Kiosk(office) for office in KUKAR]
    for number, kiosk in enumerate(kiosks, 1):
        desk.pair(kiosk)
        kiosk.visits(number)
    return kiosks


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_twenty_kiosks_of_one_regency_send_to_one_central(desk, kukar):
    for kiosk in kukar:
        assert desk.post(kiosk.batch()).status == 201

    assert len(desk.rows(Visit)) == sum(range(1, 21))


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_two_kecamatan_that_were_offline_for_days_lose_nothing(desk, kukar):
    away = (kukar[4], kukar[17])
    for kiosk in kukar:
        if kiosk not in away:
            desk.post(kiosk.batch())
    for kiosk in away:
        kiosk.visits(300)
        desk.post(kiosk.batch())

    assert len(desk.rows(Visit)) == sum(range(1, 21)) + 600
