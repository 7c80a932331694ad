"""What is disturbed, since when, and what still works: said before anybody queues."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal

import msgspec

from agent.domain.hours import Standing
from agent.domain.services import Services

DOWN_ROUNDS: Final = 3  # so often in a row a probe must fail: at one round a minute, a notice stands after three
UP_ROUNDS: Final = 2

WHATS: Final = ("siak", "set", "blanks", "power", "closed")
STOPPED_BY_POWER: Final = ("siak", "set", "blanks")
TROUBLES: Final = ("power", "siak", "set", "blanks")  # what stops most first
# Which reading of a probe tells of which disturbance.
PROBED: Final = {"siak": "siak_reachable"}

State = Literal["open", "disturbed", "blanks-out", "quota-used", "closed"]
Step = Literal["propose", "withdraw", "keep"]


class Notice(msgspec.Struct, frozen=True):
    """A disturbance that people are told of; `since` is ms UTC, `proposed` until an officer confirms it."""

    number: int
    what: str
    services: tuple[str, ...]
    since: int
    by: int
    proposed: bool


class Availability(msgspec.Struct, frozen=True):
    """How one service stands: why, since when (ms UTC), how many numbers are left (None: no limit).

    `trouble` is what is disturbed, also where the service is closed or used up for another reason.
    """

    state: State
    what: str = ""
    since: int | None = None
    left: int | None = None
    trouble: Notice | None = None


def stopped(what: str, offer: Services) -> tuple[str, ...]:
    """The services that a disturbance stops; `closed` stops those that are named with it only."""
    needed = STOPPED_BY_POWER if what == "power" else (what,)
    return tuple(name for name, service in offer.services.items() if set(needed) & set(service.needs))


def availability(
    offer: Services, open_notices: Sequence[Notice], taken: Mapping[str, int], standing: Standing
) -> dict[str, Availability]:
    """How each service stands, with `taken` numbers of today by service."""
    return {name: of_service(name, service.quota, open_notices, taken.get(name, 0), standing)
            for name, service in offer.services.items()}  # fmt: skip


def of_service(
    name: str, quota: int | None, open_notices: Iterable[Notice], taken: int, standing: Standing
) -> Availability:
    """How one service stands; what stops it most comes first: closed, quota, disturbed, blanks."""
    left = None if quota is None else max(0, quota - taken)
    own = {notice.what: notice for notice in open_notices if name in notice.services}
    trouble = next((own[what] for what in TROUBLES if what in own), None)
    if "closed" in own:
        return Availability("closed", "closed", own["closed"].since, left, trouble)
    if not standing.is_open and standing.phase != "before":  # people come early, and numbers are given then
        return Availability("closed", standing.phase, None, left, trouble)
    if left == 0:
        return Availability("quota-used", "quota", None, 0, trouble)
    if trouble is None:
        return Availability("open", left=left)
    state: State = "blanks-out" if trouble.what == "blanks" else "disturbed"
    return Availability(state, trouble.what, trouble.since, left, trouble)


def step(readings: Sequence[float | None], open_notice: Notice | None, *, dismissed: bool) -> Step:
    """What the agent does about a notice, by its readings, oldest first: 1 works, 0 does not, None unknown.

    What an officer confirmed or set, only an officer clears; what an officer dismissed is not
    proposed again before it has worked.
    """
    if open_notice is None:
        failing = len(readings) >= DOWN_ROUNDS and all(value == 0 for value in readings[-DOWN_ROUNDS:])
        return "propose" if failing and not dismissed else "keep"
    return "withdraw" if open_notice.proposed and works_again(readings) else "keep"


def works_again(readings: Sequence[float | None]) -> bool:
    """Whether a probe succeeded often enough in a row."""
    return len(readings) >= UP_ROUNDS and all(value == 1 for value in readings[-UP_ROUNDS:])
