"""Whatever a probe does, it costs its own reading: the round is written, and everything else goes on."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable
from functools import partial

import msgspec
import pytest

from agent.actions.health import rules
from agent.domain.health import Moment, judge
from agent.jobs import probing, sample_health
from agent.printing.port import Port
from agent.probes.asking import SILENT, Probes, Source, one
from agent.probes.rounds import take_round
from agent.settings import HealthSettings, PrinterSettings, SiakSettings
from agent.settings_health import DeviceSettings
from agent.settings_values import Address
from tests.fakes import MINUTE, FakeClock
from tests.patience import PATIENCE, wait_until
from tests.small_office import small_office, small_store

NOWHERE = Address("127.0.0.1", 9)
USB = "046d:0825"
EVERYTHING = {
    "printer": PrinterSettings(kind="network", address=NOWHERE),
    "siak": SiakSettings(address=NOWHERE),
    "health": HealthSettings(addresses=(NOWHERE,)),
    "devices": DeviceSettings(
        camera=USB, fingerprint=USB, iris=USB, signature=USB, card_printer=USB, sbi=("face", "finger", "iris")
    ),
}
SHORT = (0.02, 0.1)  # s that a round waits in a test
LONG = (PATIENCE, PATIENCE)


@pytest.fixture
def clock():
    return FakeClock()


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """One for all tests here: each looks at the rounds that it made."""
    store = small_store(tmp_path_factory.mktemp("everything"), FakeClock())
    yield store
    store.close()


@pytest.fixture(scope="module")
def office(store):
    return small_office(store.home, **EVERYTHING)


@pytest.fixture
def ended():
    """Set at the end of a test: what hangs lets go."""
    ended = threading.Event()
    yield ended
    ended.set()


class Hanging:
    """A read that does not come back before `ended`; counts how often it was begun."""

    def __init__(self, ended: threading.Event) -> None:
        self.ended, self.begun = ended, 0

    def __call__(self):
        self.begun += 1
        self.ended.wait()


@pytest.fixture(scope="module")
def sources(store, office):
    """Every probe of an office that has all there is; none of them is asked."""
    return list(probing.probes(store, office, Port()))


COUNT = 25
LIES = {"nan": math.nan, "negative": -1.0, "beyond": 1e18, "endless": 10**400, "a word": "1", "nothing": None}


def misbehave(sources: list[Source], bad: int, way: list[Callable[[], float]]) -> list[Source]:
    """The same probes by name, each with one answer of its own; one of them answers by `way`."""

    def read(place: int):
        return {feed: {str(place): way[0]() if place == bad else 1.0} for feed in sources[place].feeds}

    return [
        msgspec.structs.replace(each, read=partial(read, place), every_s=0.0, quick=True)
        for place, each in enumerate(sources)
    ]


def kept(store, after: int) -> list[set[str]]:
    """The names of the readings of each round that was written after that one."""
    rows = store.rows("SELECT round FROM reading WHERE number > ? ORDER BY number", after)
    return [set(msgspec.json.decode(text)) for (text,) in rows]


def newest(store) -> int:
    """The number of the newest round."""
    return store.rows("SELECT coalesce(max(number), 0) FROM reading")[0][0]


def test_everything_that_is_probed_is_tried_here(sources):
    fed = {feed for each in sources for feed in each.feeds}

    assert len(sources) == COUNT
    assert {"cpu", "disk", "power", "siak", "ticket-printer", "camera", f"address {NOWHERE}"} <= fed


@pytest.mark.parametrize("how", ["hangs", "raises", *LIES])
@pytest.mark.parametrize("bad", range(COUNT))
def test_a_probe_that_misbehaves_costs_its_own_reading_only(store, office, sources, ended, bad, how):
    before, ways = newest(store), {"hangs": ended.wait, "raises": lambda: 1 / 0}
    way: list[Callable[[], float]] = [lambda: 1.0]
    probes = Probes(misbehave(sources, bad, way), store.clock, store.database.close, SHORT)
    for _ in range(3):
        sample_health.run(store, office, probes.look)
        probes.all_back([turn for place, turn in enumerate(probes.turns) if place != bad], PATIENCE)
        store.clock.forward(MINUTE)
        way[0] = ways.get(how, lambda: LIES[how])

    assert len(kept(store, before)) == 3
    assert kept(store, before)[2] == {str(place) for place in range(COUNT)} - {str(bad)}


@pytest.mark.parametrize("how", ["hangs", "raises"])
def test_where_our_own_rows_cannot_be_read_devices_are_looked_at_all_the_same(store, office, monkeypatch, ended, how):
    bad = ended.wait if how == "hangs" else lambda: 1 / 0
    monkeypatch.setattr(probing.use, "read", lambda *_: bad())
    monkeypatch.setattr(probing.ticket_printer, "read", lambda *_: {"printer_online": 1.0, "printer_paper_out": 1.0})
    monkeypatch.setattr(probing.sbi.Services, "read", lambda _: {})
    probes = Probes(probing.of_devices(store, office, Port()), store.clock, waits_s=SHORT)
    for _ in range(2):
        found = take_round(probes.look)
        probes.all_back([turn for turn in probes.turns if turn.source.feeds != ("use",)], PATIENCE)
        store.clock.forward(10 * MINUTE)
    found = take_round(probes.look)
    judged = judge(found, rules(office), {}, Moment(0, store.clock.wall_ms(), 0.0))

    assert {judged.tracks[device].code for device in ("camera", "iris")} == {"device-missing"}
    assert judged.tracks["ticket-printer"].code == "printer-paper-out"
    assert {"camera", "ticket-printer"} & {*found.failed, *found.pending} == set()


def test_when_all_hang_the_rounds_go_on_and_nothing_piles_up(store, office, sources, ended):
    hanging = [Hanging(ended) for _ in sources]
    silent = [msgspec.structs.replace(each, read=read) for each, read in zip(sources, hanging, strict=True)]
    probes = Probes(silent, store.clock, store.database.close, SHORT)
    before, threads = newest(store), threading.active_count()
    for _ in range(5):
        sample_health.run(store, office, probes.look)
        store.clock.forward(MINUTE)

    assert kept(store, before) == [set()] * 5
    wait_until(lambda: all(each.begun for each in hanging), "each was asked")
    assert {each.begun for each in hanging} == {1}
    assert threading.active_count() - threads <= COUNT


def look(probes: Probes):
    return take_round(probes.look)


def test_usually_one_thread_asks_all(clock):
    asked_by = []
    probes = Probes(
        [one(str(n), lambda: asked_by.append(threading.get_ident()) or {"x": 1.0}) for n in range(9)],
        clock,
        waits_s=LONG,
    )
    look(probes)

    assert len(asked_by) == 9
    assert len(set(asked_by)) == 1


def test_a_round_waits_once_for_a_probe_that_hangs_and_then_no_more(clock, ended):
    probes = Probes([one("hangs", Hanging(ended)), one("well", lambda: {"x": 1.0})], clock, waits_s=SHORT)
    look(probes)
    probes.all_back(probes.turns[1:], PATIENCE)
    waited = []
    probes.all_back = lambda turns, longest_s: waited.append(len(turns)) or True
    look(probes)

    assert waited == [1]  # for the one that is well


def test_who_takes_long_is_not_waited_for_and_told_in_the_next_round(clock, ended):
    slow = one("slow", lambda: {"x": float(ended.wait())}, quick=False)
    probes = Probes([slow], clock, waits_s=LONG)
    first = look(probes)
    ended.set()
    probes.all_back(probes.turns, PATIENCE)

    assert (first.pending, look(probes).readings) == ({"slow"}, {"x": 1.0})


@pytest.mark.parametrize(("took_ms", "quick"), [(40, True), (60, False)])
def test_how_long_a_probe_took_decides_whether_it_is_waited_for(clock, took_ms, quick):
    probes = Probes([one("a", lambda: clock.forward(took_ms) or {"x": 1.0}, quick=not quick)], clock)
    look(probes)
    probes.all_back(probes.turns, PATIENCE)

    assert probes.turns[0].quick is quick


def test_a_probe_that_hangs_has_failed_in_the_next_round_and_says_so(clock, ended):
    probes = Probes([one("hangs", Hanging(ended))], clock, waits_s=SHORT)
    first = look(probes)
    clock.forward(MINUTE)
    second = look(probes)

    assert (first.pending, first.failed) == ({"hangs"}, set())
    assert (second.failed, second.said) == ({"hangs"}, {"hangs": SILENT})


def test_a_probe_that_came_back_is_asked_again(clock, ended):
    hanging = Hanging(ended)
    probes = Probes([Source(("a",), lambda: hanging() or {"a": {"x": 1.0}})], clock, waits_s=SHORT)
    look(probes)
    ended.set()
    probes.all_back(probes.turns, PATIENCE)

    assert look(probes).readings == {"x": 1.0}
    probes.all_back(probes.turns, PATIENCE)
    assert hanging.begun == 2


def test_an_answer_stands_until_there_is_news(clock):
    answers = [{"x": 1.0}]
    probes = Probes([one("a", lambda: answers.pop() if answers else None)], clock, waits_s=LONG)

    assert [look(probes).readings for _ in range(3)] == [{"x": 1.0}] * 3


def test_who_is_asked_seldom_is_asked_again_when_it_is_due(clock):
    times = []
    probes = Probes([one("daily", lambda: times.append(clock.boot_ms()) or {"x": 1.0}, 3_600)], clock, waits_s=LONG)
    for _ in range(121):
        look(probes)
        clock.forward(MINUTE)

    assert [time - times[0] for time in times] == [0, 60 * MINUTE, 120 * MINUTE]


@pytest.mark.parametrize("said", [True, 1.0, "x", [1], {"x": {"y": 1.0}}])
def test_an_answer_that_is_none_costs_its_own_reading_only(clock, said):
    probes = Probes([one("odd", lambda: said), one("well", lambda: {"well": 1.0})], clock, waits_s=LONG)
    found = look(probes)

    assert (found.readings, found.failed) == ({"well": 1.0}, {"odd"})


def test_a_probe_that_raises_tells_its_kind_of_error_and_not_its_words(clock):
    probes = Probes([one("raises", lambda: {}["/home/siti"])], clock, waits_s=LONG)

    assert look(probes).said == {"raises": "KeyError"}


def test_each_thread_lets_go_of_its_connection(store):
    def read():
        store.rows("SELECT 1")
        return {"x": 1.0}

    left = []
    probes = Probes([one("a", read)], store.clock, lambda: left.append(store.database.close()))
    look(probes)
    for thread in threading.enumerate():
        if thread.name == "probes":
            thread.join(PATIENCE)

    assert left == [True]
