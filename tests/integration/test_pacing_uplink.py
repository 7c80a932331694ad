"""The uplink's turns: windows, the day's bytes, doubt, and the times that central names."""

from __future__ import annotations

from datetime import time, timedelta

import msgspec
import pytest

from agent.domain.batching import SMALLEST, Pace
from agent.domain.link import Local
from agent.settings import UploadSettings
from agent.settings_values import TimeWindow
from agent.store import ledger
from agent.store.spending import HELD_BACK
from agent.uplink import diagnose
from agent.uplink.answers import Answer, Failure, Traffic
from agent.uplink.courier import Courier
from agent.uplink.diagnose import Diagnosis
from agent.uplink.load import PACE, remember_pace
from agent.uplink.purse import Purse
from agent.uplink.signing import Signer
from agent.uplink.tcp import Network
from agent.uplink.trust import Trust
from agent.uplink.worker import Uplink, link_state
from agent.wire import batch
from tests.fake_central import FakeCentral
from tests.fakes import MORNING, FakeClock
from tests.small_office import kiosk_key, small_office, small_store, take

NIGHT = UploadSettings(windows=(TimeWindow(time(22), time(5)),))


class Post:
    """A central whose answers a test may replace, one after the other."""

    def __init__(self, central: FakeCentral) -> None:
        self.central, self.instead, self.sent = central, [], []

    def post_batch(self, file: bytes):
        self.sent.append(batch.read(file).claims)
        change = self.instead.pop(0) if self.instead else None
        if isinstance(change, Answer | Failure):
            return change  # it never reached central
        return change(self.central.post_batch(file)) if change else self.central.post_batch(file)

    def __getattr__(self, name: str):
        return getattr(self.central, name)


@pytest.fixture
def make(tmp_path):
    """Builds a paired uplink of a small office."""
    stores = []

    def uplink(*, daily: int = 0, local: Local | None = None, **sections) -> Uplink:
        clock = FakeClock(MORNING)
        store = small_store(tmp_path / f"office{len(stores)}", clock)
        stores.append(store)
        central = FakeCentral()
        office = small_office(store.home, root=central.root.thumbprint(), **sections)
        trust = Trust(store.home, central.root.thumbprint())
        trust.accept(central.key_list())
        with store.write():
            ledger.set_fact(store, "pairing", "paired")
        purse = Purse(store, office.zone, daily, timedelta(minutes=15))
        courier = Courier(store, Signer(store, kiosk_key()), trust, Post(central), lambda size: b"r" * size, purse)
        eyes = Diagnosis(lambda: local or Local(("eth0",), ("10.0.0.2",)), lambda: None)
        return Uplink(store, office, courier, clock, lambda: 0.5, eyes)

    yield uplink
    for store in stores:
        store.close()


def visits(uplink: Uplink, count: int) -> None:
    for number in range(count):
        uplink.store.clock.forward(61_007)
        take(uplink.store, uplink.office, f"visit {number}")


def drain(uplink: Uplink) -> None:
    while uplink.rest_s() == 0 and uplink.turn():
        pass


def unheld(uplink: Uplink) -> int:
    return sum(state.last - state.held for state in ledger.states(uplink.store))


def with_retry_after(seconds: float):
    return lambda reply: msgspec.structs.replace(reply, retry_after_s=seconds)


def lost_answer(reply: Answer) -> Failure:
    return Failure("server-down", "no answer", Traffic(acked=9_000, arrived=True))


def test_the_heartbeat_comes_first_then_visits_then_health(make) -> None:
    uplink = make()
    visits(uplink, 3)
    drain(uplink)

    assert [claims.stream for claims in uplink.courier.central.sent] == ["enrollments", "enrollments", "health"]
    assert uplink.courier.central.sent[0].count == 0


def test_outside_the_windows_only_the_heartbeat_goes(make) -> None:
    uplink = make(upload=NIGHT)
    visits(uplink, 3)
    drain(uplink)

    assert [claims.count for claims in uplink.courier.central.sent] == [0]


def test_who_asks_by_hand_sends_whatever_the_hour(make) -> None:
    uplink = make(upload=NIGHT)
    visits(uplink, 3)
    uplink.ask(now=True)
    drain(uplink)

    assert unheld(uplink) == 0


def test_after_a_lost_answer_central_is_asked_before_anything_is_sent_again(make) -> None:
    uplink = make()
    uplink.turn()
    visits(uplink, 3)
    uplink.courier.central.instead = [lost_answer]
    uplink.turn()
    uplink.store.clock.forward(400_000)
    uplink.turn()

    assert [claims.count for claims in uplink.courier.central.sent[-2:]] == [4, 0]
    assert ledger.state(uplink.store, "enrollments").held == 4


def test_a_time_that_central_names_with_a_receipt_is_kept(make) -> None:
    uplink = make()
    visits(uplink, 3)
    uplink.courier.central.instead = [with_retry_after(40)]
    uplink.turn()

    assert uplink.rest_s() == pytest.approx(44)


def test_nobody_may_come_earlier_than_central_said(make) -> None:
    uplink = make()
    uplink.courier.central.instead = [Answer(503, "", b"", 60.0)]
    uplink.turn()
    uplink.ask(now=True)

    assert uplink.rest_s() == pytest.approx(66)


def test_a_person_who_asks_ends_a_rest_that_nobody_asked_for(make) -> None:
    uplink = make()
    uplink.courier.central.instead = [Failure("server-down", "refused")]
    uplink.turn()
    before = uplink.rest_s()
    uplink.ask(now=True)

    assert (before > 0, uplink.rest_s()) == (True, 0)


def test_a_batch_that_is_too_large_becomes_smaller_until_it_passes(make) -> None:
    uplink = make()
    uplink.turn()
    visits(uplink, 200)
    too_large = Answer(413, "application/problem+json", b'{"code":"too-large","limit":65536}')
    uplink.courier.central.instead = [too_large] * 3
    for _ in range(40):
        uplink.store.clock.forward(400_000)
        uplink.turn()

    first, second, third, fourth = [claims.count for claims in uplink.courier.central.sent if claims.count][:4]
    assert first > second > third >= fourth >= 1
    assert unheld(uplink) == 0


REFUSALS = [
    Answer(422, "application/problem+json", b'{"code":"unsupported"}', traffic=Traffic(acked=20_000, arrived=True)),
    Answer(422, "text/html", b"<p>no", traffic=Traffic(acked=20_000, arrived=True)),
    Answer(403, "", b"", traffic=Traffic(acked=20_000, arrived=True)),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_of_what_a_batch_says_does_not_make_it_smaller(make, refusal) -> None:
    uplink = make()
    uplink.turn()
    visits(uplink, 3)
    size = uplink.courier.load.pace().size
    uplink.courier.central.instead = [refusal] * 20
    for _ in range(20):
        uplink.store.clock.forward(400_000)
        uplink.turn()

    assert uplink.courier.load.pace().size == size


def test_a_pace_of_a_single_byte_does_not_outlive_a_start(make) -> None:
    uplink = make()
    remember_pace(uplink.store, Pace(size=1, cap=1))

    assert uplink.courier.load.pace().size == SMALLEST


def test_what_was_learnt_of_the_link_outlives_the_process(make) -> None:
    uplink = make()
    visits(uplink, 3)
    drain(uplink)

    assert ledger.facts(uplink.store, PACE)[PACE]


def test_a_spent_day_sends_nothing_and_says_how_much_waits(make) -> None:
    uplink = make(daily=5_000)
    uplink.courier.load.purse.spend(4_000)
    visits(uplink, 3)
    drain(uplink)

    assert uplink.courier.central.sent == []
    uplink.beat_due = False
    uplink.turn()
    assert '"count":4' in ledger.facts(uplink.store, HELD_BACK)[HELD_BACK]


def unpaired(uplink: Uplink, spent: int) -> list[str]:
    """An office that central does not know, with so many of the day's bytes spent; what it asks is collected."""
    with uplink.store.write():
        ledger.set_fact(uplink.store, "pairing", "unpaired")
    uplink.courier.load.purse.spend(spent)
    asked: list[str] = []
    pending = Answer(202, "application/json", b"{}", traffic=Traffic(wire=1_500))
    uplink.courier.central.post_pairing = lambda token: asked.append(token) or pending
    return asked


def test_a_spent_day_asks_for_no_pairing_and_the_next_does(make) -> None:
    uplink = make(daily=50_000)
    asked = unpaired(uplink, 46_000)
    drain(uplink)
    before = len(asked)
    uplink.store.clock.forward(86_400_000)
    drain(uplink)

    assert (before, len(asked)) == (0, 1)


def test_a_question_for_pairing_is_paid_from_the_day_s_bytes(make) -> None:
    uplink = make(daily=50_000)
    unpaired(uplink, 10_000)
    uplink.turn()

    assert uplink.courier.load.allowed("heartbeat") == 38_500


@pytest.mark.parametrize(("spent", "probes"), [(0, 1), (50_000, 0)])
def test_port_80_is_asked_only_while_the_day_has_bytes(make, monkeypatch, spent, probes) -> None:
    uplink, asked = make(daily=50_000), []
    uplink.courier.load.purse.spend(spent)
    monkeypatch.setattr(diagnose, "look_around", lambda interface: Local(("eth0",), ("10.0.0.2",)))
    monkeypatch.setattr(diagnose, "meets_portal", lambda *about: asked.append(about))
    eyes = diagnose.diagnosis("https://central.example", Network(), uplink.clock, uplink.courier.load)

    assert (eyes.explain("server-down")[0], len(asked)) == ("server-down", probes)


def test_the_next_day_sends_again(make) -> None:
    uplink = make(daily=50_000)
    uplink.courier.load.purse.spend(50_000)
    visits(uplink, 3)
    uplink.store.clock.forward(86_400_000)
    drain(uplink)

    assert ledger.state(uplink.store, "enrollments").held == 4


def test_a_turn_without_an_exchange_does_not_call_the_link_good(make) -> None:
    uplink = make(upload=NIGHT)
    uplink.courier.central.instead = [Failure("server-down", "refused")]
    uplink.turn()
    uplink.beat_due = False
    uplink.store.clock.forward(400_000)
    uplink.turn()

    assert link_state(uplink.store) == "server-down"


def test_a_failure_without_a_cable_is_the_cable(make) -> None:
    uplink = make(local=Local((), ()))
    uplink.courier.central.instead = [Failure("no-dns", "no answer")]
    uplink.turn()

    assert link_state(uplink.store) == "no-interface"
    assert uplink.rhythm.cut_off
