"""The courier against a central in memory: answers that are lost, old, forged or of somebody else."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.store import ledger
from agent.uplink.answers import Answer, Failure
from agent.wire import batch, jose, keys
from agent.wire.receipt import MEDIA_TYPE, Held
from tests.fake_central import FakeCentral
from tests.fakes import HOUR
from tests.wired_office import WiredOffice, wired

HTML = b"<html><body>Welcome to Free Wi-Fi</body></html>"
PROBLEM = "application/problem+json"
STRANGE = {
    "a page with 200": Answer(200, "text/html", HTML),
    "a page that claims to be a receipt": Answer(200, MEDIA_TYPE, HTML),
    "a redirect": Answer(302, "text/html", b""),
    "bare 401": Answer(401, "text/plain", b"go away"),
    "bare 403": Answer(403, "text/html", HTML),
    "bare 409": Answer(409, "text/html", HTML),
    "403 that claims to be a receipt": Answer(403, MEDIA_TYPE, b""),
    "409 that claims to be a receipt": Answer(409, MEDIA_TYPE, b"a.b.c"),
    "401 stale": Answer(401, PROBLEM, b'{"code":"stale"}'),
    "413 with no limit": Answer(413, PROBLEM, b'{"code":"too-large"}'),
    "422": Answer(422, PROBLEM, b'{"code":"malformed"}'),
    "a problem that is no JSON": Answer(400, PROBLEM, b"\xff\xfe{"),
    "a problem without end": Answer(400, PROBLEM, b"[" * 100_000),
    "204 and nothing": Answer(204, "", b""),
    "500": Answer(500, "text/html", HTML),
    "503 with a time": Answer(503, PROBLEM, b"{}", retry_after_s=120.0),
    "half a megabyte": Answer(200, MEDIA_TYPE, b"x" * 512 * 1024),
    "bytes that are no text": Answer(201, MEDIA_TYPE, bytes(range(256))),
    "no answer": Failure("server-down", "timed out"),
}


office = pytest.fixture(wired)


class Answering:
    """A carrier that answers everything with one thing."""

    def __init__(self, reply) -> None:
        self.reply = reply

    def post_batch(self, file: bytes):
        return self.reply

    def get(self, path: str, heartbeat: str, etag: str = ""):
        return self.reply

    def close(self) -> None:
        """Nothing is open."""


def standing(office) -> dict[str, object]:
    """All that an answer could move."""
    return {
        table: office.store.rows(f"SELECT * FROM {table}")
        for table in ("ledger", "stream", "line", "subject", "refused", "carry")
    } | {"pairing": ledger.facts(office.store, "pairing"), "keys": (office.home / "keys/keylist.jws").read_bytes()}


def without_s(found: dict[str, object]) -> dict[str, object]:
    return {**found, "ledger": [row[:3] for row in found["ledger"]]}


@pytest.mark.parametrize("name", STRANGE)
def test_an_answer_that_is_no_receipt_moves_nothing(office, name):
    office.ticket(nik=True)
    before = without_s(standing(office))
    office.courier.central = Answering(STRANGE[name])
    turn = office.courier.send_next()

    assert turn.failed
    assert turn.link not in ("good", "slow") or name == "401 stale"
    assert without_s(standing(office)) == before


@pytest.mark.parametrize("name", STRANGE)
def test_nor_does_it_as_an_answer_to_a_heartbeat(office, name):
    office.ticket(nik=False)
    before = without_s(standing(office))
    office.courier.central = Answering(STRANGE[name])

    assert office.courier.heartbeat("good").failed
    assert without_s(standing(office)) == before


def test_a_batch_that_central_takes_is_held_and_its_subjects_go(office):
    office.ticket(nik=True)
    turn = office.courier.send_next()
    state = ledger.state(office.store, "enrollments")

    assert (turn.more, turn.failed) == (True, False)
    assert (state.held, state.last) == (2, 2)
    assert office.store.rows("SELECT * FROM subject") == []
    assert len(office.central.subjects) == 1


def test_nothing_to_send_is_no_failure_and_no_exchange(office):
    turn = office.courier.send_next()

    assert (turn.more, turn.failed, turn.link) == (False, False, "")
    assert office.central.files == []


def test_enrollments_go_before_health(office):
    from agent.wire.kinds import HealthChanged

    with office.store.write():
        ledger.append(office.store, HealthChanged("link", "good", "slow"), "health")
    office.ticket(nik=False)
    while office.courier.send_next().more:
        pass

    assert [batch.read(file).claims.stream for file in office.central.files] == ["enrollments", "health"]


def test_an_old_receipt_is_no_contact_and_does_not_pair(office):
    office.ticket(nik=False)
    office.courier.send_next()
    with office.store.write():
        ledger.set_fact(office.store, "pairing", "revoked")
    token = ledger.facts(office.store, "receipt@enrollments")["receipt@enrollments"]
    office.courier.central = Answering(Answer(200, MEDIA_TYPE, token.encode()))
    turn = office.courier.heartbeat("good")

    assert (turn.failed, turn.link) == (True, "captive-portal")
    assert ledger.facts(office.store, "pairing") == {"pairing": "revoked"}


def test_a_late_receipt_still_moves_the_cursor(office):
    """It was on its way while another batch was made: what it says of our chain is true."""
    office.ticket(nik=False)
    office.central.spoil = lambda said: msgspec.structs.replace(said, s=said.s - 1)
    office.courier.send_next()

    assert ledger.state(office.store, "enrollments").held == 2


def test_a_revoked_kiosk_keeps_its_lines_and_says_so(office):
    office.ticket(nik=True)
    office.central.revoked.add(office.courier.signer.key.thumbprint())
    turn = office.courier.send_next()

    assert (turn.failed, turn.link, turn.evidence) == (True, "server-refuses", "revoked")
    assert ledger.facts(office.store, "pairing") == {"pairing": "revoked"}
    assert len(office.store.rows("SELECT * FROM subject")) == 1


def test_a_new_receipt_key_is_found_in_the_list_that_the_root_signed(office):
    office.ticket(nik=False)
    office.central.change_key()
    turn = office.courier.send_next()

    assert turn.more
    assert office.courier.trust.keys().number == 2


def test_a_key_that_the_root_did_not_sign_is_never_believed(office):
    office.ticket(nik=False)
    office.central.key = jose.new_key()
    turn = office.courier.send_next()

    assert turn.failed
    assert ledger.state(office.store, "enrollments").held == 0


def test_a_list_of_another_root_is_not_taken(office):
    stranger = FakeCentral()
    stranger.number = 99
    office.central.key_list = stranger.key_list
    office.central.key = stranger.key
    office.ticket(nik=False)

    assert office.courier.send_next().failed
    assert office.courier.trust.keys().number == 1


def test_an_older_list_does_not_replace_a_newer_one(office):
    newer = keys.sign(keys.KeyList(1, 5, []), office.central.root)

    assert office.courier.trust.accept(newer)
    assert not office.courier.trust.accept(office.central.key_list())
    assert office.courier.trust.keys().number == 5


def test_refused_lines_are_listed_and_block_nothing(office):
    for _ in range(3):
        office.ticket(nik=True)
    office.central.refuse = lambda sent: "unknown-village" if b'"A-002"' in sent else ""
    office.courier.send_next()
    state = ledger.state(office.store, "enrollments")

    assert (state.held, state.refused) == (4, 1)
    assert office.store.rows("SELECT n, code FROM refused") == [(3, "unknown-village")]
    assert office.store.rows("SELECT * FROM subject") == []


def test_after_central_was_restored_everything_it_lacks_is_sent_again(office):
    office.ticket(nik=False)
    office.courier.send_next()
    copy = office.central.snapshot()
    office.ticket(nik=False)
    office.courier.send_next()
    office.central.restore(copy)
    office.courier.heartbeat("good")
    fallen = ledger.state(office.store, "enrollments").held
    while office.courier.send_next().more:
        pass

    assert (fallen, ledger.state(office.store, "enrollments").held) == (2, 3)
    assert ledger.state(office.store, "enrollments").seen.epoch == 1
    assert set(office.central.filed()) == set(office.identities())


def test_what_was_pruned_and_then_lost_by_central_is_counted_past(office):
    for _ in range(3):
        office.ticket(nik=False)
    copy = office.central.snapshot()
    office.courier.send_next()
    with office.store.write():
        office.store.run("UPDATE line SET body = NULL WHERE n <= 2")
    office.central.restore(copy)
    office.courier.heartbeat("good")
    while office.courier.send_next().more:
        pass
    stream = office.central.streams[office.streams()[0][1], "enrollments"]

    assert stream.lost == {1, 2}
    assert stream.held == 4


def test_a_receipt_that_never_grows_is_a_failure_and_no_endless_loop(office):
    office.ticket(nik=False)
    start = office.central.said

    def stubborn(stream, s, problem=None):
        stream.held = 0
        return start(stream, s, problem)

    office.central.said = stubborn
    turn = office.courier.send_next()

    assert (turn.failed, turn.more) == (True, False)


def test_ranges_above_a_gap_are_not_sent_again(office):
    for _ in range(5):
        office.ticket(nik=False)
    state = ledger.state(office.store, "enrollments")
    office.courier.send(state, (4, 5))
    first = ledger.state(office.store, "enrollments").also
    office.central.files.clear()
    while office.courier.send_next().more:
        pass
    sent = [(claims.first, claims.last) for claims in (batch.read(file).claims for file in office.central.files)]

    assert [(have.first, have.last) for have in first] == [(4, 5)]
    assert sent == [(1, 3), (6, 6)]


@settings(max_examples=30, deadline=None)
@given(st.lists(st.sampled_from(["ticket", "send", "beat", "lose", "keys"]), max_size=30), st.integers(0, 99))
def test_whatever_answers_are_lost_each_line_arrives_once(happened, seed):
    office = WiredOffice(Path(tempfile.mkdtemp()) / "office")
    luck = Random(seed)
    losing = []
    office.central.lose = lambda: bool(losing) and luck.random() < 0.5
    for each in happened:
        if each == "ticket":
            office.ticket(nik=luck.random() < 0.5)
        elif each == "send":
            office.courier.send_next()
        elif each == "beat":
            office.courier.heartbeat("good")
        elif each == "lose":
            losing.append(1)
        else:
            office.central.change_key()
    losing.clear()
    while office.courier.send_next().more:
        pass
    filed, written = office.central.filed(), office.identities()
    left = office.store.rows("SELECT * FROM subject")
    office.close()
    office.remove()

    assert filed == {first: body for first, (_, _, body) in written.items()}
    assert left == []


def test_the_answer_to_a_batch_ties_centrals_time_to_the_boot_clock(office):
    office.central.at = lambda: office.clock.wall_ms() + HOUR
    office.ticket(nik=False)
    office.courier.send_next()

    assert ledger.behind_central_ms(office.store) == HOUR


def test_an_old_answer_says_nothing_of_the_time(office):
    office.central.at = lambda: office.clock.wall_ms() + HOUR
    office.central.spoil = lambda said: msgspec.structs.replace(said, s=said.s - 1)
    office.ticket(nik=False)
    office.courier.send_next()

    assert ledger.behind_central_ms(office.store) is None


def test_a_receipt_for_another_chain_forks_only_when_it_answers(office):
    office.ticket(nik=False)
    wrong = "w" * 42 + "A"
    office.central.spoil = lambda said: msgspec.structs.replace(said, held=Held(2, wrong), s=said.s - 1)
    office.courier.send_next()
    before = len(office.streams())
    office.central.spoil = lambda said: msgspec.structs.replace(said, held=Held(2, wrong))
    office.courier.send_next()

    assert (before, len(office.streams())) == (2, 4)


def test_a_kiosk_that_central_stopped_is_refused_and_not_without_central(office) -> None:
    stopped = Answer(503, PROBLEM, b'{"code":"suspended"}', retry_after_s=60.0)
    office.central.post_batch = lambda file: stopped
    turn = office.courier.heartbeat("good")

    assert (turn.link, turn.evidence, turn.retry_after_s) == ("server-refuses", "HTTP 503 suspended", 60.0)
