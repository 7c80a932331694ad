"""Days of voting of this office: how long until then, and how many of those recorded are old enough."""

from __future__ import annotations

from datetime import date

import msgspec

from agent.actions.day import local_date
from agent.clock import local
from agent.domain import elections, voters
from agent.domain.elections import Election
from agent.domain.eligibility import Band
from agent.domain.nik import Nik
from agent.domain.voters import Recorded, Village
from agent.errors import NotFound
from agent.office import Office
from agent.store import ledger
from agent.store.database import Store
from agent.store.models import Visit
from agent.wire.kinds import VisitOfAge


class Vote(msgspec.Struct, frozen=True):
    """A day of voting and how many days there are until then; below zero it is over."""

    election: Election
    days: int

    @property
    def name(self) -> str:
        """How an address names it."""
        return f"{self.election.voting_date.isoformat()}.{self.election.area}"


def votes(store: Store, office: Office) -> list[Vote]:
    """The days of voting of this office, the coming ones first, the nearest of them at the top."""
    now = store.clock.wall_ms() + (ledger.behind_central_ms(store) or 0)
    found = [
        Vote(each, elections.days_until(each, local(now, each.zone or office.zone).date()))
        for each in office.elections.election
        if each.is_for(office.code)
    ]
    return sorted(found, key=lambda vote: (vote.days < 0, abs(vote.days)))


def find(store: Store, office: Office, name: str) -> Vote:
    """The day of voting of that name; raises NotFound `unknown-vote`."""
    for vote in votes(store, office):
        if vote.name == name:
            return vote
    raise NotFound("unknown-vote", f"no day of voting is called {name[:40]}", field="vote")


def note(store: Store, office: Office, visit: Visit, nik: Nik | None, band: Band | None, *, married: bool) -> None:
    """Keep for which coming votes the person of a visit is old enough, inside the caller's transaction.

    No date of birth is kept, and nothing where neither NIK nor band tells.
    """
    if nik is None and band is None:
        return
    born = [each for each in (nik.born, nik.born_earlier) if each is not None] if nik else []
    today = local_date(store, office)
    told = voters.words(office.elections, office.code, today, born, band, married=married)
    if not told:
        return
    here = ledger.tail(store, ledger.ENROLLMENTS).ledger
    ledger.append(store, VisitOfAge(visit.n, told, None if visit.ledger == here else visit.ledger))
    for reference, old_enough in told.items():
        store.run(
            "INSERT INTO vote_age (visit, reference, old_enough) VALUES (?, ?, ?)",
            visit.number, reference, int(old_enough),
        )  # fmt: skip


def counts(store: Store, office: Office, election: Election) -> list[Village]:
    """Those recorded here so far, and by the day of voting, by village."""
    last = min(election.voting_date, local_date(store, office))
    rows = store.rows(
        "SELECT v.village, q.date, v.service, a.old_enough, count(*) FROM visit v JOIN queue_day q ON q.number = v.day"
        " LEFT JOIN vote_age a ON a.visit = v.number AND a.reference = ?"
        " WHERE v.outcome = ? AND q.date <= ? GROUP BY 1, 2, 3, 4",
        election.reference, voters.RECORDED, last.isoformat(),
    )  # fmt: skip
    recorded = (
        Recorded(village, date.fromisoformat(day), service, None if told is None else bool(told), many)
        for village, day, service, told, many in rows
    )
    return voters.counted(recorded, election, office.regions.villages)
