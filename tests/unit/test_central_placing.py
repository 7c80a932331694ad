"""Whether a carried line counts under the identity it had."""

from __future__ import annotations

import pytest

from central.placing import Holder, Place, place

MINE = Holder(b"same", (2, "mine", "enrollments", 5))
EARLIER, LATER = (1, "other", "enrollments", 9), (3, "other", "enrollments", 2)


@pytest.mark.parametrize(
    ("original", "holder", "found"),
    [
        (None, None, Place.OLD),
        (b"same", None, Place.OLD),
        (b"else", None, Place.NEW),
        (None, Holder(b"same", EARLIER), Place.OLD),
        (None, Holder(b"same", LATER), Place.OLD),
        (None, Holder(b"else", EARLIER), Place.NEW),
        (None, Holder(b"else", MINE.rank), Place.NEW),
        (None, Holder(b"else", LATER), Place.GIVES_WAY),
        (b"same", Holder(b"else", LATER), Place.OLD),
        (b"else", Holder(b"same", EARLIER), Place.NEW),
    ],
)
def test_a_free_or_equal_place_is_taken(original, holder, found):
    assert place(MINE, original, holder, is_vouched=True) is found


def test_without_a_proof_no_place_is_free():
    assert place(MINE, None, None, is_vouched=False) is Place.NEW
