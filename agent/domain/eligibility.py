"""Who may come for what, by age; shown as advice, because the officer decides and the family card counts."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final, Literal

import msgspec

from agent.domain.ages import birthday, completed_years, is_to_be_confirmed, years_before

CARD_AGE: Final = 17
EARLY_AGE: Final = 16
PHOTO_AGE: Final = 5
OLDEST: Final = 150  # nobody is; it closes the band

Answer = Literal["must", "married-young", "early", "too-young", "once"]
ChildCard = Literal["no-photo", "photo", "too-old"]
Band = Literal["0-4", "5-15", "16", "17+"]
BANDS: Final[tuple[Band, ...]] = ("0-4", "5-15", "16", "17+")
# What an IKD needs, in the order in which it is asked.
IKD_NEEDS: Final = ("recorded", "phone", "email", "number")


class Recording(msgspec.Struct, frozen=True):
    """What holds for recording: `card_from` is when the card is given, `service` what to queue for.

    `to_be_confirmed`: born on 29 February, where no rule says which day counts.
    """

    answer: Answer
    service: str
    card_from: date | None = None
    to_be_confirmed: bool = False


def recording(born: date, today: date, *, married: bool, recorded: bool) -> Recording:
    """What holds for somebody born on a day; `married` is now or ever, `recorded` is for a KTP-el before."""
    if recorded:
        return Recording("once", "ktp_print")
    age, unsure = completed_years(born, today), is_to_be_confirmed(born)
    if age >= CARD_AGE:
        return Recording("must", "ktp_first", to_be_confirmed=unsure and birthday(born, CARD_AGE) == today)
    if married:
        return Recording("married-young", "ktp_first")
    if age >= EARLY_AGE:
        return Recording("early", "ktp_early", birthday(born, CARD_AGE), unsure)
    return Recording("too-young", "kia", birthday(born, EARLY_AGE), unsure)


def recording_of_band(band: Band, *, married: bool, recorded: bool) -> Recording:
    """The same for somebody who touched one of four bands instead of giving a date."""
    if recorded:
        return Recording("once", "ktp_print")
    if band == "17+":
        return Recording("must", "ktp_first")
    if married:
        return Recording("married-young", "ktp_first")
    return Recording("early", "ktp_early") if band == "16" else Recording("too-young", "kia")


def band(born: date, today: date) -> Band:
    """The band of an age."""
    age = completed_years(born, today)
    if age >= CARD_AGE:
        return "17+"
    if age >= EARLY_AGE:
        return "16"
    return "5-15" if age >= PHOTO_AGE else "0-4"


def births(of: Band, today: date) -> tuple[date, date]:
    """The first and the last day on which somebody of a band was born."""
    years = {"0-4": (0, 4), "5-15": (5, 15), "16": (16, 16), "17+": (17, OLDEST)}
    youngest, oldest = years[of]
    return years_before(today, oldest + 1) + timedelta(days=1), years_before(today, youngest)


def child_card(of: Band, *, married: bool = False) -> ChildCard:
    """Which child card (KIA): without photo before 5, with photo until the day before 17, unmarried."""
    if of == "17+" or married:
        return "too-old"
    return "no-photo" if of == "0-4" else "photo"
