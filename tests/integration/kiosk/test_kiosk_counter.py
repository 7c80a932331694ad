"""The counter's page: call, recall, finish, and what the officer sees."""

from __future__ import annotations

import os

import pytest

from agent.actions.counters import open_counter, open_counters
from agent.actions.officers import add_officer
from tests.builders import PIN
from tests.fakes import MINUTE
from tests.integration.kiosk.steps import form_to, sign_in, visit

NIK = "6402055501990001"


def test_the_counter_is_chosen_once(counter):
    assert "Loket 1" in counter.text
    assert "Loket 1" in visit(counter.client, "/loket").text


def test_whoever_signs_in_first_calls_with_one_touch(kiosk, take, officer):
    take()

    page = officer.touch("call-next")

    assert "Loket 1" in page.text
    assert page.shown("current-ticket") == "A-001"
    assert [each.number for each in open_counters(kiosk.store)] == [1]


def test_the_first_free_counter_is_proposed(counter, kiosk):
    add_officer(kiosk.store, "Budi", "supervisor", random_bytes=os.urandom, pin=PIN)

    assert "Anda di Loket 2?" in sign_in(kiosk.client("staff"), "Budi", PIN).text


def test_a_proposed_counter_that_another_opened_meanwhile_is_asked(kiosk, take, officer):
    take()
    open_counter(kiosk.store, kiosk.office, 1)

    page = officer.touch("call-next")

    assert "Pilih loket Anda" in page.text
    assert kiosk.store.rows("SELECT state FROM visit") == [("waiting",)]


def test_an_officer_is_back_at_the_counter_and_services_of_last_time(kiosk, counter):
    chooser = visit(counter.client, "/loket/pilih")
    form = form_to(chooser, "/pilih")
    chooser.send(form, {**form.fields, "series": "B", "counter": "5"})

    again = sign_in(kiosk.client("staff"), "Siti", PIN)

    assert "Loket 5" in again.text
    assert "Anda di Loket" not in again.text
    assert [each.number for each in open_counters(kiosk.store) if each.services] == [5]


def test_the_counter_of_an_officer_who_left_quietly_closes(kiosk, counter):
    kiosk.clock.forward(16 * MINUTE)
    visit(counter.client, "/loket")

    assert open_counters(kiosk.store) == []


def test_a_counter_whose_browser_was_closed_serves_nobody_until_somebody_is_there_again(kiosk, counter):
    served = []
    for minutes in (14, 14, 15):
        kiosk.clock.forward(minutes * MINUTE)
        served.append([each.number for each in open_counters(kiosk.store)])
        if minutes == 14:
            visit(counter.client, "/loket")
    sign_in(kiosk.client("staff"), "Siti", PIN)

    assert served == [[1], [1], []]
    assert [each.number for each in open_counters(kiosk.store)] == [1]


def test_a_page_that_refreshes_itself_keeps_no_counter_open(kiosk, counter):
    for _ in range(2):
        kiosk.clock.forward(8 * MINUTE)
        counter.client.get("/loket", headers={"X-Rekam-Auto": "1"})

    assert open_counters(kiosk.store) == []


def test_the_rule_for_who_does_not_come_is_shown(take, counter):
    take()

    assert "setelah 5 nomor lain, paling banyak 3 kali" in counter.touch("call-next").text


@pytest.mark.parametrize("number", ["0", "-1", "100", "1e3", "satu", "", "🙂"])
def test_a_counter_has_a_number_from_1_to_99(kiosk, counter, number):
    chooser = visit(counter.client, "/loket/pilih")
    form = form_to(chooser, "/pilih")

    assert chooser.send(form, {**form.fields, "counter": number}).path == "/loket/pilih"


def test_call_next_shows_the_number_and_its_service(take, counter):
    take("kk", village="64.02.05.2001")

    page = counter.touch("call-next")

    assert page.shown("current-ticket") == "B-001"
    assert "Kartu Keluarga (KK)" in page.text
    assert "Saliki" in page.text


def test_with_nobody_waiting_the_page_says_so(counter):
    assert "Tidak ada yang menunggu." in counter.touch("call-next").text


def test_two_counters_never_get_the_same_number(take, counter, second):
    take()
    take()

    numbers = [page.touch("call-next").shown("current-ticket") for page in (counter, second)]

    assert numbers == ["A-001", "A-002"]


@pytest.mark.parametrize(
    "outcome",
    ["recorded", "already_recorded", "failed_capture", "print_ready", "handed_over", "no_blank",
     "incomplete_papers", "link_down", "device_broken", "referred", "no_show", "cancelled"],
)  # fmt: skip
def test_every_outcome_finishes_with_one_touch(kiosk, take, counter, outcome):
    take()

    page = counter.touch("call-next").touch(f"outcome-{outcome}")

    assert kiosk.store.rows("SELECT state, outcome FROM visit") == [("finished", outcome)]
    assert not page.has("current-ticket")


def test_missing_papers_are_written_with_their_outcome(kiosk, take, counter):
    take()
    called = counter.touch("call-next")

    called.touch("outcome-incomplete_papers", missing="kk_copy", status_code="PRINT_READY_RECORD")

    assert b'"missing":["kk_copy"],"status_code":"PRINT_READY_RECORD"' in kiosk.lines()[-1]


def test_a_paper_that_nobody_knows_is_left_out(kiosk, take, counter):
    take()

    counter.touch("call-next").touch("outcome-incomplete_papers", missing="NIK 6402055501990001")

    assert b"missing" not in kiosk.lines()[-1]


def test_a_strange_status_code_is_asked_again_and_nothing_is_finished(kiosk, take, counter):
    take()

    page = counter.touch("call-next").touch("outcome-recorded", status_code="<b>🙂")

    assert "Kode status diawali huruf" in page.text
    assert kiosk.store.rows("SELECT state FROM visit") == [("called",)]


def test_a_recall_is_counted(take, counter):
    take()

    page = counter.touch("call-next").touch("recall")

    assert "dipanggil 2 kali" in page.text


def test_somebody_may_be_called_out_of_turn(take, counter):
    take()
    take()
    page = visit(counter.client, "/loket")
    forms = [form for form in page.reader.forms if form.action.endswith("/panggil") and form.action != "/loket/panggil"]

    assert page.send(forms[1], forms[1].fields).shown("current-ticket") == "A-002"


def test_a_visit_that_is_left_open_can_be_opened_again(take, counter):
    take()
    take()
    counter.touch("call-next")
    page = counter.touch("call-next")
    address = next(link["href"] for link in page.reader.links if link["href"].startswith("/loket?visit="))

    assert page.shown("current-ticket") == "A-002"
    assert visit(counter.client, address).shown("current-ticket") == "A-001"


def test_a_move_that_somebody_else_made_first_is_told(kiosk, take, counter, bearer):
    take()
    called = counter.touch("call-next")
    name = kiosk.store.rows("SELECT substr(ledger, -8) || '.' || n FROM visit")[0][0]
    kiosk.client("staff").post(f"/api/v1/visits/{name}/finish", json={"outcome": "recorded"}, headers=bearer)

    page = called.touch("outcome-no_show")

    assert "A-001 sudah diurus di tempat lain." in page.text
    assert kiosk.store.rows("SELECT outcome FROM visit") == [("recorded",)]


def test_the_nik_is_shown_masked_until_it_is_touched(take, counter):
    take(nik=NIK)

    html = counter.touch("call-next").answer.get_data(as_text=True)

    assert '<span class="masked">••••••••••••0001</span>' in html
    assert html.index("<details>") < html.index("640205 550199 0001") < html.index("</details>")


def test_the_readable_nik_goes_when_the_visit_ends(kiosk, take, counter):
    take(nik=NIK)
    counter.touch("call-next").touch("outcome-recorded")

    from agent.vault import ram_folder

    assert list(ram_folder(kiosk.home).iterdir()) == []


def test_without_a_nik_the_officer_is_told_to_ask_for_the_family_card(take, counter):
    take()

    assert "minta Kartu Keluarga" in counter.touch("call-next").text


def test_a_counter_calls_the_series_it_chose(take, counter):
    take("ktp_first")
    take("kk")
    chooser = visit(counter.client, "/loket/pilih")
    form = form_to(chooser, "/pilih")
    chosen = chooser.send(form, {**form.fields, "series": "B", "counter": "5"})

    assert chosen.touch("call-next").shown("current-ticket") == "B-001"
    assert "Tidak ada yang menunggu." in chosen.touch("call-next").text


def test_who_waits_is_listed_in_the_order_of_calling(take, counter):
    take()
    take(priority=True)

    page = visit(counter.client, "/loket").text

    assert page.index("A-002") < page.index("A-001")
    assert "Prioritas" in page


def test_choosing_a_counter_opens_it_and_signing_out_closes_it(kiosk, counter):
    opened = [each.number for each in open_counters(kiosk.store)]
    counter.client.post("/keluar", data={"csrf_token": counter.reader.forms[0].fields["csrf_token"]})

    assert opened == [1]
    assert open_counters(kiosk.store) == []


def joined(kiosk):
    """Another officer who comes to the same counter: their page."""
    add_officer(kiosk.store, "Budi", "supervisor", random_bytes=os.urandom, pin=PIN)
    return sign_in(kiosk.client("staff"), "Budi", PIN).touch("counter-1")


def test_whoever_comes_to_a_counter_of_somebody_else_is_told_so(kiosk, counter):
    assert "Loket 1 juga dipakai Siti. Jika bukan loket Anda, sentuh Ganti loket." in joined(kiosk).text
    assert "juga dipakai" not in sign_in(kiosk.client("staff"), "Budi", PIN).text  # back at their own


def test_a_counter_of_two_stays_open_when_the_first_signs_out(kiosk, counter):
    joined(kiosk)
    counter.client.post("/keluar", data={"csrf_token": counter.reader.forms[0].fields["csrf_token"]})

    assert [each.number for each in open_counters(kiosk.store)] == [1]


def test_an_officer_is_a_number_in_the_ledger(kiosk, take, counter):
    take()
    counter.touch("call-next")

    assert b'"by":2' in kiosk.lines()[-1]
    assert not any(b"Siti" in line for line in kiosk.lines())


def test_a_long_line_is_folded_after_eight_and_nobody_is_left_out(take, counter):
    for _ in range(60):
        take()

    html = visit(counter.client, "/loket").answer.get_data(as_text=True)

    assert html.index("A-008") < html.index("Semua yang menunggu (52 lagi)") < html.index("A-009")
    assert "A-060" in html


def test_a_bad_status_code_empties_nothing_of_what_was_entered(kiosk, take, counter):
    visit = take()["visit"]
    token = counter.touch("call-next").reader.forms[0].fields["csrf_token"]
    told = {"outcome": "incomplete_papers", "missing": "kk_copy", "reason": "moved", "status_code": "12 a"}

    answer = counter.client.post(f"/loket/{visit}/selesai", data={"csrf_token": token, **told})

    assert answer.status_code == 422
    assert 'value="12 a"' in answer.text
    assert 'value="kk_copy" checked' in answer.text
    assert 'value="moved" selected' in answer.text
