"""The calls of docs/wire.md over HTTP: our central and the stranger must answer alike, and agent.wire believe both."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from agent.wire import base64url, batch, keys, pairing, receipt
from tests.contract import cases
from tests.contract.golden.make import HERE as GOLDEN

INVALID = json.loads((GOLDEN / "invalid" / "expected.json").read_text())


def test_the_first_batch_is_new_and_the_same_again_is_held(receiver, kiosk):
    file = kiosk.build(1, 3)
    first, again = kiosk.send(file), kiosk.send(file)

    assert (first[0], again[0]) == (201, 200)
    assert first[1].held == again[1].held == receipt.Held(3, base64url.encode(kiosk.chain(3)))
    assert list(receiver.stored(kiosk.ledger).values()) == kiosk.lines[:3]


def test_other_boundaries_store_each_line_once(receiver, kiosk):
    answers = [kiosk.send(kiosk.build(first, last))[0] for first, last in [(1, 2), (2, 4), (1, 5), (3, 3)]]

    assert answers == [201, 201, 201, 200]
    assert list(receiver.stored(kiosk.ledger).values()) == kiosk.lines


def test_lines_above_a_gap_are_provisional_until_it_closes(kiosk):
    _, above = kiosk.send(kiosk.build(4, 5))
    status, closed = kiosk.send(kiosk.build(1, 3))

    assert above.also == [receipt.Range(4, 5, base64url.encode(kiosk.chain(5)))]
    assert (above.held.n, status, closed.held.n, closed.also) == (0, 201, 5, [])


def test_another_line_under_a_held_number_is_a_mismatch_and_changes_nothing(receiver, kiosk):
    kiosk.send(kiosk.build(1, 3))
    kiosk.lines[1] = b'{"n":2,"t":0,"b":1,"m":1,"k":"day.opened","d":{}}'
    status, said = kiosk.send(kiosk.build(1, 5))

    assert (status, said.problem, said.held.n) == (409, receipt.Problem("chain-mismatch", 2), 3)
    assert receiver.stored(kiosk.ledger)[2] == cases.lines(5)[1]


def test_a_range_that_does_not_chain_to_what_closes_its_gap_is_a_mismatch(kiosk):
    kiosk.send(kiosk.build(4, 5))
    kiosk.lines[2] = b'{"n":3,"t":0,"b":1,"m":1,"k":"day.opened","d":{}}'
    status, said = kiosk.send(kiosk.build(1, 3))

    assert (status, said.problem.n, said.held.n) == (409, 3, 0)


def test_a_heartbeat_is_answered_with_the_receipt_as_it_stands(kiosk):
    kiosk.send(kiosk.build(1, 3))
    status, said = kiosk.send(kiosk.heartbeat(status=batch.Status({"enrollments": 2})))

    assert (status, said.held.n, said.s, said.s_max) == (200, 3, kiosk.s, kiosk.s)


def test_a_heartbeat_of_another_past_is_a_mismatch(kiosk):
    kiosk.send(kiosk.build(1, 5))
    kiosk.lines[4] = b'{"n":5,"t":0,"b":1,"m":1,"k":"day.opened","d":{}}'
    status, said = kiosk.send(kiosk.heartbeat())

    assert (status, said.problem) == (409, receipt.Problem("chain-mismatch", 5))


def test_a_heartbeat_of_a_kiosk_that_has_less_is_no_mismatch(kiosk):
    kiosk.send(kiosk.build(1, 5))
    kiosk.lines = kiosk.lines[:2]
    status, said = kiosk.send(kiosk.heartbeat())

    assert (status, said.problem, said.held.n) == (200, None, 5)


@pytest.mark.parametrize("by", ["batch", "heartbeat"])
def test_what_the_kiosk_has_no_more_is_counted_as_lost(kiosk, by):
    kiosk.send(kiosk.build(1, 1))
    sent = kiosk.build(4, 5, floor=4) if by == "batch" else kiosk.heartbeat(floor=6)
    _, said = kiosk.send(sent)

    assert said.held == receipt.Held(5, base64url.encode(kiosk.chain(5)))


def test_a_lost_line_that_arrives_later_is_stored(receiver, kiosk):
    kiosk.send(kiosk.heartbeat(floor=6))
    status, said = kiosk.send(kiosk.build(2, 3))

    assert (status, said.held.n, list(receiver.stored(kiosk.ledger))) == (201, 5, [2, 3])


def test_a_receiver_that_is_shown_a_receipt_it_forgot_begins_a_new_epoch(kiosk):
    _, first = kiosk.send(kiosk.build(1, 1))
    kiosk.seen = batch.Seen(first.epoch + 2, 900)
    _, said = kiosk.send(kiosk.build(2, 2))

    assert (said.epoch, said.pair > batch.Seen(3, 900)) == (4, True)


def test_receipts_of_a_stream_only_grow(kiosk):
    pairs = [kiosk.send(kiosk.build(n, n))[1].pair for n in (1, 2, 2, 4, 3)]

    assert pairs == sorted(pairs)
    assert pairs[0] < pairs[1] < pairs[3] < pairs[4]


def test_lines_that_cannot_be_used_are_held_and_refused(kiosk):
    kiosk.lines = [b"x", b'{"n":2}', *cases.lines(1, first=9), cases.lines(4)[3]]
    status, said = kiosk.send(kiosk.build(1, 4))

    assert (status, said.held.n, said.refused_total) == (201, 4, 3)
    assert {row.n: row.code for row in said.refused} == {1: "not-json", 2: "missing-field", 3: "wrong-number"}


def test_a_kiosk_is_paired_once_its_code_was_typed(receiver, unknown):
    before = unknown.pair()
    receiver.decide("approve", unknown.code)
    after = unknown.pair()

    assert (before.status, before.json()) == (202, {"status": "pending"})
    assert (after.status, after.json()["kiosk"]) == (200, unknown.key.thumbprint())
    assert {key.use for key in unknown.keys.keys} == {"receipt", "settings", "seal"}


@pytest.mark.parametrize("asked", [False, True])
def test_a_kiosk_that_nobody_approved_is_unknown(unknown, asked):
    if asked:
        unknown.pair()
    answers = [unknown.post("/v1/batches", unknown.heartbeat()), unknown.get("/v1/keys")]

    assert [(answer.status, answer.json()["code"]) for answer in answers] == [(401, "unknown-kiosk")] * 2


@pytest.mark.parametrize("body", [b"", b"x", b"\xff", b"<html>", pairing.sign("64.02.05", cases.KIOSK).encode()[:-1]])
def test_what_is_no_request_to_be_paired_is_malformed(unknown, body):
    answer = unknown.post("/v1/kiosks", body)

    assert (answer.status, answer.json()["code"]) == (422, "malformed")


@pytest.mark.parametrize("name", [name for name in INVALID if name.endswith(".rekam")])
def test_an_invalid_golden_batch_is_refused_with_its_code(unknown, name):
    answer = unknown.post("/v1/batches", (GOLDEN / "invalid" / name).read_bytes())
    code = INVALID[name]["code"]

    assert (answer.status, answer.json()["code"]) == (422, code if code == "unsupported" else "malformed")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer x", "Basic eDp5", "bearer é", "Bearer " + "A" * 4097])
def test_what_is_no_heartbeat_is_no_bearer(unknown, header):
    answer = unknown.http.request("GET", unknown.url + "/v1/keys", headers={"Authorization": header.encode()})

    assert (answer.status, answer.json()["code"]) == (401, "no-heartbeat")


def test_a_revoked_kiosk_is_told_so_by_a_receipt(receiver, kiosk):
    kiosk.send(kiosk.build(1, 2))
    receiver.decide("revoke", kiosk.code)
    status, said = kiosk.send(kiosk.build(3, 5))

    assert (status, said.problem, said.held.n, said.s) == (403, receipt.Problem("revoked"), 2, kiosk.s)


def test_a_damaged_batch_is_a_problem_and_stores_nothing(receiver, kiosk):
    answer = kiosk.post("/v1/batches", kiosk.build(1, 5)[:-1])

    assert (answer.status, answer.json()["code"]) == (422, "malformed")
    assert (answer.headers["Content-Type"], receiver.stored(kiosk.ledger)) == ("application/problem+json", {})


def test_a_batch_above_the_limit_is_told_the_limit(kiosk):
    answer = kiosk.post("/v1/batches", b"x" * 65537)

    assert (answer.status, answer.json()["code"], answer.json()["limit"]) == (413, "too-large", 65536)


def test_a_bearer_is_good_once(kiosk):
    bearer = kiosk.heartbeat().decode().strip()
    first, again = kiosk.get("/v1/keys", bearer), kiosk.get("/v1/keys", bearer)

    assert (first.status, again.status, again.json()["code"]) == (200, 401, "stale")
    assert kiosk.send(bearer.encode() + b"\n")[0] == 200


def test_a_batch_with_lines_is_no_bearer(kiosk):
    token = kiosk.build(1, 2).partition(b"\n")[0].decode()

    assert kiosk.get("/v1/keys", token).status == 401


def test_the_key_list_is_asked_for_only_when_it_changed(kiosk):
    first = kiosk.get("/v1/keys")
    again = kiosk.get("/v1/keys", **{"If-None-Match": first.headers["ETag"]})

    assert keys.read(first.data.decode(), kiosk.root) == kiosk.keys
    assert (again.status, again.data) == (304, b"")


def test_a_receipt_can_be_asked_for(kiosk):
    kiosk.send(kiosk.build(1, 4))
    said = kiosk.receipt()

    assert (said.held.n, said.s) == (4, kiosk.s)


def test_the_receipt_of_somebody_else_cannot_be_asked_for(kiosk):
    answer = kiosk.get(f"/v1/streams/{cases.LEDGER}/enrollments/receipt")

    assert (answer.status, answer.json()["code"]) == (403, "foreign-ledger")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/settings", 404, "no-settings"),
        ("/v1/streams/x/enrollments/receipt", 422, "malformed"),
        ("/v1/elsewhere", 404, "not-found"),
    ],
)
def test_a_question_that_cannot_be_answered_has_a_code(kiosk, path, status, code):
    answer = kiosk.get(path)

    assert (answer.status, answer.json()["code"]) == (status, code)


def test_the_same_batch_many_times_at_once_is_stored_once(receiver, kiosk):
    file = kiosk.build(1, 5)
    with ThreadPoolExecutor(8) as threads:
        statuses = [answer[0] for answer in threads.map(kiosk.send, [file] * 16)]

    assert sorted(statuses) == [200] * 15 + [201]
    assert list(receiver.stored(kiosk.ledger).values()) == kiosk.lines
