"""Whether somebody is old enough to vote; never whether somebody is registered: that is the KPU's list."""

from __future__ import annotations

from datetime import date

import msgspec

from agent.domain.ages import birthday, is_to_be_confirmed
from agent.domain.eligibility import Band, births
from agent.domain.regions import covers
from agent.domain.services import Text
from agent.settings_values import Positive, Words, Zone, contradiction


class Election(msgspec.Struct, frozen=True, kw_only=True):
    """One day of voting. For a repeated vote the age still counts on the first day; the list may be frozen.

    `zone` is where the day of voting is told by; None stands for each office's own.
    """

    name: Text
    voting_date: date
    age_reference_date: date
    list_frozen_on: date | None = None
    age: Positive = 17
    area: Words
    zone: Zone | None = None
    source: Words
    checked: date

    def __post_init__(self) -> None:
        if self.age_reference_date > self.voting_date:
            raise contradiction("age_reference_date", "must not be later than voting_date")
        if self.list_frozen_on and self.list_frozen_on > self.voting_date:
            raise contradiction("list_frozen_on", "must not be later than voting_date")

    @property
    def reference(self) -> str:
        """The day that counts and the age: who is old enough for one vote is so for all that ask the same."""
        return f"{self.age_reference_date.isoformat()}.{self.age}"

    def is_for(self, office: str) -> bool:
        """Whether the people of a kecamatan, PP.KK.CC, vote in it."""
        return covers(self.area, office)


class Elections(msgspec.Struct, frozen=True, kw_only=True):
    """All of elections.toml."""

    election: tuple[Election, ...] = ()

    def next_for(self, office: str, today: date) -> Election | None:
        """The next day of voting of an office, today included; None when none stands."""
        coming = [each for each in self.election if each.is_for(office) and each.voting_date >= today]
        return min(coming, key=lambda each: each.voting_date, default=None)


class Vote(msgspec.Struct, frozen=True):
    """Old enough or not, by age or by marriage; `list_is_closed` when the list no longer takes names."""

    old_enough: bool
    by_marriage: bool = False
    list_is_closed: bool = False
    to_be_confirmed: bool = False


def vote(born: date, election: Election, today: date, *, married: bool) -> Vote:
    """Whether somebody is old enough on the day that counts; `married` is now or ever."""
    complete = birthday(born, election.age)
    by_age = complete <= election.age_reference_date
    closed = election.list_frozen_on is not None and today > election.list_frozen_on
    unsure = is_to_be_confirmed(born) and abs((complete - election.age_reference_date).days) <= 1
    return Vote(by_age or married, married and not by_age, closed, unsure)


def vote_of_band(of: Band, election: Election, today: date, *, married: bool) -> Vote | None:
    """The same for a band of age; None where some of that band are old enough and some are not."""
    oldest, youngest = (vote(born, election, today, married=married) for born in births(of, today))
    same = oldest.old_enough == youngest.old_enough
    return msgspec.structs.replace(youngest, to_be_confirmed=False) if same else None


def days_until(election: Election, today: date) -> int:
    """Days until voting; 0 on the day."""
    return (election.voting_date - today).days
