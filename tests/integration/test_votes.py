"""Days of voting in the tables of an office: noted at a number, counted when recorded, never a date of birth."""

from __future__ import annotations

from datetime import date

import msgspec
import pytest

from agent.actions import elections, visits
from agent.domain.elections import Election, Elections
from agent.domain.services import Text
from agent.errors import NotFound
from tests.fakes import DAY, FakeClock
from tests.small_office import VILLAGE, small_office, small_store, take

# A vote in seven days of Monday, 23 November 2026, and its repetition in April with the age of the first day.
NAME = Text(id="Pilkada", en="Local election")
FIRST = Election(
    name=NAME, voting_date=date(2026, 11, 30), age_reference_date=date(2026, 11, 30), area="64.02", source="x",
    checked=date(2026, 11, 22),
)  # fmt: skip
AGAIN = msgspec.structs.replace(FIRST, voting_date=date(2027, 4, 19))
ELSEWHERE = msgspec.structs.replace(FIRST, area="15.01")
OLD_ENOUGH, TOO_YOUNG = "6402053011090001", "6402050112090001"  # born on 30 November and on 1 December 2009


class Voting:
    """An office before a day of voting."""

    def __init__(self, home) -> None:
        self.clock = FakeClock()
        self.store = small_store(home, self.clock)
        self.office = small_office(home)
        self.office.own_elections = Elections(election=(AGAIN, ELSEWHERE, FIRST))
        self.count = 0

    def record(self, outcome: str = "recorded", **asked) -> None:
        self.count += 1
        visit = take(self.store, self.office, f"r{self.count}", **{"service": "ktp_early", **asked}).visit
        visits.call(self.store, visit, 1)
        visits.finish(self.store, visit, outcome)

    def village(self, election: Election = FIRST):
        return next(each for each in elections.counts(self.store, self.office, election) if each.code == VILLAGE)

    def lines(self) -> list[dict]:
        rows = self.store.rows("SELECT body FROM line ORDER BY stream, n")
        return [line["d"] for (body,) in rows if (line := msgspec.json.decode(body))["k"] == "visit.of-age"]


@pytest.fixture
def voting(tmp_path):
    made = Voting(tmp_path)
    yield made
    made.store.close()


def test_seven_days_before_the_vote_it_is_seven_days(voting):
    assert [(vote.name, vote.days) for vote in elections.votes(voting.store, voting.office)] == [
        ("2026-11-30.64.02", 7), ("2027-04-19.64.02", 147),
    ]  # fmt: skip


def test_days_are_counted_in_the_zone_of_the_vote(voting):
    jayapura = msgspec.structs.replace(FIRST, zone="Asia/Jayapura")
    voting.office.own_elections = Elections(election=(jayapura,))
    voting.clock.forward(15 * 3_600_000 + 30 * 60_000)  # 23.30 WITA, half past midnight in Jayapura

    assert elections.votes(voting.store, voting.office)[0].days == 6


def test_a_vote_that_is_over_stands_behind_those_to_come(voting):
    voting.clock.forward(8 * DAY)

    assert [vote.days for vote in elections.votes(voting.store, voting.office)] == [139, -1]
    with pytest.raises(NotFound, match="unknown-vote"):
        elections.find(voting.store, voting.office, "2026-11-30.15.01")


def test_a_nik_leaves_a_word_on_each_coming_vote_and_no_date_of_birth(voting):
    voting.record(nik=OLD_ENOUGH)

    assert [line["votes"] for line in voting.lines()] == [{"2026-11-30.17": True}]
    assert b"2009" not in b"".join(row[0] for row in voting.store.rows("SELECT body FROM line"))


def test_those_recorded_are_counted_by_village(voting):
    voting.record(nik=OLD_ENOUGH)
    voting.record(nik=TOO_YOUNG)
    voting.record()
    voting.record(service="ktp_first")
    voting.record("failed_capture", nik=OLD_ENOUGH)
    found = voting.village()

    assert (found.old_enough, found.younger, found.unknown) == (2, 1, 1)


def test_for_the_repeated_vote_who_turned_17_in_between_is_not_counted(voting):
    voting.clock.forward(40 * DAY)
    voting.record(nik=TOO_YOUNG)
    voting.record(nik=OLD_ENOUGH)
    found = voting.village(AGAIN)

    assert (found.old_enough, found.younger) == (1, 1)


def test_a_repeated_vote_that_is_announced_later_knows_who_was_old_enough(voting):
    voting.office.own_elections = Elections(election=(FIRST,))
    voting.record(nik=TOO_YOUNG)
    voting.record(nik=OLD_ENOUGH)
    voting.clock.forward(40 * DAY)
    voting.record(nik=OLD_ENOUGH)
    voting.office.own_elections = Elections(election=(FIRST, AGAIN))
    found = voting.village(AGAIN)

    assert (found.old_enough, found.younger, found.unknown) == (2, 1, 0)


def test_two_votes_of_one_day_each_ask_for_their_own_age(voting):
    older = msgspec.structs.replace(FIRST, age=18, area="64.02.05")
    voting.office.own_elections = Elections(election=(FIRST, older))
    voting.record(nik=OLD_ENOUGH)

    assert [voting.village(each).old_enough for each in (FIRST, older)] == [1, 0]


def test_a_band_of_age_is_enough(voting):
    voting.record(band="17+")

    assert voting.village().old_enough == 1


def test_without_a_coming_vote_nothing_is_kept(voting):
    voting.office.own_elections = Elections()
    voting.record(nik=OLD_ENOUGH)

    assert voting.lines() == []
    assert voting.store.rows("SELECT count(*) FROM vote_age") == [(0,)]


def test_a_corrected_outcome_is_counted_as_it_stands_now(voting):
    voting.record(nik=OLD_ENOUGH)
    name = voting.store.rows("SELECT substr(ledger, -8) || '.' || n FROM visit")[0][0]
    visits.correct(voting.store, name, "failed_capture", by=1)

    assert voting.village().recorded == 0
