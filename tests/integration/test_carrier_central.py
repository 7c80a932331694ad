"""Central's side of a stick: quarantine, approval, receipts on the same stick."""

from __future__ import annotations

import pytest

from agent.clock import SystemClock
from agent.folder import Folder
from agent.wire import batch, jose, line, names, pairing, receipt
from agent.wire.batch import Seen
from central import carry
from central.keys import create_central
from central.opening import open_central
from central.settings import load_central
from central.store import kiosks
from tests.builders import drawn

OFFICE = "64.02.05"
KEY = jose.new_key()
LEDGER = f"{KEY.thumbprint()}.aaaaaaaa"


@pytest.fixture
def central(tmp_path):
    create_central(tmp_path / "central", None, SystemClock(), drawn())
    opened = open_central(load_central(tmp_path / "central/central.toml"), SystemClock())
    yield opened
    opened.store.close()


@pytest.fixture
def box(tmp_path) -> Folder:
    (tmp_path / "stick").mkdir()
    return Folder(tmp_path / "stick")


def put_batch(box: Folder, first: int, count: int, s: int) -> str:
    """A batch of made-up lines, as a kiosk would put it."""
    lines = [b'{"n":%d,"t":1,"b":1,"m":1,"k":"x.y","d":{}}' % n for n in range(1, first + count)]
    chain = line.chain_start(LEDGER, "enrollments")
    for each in lines[: first - 1]:
        chain = line.chain_next(chain, each)
    file = batch.build(
        KEY, lines=lines[first - 1 :], chain_before=chain, ledger=LEDGER, stream="enrollments", first=first, floor=1,
        seen=Seen(), s=s, software="test",
    )  # fmt: skip
    box.put(names.batch_name(file), file)
    return names.batch_name(file)


def put_request(box: Folder) -> None:
    box.put(names.pair_name(KEY.thumbprint()), pairing.sign(OFFICE, KEY).encode())


def approve(central) -> None:
    with central.store.write() as database:
        kiosks.set_state(database, KEY.thumbprint(), "approved")


def held(central, box: Folder) -> int:
    token = box.read(names.receipt_name(LEDGER, "enrollments"), 10**6)
    return receipt.read(token.decode(), central.published.keys()).held.n if token else 0


def test_a_request_makes_a_kiosk_wait_for_a_person(central, box) -> None:
    put_request(box)

    assert carry.carry(central, box).pairing == 1
    with central.store.session() as database:
        assert kiosks.find(database, KEY.thumbprint()).state == "pending"


def test_a_request_under_another_name_is_not_taken(central, box) -> None:
    box.put("0" * 64 + ".pair", pairing.sign(OFFICE, KEY).encode())

    assert carry.carry(central, box).pairing == 0


def test_batches_of_a_kiosk_that_waits_lie_in_quarantine_unanswered(central, box) -> None:
    put_request(box)
    put_batch(box, 1, 5, 1)
    tally = carry.carry(central, box)

    assert (tally.quarantined, tally.new, held(central, box)) == (1, 0, 0)


def test_after_an_approval_quarantine_is_taken_in(central, box) -> None:
    put_request(box)
    put_batch(box, 1, 5, 1)
    carry.carry(central, box)
    approve(central)

    assert (carry.release(central), carry.release(central)) == (1, 0)
    assert carry.carry(central, box).known == 1
    assert held(central, box) == 5


def test_files_are_taken_in_by_number_whatever_their_names(central, box) -> None:
    put_request(box)
    carry.carry(central, box)
    approve(central)
    for s, first in enumerate((31, 11, 1, 21), 1):
        put_batch(box, first, 10, s)

    assert carry.carry(central, box).new == 4
    assert held(central, box) == 40


def test_a_damaged_file_is_counted_and_the_rest_taken(central, box) -> None:
    put_request(box)
    carry.carry(central, box)
    approve(central)
    put_batch(box, 1, 5, 1)
    broken = box.path / put_batch(box, 6, 5, 2)
    broken.write_bytes(broken.read_bytes()[:-1])
    tally = carry.carry(central, box)

    assert (tally.new, tally.damaged, held(central, box)) == (1, 1, 5)


def test_a_stick_carries_the_key_list_home(central, box) -> None:
    carry.carry(central, box)

    assert box.read(names.KEYS, 10**6).decode() == central.published.keys_token()


def test_carrying_the_same_stick_twice_changes_nothing(central, box) -> None:
    put_request(box)
    carry.carry(central, box)
    approve(central)
    put_batch(box, 1, 5, 1)
    carry.carry(central, box)
    again = carry.carry(central, box)

    assert (again.new, again.known, held(central, box)) == (0, 1, 5)


def test_quarantine_has_an_end(central, box, monkeypatch) -> None:
    monkeypatch.setattr(carry, "MOST_WAITING", 1)
    put_request(box)
    put_batch(box, 1, 5, 1)
    put_batch(box, 6, 5, 2)
    tally = carry.carry(central, box)

    assert (tally.quarantined, tally.new) == (1, 0)
