"""The office's day: opened and closed, counters, notices, officers, settings."""

from __future__ import annotations

from agent.wire.kinds.base import Kind
from agent.wire.line import Whole


class DayOpened(Kind, frozen=True, omit_defaults=True):
    """Queue day `day`, a growing counter, labelled with a local date."""

    day: Whole
    date: str
    confirmed: bool = True


class DayRelabelled(Kind, frozen=True, omit_defaults=True):
    """The open queue day got another date: the clock was wrong."""

    day: Whole
    date: str
    was: str


class DayClosed(Kind, frozen=True, omit_defaults=True):
    """No more calls on this queue day; `by` is an officer's number, 0 the agent."""

    day: Whole
    reason: str
    by: Whole = 0


class CounterOpened(Kind, frozen=True, omit_defaults=True):
    """An officer declared a counter open; no services means all."""

    counter: Whole
    services: tuple[str, ...] = ()
    by: Whole = 0


class CounterClosed(Kind, frozen=True, omit_defaults=True):
    """An officer declared a counter closed."""

    counter: Whole
    by: Whole = 0


class NoticeSet(Kind, frozen=True, omit_defaults=True):
    """People are told of a disturbance; `proposed` when the agent saw it and nobody confirmed it yet."""

    notice: Whole
    what: str
    services: tuple[str, ...] = ()
    by: Whole = 0
    proposed: bool = False


class NoticeCleared(Kind, frozen=True, omit_defaults=True):
    """A disturbance is over."""

    notice: Whole
    by: Whole = 0


class OfficerSigned(Kind, frozen=True, omit_defaults=True):
    """An officer, by number, signed in, out, or failed to."""

    officer: Whole
    event: str  # in | out | failed | locked


class OfficerChanged(Kind, frozen=True, omit_defaults=True):
    """An officer's account was added, reset or closed; never a name."""

    officer: Whole
    event: str
    role: str
    by: Whole = 0


class SettingsChanged(Kind, frozen=True, omit_defaults=True):
    """Settings of `version` (epoch, number) were applied, or refused for `reason`."""

    version: tuple[Whole, Whole]
    applied: bool
    reason: str | None = None
