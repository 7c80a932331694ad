"""How each service stands, in words that are said before anybody queues."""

from __future__ import annotations

from typing import Final

from agent.actions import day, notices, waits
from agent.clock import local
from agent.domain.notices import STOPPED_BY_POWER, Availability, Notice
from agent.domain.regions import ZONE_NAMES
from kiosk_ui.kiosk import kiosk
from kiosk_ui.pages import clock_time, reader

SHORT: Final = 2  # services by name on the board, for each notice
CLOSED: Final = ("after", "day-off")  # nobody waits then
SHOWN_LEFT: Final = 5  # so few numbers left are worth a word
MANY: Final = 5  # disturbed services whose "since when" would crowd the tiles


def stands() -> dict[str, Availability]:
    """How each service stands now."""
    return notices.availability(kiosk().store, kiosk().office)


def marks() -> dict[str, str]:
    """A few words for the tile of each service that has something to say."""
    every, is_dated = stands(), not widely_since()
    told = {name: mark(stand, is_dated=is_dated) for name, stand in every.items()}
    return {name: words for name, words in told.items() if words}


def widely_since() -> str:
    """Since when many services are disturbed, said once above all of them; empty while few are."""
    began = [stand.trouble.since for stand in stands().values() if stand.trouble is not None]
    return since(min(began)) if len(began) >= MANY else ""


def mark(stand: Availability, *, is_dated: bool) -> str:
    """A few words of how a service stands; empty for an open one. That the office is closed is said once, not here."""
    say = reader().say
    told = [say("mark.closed")] if (stand.state, stand.what) == ("closed", "closed") else []
    if stand.state == "quota-used":
        told.append(say("mark.quota-used"))
    if stand.trouble is not None:
        state = say("mark.blanks-out" if stand.trouble.what == "blanks" else "mark.disturbed")
        told.append(say("mark.since", apa=state, jam=since(stand.trouble.since)) if is_dated else state)
    if stand.left is not None and 0 < stand.left <= SHOWN_LEFT:
        told.append(say("mark.left", n=stand.left))
    return " · ".join(told)


def since(wall_ms: int) -> str:
    """When something began: the time of day, with the date where that was another day."""
    here = kiosk()
    began = local(wall_ms, here.office.zone).date()
    is_today = began == local(here.store.clock.wall_ms(), here.office.zone).date()
    return clock_time(wall_ms) if is_today else f"{reader().day(began)}, {clock_time(wall_ms)}"


def notes(service: str) -> list[str]:
    """Whole sentences for somebody who chose that service: what is disturbed, since when, what still works."""
    every, say = stands(), reader().say
    told = [sentence(each) for each in told_of(service)]
    elsewhere = [name for name, stand in every.items() if stand.state == "open" and name != service]
    if every[service].state == "quota-used":
        told.append(say("err.quota-used"))
    elif told and every[service].what not in CLOSED:
        works = [say("offer.still_works", layanan=named(elsewhere))] if elsewhere else []
        told += [say("offer.may_wait"), *works]
    nearest = kiosk().office.nearest
    told += too_late(service)
    if nearest and every[service].state == "disturbed":
        told.append(say("nearest.note", kantor="; ".join(nearest)))
    return told


def told_of(service: str) -> list[Notice]:
    """The disturbances of a service; without power, what power stops needs no word of its own."""
    own = [each for each in notices.open_notices(kiosk().store) if service in each.services]
    explained = STOPPED_BY_POWER if any(each.what == "power" for each in own) else ()
    return [each for each in own if each.what not in explained]


def is_used_up(service: str) -> bool:
    """Whether today's numbers for a service are all given: only another day can be had."""
    return stands()[service].state == "quota-used"


def is_over(service: str) -> bool:
    """Whether a number for a service would be served by nobody today: another day is the way on."""
    stand = stands()[service]
    return stand.state == "quota-used" or (stand.state == "closed" and stand.what != "break")


def is_closed() -> bool:
    """Whether the office serves nobody any more today."""
    return notices.standing(kiosk().store, kiosk().office).phase in CLOSED


def too_late(service: str) -> list[str]:
    """A sentence where somebody who takes a number now is probably, or certainly, not served today."""
    here = kiosk()
    reason = waits.wait_for(here.store, here.office, notices.open_day(here.store), service).reason
    if reason == "closed":
        return [" ".join((closed_until(), reader().say("offer.closed")))]
    return [reader().say("offer.day_ends")] if reason == "day-ends" else []


def closed_until() -> str:
    """That the office is closed, and when it opens again where its settings tell."""
    here, words = kiosk(), reader()
    opens = notices.standing(here.store, here.office).until
    if opens is None:
        return words.say("closed")
    named = f"{words.weekday(opens)}, {words.day(opens)}, {words.time(opens, here.office.zone)}"
    return words.say("closed.until", buka=named)


def from_central() -> list[str]:
    """What central wants people to read today, in the reader's language where it has it."""
    here, words = kiosk(), reader()
    today = day.local_date(here.store, here.office)
    return [(words.code == "en" and each.en) or each.text for each in here.office.told(today)]


def sentence(notice: Notice) -> str:
    """What is disturbed, and since when."""
    return reader().say("offer.since", apa=reader().say(f"notice.{notice.what}"), jam=since(notice.since))


def named(services: tuple[str, ...] | list[str]) -> str:
    """Services by name, one after another."""
    known = kiosk().office.services
    return ", ".join(reader().of(known[name].name) if name in known else name for name in services)


def shortly(services: tuple[str, ...] | list[str]) -> str:
    """The same where there is little room: two names and how many more, or that it is all of them."""
    offered = [name for name in kiosk().office.services if name in services]
    if offered == list(kiosk().office.services):
        return reader().say("kabar.all")
    rest = len(offered) - SHORT
    return named(offered) if rest <= 1 else reader().say("board.and_more", nama=named(offered[:SHORT]), n=rest)


def open_hours() -> str:
    """When the office serves people, and that it does not now where that is so."""
    hours, zone, clock = kiosk().office.hours, kiosk().office.zone, reader().say("format.clock")
    opens, closes = (f"{each:%H}{clock}{each:%M}" for each in (hours.open, hours.close))
    told = reader().say("hours", buka=opens, tutup=closes, zona=ZONE_NAMES.get(zone, zone))
    phase = notices.standing(kiosk().store, kiosk().office).phase
    return f"{reader().say(f'phase.{phase}')} · {told}" if reader().has(f"phase.{phase}") else told
