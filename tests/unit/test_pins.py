"""PINs: what is too easy, and how they are kept."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.domain.pins import check_new, hash_pin, matches
from agent.errors import BadData

SALT = bytes(range(16))
KNOWN = "3df3e2f6dc8a905f947a9d54d0c0befd468344715e8f34da484d78b3365a78fe"


@pytest.mark.parametrize("pin", ["204815", "739164", "112233", "000001", "123457", "123456789013"])
def test_a_pin_that_is_not_a_row_is_taken(pin):
    check_new(pin)


@pytest.mark.parametrize(
    "pin",
    ["", "12345", "000000", "999999", "123456", "654321", "234567", "1234567890123", "12345a", " 204815", "204815\n",
     "٢٠٤٨١٥", "20481-", "-204815"],
)  # fmt: skip
def test_a_pin_that_somebody_would_guess_or_cannot_type_is_refused(pin):
    with pytest.raises(BadData) as caught:
        check_new(pin)

    assert (caught.value.code, caught.value.field) == ("weak-pin", "pin")


def test_what_is_stored_does_not_hold_the_pin():
    stored = hash_pin("204815", SALT)

    assert "204815" not in stored
    assert stored.startswith(f"scrypt${SALT.hex()}$")


def test_the_same_pin_under_another_salt_is_stored_differently():
    assert hash_pin("204815", SALT) != hash_pin("204815", bytes(16))


def test_a_stored_pin_of_this_version_will_still_match_in_the_next():
    assert hash_pin("204815", SALT) == f"scrypt${SALT.hex()}${KNOWN}"
    assert matches("204815", f"scrypt${SALT.hex()}${KNOWN}")


@settings(max_examples=10, deadline=None)
@given(st.text(max_size=80).filter(lambda text: text != "204815"))
def test_nothing_else_matches(other):
    assert not matches(other, hash_pin("204815", SALT))


def test_a_very_long_pin_costs_no_memory_and_does_not_match():
    assert not matches("2" * 10_000_000, hash_pin("204815", SALT))
