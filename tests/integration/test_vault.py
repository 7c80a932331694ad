"""A person's data: sealed beside the line, readable only in RAM, and nowhere else in any byte of the office."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from agent import vault
from agent.actions import day, visits
from agent.errors import BadData, StoreError
from agent.settings import PrivacySettings
from agent.store import backup
from agent.wire import subject
from tests.fakes import DAY, wall
from tests.small_office import sealing_office, small_office, small_store, take

NIK = "6402055708990003"


@pytest.fixture
def store(tmp_path, clock):
    leave_no_copy(tmp_path)
    store = small_store(tmp_path, clock)
    yield store
    store.close()
    leave_no_copy(tmp_path)


def leave_no_copy(home: Path) -> None:
    """Nothing in RAM under this directory's number: one that was deleted may have had the same."""
    shutil.rmtree(vault.ram_folder(home) or home / "none", ignore_errors=True)


def copies(store) -> set[str]:
    folder = vault.ram_folder(store.home)
    return {copy.name for copy in folder.iterdir()} if folder.exists() else set()


def sealed(store) -> list[tuple]:
    return store.rows("SELECT n, kid, sealed FROM subject ORDER BY n")


def files_with(folder: Path, text: str) -> list[str]:
    needles = (text.encode(), text.encode("utf-16-le"), bytes.fromhex(text))
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file.name for file in files if any(needle in file.read_bytes() for needle in needles)]


def test_what_is_sealed_opens_with_the_months_key_under_the_name_of_its_line(store, tmp_path):
    office, seals = sealing_office(tmp_path)
    take(store, office, "one", nik=NIK)
    (n, _, text), name = sealed(store)[0], store.rows("SELECT name FROM ledger")[0][0]

    assert subject.unseal(text, seals["2026-11"], subject.info(name, "enrollments", n)) == {"nik": NIK}


def test_no_byte_of_the_office_holds_a_nik_that_can_be_read(store, tmp_path, clock):
    office, _ = sealing_office(tmp_path)
    for number in range(5):
        take(store, office, f"request {number}", nik=NIK)
    backup.back_up(store, keep=3)

    assert (tmp_path / "data/rekam.db-wal").stat().st_size > 0
    assert files_with(tmp_path, NIK) == []


def test_the_search_above_finds_what_is_there(tmp_path):
    (tmp_path / "leak").write_bytes(b"..." + NIK.encode())

    assert files_with(tmp_path, NIK) == ["leak"]


def test_the_counter_reads_the_nik_of_an_open_visit(store, tmp_path):
    office, _ = sealing_office(tmp_path)
    visit = take(store, office, "one", nik=NIK).visit

    assert vault.readable(store, visit) == {"nik": NIK}


def test_the_readable_copy_can_be_read_by_its_owner_only_and_lies_in_ram(store, tmp_path):
    office, _ = sealing_office(tmp_path)
    visit = take(store, office, "one", nik=NIK).visit
    folder = vault.ram_folder(tmp_path)

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / visit).stat().st_mode) == 0o600
    assert vault.on_ram(folder)
    assert not folder.is_relative_to(tmp_path)


@pytest.mark.parametrize("outcome", ["recorded", "cancelled"])
def test_the_readable_copy_goes_when_the_visit_ends(store, tmp_path, outcome):
    office, _ = sealing_office(tmp_path)
    visit = take(store, office, "one", nik=NIK).visit
    visits.call(store, visit, counter=1)
    visits.finish(store, visit, outcome)

    assert copies(store) == set()


def test_a_visit_named_in_another_spelling_loses_its_copy_too(store, tmp_path):
    office, _ = sealing_office(tmp_path)
    ending, _, n = take(store, office, "one", nik=NIK).visit.partition(".")
    visits.finish(store, f"{ending}.000{n}", "cancelled")

    assert copies(store) == set()


def test_the_readable_copies_go_when_a_supervisor_closes_the_day(store, tmp_path):
    office, _ = sealing_office(tmp_path)
    take(store, office, "one", nik=NIK)
    day.close_day(store, by=1)

    assert copies(store) == set()


def test_the_readable_copies_go_when_the_hour_closes_the_day(store, tmp_path, clock):
    office, _ = sealing_office(tmp_path)
    take(store, office, "one", nik=NIK)
    clock.step_to(wall("2026-11-23T23:59"))
    day.close_if_due(store, office)

    assert copies(store) == set()


def test_copies_that_another_process_left_over_go_with_the_next_one(store, tmp_path, clock):
    office, _ = sealing_office(tmp_path)
    take(store, office, "one", nik=NIK)
    with store.write():
        store.run("UPDATE visit SET state = 'finished'")
    second = take(store, office, "two", nik=NIK).visit

    assert copies(store) == {second}


def test_a_copy_outlives_a_restart_of_the_service(store, tmp_path, clock):
    office, _ = sealing_office(tmp_path)
    visit = take(store, office, "one", nik=NIK).visit
    store.close()
    again = small_store(tmp_path, clock)

    assert vault.readable(again, visit) == {"nik": NIK}
    again.close()


def test_a_ticket_whose_transaction_failed_leaves_no_copy(store, tmp_path):
    office, _ = sealing_office(tmp_path)
    with store.speaking_through_the_writer():
        store.run("CREATE TRIGGER no_room BEFORE INSERT ON subject BEGIN SELECT RAISE(ABORT, 'no'); END")

    with pytest.raises(StoreError, match="no"):
        take(store, office, "one", nik=NIK)

    assert copies(store) == set()
    assert store.rows("SELECT count(*) FROM visit") == [(0,)]


def test_without_a_sealing_key_the_visit_is_taken_and_nothing_personal_kept(store, tmp_path):
    ticket = take(store, small_office(tmp_path), "one", nik=NIK)

    assert ticket.ticket == "A-001"
    assert (sealed(store), copies(store)) == ([], set())


def test_with_subjects_turned_off_nothing_personal_is_kept(store, tmp_path):
    office, _ = sealing_office(tmp_path, privacy=PrivacySettings(subject="none"))
    take(store, office, "one", nik=NIK)

    assert (sealed(store), copies(store)) == ([], set())


@pytest.mark.parametrize("content", [b"", b"\xff\xfe", b"a.b.c", b"not a list"])
def test_a_damaged_key_list_takes_nothing_personal_and_refuses_nobody(store, tmp_path, content):
    office, _ = sealing_office(tmp_path)
    (tmp_path / "keys/keylist.jws").write_bytes(content)

    assert take(store, office, "one", nik=NIK).ticket == "A-001"
    assert sealed(store) == []


def test_a_list_of_another_root_is_no_list(store, tmp_path):
    sealing_office(tmp_path)
    office = small_office(tmp_path)
    take(store, office, "one", nik=NIK)

    assert sealed(store) == []


def kid_used(store, seals) -> str:
    return next(month for month, key in seals.items() if key.thumbprint() == sealed(store)[0][1])


@pytest.mark.parametrize(
    ("now", "month"),
    [("2026-11-23T08:00", "2026-11"), ("2026-12-01T00:30", "2026-12"), ("2027-06-01T08:00", "2027-01")],
)
def test_the_key_is_that_of_the_queue_days_month_else_the_newest(store, tmp_path, clock, now, month):
    office, seals = sealing_office(tmp_path, ["2026-11", "2026-12", "2027-01"])
    clock.step_to(wall(now))
    take(store, office, "one", nik=NIK)

    assert kid_used(store, seals) == month


def test_a_dead_clock_does_not_choose_the_key(store, tmp_path, clock):
    office, seals = sealing_office(tmp_path, ["2026-11", "2027-01"])
    take(store, office, "opens the day")
    clock.step_to(wall("1970-01-01T00:10"))
    take(store, office, "one", nik=NIK)

    assert kid_used(store, seals) == "2026-11"


def test_a_new_key_list_is_used_without_a_restart(store, tmp_path):
    office, _ = sealing_office(tmp_path)
    (tmp_path / "keys/keylist.jws").unlink()
    take(store, office, "before", nik=NIK)
    fresh, _ = sealing_office(tmp_path)
    office.settings = fresh.settings
    take(store, office, "after", nik=NIK)

    assert len(sealed(store)) == 1


def test_a_nik_that_is_none_changes_nothing(store, tmp_path):
    office, _ = sealing_office(tmp_path)

    with pytest.raises(BadData) as caught:
        take(store, office, "one", nik="6402055708990")

    assert caught.value.field == "nik"
    assert "6402055708990" not in str(caught.value)
    assert store.rows("SELECT count(*) FROM line") == [(0,)]


def test_a_folder_that_somebody_else_could_read_is_not_used(store, tmp_path):
    office, _ = sealing_office(tmp_path)
    vault.ram_folder(tmp_path).mkdir(mode=0o755)
    visit = take(store, office, "one", nik=NIK).visit

    assert vault.readable(store, visit) is None
    assert len(sealed(store)) == 1


def test_a_folder_that_is_a_link_is_not_used(store, tmp_path):
    office, _ = sealing_office(tmp_path)
    (tmp_path / "elsewhere").mkdir()
    vault.ram_folder(tmp_path).symlink_to(tmp_path / "elsewhere")
    take(store, office, "one", nik=NIK)
    vault.ram_folder(tmp_path).unlink()

    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_where_there_is_no_ram_disk_no_copy_is_left(store, tmp_path, monkeypatch):
    office, _ = sealing_office(tmp_path)
    disk = tmp_path / "disk"
    disk.mkdir()
    monkeypatch.setattr(vault, "RAM_DISKS", (str(disk),))
    monkeypatch.setattr(vault, "on_ram", lambda folder: False)
    visit = take(store, office, "one", nik=NIK).visit

    assert vault.readable(store, visit) is None
    assert list(disk.iterdir()) == []


@pytest.mark.parametrize(
    ("mounts", "expected"),
    [
        ("tmpfs /run tmpfs rw 0 0\n/dev/sda1 / ext4 rw 0 0\n", True),
        ("/dev/sda1 / ext4 rw 0 0\n", False),
        ("tmpfs / tmpfs rw 0 0\n/dev/sda1 /run ext4 rw 0 0\n", False),
        ("tmpfs /ru tmpfs rw 0 0\n/dev/sda1 / ext4 rw 0 0\n", False),
    ],
)
def test_a_ram_disk_is_told_by_the_mount_that_is_nearest(tmp_path, mounts, expected):
    table = tmp_path / "mounts"
    table.write_text(mounts)

    assert vault.on_ram(Path("/run/rekam"), table) is expected


def test_a_copy_that_is_no_json_is_as_if_it_were_not_there(store, tmp_path):
    office, _ = sealing_office(tmp_path)
    visit = take(store, office, "one", nik=NIK).visit
    (vault.ram_folder(tmp_path) / visit).write_bytes(b"\xff\x00")

    assert vault.readable(store, visit) is None


def test_a_backup_holds_no_subject(store, tmp_path):
    office, _ = sealing_office(tmp_path)
    take(store, office, "one", nik=NIK)
    secret = sealed(store)[0][2]
    copy = backup.back_up(store, keep=3)

    assert secret.encode() not in copy.read_bytes()
    assert len(sealed(store)) == 1


def test_a_deleted_subject_leaves_no_bytes_in_the_database(store, tmp_path):
    office, _ = sealing_office(tmp_path)
    take(store, office, "one", nik=NIK)
    secret = sealed(store)[0][2]
    with store.write():
        store.run("DELETE FROM subject")
    store.close()

    assert secret.encode() not in (tmp_path / "data/rekam.db").read_bytes()
    assert not (tmp_path / "data/rekam.db-wal").exists()


def test_subjects_of_the_next_morning_do_not_meet_those_of_yesterday(store, tmp_path, clock):
    office, _ = sealing_office(tmp_path)
    take(store, office, "one", nik=NIK)
    clock.forward(DAY)
    today = take(store, office, "two", nik=NIK).visit

    assert copies(store) == {today}
