"""At which counter an officer sits: theirs of last time, else the first that is free; it can be changed at any time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from flask import flash, session

from agent.actions import counters
from agent.actions.officers import officers
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import reader

MOST: Final = 20


def at() -> int | None:
    """The counter of this session; None until it is settled."""
    number: int | None = session.get("counter")
    return number


def expected() -> int:
    """The counter that an officer without one most likely sits at: the first that nobody has opened."""
    taken = {each.number for each in counters.open_counters(kiosk().store)}
    return next((number for number in range(1, MOST + 1) if number not in taken), 1)


def my_services() -> tuple[str, ...]:
    """The services that this counter calls; empty for all."""
    letters = session.get("series") or []
    return tuple(name for name, service in kiosk().office.services.items() if service.series in letters)


def settle(officer: int, number: int, series: Sequence[str] = ()) -> None:
    """This session is at a counter, which opens, and is remembered for the officer's next time.

    Who comes to a counter where somebody else sits is told so.
    """
    leave(officer)
    session["counter"], session["series"] = number, list(series)
    here = kiosk()
    there = counters.opened_by(here.store, number)
    names = [each.name for each in officers(here.store) if each.number == there != officer]
    if names:
        flash(reader().say("counter.shared", n=number, nama=names[0]))
    counters.open_counter(here.store, here.office, number, my_services(), officer)
    counters.remember(here.store, officer, number, series)
    attend()


def attend() -> None:
    """Somebody touched a page of this session: its counter serves."""
    number = at()
    if number is not None:
        counters.attend(kiosk().store, number)


def return_to_last(officer: int) -> None:
    """Back at the counter of last time, if there was one."""
    known = {service.series for service in kiosk().office.services.values()}
    last = counters.last_place(kiosk().store, officer)
    if last is not None:
        settle(officer, last.number, sorted(known & set(last.series)))


def leave(officer: int) -> None:
    """The counter of this session closes, so that waits are estimated from those that serve.

    Not where somebody else opened it after this officer.
    """
    number = session.pop("counter", None)
    if number is not None and counters.opened_by(kiosk().store, number) in (officer, None):
        counters.close_counter(kiosk().store, number, officer)
