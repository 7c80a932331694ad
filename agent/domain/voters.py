"""How many of those recorded are old enough for a day of voting, by village: counts, never a list of names.

What is known comes without a date of birth: a word for each day and age that a vote asks for, noted when
a number was taken with a NIK or a band of age; and the service, because who was recorded as 17 or married by
the day that counts is old enough. For the rest it says that nobody knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Final

import msgspec

from agent.domain.elections import Election, Elections, vote, vote_of_band
from agent.domain.eligibility import Band
from agent.domain.regions import Region
from agent.domain.small_cells import shown

MAY_BE_REPEATED: Final = timedelta(days=183)  # Kutai Kartanegara voted again 143 days after the first time
RECORDED: Final = "recorded"
ADULTS: Final = "ktp_first"  # for those of 17 and over, or married


class Recorded(msgspec.Struct, frozen=True):
    """So many people recorded on a day: `old_enough` is the word for one vote, None where nobody knows."""

    village: str
    day: date
    service: str
    old_enough: bool | None
    count: int


class Village(msgspec.Struct, frozen=True):
    """Those recorded of one village. `late` are those among the old enough who were recorded after the list closed."""

    code: str
    name: str
    old_enough: int = 0
    late: int = 0
    younger: int = 0
    unknown: int = 0

    @property
    def recorded(self) -> int:
        """All of them."""
        return self.old_enough + self.younger + self.unknown


def words(
    elections: Elections, office: str, today: date, born: Sequence[date], band: Band | None, *, married: bool
) -> dict[str, bool]:
    """Reference of a vote → whether somebody is old enough, for each vote of an office where that is sure.

    Also for a vote of the last half year: that it is repeated with its old list is known only later. `born` are the
    dates that a NIK can mean; it counts before the band that was touched.
    """
    found = {}
    for election in elections.election:
        if election.is_for(office) and election.voting_date >= today - MAY_BE_REPEATED:
            told = told_of(election, today, born, band, married=married)
            if told is not None:
                found[election.reference] = told
    return found


def told_of(election: Election, today: date, born: Sequence[date], band: Band | None, *, married: bool) -> bool | None:
    """Whether somebody is old enough for one vote; None where the dates, or the ages of the band, differ in that."""
    if born:
        told = {vote(each, election, today, married=married).old_enough for each in born}
        return told.pop() if len(told) == 1 else None
    of_band = vote_of_band(band, election, today, married=married) if band else None
    return of_band.old_enough if of_band else None


def counted(rows: Iterable[Recorded], election: Election, villages: Iterable[Region]) -> list[Village]:
    """Each village with its counts for a vote, and after them the rows that belong to none of these villages."""
    found = {village.code: Village(village.code, village.name) for village in villages}
    for row in rows:
        village = found.get(row.village) or Village(row.village, "")
        found[row.village] = added(village, row, election)
    return list(found.values())


def added(village: Village, row: Recorded, election: Election) -> Village:
    """A village after one more row."""
    known = row.old_enough
    if known is None and row.service == ADULTS and row.day <= election.age_reference_date:
        known = True
    if known is None:
        return msgspec.structs.replace(village, unknown=village.unknown + row.count)
    if not known:
        return msgspec.structs.replace(village, younger=village.younger + row.count)
    frozen = election.list_frozen_on
    late = row.count if frozen is not None and row.day > frozen else 0
    return msgspec.structs.replace(village, old_enough=village.old_enough + row.count, late=village.late + late)


def for_others(villages: Iterable[Village]) -> list[tuple[str, str, int | str]]:
    """(code, name, old enough) of the office's own villages as it leaves the office: `<5`, or rounded to five."""
    return [(each.code, each.name, shown(each.old_enough)) for each in villages if each.name]
