from __future__ import annotations

import hashlib
import hmac
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadData, BadSignature
from agent.wire import base64url, jose
from tests.contract.cases import KIOSK, SEAL, STRANGER, anything, refusal, token

TYP = "rekam-test+jws"
GOOD = token({"v": 1}, TYP)
HEAD, BODY, SIGNATURE = GOOD.split(".")
PUBLIC = jose.public(KIOSK)
ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


def stray_bits(text):
    """Another text that a careless base64 decoder takes for the same bytes."""
    return text[:-1] + ALPHABET[ALPHABET.index(text[-1]) ^ 1]


def mac_with_the_public_key():
    head = base64url.encode(json.dumps({"alg": "HS256", "typ": TYP, "kid": KIOSK.thumbprint(), "jwk": PUBLIC}).encode())
    mac = hmac.new(base64url.decode(PUBLIC["x"], field="x"), f"{head}.{BODY}".encode(), hashlib.sha256)
    return f"{head}.{BODY}.{base64url.encode(mac.digest())}"


def test_what_was_signed_is_read_back_with_the_key_that_signed_it():
    payload, key = jose.verify_by_header(jose.sign(b'{"v":1}', KIOSK, TYP, show_key=True), TYP)

    assert (payload, key.thumbprint()) == (b'{"v":1}', KIOSK.thumbprint())


def test_a_token_made_by_hand_is_the_one_that_a_library_makes():
    assert jose.verify_by_header(GOOD, TYP)[0] == b'{"v": 1}'


def test_the_public_part_of_a_key_holds_nothing_private():
    assert set(jose.public(KIOSK)) == {"kty", "crv", "x"}


@pytest.mark.parametrize("alg", ["none", "EdDSA", "HS256", "ed25519", "Ed448", "ES256", "", None, 1, ["Ed25519"]])
def test_any_algorithm_but_ed25519_by_its_own_name_is_refused(alg):
    with pytest.raises(BadData, match="malformed: -: header"):
        jose.verify_by_header(token({}, TYP, header={"alg": alg}), TYP)


def test_a_mac_that_takes_the_public_key_for_its_secret_is_refused():
    with pytest.raises(BadData, match="malformed: -: header"):
        jose.verify_by_header(mac_with_the_public_key(), TYP)


@pytest.mark.parametrize("typ", ["rekam-batch+jws", "REKAM-TEST+JWS", "rekam-test+jws ", "JWT", "", None])
def test_a_token_meant_for_something_else_is_refused(typ):
    with pytest.raises(BadData, match="malformed: -: header"):
        jose.verify_by_header(token({}, TYP, header={"typ": typ}), TYP)


@pytest.mark.parametrize(
    "kid", ["", STRANGER.thumbprint(), stray_bits(KIOSK.thumbprint()), KIOSK.thumbprint() + "=", None]
)
def test_a_kid_that_is_not_the_thumbprint_of_jwk_is_refused(kid):
    with pytest.raises(BadData, match="malformed"):
        jose.verify_by_header(token({}, TYP, header={"kid": kid}), TYP)


def test_a_key_that_is_known_does_not_make_another_typ_good():
    with pytest.raises(BadData, match="malformed: -: header"):
        jose.verify(GOOD, KIOSK, "rekam-batch+jws")


def test_the_key_of_somebody_else_in_the_header_does_not_hold():
    shown = {"jwk": jose.public(STRANGER), "kid": STRANGER.thumbprint()}

    with pytest.raises(BadSignature, match="bad-signature"):
        jose.verify_by_header(token({}, TYP, header=shown), TYP)


@pytest.mark.parametrize(
    "jwk",
    [
        None,
        {},
        [],
        "x",
        PUBLIC | {"kty": "RSA"},
        PUBLIC | {"kty": "okp"},
        PUBLIC | {"kty": None},
        PUBLIC | {"crv": "X25519"},
        PUBLIC | {"crv": "Ed448"},
        PUBLIC | {"crv": {}},
        PUBLIC | {"x": ""},
        PUBLIC | {"x": PUBLIC["x"] + "="},
        PUBLIC | {"x": PUBLIC["x"] + "A"},
        PUBLIC | {"x": stray_bits(PUBLIC["x"])},
        PUBLIC | {"x": 5},
        PUBLIC | {"d": base64url.encode(bytes(32))},
        {"kty": "oct", "k": "AAAA"},
    ],
    ids=str,
)
def test_a_header_without_a_readable_public_key_is_refused(jwk):
    with pytest.raises(BadData):
        jose.verify_by_header(token({}, TYP, header={"jwk": jwk}), TYP)


@pytest.mark.parametrize("twice", ["alg", "typ", "kid", "jwk"])
def test_a_member_that_stands_twice_in_the_header_is_refused(twice):
    fields = {"alg": "Ed25519", "typ": TYP, "kid": KIOSK.thumbprint(), "jwk": PUBLIC}
    header = json.dumps(fields)[:-1] + f', "{twice}": {json.dumps(fields[twice])}}}'

    with pytest.raises(BadData, match="stands twice"):
        jose.verify_by_header(token({}, TYP, header=header.encode()), TYP)


@pytest.mark.parametrize(
    "critical",
    [
        {"crit": ["exp"], "exp": 1},
        {"crit": []},
        {"crit": ["b64"], "b64": False},
        {"b64": False},
        {"b64": True},
        {"crit": None},
    ],
)
def test_a_header_that_changes_what_is_signed_is_refused(critical):
    with pytest.raises(BadData, match="malformed: -: header"):
        jose.verify_by_header(token({}, TYP, header=critical), TYP)


def test_header_members_that_nobody_knows_yet_are_ignored():
    assert jose.verify_by_header(token({}, TYP, header={"later": 1}), TYP)[0] == b"{}"


@pytest.mark.parametrize(
    "changed",
    [
        "",
        ".",
        "..",
        HEAD,
        f"{HEAD}.{BODY}",
        f"{HEAD}.{BODY}.",
        f"{HEAD}..{SIGNATURE}",
        f".{BODY}.{SIGNATURE}",
        f"{GOOD}.",
        f"{GOOD}.{SIGNATURE}",
        f"{GOOD}\n",
        f"{GOOD} ",
        f" {GOOD}",
        f"{GOOD}=",
        f"{HEAD}.{BODY}.{SIGNATURE[:40]}\n{SIGNATURE[40:]}",
        f"{HEAD}.{BODY}.{SIGNATURE[:40]} {SIGNATURE[40:]}",
        f"{HEAD}.{BODY}.{SIGNATURE[:40]}!{SIGNATURE[40:]}",
        f"{HEAD}.{BODY}\n.{SIGNATURE}",
        f"{HEAD}\r\n.{BODY}.{SIGNATURE}",
        f"{HEAD}.{BODY}.{stray_bits(SIGNATURE)}",
        f"{HEAD}.{BODY}.{SIGNATURE[:-1]}é",
        f"{HEAD}.{BODY}.{SIGNATURE[:-1]}\ud800",
        f"{HEAD}.{base64url.encode(b'{}')}.{SIGNATURE}",
        f"{HEAD}.{BODY}.{base64url.encode(bytes(64))}",
    ],
)
def test_a_token_has_one_spelling_and_any_other_is_refused(changed):
    with pytest.raises(BadData):
        jose.verify_by_header(changed, TYP)


@given(st.integers(0, len(GOOD) - 1), st.sampled_from(ALPHABET))
def test_a_token_with_one_other_letter_is_refused(place, letter):
    changed = GOOD[:place] + letter + GOOD[place + 1 :]
    if changed != GOOD:
        with pytest.raises(BadData):
            jose.verify_by_header(changed, TYP)


@given(st.text())
def test_any_text_is_refused_as_a_token(text):
    with pytest.raises(BadData):
        jose.verify_by_header(text, TYP)


@given(st.binary())
def test_any_bytes_are_refused_as_a_header(raw):
    with pytest.raises(BadData):
        jose.verify_by_header(token({}, TYP, header=raw), TYP)


@given(st.sampled_from(["alg", "typ", "kid", "jwk", "crit", "b64"]), anything)
def test_any_value_in_any_member_of_the_header_is_read_or_refused(name, value):
    assert refusal(lambda: jose.verify_by_header(token({}, TYP, header={name: value}), TYP)) in {
        "",
        "malformed",
        "bad-key",
        "bad-signature",
    }


@pytest.mark.parametrize("inside", [b"[" * 99_999 + b"]" * 99_999, b"9" * 5000, b'"\\ud800"', b'"\xff"', b"NaN"])
def test_what_makes_parsers_stumble_is_refused_in_a_header(inside):
    header = json.dumps({"alg": "Ed25519", "typ": TYP, "kid": KIOSK.thumbprint(), "jwk": PUBLIC}).encode()

    with pytest.raises(BadData):
        jose.verify_by_header(token({}, TYP, header=header[:-1] + b', "later": ' + inside + b"}"), TYP)


@pytest.mark.parametrize(
    "text", ["", "[]", "5", "x", '{"kty":"OKP"}', "[" * 100_000, b"\xff", '{"kty":' + "9" * 5000 + "}"]
)
def test_a_text_that_is_no_key_is_refused_as_one(text):
    with pytest.raises(BadData, match=r"bad-key: kiosk\.jwk: jwk"):
        jose.read_key(text, file="kiosk.jwk")


def test_a_sealing_key_is_refused_where_a_signing_key_must_be():
    with pytest.raises(BadData, match="Ed25519"):
        jose.read_key(jose.public(SEAL))


def test_a_private_key_comes_back_from_its_text():
    key = jose.read_key(jose.private_text(KIOSK))

    assert jose.sign(b"{}", key, TYP, show_key=False) == jose.sign(b"{}", KIOSK, TYP, show_key=False)


def test_a_thumbprint_is_the_hash_of_the_members_in_alphabetical_order():
    canonical = json.dumps({"crv": "Ed25519", "kty": "OKP", "x": PUBLIC["x"]}, separators=(",", ":")).encode()

    assert KIOSK.thumbprint() == base64url.encode(hashlib.sha256(canonical).digest())
