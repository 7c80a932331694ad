"""The first fault of a line."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.wire.kinds import KINDS
from agent.wire.receipt import REFUSALS
from central.faults import Rules, read_entry

RULES = Rules(lambda code: code == "64.02.05", lambda code: code == "64.02.05.2001")
TICKET = {"day": 1, "ticket": "A-1", "service": "kia", "office": "64.02.05", "village": "64.02.05.2001"}


def line(k, d, n=7, **more):
    return json.dumps({"n": n, "t": 1, "b": 1, "m": 1, "k": k, "d": d, **more}).encode()


def fault(raw):
    return read_entry(7, raw, RULES).fault


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (line("ticket.taken", TICKET), None),
        (line("ticket.taken", TICKET | {"later": True}), None),
        (line("never.heard.of", [1, 2]), None),
        (line("x", {}, later=1), None),
        (b"", "not-json"),
        (b'{"n":7', "not-json"),
        (b"\xff", "not-json"),
        (b'{"n":7,"t":1,"b":1,"m":1,"k":"day.opened","d":{"day":1,"date":"\\ud800"}}', "not-json"),
        (b"[]", "wrong-type"),
        (b"{}", "missing-field"),
        (line("x", {}, n="7"), "wrong-type"),
        (line("x", {}, n=7.5), "wrong-type"),
        (line("x", {}, t=2**63), "wrong-type"),
        (line("x", {}, n=8), "wrong-number"),
        (line("ticket.taken", {}), "missing-field"),
        (line("ticket.taken", TICKET | {"day": "1"}), "wrong-type"),
        (line("ticket.taken", TICKET | {"day": 2**63}), "wrong-type"),
        (line("ticket.taken", TICKET | {"office": "64.02.06"}), "unknown-office"),
        (line("ticket.taken", TICKET | {"village": "64.02.05.2002"}), "unknown-village"),
        (line("ticket.taken", TICKET | {"village": "outside"}), None),
        (line("ticket.taken", TICKET | {"village": "unknown"}), None),
        (line("carried", {"ledger": "x", "stream": "health", "n": 1, "line": "{}"}), "wrong-type"),
    ],
)
def test_the_first_fault_is_named(raw, code):
    assert fault(raw) == code


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["visit", "day", "n", "line"]), inner),
)


@given(st.binary(max_size=200) | st.builds(line, st.sampled_from(sorted(KINDS)), values))
def test_whatever_arrives_is_good_or_has_one_of_the_six_faults(raw):
    assert fault(raw) in (None, *REFUSALS)


def test_what_can_be_read_of_a_faulty_line_is_read():
    entry = read_entry(7, line("ticket.taken", TICKET | {"office": "64.02.06"}), RULES)

    assert (entry.envelope.k, entry.kind) == ("ticket.taken", None)
