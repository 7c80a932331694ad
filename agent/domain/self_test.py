"""When a device was last used, and whether it is asked to prove itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Final

# Services at whose end a KTP-el may be handed over; family cards and certificates are paper from another printer.
CARD_SERVICES: Final = ("ktp_first", "ktp_early", "ktp_print", "ktp_lost", "change", "move")
# Outcome → the devices that it shows to have worked: a recording uses the whole set, a printed card its printer.
USED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "recorded": ("camera", "fingerprint", "iris", "signature"),
    "handed_over": ("card-printer",),  # "printed and handed over"; "print ready" is what the data are before that
}
ONLY_FOR: Final[Mapping[str, tuple[str, ...]]] = {"handed_over": CARD_SERVICES}  # of other services it shows nothing
LONGEST: Final = 366


def use_of(device: str) -> tuple[str, tuple[str, ...]]:
    """The outcome that shows a device to have worked, and the services of which it does so; none means of all."""
    outcome = next(outcome for outcome, devices in USED_BY.items() if device in devices)
    return outcome, ONLY_FOR.get(outcome, ())


def unused_days(used: date, today: date, is_working_day: Callable[[date], bool]) -> int:
    """Working days after the last use and before today, at most 366; none where the clock says that it lies ahead."""
    between = range(1, min(LONGEST, max(0, (today - used).days)))
    return sum(is_working_day(used + timedelta(days=days)) for days in between)
