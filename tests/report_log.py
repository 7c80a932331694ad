"""A month of an office with something in every list of a report, the same in every run."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from random import Random

import msgspec

from agent.actions.coverage import put
from agent.domain.coverage import Fault, Figure
from agent.domain.surge import REASONS
from agent.store.database import Store
from tests.visit_history import MINUTE, fill

FIRST = date(2024, 11, 1)
LAPTOP = f"{43 * 'A'}.abcdefgh"
KUKAR = Figure(
    measure="recorded", count=557_385, base="wajib", of=559_031, percent=Decimal("99.71"), snapshot=date(2024, 11, 4),
    said_on=date(2024, 11, 4), source="Tribun Kaltim, November 2024",
)  # fmt: skip
WRONG = msgspec.structs.replace(KUKAR, measure="printed", count=550_000, percent=Decimal("99.99"))


def at(day: int, hour: int) -> int:
    """An hour of a day of November 2024 in WITA, ms UTC."""
    return int(datetime(2024, 11, day, hour, tzinfo=UTC).timestamp() * 1000) - 8 * 60 * MINUTE


def play(store: Store) -> int:
    """Twelve days of visits, and something for each of the other lists; how many visits."""
    made = fill(store, FIRST, days=12, per_day=20)
    with store.write():
        answered(store, Random(2))
        disturbed(store)
        failed(store)
        moved(store)
        trips(store)
        put(store, KUKAR, (), 2)
        put(store, WRONG, (Fault("percent", "99.99", "98.38"),), 2)
    return made


def answered(store: Store, chance: Random) -> None:
    """Why people came, and how they liked it."""
    for number, day in store.rows("SELECT number, day FROM visit ORDER BY number"):
        why, again = chance.choice([None, *REASONS]), chance.random() < 0.1
        store.run("UPDATE visit SET reason = ?, repeated = ? WHERE number = ?", why, again, number)
        for about in ("number", "service"):
            if chance.random() < 0.2:
                mark = chance.choice([2, 3, 4, 4])
                store.run("INSERT INTO rating VALUES (?, ?, ?, ?)", number, about, day, mark)


def disturbed(store: Store) -> None:
    """SIAK was away for two hours on the 4th and 38 minutes on the 5th, the power for one hour."""
    for what, since, minutes in (("siak", at(4, 9), 120), ("power", at(5, 8), 60), ("siak", at(5, 10), 38)):
        store.run(
            "INSERT INTO notice (what, services, since_t, by, proposed, cleared_t) VALUES (?, ?, ?, 2, 0, ?)",
            what, '["kk","change"]' if what == "siak" else '["ktp_first"]', since, since + minutes * MINUTE,
        )  # fmt: skip


def failed(store: Store) -> None:
    """The link was down for 95 minutes; so was the printer, which the power explains, and paper was low."""
    for probe, code, severity, why in (
        ("link", "link-no-address", "down", None),
        ("printer", "printer-offline", "down", "power-lost"),
        ("printer", "printer-paper-low", "warn", None),
    ):
        store.run(
            "INSERT INTO outage (probe, code, severity, evidence, last_good_t, first_bad_t, back_t, for_s,"
            " explained_by) VALUES (?, ?, ?, '', 0, ?, ?, ?, ?)",
            probe, code, severity, at(5, 9), at(5, 9) + 95 * MINUTE, 95 * 60, why,
        )  # fmt: skip


def trips(store: Store) -> None:
    """A laptop of the kit was in a school twice."""
    for n, (day, people) in enumerate(((5, 31), (7, 12)), 1):
        store.run(
            "INSERT INTO told_trip VALUES (?, ?, '64.02.05.2008', 'SMAN 1', 'school', ?, ?, 1, 0)",
            LAPTOP, n, f"2024-11-{day:02}", people,
        )  # fmt: skip


def moved(store: Store) -> None:
    """Blank cards came in, some were spoiled, and a count found three fewer than the book said."""
    store.run("UPDATE visit SET ended = number")
    moves = [
        ("received", 500, 500, "", at(1, 7)),
        ("spoiled", -4, 485, "misprint", at(5, 11)),
        ("counted", -3, 470, "", at(8, 15)),
    ]
    for number, (what, change, left, reason, t) in enumerate(moves):
        store.run(
            "INSERT INTO stock_move (item, what, change, left, mark, reason, by, t, request_id)"
            " VALUES ('blanks', ?, ?, ?, (SELECT count(*) FROM visit WHERE finished_t < ?), ?, 2, ?, ?)",
            what, change, left, t, reason, t, f"move-{number}",
        )  # fmt: skip
