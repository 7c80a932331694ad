"""Office days that never were: who comes, who is called, and what each was told on arrival."""

from __future__ import annotations

import random
from typing import NamedTuple

from agent.domain.wait_estimate import Estimate, estimate, times
from agent.domain.waiting_line import Person, in_order

SERVICE = "ktp_first"


class Plan(NamedTuple):
    """A day: people, counters, the minutes that the office expects and those that people really need."""

    people: int = 100
    counters: int = 1
    expected: float = 4.0
    real: float = 4.0
    no_shows: float = 0.06
    priority: float = 0.08


class Waited(NamedTuple):
    told: Estimate
    minutes: float


def play(plan: Plan, luck: random.Random, earlier: list[float]) -> list[Waited]:
    """One day; `earlier` are measured minutes of the days before and grows."""
    arrivals = sorted(luck.betavariate(1.2, 2.2) * 400 for _ in range(plan.people))
    free = [0.0] * plan.counters
    line: list[Person] = []
    told: dict[int, Estimate] = {}
    waited, streak = [], 0

    def call_until(now: float) -> None:
        nonlocal streak
        while line and min(free) <= now:
            counter = free.index(min(free))
            person = next(in_order(line, streak, 2))
            line.remove(person)
            streak = streak + 1 if person.priority else 0
            at = max(free[counter], arrivals[person.number])
            waited.append(Waited(told[person.number], at - arrivals[person.number]))
            if luck.random() < plan.no_shows:
                free[counter] = at + 0.7
            else:
                minutes = luck.lognormvariate(0, 0.45) * plan.real / 1.107  # e^(0.45²/2): the mean stays
                earlier.append(minutes)
                free[counter] = at + minutes

    for number, now in enumerate(arrivals):
        call_until(now)
        me = Person(number, luck.random() < plan.priority)
        each = {SERVICE: times(earlier[-50:], plan.expected)}
        ahead = [person.number for person in in_order([*line, me], streak, 2)].index(number)
        told[number] = estimate({SERVICE: ahead}, each, plan.counters, each[SERVICE])
        line.append(me)
    call_until(float("inf"))
    return waited
