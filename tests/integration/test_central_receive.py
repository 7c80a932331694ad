"""What central answers to batches, on both databases."""

from __future__ import annotations

import pytest

from agent.wire import batch
from central.store.models import DERIVED, Frame, Ledger, Lost, Refused, Run, Span, Stream, Subject
from tests.integration.central_desk import Kiosk

CONTENT = (Frame, Span, Run, Lost, Stream, Refused, Subject, *DERIVED)  # all but who was seen when, and the counter s


def test_new_lines_are_held(desk, kiosk):
    reply = desk.post(kiosk.visits(3).batch())

    assert (reply.status, reply.held, reply.receipt.problem) == (201, 6, None)


def test_the_same_batch_again_changes_nothing_and_is_receipted_alike(desk, kiosk):
    file = kiosk.visits(3).batch()
    first, before = desk.post(file), desk.dump()

    again = desk.post(file)

    assert (again.status, desk.dump()) == (200, before)
    assert again.receipt == first.receipt


def test_a_partly_held_batch_is_new(desk, kiosk):
    desk.post(kiosk.visits(3).batch())

    assert desk.post(kiosk.visits(1).batch(4)).status == 201


def test_other_boundaries_bring_each_line_once(desk, kiosk):
    kiosk.visits(5)
    for first, last in ((1, 4), (3, 7), (2, 10)):
        reply = desk.post(kiosk.batch(first, last))

    spans = sorted((row["first"], row["last"]) for row in desk.rows(Span))
    assert (reply.held, spans) == (10, [(1, 4), (5, 7), (8, 10)])


def test_both_streams_of_a_ledger_are_counted_apart(desk, kiosk):
    kiosk.visits(2)
    kiosk.write_raw(b'{"n":1,"t":1,"b":1,"m":1,"k":"health.something","d":{}}', stream="health")
    desk.post(kiosk.batch())

    reply = desk.post(kiosk.batch(stream="health"))

    assert (reply.held, reply.receipt.stream) == (1, "health")


def test_lines_above_a_gap_are_told_and_wait(desk, kiosk):
    kiosk.visits(5)
    desk.post(kiosk.batch(1, 2))

    reply = desk.post(kiosk.batch(5, 6))

    assert (reply.status, reply.held, reply.also) == (201, 2, [(5, 6)])


def test_a_closed_gap_moves_held_over_what_waited(desk, kiosk):
    kiosk.visits(5)
    for first, last in ((1, 2), (5, 6), (9, 10), (3, 4)):
        reply = desk.post(kiosk.batch(first, last))

    assert (reply.held, reply.also, len(desk.rows(Run))) == (6, [(9, 10)], 1)


def test_no_more_than_32_ranges_are_told(desk, kiosk):
    kiosk.visits(40)
    for n in range(3, 80, 2):
        reply = desk.post(kiosk.batch(n, n))

    assert (len(reply.also), reply.also[0], len(desk.rows(Run))) == (32, (3, 3), 39)


def test_a_gap_whose_chains_do_not_meet_stays_open(desk, kiosk):
    twin = kiosk.visits(2).copy()
    desk.post(kiosk.visits(2).batch(7, 8))
    before = desk.dump(CONTENT)

    reply = desk.post(twin.visits(2, service="kia").batch(1, 8))

    assert (reply.status, reply.receipt.problem.code, reply.receipt.problem.n) == (409, "chain-mismatch", 6)
    assert (reply.also, desk.dump(CONTENT)) == ([(7, 8)], before)


def test_another_line_under_a_held_number_is_a_mismatch(desk, kiosk):
    twin = kiosk.visits(2).copy()
    desk.post(kiosk.visits(1).batch())

    twin.take(service="kia")
    reply = desk.post(twin.batch(5))

    assert (reply.status, reply.receipt.problem.n, reply.held) == (409, 5, 6)


def test_a_heartbeat_is_receipted_without_lines(desk, kiosk):
    reply = desk.post(kiosk.heartbeat())

    assert (reply.status, reply.held, reply.receipt.seq) == (200, 0, 1)


def test_a_heartbeat_with_another_chain_is_a_mismatch(desk, kiosk):
    twin = kiosk.visits(1).copy()
    desk.post(kiosk.visits(1).batch())

    reply = desk.post(twin.visits(1).heartbeat(before=bytes(32)))

    assert (reply.status, reply.receipt.problem.n) == (409, 4)


def test_a_heartbeat_with_a_lower_last_is_no_mismatch(desk, kiosk):
    desk.post(kiosk.visits(3).batch())

    reply = desk.post(kiosk.heartbeat(last=2))

    assert (reply.status, reply.held, reply.receipt.problem) == (200, 6, None)


def test_seq_grows_only_with_news(desk, kiosk):
    kiosk.visits(3)
    replies = [desk.post(kiosk.batch(*part)) for part in ((1, 2), (1, 2), (3, 4), (6, 6), (6, 6))]

    assert [reply.receipt.seq for reply in replies] == [1, 1, 2, 3, 3]


def test_a_receipt_echoes_s_and_tells_the_highest(desk, kiosk):
    kiosk.visits(1)
    desk.post(kiosk.heartbeat(s=900))

    reply = desk.post(kiosk.batch(s=7))

    assert (reply.receipt.s, reply.receipt.s_max) == (7, 900)


def test_shown_a_newer_receipt_central_begins_an_epoch(desk, kiosk):
    kiosk.visits(3)
    desk.post(kiosk.batch(1, 4))

    reply = desk.post(kiosk.heartbeat(seen=(1, 9)))

    assert (reply.receipt.pair, reply.held) == (batch.Seen(2, 1), 4)


def test_the_new_epoch_stays_when_nothing_more_happens(desk, kiosk):
    desk.post(kiosk.visits(1).batch(seen=(4, 4)))

    reply = desk.post(kiosk.heartbeat(seen=(5, 1)))

    assert reply.receipt.pair == batch.Seen(5, 1)


def test_an_epoch_that_begins_with_a_mismatch_stays(desk, kiosk):
    twin = kiosk.visits(1).copy()
    desk.post(kiosk.visits(1).batch())
    refused = desk.post(twin.visits(1, service="kia").batch(3, seen=(4, 4)))

    reply = desk.post(kiosk.heartbeat())

    assert (refused.status, refused.receipt.pair, reply.receipt.pair) == (409, batch.Seen(5, 1), batch.Seen(5, 1))


def test_lines_that_the_kiosk_has_no_more_are_lost_by_number(desk, kiosk):
    kiosk.visits(5)
    desk.post(kiosk.batch(1, 2))

    reply = desk.post(kiosk.batch(7, 10, floor=7, seen=(1, 5)))

    lost = [(row["first"], row["last"]) for row in desk.rows(Lost)]
    assert (reply.status, reply.held, lost) == (201, 10, [(3, 6)])


def test_a_heartbeat_of_an_emptied_kiosk_counts_past_what_is_lost(desk, kiosk):
    reply = desk.post(kiosk.visits(3).heartbeat(floor=7, seen=(1, 5)))

    assert (reply.status, reply.held, desk.rows(Stream)[0]["lost_total"]) == (200, 6, 6)


def test_a_lost_line_that_arrives_later_is_stored(desk, kiosk):
    kiosk.visits(5)
    desk.post(kiosk.batch(7, 10, floor=7))

    reply = desk.post(kiosk.batch(2, 4))

    lost = [(row["first"], row["last"]) for row in desk.rows(Lost)]
    assert (reply.status, reply.held, lost) == (201, 10, [(1, 1), (5, 6)])
    assert desk.rows(Stream)[0]["lost_total"] == 3


def test_a_lost_line_that_does_not_chain_is_refused(desk, kiosk):
    twin = kiosk.visits(2).copy()
    desk.post(kiosk.visits(3).batch(7, 10, floor=7))

    reply = desk.post(twin.visits(1, service="kia").batch(5, 6))

    assert (reply.status, reply.receipt.problem.n, len(desk.rows(Span))) == (409, 6, 1)


def test_only_a_heartbeat_with_a_higher_s_changes_the_status(desk, kiosk):
    for s, unsent in ((5, 50), (4, 40), (6, 60)):
        status = batch.Status(backlog={"enrollments": unsent})
        desk.post(kiosk.heartbeat(s=s, status=status if s != 6 else None))

    desk.post(kiosk.visits(1).batch(s=7, status=batch.Status(backlog={"enrollments": 70})))

    assert '"enrollments":50' in desk.rows(Ledger)[0]["status"]


@pytest.mark.parametrize(
    ("state", "status", "code"), [("pending", 401, "unknown-kiosk"), ("suspended", 503, "suspended")]
)
def test_a_kiosk_that_is_not_approved_leaves_nothing(desk, kiosk, state, status, code):
    desk.decide(kiosk, state)
    before = desk.dump()

    reply = desk.post(kiosk.visits(1).batch())

    assert (reply.status, reply.code, desk.dump()) == (status, code, before)


def test_an_unknown_kiosk_leaves_nothing(desk):
    before = desk.dump()

    reply = desk.post(Kiosk().visits(1).batch())

    assert (reply.status, reply.code, desk.dump()) == (401, "unknown-kiosk", before)


def test_a_revoked_kiosk_gets_a_receipt_that_says_so(desk, kiosk):
    desk.post(kiosk.visits(1).batch())
    desk.decide(kiosk, "revoked")
    before = desk.dump()

    reply = desk.post(kiosk.visits(1).batch(3, s=77))

    assert (reply.status, reply.receipt.problem.code, reply.receipt.s, reply.held) == (403, "revoked", 77, 2)
    assert desk.dump() == before


def test_a_revoked_kiosk_is_told_though_central_was_restored(desk, kiosk):
    desk.decide(kiosk, "revoked")

    reply = desk.post(kiosk.visits(1).batch(seen=(3, 3)))

    assert reply.receipt.pair > batch.Seen(3, 3)
