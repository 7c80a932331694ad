"""What a citizen's answers say, in words; the rules are in agent.domain.questions and agent.domain.elections."""

from __future__ import annotations

from datetime import date
from typing import Final

from agent.domain import elections, questions
from agent.domain.elections import Election, Vote
from agent.domain.eligibility import BANDS
from agent.domain.questions import Finding, Question
from agent.errors import BadData
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import reader, today
from kiosk_ui.screens.citizen_wish import Wish

CHILDREN: Final = BANDS[:-1]  # ages under 17


def born(chosen: Wish) -> date | None:
    """The date of birth that the NIK tells; of two that fit the later one where a child is meant, else neither."""
    try:
        nik = kiosk().office.check_nik(chosen.nik, kiosk().store.clock)
    except BadData:
        return None
    if nik is None:
        return None
    return nik.born if nik.born_earlier is None or is_childs(chosen) else None


def is_childs(chosen: Wish) -> bool:
    """Whether a NIK must be a child's: for a child's card, or by the age that was touched."""
    asks = kiosk().office.services[chosen.service].asks
    return chosen.age in CHILDREN or ("age" in asks and "recorded" not in asks)


def question(chosen: Wish) -> Question | None:
    """What is to be asked now."""
    asks = kiosk().office.services[chosen.service].asks
    return questions.next_question(asks, chosen.answers, born(chosen), today())


def found(chosen: Wish) -> Finding | None:
    """What the answers say."""
    asks = kiosk().office.services[chosen.service].asks
    return questions.finding(chosen.service, asks, chosen.answers, born(chosen), today())


def sentences(chosen: Wish, told: Finding) -> list[str]:
    """A finding in words, with the day on which it holds and a word on voting."""
    say, day = reader().say, reader().day
    dated = f"el.{told.word}_from"
    words = say(dated, tanggal=day(told.day)) if told.day and reader().has(dated) else say(f"el.{told.word}")
    unsure = [say("el.confirm29")] if told.to_be_confirmed else []
    return [words, *unsure, *voting(chosen)]


def voting(chosen: Wish) -> list[str]:
    """Whether somebody is old enough on the next day of voting; never that they are on the list of voters."""
    office = kiosk().office
    election = office.elections.next_for(office.code, today())
    told = (
        None if election is None or "recorded" not in office.services[chosen.service].asks else vote(chosen, election)
    )
    if told is None or election is None:
        return []
    say = reader().say
    answer = say(
        "el.vote_yes" if told.old_enough else "el.vote_no",
        pemilu=reader().of(election.name),
        tanggal=reader().day(election.voting_date),
        acuan=reader().day(election.age_reference_date),
        umur=election.age,
    )
    closed = [say("el.vote_closed")] if told.list_is_closed else []
    return [answer, *closed, *([say("el.confirm29")] if told.to_be_confirmed else [])]


def vote(chosen: Wish, election: Election) -> Vote | None:
    """Old enough or not, as far as the answers tell."""
    married, birth = chosen.married == "yes", born(chosen)
    if birth is not None:
        return elections.vote(birth, election, today(), married=married)
    band = questions.band_of(chosen.answers, None, today())
    return None if band is None else elections.vote_of_band(band, election, today(), married=married)
