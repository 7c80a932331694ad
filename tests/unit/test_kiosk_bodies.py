"""Bodies of the local API: strict, and every fault names its field."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.visits import OUTCOMES
from agent.errors import BadData, RekamError, UsageError
from kiosk_ui import bodies

TICKET = {"service": "kk", "village": "unknown", "request_id": "r-1"}
SHAPES = (bodies.TicketBody, bodies.CallBody, bodies.CounterBody, bodies.FinishBody)


def read(shape, value):
    return bodies.read(msgspec.json.encode(value), shape)


def fault(shape, value) -> tuple[str, str]:
    with pytest.raises(RekamError) as raised:
        read(shape, value)
    return raised.value.code, raised.value.field


def test_what_may_be_left_out_has_its_default():
    body = read(bodies.TicketBody, TICKET)

    assert (body.nik, body.priority) == (None, False)


def test_members_may_come_in_any_order():
    assert read(bodies.TicketBody, dict(reversed(TICKET.items()))) == read(bodies.TicketBody, TICKET)


def test_a_number_is_whole_however_a_program_writes_it():
    assert bodies.read(b'{"counter": 2.0}', bodies.CounterBody).counter == 2
    assert fault(bodies.CounterBody, {"counter": 2.5}) == ("wrong-value", "counter")


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_missing_papers_belong_to_one_outcome(outcome):
    value = {"outcome": outcome, "missing": ["kk"]}

    if outcome == "incomplete_papers":
        assert read(bodies.FinishBody, value).missing == ("kk",)
    else:
        assert fault(bodies.FinishBody, value) == ("wrong-value", "missing")


@pytest.mark.parametrize("paper", ["kk", "F-1.02", "akta kelahiran", "KTP_el"])
def test_a_paper_is_a_short_name(paper):
    assert read(bodies.FinishBody, {"outcome": "incomplete_papers", "missing": [paper]}).missing == (paper,)


@pytest.mark.parametrize("paper", ["", "6402055501990001", "a" * 41, "KK, akta", "kk\n", 1, None])
def test_what_could_be_a_person_is_no_paper(paper):
    assert fault(bodies.FinishBody, {"outcome": "incomplete_papers", "missing": [paper]}) == ("wrong-value", "missing")


@pytest.mark.parametrize("code", ["PRINT_READY_RECORD", "SFE", "x" * 64, None])
def test_a_status_code_is_an_open_set_of_words(code):
    assert read(bodies.FinishBody, {"outcome": "recorded", "status_code": code}).status_code == code


@pytest.mark.parametrize("code", ["", "x" * 65, "1234", "a;b", 5])
def test_a_status_code_is_a_word(code):
    assert fault(bodies.FinishBody, {"outcome": "recorded", "status_code": code}) == ("wrong-value", "status_code")


@pytest.mark.parametrize("counter", [1, 99])
def test_a_counter_has_two_digits_at_most(counter):
    assert read(bodies.CounterBody, {"counter": counter}).counter == counter


def test_more_papers_than_any_service_has_are_refused():
    value = {"outcome": "incomplete_papers", "missing": ["kk"] * 21}

    assert fault(bodies.FinishBody, value) == ("wrong-value", "missing")


@pytest.mark.parametrize("text", [b"", b"{", b'{"counter": }', b'{"counter": 1} x', b"\xff"])
def test_what_is_not_json_is_not_guessed_at(text):
    with pytest.raises(UsageError):
        bodies.read(text, bodies.CounterBody)


def outcome_of(text: bytes, shape) -> object:
    """The body, or the field of the expected error."""
    try:
        return bodies.read(text, shape)
    except (BadData, UsageError) as error:
        return error.field


@given(text=st.binary(max_size=300), shape=st.sampled_from(SHAPES))
def test_any_bytes_are_a_body_or_an_expected_error(text, shape):
    outcome = outcome_of(text, shape)

    assert isinstance(outcome, shape) or outcome


@given(value=st.dictionaries(st.text(max_size=8), st.none() | st.booleans() | st.integers() | st.text(max_size=8)))
def test_any_object_is_a_body_or_names_a_field(value):
    outcome = outcome_of(msgspec.json.encode(value), bodies.CounterBody)

    assert isinstance(outcome, bodies.CounterBody) or outcome in {"counter", *value}
