"""What a believed receipt changes: the cursor, subjects, the officer's list; and what may be pruned after it."""

from __future__ import annotations

import msgspec
import pytest

from agent.jobs import prune
from agent.settings import StoreSettings
from agent.store import ledger, pruning, receipts
from agent.version import BUILD_MS
from agent.wire import jose, keys
from agent.wire.receipt import Refused
from tests.fakes import DAY, MINUTE
from tests.wired_office import wired

office = pytest.fixture(wired)


def sent(office, count: int, *, nik: bool = False) -> None:
    for _ in range(count):
        office.ticket(nik=nik)
    while office.courier.send_next().more:
        pass


def refused(office) -> list[tuple]:
    return office.store.rows("SELECT n, code, body IS NOT NULL FROM refused ORDER BY n")


def say_refused(office, *numbers: int, total: int | None = None) -> None:
    """The next receipt lists these."""
    listed = [Refused(n, "unknown-village") for n in numbers]
    count = len(numbers) if total is None else total
    office.central.spoil = lambda said: msgspec.structs.replace(said, refused=listed, refused_total=count)
    office.courier.heartbeat("good")


def bodies(office, stream: int = 1) -> list[int]:
    return [n for n, _, body in office.lines(stream) if body]


def pruned(office, keep: int = 90) -> list[int]:
    while pruning.prune_some(office.store, keep):
        pass
    return bodies(office)


def test_a_receipt_is_kept_as_a_file_and_as_a_fact(office):
    sent(office, 1)
    token = ledger.facts(office.store, "receipt@enrollments")["receipt@enrollments"]
    (file,) = (office.home / "data/receipts").iterdir()

    assert file.read_text() == token
    assert file.suffix == ".receipt"


def test_the_counter_of_signed_batches_goes_on_above_what_central_has_seen(office):
    office.central.spoil = lambda said: msgspec.structs.replace(said, s_max=700)
    sent(office, 1)

    assert ledger.next_s(office.store) == 701


def test_refused_lines_are_kept_with_a_copy(office):
    sent(office, 2)
    say_refused(office, 2, 3)

    assert refused(office) == [(2, "unknown-village", 1), (3, "unknown-village", 1)]


def test_a_line_that_central_takes_after_all_leaves_the_list(office):
    sent(office, 2)
    say_refused(office, 2, 3)
    say_refused(office, 3)

    assert [n for n, *_ in refused(office)] == [3]


def test_a_list_that_was_cut_short_takes_nothing_off_ours(office):
    sent(office, 2)
    say_refused(office, 2)
    say_refused(office, 3, total=150)

    assert [n for n, *_ in refused(office)] == [2, 3]


def test_the_copy_of_a_refused_line_outlives_the_line(office):
    sent(office, 2)
    say_refused(office, 2)
    office.clock.forward(200 * DAY)
    say_refused(office, 2)
    pruned(office)
    say_refused(office, 2)

    assert refused(office) == [(2, "unknown-village", 1)]


def test_subjects_go_up_to_what_is_held(office):
    for _ in range(3):
        office.ticket(nik=True)
    state = ledger.state(office.store, "enrollments")
    office.courier.send(state, (1, 2))

    assert office.store.rows("SELECT n FROM subject ORDER BY n") == [(3,), (4,)]


def test_more_than_a_thousand_subjects_go_in_several_transactions(office, monkeypatch):
    monkeypatch.setattr(receipts, "ROWS_AT_ONCE", 2)
    commits = []
    sent(office, 5, nik=True)
    office.store.after_commit = lambda: commits.append(1)
    with office.store.write():
        for n in range(1, 6):
            office.store.run("INSERT INTO subject VALUES (1, ?, 'k', 's')", n)
    while receipts.forget_subjects(office.store, 1, 5):
        pass

    assert office.store.rows("SELECT * FROM subject") == []
    assert len(commits) == 4


def test_subjects_that_a_power_cut_left_go_with_the_next_pruning(office):
    sent(office, 2, nik=True)
    with office.store.write():
        office.store.run("INSERT INTO subject VALUES (1, 2, ?, 'sealed')", office.central.seal.thumbprint())
    prune.run(office.store, office.office)

    assert office.store.rows("SELECT * FROM subject") == []


def test_a_subject_whose_key_left_the_list_is_deleted(office):
    office.ticket(nik=True)
    listed = [keys.listed(office.central.key, "receipt")]
    (office.home / "keys/keylist.jws").write_text(keys.sign(keys.KeyList(1, 2, listed), office.central.root))
    prune.run(office.store, office.office)

    assert office.store.rows("SELECT * FROM subject") == []


@pytest.mark.parametrize("content", ["", "no list"])
def test_a_list_that_cannot_be_read_deletes_no_subject(office, content):
    office.ticket(nik=True)
    (office.home / "keys/keylist.jws").write_text(content)
    prune.run(office.store, office.office)

    assert len(office.store.rows("SELECT * FROM subject")) == 1


def test_a_list_of_another_root_deletes_no_subject(office):
    office.ticket(nik=True)
    (office.home / "keys/keylist.jws").write_text(keys.sign(keys.KeyList(1, 9, []), jose.new_key()))
    prune.run(office.store, office.office)

    assert len(office.store.rows("SELECT * FROM subject")) == 1


def test_held_lines_older_than_the_retention_are_emptied_and_keep_their_chains(office):
    sent(office, 2)
    chains = [chain for _, chain, _ in office.lines(1)]
    office.clock.forward(91 * DAY)
    sent(office, 1)

    assert pruned(office)[0] == 4
    assert [chain for _, chain, _ in office.lines(1)][:3] == chains


def test_the_job_prunes_by_the_offices_own_retention(office):
    sent(office, 2)
    office.clock.forward(3 * DAY)
    sent(office, 1)
    office.office.settings = msgspec.structs.replace(office.office.settings, store=StoreSettings(retention_days=2))
    prune.run(office.store, office.office)

    assert bodies(office)[0] == 4


def test_nothing_is_pruned_before_central_was_ever_heard(office):
    office.ticket(nik=False)
    with office.store.write():
        office.store.run("UPDATE stream SET held = 2")
    office.clock.forward(1000 * DAY)

    assert pruned(office) == [1, 2]


def test_what_central_does_not_hold_is_kept_however_old(office):
    sent(office, 2)
    for _ in range(2):
        office.ticket(nik=False)
    office.clock.forward(200 * DAY)
    office.courier.heartbeat("good")

    assert pruned(office)[0] == 4


def test_lines_above_a_gap_are_kept(office):
    for _ in range(5):
        office.ticket(nik=False)
    office.courier.send(ledger.state(office.store, "enrollments"), (4, 5))
    office.clock.forward(200 * DAY)
    office.courier.heartbeat("good")

    assert pruned(office) == [1, 2, 3, 4, 5, 6]


@pytest.mark.parametrize("days", [-20_000, 5_000])
def test_a_clock_at_1970_or_2099_prunes_nothing_young(office, days):
    sent(office, 2)
    office.clock.step_to(max(0, office.clock.wall_ms() + days * DAY))

    assert pruned(office) == [1, 2, 3]


def test_lines_of_a_dead_clock_go_with_the_true_ones_after_them(office):
    office.clock.step_to(0)
    sent(office, 2)
    office.clock.step_to(BUILD_MS + 30 * DAY)
    sent(office, 1)
    office.clock.forward(100 * DAY)
    sent(office, 1)

    assert office.store.rows("SELECT count(*) FROM line WHERE t < ?", BUILD_MS) == [(3,)]
    assert min(pruned(office)) > 4


def test_a_thousand_lines_of_a_dead_clock_do_not_stop_pruning(office, monkeypatch):
    monkeypatch.setattr(pruning, "ROWS_AT_ONCE", 3)
    office.clock.step_to(0)
    sent(office, 10)
    office.clock.step_to(BUILD_MS + 30 * DAY)
    sent(office, 1)
    office.clock.forward(100 * DAY)
    sent(office, 1)

    assert min(pruned(office)) > 12


def test_pruning_touches_a_bounded_number_of_rows_at_once(office, monkeypatch):
    monkeypatch.setattr(pruning, "ROWS_AT_ONCE", 2)
    sent(office, 6)
    office.clock.forward(100 * DAY)
    office.courier.heartbeat("good")
    counts = []
    while count := pruning.prune_some(office.store, 90):
        counts.append(count)

    assert counts == [2, 2, 2, 1]


def test_the_floor_is_the_lowest_line_that_is_left(office):
    sent(office, 9)
    with office.store.write():
        for last in range(11):
            office.store.run("UPDATE line SET body = NULL WHERE n <= ?", last)
            assert ledger.floor(office.store, 1, 10) == last + 1
    assert ledger.state(office.store, "enrollments").floor == 11


def test_a_tapped_moment_between_receipts_counts_as_unsent(office):
    sent(office, 1)
    office.clock.forward(MINUTE)
    office.ticket(nik=False)

    assert ledger.state(office.store, "enrollments").oldest_unsent_t == office.clock.wall_ms()
