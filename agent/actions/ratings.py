"""One touch at the end: how it was to get a number, and later how it was to be served."""

from __future__ import annotations

from agent.domain.period import Period
from agent.domain.ratings import MARKS, topic
from agent.domain.report_books import Mark
from agent.errors import BadData
from agent.store import ledger
from agent.store.database import Store
from agent.store.models import Visit
from agent.wire.kinds import SurveyAnswered


def rate(store: Store, visit: Visit, mark: int) -> bool:
    """Keep a mark for what the visit has come to; whether it counts: only the first one does.

    Raises BadData `unknown-mark`.
    """
    if mark not in MARKS:
        raise BadData("unknown-mark", "a mark is 1, 2, 3 or 4", field="mark")
    about = topic(visit.state)
    with store.write():
        if is_rated(store, visit):
            return False
        store.run(
            "INSERT INTO rating (visit, about, day, mark) VALUES (?, ?, ?, ?)", visit.number, about, visit.day, mark
        )
        ledger.append(store, SurveyAnswered(visit.day, visit.service, about, mark))
    return True


def is_rated(store: Store, visit: Visit) -> bool:
    """Whether this number gave its mark for what it has come to."""
    return bool(store.rows("SELECT 1 FROM rating WHERE visit = ? AND about = ?", visit.number, topic(visit.state)))


def marks(store: Store, period: Period) -> list[Mark]:
    """The marks of a period's queue days, by day and service; in no order that would tell who gave them."""
    rows = store.rows(
        "SELECT q.date, v.service, r.about, r.mark FROM rating r JOIN queue_day q ON q.number = r.day"
        " JOIN visit v ON v.number = r.visit WHERE q.date BETWEEN ? AND ? ORDER BY 1, 2, 3, 4",
        period.first.isoformat(), period.last.isoformat(),
    )  # fmt: skip
    return [Mark(*row) for row in rows]
