"""What lines say: one struct per kind. Fields are only ever added, meanings never change."""

from __future__ import annotations

from agent.wire.kinds.base import Kind
from agent.wire.kinds.chain import Carried, ClockAnchored, ClockStepped, LedgerContinued
from agent.wire.kinds.coverage import CoverageEntered
from agent.wire.kinds.health import HealthChanged, HealthSummary
from agent.wire.kinds.kiosk import DeviceTested, KioskChanged
from agent.wire.kinds.office import (
    CounterClosed,
    CounterOpened,
    DayClosed,
    DayOpened,
    DayRelabelled,
    NoticeCleared,
    NoticeSet,
    OfficerChanged,
    OfficerSigned,
    SettingsChanged,
)
from agent.wire.kinds.outreach import ListServed, TripClosed, TripOpened
from agent.wire.kinds.roster import RosterDeleted, RosterLoaded, RosterMatched
from agent.wire.kinds.stock import StockCounted, StockReceived, StockSpoiled
from agent.wire.kinds.survey import SurveyAnswered
from agent.wire.kinds.visits import (
    TicketAbsent,
    TicketCalled,
    TicketHanded,
    TicketHeld,
    TicketListed,
    TicketMoved,
    TicketReleased,
    TicketTaken,
    VisitCorrected,
    VisitFinished,
    VisitOfAge,
)
from agent.wire.line import CARRIED

__all__ = [
    "KINDS",
    "KIND_NAMES",
    "Carried",
    "ClockAnchored",
    "ClockStepped",
    "CounterClosed",
    "CounterOpened",
    "CoverageEntered",
    "DayClosed",
    "DayOpened",
    "DayRelabelled",
    "DeviceTested",
    "HealthChanged",
    "HealthSummary",
    "Kind",
    "KioskChanged",
    "LedgerContinued",
    "ListServed",
    "NoticeCleared",
    "NoticeSet",
    "OfficerChanged",
    "OfficerSigned",
    "RosterDeleted",
    "RosterLoaded",
    "RosterMatched",
    "SettingsChanged",
    "StockCounted",
    "StockReceived",
    "StockSpoiled",
    "SurveyAnswered",
    "TicketAbsent",
    "TicketCalled",
    "TicketHanded",
    "TicketHeld",
    "TicketListed",
    "TicketMoved",
    "TicketReleased",
    "TicketTaken",
    "TripClosed",
    "TripOpened",
    "VisitCorrected",
    "VisitFinished",
    "VisitOfAge",
]

KINDS: dict[str, type[Kind]] = {
    "ledger.continued": LedgerContinued,
    CARRIED: Carried,
    "clock.anchored": ClockAnchored,
    "clock.stepped": ClockStepped,
    "day.opened": DayOpened,
    "day.relabelled": DayRelabelled,
    "day.closed": DayClosed,
    "ticket.taken": TicketTaken,
    "ticket.called": TicketCalled,
    "ticket.absent": TicketAbsent,
    "ticket.held": TicketHeld,
    "ticket.released": TicketReleased,
    "ticket.moved": TicketMoved,
    "ticket.listed": TicketListed,
    "ticket.handed": TicketHanded,
    "counter.opened": CounterOpened,
    "counter.closed": CounterClosed,
    "notice.set": NoticeSet,
    "notice.cleared": NoticeCleared,
    "visit.finished": VisitFinished,
    "visit.corrected": VisitCorrected,
    "visit.of-age": VisitOfAge,
    "survey.answered": SurveyAnswered,
    "officer.signed": OfficerSigned,
    "officer.changed": OfficerChanged,
    "settings.changed": SettingsChanged,
    "trip.opened": TripOpened,
    "trip.closed": TripClosed,
    "list.served": ListServed,
    "stock.received": StockReceived,
    "stock.spoiled": StockSpoiled,
    "stock.counted": StockCounted,
    "kiosk.changed": KioskChanged,
    "device.tested": DeviceTested,
    "coverage.entered": CoverageEntered,
    "roster.loaded": RosterLoaded,
    "roster.matched": RosterMatched,
    "roster.deleted": RosterDeleted,
    "health.summary": HealthSummary,
    "health.changed": HealthChanged,
}
KIND_NAMES: dict[type[Kind], str] = {struct: name for name, struct in KINDS.items()}
