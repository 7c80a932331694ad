from __future__ import annotations

import hashlib
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadData
from agent.wire import line
from tests.contract.cases import LEDGER, anything, line_lists, refusal

START = line.chain_start(LEDGER, "enrollments")
RIGHT = {"n": 1, "t": 2, "b": 3, "m": 4, "k": "kind", "d": {}}


def chain_of(some_lines):
    chain = START
    for one in some_lines:
        chain = line.chain_next(chain, one)
    return chain


@given(line_lists)
def test_a_line_reads_back_as_it_was_encoded(some_lines):
    for n, one in enumerate(some_lines, start=1):
        found, expected = line.read_line(one), json.loads(one)
        assert [found.n, found.t, found.b, found.m, found.k] == [n, *(expected[name] for name in "tbmk")]
        assert msgspec.json.decode(found.d) == expected["d"]
        assert b"\n" not in one


def test_a_line_is_compact_json_in_the_order_n_t_b_m_k_d():
    assert (
        line.encode_line(1, 2, 3, 4, "kind", {"of": "é"})
        == '{"n":1,"t":2,"b":3,"m":4,"k":"kind","d":{"of":"é"}}'.encode()
    )


def test_members_that_this_program_does_not_know_are_not_in_the_way():
    assert line.read_line(json.dumps(RIGHT | {"later": [1]}).encode()).k == "kind"


def test_a_line_of_16_kb_is_the_longest():
    room = line.MAX_LINE - len(line.encode_line(1, 2, 3, 4, "kind", ""))

    assert len(line.encode_line(1, 2, 3, 4, "kind", "x" * room)) == 16 * 1024
    with pytest.raises(BadData, match="line-too-long"):
        line.encode_line(1, 2, 3, 4, "kind", "x" * (room + 1))


def test_the_longest_line_can_be_carried_even_if_every_byte_of_it_needs_a_backslash():
    room = line.MAX_LINE - len(line.encode_line(2**53 - 1, 2**53 - 1, 2**53 - 1, 2**53 - 1, "kind", ""))
    longest = line.encode_line(2**53 - 1, 2**53 - 1, 2**53 - 1, 2**53 - 1, "kind", '"' * (room // 2))
    quoted = {"ledger": LEDGER, "stream": "enrollments", "n": 2**53 - 1, "line": longest.decode()}

    assert len(longest) >= line.MAX_LINE - 1
    assert len(line.encode_line(2**53 - 1, 2**53 - 1, 2**53 - 1, 2**53 - 1, line.CARRIED, quoted)) <= 33 * 1024


def test_a_carried_line_above_33_kb_is_refused():
    with pytest.raises(BadData, match="33792 is the most"):
        line.encode_line(1, 2, 3, 4, line.CARRIED, "x" * 33 * 1024)


@given(st.binary())
def test_any_bytes_are_a_line_or_a_refusal(text):
    assert refusal(lambda: line.read_line(text)) in {"", "not-json", "missing-field", "wrong-type"}


@given(st.sampled_from("ntbmk"), anything)
def test_any_value_in_any_member_is_read_or_refused(name, value):
    assert refusal(lambda: line.read_line(json.dumps(RIGHT | {name: value}).encode())) in {"", "not-json", "wrong-type"}


@pytest.mark.parametrize("name", "ntbmkd")
def test_a_line_without_one_of_its_members_is_refused(name):
    with pytest.raises(BadData, match="missing-field"):
        line.read_line(json.dumps({key: value for key, value in RIGHT.items() if key != name}).encode())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n", 0),
        ("n", 2**53),
        ("n", 10**40),
        ("n", 1.5),
        ("n", "1"),
        ("n", True),
        ("t", 2**53),
        ("b", -1),
        ("m", -1),
        ("k", 1),
    ],
)
def test_a_number_that_cannot_be_one_is_the_wrong_type(name, value):
    with pytest.raises(BadData, match="wrong-type"):
        line.read_line(json.dumps(RIGHT | {name: value}).encode())


@pytest.mark.parametrize(
    "data",
    [b"\xff", b'"\xff"', b'"\xed\xa0\x80"', b'"\\ud800"', b"NaN", b'"\x01"', b"[" * 99_999 + b"]" * 99_999, b"1,", b""],
)
def test_data_that_no_other_language_could_read_is_not_json(data):
    with pytest.raises(BadData, match="not-json"):
        line.read_line(b'{"n":1,"t":2,"b":3,"m":4,"k":"kind","d":' + data + b"}")


@pytest.mark.parametrize("text", [b"", b" ", b"{", b"\xef\xbb\xbf{}", b"{}{}", b"x", b"\x00"])
def test_what_is_not_one_object_is_not_json(text):
    with pytest.raises(BadData, match=r"not-json|missing-field"):
        line.read_line(text)


def test_the_chain_starts_at_the_hash_of_ledger_and_stream():
    assert hashlib.sha256(LEDGER.encode() + b"/enrollments").digest() == START


def test_the_chain_hashes_the_chain_before_and_the_line_without_its_newline():
    assert line.chain_next(START, b"{}") == hashlib.sha256(START + b"{}").digest()


def test_the_two_streams_of_a_ledger_start_with_different_chains():
    assert line.chain_start(LEDGER, "health") != START


@given(line_lists, st.data())
def test_the_chain_differs_wherever_a_line_differs(some_lines, data):
    other = list(some_lines)
    place = data.draw(st.integers(0, len(other)))
    other[place : place + 1] = [data.draw(st.binary().filter(lambda text: [text] != some_lines[place : place + 1]))]

    assert chain_of(other) != chain_of(some_lines)


@given(line_lists)
def test_the_chain_differs_where_lines_change_places(some_lines):
    swapped = some_lines[::-1]

    assert (chain_of(swapped) == chain_of(some_lines)) == (swapped == some_lines)


@pytest.mark.parametrize(
    "ledger",
    ["", "x", LEDGER[:-1], LEDGER + "a", LEDGER.replace(".", "/"), LEDGER[:-1] + "1", LEDGER + "\n", LEDGER[:-1] + "A"],
)
def test_a_ledger_that_is_not_thumbprint_dot_eight_is_refused(ledger):
    with pytest.raises(BadData, match="malformed"):
        line.ledger_thumbprint(ledger)


def test_a_ledger_names_the_only_key_that_may_sign_it():
    assert line.ledger_thumbprint(LEDGER) == LEDGER[:43]
