"""What the kiosk and the command line ask of the agent: written down, answered once, lost by no crash."""

from __future__ import annotations

import threading

import pytest

from agent import nudge, requests
from agent.domain.allowance import Spent
from agent.errors import Unreachable
from agent.requests import KEPT, Progress, ask, ask_once, fulfil, give_up_unfinished, progress_of, report
from agent.sending import send_and_wait, unheld
from agent.store import forks, ledger, link_log, spending
from tests.fakes import MINUTE, FakeClock
from tests.ledger_lines import bodies
from tests.patience import PATIENCE
from tests.small_office import small_office, small_store, take
from tests.wired_office import wired


def wishes(store) -> list[tuple]:
    return store.rows("SELECT kind, result, done_t IS NOT NULL FROM request ORDER BY number")


def test_a_wish_is_done_once_and_answered(store) -> None:
    done = []
    ask(store, "send")

    assert [fulfil(store, {"send": lambda: done.append(1) or "asked"}) for _ in range(2)] == [1, 0]
    assert done == [1]
    assert wishes(store) == [("send", "asked", 1)]


def test_a_wish_that_is_open_is_not_asked_again(store) -> None:
    for _ in range(2):
        ask_once(store, "sign-trips")
    fulfil(store, {"sign-trips": lambda: "done"})
    ask_once(store, "sign-trips")

    assert wishes(store) == [("sign-trips", "done", 1), ("sign-trips", None, 0)]


def test_wishes_are_done_in_the_order_they_were_asked(store) -> None:
    done = []
    for kind in ("b", "a", "b"):
        ask(store, kind)
    fulfil(store, {kind: lambda kind=kind: done.append(kind) or "" for kind in "ab"})

    assert done == ["b", "a", "b"]


def test_a_wish_that_the_agent_does_not_know_is_answered_so(store) -> None:
    ask(store, "dance")
    fulfil(store, {})

    assert wishes(store) == [("dance", "unknown-request", 1)]


def test_a_wish_outlives_a_restart_until_it_is_done(store, tmp_path) -> None:
    ask(store, "send")
    store.close()
    again = small_store(tmp_path, FakeClock())

    assert fulfil(again, {"send": lambda: "asked"}) == 1
    again.close()


def test_old_wishes_are_forgotten(store) -> None:
    for _ in range(KEPT + 20):
        ask(store, "send")
        fulfil(store, {"send": lambda: "asked"})

    assert len(wishes(store)) == KEPT


def test_a_wish_is_no_line(store) -> None:
    ask(store, "send")
    fulfil(store, {"send": lambda: "asked"})

    assert bodies(store) == []


def test_a_long_wish_is_begun_once_with_its_word_and_its_number(store) -> None:
    begun = []
    number = ask(store, "carry-out /media/stick one")
    for _ in range(2):
        fulfil(store, {}, {"carry-out": lambda *said: begun.append(said)})

    assert begun == [(number, "/media/stick one")]
    assert progress_of(store, number) == Progress("working")


def test_a_long_wish_tells_how_far_it_is_and_what_came_of_it(store) -> None:
    number = ask(store, "carry-out x")
    assert progress_of(store, number) is None
    report(store, number, Progress("working", done=3, of=10))
    assert progress_of(store, number).done == 3
    assert not wishes(store)[0][2]
    report(store, number, Progress("done", files=2, lines=10, paired=True))

    assert progress_of(store, number) == Progress("done", files=2, lines=10, paired=True)
    assert wishes(store)[0][2]


def test_what_a_crash_cut_off_is_told_as_failed_and_not_begun_again(store) -> None:
    number = ask(store, "carry-out x")
    fulfil(store, {}, {"carry-out": lambda *_: None})
    give_up_unfinished(store)

    assert (progress_of(store, number).state, progress_of(store, number).code) == ("failed", "cut-off")
    assert fulfil(store, {}, {"carry-out": lambda *_: 1 / 0}) == 0


def test_a_wish_that_was_not_begun_is_not_given_up(store) -> None:
    ask(store, "send")
    give_up_unfinished(store)

    assert fulfil(store, {"send": lambda: "asked"}) == 1


def test_the_progress_of_nothing_is_none(store) -> None:
    assert progress_of(store, 99) is None


def test_a_wish_wakes_the_agent(store) -> None:
    heard = nudge.listen(store.home)
    assert not nudge.drain(heard)
    ask(store, "send")

    assert nudge.drain(heard)
    assert not nudge.drain(heard)
    heard.close()


def test_a_nudge_where_nobody_listens_does_no_harm(store) -> None:
    assert not nudge.nudge(store.home)
    nudge.listen(store.home).close()

    assert not nudge.nudge(store.home)


def test_nudges_that_nobody_takes_never_block(store) -> None:
    heard = nudge.listen(store.home)
    answers = {nudge.nudge(store.home) for _ in range(5_000)}

    assert answers == {True, False}
    assert nudge.drain(heard)
    heard.close()


def test_a_nudge_reaches_an_agent_deep_in_the_file_system(tmp_path) -> None:
    home = tmp_path / ("d" * 100) / ("e" * 100)
    (home / "run").mkdir(parents=True)
    heard = nudge.listen(home)

    assert nudge.nudge(home)
    heard.close()


def test_an_agent_that_was_killed_leaves_a_socket_that_the_next_one_replaces(store) -> None:
    nudge.listen(store.home).close()
    heard = nudge.listen(store.home)

    assert nudge.nudge(store.home)
    heard.close()


def test_what_central_does_not_hold_is_counted_with_what_is_still_to_be_carried(store, tmp_path) -> None:
    take(store, small_office(tmp_path), "one")
    assert unheld(store) == 2
    with store.write():
        forks.fork(store, forks.DAMAGED, bytes)

    assert unheld(store) == 2 + 2


office = pytest.fixture(wired)


LOOK_MS = 600  # a wait that does not end by itself is over after a hundred looks, not never


def hold_all(office) -> None:
    """As an agent would on the wish to send."""
    while office.courier.send_next().more:
        pass
    office.clock.tick_ms = LOOK_MS


def test_a_send_ends_when_central_holds_everything(office) -> None:
    office.ticket(nik=False)
    hold_all(office)
    send_and_wait(office.store, 60)

    assert office.store.rows("SELECT kind FROM request") == [("send",)]


def test_a_send_waits_for_an_agent_that_is_at_work(office) -> None:
    office.ticket(nik=False)
    office.clock.tick_ms = LOOK_MS
    waiting = threading.Thread(target=send_and_wait, args=(office.store, 60), daemon=True)
    heard = nudge.listen(office.home)
    heard.settimeout(PATIENCE)
    waiting.start()
    heard.recv(16)
    hold_all(office)
    waiting.join(PATIENCE)

    assert not waiting.is_alive()
    heard.close()


def failure(office) -> Unreachable:
    with pytest.raises(Unreachable) as caught:
        send_and_wait(office.store, 0)
    return caught.value


def test_a_send_without_an_agent_says_so(office) -> None:
    office.ticket(nik=False)
    fault = failure(office)

    assert (fault.code, fault.exit_status) == ("not-held", 69)
    assert "2 lines" in fault.sentence
    assert "is it running?" in fault.sentence


@pytest.fixture
def answered(office, monkeypatch) -> None:
    """An agent that hears every wish and sends nothing."""

    def ask_and_answer(store, kind: str) -> int:
        number = ask(store, kind)
        fulfil(store, {"send": lambda: "asked"})
        return number

    monkeypatch.setattr(requests, "ask", ask_and_answer)


@pytest.mark.usefixtures("answered")
def test_a_send_whose_agent_answered_blames_central_or_the_link(office) -> None:
    office.ticket(nik=False)
    before = failure(office).sentence
    link_log.note(office.store, "no-dns", "gaierror")

    assert before.endswith("central did not take them")
    assert "(link no-dns gaierror)" in failure(office).sentence


@pytest.mark.usefixtures("answered")
def test_a_send_on_a_spent_day_says_that_the_rest_goes_tomorrow(office) -> None:
    office.ticket(nik=False)
    spending.keep(office.store, spending.HELD_BACK, Spent("2026-11-23", 2))

    assert "daily_bytes" in failure(office).sentence


def test_the_clock_of_the_wall_does_not_shorten_a_send(office) -> None:
    office.ticket(nik=False)
    hold_all(office)
    office.clock.step_to(office.clock.wall_ms() + 1000 * MINUTE)
    send_and_wait(office.store, 60)

    assert ledger.state(office.store, "enrollments").held == 2
