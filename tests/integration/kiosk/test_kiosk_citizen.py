"""The citizen's way from the welcome to a number, by touch and without JavaScript."""

from __future__ import annotations

import msgspec
import pytest

from agent.vault import readable
from tests.integration.kiosk.steps import form_to, visit

NIK = "6402055501990001"


@pytest.fixture
def before(citizen):
    """What to bring and what happens to a NIK, after the questions of somebody of full age."""
    return visit(citizen, "/").touch("service-ktp_first").touch("recorded-no").touch("age-17+")


def test_every_service_of_the_office_is_offered(kiosk, citizen):
    page = visit(citizen, "/")

    assert all(page.has(f'data-testid="service-{name}"') for name in kiosk.office.services)


def test_three_touches_without_a_nik_give_a_number(kiosk, before):
    number = before.touch("without-nik").touch("village-64.02.05.2001")

    assert number.shown("ticket-number") == "A-001"
    assert kiosk.visits() == 1


def test_a_number_wakes_the_agent(kiosk, before):
    before.touch("without-nik").touch("village-unknown")

    assert kiosk.nudges == [kiosk.home]


def test_a_nik_is_confirmed_by_its_date_of_birth(before):
    page = before.touch("with-nik").touch("nik-next", nik=NIK)

    assert "Menurut NIK, Anda lahir 15 Januari 1999. Apakah benar?" in page.text


def test_a_nik_reaches_the_counter_and_no_address(kiosk, before):
    confirm = before.touch("with-nik").touch("nik-next", nik=NIK)
    number = confirm.touch("nik-correct").touch("village-outside")

    assert readable(kiosk.store, kiosk.store.rows("SELECT substr(ledger, -8) || '.' || n FROM visit")[0][0]) == {
        "nik": NIK
    }
    assert NIK not in number.answer.request.url
    assert NIK not in number.text


def test_the_own_keypad_works_without_javascript(before):
    page = before.touch("with-nik")
    form = next(form for form in page.reader.forms if form.action == "/nik")
    for key in ("6", "4", "9", "delete", "0"):
        page = page.send(form, {**form.fields, "key": key})
        form = next(form for form in page.reader.forms if form.action == "/nik")

    assert form.fields["nik"] == "640"


@pytest.mark.parametrize(
    ("nik", "words"),
    [
        ("", "NIK harus 16 angka. Anda baru memasukkan 0 angka."),
        ("640205", "Anda baru memasukkan 6 angka."),
        (NIK + "12", "Anda memasukkan 18 angka. Hapus yang berlebih."),
        ("6402053102990001", "Periksa lagi angka ke-7 sampai ke-12."),
        ("9902055501990001", "Periksa lagi enam angka pertama"),
        ("6402055501990000", "Periksa lagi empat angka terakhir"),
        ("bukan angka", "NIK harus 16 angka."),
        ("🙂" * 30, "NIK harus 16 angka."),
        ("1" * 39, "Anda memasukkan 39 angka. Hapus yang berlebih."),
        ("1" * 10_000, "NIK harus 16 angka. Isian tadi jauh lebih panjang."),
        ("🙂" * 10_000, "NIK harus 16 angka. Isian tadi jauh lebih panjang."),
        ("🙂" * 80_000, "NIK harus 16 angka. Isian tadi jauh lebih panjang."),
    ],
)
def test_a_faulty_nik_is_told_kindly_with_where_to_look(kiosk, before, nik, words):
    page = before.touch("with-nik").touch("nik-next", nik=nik)

    assert page.status == 422
    assert words in page.text
    assert page.has('data-testid="without-nik"')


@pytest.mark.parametrize("typed", ["1" * 10_000, "🙂" * 10_000])
def test_after_far_too_much_was_typed_the_way_goes_on_with_what_was_chosen(kiosk, before, typed):
    again = before.touch("with-nik").touch("nik-next", nik=typed)
    number = again.touch("nik-next", nik=NIK).touch("nik-correct").touch("village-64.02.05.2001")

    assert number.shown("ticket-number") == "A-001"
    assert kiosk.store.rows("SELECT service FROM visit") == [("ktp_first",)]


def test_what_came_far_too_long_is_not_put_back_into_the_field(before):
    again = before.touch("with-nik").touch("nik-next", nik="1" * 10_000)

    assert form_to(again, "/nik").fields["nik"] == ""


def test_a_field_that_comes_far_too_long_takes_no_other_with_it(citizen):
    answer = citizen.post("/cari", data={"code": "🙂" * 10_000, "lang": "id"})

    assert answer.status_code == 422
    assert "Kode ini tidak ada." in answer.get_data(as_text=True)


@pytest.mark.parametrize("nik", ["640205 550199 0001", "6402.0555.0199.0001", "640205-550199-0001"])
def test_separators_in_a_nik_are_no_fault(before, nik):
    assert "15 Januari 1999" in before.touch("with-nik").touch("nik-next", nik=nik).text


def test_an_old_region_code_gets_a_word_and_is_accepted(before):
    page = before.touch("with-nik").touch("nik-next", nik="6403055501990001")

    assert page.has('data-testid="nik-correct"')


def test_two_centuries_that_fit_are_both_named(before):
    page = before.touch("with-nik").touch("nik-next", nik="6402050101200001")

    assert "1 Januari 2020 atau 1 Januari 1920" in page.text


def test_the_notice_says_what_happens_to_a_nik_where_it_is_typed(before):
    assert "NIK boleh tidak diisi;" in before.text
    keypad = before.touch("with-nik").text

    assert "Dari disk mesin ini NIK tidak dapat dibaca siapa pun." in keypad
    assert "Dinas Kependudukan dan Pencatatan Sipil Kabupaten Kutai Kartanegara" in keypad
    assert "Pasal 20 ayat (2) huruf e" in keypad


def test_without_a_sealing_key_no_nik_is_asked(keyless):
    page = visit(keyless.client("citizen"), "/").touch("service-kk")

    assert not page.has("with-nik")
    assert "sedang tidak meminta NIK" in page.text
    assert page.touch("without-nik").touch("village-unknown").shown("ticket-number") == "B-001"


def test_without_a_sealing_key_the_keypad_is_skipped(keyless):
    client = keyless.client("citizen")
    request = "0" * 32

    assert visit(client, f"/nik?service=kk&request={request}").path == "/desa"


def test_what_to_bring_is_told_before_and_after(before):
    assert "Fotokopi Kartu Keluarga" in before.text
    assert "Formulir F-1.02" in before.text
    assert "Fotokopi Kartu Keluarga" in before.touch("without-nik").touch("village-unknown").text


def test_a_form_is_named_and_known_by_its_older_codes(citizen):
    text = visit(citizen, f"/data?service=change&request={'0' * 32}&anyway=1").text

    assert "F-1.02 : Pendaftaran peristiwa kependudukan (dulu F-1.21 )" in text


def test_every_service_says_who_may_come_and_by_which_law(kiosk, citizen):
    for name, service in kiosk.office.services.items():
        text = visit(citizen, f"/data?service={name}&request={'0' * 32}&anyway=1").text
        assert service.who.id.partition("KTP-el")[0].strip() in text
        assert f"{service.law} Sumber: {service.source}. Diperiksa 22 November 2026." in text


def test_priority_is_a_flag_without_a_reason(kiosk, before):
    before.touch("without-nik").touch("village-unknown", priority="1")

    assert kiosk.store.rows("SELECT priority FROM visit") == [(1,)]


def test_back_and_the_same_village_again_is_the_same_number(kiosk, before):
    villages = before.touch("without-nik")
    first, again = villages.touch("village-unknown"), villages.touch("village-unknown")

    assert first.shown("ticket-number") == again.shown("ticket-number")
    assert kiosk.visits() == 1


def test_back_and_another_village_shows_the_number_that_was_given(kiosk, before):
    villages = before.touch("without-nik")
    villages.touch("village-unknown")

    again = villages.touch("village-outside")

    assert again.shown("ticket-number") == "A-001"
    assert "Anda sudah mempunyai nomor ini." in again.text
    assert kiosk.visits() == 1


def test_a_reload_shows_the_same_number(before):
    number = before.touch("without-nik").touch("village-unknown")

    assert visit(number.client, number.path).shown("ticket-number") == "A-001"


def test_each_welcome_is_a_request_of_its_own(citizen):
    names = {form_to(visit(citizen, "/"), "/data").fields["request"] for _ in range(20)}

    assert len(names) == 20


def test_a_used_page_of_somebody_else_starts_again(kiosk, before):
    villages = before.touch("without-nik")
    villages.touch("village-unknown")
    kiosk.clock.forward(121_000)

    assert villages.touch("village-unknown").path == "/"
    assert visit(before.client, before.answer.request.full_path).path == "/"


@pytest.mark.parametrize("days", [-1, 1])
def test_a_clock_that_jumps_by_a_day_in_between_gives_the_same_number_again(kiosk, before, days):
    villages = before.touch("without-nik")
    first = villages.touch("village-unknown")
    kiosk.clock.step_to(kiosk.clock.wall + days * 86_400_000)

    again = villages.touch("village-unknown")

    assert again.shown("ticket-number") == first.shown("ticket-number") == "A-001"
    assert kiosk.visits() == 1


def test_a_page_used_before_a_reboot_counts_by_the_wall_clock(kiosk, before):
    villages = before.touch("without-nik")
    villages.touch("village-unknown")
    kiosk.store.boot += 1

    assert villages.touch("village-unknown").shown("ticket-number") == "A-001"


def test_the_number_says_how_many_wait_and_how_long(take, before):
    take()
    take()

    number = before.touch("without-nik").touch("village-unknown")

    assert "Menunggu sebelum Anda: 2 orang" in number.text
    assert "Diambil 23 November 2026 pukul 08.00 WITA" in number.text


def test_a_called_number_says_where_to_go(staff, bearer, before):
    number = before.touch("without-nik").touch("village-unknown")
    staff.post("/api/v1/calls", json={"counter": 7}, headers=bearer)

    assert "Silakan ke loket 7." in visit(number.client, number.path).text


def test_an_unknown_code_is_a_kind_page(citizen):
    page = visit(citizen, "/nomor/zzzzzzzzz")

    assert page.status == 404
    assert "Halaman ini tidak ada." in page.text


@pytest.mark.parametrize(
    "query",
    [
        "",
        "service=kk",
        "service=passport&request=" + "0" * 32,
        "service=kk&request=short",
        "service=kk&request=" + "Z" * 32,
    ],
)
@pytest.mark.parametrize("path", ["/data", "/nik", "/desa"])
def test_a_step_without_its_beginning_starts_again(citizen, path, query):
    page = visit(citizen, f"{path}?{query}")

    assert page.path == "/"
    assert page.shown("stale") == "Halaman tadi sudah tidak berlaku. Silakan mulai lagi."
    assert page.has('data-idle="90"')  # or the next citizen would read it


def test_the_first_page_says_nothing_of_stale_pages_by_itself(citizen):
    assert not visit(citizen, "/").has("stale")


@pytest.mark.parametrize("village", ["", "64.02.05.9999", "🙂", "x" * 10_000, "nul\x00"])
def test_a_strange_village_is_asked_again(kiosk, before, village):
    villages = before.touch("without-nik")
    form = next(form for form in villages.reader.forms if form.action == "/nomor")

    page = villages.send(form, {**form.fields, "village": village})

    assert page.status == 422
    assert "Desa itu tidak ada dalam daftar." in page.text
    assert kiosk.visits() == 0


def test_a_nik_that_was_changed_on_the_way_is_asked_again(kiosk, before):
    villages = before.touch("with-nik").touch("nik-next", nik=NIK).touch("nik-correct")
    form = next(form for form in villages.reader.forms if form.action == "/nomor")

    page = villages.send(form, {**form.fields, "nik": "123", "village": "unknown"})

    assert "Anda baru memasukkan 3 angka." in page.text
    assert kiosk.visits() == 0


@pytest.mark.parametrize("path", ["/nik", "/desa", "/nomor"])
def test_another_site_cannot_send_a_step(citizen, path):
    answer = citizen.post(path, data={"service": "kk", "request": "0" * 32}, headers={"Origin": "http://evil.example"})

    assert answer.status_code == 403
    assert "halaman lain" in answer.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/", "/nomor/zzzzzzzzz", "/healthz", "/api/v1/board"])
def test_nothing_is_kept_and_nothing_foreign_is_loaded(citizen, path):
    headers = citizen.get(path).headers

    assert headers["Cache-Control"] == "no-store"
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert (headers["X-Content-Type-Options"], headers["Referrer-Policy"]) == ("nosniff", "same-origin")


def test_the_citizens_pages_set_no_cookie(before):
    number = before.touch("with-nik").touch("nik-next", nik=NIK).touch("nik-correct").touch("village-unknown")

    assert "Set-Cookie" not in number.answer.headers
    assert number.client.get("/").headers.get("Set-Cookie") is None


@pytest.mark.parametrize("path", ["/loket", "/masuk", "/teknisi", "/papan", "/laporan"])
def test_the_citizens_listener_has_no_page_of_the_staff(citizen, path):
    assert citizen.get(path).status_code == 404


def test_static_files_may_be_kept_because_their_address_changes_with_them(citizen):
    page = citizen.get("/").get_data(as_text=True)
    address = page.partition('href="/static/citizen.css')[2].partition('"')[0]

    assert address.startswith("?v=")
    assert "max-age=31536000" in citizen.get("/static/citizen.css" + address, buffered=True).headers["Cache-Control"]


def test_used_up_numbers_are_said_and_none_is_promised(kiosk, before):
    limited = msgspec.structs.replace(kiosk.office.services["ktp_first"], quota=0)
    kiosk.office.offer.services["ktp_first"] = limited

    page = before.touch("without-nik").touch("village-unknown")

    assert page.status == 409
    assert "sudah habis hari ini" in page.text


def test_a_full_disk_is_said_and_no_number_is_promised(kiosk, before, monkeypatch):
    from agent.errors import DiskFull
    from kiosk_ui.screens import citizen_village as screen

    def full(*_):
        raise DiskFull("disk-full", "the disk is full")

    monkeypatch.setattr(screen.tickets, "take_ticket", full)

    page = before.touch("without-nik").touch("village-unknown")

    assert page.status == 507
    assert "nomor tidak tercatat" in page.text
