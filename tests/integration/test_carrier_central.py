"""Central's side of a stick: quarantine, approval, receipts on the same stick."""

from __future__ import annotations

import pytest

from agent.clock import SystemClock
from agent.folder import Folder
from agent.wire import batch, jose, line, names, pairing, receipt
from agent.wire.batch import Seen
from central import carry
from central import quarantine as bounds
from central.commands.carrying import in_words
from central.keys import create_central
from central.opening import open_central
from central.quarantine import quarantine
from central.settings import load_central
from central.store import kiosks
from central.store.models import Frame
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


def put_batch(box: Folder, first: int, count: int, s: int, key=KEY) -> str:
    """A batch of made-up lines, as a kiosk would put it."""
    lines = [b'{"n":%d,"t":1,"b":1,"m":1,"k":"x.y","d":{}}' % n for n in range(1, first + count)]
    ledger = f"{key.thumbprint()}.aaaaaaaa"
    chain = line.chain_start(ledger, "enrollments")
    for each in lines[: first - 1]:
        chain = line.chain_next(chain, each)
    file = batch.build(
        key, lines=lines[first - 1 :], chain_before=chain, ledger=ledger, stream="enrollments", first=first, floor=1,
        seen=Seen(), s=s, software="test",
    )  # fmt: skip
    box.put(names.batch_name(file), file)
    return names.batch_name(file)


def put_request(box: Folder, key=KEY) -> None:
    box.put(names.pair_name(key.thumbprint()), pairing.sign(OFFICE, key).encode())


def release(central) -> int:
    return carry.release(central, quarantine(central.settings))


def waiting(central) -> list[str]:
    return sorted(path.name for path in quarantine(central.settings).place.rglob("*.rekam"))


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

    assert (release(central), release(central)) == (1, 0)
    assert not quarantine(central.settings).sizes
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


@pytest.mark.parametrize("bound", ["MOST_OF_ONE", "MOST_BYTES"])
def test_quarantine_has_an_end_and_what_finds_no_room_stays_on_the_stick(central, box, monkeypatch, bound) -> None:
    put_request(box)
    files = [put_batch(box, 1, 5, 1), put_batch(box, 6, 5, 2)]
    monkeypatch.setattr(bounds, bound, len(box.read(files[0], 10**6)) * 3 // 2)
    tally = carry.carry(central, box)

    assert (tally.quarantined, tally.no_room, len(waiting(central))) == (1, 1, 1)
    assert box.names(".rekam") == sorted(files)


def test_quarantine_has_an_end_in_keys_however_small_their_files(central, box, monkeypatch) -> None:
    monkeypatch.setattr(bounds, "MOST_KEYS", 2)
    for key in (jose.new_key() for _ in range(3)):
        put_request(box, key)
        put_batch(box, 1, 1, 1, key)
    tally = carry.carry(central, box)

    assert (tally.quarantined, tally.no_room) == (2, 1)


def test_a_file_that_waits_already_takes_no_more_room(central, box, monkeypatch) -> None:
    put_request(box)
    put_batch(box, 1, 5, 1)
    carry.carry(central, box)
    monkeypatch.setattr(bounds, "MOST_BYTES", 0)

    assert carry.carry(central, box).quarantined == 1


def test_files_of_keys_that_never_asked_make_no_folder(central, box) -> None:
    for key in (jose.new_key() for _ in range(3)):
        put_batch(box, 1, 1, 1, key)
    tally = carry.carry(central, box)

    assert (tally.unasked, tally.quarantined, quarantine(central.settings).sizes) == (3, 0, {})
    assert "did not ask to be paired; they stay where they are" in in_words(tally)
    assert len(box.names(".rekam")) == 3


def test_files_of_a_request_that_was_forgotten_make_room(central, box) -> None:
    put_request(box)
    put_batch(box, 1, 5, 1)
    carry.carry(central, box)
    with central.store.write() as database:
        kiosks.set_state(database, KEY.thumbprint(), "revoked")
    release(central)

    assert quarantine(central.settings).sizes == {}


@pytest.mark.parametrize("carrier", ["stick", "objects"])
def test_a_released_file_is_filed_under_the_carrier_that_brought_it(central, box, carrier) -> None:
    put_request(box)
    put_batch(box, 1, 5, 1)
    carry.carry(central, box, carrier)
    approve(central)
    release(central)

    with central.store.session() as database:
        assert [frame.carrier for frame in Frame.select().execute(database)] == [carrier]


def test_quarantine_is_released_with_one_file_in_memory(central, box, monkeypatch) -> None:
    """A kiosk may have many files of many megabytes there."""
    put_request(box)
    for s, first in enumerate((1, 11, 21), 1):
        put_batch(box, first, 10, s)
    carry.carry(central, box)
    approve(central)
    steps, taken, read = [], carry.take_in, Folder.read
    monkeypatch.setattr(carry, "take_in", lambda *all_of: steps.append("taken") or taken(*all_of))
    monkeypatch.setattr(
        Folder,
        "read",
        lambda self, name, most: (most == carry.MOST_FILE and steps.append("read"), read(self, name, most))[1],
    )

    assert (release(central), steps) == (3, ["read", "taken"] * 3)
