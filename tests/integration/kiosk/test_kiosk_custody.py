"""The hand-over page and the list of refused records, as staff see them."""

from __future__ import annotations

import re

import pytest

from agent.actions import custody
from agent.actions.object_looks import Look, remember
from agent.actions.refused import CODES
from agent.settings_objects import ObjectStorage
from agent.store import handing, ledger


@pytest.fixture
def page(counter, take, staff):
    """The text of a page, for a signed-in officer."""
    take()
    return lambda path: staff.get(path).get_data(as_text=True)


def refuse(kiosk, n: int, code: str) -> None:
    with kiosk.store.write():
        kiosk.store.run("INSERT INTO refused VALUES (?, ?, ?, NULL)", stream(kiosk), n, code)
        kiosk.store.run("UPDATE stream SET refused_total = refused_total + 1 WHERE number = ?", stream(kiosk))


def stream(kiosk) -> int:
    return ledger.tail(kiosk.store, "enrollments").stream


def test_before_any_receipt_everything_is_told_as_kept_here(page):
    text = page("/laporan/serah-terima")

    assert "belum diterima pusat. Semuanya tersimpan di mesin ini." in text
    assert "belum diserahkan" in text


def test_lines_that_are_not_shown_are_counted_with_a_way_to_them(page, monkeypatch):
    monkeypatch.setattr(custody, "MOST_LINES", 1)
    text = page("/laporan/serah-terima")
    older = re.search(r'href="([^"]+)" data-testid="to-older"', text)[1].replace("&amp;", "&")

    assert "catatan yang lebih lama tidak ditampilkan" in text
    assert 'data-testid="to-newest"' in page(older)
    assert 'data-testid="to-newest"' not in text


@pytest.mark.parametrize("number", ["-1", "x", "0", "9" * 30])
def test_a_page_up_to_no_number_is_the_newest(page, number):
    assert 'data-testid="custody-older"' not in page(f"/laporan/serah-terima?buku=x&sampai={number}")


def test_a_day_tells_by_which_carrier_it_went(kiosk, page):
    handing.note(kiosk.store, stream(kiosk), "stick", 1, 2)

    assert "sudah diserahkan, menunggu tanda terima" in page("/laporan/serah-terima")


def test_the_health_stream_has_an_account_of_its_own(page):
    assert "Belum ada yang dicatat." in page("/laporan/serah-terima?aliran=kesehatan")


def test_without_refusals_the_list_says_so(page):
    assert "Tidak ada catatan yang ditolak." in page("/laporan/serah-terima/ditolak")


def test_refused_records_are_named_on_the_hand_over_page(kiosk, page):
    refuse(kiosk, 1, "unknown-village")

    assert "/laporan/serah-terima/ditolak" in page("/laporan/serah-terima")


@pytest.mark.parametrize("code", CODES)
@pytest.mark.parametrize("lang", ["id", "en"])
def test_every_refusal_of_the_contract_has_a_reason_and_a_next_step(kiosk, page, code, lang):
    refuse(kiosk, 1, code)
    text = page(f"/laporan/serah-terima/ditolak?lang={lang}")

    assert f'data-testid="refused-{code}"' in text
    assert "Alasan lain" not in text
    assert "Another reason" not in text


def test_a_refusal_that_this_version_does_not_know_is_shown_by_its_code(kiosk, page):
    refuse(kiosk, 1, "brand-new")

    assert "Alasan lain dari pusat: brand-new" in page("/laporan/serah-terima/ditolak")


@pytest.mark.parametrize("path", ["serah-terima", "serah-terima/ditolak"])
def test_nobody_sees_it_without_signing_in(staff, path):
    assert staff.get(f"/laporan/{path}").status_code == 303


@pytest.mark.parametrize(
    ("code", "said"),
    [("", "Penyimpanan daring terakhir dibuka"), ("objects-down", "dicoba lagi sendiri"),
     ("objects-refused", "Minta teknisi memeriksa"), ("settings", "a sentence")],
)  # fmt: skip
def test_the_last_look_into_object_storage_is_told_where_it_is_set_up(kiosk, page, monkeypatch, code, said):
    remember(kiosk.store, Look(kiosk.clock.wall_ms(), code=code, sentence="a sentence"))
    without = page("/laporan/serah-terima")
    on = ObjectStorage(endpoint="https://s3.example.go.id", bucket="rekam")
    monkeypatch.setattr(type(kiosk.office.settings), "objects", on)

    assert said in page("/laporan/serah-terima")
    assert said not in without
