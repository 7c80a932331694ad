"""A refused line is taken in once its cause is mended at central; the kiosk sends nothing again."""

from __future__ import annotations

from array import array

import msgspec
import pytest

from agent.actions import refused
from agent.uplink.courier import Courier
from agent.uplink.signing import Signer
from agent.uplink.trust import Trust
from central.account import kiosk_page
from central.filing import rebuild
from central.http.app import build_app
from central.regions import RegionCodes
from central.rejudge import rejudge
from central.store import kiosks
from tests.builders import drawn
from tests.fakes import FakeClock
from tests.integration.central_desk import OFFICE, VILLAGE, Kiosk
from tests.real_central import Wire
from tests.small_office import kiosk_key, small_office, small_store, take


def knows_no_village(desk) -> None:
    """Central's table is older than the village."""
    old = RegionCodes({OFFICE: "Muara Badak"}, array("Q"))
    desk.central = msgspec.structs.replace(desk.central, regions=old)
    desk.client = build_app(desk.central).test_client()


def gets_the_new_table(desk, new) -> None:
    desk.central = msgspec.structs.replace(desk.central, regions=new)
    desk.client = build_app(desk.central).test_client()


@pytest.fixture
def refused_kiosk(desk, kiosk):
    """A kiosk with five refused tickets that were called and finished, and the table that knows their village."""
    new = desk.central.regions
    knows_no_village(desk)
    kiosk.visits(5)
    assert len(desk.post(kiosk.batch()).refused) == 5
    return kiosk, new


def test_refused_tickets_are_taken_in_once_the_table_knows_their_village(desk, refused_kiosk):
    gets_the_new_table(desk, refused_kiosk[1])

    assert rejudge(desk.central).taken == 5
    assert list(desk.visits().values()) == [("ktp_print", "recorded")] * 5


def test_while_nothing_is_mended_nothing_changes(desk, refused_kiosk):
    before = desk.dump()

    assert (rejudge(desk.central).taken, rejudge(desk.central).refused) == (0, 5)
    assert desk.dump() == before


def test_the_next_receipt_says_it_and_has_a_higher_seq(desk, refused_kiosk):
    kiosk, new = refused_kiosk
    before = desk.post(kiosk.heartbeat()).receipt
    gets_the_new_table(desk, new)
    rejudge(desk.central)
    after = desk.post(kiosk.heartbeat()).receipt

    assert (before.refused_total, after.refused_total, after.refused) == (5, 0, [])
    assert after.pair > before.pair


def test_a_line_that_gets_another_fault_is_told_with_its_new_code(desk, kiosk):
    kiosk.take(village="99.99.99.9999", office="64.02.06")
    assert desk.post(kiosk.batch()).refused == {1: "unknown-office"}
    with desk.central.store.write() as database:
        kiosks.Kiosk.update(office="64.02.06").execute(database)
    rejudge(desk.central)

    assert desk.post(kiosk.heartbeat()).refused == {1: "unknown-village"}


def test_a_rebuild_afterwards_finds_the_same(desk, refused_kiosk):
    gets_the_new_table(desk, refused_kiosk[1])
    rejudge(desk.central)
    before = desk.dump()
    rebuild(desk.central.store)

    assert desk.dump() == before


def test_the_kiosks_page_at_central_counts_them_by_code(desk, refused_kiosk):
    found = kiosk_page(desk.central, refused_kiosk[0].key.thumbprint())

    assert found["accounts"][0].refused == {"unknown-village": 5}


@pytest.fixture
def office(desk, tmp_path):
    """A real office with one ticket, and its courier, which central has approved."""
    desk.pair(Kiosk(key=kiosk_key()))
    store = small_store(tmp_path / "office", FakeClock())
    take(store, small_office(store.home, root=desk.root), "one", village=VILLAGE)
    courier = Courier(store, Signer(store, kiosk_key()), Trust(store.home, desk.root), Wire(desk.client), drawn())
    yield courier
    store.close()


def test_an_office_sees_its_list_empty_after_the_next_sign_of_life(desk, office):
    new = desk.central.regions
    knows_no_village(desk)
    office.central = Wire(desk.client)
    office.send_next()
    before = [line.code for line in refused.refused_lines(office.store)]
    gets_the_new_table(desk, new)
    rejudge(desk.central)
    office.central = Wire(desk.client)
    office.heartbeat("good")

    assert before == ["unknown-village"]
    assert (refused.refused_lines(office.store), refused.counted(office.store)) == ([], 0)
