from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadData, BadSignature
from agent.wire import keys, receipt
from agent.wire.batch import Seen
from tests.contract.cases import (
    CHAIN,
    KEYS,
    KIOSK,
    LEDGER,
    RECEIPT,
    ROOT,
    anything,
    receipt_fields,
    receipt_token,
    refusal,
    token,
)

MOST = 2**53 - 1
counts = st.integers(0, MOST)


def ranges(count, first=2):
    """Ranges of one line each, with a line missing before each."""
    return [{"first": first + 2 * i, "last": first + 2 * i, "chain": CHAIN} for i in range(count)]


@given(counts, counts, counts, counts, st.tuples(counts, counts), st.integers(-MOST, MOST))
def test_a_receipt_that_was_signed_is_read_the_same(n, epoch, seq, s, settings, at):
    fields = receipt_fields(held={"n": n, "chain": CHAIN}, epoch=epoch, seq=seq, s=s, settings=settings, at=at)
    said = msgspec.convert(fields, receipt.Receipt)

    assert receipt.read(receipt.sign(said, RECEIPT), KEYS) == said
    assert said.pair == Seen(epoch, seq)


def test_a_receipt_does_not_show_its_key():
    said = msgspec.convert(receipt_fields(), receipt.Receipt)
    header = receipt.jose.peek(receipt.sign(said, RECEIPT), receipt.TYP)

    assert (header.kid, header.jwk) == (RECEIPT.thumbprint(), None)


def test_a_problem_is_left_out_where_there_is_none():
    said = msgspec.convert(receipt_fields(), receipt.Receipt)

    assert "problem" not in msgspec.to_builtins(said)


@pytest.mark.parametrize(
    "problem", [{"code": "revoked"}, {"code": "chain-mismatch", "n": 7}, {"code": "of-a-later-version"}]
)
def test_a_problem_is_read_even_if_its_code_is_not_known_yet(problem):
    found = receipt.read(receipt_token(problem=problem), KEYS).problem

    assert (found.code, found.n) == (problem["code"], problem.get("n"))


@pytest.mark.parametrize(("key", "code"), [(KIOSK, "unknown-key"), (ROOT, "unknown-key")])
def test_a_receipt_by_a_key_that_is_not_listed_is_not_believed(key, code):
    with pytest.raises(BadSignature, match=code):
        receipt.read(token(receipt_fields(), receipt.TYP, key=key), KEYS)


def test_a_key_listed_for_settings_signs_no_receipts():
    listed = keys.KeyList(1, 8, [keys.listed(RECEIPT, "settings")])

    with pytest.raises(BadSignature, match="unknown-key"):
        receipt.read(receipt_token(), listed)


def test_the_kid_of_a_listed_key_is_not_enough():
    forged = token(receipt_fields(), receipt.TYP, key=KIOSK, header={"kid": RECEIPT.thumbprint()})

    with pytest.raises(BadSignature, match="bad-signature"):
        receipt.read(forged, KEYS)


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"ledger": "x"},
        {"stream": "visits"},
        {"held": {"n": -1, "chain": CHAIN}},
        {"held": {"n": MOST + 1, "chain": CHAIN}},
        {"held": {"n": 1, "chain": CHAIN + "="}},
        {"held": {"n": 1, "chain": CHAIN[:-2]}},
        {"held": {"n": 1}},
        {"also": [{"first": 3, "last": 2, "chain": CHAIN}]},
        {"also": [{"first": 1, "last": 1, "chain": CHAIN}]},
        {"also": [{"first": 3, "last": 3, "chain": "x"}]},
        {"also": ranges(2)[::-1]},
        {"also": [*ranges(1), {"first": 3, "last": 3, "chain": CHAIN}]},
        {"also": ranges(33)},
        {"refused": [{"n": n, "code": "not-json"} for n in range(1, 102)]},
        {"refused": [{"n": 0, "code": "not-json"}]},
        {"refused_total": -1},
        {"epoch": -1},
        {"seq": MOST + 1},
        {"s": None},
        {"s_max": 2**63},
        {"settings": [1]},
        {"settings": [1, 2, 3]},
        {"keys": "7"},
        {"problem": {"n": 1}},
    ],
    ids=str,
)
def test_a_receipt_that_cannot_be_true_is_not_believed(changes):
    with pytest.raises(BadData, match="malformed"):
        receipt.read(receipt_token(**changes), KEYS)


def test_as_many_ranges_and_refusals_as_allowed_are_read():
    refused = [{"n": n, "code": "not-json"} for n in range(1, 101)]
    found = receipt.read(receipt_token(also=ranges(32), refused=refused, refused_total=500), KEYS)

    assert (len(found.also), len(found.refused), found.refused_total) == (32, 100, 500)


@pytest.mark.parametrize("name", list(receipt_fields()))
def test_a_receipt_without_one_of_its_members_is_not_believed(name):
    fields = {key: value for key, value in receipt_fields().items() if key != name}

    with pytest.raises(BadData, match="missing required field"):
        receipt.read(token(fields, receipt.TYP, key=RECEIPT), KEYS)


def test_members_that_nobody_knows_yet_are_ignored():
    assert receipt.read(receipt_token(later=1), KEYS).ledger == LEDGER


def test_a_member_that_stands_twice_is_refused():
    text = json.dumps(receipt_fields())[:-1] + ', "epoch": 9}'

    with pytest.raises(BadData, match="stands twice"):
        receipt.read(token(text.encode(), receipt.TYP, key=RECEIPT), KEYS)


@given(st.sampled_from([*receipt_fields(), "problem"]), anything)
def test_any_value_in_any_member_is_read_or_refused(name, value):
    assert refusal(lambda: receipt.read(receipt_token(**{name: value}), KEYS)) in {"", "malformed"}


@given(st.binary())
def test_any_bytes_are_refused_as_a_receipt(payload):
    with pytest.raises(BadData):
        receipt.read(token(payload, receipt.TYP, key=RECEIPT), KEYS)


@pytest.mark.parametrize("body", ["<html><h1>Welcome to Hotspot</h1></html>", "", "{}", '{"status": "ok"}', "ok"])
def test_what_a_captive_portal_says_is_no_receipt(body):
    with pytest.raises(BadData):
        receipt.read(body, KEYS)


def test_a_batch_sent_back_is_no_receipt():
    with pytest.raises(BadData, match="rekam-receipt"):
        receipt.read(token(receipt_fields(), "rekam-batch+jws", key=RECEIPT), KEYS)
