"""Devices are tried out from a page; the agent does what only it may do, and the result is shown."""

from __future__ import annotations

import os

import msgspec
import pytest

from agent import requests
from agent.actions import paper, self_test
from agent.actions.officers import add_officer
from agent.errors import BadData
from agent.office import Office
from agent.printing.desk import PrintDesk
from agent.settings import PrinterSettings
from tests.builders import PIN
from tests.integration.kiosk.steps import sign_in, visit


@pytest.fixture
def printing(kiosk):
    """The office has a ticket printer."""
    here = kiosk.office
    settings = msgspec.structs.replace(here.settings, printer=PrinterSettings(kind="file", path="/dev/null"))
    kiosk.office = Office(settings, here.offer, here.regions)


def agent_prints(kiosk, fault: str = "") -> list[str]:
    """The agent takes up what was asked for; the words on its paper."""
    paper: list[str] = []

    def print_rows(rows) -> str:
        paper.extend(row.text for row in rows)
        return fault

    desk = PrintDesk(kiosk.store, kiosk.office, print_rows)
    requests.fulfil(kiosk.store, {}, {requests.TRY_PRINTER: desk.try_out})
    desk.turn()
    return paper


def test_a_test_ticket_can_be_taken_for_no_number(printing, kiosk, technician):
    visit(technician, "/teknisi/uji").touch("test-ticket")

    paper = agent_prints(kiosk)

    assert "KARCIS UJI" in paper
    assert "Bukan nomor antrean." in paper
    assert kiosk.visits() == 0


def test_a_printed_test_ticket_is_told_and_counts_as_a_trial(printing, kiosk, technician):
    page = visit(technician, "/teknisi/uji").touch("test-ticket")
    assert "menunggu layanan rekam-agent" in page.text

    agent_prints(kiosk)

    assert "23 Nov 08.00; berhasil." in visit(technician, "/teknisi/uji").text
    assert self_test.newest(kiosk.store)["ticket-printer"].by == 2


def test_a_printer_that_fails_is_told_with_its_reason(printing, kiosk, technician):
    visit(technician, "/teknisi/uji").touch("test-ticket")

    agent_prints(kiosk, "no end after 12 s")

    page = visit(technician, "/teknisi/uji")
    assert "gagal. no end after 12 s" in page.text
    assert not self_test.newest(kiosk.store)["ticket-printer"].ok
    assert paper.printer_state(kiosk.store) == ("down", "no end after 12 s")


def test_without_a_printer_the_page_says_so_and_the_agent_too(kiosk, technician):
    assert "Kantor ini tidak memakai pencetak karcis." in visit(technician, "/teknisi/uji").text
    number = requests.ask(kiosk.store, requests.TRY_PRINTER)

    agent_prints(kiosk)

    assert requests.progress_of(kiosk.store, number).code == "no-printer"


def test_sending_now_is_a_wish_to_the_agent(kiosk, technician):
    page = visit(technician, "/teknisi/uji").touch("test-link")
    asked = []

    requests.fulfil(kiosk.store, {requests.SEND: lambda: asked.append(1) or "asked"})

    assert "menunggu layanan rekam-agent" in page.text
    assert asked == [1]
    assert "hasilnya di bawah ini" in visit(technician, "/teknisi/uji").text


@pytest.mark.needs("espeak")
def test_the_voice_speaks_a_sentence(technician):
    assert technician.get("/teknisi/uji/suara.wav").data[:4] == b"RIFF"


@pytest.mark.parametrize(("ok", "words"), [(True, "berfungsi"), (False, "tidak berfungsi")])
def test_what_was_found_of_a_device_is_kept_with_its_line(kiosk, ok, words):
    self_test.note(kiosk.store, "camera", ok=ok, by=3)

    line = msgspec.json.decode(kiosk.lines()[-1])
    assert (line["k"], line["d"]) == ("device.tested", {"device": "camera", "ok": ok, "by": 3})
    assert self_test.newest(kiosk.store)["camera"].ok is ok


def test_an_officer_notes_what_they_found_and_the_devices_page_says_so(kiosk, staff):
    add_officer(kiosk.store, "Siti", "officer", random_bytes=os.urandom, pin=PIN)
    page = sign_in(staff, "Siti", PIN)
    token = page.reader.forms[0].fields["csrf_token"]

    staff.post("/teknisi/uji/alat/camera", data={"csrf_token": token, "hasil": "rusak"})

    assert "Terakhir dicoba 23 Nov 08.00: tidak berfungsi." in visit(staff, "/teknisi/alat/camera").text


@pytest.fixture
def watched(kiosk):
    """The office has a camera that is looked at."""
    with kiosk.store.write():
        kiosk.store.run("INSERT INTO track VALUES ('camera', '{\"state\":\"ok\"}')")


@pytest.mark.parametrize("touched", ["look-camera", "test-ok-camera", "test-bad-camera"])
def test_who_tries_a_device_has_the_agent_look_at_it_and_reads_what_it_saw(watched, kiosk, technician, touched):
    page = visit(technician, "/teknisi/uji").touch(touched)
    assert "menunggu layanan rekam-agent" in page.text

    seen = requests.Progress("failed", code="device", sentence="USB 04a9:3270 is not plugged in")
    wishes = {requests.TRY_DEVICE: lambda number, _device: requests.report(kiosk.store, number, seen)}
    requests.fulfil(kiosk.store, {}, wishes)

    assert "gagal. USB 04a9:3270 is not plugged in" in visit(technician, "/teknisi/uji").text


def test_a_device_that_nobody_knows_is_refused(kiosk, technician):
    page = visit(technician, "/teknisi/anjungan")
    token = page.reader.forms[-1].fields["csrf_token"]

    for end in ("", "/periksa"):
        answer = technician.post(f"/teknisi/uji/alat/toaster{end}", data={"csrf_token": token, "hasil": "baik"})
        assert answer.status_code == 404

    with pytest.raises(BadData, match="a device is one of"):
        self_test.note(kiosk.store, "toaster", ok=True, by=1)
