"""Who is next: a fair merge of priority and normal, and the return of those who were absent.

Law: whoever waits is reached. A normal person with k normal people before them is called after
at most (k + 1)(ratio + 1) - 1 others, however many with priority come meanwhile.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Final

import msgspec


class Rules(msgspec.Struct, frozen=True, kw_only=True):
    """`ratio` priority people for each normal one; who was absent is called after `absent_after` others."""

    ratio: int = 2
    absent_after: int = 5
    most_calls: int = 3


DEFAULT: Final = Rules()


class Person(msgspec.Struct, frozen=True):
    """Somebody in the line: smaller numbers came earlier; `wait` others are called first, 0 for most.

    Others are numbers, each counted once a day: one that is called `again` brings nobody nearer.
    """

    number: int
    priority: bool
    wait: int = 0
    service: str = ""
    again: bool = False


def in_order(people: Iterable[Person], streak: int, ratio: int) -> Iterator[Person]:
    """Everybody in the order in which they are called, if nobody else comes.

    `streak` is how many with priority were called since the last one without. Somebody who has to
    wait for others is called earlier when there are no others.
    """
    lines: dict[bool, list[tuple[int, Person]]] = {True: [], False: []}
    absent = [(person.wait, person.number, person) for person in people]
    if not any(wait or person.priority for wait, _, person in absent):
        yield from (person for _, _, person in sorted(absent, key=itemgetter(1)))  # as on most days
        return
    heapq.heapify(absent)
    called = 0
    while absent or lines[True] or lines[False]:
        while absent and (absent[0][0] <= called or not (lines[True] or lines[False])):
            _, number, back = heapq.heappop(absent)
            heapq.heappush(lines[back.priority], (number, back))
            called = max(called, back.wait)
        first = takes_priority(bool(lines[True]), bool(lines[False]), streak, ratio)
        streak = streak + 1 if first else 0
        _, following = heapq.heappop(lines[first])
        called += not following.again
        yield following


def takes_priority(priority_waits: bool, normal_waits: bool, streak: int, ratio: int) -> bool:
    """Whether the next call goes to somebody with priority."""
    return priority_waits and (not normal_waits or streak < ratio)


def streak_of(called: Iterable[bool]) -> int:
    """How many of the newest calls, newest first, went to priority before one that did not."""
    count = 0
    for priority in called:
        if not priority:
            break
        count += 1
    return count


def is_over(calls: int, rules: Rules) -> bool:
    """Whether somebody who did not come at `calls` calls is given up."""
    return calls >= rules.most_calls
