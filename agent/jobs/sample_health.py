"""Look at the machine; once a quarter hour tell central, in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Final

import msgspec

from agent import browser_again
from agent.actions import health, judging, notices, stock
from agent.domain.summary import counted, rounded, summed_up
from agent.office import Office
from agent.probes.rounds import Look, take_round
from agent.store import ballast, ledger
from agent.store.database import Store
from agent.wire.kinds import HealthSummary

RAW_KEPT: Final = timedelta(days=2)
QUARTERS_KEPT: Final = timedelta(days=90)
ROWS_AT_ONCE: Final = 1000


class Row(msgspec.Struct, frozen=True):
    """A round as it was kept: its number, wall clock in ms UTC, name → value, probe → state."""

    number: int
    t: int
    readings: dict[str, float]
    states: dict[str, str]


def run(store: Store, office: Office, look: Look) -> None:
    """Take a round, then write it: one row and one commit, and the quarter's line with it when it is due.

    `look` asks the probes; no transaction is open meanwhile, so nobody who writes waits for one of them.
    """
    found = take_round(look)
    if "disk_free" in found.readings:
        ballast.keep(store.home, int(found.readings["disk_free"]))
    now = store.clock.wall_ms()
    earlier = rounds_since_last_summary(store)
    due = bool(earlier) and abs(now - earlier[0].t) >= office.settings.health.summary.total_seconds() * 1000
    with store.write():
        if due:
            sum_up(store, earlier)
        states = judging.take_in(store, office, found)
        store.run(
            "INSERT INTO reading (t, boot, m, round, states) VALUES (?, ?, ?, ?, ?)",
            now, store.boot, store.clock.boot_ms(), short(found.readings), new_states([] if due else earlier, states),
        )  # fmt: skip
        forget_old(store, "reading", RAW_KEPT // office.settings.health.every)
        forget_old(store, "quarter", QUARTERS_KEPT // office.settings.health.summary)
    notices.watch(store, office)
    stock.watch(store, office)
    is_still = any(warning.code == browser_again.WARNING for warning in health.warnings(store, explained=True))
    browser_again.leave(store.home, is_needed=is_still)


def rounds_since_last_summary(store: Store) -> list[Row]:
    """The rounds that no summary has yet, oldest first."""
    told = int(ledger.facts(store, "summed_up_to").get("summed_up_to", "0"))
    rows = store.rows(
        "SELECT number, t, round, states FROM reading WHERE number > ? ORDER BY number LIMIT ?", told, ROWS_AT_ONCE
    )
    found: list[Row] = []
    for number, t, values, words in rows:
        states = msgspec.json.decode(words) if words else found[-1].states if found else {}
        found.append(Row(number, t, msgspec.json.decode(values, type=dict[str, float]), states))
    return found


def short(readings: Mapping[str, float]) -> str:
    """As a row keeps them: a row comes each minute, and with all digits fewer have room in a page of the disk."""
    return text({name: int(each) if each.is_integer() else rounded(each) for name, each in readings.items()})


def new_states(earlier: Sequence[Row], states: Mapping[str, str]) -> str:
    """As a row keeps them: nothing where they are as in the row before it, which the same summary counts."""
    as_before = 0 < len(earlier) < ROWS_AT_ONCE and earlier[-1].states == states
    return "" if as_before else text(states)


def text(found: object) -> str:
    """JSON."""
    return msgspec.json.encode(found).decode()


def sum_up(store: Store, rounds: list[Row]) -> None:
    """Append the summary of these rounds, inside the caller's transaction."""
    readings, states = summed_up(each.readings for each in rounds), counted([each.states for each in rounds])
    ledger.append(store, HealthSummary(rounds[0].t, len(rounds), readings, states), "health")
    store.run("INSERT INTO quarter (t, summary) VALUES (?, ?)", rounds[0].t, text(readings))
    ledger.set_fact(store, "summed_up_to", str(rounds[-1].number))


def forget_old(store: Store, table: str, kept: int) -> None:
    """Delete all but the newest `kept` rows: counted, because by a clock at 1970 every row would be of the future."""
    store.run(
        f"DELETE FROM {table} WHERE number IN (SELECT number FROM {table}"  # noqa: S608 — one of our two
        f" WHERE number <= (SELECT max(number) FROM {table}) - ? ORDER BY number LIMIT ?)",
        kept, ROWS_AT_ONCE,
    )  # fmt: skip
