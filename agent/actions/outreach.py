"""Jemput bola: the villages that nobody reached for long, and the people of a village who wait for a trip."""

from __future__ import annotations

from datetime import date

from agent.actions import day, lists, visits
from agent.actions.lists import Entry
from agent.domain import outreach
from agent.domain.outreach import Village
from agent.errors import BadData
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.wire.kinds import ListServed


def unserved(store: Store, office: Office) -> list[Village]:
    """The villages that nobody came from and no trip served for 90 days, with how many wait on their lists.

    What the kecamatan's other devices did counts too, as far as it was told.
    """
    today = day.local_date(store, office)
    told = outreach.latest([*served(store).items(), *store.rows("SELECT village, date FROM told_village")])
    last = {village: date.fromisoformat(label) for village, label in told.items()}
    waiting = "SELECT village, count(*) FROM listing WHERE list = 'outreach' AND served_t IS NULL GROUP BY village"
    listed = dict(store.rows(waiting))
    return outreach.unserved(office.regions.villages, last, listed, today)


def served(store: Store) -> dict[str, str]:
    """Village → the last local date on which somebody of it got a number here, or a trip there served anybody."""
    rows = store.rows(
        "SELECT v.village, q.date FROM (SELECT village, max(day) AS day FROM visit GROUP BY village) v"
        " JOIN queue_day q ON q.number = v.day UNION ALL SELECT village, date FROM trip t"
        " WHERE stated > 0 OR EXISTS (SELECT 1 FROM visit WHERE visit.trip = t.number)"
    )
    return outreach.latest(rows)


def expected(store: Store, village: str) -> list[Entry]:
    """The people on the jemput bola list of a village who were not reached yet, in the order of their numbers."""
    condition = " WHERE l.list = 'outreach' AND l.village = ? AND l.served_t IS NULL ORDER BY l.number"
    return lists.entries(store, condition, village)


def reached(store: Store, number: int, by: int) -> None:
    """Somebody on a list was reached; said once. Raises BadData `unknown-entry`."""
    known = lists.entries(store, " WHERE l.number = ?", number)
    if not known:
        raise BadData("unknown-entry", f"there is no place {number} on a list", field="entry")
    with store.write():
        if store.rows("SELECT 1 FROM listing WHERE number = ? AND served_t IS NULL", number):
            visit = visits.find(store, known[0].visit)
            ledger.append(store, ListServed(visit.n, by, visits.other_ledger(store, visit)))
            store.run("UPDATE listing SET served_t = ? WHERE number = ?", store.clock.wall_ms(), number)
