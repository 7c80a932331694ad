"""What an officer does with a number that is not served now, or was finished by mistake."""

from __future__ import annotations

import msgspec
import pytest

from agent.actions import paper, visits
from agent.office import Office
from agent.settings import PrinterSettings
from tests.integration.kiosk.steps import form_to, visit


@pytest.fixture
def printing(kiosk):
    """The office has a ticket printer."""
    printer = PrinterSettings(kind="file", path="/dev/null")
    settings = msgspec.structs.replace(kiosk.office.settings, printer=printer)
    kiosk.office = Office(settings, kiosk.office.offer, kiosk.office.regions, kiosk.office.elections)


def states(kiosk) -> list[tuple[str, str]]:
    return kiosk.store.rows("SELECT state, service FROM visit ORDER BY number")


def test_somebody_absent_is_called_again_later(kiosk, take, counter):
    take()

    page = counter.touch("call-next").touch("absent")

    assert "A-001 dipanggil lagi setelah 5 nomor lain." in page.text
    assert states(kiosk) == [("waiting", "ktp_first")]


def test_absent_after_the_last_call_is_a_no_show(kiosk, take, counter):
    take()
    called = counter.touch("call-next")
    for _ in range(kiosk.office.line_rules.most_calls - 1):
        called = called.touch("recall")

    page = called.touch("absent")

    assert "A-001 sudah 3 kali dipanggil dan ditutup sebagai tidak hadir." in page.text
    assert kiosk.store.rows("SELECT outcome FROM visit") == [("no_show",)]


def test_a_number_is_put_aside_with_its_reason(kiosk, take, counter):
    take()

    page = counter.touch("call-next").touch("hold", reason="papers")

    assert "Ditahan 1" in page.text
    assert b'"reason":"papers"' in kiosk.lines()[-1]


def test_no_reason_of_ones_own_reaches_the_ledger(kiosk, take, counter):
    take()

    counter.touch("call-next").touch("hold", reason="Siti lupa KTP")

    assert states(kiosk) == [("held", "ktp_first")]
    assert not any(b"lupa" in line for line in kiosk.lines())


def test_a_held_number_is_put_back(kiosk, take, counter):
    take()

    counter.touch("call-next").touch("hold").touch("release")

    assert states(kiosk) == [("waiting", "ktp_first")]


def test_a_held_number_is_called_without_putting_it_back(take, counter):
    take()
    page = counter.touch("call-next").touch("hold")
    forms = [form for form in page.reader.forms if form.action.endswith("/panggil")]

    assert page.send(forms[-1], forms[-1].fields).shown("current-ticket") == "A-001"


def test_a_number_waits_for_another_service(kiosk, take, counter):
    take()

    counter.touch("call-next").touch("transfer", service="kk", reason="asked")

    assert states(kiosk) == [("waiting", "kk")]
    assert b'"reason":"asked"' in kiosk.lines()[-1]


@pytest.mark.parametrize("service", ["", "nothing", "ktp_first", "🙂"])
def test_a_number_stays_where_the_other_service_makes_no_sense(kiosk, take, counter, service):
    take()

    page = counter.touch("call-next").touch("transfer", service=service)

    assert page.status == 200
    assert states(kiosk) == [("called", "ktp_first")]


def test_a_called_number_gets_a_place_on_a_list(kiosk, take, counter):
    take()

    page = counter.touch("call-next").touch("list-one", list="outreach", date="")

    assert "A-001 masuk daftar: Jemput bola. Kode" in page.text
    assert kiosk.store.rows("SELECT outcome FROM visit") == [("referred",)]


def test_a_day_that_is_over_is_told_and_the_number_stays(kiosk, take, counter):
    take()

    page = counter.touch("call-next").touch("list-one", list="day", date="2020-01-01")

    assert "hari kerja dalam setahun ke depan" in page.text
    assert states(kiosk) == [("called", "ktp_first")]


def test_a_number_without_paper_is_listed_and_printed_again(kiosk, printing, take, counter):
    name = take()["visit"]
    with kiosk.store.write():
        kiosk.store.run("UPDATE visit SET print = 'failed'")
    page = visit(counter.client, "/loket")

    printed = page.touch("reprint")

    assert "Tidak tercetak 1" in page.text
    assert "A-001 sedang dicetak lagi." in printed.text
    assert [each.name for each in paper.pending()] == [name]
    assert kiosk.nudges


def test_the_number_in_work_is_printed_again(kiosk, printing, take, counter):
    take()
    page = visit(counter.client, "/loket").touch("call-next")

    assert "A-001 sedang dicetak lagi." in page.touch("reprint-current").text


def test_without_a_printer_nothing_offers_to_print(take, counter):
    take()

    assert "/cetak" not in counter.touch("call-next").answer.get_data(as_text=True)


@pytest.mark.parametrize("move", ["tidak-hadir", "tahan", "lepas", "pindah", "koreksi", "cetak", "daftar"])
def test_no_move_is_made_without_the_pages_own_token(kiosk, take, counter, move):
    name = take()["visit"]

    answer = counter.client.post(f"/loket/{name}/{move}", data={"service": "kk", "outcome": "recorded"})

    assert answer.status_code == 400
    assert states(kiosk) == [("waiting", "ktp_first")]


@pytest.mark.parametrize("move", ["tidak-hadir", "lepas", "koreksi"])
def test_a_move_that_is_not_possible_is_told(kiosk, take, counter, move):
    name = take()["visit"]
    token = form_to(counter, "/keluar").fields["csrf_token"]

    answer = counter.client.post(f"/loket/{name}/{move}", data={"csrf_token": token}, follow_redirects=True)

    assert "A-001 sudah diurus di tempat lain." in answer.get_data(as_text=True)
    assert visits.find(kiosk.store, name).state == "waiting"
