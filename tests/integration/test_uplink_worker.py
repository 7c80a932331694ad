"""The uplink's thread: pairing, rests, and failures of any kind, against a central in memory."""

from __future__ import annotations

import threading

import pytest

from agent.status import link_now
from agent.store import ledger, link_log
from agent.uplink.answers import Answer, Failure
from agent.uplink.turn import Turn
from agent.uplink.worker import Uplink, link_state
from tests.fake_central import FakeCentral
from tests.patience import PATIENCE
from tests.wired_office import wired

office = pytest.fixture(wired)


@pytest.fixture
def uplink(office):
    return Uplink(office.store, office.office, office.courier, office.clock, lambda: 0.5)


def pairing(office) -> str:
    return ledger.facts(office.store, "pairing").get("pairing", "unpaired")


def history(office) -> list[str]:
    return [state for (state,) in office.store.rows("SELECT state FROM link_change ORDER BY number")]


def rested(uplink, office) -> float:
    seconds = uplink.rest_s()
    office.clock.forward(int(seconds * 1000))
    return seconds


def test_an_office_that_central_knows_is_paired_and_sends(office, uplink):
    office.ticket(nik=False)
    while uplink.guarded_turn():
        pass

    assert pairing(office) == "paired"
    assert ledger.state(office.store, "enrollments").held == 2
    assert history(office) == ["good"]


def test_until_somebody_types_the_code_it_asks_ever_more_rarely_and_sends_nothing(office, uplink):
    office.central.approved = set()
    rests = []
    for _ in range(5):
        assert not uplink.guarded_turn()
        rests.append(rested(uplink, office))

    assert pairing(office) == "pending"
    assert rests == sorted(rests)
    assert rests[0] == 5
    assert office.central.files == []


def test_after_the_code_was_typed_the_next_question_pairs(office, uplink):
    office.central.approved = set()
    uplink.guarded_turn()
    office.central.approved.add(office.courier.signer.key.thumbprint())
    office.clock.forward(60_000)

    assert uplink.guarded_turn()
    assert pairing(office) == "paired"


@pytest.mark.parametrize("when", ["while central has not typed the code", "after it has"])
def test_a_good_link_is_not_told_to_wait_for_anybody(office, uplink, when):
    office.central.approved = set()
    uplink.guarded_turn()
    if when == "after it has":
        office.central.approved.add(office.courier.signer.key.thumbprint())
        office.clock.forward(60_000)
        uplink.guarded_turn()

    assert link_now(office.store)["state"] == "good"
    assert "code" not in link_now(office.store)["evidence"]


PORTALS = {
    "a page": Answer(200, "text/html", b"<html>"),
    "a page with 202": Answer(202, "text/html", b"<html>"),
    "a redirect": Answer(302, "text/html", b""),
    "JSON of somebody else": Answer(200, "application/json", b'{"kiosk":"me","keys":"none"}'),
    "no text": Answer(200, "application/json", b"\xff\x00"),
}


@pytest.mark.parametrize("name", PORTALS)
def test_a_portal_pairs_nobody_and_is_named(office, uplink, name):
    office.central.post_pairing = lambda token: PORTALS[name]
    uplink.guarded_turn()

    assert pairing(office) == "unpaired"
    assert link_state(office.store) == "captive-portal"
    assert uplink.rest_s() >= 5


def test_with_no_network_the_pairing_stays_what_it_was(office, uplink):
    office.central.post_pairing = lambda token: Failure("no-address", "network is unreachable")
    uplink.guarded_turn()

    assert pairing(office) == "unpaired"
    assert link_state(office.store) == "no-address"


def test_a_list_of_another_root_pairs_nobody(office, uplink):
    stranger = FakeCentral()
    (office.home / "keys/keylist.jws").unlink()
    office.courier.trust._keys = None
    office.central.post_pairing = stranger.post_pairing
    uplink.guarded_turn()

    assert pairing(office) == "unpaired"


def test_a_kiosk_that_central_forgot_asks_to_be_known_again(office, uplink):
    while uplink.guarded_turn():
        pass
    office.central.approved = set()
    uplink.ask(beat=True)
    uplink.guarded_turn()

    assert pairing(office) == "unpaired"


def test_a_revoked_kiosk_does_not_ask_to_be_paired(office, uplink):
    while uplink.guarded_turn():
        pass
    office.central.revoked.add(office.courier.signer.key.thumbprint())
    asked = []
    office.central.post_pairing = asked.append
    for _ in range(3):
        uplink.ask(beat=True)
        uplink.guarded_turn()
        rested(uplink, office)

    assert pairing(office) == "revoked"
    assert asked == []


def test_a_courier_that_raises_costs_a_turn_and_a_rest(office, uplink, caplog):
    with office.store.write():
        ledger.set_fact(office.store, "pairing", "paired")
    office.courier.heartbeat = lambda link: 1 / 0

    assert not uplink.guarded_turn()
    assert uplink.rest_s() >= 5
    assert "ZeroDivisionError" in caplog.text


def test_what_went_wrong_inside_is_told_with_the_jobs_until_a_turn_goes_well(office) -> None:
    told = []
    uplink = Uplink(
        office.store, office.office, office.courier, office.clock, lambda: 0.5, told=lambda *each: told.append(each)
    )
    heartbeat, office.courier.heartbeat = office.courier.heartbeat, lambda link: 1 / 0
    uplink.wait = lambda: setattr(uplink, "_stopping", True)
    with office.store.write():
        ledger.set_fact(office.store, "pairing", "paired")
    uplink.run()
    office.courier.heartbeat, uplink._stopping = heartbeat, False
    rested(uplink, office)
    uplink.run()

    assert [error for error, _ in told] == ["ZeroDivisionError: division by zero", ""]
    assert told[0][1] >= 5


def test_a_thread_whose_courier_raises_lives_on(office, uplink):
    turned = threading.Semaphore(0)

    def turn() -> bool:
        turned.release()
        raise ZeroDivisionError

    uplink.turn = turn
    uplink.luck = lambda: 0.0
    uplink.note = lambda turn: None
    uplink.start()
    seen = [turned.acquire(timeout=PATIENCE) for _ in range(3) if uplink.ask(now=True) is None]
    uplink.stop()

    assert seen == [True, True, True]


def test_failures_rest_longer_and_a_success_ends_that(office, uplink):
    while uplink.guarded_turn():
        pass
    office.central.lose = lambda: True
    rests = []
    for _ in range(8):
        uplink.ask(beat=True)
        uplink.guarded_turn()
        rests.append(rested(uplink, office))
    office.central.lose = lambda: False
    while uplink.guarded_turn():
        pass

    assert rests == sorted(rests)
    assert rests[-1] > 100
    assert uplink.rest_s() == 0
    assert history(office) == ["good", "server-down", "good"]


def test_a_time_that_the_server_names_is_kept(office, uplink):
    while uplink.guarded_turn():
        pass
    busy = Answer(503, "application/problem+json", b"{}", retry_after_s=100.0)
    office.central.post_batch = lambda file: busy
    uplink.ask(beat=True)
    uplink.guarded_turn()
    uplink.ask(beat=True, now=True)

    assert 100 <= uplink.rest_s() <= 120


def test_the_same_state_again_is_said_once_by_row_and_line(office):
    for state in ("good", "good", "slow", "slow", "good"):
        link_log.note(office.store, state, "")

    assert history(office) == ["good", "slow", "good"]
    assert ledger.tail(office.store, "health").n == 3


def test_a_turn_without_an_exchange_changes_no_state(office, uplink):
    uplink.note(Turn())

    assert history(office) == []
    assert uplink.rest_s() == 0
