"""Forged, truncated, replayed, reordered and foreign batches: nothing twice, no fork made, nothing half done."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.errors import StoreError
from agent.wire import base64url, batch, jose, line
from central.http.problems import status_of
from central.store import frames, streams
from central.store.models import Span
from tests.contract.cases import KIOSK
from tests.integration.central_desk import Kiosk

INVALID = Path(__file__).parents[1] / "contract" / "golden" / "invalid"


def flipped(file, at):
    return file[:at] + bytes([file[at] ^ 1]) + file[at + 1 :]


def forged(kiosk):
    """The claims of a kiosk, signed by another key that shows the kiosk's."""
    head, _, frame = kiosk.batch().partition(b"\n")
    header, payload, _ = head.decode().split(".")
    signature = jose.new_key().private_key.sign(f"{header}.{payload}".encode())
    return f"{header}.{payload}.{base64url.encode(signature)}".encode() + b"\n" + frame


def foreign(kiosk):
    """A ledger of the kiosk, signed by another key that shows its own."""
    thief = Kiosk()
    thief.ledger, thief.start, thief.lines = kiosk.ledger, kiosk.start, kiosk.lines
    return thief.batch()


ATTACKS = {
    "forged": forged,
    "foreign": foreign,
    "cut off": lambda kiosk: kiosk.batch()[:-1],
    "cut in the JWS": lambda kiosk: kiosk.batch()[:100],
    "empty": lambda kiosk: b"",
    "with bytes behind": lambda kiosk: kiosk.batch() + b"\0",
    "a bit of the signature": lambda kiosk: flipped(kiosk.batch(), kiosk.batch().index(b"\n") - 20),
    "a bit of the frame": lambda kiosk: flipped(kiosk.batch(), len(kiosk.batch()) - 9),
    "a page of a portal": lambda kiosk: b"<html>Please sign in</html>\n",
}


@pytest.mark.parametrize("attack", ATTACKS.values(), ids=ATTACKS.keys())
def test_a_file_that_is_not_whole_and_signed_leaves_no_trace(desk, kiosk, attack):
    desk.post(kiosk.visits(1).batch())
    before = desk.dump()

    reply = desk.post(attack(kiosk.visits(2)))

    assert (reply.status, reply.code, desk.dump()) == (422, "malformed", before)


def test_an_unknown_version_is_unsupported(desk, kiosk):
    payload = b'{"v":2,"frame":"cbor"}'
    token = jose.sign(payload, kiosk.key, batch.TYP, show_key=True)

    reply = desk.post(token.encode() + b"\n")

    assert (reply.status, reply.code) == (422, "unsupported")


def test_batches_replayed_in_any_order_store_each_line_once(desk, kiosk):
    kiosk.visits(6)
    files = [kiosk.batch(first, first + 2) for first in (10, 7, 4, 1)]
    for file in files + files[::-1] + files:
        reply = desk.post(file)

    assert (reply.held, sorted(row["first"] for row in desk.rows(Span))) == (12, [1, 4, 7, 10])


def test_a_replay_after_the_kiosk_went_on_lowers_nothing(desk, kiosk):
    old = kiosk.visits(1).batch()
    desk.post(old)
    desk.post(kiosk.visits(1).batch(3))

    reply = desk.post(old)

    assert (reply.status, reply.held) == (200, 4)


def test_lines_swapped_within_a_batch_are_refused_one_by_one_and_held(desk, kiosk):
    kiosk.visits(1)
    kiosk.lines["enrollments"].reverse()

    reply = desk.post(kiosk.batch())

    assert (reply.status, reply.held, reply.refused) == (201, 2, {1: "wrong-number", 2: "wrong-number"})


def test_a_kiosk_cannot_change_a_visit_of_another(desk, kiosk):
    desk.post(kiosk.visits(1).batch())
    stranger = Kiosk(tail="cccccccc")
    desk.pair(stranger)

    stranger.visits(3).finish(1, "no_show", of=kiosk.ledger)
    desk.post(stranger.batch())

    assert desk.visits()["aaaaaaaa", 1] == ("ktp_print", "recorded")


@pytest.mark.parametrize("where", [(frames, "keep"), (streams, "save")], ids=["after nothing", "after all rows"])
def test_a_take_in_that_breaks_off_leaves_nothing(desk, kiosk, monkeypatch, where):
    desk.post(kiosk.visits(1).batch())
    before = desk.dump()

    def torn(*_):
        raise StoreError("database", "the disk is gone")

    monkeypatch.setattr(*where, torn)
    reply = desk.post(kiosk.visits(1).batch(3))

    assert (reply.status, desk.dump()) == (503, before)


def test_what_a_database_refuses_is_asked_for_again_later():
    assert status_of(StoreError("database", "deadlock")) == 503


def test_no_golden_file_of_a_broken_batch_is_taken(desk):
    golden = Kiosk(key=KIOSK)
    desk.pair(golden)
    before = desk.dump()

    replies = {file.name: desk.post(file.read_bytes()) for file in sorted(INVALID.glob("*.rekam"))}

    assert len(replies) > 30
    assert {reply.code for reply in replies.values()} == {"malformed", "unsupported"}
    assert desk.dump() == before


def test_a_million_empty_lines_of_a_stranger_are_too_large(desk):
    stranger = Kiosk()
    stranger.lines["enrollments"] = [b""] * 1_000_000

    file = stranger.batch()

    assert len(file) < 2000
    assert (desk.post(file).status, desk.post(file).code) == (413, "too-large")


def test_counters_that_no_database_holds_are_refused(desk, kiosk):
    reply = desk.post(kiosk.visits(1).batch(s=2**64))

    assert (reply.status, reply.code) == (422, "malformed")


def test_text_that_no_database_holds_is_held_and_shown(desk, kiosk):
    kiosk.take(service="a\0b", ticket="\0")

    reply = desk.post(kiosk.batch(software="\0\0"))

    assert (reply.status, desk.visits()) == (201, {("aaaaaaaa", 1): ("a\ufffdb", None)})


@pytest.mark.parametrize("raw", [b'{"n":1,"t":99999999999999999999999,"b":1,"m":1,"k":"x","d":{}}', b"\xff\xfe", b""])
def test_a_line_that_is_no_line_is_held(desk, kiosk, raw):
    kiosk.write_raw(raw)

    reply = desk.post(kiosk.batch())

    assert (reply.status, reply.held, len(reply.refused)) == (201, 1, 1)


def test_a_mismatch_is_no_reason_to_forget_the_highest_s(desk, kiosk):
    twin = kiosk.visits(1).copy()
    desk.post(kiosk.visits(1).batch())

    reply = desk.post(twin.visits(1, service="kia").batch(3, s=50))

    assert (reply.status, reply.receipt.s_max) == (409, 50)


def test_chains_that_are_kept_are_those_of_the_lines(desk, kiosk):
    desk.post(kiosk.visits(2).batch())

    packed = bytes(desk.rows(Span)[0]["chains"])

    assert packed[-32:] == line.chain_next(kiosk.chain(3), kiosk.lines["enrollments"][3])
