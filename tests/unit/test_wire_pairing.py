from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadData, UsageError
from agent.wire import base64url, jose, pairing
from tests.contract.cases import KIOSK, anything, refusal, token

# worked out by hand: 60 bits, five to a letter, A = 0 … Z = 25, 2 = 26 … 7 = 31
KNOWN = [
    (bytes(32), "AAAA-AAAA-AAAA"),
    (b"\xff" * 32, "7777-7777-7777"),
    (b"\x00\x44\x32\x14\xc7\x42\x54\xb6\x35" + bytes(23), "ABCD-EFGH-IJKL"),
    (bytes(7) + b"\x0f" + b"\xff" * 24, "AAAA-AAAA-AAAA"),
    (bytes(7) + b"\x10" + bytes(24), "AAAA-AAAA-AAAB"),
]


@pytest.mark.parametrize(("raw", "code"), KNOWN)
def test_a_code_is_the_base32_of_the_first_60_bits(raw, code):
    assert pairing.code(base64url.encode(raw)) == code


@given(st.binary(min_size=32, max_size=32))
def test_a_code_that_was_shown_is_the_code_that_is_typed(raw):
    shown = pairing.code(base64url.encode(raw))

    assert pairing.plain_code(shown) == shown


@pytest.mark.parametrize(
    "typed", ["ABCD-EFGH-IOB7", "abcdefghiob7", " abcd efgh iob7 ", "ABCD.EFGH.IOB7", "abcd-efgh-1087", "ABCDEFGH-1O87"]
)
def test_a_code_may_be_typed_as_people_type(typed):
    assert pairing.plain_code(typed) == "ABCD-EFGH-IOB7"


@pytest.mark.parametrize(
    "typed", ["", "ABCD-EFGH-IJK", "ABCD-EFGH-IJKLM", "ABCD-EFGH-IJK9", "ABCD-EFGH-IJKÄ", "ABCD_EFGH_IJKL", "----"]
)
def test_what_is_no_code_is_refused(typed):
    with pytest.raises(UsageError, match="bad-code"):
        pairing.plain_code(typed)


@given(st.text())
def test_any_text_is_a_code_or_refused(typed):
    assert refusal(lambda: pairing.plain_code(typed)) in {"", "bad-code"}


@pytest.mark.parametrize("thumbprint", ["", "x", base64url.encode(bytes(31)), "=" * 43])
def test_a_code_of_what_is_no_thumbprint_is_refused(thumbprint):
    with pytest.raises(BadData, match="malformed: -: thumbprint"):
        pairing.code(thumbprint)


def test_a_request_shows_the_office_and_the_key_that_asks():
    asked, key = pairing.read(pairing.sign("64.02.05", KIOSK))

    assert (asked.office, key.thumbprint()) == ("64.02.05", KIOSK.thumbprint())


def test_a_request_does_not_hold_the_code():
    signed = pairing.sign("64.02.05", KIOSK)
    letters = pairing.code(KIOSK.thumbprint())

    assert letters not in signed
    assert letters.encode() not in base64url.decode(signed.split(".")[1], field="payload")


def test_a_request_without_its_key_is_refused():
    with pytest.raises(BadData, match="must carry jwk"):
        pairing.read(jose.sign(b'{"office":"64.02.05"}', KIOSK, pairing.TYP, show_key=False))


@given(anything)
def test_any_value_for_an_office_is_read_or_refused(value):
    assert refusal(lambda: pairing.read(token({"office": value}, pairing.TYP))) in {"", "malformed"}


@given(st.binary())
def test_any_bytes_are_refused_as_a_request(payload):
    with pytest.raises(BadData):
        pairing.read(token(payload, pairing.TYP))
