"""The pages of rosters: a file is brought, checked by a process of its own, matched at the counter, deleted."""

from __future__ import annotations

import io
import subprocess
from datetime import date
from pathlib import Path

import pytest

from agent.actions import rosters
from agent.actions.rosters import Wanted
from kiosk_ui import uploads
from kiosk_ui.screens.rosters import after_reading
from tests.builders import drawn
from tests.integration.kiosk.steps import form_to, visit
from tests.patience import wait_until
from tests.unit.test_roster import NIK, OTHER

PAGE = "/sasaran"
LIST = f"NIK;Nama;Desa\n{NIK};Siti;Saliki\n123;Budi;Saliki\n".encode()


@pytest.fixture
def roster(kiosk) -> int:
    wanted = Wanted("Siswa SMAN 1", "pupils", date(2026, 12, 31), by=2)
    number = rosters.begin(kiosk.store, kiosk.office, wanted, drawn())
    rosters.take_in(kiosk.store, kiosk.office, number, [["NIK"], [NIK]])
    return number


def bring(client, content: bytes = LIST, **changed):
    form = form_to(visit(client, PAGE), "/sasaran")
    typed = {"title": "Siswa SMAN 1", "purpose": "pupils", "expires": "2026-12-31", **changed}
    file = (io.BytesIO(content), "daftar.csv")
    return client.post(PAGE, data={**form.fields, **typed, "file": file}, content_type="multipart/form-data")


def test_a_file_is_taken_in_beside_the_pages_and_its_refused_rows_are_told(kiosk, supervisor):
    answer = bring(supervisor)
    wait_until(lambda: rosters.find(kiosk.store, 1).state != "loading", "the roster is taken in")

    text = visit(supervisor, answer.location).text

    assert "1 Ditunggu" in text
    assert "3 NIK tidak benar: periksa 16 angkanya." in text
    assert "dihapus setelah 31 Desember 2026" in text


def test_of_a_large_list_that_is_refused_as_a_whole_every_row_is_told_and_leaves_as_csv(kiosk, supervisor):
    answer = bring(supervisor, b"NIK\n" + (b"1" + b" " * 700 + b"\n") * 300)  # larger than any form
    wait_until(lambda: rosters.find(kiosk.store, 1).state == "refused", "the roster is refused")
    page = visit(supervisor, answer.location)
    told = next(link["href"] for link in page.reader.links if link.get("data-testid") == "roster-refused-csv")

    assert "Tidak ada satu baris pun yang dapat diterima." in page.text
    assert "NIK tidak benar: periksa 16 angkanya. 300" in page.text
    assert "Ditampilkan 200 yang pertama." in page.text
    assert supervisor.get(told).get_data(as_text=True).splitlines()[-1] == "301;NIK tidak benar: periksa 16 angkanya."


def test_the_number_of_a_citizen_leaves_a_list_that_is_being_taken_in_alone(kiosk, supervisor, take, monkeypatch):
    started: list[str] = []
    monkeypatch.setattr("kiosk_ui.uploads.start", lambda *words, ended: started.extend(words))
    bring(supervisor)
    file = Path(started[-1])

    take(nik=NIK)
    assert file.read_bytes() == LIST

    rosters.refuse_unfinished(kiosk.store, 1)
    take(nik=OTHER)
    assert not file.exists()


def test_who_is_not_signed_in_sends_no_large_file(kiosk):
    answer = kiosk.client("staff").post(PAGE, data={"file": (io.BytesIO(b"1\n" * 100_000), "x.csv")})

    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"title": " "}, "Beri nama daftar ini"),
        ({"expires": "2001-01-01"}, "paling cepat besok"),
        ({"expires": "besok"}, "paling cepat besok"),
        ({"purpose": "apa saja"}, "Pilih isi daftar."),
        ({"file": (io.BytesIO(b""), "")}, "Pilih berkasnya dahulu."),
    ],
)
def test_what_is_missing_is_asked_for(kiosk, supervisor, changed, told):
    answer = bring(supervisor, **changed) if "file" not in changed else supervisor.post(
        PAGE, data={**form_to(visit(supervisor, PAGE), "/sasaran").fields, "title": "x"}
    )  # fmt: skip

    assert answer.status_code == 422
    assert told in answer.get_data(as_text=True)
    assert rosters.rosters(kiosk.store) == []


def test_at_the_counter_a_match_says_check_the_card_and_an_officer_confirms_it(kiosk, counter, roster, take):
    take(nik=NIK)
    page = counter.touch("call-next")
    assert "Mungkin ada di daftar Siswa SMAN 1. Periksa kartunya." in page.text

    page = page.touch("roster-confirm")

    assert "Cocok" in page.text
    assert [(each.expected, each.met) for each in rosters.reached(kiosk.store, roster)] == [(1, 1)]


def test_the_number_of_those_met_opens_the_list_of_their_visits(counter, roster, take):
    take(nik=NIK)
    counter.touch("call-next").touch("roster-confirm")
    page = visit(counter.client, f"{PAGE}/{roster}")

    assert page.answer.get_data(as_text=True).count('data-testid="met"') == 1
    assert "A-001" in page.text
    assert visit(counter.client, f"{PAGE}/{roster}/dilayani.csv").text.count("A-001") == 1


def test_who_is_on_no_roster_is_not_asked_for_a_card(counter, roster, take):
    take(nik="6402054102990002")

    assert "Periksa kartunya" not in counter.touch("call-next").text


def test_one_person_is_looked_up_and_what_was_typed_is_not_shown_again(supervisor, roster):
    page = visit(supervisor, PAGE)
    form = form_to(page, "/cek")

    text = page.send(form, {**form.fields, "nik": NIK}).answer.get_data(as_text=True)

    assert "Mungkin ada di daftar Siswa SMAN 1" in text
    assert NIK not in text


def test_a_supervisor_deletes_a_roster(kiosk, supervisor, roster):
    assert "Daftar dihapus." in visit(supervisor, f"{PAGE}/{roster}").touch("roster-delete").text
    assert rosters.rosters(kiosk.store) == []


def test_an_officer_neither_brings_nor_deletes(kiosk, counter, roster):
    client = counter.client
    token = counter.reader.forms[0].fields["csrf_token"]

    answers = [client.post(path, data={"csrf_token": token}) for path in (PAGE, f"{PAGE}/{roster}/hapus")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert not visit(client, PAGE).has("roster-bring")


def test_who_is_on_a_roster_by_name_and_birth_is_confirmed_from_the_counter(kiosk, counter, take):
    wanted = Wanted("Siswa", "pupils", date(2026, 12, 31), by=2)
    number = rosters.begin(kiosk.store, kiosk.office, wanted, drawn())
    rosters.take_in(kiosk.store, kiosk.office, number, [["Nama", "TTL"], ["Siti Rahma", "27-11-2007"]])
    take()
    called = counter.touch("call-next")
    page = visit(called.client, next(a["href"] for a in called.reader.links if a.get("data-testid") == "roster-ask"))
    form = form_to(page, "/cek")

    page.send(form, {**form.fields, "name": "SITI RAHMA", "born": "2007-11-27"}).touch("roster-confirm")

    assert [(each.expected, each.met) for each in rosters.reached(kiosk.store, number)] == [(1, 1)]


def test_a_forged_confirmation_counts_nobody(kiosk, counter, roster, take):
    take(nik="6402054102990002")
    page = counter.touch("call-next")
    token, visit_name = page.reader.forms[0].fields["csrf_token"], kiosk.store.rows("SELECT n FROM visit")[0][0]

    page.client.post(f"{PAGE}/{roster}/cocok", data={"csrf_token": token, "visit": visit_name, "village": "Bu Ani"})

    assert [each.met for each in rosters.reached(kiosk.store, roster)] == [0]
    assert not any(b"Bu Ani" in line for line in kiosk.lines())


def test_a_list_that_is_being_taken_in_says_how_far_it_is(kiosk, supervisor):
    wanted = Wanted("Siswa", "pupils", date(2027, 12, 31), by=2)
    number = rosters.begin(kiosk.store, kiosk.office, wanted, drawn())
    with kiosk.store.write():
        kiosk.store.run("UPDATE roster SET seen = 61000, refused = 12")
    page = visit(supervisor, f"{PAGE}/{number}")

    assert "61.000" in page.text
    assert page.has('data-live="standing"')


def test_a_reader_that_is_killed_half_way_leaves_nothing_and_nobody_waiting(kiosk, supervisor, monkeypatch):
    children: list[subprocess.Popen] = []
    popen = subprocess.Popen

    def started(*words, **more) -> subprocess.Popen:
        children.append(popen(*words, **more))
        return children[-1]

    monkeypatch.setattr(subprocess, "Popen", started)
    number = rosters.begin(kiosk.store, kiosk.office, Wanted("Siswa", "pupils", date(2027, 12, 31), by=2), drawn())
    file = kiosk.home / "list.csv"
    file.write_text("Nama;Tgl Lahir\n" + "".join(f"Orang {n};{n % 28 + 1}-01-2007\n" for n in range(150_000)))
    words = ("roster", "load", "--config", str(kiosk.home / "kiosk.toml"), str(number), str(file))
    uploads.start(*words, ended=lambda: after_reading(kiosk.store, number, file))
    wait_until(lambda: rosters.find(kiosk.store, number).seen > 1_000, "some of it was looked at")
    children[0].kill()
    wait_until(lambda: rosters.find(kiosk.store, number).state == "refused", "it is given up")

    assert "terputus sebelum selesai" in visit(supervisor, f"{PAGE}/{number}").text
    assert kiosk.store.rows("SELECT count(*) FROM roster_person") == [(0,)]
    assert not file.exists()
