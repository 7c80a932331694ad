"""Forks: lines that are carried into a new ledger count once, wherever they arrive first."""

from __future__ import annotations

import itertools

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.wire import jose
from agent.wire.proof import sign_proof
from central.filing import rebuild
from central.store.models import DERIVED, Carried
from tests.integration.central_desk import EVERY_TABLE, Kiosk


def filed(desk):
    """Number of the carrier → whether the quoted line counts under its old identity."""
    return {row["n"]: bool(row["filed"]) for row in desk.rows(Carried)}


def test_carried_lines_count_under_their_old_identity_where_it_is_free(desk, kiosk):
    later = kiosk.next_ledger().continue_from(kiosk.visits(2))

    desk.post(later.batch())

    assert filed(desk) == dict.fromkeys((2, 3, 4, 5), True)
    assert desk.visits() == {("aaaaaaaa", 1): ("ktp_print", "recorded"), ("aaaaaaaa", 3): ("ktp_print", "recorded")}


def test_carried_lines_that_central_holds_already_count_once(desk, kiosk):
    desk.post(kiosk.visits(2).batch())

    desk.post(kiosk.next_ledger().continue_from(kiosk).batch())

    assert len(desk.visits()) == 2
    assert set(filed(desk).values()) == {True}


def test_carried_lines_never_move_what_is_held_of_the_old_ledger(desk, kiosk):
    desk.post(kiosk.visits(2).batch(1, 2))
    desk.post(kiosk.next_ledger().continue_from(kiosk, n=2).batch())

    reply = desk.post(kiosk.heartbeat())

    assert (reply.held, reply.also) == (2, [])


def test_carried_lines_that_differ_from_held_ones_count_under_their_new_identity(desk, kiosk):
    restored = kiosk.visits(1).copy()
    desk.post(kiosk.visits(1).batch())
    restored.visits(1, service="kia")

    desk.post(restored.next_ledger().continue_from(restored, n=2).batch())

    assert desk.visits() == {
        ("aaaaaaaa", 1): ("ktp_print", "recorded"),
        ("aaaaaaaa", 3): ("ktp_print", "recorded"),
        ("bbbbbbbb", 2): ("kia", "recorded"),
    }


def test_a_new_ledger_speaks_of_the_lines_it_carried(desk, kiosk):
    restored = kiosk.copy()
    desk.post(kiosk.visits(1).batch())
    visit = restored.take(service="kia")
    later = restored.next_ledger().continue_from(restored)

    later.finish(visit, "print_ready", of=restored.ledger)
    desk.post(later.batch())

    assert desk.visits() == {("aaaaaaaa", 1): ("ktp_print", "recorded"), ("bbbbbbbb", 2): ("kia", "print_ready")}


def test_a_new_ledger_finishes_a_visit_of_the_old_one(desk, kiosk):
    desk.post(kiosk.visits(1).batch(1, kiosk.take()))
    later = kiosk.next_ledger().continue_from(kiosk, n=3)

    later.finish(3, "referred", of=kiosk.ledger)
    desk.post(later.batch())

    assert desk.visits()["aaaaaaaa", 3] == ("ktp_print", "referred")


def test_old_lines_that_arrive_after_the_carried_ones_come_first(desk, kiosk):
    restored = kiosk.copy()
    restored.visits(1, service="kia")
    desk.post(restored.next_ledger().continue_from(restored).batch())

    reply = desk.post(kiosk.visits(1).batch())

    assert (reply.status, reply.held) == (201, 2)
    assert desk.visits() == {("aaaaaaaa", 1): ("ktp_print", "recorded"), ("bbbbbbbb", 2): ("kia", "recorded")}


def test_equal_old_lines_that_arrive_after_the_carried_ones_count_once(desk, kiosk):
    desk.post(kiosk.visits(1).next_ledger().continue_from(kiosk).batch())

    reply = desk.post(kiosk.batch())

    assert (reply.status, reply.held, len(desk.visits())) == (201, 2, 1)


def cloned(desk, kiosk, proof):
    """A clone of the kiosk's disk in another machine, paired under its own key, with all lines carried."""
    clone = kiosk.next_ledger(key=jose.new_key())
    desk.pair(clone)
    return clone.continue_from(kiosk, proof=proof(clone), reason="cloned")


def test_a_clone_with_the_proof_of_the_old_key_continues_its_ledger(desk, kiosk):
    clone = cloned(desk, kiosk.visits(1), lambda clone: sign_proof(clone.key.thumbprint(), kiosk.key))

    desk.post(clone.batch())

    assert list(desk.visits()) == [("aaaaaaaa", 1)]


def test_without_a_proof_the_lines_of_another_key_count_under_their_new_identity(desk, kiosk):
    desk.post(cloned(desk, kiosk.visits(1), lambda clone: None).batch())

    assert desk.visits() == {("bbbbbbbb", 2): ("ktp_print", "recorded")}


def test_a_proof_for_another_key_is_none(desk, kiosk):
    stranger = jose.new_key().thumbprint()

    desk.post(cloned(desk, kiosk.visits(1), lambda clone: sign_proof(stranger, kiosk.key)).batch())

    assert list(desk.visits()) == [("bbbbbbbb", 2)]


def test_a_proof_that_arrives_late_moves_the_lines(desk, kiosk):
    clone = cloned(desk, kiosk.visits(1), lambda clone: sign_proof(clone.key.thumbprint(), kiosk.key))
    desk.post(clone.batch(2))

    desk.post(clone.batch(1, 1))

    assert list(desk.visits()) == [("aaaaaaaa", 1)]


def test_the_last_word_on_a_visit_is_that_of_the_latest_ledger(desk, kiosk):
    desk.post(kiosk.visits(1).batch())
    later = kiosk.next_ledger().continue_from(kiosk, n=2)
    later.finish(1, "cancelled", of=kiosk.ledger)
    desk.post(later.batch())

    kiosk.finish(1, "no_show")
    desk.post(kiosk.batch(3))

    assert desk.visits()["aaaaaaaa", 1] == ("ktp_print", "cancelled")


def history():
    """Three ledgers of one machine, restored twice and each time gone another way, in small batches."""
    first = Kiosk(tail="aaaaaaaa").visits(1)
    second = first.copy()
    second.visits(1, service="kia")
    third = first.copy()
    third.take(service="birth")
    first.visits(1)
    one = second.next_ledger("bbbbbbbb").continue_from(second, n=2)
    one.finish(3, "no_blank", of=first.ledger)
    two = third.next_ledger("cccccccc").continue_from(third)
    two.finish(3, "referred", of=first.ledger)
    two.visits(1)
    clock = itertools.count(1)
    return first, [
        kiosk.batch(n, min(n + 1, len(kiosk.lines["enrollments"])), s=next(clock))
        for kiosk in (first, one, two)
        for n in range(1, len(kiosk.lines["enrollments"]) + 1, 2)
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_rebuild_gives_the_tables_that_any_order_of_arrival_gave(desk, data):
    kiosk, files = history()
    empty(desk)
    desk.pair(kiosk)
    for file in data.draw(st.permutations(files)):
        assert desk.post(file).status == 201
    before = desk.dump(DERIVED)

    rebuild(desk.central.store)

    assert desk.dump(DERIVED) == before
    assert desk.visits() == {
        ("aaaaaaaa", 1): ("ktp_print", "recorded"),
        ("aaaaaaaa", 3): ("ktp_print", "recorded"),
        ("bbbbbbbb", 2): ("kia", "no_blank"),
        ("cccccccc", 4): ("birth", "referred"),
        ("cccccccc", 6): ("ktp_print", "recorded"),
    }


def empty(desk):
    with desk.central.store.write() as database:
        for model in EVERY_TABLE:
            model.delete().execute(database)
