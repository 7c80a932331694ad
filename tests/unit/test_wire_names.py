from __future__ import annotations

import hashlib
import re

from hypothesis import given
from hypothesis import strategies as st

from agent.wire import names
from tests.contract.cases import KIOSK, LEDGER


@given(st.binary())
def test_a_batch_file_is_named_by_the_hash_of_its_bytes(file):
    assert names.batch_name(file) == hashlib.sha256(file).hexdigest() + ".rekam"


def test_a_receipt_is_named_by_the_hash_of_its_ledger_and_stream():
    expected = hashlib.sha256(LEDGER.encode() + b"/health").hexdigest() + ".receipt"

    assert names.receipt_name(LEDGER, "health") == expected


def test_a_pairing_request_is_named_by_the_hash_of_the_thumbprint():
    expected = hashlib.sha256(KIOSK.thumbprint().encode()).hexdigest() + ".pair"

    assert names.pair_name(KIOSK.thumbprint()) == expected


@given(st.binary())
def test_names_survive_file_systems_that_ignore_case(file):
    assert re.fullmatch(r"[0-9a-f]{64}\.rekam", names.batch_name(file))
