from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadData, BadSignature
from agent.wire import jose, proof
from tests.contract.cases import KIOSK, STRANGER, token

NEW = STRANGER.thumbprint()


def test_a_proof_names_the_new_key_and_the_old_one_that_vouches_for_it():
    assert proof.read_proof(proof.sign_proof(NEW, KIOSK)) == (NEW, KIOSK.thumbprint())


def test_the_payload_is_the_new_thumbprint_in_ascii_and_nothing_else():
    assert jose.verify(proof.sign_proof(NEW, KIOSK), KIOSK, "rekam-proof+jws") == NEW.encode("ascii")


def test_nobody_vouches_in_the_name_of_another_key():
    forged = token(NEW.encode(), proof.TYP, key=STRANGER, header={"kid": KIOSK.thumbprint(), "jwk": jose.public(KIOSK)})

    with pytest.raises(BadSignature, match="bad-signature"):
        proof.read_proof(forged)


@pytest.mark.parametrize(
    "payload", ["", NEW[:-1], NEW + "A", NEW + "\n", f'"{NEW}"', NEW[:-1] + "é", "=" * 43, NEW[:42] + "_"]
)
def test_a_proof_that_names_no_thumbprint_is_refused(payload):
    with pytest.raises(BadData, match="malformed: -: proof"):
        proof.read_proof(token(payload.encode(), proof.TYP))


@given(st.binary())
def test_any_bytes_are_refused_as_a_proof(payload):
    with pytest.raises(BadData):
        proof.read_proof(token(payload, proof.TYP))


def test_a_pairing_request_proves_nothing():
    with pytest.raises(BadData, match="rekam-proof"):
        proof.read_proof(token({"office": "64.02.05"}, "rekam-pair+jws"))
