"""Plays an office day through the public API, so that the pages of the demo have life.

The article's day: 100 applicants at Muara Badak, 200 before an election, over 420 minutes.
"""

from __future__ import annotations

import heapq
import json
import random
import sys
import urllib.request
from collections.abc import Callable, Mapping
from http.client import HTTPException
from typing import Any, Final

import msgspec

MINUTES: Final = 420.0
COUNTERS: Final = (1, 2)
ANSWER_S: Final = 60.0
NO_SHOWS: Final = 0.06
# What people come for before an election: data changes, moves and marriages, not only first recordings.
SERVICES: Final = {
    "ktp_first": 34, "ktp_print": 18, "change": 16, "move": 10, "ktp_lost": 7, "kk": 6, "ikd": 4, "kia": 3, "birth": 2,
}  # fmt: skip
OUTCOMES: Final = {
    "ktp_first": {"recorded": 86, "already_recorded": 6, "failed_capture": 4, "link_down": 4},
    "ktp_print": {"handed_over": 84, "no_blank": 10, "print_ready": 6},
    "": {"print_ready": 44, "referred": 16, "incomplete_papers": 22, "handed_over": 18},
}


class Event(msgspec.Struct, frozen=True, order=True):
    """At a minute of the day somebody arrives, or a counter calls or finishes; `number` is whose."""

    minute: float
    what: str
    number: int
    visit: str = ""
    service: str = ""


class Office:
    """The local API, as a workstation beside the kiosk would use it."""

    def __init__(self, facts: Mapping[str, Any]) -> None:
        self.base = str(facts["counter"]).removesuffix("/loket")
        self.token = str(facts["api_token"])

    def post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """A call's answer; empty for 204, for a refusal, and where the kiosk is just being started again."""
        request = urllib.request.Request(  # noqa: S310 — our own loopback address
            self.base + path,
            data=json.dumps(body).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.token}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=ANSWER_S) as answer:  # noqa: S310
                return dict(json.loads(answer.read() or b"{}"))
        except (OSError, HTTPException, ValueError):
            return {}


def play_day(facts: Mapping[str, Any], applicants: int, speed: float, rest: Callable[[float], bool]) -> None:
    """Applicants arrive, counters call and finish, `speed` times faster than the clock, until done or stopped.

    `rest` waits so many seconds and says whether to stop. Who was refused a number is waited for no longer.
    """
    luck = random.Random(applicants)  # noqa: S311 — a play, not a secret
    office = Office(facts)
    events = [Event(minute, "arrive", n) for n, minute in enumerate(arrivals(applicants, luck))]
    events += [Event(2.0 + counter, "call", counter) for counter in COUNTERS]
    heapq.heapify(events)
    say(f"playing a day of {applicants} applicants, {speed:g} times as fast as the clock")
    now, left = 0.0, applicants
    while left > 0:
        event = heapq.heappop(events)
        if rest(max(0.0, (event.minute - now) * 60 / speed)):
            return
        now = max(now, event.minute)
        following, gone = happen(office, event, now, luck)
        left -= gone
        if following is not None:
            heapq.heappush(events, following)
    say("the day has been played")


def happen(office: Office, event: Event, now: float, luck: random.Random) -> tuple[Event | None, bool]:
    """Do what an event says; what follows from it, if anything, and whether one applicant is done with."""
    if event.what == "arrive":
        return None, not office.post("/api/v1/tickets", applicant(event.number, luck))
    is_end = event.what == "finish"
    if is_end:
        office.post(f"/api/v1/visits/{event.visit}/finish", ending(event.service, luck))
    visit = office.post("/api/v1/calls", {"counter": event.number})
    if not visit:
        return Event(now + 2.0, "call", event.number), is_end
    minutes = luck.lognormvariate(1.3, 0.4)
    return Event(now + minutes, "finish", event.number, str(visit["visit"]), str(visit.get("service", ""))), is_end


def arrivals(applicants: int, luck: random.Random) -> list[float]:
    """Minutes after opening: a third waits at the door, most come before noon."""
    early = applicants // 3
    rest = [min(MINUTES, max(0.0, luck.betavariate(1.3, 2.4) * MINUTES)) for _ in range(applicants - early)]
    return sorted([luck.uniform(0, 12) for _ in range(early)] + rest)


def applicant(number: int, luck: random.Random) -> dict[str, object]:
    """A request for a ticket; no NIK, for no invented person may look like a real one."""
    return {
        "service": pick(SERVICES, luck),
        "village": luck.choice(["64.02.05.2001", "64.02.05.2002", "64.02.05.2003", "outside", "unknown"]),
        "priority": luck.random() < 0.08,
        "request_id": f"demo-{luck.getrandbits(64):016x}-{number}",
    }


def ending(service: str, luck: random.Random) -> dict[str, object]:
    """How a visit for that service ends."""
    if luck.random() < NO_SHOWS:
        return {"outcome": "no_show"}
    outcome = pick(OUTCOMES.get(service, OUTCOMES[""]), luck)
    return {"outcome": outcome, "missing": ["kk"]} if outcome == "incomplete_papers" else {"outcome": outcome}


def say(text: str) -> None:
    """A line that is seen at once, also through a pipe."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def pick(weights: Mapping[str, int], luck: random.Random) -> str:
    """One of the names, by weight."""
    return luck.choices(list(weights), list(weights.values()))[0]
