"""What a technician reads of warnings, probes, their history and outages, with no script at all."""

from __future__ import annotations

import os
from collections.abc import Callable

import pytest

from agent import doctor
from agent.actions import curves, health
from agent.actions.officers import add_officer
from agent.jobs import sample_health
from agent.probes.rounds import take_round
from agent.store import link_log
from kiosk_ui.messages import languages
from tests.builders import PIN
from tests.fakes import HOUR, MINUTE, wall
from tests.integration.kiosk.steps import Page, sign_in, visit
from tests.rounds import named, of_machine

WELL = {"camera_present": 1.0, "disk_free": 5.0 * 1024**3, "cpu_percent": 10.0, "interfaces_up": 1.0}


@pytest.fixture
def look(kiosk, staff) -> Callable[[str], Page]:
    """Opens a page as a technician who signs in first: hours may have passed."""
    add_officer(kiosk.store, "Andi", "technician", random_bytes=os.urandom, pin=PIN)

    def at(path: str) -> Page:
        sign_in(staff, "Andi", PIN)
        return visit(staff, path)

    return at


@pytest.fixture
def live(kiosk) -> Callable[..., None]:
    """Rounds of readings, one a minute, up to a time of the day."""

    def until(clock: str, **bad: float) -> None:
        found = {**WELL, **bad, "said": "USB 046d:0825"}
        end = wall(f"2026-11-23T{clock}")
        while kiosk.clock.wall < end:
            kiosk.clock.forward(MINUTE)
            sample_health.run(kiosk.store, kiosk.office, named({"camera": lambda: found}))

    return until


def test_a_camera_that_was_pulled_for_38_minutes_is_told_once(live, look):
    live("10:01")
    live("10:39", camera_present=0.0)
    live("11:00")

    page = look("/teknisi/alat/camera")

    assert page.text.count("38 menit") == 1
    assert "23 Nov 10.01 23 Nov 10.02 23 Nov 10.40 38 menit Kamera tidak terpasang USB 046d:0825" in page.text


def test_the_top_warning_stands_first_with_its_first_step(live, look):
    live("08:10")
    live("08:15", disk_free=100.0)
    live("08:20", disk_free=100.0, camera_present=0.0)

    page = look("/teknisi")

    assert page.has("warning-device-missing")
    assert page.text.index("Ruang penyimpanan habis") < page.text.index("Periksa kabel kamera")
    assert "Sejak 23 Nov 08.11, sudah 9 menit." in page.text


def test_what_one_warning_explains_is_told_beside_it(live, look):
    live("08:10", interfaces_up=1.0, link_state=10.0)
    live("08:20", interfaces_up=0.0, link_state=0.0)

    page = look("/teknisi")

    assert page.has("warning-no-network")
    assert not page.has("warning-link-no-interface")
    assert "Ikut terganggu karenanya: Tidak tersambung ke jaringan" in page.text


@pytest.mark.parametrize(
    ("silence", "bad", "verdict"),
    [
        (0, {}, "Normal"),
        (3 * HOUR, {}, "Gangguan"),
        (0, {"on_battery": 1.0, "printer_online": 0.0}, "Perlu perhatian"),
    ],
    ids=["well", "the agent stopped", "the power explains the printer"],
)
def test_the_heading_says_what_the_doctor_says(kiosk, live, look, silence, bad, verdict):
    live("08:20", on_battery=0.0, printer_online=1.0)
    live("08:30", **bad)
    kiosk.clock.forward(silence)

    found = doctor.examine(kiosk.store, kiosk.office, "id")["verdict"]

    assert f"Kesehatan perangkat {verdict} " in look("/teknisi").text
    assert {"ok": "Normal", "warn": "Perlu perhatian", "down": "Gangguan"}[found] == verdict


@pytest.mark.parametrize(("silence", "verdict"), [(0, "Normal"), (3 * HOUR, "Gangguan")])
def test_the_page_of_the_agent_says_whether_it_runs(kiosk, live, look, silence, verdict):
    live("08:20")
    kiosk.clock.forward(silence)

    assert f"Program latar {verdict} " in look("/teknisi/alat/agent").text


def test_an_outage_that_is_over_says_what_lay_behind_it(live, look):
    live("08:10", interfaces_up=1.0, link_state=10.0)
    live("08:20", interfaces_up=0.0, link_state=0.0)
    live("08:30", interfaces_up=1.0, link_state=10.0)

    assert "Tidak tersambung ke jaringan Akibat: Tidak ada jaringan" in look("/teknisi/alat/link").text


def test_every_probe_leads_to_its_page(live, look):
    live("08:03")

    for probe in ("cpu", "disk", "network", "camera"):
        assert look("/teknisi").has(f"probe-{probe}")
        assert look(f"/teknisi/alat/{probe}").status == 200


def test_a_probe_that_fails_says_since_when_and_why(kiosk, live, look):
    live("08:10")
    for _ in range(5):
        sample_health.run(kiosk.store, kiosk.office, named({"camera": lambda: {}["/home/siti"]}))
        kiosk.clock.forward(MINUTE)

    page = look("/teknisi/alat/camera")

    assert "Belum diketahui sejak 23 November 2026, 08.10 WITA" in page.text
    assert "KeyError" in page.text
    assert "/home/siti" not in page.text


def test_while_nothing_is_wrong_the_page_says_so(live, look):
    live("08:03")

    assert "Tidak ada yang perlu dikerjakan." in look("/teknisi").text


def test_without_a_script_the_history_is_a_table(live, look):
    live("08:31", cpu_percent=20.0)
    live("09:31", cpu_percent=80.0)

    page = look("/teknisi/alat/cpu?rentang=24j")

    assert "23 Nov 08.31 20,0 % 79,0 % 80,0 % 23 Nov 08.01 20,0 % 20,0 % 20,0 %" in page.text


def test_the_picture_asks_for_points_and_outages(live, look):
    live("10:01")
    live("10:39", camera_present=0.0)
    live("11:00")

    found = look("/teknisi/alat/camera/riwayat.json?bacaan=camera_present&rentang=7h").answer.get_json()

    assert min(found["low"]) == 0.0
    assert found["until"] - found["since"] == 7 * 86_400
    assert found["outages"] == [[wall("2026-11-23T10:02") / 1000, wall("2026-11-23T10:40") / 1000, "down"]]


def test_a_curve_breaks_off_over_a_night_in_which_the_machine_was_off(kiosk, live, look):
    live("08:10")
    kiosk.clock.forward(15 * HOUR)
    live("23:20")

    found = look("/teknisi/alat/camera/riwayat.json?bacaan=camera_present").answer.get_json()

    assert found["low"].count(None) == found["mean"].count(None) == 1
    assert found["low"][-1] == 1.0


@pytest.mark.parametrize("code", ["id", "en"])
def test_every_reading_that_a_page_shows_has_a_name(kiosk, code):
    told = {rule.reading for rule in health.rules(kiosk.office)} | take_round(of_machine(kiosk.store)).readings.keys()
    shown = [name for name in told if curves.is_measure(name) and not name.startswith("reachable ")]

    assert [name for name in shown if f"reading.{name}" not in languages()[code].texts] == []


def test_a_reading_of_another_probe_gives_no_points(live, look):
    live("08:10")

    assert look("/teknisi/alat/camera/riwayat.json?bacaan=cpu_percent").answer.get_json()["t"] == []


@pytest.mark.parametrize("path", ["/teknisi/alat/toaster", "/teknisi/alat/toaster/riwayat.json"])
def test_an_unknown_probe_is_told_kindly(look, path):
    assert look(path).status == 404


def test_the_pages_need_a_sign_in(staff):
    assert "/masuk" in staff.get("/teknisi/alat/cpu").headers["Location"]


def test_the_links_history_has_causes_and_lengths(kiosk, look):
    link_log.note(kiosk.store, "no-dns", "no answer from 10.0.0.53")
    kiosk.clock.forward(20 * MINUTE)
    link_log.note(kiosk.store, "good", "")

    page = look("/teknisi/jaringan")

    assert "23 Nov 08.00 Gangguan Nama server tidak ditemukan (DNS) 20 menit no answer from 10.0.0.53" in page.text
    assert page.shown("link-now") == "Baik"
