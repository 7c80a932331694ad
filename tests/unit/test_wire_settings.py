from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import BadData, BadSignature
from agent.wire import invitation, jose, keys, settings
from tests.contract.cases import KEYS, KIOSK, RECEIPT, SETTINGS, anything, refusal, token

RIGHT = {"v": 1, "version": [2, 5], "settings": {"notices": [{"text": "Libur"}]}}


def signed(**changes):
    return token(RIGHT | changes, settings.TYP, key=SETTINGS)


@given(
    st.tuples(st.integers(0, 2**53 - 1), st.integers(0, 2**53 - 1)), st.dictionaries(st.text(), anything, max_size=3)
)
def test_settings_that_were_signed_are_read_the_same(version, sent):
    found = settings.read(settings.sign(version, sent, SETTINGS), KEYS)

    assert (found.version, found.settings) == (version, sent)


def test_settings_do_not_show_their_key():
    assert jose.peek(settings.sign((1, 1), {}, SETTINGS), settings.TYP).jwk is None


@pytest.mark.parametrize("key", [RECEIPT, KIOSK])
def test_settings_by_a_key_that_is_not_listed_for_them_are_refused(key):
    with pytest.raises(BadSignature, match="unknown-key"):
        settings.read(token(RIGHT, settings.TYP, key=key), KEYS)


def test_settings_by_a_key_that_left_the_list_are_refused():
    with pytest.raises(BadSignature, match="unknown-key"):
        settings.read(signed(), keys.KeyList(1, 8, [keys.listed(RECEIPT, "receipt")]))


@pytest.mark.parametrize(
    "changes",
    [{"v": 2}, {"version": [1]}, {"version": [-1, 1]}, {"version": [1, 2**53]}, {"version": 1}, {"settings": []}],
    ids=str,
)
def test_settings_that_are_not_what_they_say_are_refused(changes):
    with pytest.raises(BadData, match="malformed"):
        settings.read(signed(**changes), KEYS)


@given(st.sampled_from(list(RIGHT)), anything)
def test_any_value_in_any_member_is_read_or_refused(name, value):
    assert refusal(lambda: settings.read(signed(**{name: value}), KEYS)) in {"", "malformed"}


@given(st.binary())
def test_any_bytes_are_refused_as_settings(payload):
    with pytest.raises(BadData):
        settings.read(token(payload, settings.TYP, key=SETTINGS), KEYS)


def test_a_receipt_holds_no_settings():
    with pytest.raises(BadData, match="rekam-settings"):
        settings.read(token(RIGHT, "rekam-receipt+jws", key=SETTINGS), KEYS)


@pytest.mark.parametrize(
    "raw", [b"\xff", b'{"v":1,"x":"\xff"}', b'{"v":1,"x":' + b"[" * 100_000, b'{"v":' + b"9" * 5000 + b"}", b""]
)
def test_what_makes_parsers_stumble_is_refused_as_an_invitation(raw):
    with pytest.raises(BadData, match="malformed"):
        invitation.read(raw)
