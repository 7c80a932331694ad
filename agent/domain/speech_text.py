"""What the waiting room hears, word by word, and in which order; a call is never cut by another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

DIGITS: Final = ("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
# How espeak-ng's Indonesian voice must be written to, to say letters as people here do.
SPELLED: Final = {
    "A": "a", "B": "bé", "C": "cé", "D": "dé", "E": "é", "F": "éf", "G": "gé", "H": "ha", "I": "i", "J": "jé",
    "K": "ka", "L": "él", "M": "ém", "N": "én", "O": "o", "P": "pé", "Q": "ki", "R": "ér", "S": "és", "T": "té",
    "U": "u", "V": "fé", "W": "wé", "X": "éks", "Y": "yé", "Z": "zét",
}  # fmt: skip
SPOKEN_AS: Final = {"antrean": "antréan", "loket": "lokét", "KTP-el": "ka té pé él", "IKD": "i ka dé", "KIA": "ka i a"}
OLDEST_MS: Final = 120_000  # whoever was called longer ago has come, or is called again
MOST_WAITING: Final = 12


class Call(msgspec.Struct, frozen=True):
    """A call as it is spoken: its number among all calls, the ticket, the counter, and ms UTC."""

    number: int
    ticket: str
    counter: int
    t: int
    again: int = 0


def call_text(ticket: str, counter: int, again: int = 0) -> str:
    """The sentence of a call: `Nomor antrean A, nol, satu, dua, silakan menuju loket satu`."""
    letter, _, place = ticket.partition("-")
    said = ", ".join([letter, *(DIGITS[int(digit)] for digit in place)])
    words = f"Nomor antrean {said}, silakan menuju loket {counter_words(counter)}."
    return f"Panggilan {'kedua' if again == 1 else 'ketiga' if again == 2 else 'terakhir'}. {words}" if again else words


def counter_words(counter: int) -> str:
    """A counter's number digit by digit, as clips are recorded."""
    return " ".join(DIGITS[int(digit)] for digit in str(counter))


def clips(ticket: str, counter: int) -> tuple[str, ...]:
    """The names of the recorded clips that make a call, in order."""
    letter, _, place = ticket.partition("-")
    place_words = [DIGITS[int(digit)] for digit in place]
    return ("nomor-antrean", letter.lower(), *place_words, "silakan-menuju-loket", *counter_words(counter).split())


def for_voice(text: str) -> str:
    """A text as espeak-ng must have it: single letters spelled, and words that it gets wrong."""
    for word, spoken in SPOKEN_AS.items():
        text = text.replace(word, spoken)
    return " ".join(spelled(word) for word in text.split(" "))


def spelled(word: str) -> str:
    """A single capital letter as its name; any other word as it is."""
    bare = word.rstrip(",.")
    return SPELLED.get(bare, bare) + word[len(bare) :]


def to_say(calls: Iterable[Call], spoken: int, now: int) -> tuple[Call, ...]:
    """The calls still to be spoken, in order, each whole; `spoken` is the number of the last one that was.

    A number that was called again meanwhile is spoken once, in its later place; what is too old
    is left to the screen.
    """
    fresh = [call for call in calls if call.number > spoken and abs(now - call.t) <= OLDEST_MS]
    last: Mapping[str, int] = {call.ticket: call.number for call in sorted(fresh, key=lambda call: call.number)}
    kept = sorted((call for call in fresh if last[call.ticket] == call.number), key=lambda call: call.number)
    return tuple(kept[-MOST_WAITING:])
