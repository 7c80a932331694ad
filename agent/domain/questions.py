"""What is asked before a number is taken, and what the answers say. Advice only: nothing here forbids a number."""

from __future__ import annotations

from datetime import date
from typing import Final, Literal

import msgspec

from agent.domain.eligibility import BANDS, IKD_NEEDS, Band, band, child_card, recording, recording_of_band

Ask = Literal["recorded", "age", "ikd"]
Question = Literal["recorded", "age", "married", "ikd"]
BY_NIK: Final = "nik"  # an age that the NIK will tell
# What may be answered; in this order it is asked.
CHOICES: Final[dict[str, tuple[str, ...]]] = {
    "recorded": ("no", "yes", "unsure"),
    "age": (*BANDS, BY_NIK),
    "married": ("no", "yes"),
    "ikd": ("all", *IKD_NEEDS),
}
RECORDING: Final = ("ktp_first", "ktp_early")
RECORDED_BEFORE: Final = ("ktp_print", "ktp_lost", "change")
MAY_BE_MARRIED: Final[tuple[Band, ...]] = ("5-15", "16")


class Answers(msgspec.Struct, frozen=True, kw_only=True):
    """What was answered so far; empty where nothing was asked yet."""

    recorded: str = ""
    age: str = ""
    married: str = ""
    ikd: str = ""

    def __post_init__(self) -> None:
        for name, choices in CHOICES.items():
            if getattr(self, name) not in ("", *choices):
                raise ValueError(f"{name} is one of {', '.join(choices)}")

    @property
    def before(self) -> str:
        """Whether somebody was recorded before, also where an IKD failed for want of it."""
        return "no" if self.ikd == "recorded" else self.recorded


class Finding(msgspec.Struct, frozen=True):
    """What the answers say: a word to be put into a sentence, and the services that fit.

    `fits` is empty where the chosen service does; `day` is when the card is given or recording may
    begin; `to_be_confirmed` is for people born on 29 February.
    """

    word: str
    fits: tuple[str, ...] = ()
    day: date | None = None
    to_be_confirmed: bool = False


def next_question(asks: tuple[Ask, ...], answers: Answers, born: date | None, today: date) -> Question | None:
    """What is to be asked now; None when no answer would change anything."""
    if "ikd" in asks:
        return None if answers.ikd else "ikd"
    if "recorded" in asks and not answers.before:
        return "recorded"
    if "age" not in asks or answers.before == "yes":
        return None
    if not answers.age and born is None:
        return "age"
    known = band_of(answers, born, today)
    return "married" if "recorded" in asks and known in MAY_BE_MARRIED and not answers.married else None


def band_of(answers: Answers, born: date | None, today: date) -> Band | None:
    """The band of age, by the date of birth where there is one; None while neither is known."""
    if born is not None:
        return band(born, today)
    return next((each for each in BANDS if each == answers.age), None)


def finding(service: str, asks: tuple[Ask, ...], answers: Answers, born: date | None, today: date) -> Finding | None:
    """What the answers say about a service; None where they say nothing."""
    if "ikd" in asks:
        return of_ikd(answers.ikd)
    if "recorded" in asks:
        return of_recording(service, answers, born, today)
    return of_child_card(answers, born, today) if "age" in asks else None


def of_ikd(missing: str) -> Finding | None:
    """What an IKD lacks; who was never recorded is recorded first."""
    if missing in ("", "all"):
        return None
    return Finding(f"ikd_{missing}", RECORDING[:1] if missing == "recorded" else ("ask",))


def of_recording(service: str, answers: Answers, born: date | None, today: date) -> Finding | None:
    """Whether somebody may be recorded, and for which of the two."""
    if answers.before == "yes":
        return Finding("once", RECORDED_BEFORE)
    known = band_of(answers, born, today)
    if known is None:
        return Finding("unsure") if answers.before == "unsure" else None
    married = answers.married == "yes"
    if born is None:
        told = recording_of_band(known, married=married, recorded=False)
    else:
        told = recording(born, today, married=married, recorded=False)
    word = told.answer.replace("-", "_")
    if told.answer != "too-young":
        word = "unsure" if answers.before == "unsure" else word
    fits = () if told.service == service or service not in (*RECORDING, "kia") else (told.service,)
    return Finding(word, fits if told.answer != "too-young" else ("kia",), told.card_from, told.to_be_confirmed)


def of_child_card(answers: Answers, born: date | None, today: date) -> Finding | None:
    """Which child card; a band that was touched counts before a NIK, which may be the parent's."""
    known = next((each for each in BANDS if each == answers.age), None) or band_of(answers, born, today)
    if known is None:
        return None
    card = child_card(known)
    return Finding(f"kia_{card.replace('-', '_')}", RECORDING[:1] if card == "too-old" else ())


def is_alike(service: str, told: Finding) -> bool:
    """Whether what fits is the same errand under another name: then nobody needs to be asked."""
    return service in RECORDING and told.fits != () and set(told.fits) <= set(RECORDING)
