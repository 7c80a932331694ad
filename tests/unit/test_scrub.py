"""Nothing that names a person or opens a door leaves the office in a text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.scrub import scrubbed, scrubbed_all


@pytest.mark.parametrize(
    "text",
    ["NIK 6402055501990001", "nik=6402055501990001;", "640205 550199 0001", "6402-05-55-01-99-0001",
     "6402.0555.0199.0001", "+62 812-3456-7890",
     "pin 280594 refused", "/nomor/6402055501990001?x",
     "6402/0555/0199/0001", "6402_0555_0199_0001", "(0812) 3456 7890"],
)  # fmt: skip
def test_numbers_of_people_are_taken_out(text):
    left = scrubbed(text)

    assert "[…]" in left
    assert sum(letter.isdigit() for letter in left) == 0


@pytest.mark.parametrize(
    "text",
    ["2026-11-22T07:30:00Z", "no end after 12 s", "10.64.2.1:443", "046d:0825", "kernel 6.1.0-28-amd64", "64.02.05",
     "127.0.0.1:4501", "http_status 503", "192.168.100.200", "at 2026-11-22 07:30:01",
     "1.2.3"],
)  # fmt: skip
def test_what_a_technician_needs_stays(text):
    assert scrubbed(text) == text


def test_credentials_in_an_address_are_taken_out():
    assert scrubbed("http://siti:rahasia@10.0.0.1:3128 refused") == "http://[…]@10.0.0.1:3128 refused"


def test_a_long_token_keeps_only_its_beginning():
    assert scrubbed("Bearer abcdefghijklmnopqrstuvwxyzABCDEFGHIJ") == "Bearer abcdef[…]"


def test_a_name_is_found_in_any_case_and_the_longest_first():
    assert scrubbed("SITI RAHMA and siti", ["Siti", "Siti Rahma"]) == "[…] and […]"


@given(st.text("0123456789", min_size=16, max_size=16), st.text(max_size=20), st.text(max_size=20))
def test_no_nik_survives_wherever_it_stands(nik, before, after):
    assert nik not in scrubbed(f"{before} {nik} {after}")


@given(st.recursive(st.just("NIK 6402055501990001"), lambda inner: st.lists(inner) | st.dictionaries(
    st.text(max_size=3), inner), max_leaves=6))  # fmt: skip
def test_every_text_in_a_tree_is_scrubbed(tree):
    assert "6402055501990001" not in str(scrubbed_all(tree))


def test_numbers_and_keys_of_a_tree_stay():
    assert scrubbed_all({"disk_free": 5368709120, "on": [True, None, 1.5]}) == {
        "disk_free": 5368709120, "on": [True, None, 1.5]
    }  # fmt: skip
