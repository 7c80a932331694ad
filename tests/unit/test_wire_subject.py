from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadData
from agent.wire import base64url, subject
from tests.contract import hpke_by_hand
from tests.contract.cases import LEDGER, SEAL, fixed_key

INFO = subject.info(LEDGER, "enrollments", 3)
OTHER = fixed_key("another seal", "X25519")
SEALED = subject.seal({"nik": "6402050101010001"}, SEAL, INFO)
subjects = st.dictionaries(st.text(max_size=10), st.text(max_size=60), max_size=4)
private = SEAL.private_key.private_bytes_raw()
public = SEAL.public_key.public_bytes_raw()


@given(subjects)
def test_a_subject_opens_with_the_right_key_and_line(person):
    assert subject.unseal(subject.seal(person, SEAL, INFO), SEAL, INFO) == person


@pytest.mark.parametrize(
    ("key", "info"),
    [
        (OTHER, INFO),
        (SEAL, subject.info(LEDGER, "enrollments", 4)),
        (SEAL, subject.info(LEDGER, "health", 3)),
        (SEAL, subject.info(LEDGER[:-1] + "z", "enrollments", 3)),
        (SEAL, b""),
    ],
)
def test_a_subject_opens_with_no_other_key_and_beside_no_other_line(key, info):
    with pytest.raises(BadData, match="cannot-open"):
        subject.unseal(SEALED, key, info)


def test_the_name_of_a_line_is_ascii_ledger_stream_number():
    assert LEDGER.encode() + b"/enrollments/3" == INFO


@given(subjects)
def test_the_length_shows_nothing_but_a_number_of_blocks(person):
    plain = subject.pad(person)

    assert len(plain) % 128 == 0
    assert len(base64url.decode(subject.seal(person, SEAL, INFO), field="x")) == 32 + len(plain) + 16
    assert json.loads(plain) == person


@given(st.text("0123456789", max_size=16), st.text("abc ", max_size=40), st.text("0123456789", max_size=15))
def test_persons_that_fit_a_block_have_the_same_length(nik, name, phone):
    assert len(subject.seal({"nik": nik, "name": name, "phone": phone}, SEAL, INFO)) == len(SEALED)


def test_the_same_person_sealed_twice_looks_different():
    assert subject.seal({"nik": "6402050101010001"}, SEAL, INFO) != SEALED


@given(subjects)
def test_what_we_seal_opens_by_the_rfc_alone(person):
    raw = base64url.decode(subject.seal(person, SEAL, INFO), field="x")

    assert json.loads(hpke_by_hand.unseal(raw, private, INFO)) == person


@given(subjects, st.binary(min_size=32, max_size=32))
def test_what_the_rfc_alone_seals_we_open(person, ephemeral):
    raw = hpke_by_hand.seal(subject.pad(person), public, INFO, ephemeral)

    assert subject.unseal(base64url.encode(raw), SEAL, INFO) == person


@given(st.integers(0, len(base64url.decode(SEALED, field="x")) - 1), st.integers(1, 255))
def test_one_other_byte_and_it_does_not_open(place, flip):
    raw = bytearray(base64url.decode(SEALED, field="x"))
    raw[place] ^= flip
    # X25519 ignores the highest bit of a public key, but HPKE hashes all of it
    with pytest.raises(BadData, match="cannot-open"):
        subject.unseal(base64url.encode(bytes(raw)), SEAL, INFO)


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_as_a_subject(raw):
    with pytest.raises(BadData, match="cannot-open"):
        subject.unseal(base64url.encode(raw), SEAL, INFO)


@given(st.text())
def test_any_text_is_refused_as_a_subject(text):
    with pytest.raises(BadData):
        subject.unseal(text, SEAL, INFO)


@pytest.mark.parametrize("plain", [b"", b"[]", b"{", b'{"nik":1}', b"\xff", b'{"a":' + b"[" * 5000, b"5" * 9000])
def test_a_well_sealed_text_that_is_no_subject_is_refused(plain):
    raw = hpke_by_hand.seal(plain, public, INFO, bytes(range(32)))

    with pytest.raises(BadData, match="cannot-open"):
        subject.unseal(base64url.encode(raw), SEAL, INFO)
