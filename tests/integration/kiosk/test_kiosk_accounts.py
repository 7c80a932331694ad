"""A supervisor adds officers, gives new PINs and closes accounts; nobody else does."""

from __future__ import annotations

import pytest

from agent.actions.officers import officers
from tests.builders import PIN
from tests.integration.kiosk.steps import sign_in, visit

SITI = 2  # the officer of the fixtures; 1 is the office's first supervisor


@pytest.fixture
def page(second):
    """The accounts as the supervisor sees them."""
    return visit(second.client, "/petugas")


def names(kiosk) -> set[str]:
    return {each.name for each in officers(kiosk.store)}


def test_a_new_officer_signs_in_with_the_pin_that_the_page_showed(kiosk, page):
    pin = page.touch("add-officer", name=" Rina  Wati ", role="officer").shown("new-pin")

    assert sign_in(kiosk.client("staff"), "Rina Wati", pin).path == "/pin"


def test_the_pin_is_gone_when_the_page_is_opened_again(page):
    added = page.touch("add-officer", name="Rina", role="officer")

    assert added.has("new-pin")
    assert not visit(page.client, "/petugas").has("new-pin")


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"name": "", "role": "officer"}, "1 sampai 40 huruf"),
        ({"name": "x" * 9_000, "role": "officer"}, "1 sampai 40 huruf"),
        ({"name": "siti", "role": "officer"}, "sudah dipakai"),
        ({"name": "Rina", "role": "king"}, "Pilih salah satu peran"),
    ],
)
def test_what_cannot_be_is_told_and_nobody_is_added(kiosk, page, said, words):
    before = names(kiosk)

    answer = page.touch("add-officer", **said)

    assert answer.status == 422
    assert words in answer.text
    assert names(kiosk) == before


def test_a_forgotten_pin_is_replaced(kiosk, page):
    pin = page.touch(f"reset-{SITI}").shown("new-pin")

    assert sign_in(kiosk.client("staff"), "Siti", PIN).status == 403
    assert sign_in(kiosk.client("staff"), "Siti", pin).path == "/pin"


def test_a_closed_account_is_signed_out_at_once(counter, page):
    page.touch(f"close-{SITI}")

    assert visit(counter.client, "/loket").path == "/masuk"


def test_a_closed_account_is_opened_again_with_a_new_pin(kiosk, page):
    closed = page.touch(f"close-{SITI}")
    assert "Akun Siti ditutup." in closed.text

    pin = closed.touch(f"reset-{SITI}").shown("new-pin")
    assert sign_in(kiosk.client("staff"), "Siti", pin).path == "/pin"


def test_nobody_is_offered_to_close_their_own_account(page):
    assert not page.has("close-3")


def test_an_officer_sees_no_accounts(counter):
    assert visit(counter.client, "/petugas").status == 403


def test_no_name_and_no_pin_reaches_the_ledger(kiosk, page):
    pin = page.touch("add-officer", name="Rina", role="officer").shown("new-pin")

    assert not [line for line in kiosk.lines() if b"Rina" in line or pin.encode() in line]
