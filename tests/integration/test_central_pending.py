"""Kiosks that asked to be known and never came back make room for others."""

from __future__ import annotations

from central.store import kiosks
from tests.fakes import DAY

OFFICE = "64.02.05"


def test_a_request_that_nobody_repeats_is_forgotten_after_ninety_days(desk) -> None:
    with desk.central.store.write() as database:
        for name, asked in (("old", 0), ("waiting", 0), ("known", 0)):
            kiosks.ask(database, name, OFFICE, asked)
        kiosks.set_state(database, "known", "approved")
        kiosks.ask(database, "waiting", OFFICE, 80 * DAY)
        kiosks.ask(database, "new", OFFICE, 91 * DAY)
        left = [name for name in ("old", "waiting", "known", "new") if kiosks.find(database, name)]

    assert left == ["waiting", "known", "new"]
