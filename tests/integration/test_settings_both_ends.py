"""Settings from the file that central's operator publishes to the rule that an office goes by; both ends real."""

from __future__ import annotations

from datetime import date

import pytest

from agent.store import ledger
from agent.uplink.courier import Courier
from agent.uplink.signing import Signer
from agent.uplink.trust import Trust
from central.publish import publish
from central.store import kiosks
from tests.builders import drawn
from tests.fakes import FakeClock
from tests.real_central import Wire
from tests.small_office import CODE, kiosk_key, small_office, small_store

HOLIDAY = '[[holidays]]\ndate = 2026-12-25\nname = "Natal"\n'
TARGET = """
[[targets]]
measure = "recorded"
year = 2027
percent = 99.40
base = "wajib"
area = "Indonesia"
stays = true
source = "rakornas"
checked = 2026-11-22
"""


@pytest.fixture
def office(desk, tmp_path):
    """An office that this central knows, and its courier."""
    store = small_store(tmp_path / "office", FakeClock())
    with desk.central.store.write() as database:
        kiosks.ask(database, kiosk_key().thumbprint(), CODE, 0)
        kiosks.set_state(database, kiosk_key().thumbprint(), "approved")
    with store.write():
        ledger.set_fact(store, "pairing", "paired")
    trust = Trust(store.home, desk.root)
    yield small_office(store.home), Courier(store, Signer(store, kiosk_key()), trust, Wire(desk.client), drawn())
    store.close()


def test_what_is_published_is_in_force_after_the_next_heartbeat(desk, office, tmp_path) -> None:
    here, courier = office
    (tmp_path / "settings.toml").write_text(HOLIDAY + TARGET)
    publish(desk.central.settings, tmp_path / "settings.toml")
    turn = courier.heartbeat("good")

    assert (turn.failed, here.sent().version) == (False, (1, 1))
    assert not here.hours.is_working_day(date(2026, 12, 25))
    assert str(here.targets.target[0].percent) == "99.4"
