from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadData
from agent.wire import base64url
from tests.contract.cases import refusal


@given(st.binary())
def test_decoding_gives_back_what_was_encoded(raw):
    assert base64url.decode(base64url.encode(raw), field="x") == raw


@given(st.text(alphabet="ABCDQgwxyz059-_", max_size=12))
def test_only_one_spelling_of_some_bytes_is_accepted(text):
    try:
        raw = base64url.decode(text, field="x")
    except BadData:
        return
    assert base64url.encode(raw) == text


@given(st.text())
def test_any_text_is_decoded_or_refused(text):
    assert refusal(lambda: base64url.decode(text, field="x")) in {"", "malformed"}


@pytest.mark.parametrize("text", ["AA==", "A", "AB", "A A", "AA\n", "+/8A", "AAé", "AAA=", "ＡＡ"])
def test_padding_stray_bits_blanks_and_other_alphabets_are_refused(text):
    with pytest.raises(BadData, match="malformed"):
        base64url.decode(text, field="x")


def test_the_two_signs_of_the_url_alphabet_are_understood():
    assert base64url.decode("-_8", field="x") == b"\xfb\xff"


@pytest.mark.parametrize("raw", [b"", b"31 bytes are one less than 32.."[:31], bytes(33)])
def test_bytes_of_another_size_than_asked_for_are_refused(raw):
    with pytest.raises(BadData, match="must be 32 bytes"):
        base64url.decode(base64url.encode(raw), field="x", size=32)
