"""Judge a round of readings and keep what it came to: tracks, outages, and a line for each change of state."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import msgspec

from agent.actions.health import rules, spells, tracks
from agent.domain import health
from agent.domain.clock_steps import Look, Step, between
from agent.domain.explaining import AFTERMATH_MS, Spell, reason
from agent.domain.health import Change, ProbeState, Round, Track
from agent.domain.health_rules import EXPLAINED_BY, LINK_STATES
from agent.office import Office
from agent.store import ledger, link_log
from agent.store.database import Store
from agent.wire.kinds import HealthChanged

OUTAGES_KEPT: Final = 2_000
OWED: Final = "clock_owed"  # a fact: how far what stands was put back by a clock that lost its time, ms
LINK: Final = "link"  # the uplink notes its changes, and writes their lines when it sees them and not a round later


def take_in(store: Store, office: Office, found: Round) -> dict[str, ProbeState]:
    """Judge a round, inside the caller's transaction and before the round's own row; what it showed of each probe."""
    now, before = store.clock.wall_ms(), tracks(store)
    last_t, step = since_last_round(store)
    if step.is_one:
        before = shifted(store, before, step)
    hold_ms = office.settings.health.hold.total_seconds() * 1000
    own = rules(office)
    moment = health.Moment(last_t, now, hold_ms)
    noted = link_log.between(store, last_t, now) if LINK in before and not step.is_one else []
    links, link_changes = of_link(noted, own, before, moment)
    judged = health.judge(found, own, {**before, **links}, moment)
    keep(store, before, judged.tracks)
    changes = (*link_changes, *judged.changes)
    for change in changes:
        keep_outage(store, change)
    for change in changes:  # only now, because a cause is seen in the same round as what it brings about
        tell(store, change)
    link_log.tell(store)
    return judged.seen


def of_link(
    noted: Iterable[link_log.Change], rules: Iterable[health.Rule], before: Mapping[str, Track], moment: health.Moment
) -> tuple[dict[str, Track], list[Change]]:
    """What the uplink noted of the link since the last round: by one look a minute a flapping link seems to be well."""
    own = [rule for rule in rules if rule.probe == LINK]
    tracks: dict[str, Track] = {LINK: before[LINK]} if LINK in before else {}
    changes: list[Change] = []
    for each in noted:
        found = Round({"link_state": float(LINK_STATES.index(each.state))}, {LINK: each.evidence})
        judged = health.judge(found, own, tracks, health.Moment(moment.before, each.t, moment.hold))
        tracks = judged.tracks
        changes += judged.changes
    return tracks, changes


def since_last_round(store: Store) -> tuple[int, Step]:
    """When the last round was, in ms UTC by the clock as it is now, and how that was set meanwhile."""
    found = store.rows("SELECT t, boot, m FROM reading ORDER BY number DESC LIMIT 1")
    if not found:
        return 0, Step(0, 0, 0, 0)
    last, now = Look(*found[0]), Look(store.clock.wall_ms(), store.boot, store.clock.boot_ms())
    owed = int(ledger.facts(store, OWED).get(OWED, "0"))
    step = between(last, now, owed)
    if step.owed != owed:
        ledger.set_fact(store, OWED, str(step.owed))
    return step.moved(last.t), step


def shifted(store: Store, before: Mapping[str, Track], step: Step) -> dict[str, Track]:
    """After a step of the wall clock: what stands began as long ago as before it, as far as anybody knows."""
    store.run(
        "UPDATE outage SET first_bad_t = first_bad_t + CASE WHEN first_bad_t <= ?1 THEN ?2 ELSE ?3 END,"
        " last_good_t = last_good_t + CASE WHEN last_good_t = 0 THEN 0"
        " WHEN last_good_t <= ?1 THEN ?2 ELSE ?3 END WHERE back_t IS NULL",
        step.start, step.early, step.late,
    )  # fmt: skip
    after = {probe: health.moved(track, step) for probe, track in before.items()}
    keep(store, before, after)
    return after


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


def keep_outage(store: Store, change: Change) -> None:
    """An outage begins, goes on in another way or is over."""
    bad = change.state in ("warn", "down")
    if change.was in ("warn", "down"):
        close_or_worsen(store, change)
    elif bad:
        store.run(
            "INSERT INTO outage (probe, code, severity, last_good_t, first_bad_t, evidence) VALUES (?, ?, ?, ?, ?, ?)",
            change.probe, change.code, change.state, change.last_good, change.since, change.evidence,
        )  # fmt: skip
        store.run("DELETE FROM outage WHERE number <= (SELECT max(number) FROM outage) - ?", OUTAGES_KEPT)


def tell(store: Store, change: Change) -> None:
    """A line tells central of a change, with what explains it; of an outage that is over the row keeps that too."""
    because = explained(store, change)
    if change.for_s is not None:
        store.run(
            "UPDATE outage SET explained_by = ? WHERE probe = ? AND back_t = ?", because, change.probe, change.since
        )  # fmt: skip
    if change.probe != LINK:
        ledger.append(store, line_of(change, because), "health")


def explained(store: Store, change: Change) -> str | None:
    """The code of what explains the outage that begins, goes on or ends with this change; None for none."""
    rows = store.rows(
        "SELECT code, first_bad_t, back_t FROM outage WHERE probe = ? AND back_t IS ? ORDER BY number DESC LIMIT 1",
        change.probe, None if change.for_s is None else change.since,
    )  # fmt: skip
    if not rows or (change.for_s is None and not change.code):
        return None
    spell = Spell(*rows[0])
    since = (store.clock.wall_ms() if spell.until is None else spell.until) - AFTERMATH_MS
    return reason(spell, spells(store, since), EXPLAINED_BY, store.clock.wall_ms())


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


def line_of(change: Change, because: str | None) -> HealthChanged:
    """A change of state as central reads it."""
    return HealthChanged(
        change.probe,
        change.state,
        change.was,
        evidence=change.evidence or None,
        code=change.code or None,
        since=max(0, change.since),  # a machine that comes up in 1970 puts what stood back to before that
        for_s=change.for_s,
        explained_by=because,
    )
