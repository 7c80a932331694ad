"""Completed years of life. Born on 29 February: a year is complete on 1 March; to be confirmed by the KPU."""

from __future__ import annotations

from datetime import date


def birthday(born: date, years: int) -> date:
    """The day on which `years` years are complete."""
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


def completed_years(born: date, on: date) -> int:
    """How many years are complete on a day; 0 before the first, and for somebody not born yet."""
    years = max(0, on.year - born.year)
    return years if years == 0 or birthday(born, years) <= on else years - 1


def years_before(day: date, years: int) -> date:
    """The last day on which somebody may be born who has completed `years` years on `day`."""
    try:
        return day.replace(year=day.year - years)
    except ValueError:
        return date(day.year - years, 2, 28)


def is_to_be_confirmed(born: date) -> bool:
    """Whether the day of completion is our choice, because no source settles it."""
    return (born.month, born.day) == (2, 29)
