"""The stories that break systems which carry data: restored ends, a cloned disk, other boundaries."""

from __future__ import annotations

import json
import re
import urllib.request
from collections import Counter
from pathlib import Path

import pytest

from agent import identity
from agent.clock import SystemClock
from agent.store import ledger
from agent.store.opening import open_store
from agent.store.pruning import prune_some
from agent.uplink.signing import Signer
from tests.e2e.site import Site, attempt, copy_aside, rekam
from tests.patience import PATIENCE


def take(site: Site, prefix: str, count: int) -> list[dict]:
    return [site.take(f"{prefix}-{n:06d}") for n in range(count)]


def visits_at_central(site: Site) -> Counter:
    """(clock, ticket) of each visit, with under how many names it counts; a carried copy counts as what it copies."""
    named = {}
    for line in site.central_lines():
        said = json.loads(line["d"])
        if line["kind"] == "ticket.taken":
            named[f"{line['ledger']}/{line['stream']}/{line['n']}"] = (line["t"], said["ticket"])
        elif line["kind"] == "carried" and json.loads(said["line"])["k"] == "ticket.taken":
            inner = json.loads(said["line"])
            named[line["counts_as"]] = (str(inner["t"]), inner["d"]["ticket"])
    return Counter(named.values())


def restore(copy: Path, place: Path) -> None:
    copy_aside(copy, place)


@pytest.mark.parametrize("mark_survives", [True, False], ids=["the database alone", "the whole disk"])
def test_a_kiosk_restored_to_an_older_state_loses_and_doubles_nothing(site, mark_survives):
    first = take(site, "before", 5)
    assert site.send()
    site.stop_office()
    copy_aside(site.office / "data", site.folder / "old-data")
    site.start_office()
    second = take(site, "between", 5)
    assert site.send()
    site.stop_office()

    mark = (site.office / "data/mark.json").read_bytes()
    restore(site.folder / "old-data", site.office / "data")
    if mark_survives:
        (site.office / "data/mark.json").write_bytes(mark)
    site.start_office()
    third = take(site, "after", 5)
    assert site.send()

    counted = visits_at_central(site)
    assert set(counted.values()) == {1}
    assert len(counted) == len(first + second + third)
    assert site.status()["ledger"].split(".")[0] == site.status()["kiosk"]
    assert len({line["ledger"] for line in site.central_lines()}) == 2
    if mark_survives:
        numbers = [ticket["ticket"] for ticket in first + second + third]
        assert len(set(numbers)) == len(numbers), "a number on paper was given twice"


def test_central_restored_while_the_kiosk_has_pruned_names_what_is_lost(site):
    take(site, "kept", 3)
    assert site.send()
    site.central.stop()
    copy_aside(site.central_home / "data", site.folder / "old-central")
    site.start_central()
    take(site, "lost", 4)
    assert site.send()
    site.stop_office()
    held = prune_everything(site)

    site.central.stop()
    restore(site.folder / "old-central", site.central_home / "data")
    site.start_central()
    site.start_office()
    new = take(site, "new", 3)
    assert site.send()

    taken = [line for line in site.central_lines() if line["kind"] == "ticket.taken"]
    assert len(taken) == 3 + len(new)
    numbers = {int(line["n"]) for line in site.central_lines() if line["stream"] == "enrollments"}
    missing = set(range(1, held + 1)) - numbers
    assert missing, "nothing was lost: this story did not happen"
    assert lost_at_central(site) >= len(missing)
    stream = site.status()["streams"]["enrollments"]
    assert stream["held"] == stream["last"] > held
    assert epoch(site) == 2


def epoch(site: Site) -> int:
    """The epoch of the newest believed receipt for enrollments."""
    store = open_store(site.office, SystemClock())
    found = ledger.state(store, "enrollments").seen.epoch
    store.close()
    return found


def prune_everything(site: Site) -> int:
    """Empty every receipted line of the stopped office, as after its retention; the last enrollment's number."""
    store = open_store(site.office, SystemClock())
    while prune_some(store, 0):
        pass
    state = ledger.state(store, "enrollments")
    store.close()
    assert state.floor == state.held + 1 > 1
    return state.last


def lost_at_central(site: Site) -> int:
    """How many lines central says are lost, in its list of kiosks."""
    return int(re.search(r"lost (\d+)", rekam("central", "kiosks", "--config", str(site.central_config)))[1])


def test_a_cloned_disk_in_a_second_machine_becomes_another_kiosk(site):
    mark_machine(site, "board:0123456789abcdef")
    take(site, "shared", 3)
    assert site.send()
    site.central.stop()
    take(site, "unsent", 3)  # on both disks when the clone is made
    site.stop_office()
    twin = site.clone("twin")
    mark_machine(twin, "board:fedcba9876543210", restart=False)

    site.start_central()
    for office in (site, twin):
        office.start_office()
    twin.pair()
    mine, theirs = take(site, "mine", 4), take(twin, "theirs", 4)
    assert site.send()
    assert twin.send()
    twin.stop_office()

    assert site.status()["kiosk"] != twin.status()["kiosk"]
    counted = visits_at_central(site)
    assert set(counted.values()) == {1}
    assert len(counted) == 3 + 3 + len(mine) + len(theirs)


def mark_machine(site: Site, mark: str, *, restart: bool = True) -> None:
    """What the root unit writes at each boot; the agent looks at its start."""
    if restart:
        site.stop_office()
    (site.office / "run").mkdir(exist_ok=True)
    (site.office / "run/machine").write_text(mark + "\n")
    if restart:
        site.start_office()


def test_a_stream_delivered_again_with_other_boundaries_is_held_once(site):
    take(site, "again", 12)
    assert site.send()
    site.stop_office()
    before = site.central_lines()

    statuses = [post(site, file) for file in cut_anew(site, [(1, 4), (3, 9), (1, 14), (7, 7), (2, 14)])]

    assert statuses == [200] * 5
    assert site.central_lines() == before


def cut_anew(site: Site, ranges: list[tuple[int, int]]) -> list[bytes]:
    """Batch files of the office's own lines in boundaries that its agent never chose."""
    store = open_store(site.office, SystemClock())
    signer = Signer(store, identity.load_key(site.office))
    state = ledger.state(store, "enrollments")
    files = [signer.batch(state, wanted, 10**6)[0] for wanted in ranges]
    store.close()
    return files


def post(site: Site, file: bytes) -> int:
    request = urllib.request.Request(
        f"http://127.0.0.1:{site.port}/v1/batches", data=file, headers={"Content-Type": "application/vnd.rekam.batch"}
    )
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return answer.status


def test_a_backup_put_back_by_command_opens_a_new_ledger(site):
    take(site, "old", 3)
    site.stop_office()
    store = open_store(site.office, SystemClock())
    from agent.store import backup

    copy = backup.back_up(store, 3)
    old_ledger = ledger.tail(store, "enrollments").ledger
    store.close()

    assert attempt("restore", str(copy), "--config", str(site.config))
    site.start_office()
    take(site, "new", 2)
    assert site.send()
    assert site.status()["ledger"] != old_ledger
    assert set(visits_at_central(site).values()) == {1}
    assert len(visits_at_central(site)) == 5
