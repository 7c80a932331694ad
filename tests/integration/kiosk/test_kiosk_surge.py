"""The page of busy days, the strip at the counter, and the reason that an officer notes."""

from __future__ import annotations

from datetime import date
from random import Random

from agent.actions import day
from agent.domain.surge import REASONS, UNKNOWN
from tests.builders import PIN
from tests.fakes import DAY
from tests.integration.kiosk.steps import sign_in, visit
from tests.visit_history import fill_day


def busy(kiosk, take) -> None:
    """Five days with one number, then one with three."""
    for _ in range(5):
        take()
        day.close_day(kiosk.store, 1)
        kiosk.clock.forward(DAY)
    kiosk.clock.forward(2 * DAY)
    for _ in range(3):
        take()


def test_a_new_office_has_nothing_to_compare_with(staff, counter):
    assert "Belum cukup hari kerja" in visit(staff, "/lonjakan").text


def test_a_supervisor_is_told_of_a_surge_at_the_counter(kiosk, counter, second, take):
    busy(kiosk, take)
    supervisor = sign_in(second.client, "Budi", PIN).touch("counter-2")
    officer = sign_in(counter.client, "Siti", PIN).touch("counter-1")

    assert supervisor.has("surge-strip")
    assert not officer.has("surge-strip")
    assert visit(second.client, "/lonjakan").shown("surge-state") == "Ramai"


def test_an_officer_notes_why_somebody_came(kiosk, counter, take):
    take("move")
    counter.touch("call-next").touch("outcome-recorded", reason="married")
    shown = visit(counter.client, "/lonjakan")

    assert (shown.shown("why-married"), shown.shown("share-married")) == ("1", "100 %")


def test_an_officer_ticks_that_somebody_came_again(kiosk, counter, take):
    take()
    counter.touch("call-next").touch("outcome-incomplete_papers", reason="moved", repeated="1")

    assert b'"reason":"moved","repeated":true' in kiosk.lines()[-1]
    assert "Datang lagi untuk urusan yang sama, menurut petugas" in visit(counter.client, "/laporan").text


def test_a_day_of_200_numbers_is_split_by_reason_and_its_shares_add_up_to_100(kiosk, counter):
    with kiosk.store.write():
        kiosk.store.run("DELETE FROM queue_day")
        fill_day(kiosk.store, Random(1), 1, date(2026, 11, 20), 200, 0)
        for place, why in enumerate((*REASONS, None)):
            kiosk.store.run("UPDATE visit SET reason = ? WHERE number % 7 = ?", why, place)
    shown = visit(counter.client, "/lonjakan")
    people = [int(shown.shown(f"why-{why}")) for why in (*REASONS, UNKNOWN)]

    assert (sum(people), people[:5]) == (200, [28, 29, 29, 29, 29])
    assert sum(int(shown.shown(f"share-{why}").removesuffix(" %")) for why in (*REASONS, UNKNOWN)) == 100


def test_the_reason_may_be_left_out(kiosk, counter, take):
    take("move")
    counter.touch("call-next").touch("outcome-recorded", reason="")

    assert visit(counter.client, "/lonjakan?masa=bulan").shown("why-unknown") == "1"


def test_a_count_opens_its_list(kiosk, counter, take):
    take("move")
    take("move")
    counter.touch("call-next").touch("outcome-recorded", reason="moved")
    shown = visit(counter.client, "/lonjakan?masa=bulan")
    link = next(link["href"] for link in shown.reader.links if "reason=moved" in link["href"])
    opened = visit(counter.client, link)

    assert "B-001" in opened.text
    assert "B-002" not in opened.text
    assert "Pindah" in opened.text
