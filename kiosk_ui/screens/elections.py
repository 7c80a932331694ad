"""How long until voting, and how many of those recorded are old enough by village; never a list of names."""

from __future__ import annotations

from flask import Blueprint
from werkzeug.wrappers import Response

from agent.actions import elections as voting
from agent.actions.elections import Vote
from agent.domain import small_cells, voters
from agent.domain.regions import ZONE_NAMES
from agent.domain.voters import Village
from agent.office import OUTSIDE, UNKNOWN
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import page, reader
from kiosk_ui.screens.report_lists import as_csv
from kiosk_ui.sessions import only_for

elections = Blueprint("elections", __name__, url_prefix="/pemilu")
elections.before_request(only_for("officer", "supervisor", "technician", "camat"))


@elections.get("")
def show() -> Response:
    """The next day of voting with its counts, and all others."""
    votes = voting.votes(kiosk().store, kiosk().office)
    return shown(votes, votes[0] if votes and votes[0].days >= 0 else None)


@elections.get("/<name>")
def one(name: str) -> Response:
    """One day of voting with its counts; also of one that is over, for a repeated vote."""
    here = kiosk()
    return shown(voting.votes(here.store, here.office), voting.find(here.store, here.office, name))


def shown(votes: list[Vote], vote: Vote | None) -> Response:
    """The page."""
    villages = counts(vote) if vote else []
    return page(
        "elections.html",
        votes=votes,
        vote=vote,
        zone=ZONE_NAMES.get((vote.election.zone if vote else None) or kiosk().office.zone, ""),
        villages=[(name_of(village), village) for village in villages if village.name or village.recorded],
        total=total(villages),
    )


def counts(vote: Vote) -> list[Village]:
    """Those recorded, by village, for a day of voting."""
    return voting.counts(kiosk().store, kiosk().office, vote.election)


def name_of(village: Village) -> str:
    """A village by name; who lives elsewhere, or did not know, in words."""
    return village.name or (
        reader().say(f"village.{village.code}") if village.code in (OUTSIDE, UNKNOWN) else village.code
    )


def total(villages: list[Village]) -> Village:
    """The sums of all rows, exact."""
    fields = ("old_enough", "late", "younger", "unknown")
    return Village("", "", **{field: sum(getattr(village, field) for village in villages) for field in fields})


@elections.get("/<name>/kpu.csv")
def export(name: str) -> Response:
    """What leaves the office: small counts as `<5`, others rounded to five, the total that of what is shown."""
    here, say = kiosk(), reader().say
    vote = voting.find(here.store, here.office, name)
    villages = counts(vote)
    header = [say("vote.csv.code"), say("vote.village"), say("vote.old_enough")]
    sums = ["", say("report.total"), small_cells.total(village.old_enough for village in villages if village.name)]
    return as_csv(
        f"kpu-{vote.election.voting_date}", [header, *voters.for_others(villages), sums, [say("vote.csv.note")]]
    )
