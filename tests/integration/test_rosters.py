"""Rosters from their rows to a confirmed match: nobody named, gone on their day."""

from __future__ import annotations

from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest
from apsw import Connection

from agent.actions import roster_refusals, rosters
from agent.actions.rosters import Reached
from agent.clock import local
from agent.domain.roster import Person, RowFault
from agent.errors import BadData, Conflict, NotFound
from agent.store import backup, roster_keys
from agent.store.backup import copy_database
from tests.roster_lists import begun, taken
from tests.small_office import VILLAGE, kiosk_key, take
from tests.unit.test_roster import NIK, OTHER


def keys(store) -> list[Path]:
    return sorted((store.home / "data/rosters").iterdir())


def lines(store, kind) -> list[bytes]:
    return [bytes(body) for (body,) in store.rows("SELECT body FROM line") if f'"{kind}"'.encode() in bytes(body)]


def test_a_roster_keeps_people_as_digests_and_says_how_many(store, office):
    roster = taken(store, office, [NIK, "", "", VILLAGE], ["1", "", "", ""], ["", "Siti", "27-11-2007", ""])

    assert (roster.state, roster.seen, roster.refused) == ("ready", 3, 1)
    assert roster_refusals.rows(store, roster.number) == [RowFault(3, "nik")]
    assert b'"people":2,"refused":1' in lines(store, "roster.loaded")[0]


def test_nothing_in_the_office_names_anybody(store, office):
    taken(store, office, [NIK, "", "", VILLAGE], ["", "Siti Rahma", "27-11-2007", ""])
    store.close()

    files = [path.read_bytes() for path in store.home.rglob("*") if path.is_file()]

    assert not any(word in content for content in files for word in (NIK.encode(), b"Siti", b"siti rahma"))


def test_who_is_on_it_matches_and_who_is_not_does_not(store, office):
    taken(store, office, [NIK, "", "", VILLAGE], ["", "Siti Rahma", "27-11-2007", ""])

    assert [match.village for match in rosters.matches(store, Person(nik=NIK))] == [VILLAGE]
    assert rosters.matches(store, Person(name="siti rahma", born=date(2007, 11, 27)))
    assert rosters.matches(store, Person(nik=OTHER)) == []


def test_about_one_stranger_in_64_matches(store, office):
    taken(store, office, *(["", f"Orang {n} A", "1-1-2007", ""] for n in range(500)))

    strangers = sum(bool(rosters.matches(store, Person(nik=f"{n:016d}"))) for n in range(2000))

    assert 2000 / 64 / 3 < strangers < 2000 / 64 * 3


def test_only_what_an_officer_confirmed_counts_and_once(store, office):
    roster = taken(store, office, [NIK, "", "", VILLAGE], [OTHER, "", "", VILLAGE])
    visit = take(store, office, "r1").visit

    rosters.confirm(store, roster.number, visit, Person(nik=NIK), by=2)
    rosters.confirm(store, roster.number, visit, Person(nik=NIK), by=2)

    assert rosters.reached(store, roster.number) == [Reached(VILLAGE, 2, 1)]
    assert len(lines(store, "roster.matched")) == 1


def test_a_person_who_comes_again_is_not_counted_again(store, office):
    roster = taken(store, office, [NIK, "", "", VILLAGE], [OTHER, "", "", VILLAGE])
    for number in range(3):
        rosters.confirm(store, roster.number, take(store, office, f"r{number}").visit, Person(nik=NIK), by=2)

    assert rosters.reached(store, roster.number) == [Reached(VILLAGE, 2, 1)]
    assert len(lines(store, "roster.matched")) == 1
    assert [match.met for match in rosters.matches(store, Person(nik=NIK))] == [True]


def test_two_people_who_share_a_digest_are_counted_both(store, office):
    roster = taken(store, office, [NIK, "", "", VILLAGE])
    with store.write():
        store.run("INSERT INTO roster_person SELECT roster, digest, '' FROM roster_person")
    for number in range(3):
        rosters.confirm(store, roster.number, take(store, office, f"r{number}").visit, Person(nik=NIK), by=2)

    assert rosters.reached(store, roster.number) == [Reached("", 1, 1), Reached(VILLAGE, 1, 1)]


@pytest.mark.parametrize(
    ("header", "rows", "code"),
    [
        (["Nama", "Desa"], [["Siti", ""]], "roster-header"),
        (["NIK"], [["1"]], "roster-empty"),
        ([], [], "roster-header"),
    ],
)
def test_a_list_that_says_nothing_is_refused_as_a_whole(store, office, header, rows, code):
    number = begun(store, office)

    with pytest.raises(BadData, match=code):
        rosters.take_in(store, office, number, [header, *rows])

    assert rosters.find(store, number).state == "refused"
    assert store.rows("SELECT count(*) FROM roster_person") == [(0,)]


def test_on_its_day_a_roster_goes_with_its_key(store, office):
    roster = taken(store, office, [NIK, "", "", ""])
    store.clock.forward(40 * 86_400_000)

    assert rosters.forget_expired(store, office) == 1
    assert store.rows("SELECT count(*) FROM roster_person") == [(0,)]
    assert lines(store, "roster.deleted")
    with pytest.raises(NotFound):
        rosters.find(store, roster.number)
    assert keys(store) == []


def test_the_number_of_a_roster_that_is_gone_is_not_given_again(store, office):
    first = taken(store, office, [NIK, "", "", ""]).number
    rosters.delete(store, first, by=2)

    assert begun(store, office) == first + 1


def test_the_key_lies_in_a_file_of_its_own_and_nowhere_in_the_database(store, office):
    roster = taken(store, office, [NIK, "", "", ""])
    (key,), secret = keys(store), roster_keys.find(store.home, roster.number)

    assert (key.stat().st_mode & 0o777, len(secret)) == (0o600, 32)
    assert not any(secret in file.read_bytes() for file in store.home.rglob("rekam.db*"))


def test_without_its_key_a_roster_matches_nobody_and_takes_nobody_in(store, office):
    roster = taken(store, office, [NIK, "", "", ""])
    roster_keys.drop(store.home, roster.number)

    assert rosters.matches(store, Person(nik=NIK)) == []
    with pytest.raises(BadData, match="its key cannot be read"):
        rosters.take_in(store, office, roster.number, [["NIK"], [NIK]])


def test_a_restored_backup_leaves_nothing_of_the_rosters_that_were_set_aside(store, office, tmp_path):
    copy_database(store.home / "data/rekam.db", tmp_path / "copy.db")
    taken(store, office, [NIK, "", "", ""])
    store.close()
    backup.restore(store.home, tmp_path / "copy.db", kiosk_key().thumbprint())

    assert keys(store) == []
    with closing(Connection(str(store.home / "data/rekam.db.aside-1"))) as aside:
        assert aside.execute("SELECT count(*) FROM roster_person").fetchall() == [(0,)]
    assert b"Siswa SMAN 1" not in (store.home / "data/rekam.db.aside-1").read_bytes()


def test_a_key_whose_roster_is_lost_goes_with_the_next_pruning(store, office):
    roster_keys.put(store.home, 7, b"lost")
    begun(store, office)
    rosters.forget_expired(store, office)

    assert [key.name for key in keys(store)] == ["1.key"]


def test_a_roster_must_end_on_a_day_to_come(store, office):
    today = local(store.clock.wall_ms(), office.zone).date()

    with pytest.raises(BadData, match="roster-expires"):
        begun(store, office, expires=today)
    with pytest.raises(BadData, match="roster-expires"):
        begun(store, office, expires=date(9999, 12, 31))
    assert begun(store, office, expires=today + timedelta(days=1))


def test_a_backup_holds_no_roster(store, office, tmp_path):
    roster = taken(store, office, [NIK, "", "", VILLAGE])
    rosters.confirm(store, roster.number, take(store, office, "r1").visit, Person(nik=NIK), by=2)

    copy_database(store.home / "data/rekam.db", tmp_path / "copy.db")

    assert b"Siswa SMAN 1" not in (tmp_path / "copy.db").read_bytes()
    with closing(Connection(str(tmp_path / "copy.db"))) as copy:
        assert copy.execute("SELECT count(*) FROM roster_match").fetchall() == [(0,)]


def test_nobody_is_confirmed_whom_the_roster_cannot_hold(store, office):
    roster = taken(store, office, [NIK, "", "", VILLAGE])

    with pytest.raises(Conflict, match="no-match"):
        rosters.confirm(store, roster.number, take(store, office, "r1").visit, Person(nik=OTHER), by=2)


def test_every_refused_row_is_kept_with_its_reason_also_where_none_was_taken_in(store, office):
    number = begun(store, office)
    rows = [["Daftar siswa"], ["NIK", "Nama", "Lahir"], *([["1", "", ""]] * 1_500), ["", "Siti", "kemarin"]]
    with pytest.raises(BadData, match="roster-empty"):
        rosters.take_in(store, office, number, rows)

    roster, refused = rosters.find(store, number), roster_refusals.rows(store, number)
    assert (roster.state, roster.why, roster.seen, roster.refused) == ("refused", "empty", 1_501, 1_501)
    assert (refused[0], refused[-1]) == (RowFault(3, "nik"), RowFault(1_503, "born"))
    assert roster_refusals.reasons(store, number) == [("nik", 1_500), ("born", 1)]
    assert roster_refusals.rows(store, number, 2) == refused[:2]


def test_the_refused_rows_go_with_their_roster(store, office):
    rosters.delete(store, taken(store, office, [NIK, "", "", ""], *([["1", "", "", ""]] * 1_500)).number, by=2)

    assert store.rows("SELECT count(*) FROM roster_refused") == [(0,)]
