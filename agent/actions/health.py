"""How this office's machine, link and devices are and were: what pages, doctor, metrics and heartbeat tell."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from agent.domain import health_rules
from agent.domain.explaining import AFTERMATH_MS, Spell, Warning, standing  # noqa: A004 — the word of everybody
from agent.domain.health import ProbeState, Rule, Track
from agent.office import Office
from agent.store.database import Store

SHORTEST_SILENCE_MS: Final = 5 * 60_000
ROUNDS_MISSED: Final = 3
AGENT: Final = "agent"
STOPPED: Final = "agent-stopped"


class ProbeStanding(msgspec.Struct, frozen=True):
    """How a probe stands: its state, the code of its symptom, since when, ms UTC, and why."""

    probe: str
    state: ProbeState
    code: str
    since: int
    evidence: str


class Point(msgspec.Struct, frozen=True):
    """A reading at a wall clock in ms UTC: lowest, mean and highest; all one and the same in a raw round."""

    t: int
    low: float
    mean: float
    high: float


class Outage(msgspec.Struct, frozen=True):
    """Last good, first bad, back again (ms UTC; None: not yet), and how long, in seconds.

    `explained_by` is the code of what lay behind it, known once it is over.
    """

    probe: str
    code: str
    severity: str
    last_good: int
    first_bad: int
    back: int | None
    for_s: int
    evidence: str
    explained_by: str | None


class Readings(msgspec.Struct, frozen=True):
    """The newest round: when, ms UTC, and name → value."""

    t: int
    values: dict[str, float]


def warnings(store: Store, *, explained: bool = False) -> tuple[Warning, ...]:
    """What stands and is not explained by another warning, the worst and oldest first; with `explained` all."""
    now = store.clock.wall_ms()
    over = [each for each in spells(store, now - AFTERMATH_MS) if each.until is not None]
    found = standing(tracks(store), health_rules.EXPLAINED_BY, now, over)
    told = (*((agent_stopped(store),) if is_overdue(store) else ()), *found)
    return told if explained else tuple(each for each in told if each.explained_by is None)


def is_overdue(store: Store) -> bool:
    """Whether no round came for long: then all else here is how it was, and nobody sends or prints."""
    rows = store.rows("SELECT boot, m FROM reading ORDER BY number DESC LIMIT 2")
    if not rows:
        return False
    (boot, m), (other, before) = rows[0], rows[-1]
    usual = m - before if other == boot else 0
    silent = store.clock.boot_ms() - (m if boot == store.boot else 0)  # the wall clock may have stepped meanwhile
    return silent > max(SHORTEST_SILENCE_MS, ROUNDS_MISSED * usual)


def agent_stopped(store: Store) -> Warning:
    """The warning that the agent does not run, since its newest round."""
    found = store.rows("SELECT t FROM reading ORDER BY number DESC LIMIT 1")
    now = store.clock.wall_ms()
    since = found[0][0] if found else now
    return Warning(STOPPED, AGENT, "down", since, max(0, (now - since) // 1000))


def agent_standing(store: Store) -> ProbeStanding | None:
    """How the agent stands, by its rounds; None before the first. Since when it has run well nobody wrote down: 0."""
    newest = readings(store)
    if newest is None:
        return None
    stopped = is_overdue(store)
    return ProbeStanding(AGENT, "down" if stopped else "ok", STOPPED * stopped, newest.t * stopped, "")


def probe_states(store: Store) -> list[ProbeStanding]:
    """Every probe that this office has, by name."""
    return [
        ProbeStanding(probe, track.state, track.code, track.since, track.evidence)
        for probe, track in tracks(store).items()
    ]


def readings(store: Store) -> Readings | None:
    """The newest round; None before the first."""
    found = store.rows("SELECT t, round FROM reading ORDER BY number DESC LIMIT 1")
    return Readings(found[0][0], msgspec.json.decode(found[0][1], type=dict[str, float])) if found else None


def history(store: Store, name: str, since: int) -> list[Point]:
    """A reading since `since`, ms UTC, oldest first: rounds as far back as they go, quarter hours before."""
    path = '$."' + name.replace('"', "") + '"'
    rounds = store.rows(
        "SELECT t, round ->> ? FROM reading WHERE t >= ? AND round ->> ? IS NOT NULL ORDER BY number", path, since, path
    )
    oldest = store.rows("SELECT min(t) FROM reading WHERE t >= ?", since)[0][0]  # others are of a clock that was wrong
    quarters = store.rows(
        "SELECT t, summary ->> ? FROM quarter WHERE t >= ? AND t < ? AND summary ->> ? IS NOT NULL ORDER BY number",
        path, since, store.clock.wall_ms() if oldest is None else oldest, path,
    )  # fmt: skip
    triples = ((t, msgspec.json.decode(text, type=tuple[float, float, float])) for t, text in quarters)
    return [*(Point(t, *triple) for t, triple in triples), *(Point(t, *[float(value)] * 3) for t, value in rounds)]


def outages(store: Store, probe: str | None = None, since: int = 0) -> list[Outage]:
    """Outages that began or ended since `since`, ms UTC, or still last; the newest first; of one probe or of all."""
    now = store.clock.wall_ms()
    rows = store.rows(
        "SELECT probe, code, severity, last_good_t, first_bad_t, back_t, for_s, evidence, explained_by FROM outage"
        " WHERE (probe = ? OR ? IS NULL) AND (back_t IS NULL OR back_t >= ?) ORDER BY number DESC",
        probe, probe, since,
    )  # fmt: skip
    return [outage(row, now) for row in rows]


def outage(row: tuple[Any, ...], now: int) -> Outage:
    """An outage of a row; one that lasts has lasted until now."""
    probe, code, severity, last_good, first_bad, back, for_s, *rest = row
    lasted = max(0, (now - first_bad) // 1000) if for_s is None else for_s
    return Outage(probe, code, severity, last_good, first_bad, back, lasted, *rest)


def spells(store: Store, since: int) -> list[Spell]:
    """What stands, and what stood until `since`, ms UTC, or later."""
    return [
        Spell(*row)
        for row in store.rows("SELECT code, first_bad_t, back_t FROM outage WHERE back_t IS NULL OR back_t >= ?", since)
    ]


def tracks(store: Store) -> dict[str, Track]:
    """What is remembered of each probe, by name."""
    rows = store.rows("SELECT probe, track FROM track ORDER BY probe")
    return {probe: msgspec.json.decode(text, type=Track) for probe, text in rows}


def rules(office: Office) -> tuple[Rule, ...]:
    """The rules of this office, by its limits and addresses."""
    settings = office.settings
    return health_rules.rules(settings.limits, map(str, settings.health.addresses))
