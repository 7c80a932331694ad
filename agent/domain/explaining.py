"""Which symptom lies behind which: one warning a cause while it lasts, and one outage a cause when it is over."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Final

import msgspec

from agent.domain.health import Severity, Track, rate

# What an outage brought about may outlast it so long: the uplink waits up to 5 minutes for its next try, is spread over
# 5 more after a long absence, and what it finds must last to count.
AFTERMATH_MS: Final = 12 * 60_000

Causes = Mapping[str, Sequence[str]]  # symptom → what explains it, the nearest first


class Warning(msgspec.Struct, frozen=True):  # noqa: A001 — the word of everybody who reads it
    """What is wrong: since when (ms UTC), for how long, what explains it, how often an hour it comes and goes."""

    code: str
    probe: str
    severity: Severity
    since: int
    for_s: int
    explained_by: str | None = None
    evidence: str = ""
    rate: int = 0


class Spell(msgspec.Struct, frozen=True):
    """A symptom stood from `since` until `until`, ms UTC; None: it stands."""

    code: str
    since: int
    until: int | None = None


def standing(
    tracks: Mapping[str, Track], explained_by: Causes, now: int, over: Collection[Spell] = ()
) -> tuple[Warning, ...]:
    """The warnings that stand, unexplained and the worst first, then the oldest; `over` may explain them yet."""
    bad = {probe: track for probe, track in tracks.items() if track.is_bad}
    spells = [*over, *(Spell(track.code, track.since) for track in bad.values())]
    found = [
        Warning(
            code=track.code,
            probe=probe,
            severity="down" if track.state == "down" else "warn",
            since=track.since,
            for_s=max(0, (now - track.since) // 1000),
            explained_by=reason(Spell(track.code, track.since), spells, explained_by, now),
            evidence=track.evidence,
            rate=rate(track, now),
        )
        for probe, track in bad.items()
    ]
    return tuple(sorted(found, key=lambda each: (each.explained_by is not None, each.severity, each.since)))


def reason(spell: Spell, others: Iterable[Spell], explained_by: Causes, now: int) -> str | None:
    """What explains a symptom that stands or stood, of all that stood about then."""
    return cause(spell.code, {each.code for each in others if is_behind(each, spell, now)}, explained_by)


def is_behind(cause: Spell, effect: Spell, now: int) -> bool:
    """Whether one can have brought the other about; what both still stand is never told apart by when it was seen."""
    if cause.until is None and effect.until is None:
        return True
    end = now if effect.until is None else effect.until
    gone = end if cause.until is None else cause.until
    return cause.since <= effect.since + AFTERMATH_MS and effect.since <= gone and end - gone <= AFTERMATH_MS


def cause(code: str, standing_codes: set[str], explained_by: Causes) -> str | None:
    """What stands and explains `code`, followed to its root; None where nothing does."""
    found, seen = None, {code}
    while nearest := next((each for each in explained_by.get(code, ()) if each in standing_codes - seen), None):
        found = code = nearest
        seen.add(code)
    return found
