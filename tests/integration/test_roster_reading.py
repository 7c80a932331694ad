"""A list while it is taken in: whole or not at all, however long it is and whatever breaks off."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from agent import roster_files
from agent.actions import rosters
from agent.cli import main
from agent.clock import SystemClock
from agent.domain.roster import Person
from agent.errors import BadData
from agent.store.opening import open_store
from tests.builders import make_home
from tests.fakes import FakeClock
from tests.roster_lists import begun, long_list
from tests.small_office import small_store
from tests.unit.test_roster import NIK, OTHER

MEASURED = """
import sys
from agent.cli import main
assert main(sys.argv[1:]) == 0
print(next(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


def import_in_a_process(home: Path, file: Path) -> tuple[str, int]:
    """What `rekam roster import` says of a list first, and the most memory it held, in kB."""
    words = ["roster", "import", "--config", str(home / "kiosk.toml"), "--title", "x", "--expires", "2027-12-31"]
    program = [sys.executable, "-c", MEASURED, *words, str(file)]
    said = subprocess.run(program, capture_output=True, text=True, check=True).stdout.splitlines()
    return said[0].partition(": ")[2], int(said[-1])


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_list_of_100000_costs_little_more_memory_than_one_of_20000(tmp_path, kind):
    home = make_home(tmp_path / "office").home
    few = import_in_a_process(home, long_list(tmp_path / f"few.{kind}", 20_000))
    many = import_in_a_process(home, long_list(tmp_path / f"many.{kind}", 100_000))

    assert few[0] == "20000 people of 20000 rows, 0 refused"
    assert many[0] == "100000 people of 100000 rows, 0 refused"
    assert many[1] < 1.5 * few[1], (few[1], many[1])


def test_a_long_list_says_how_far_it_is_a_thousand_rows_at_a_time(store, office, tmp_path):
    file, seen = long_list(tmp_path / "list.csv", 3_500), []
    store.after_commit = lambda: seen.append(store.rows("SELECT max(seen) FROM roster")[0][0])

    rosters.take_in(store, office, begun(store, office), roster_files.rows(file))

    assert seen[:5] == [0, 1000, 2000, 3000, 3500]


def test_a_list_longer_than_any_offices_is_refused_as_a_whole(store, office, monkeypatch):
    monkeypatch.setattr("agent.domain.roster.MOST_ROWS", 3_000)
    number = begun(store, office)

    with pytest.raises(BadData, match="roster-too-many"):
        rosters.take_in(store, office, number, [["NIK"], *([["1"]] * 10_000)])

    assert rosters.find(store, number).state == "refused"
    assert rosters.find(store, number).seen < 5_000


def test_a_stray_cell_in_the_last_row_of_a_spreadsheet_makes_no_list_too_long(store, office):
    rows = [[NIK], *([[None]] * 300_000), [OTHER]]

    roster = rosters.take_in(store, office, begun(store, office), [["NIK"], *rows])

    assert (roster.state, roster.seen) == ("ready", 2)


@pytest.mark.parametrize("after", [3, 7])
def test_a_list_that_was_given_up_meanwhile_is_never_half_there(store, office, after):
    number, commits, other = begun(store, office), [], small_store(store.home, FakeClock())

    def given_up() -> None:
        commits.append(1)
        if len(commits) == after:
            rosters.refuse_unfinished(other, number)

    store.after_commit = given_up
    rows = [["", f"Orang {n}", "1-1-2007", ""] for n in range(4_500)]
    with pytest.raises(BadData, match="roster-broke-off"):
        rosters.take_in(store, office, number, [["NIK", "Nama", "Tgl Lahir", "Desa"], *rows])
    other.close()

    assert rosters.find(store, number).state == "refused"
    assert store.rows("SELECT count(*) FROM roster_person") == [(0,)]


def test_a_file_that_breaks_off_leaves_nothing(store, office):
    def broken():
        yield ["NIK"]
        yield [NIK]
        raise BadData("roster-file", "is no CSV file")

    with pytest.raises(BadData):
        rosters.take_in(store, office, begun(store, office), broken())

    assert store.rows("SELECT count(*) FROM roster_person") == [(0,)]
    assert rosters.matches(store, Person(nik=NIK)) == []


def test_a_reader_that_broke_off_leaves_nobody_waiting(store, office):
    number = begun(store, office)

    rosters.refuse_unfinished(store, number)

    assert rosters.find(store, number).why == "broke-off"


def test_a_file_that_is_not_there_leaves_no_list_that_is_waited_for(tmp_path):
    home = make_home(tmp_path / "office").home
    words = ["roster", "import", "--config", str(home / "kiosk.toml"), "--title", "x", "--expires", "2027-12-31"]

    assert main([*words, str(tmp_path / "missing.csv")]) == 1

    with closing(open_store(home, SystemClock())) as store:
        assert [each.state for each in rosters.rosters(store)] == ["refused"]
