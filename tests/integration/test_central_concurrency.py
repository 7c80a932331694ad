"""Many at once and in any order: each line exactly once, held is all of it, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central.receive import take_in
from central.store.models import Frame, Span, Stream
from tests.integration.central_desk import ENROLLMENTS, Kiosk

LINES = 24


def bytes_held(desk):
    """All lines of the only stream, read back from the evidence."""
    from central.store import frames, ledgers
    from central.store.rows import StreamKey

    with desk.central.store.session() as database:
        key = StreamKey(ledgers.in_order(database)[0], ENROLLMENTS)
        return [line for span in frames.spans_of(database, key) for line in frames.lines_of(database, span)]


def post_all(desk, files, threads=8):
    """Take in every file, many at once, as the threads of a server do; the HTTP statuses."""
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(lambda file: take_in(desk.central, file).status, files))


def test_the_same_batch_from_many_threads_is_new_once(desk, kiosk):
    file = kiosk.visits(20).batch()

    statuses = post_all(desk, [file] * 16)

    assert sorted(statuses) == [200] * 15 + [201]
    assert [len(desk.rows(model)) for model in (Frame, Span)] == [1, 1]


def test_overlapping_batches_from_many_threads_hold_each_line_once(desk, kiosk):
    kiosk.visits(LINES // 2)
    files = [kiosk.batch(first, min(first + 5, LINES)) for first in range(1, LINES + 1)]

    post_all(desk, files * 2)

    assert bytes_held(desk) == list(enumerate(kiosk.lines[ENROLLMENTS], 1))
    assert desk.rows(Stream)[0]["held"] == LINES


def test_many_kiosks_at_once_do_not_disturb_each_other(desk):
    known = [Kiosk().visits(3) for _ in range(12)]
    for each in known:
        desk.pair(each)

    statuses = post_all(desk, [each.batch() for each in known])

    assert set(statuses) == {201}
    assert [row["held"] for row in desk.rows(Stream)] == [6] * 12


def test_a_ledger_and_the_one_that_carries_it_may_arrive_together(desk, kiosk):
    kiosk.visits(10)
    later = kiosk.next_ledger().continue_from(kiosk)
    files = [each.batch(n, n + 3) for n in range(1, 18, 4) for each in (kiosk, later)]

    post_all(desk, files)

    assert len(desk.visits()) == 10


@st.composite
def parcels(draw):
    first = draw(st.integers(1, LINES))
    return first, draw(st.integers(first, LINES))


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(parcels(), max_size=12))
def test_any_order_overlap_and_repeat_ends_with_every_line_once(desk, drawn):
    kiosk = Kiosk().visits(LINES // 2)
    desk.pair(kiosk)
    for first, last in [*drawn, (1, LINES)]:
        reply = desk.post(kiosk.batch(first, last))

    with desk.central.store.session() as database:
        spans = Span.select().where(Span.ledger == kiosk.ledger).order_by(Span.first).execute(database)
        numbers = [n for span in spans for n in range(span.first, span.last + 1)]
    assert (reply.held, reply.also, numbers) == (LINES, [], list(range(1, LINES + 1)))
