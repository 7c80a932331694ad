"""One touch at the end: how it was to get a number, and later how it was to be served."""

from __future__ import annotations

from collections import Counter

from agent.domain.period import Period
from agent.domain.ratings import MARKS, topic
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


def counts(store: Store, period: Period) -> Counter[tuple[str, int]]:
    """How often each (topic, mark) was given on the queue days of a period."""
    rows = store.rows(
        "SELECT about, mark, count(*) FROM rating JOIN queue_day ON queue_day.number = rating.day"
        " WHERE date BETWEEN ? AND ? GROUP BY 1, 2",
        period.first.isoformat(), period.last.isoformat(),
    )  # fmt: skip
    return Counter({(about, mark): count for about, mark, count in rows})
