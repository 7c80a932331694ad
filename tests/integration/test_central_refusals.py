"""Faults in single lines, and the sealed subjects beside them."""

from __future__ import annotations

import pytest

from agent.wire import batch, kinds
from central.store.models import Frame, Refused, Subject
from tests.integration.central_desk import ENROLLMENTS, Kiosk


def sealed(*numbers, kid="n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"):
    return [batch.Sealed(n, kid, "c2VhbGVk") for n in numbers]


def subjects(desk):
    return {(row["ledger"][-8:], row["n"]): row["info"].rpartition("/")[2] for row in desk.rows(Subject)}


def test_a_faulty_line_is_held_and_refused_by_number_and_code(desk, kiosk):
    kiosk.take()
    kiosk.take(office="64.02.06")
    kiosk.take(village="64.02.05.9999")
    kiosk.write_raw(b'{"n":4,"t":1,"b":1,"m":1,"k":"visit.finished","d":{"visit":1}}')
    kiosk.write_raw(b'{"n":5,"t":1,"b":1,"m":1,"k":"visit.finished","d":{"visit":"1","outcome":"x"}}')
    kiosk.write_raw(b"{")

    reply = desk.post(kiosk.batch())

    codes = ["unknown-office", "unknown-village", "missing-field", "wrong-type", "not-json"]
    assert (reply.held, reply.refused) == (6, dict(enumerate(codes, 2)))
    assert reply.receipt.refused_total == 5


def test_a_village_of_another_kecamatan_is_a_village(desk, kiosk):
    kiosk.take(village="15.01.01.1004")
    kiosk.take(village="outside")
    kiosk.take(village="unknown")

    assert desk.post(kiosk.batch()).refused == {}


def test_unknown_kinds_and_fields_are_no_fault(desk, kiosk):
    kiosk.write_raw(b'{"n":1,"t":1,"b":1,"m":1,"k":"weather.seen","d":{"rain":50},"new":true}')

    assert desk.post(kiosk.batch()).refused == {}


def test_a_refusal_is_told_in_every_later_receipt(desk, kiosk):
    kiosk.take(office="64.02.06")
    desk.post(kiosk.batch())

    reply = desk.post(kiosk.visits(1).batch(2, seen=(1, 1)))

    assert reply.refused == {1: "unknown-office"}


def test_a_refused_line_makes_no_visit(desk, kiosk):
    kiosk.take(office="64.02.06")
    kiosk.finish(1)

    desk.post(kiosk.batch())

    assert desk.visits() == {}


def test_more_refusals_than_a_receipt_holds_are_told_one_receipt_after_the_other(desk, kiosk):
    for _ in range(250):
        kiosk.take(office="64.02.06")
    told, reply = set(), desk.post(kiosk.batch())
    for _ in range(3):
        told |= reply.refused.keys()
        reply = desk.post(kiosk.heartbeat(seen=(reply.receipt.epoch, reply.receipt.seq)))

    assert (len(told), reply.receipt.refused_total, len(reply.refused)) == (250, 250, 100)


def test_a_receipt_that_was_lost_on_the_way_tells_its_refusals_again(desk, kiosk):
    for _ in range(150):
        kiosk.take(office="64.02.06")
    first = desk.post(kiosk.batch())

    again = desk.post(kiosk.heartbeat(seen=(0, 0)))

    assert (first.refused, first.receipt.seq) == (again.refused, again.receipt.seq)


def test_a_subject_is_kept_apart_from_the_evidence(desk, kiosk):
    desk.post(kiosk.visits(2).batch(sealed=sealed(1, 3)))

    evidence = b"".join(bytes(row["body"]) for row in desk.rows(Frame))
    assert subjects(desk) == {("aaaaaaaa", 1): "1", ("aaaaaaaa", 3): "3"}
    assert b"c2VhbGVk" not in evidence


def test_the_subject_of_a_refused_line_is_not_kept(desk, kiosk):
    kiosk.take(office="64.02.06")

    desk.post(kiosk.batch(sealed=sealed(1)))

    assert subjects(desk) == {}


def test_a_replay_does_not_bring_back_an_erased_subject(desk, kiosk):
    file = kiosk.visits(1).batch(sealed=sealed(1))
    desk.post(file)
    with desk.central.store.write() as database:
        Subject.delete().execute(database)

    desk.post(file)

    assert subjects(desk) == {}


def test_a_carried_subject_lies_under_the_identity_its_line_counts_by(desk, kiosk):
    kiosk.visits(1)
    later = kiosk.next_ledger().continue_from(kiosk)

    desk.post(later.batch(sealed=sealed(2)))

    assert subjects(desk) == {("aaaaaaaa", 1): "1"}


def test_a_carried_subject_moves_with_its_line(desk, kiosk):
    twin = kiosk.copy()
    later = kiosk.next_ledger().continue_from(kiosk.visits(1))
    desk.post(later.batch(sealed=sealed(2)))

    desk.post(twin.visits(1, service="kia").batch())

    assert subjects(desk) == {("bbbbbbbb", 2): "1"}


def test_an_erased_subject_does_not_come_back_carried(desk, kiosk):
    desk.post(kiosk.visits(1).batch(sealed=sealed(1)))
    with desk.central.store.write() as database:
        Subject.delete().execute(database)

    desk.post(kiosk.next_ledger().continue_from(kiosk).batch(sealed=sealed(2)))

    assert subjects(desk) == {}


@pytest.mark.parametrize(
    ("inner", "code"),
    [
        (b'{"n":2,"t":1,"b":1,"m":1,"k":"x","d":{}}', "wrong-number"),
        (b"{", "not-json"),
        (b'{"n":1,"t":1,"b":1,"m":1,"k":"visit.finished","d":{}}', "missing-field"),
    ],
)
def test_a_fault_in_a_carried_line_refuses_the_carrier(desk, kiosk, inner, code):
    kiosk.write(kinds.Carried(kiosk.ledger[:-8] + "zzzzzzzz", ENROLLMENTS, 1, inner.decode()))

    assert desk.post(kiosk.batch()).refused == {1: code}


def test_a_carried_line_is_not_wrapped_again(desk, kiosk):
    old = Kiosk(key=kiosk.key, tail="zzzzzzzz").visits(1)
    middle = Kiosk(key=kiosk.key, tail="yyyyyyyy").carry(old, 1)

    desk.post(kiosk.carry(middle, 1).batch())

    assert {row["code"] for row in desk.rows(Refused)} == {"wrong-type"}
