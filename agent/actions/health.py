"""How this office's machine, link and devices are and were: what pages, doctor, metrics and heartbeat tell."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from agent.domain import health, health_rules
from agent.domain.health import Change, ProbeState, Round, Rule, Track
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.wire.kinds import HealthChanged

OUTAGES_KEPT: Final = 2_000
STEP_MS: Final = 2_000  # less than that the two clocks drift apart in a minute
TOLD_ELSEWHERE: Final = frozenset({"link"})  # the uplink writes its line when it sees it, not a round later


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
    """Last good, first bad, back again (ms UTC; None: not yet), and how long, in seconds."""

    probe: str
    code: str
    severity: str
    last_good: int
    first_bad: int
    back: int | None
    for_s: int
    evidence: str


class Readings(msgspec.Struct, frozen=True):
    """The newest round: when, ms UTC, and name → value."""

    t: int
    values: dict[str, float]


def warnings(store: Store, *, explained: bool = False) -> tuple[health.Warning, ...]:
    """What stands and is not explained by another warning, the worst and oldest first; with `explained` all."""
    found = health.standing(tracks(store), health_rules.EXPLAINED_BY, store.clock.wall_ms())
    return found if explained else tuple(each for each in found if each.explained_by is None)


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
    path = f'$."{name}"'
    rounds = store.rows(
        "SELECT t, round ->> ? FROM reading WHERE t >= ? AND round ->> ? IS NOT NULL ORDER BY number", path, since, path
    )
    oldest = store.rows("SELECT t FROM reading ORDER BY number LIMIT 1")
    quarters = store.rows(
        "SELECT t, summary ->> ? FROM quarter WHERE t >= ? AND t < ? AND summary ->> ? IS NOT NULL ORDER BY number",
        path, since, oldest[0][0] if oldest else since, path,
    )  # fmt: skip
    triples = ((t, msgspec.json.decode(text, type=tuple[float, float, float])) for t, text in quarters)
    return [*(Point(t, *triple) for t, triple in triples), *(Point(t, value, value, value) for t, value in rounds)]


def outages(store: Store, probe: str | None = None, since: int = 0) -> list[Outage]:
    """Outages that began or ended since `since`, ms UTC, or still last; the newest first; of one probe or of all."""
    now = store.clock.wall_ms()
    rows = store.rows(
        "SELECT probe, code, severity, last_good_t, first_bad_t, back_t, for_s, evidence FROM outage"
        " WHERE (probe = ? OR ? IS NULL) AND (back_t IS NULL OR back_t >= ?) ORDER BY number DESC",
        probe, probe, since,
    )  # fmt: skip
    return [outage(row, now) for row in rows]


def outage(row: tuple[Any, ...], now: int) -> Outage:
    """An outage of a row; one that lasts has lasted until now."""
    probe, code, severity, last_good, first_bad, back, for_s, evidence = row
    lasted = max(0, (now - first_bad) // 1000) if for_s is None else for_s
    return Outage(probe, code, severity, last_good, first_bad, back, lasted, evidence)


def tracks(store: Store) -> dict[str, Track]:
    """What is remembered of each probe, by name."""
    rows = store.rows("SELECT probe, track FROM track ORDER BY probe")
    return {probe: msgspec.json.decode(text, type=Track) for probe, text in rows}


def rules(office: Office) -> tuple[Rule, ...]:
    """The rules of this office, by its limits and addresses."""
    settings = office.settings
    return health_rules.rules(settings.limits, map(str, settings.health.addresses))


def take_in(store: Store, office: Office, found: Round) -> None:
    """Judge a round and keep what it came to, inside the caller's transaction and before the round's own row."""
    now, before = store.clock.wall_ms(), tracks(store)
    last_t, by_ms = last_round(store)
    if by_ms:
        before = shifted(store, before, by_ms)
    hold_ms = office.settings.health.hold.total_seconds() * 1000
    judged = health.judge(found, rules(office), before, health.Moment(last_t + by_ms, now, hold_ms))
    keep(store, before, judged.tracks)
    for change in judged.changes:
        note(store, change)


def last_round(store: Store) -> tuple[int, int]:
    """When the last round was, ms UTC, and by how much the wall clock stepped since, ms."""
    found = store.rows("SELECT t, boot, m FROM reading ORDER BY number DESC LIMIT 1")
    if not found:
        return 0, 0
    t, boot, m = found[0]
    now = store.clock.wall_ms()
    if boot == store.boot:
        step = now - t - (store.clock.boot_ms() - m)
        return t, step if abs(step) > STEP_MS else 0
    return t, min(0, now - t)  # how long it was off, only the wall clock says; that time goes back it does not


def shifted(store: Store, before: Mapping[str, Track], by_ms: int) -> dict[str, Track]:
    """After a step of the wall clock: what stands began as long ago as before it."""
    store.run("UPDATE outage SET first_bad_t = first_bad_t + ? WHERE back_t IS NULL", by_ms)
    moved = {probe: health.moved(track, by_ms) for probe, track in before.items()}
    keep(store, before, moved)
    return moved


def keep(store: Store, before: Mapping[str, Track], after: Mapping[str, Track]) -> None:
    """Write the tracks that changed."""
    for probe in before.keys() - after.keys():
        store.run("DELETE FROM track WHERE probe = ?", probe)
    for probe, track in after.items():
        if before.get(probe) != track:
            text = msgspec.json.encode(track).decode()
            store.run(
                "INSERT INTO track (probe, track) VALUES (?, ?)"
                " ON CONFLICT (probe) DO UPDATE SET track = excluded.track",
                probe, text,
            )  # fmt: skip


def note(store: Store, change: Change) -> None:
    """An outage begins, goes on in another way or is over; a line tells central of a change of state."""
    bad = change.state in ("warn", "down")
    if change.was in ("warn", "down"):
        close_or_worsen(store, change)
    elif bad:
        store.run(
            "INSERT INTO outage (probe, code, severity, last_good_t, first_bad_t, evidence) VALUES (?, ?, ?, ?, ?, ?)",
            change.probe, change.code, change.state, change.last_good, change.since, change.evidence,
        )  # fmt: skip
        store.run("DELETE FROM outage WHERE number <= (SELECT max(number) FROM outage) - ?", OUTAGES_KEPT)
    if change.state != change.was and change.probe not in TOLD_ELSEWHERE:
        ledger.append(store, line_of(change), "health")


def close_or_worsen(store: Store, change: Change) -> None:
    """The open outage of a probe after its change."""
    if change.for_s is not None:
        store.run(
            "UPDATE outage SET back_t = ?, for_s = ? WHERE probe = ? AND back_t IS NULL",
            change.since, max(0, change.for_s), change.probe,
        )  # fmt: skip
    else:
        store.run(
            "UPDATE outage SET code = ?, severity = min(severity, ?), evidence = ? WHERE probe = ? AND back_t IS NULL",
            change.code, change.state, change.evidence, change.probe,
        )  # fmt: skip


def line_of(change: Change) -> HealthChanged:
    """A change of state as central reads it."""
    return HealthChanged(
        change.probe, change.state, change.was, change.evidence or None, change.code or None, change.since, change.for_s
    )
