from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadData, BadSignature
from agent.wire import base64url, jose, keys
from tests.contract.cases import KEYS, KIOSK, RECEIPT, ROOT, SEAL, anything, fixed_key, refusal, token

PIN = ROOT.thumbprint()
ENTRY = jose.public(RECEIPT) | {"kid": RECEIPT.thumbprint(), "use": "receipt"}
MONTHS = {month: fixed_key(f"seal {month}", "X25519") for month in ("2026-01", "2026-03", "2026-02")}
SEALING = keys.KeyList(1, 1, [keys.listed(key, "seal", month) for month, key in MONTHS.items()])


def signed(**changes):
    return token({"v": 1, "number": 7, "keys": [ENTRY]} | changes, keys.TYP, key=ROOT)


def test_a_list_signed_by_the_pinned_root_is_read():
    assert keys.read(keys.sign(KEYS, ROOT), PIN) == KEYS


def test_a_list_by_another_root_is_refused():
    with pytest.raises(BadSignature, match="foreign-root"):
        keys.read(keys.sign(KEYS, KIOSK), PIN)


def test_another_key_under_the_name_of_the_root_is_refused():
    forged = token(
        {"v": 1, "number": 7, "keys": []}, keys.TYP, key=KIOSK, header={"kid": PIN, "jwk": jose.public(ROOT)}
    )

    with pytest.raises(BadSignature, match="bad-signature"):
        keys.read(forged, PIN)


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"number": -1},
        {"number": 2**53},
        {"keys": {}},
        {"keys": [1]},
        {"keys": [{"use": "receipt"}]},
        {"keys": [ENTRY | {"kid": KIOSK.thumbprint()}]},
        {"keys": [ENTRY | {"x": base64url.encode(bytes(31))}]},
        {"keys": [ENTRY | {"use": "seal"}]},
        {"keys": [ENTRY | {"crv": "X25519"}]},
        {"keys": [ENTRY | {"kty": "EC"}]},
        {"keys": [ENTRY | {"month": 1}]},
    ],
    ids=str,
)
def test_a_list_that_is_not_what_it_says_is_refused(changes):
    with pytest.raises(BadData):
        keys.read(signed(**changes), PIN)


@pytest.mark.parametrize(
    "entry", [{"use": "later", "kty": "AKP", "pub": "x"}, {"use": ["receipt"]}, {}, ENTRY | {"use": "audit"}], ids=str
)
def test_a_key_for_a_use_that_nobody_knows_yet_spoils_no_list(entry):
    assert [key.use for key in keys.read(signed(keys=[entry, ENTRY]), PIN).keys] == ["receipt"]


def test_members_that_nobody_knows_yet_are_ignored():
    assert keys.read(signed(later=1, keys=[ENTRY | {"later": 1}]), PIN).number == 7


@given(st.sampled_from(["v", "number", "keys"]), anything)
def test_any_value_in_any_member_of_a_list_is_read_or_refused(name, value):
    assert refusal(lambda: keys.read(signed(**{name: value}), PIN)) in {"", "malformed"}


@given(st.sampled_from([*ENTRY, "month"]), anything)
def test_any_value_in_any_member_of_an_entry_is_read_or_refused(name, value):
    assert refusal(lambda: keys.read(signed(keys=[ENTRY | {name: value}]), PIN)) in {"", "malformed", "bad-key"}


def test_a_key_is_found_by_its_kid_and_use():
    assert KEYS.find(RECEIPT.thumbprint(), use="receipt").thumbprint() == RECEIPT.thumbprint()


@pytest.mark.parametrize(
    ("kid", "use"), [(RECEIPT.thumbprint(), "settings"), (SEAL.thumbprint(), "receipt"), ("", "receipt")]
)
def test_a_key_is_not_found_for_another_use(kid, use):
    with pytest.raises(BadSignature, match="unknown-key"):
        KEYS.find(kid, use=use)


@pytest.mark.parametrize(
    ("month", "found"),
    [("2026-01", "2026-01"), ("2026-02", "2026-02"), ("2026-12", "2026-03"), ("1970-01", "2026-03"), ("", "2026-03")],
)
def test_a_subject_is_sealed_for_its_month_else_for_the_newest(month, found):
    assert SEALING.sealing(month).month == found


def test_a_sealing_key_without_a_month_is_the_oldest():
    timeless = keys.listed(fixed_key("seal of no month", "X25519"), "seal")

    assert keys.KeyList(1, 1, [timeless]).sealing("2026-01") == timeless
    assert keys.KeyList(1, 1, [*SEALING.keys, timeless]).sealing("2026-12").month == "2026-03"


def test_without_a_sealing_key_there_is_none_to_seal_for():
    assert keys.KeyList(1, 1, [keys.listed(RECEIPT, "receipt")]).sealing("2026-01") is None


def test_an_entry_shows_nothing_private():
    assert not hasattr(keys.listed(SEAL, "seal", "2026-01"), "d")
    assert base64url.encode(SEAL.private_key.private_bytes_raw()).encode() not in base64url.decode(
        keys.sign(KEYS, ROOT).split(".")[1], field="payload"
    )
