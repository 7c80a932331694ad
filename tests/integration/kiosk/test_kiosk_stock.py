"""The page of the stock: what is left, the book, and forms that refuse kindly."""

from __future__ import annotations

import pytest

from tests.integration.kiosk.steps import visit


@pytest.fixture
def shelf(staff, counter):
    return visit(staff, "/stok")


def test_a_new_office_is_told_to_count(shelf):
    assert "Belum pernah dicatat" in shelf.text
    assert not shelf.has("left-blanks")


def test_a_delivery_is_entered_by_boxes(shelf):
    after = shelf.touch("stock-receive", item="blanks", amount="2", unit="pack")

    assert after.shown("left-blanks") == "1.000"
    assert "1.000 lembar datang" in after.text


def test_what_is_sent_twice_is_entered_once(shelf):
    for _ in range(2):
        after = shelf.touch("stock-receive", item="blanks", amount="7", unit="piece")

    assert after.shown("left-blanks") == "7"


@pytest.mark.parametrize(("there", "sentence"), [("490", "10 kurang daripada buku"), ("500", "sama dengan buku"),
                                                ("503", "3 lebih banyak")])  # fmt: skip
def test_a_count_tells_its_difference(shelf, there, sentence):
    shelf.touch("stock-receive", item="film", amount="500", unit="piece")

    assert sentence in shelf.touch("stock-count", item="film", amount=there).text


@pytest.mark.parametrize("typed", ["-5", "--5", "", "1,5", "lima", "1e3", "99999999999999999999", "٥"])
def test_an_amount_that_cannot_be_is_refused_in_words(shelf, typed):
    after = shelf.touch("stock-count", item="blanks", amount=typed)

    assert after.status == 200
    assert "Jumlah itu tidak dapat dicatat" in after.text
    assert not after.has("left-blanks")


def test_a_number_is_typed_as_people_write_it(shelf):
    assert shelf.touch("stock-count", item="blanks", amount=" 2.600 ").shown("left-blanks") == "2.600"


def test_spoiling_what_is_not_there_is_refused_in_words(shelf):
    assert "Menurut buku tidak ada sebanyak itu" in shelf.touch("stock-spoil", item="blanks", amount="1",
                                                               reason="damaged").text  # fmt: skip


def test_the_page_reads_in_english(staff, shelf):
    assert "Blank cards, ribbon and film" in visit(staff, "/stok?lang=en").text
