"""Officers sign in by name and PIN; sessions end by themselves."""

from __future__ import annotations

import os

import pytest

from agent.actions.accounts import close_account
from agent.actions.officers import add_officer, reset_pin
from tests.builders import PIN
from tests.fakes import MINUTE
from tests.integration.kiosk.steps import Page, form_to, sign_in, visit

STAFF_PAGES = ("/loket", "/laporan", "/teknisi")


@pytest.fixture
def officers(kiosk):
    """One officer for each role."""
    for name, role in (("Siti", "officer"), ("Budi", "supervisor"), ("Andi", "technician")):
        add_officer(kiosk.store, name, role, random_bytes=os.urandom, pin=PIN)


def token_of(page) -> str:
    return page.reader.forms[-1].fields["csrf_token"]


@pytest.mark.parametrize("path", [*STAFF_PAGES, "/pin"])
def test_without_signing_in_there_is_only_the_form(staff, path):
    assert visit(staff, path).path == "/masuk"


@pytest.mark.parametrize(("name", "path"), [("Siti", "/loket"), ("Budi", "/loket"), ("Andi", "/teknisi")])
def test_each_role_lands_where_its_work_is(staff, officers, name, path):
    assert sign_in(staff, name, PIN).path == path


@pytest.mark.parametrize(
    ("name", "pin"), [("Siti", "999999"), ("Nobody", PIN), ("", ""), ("🙂", "nul\x00"), ("x" * 9_000, PIN)]
)
def test_a_wrong_name_or_pin_is_told_the_same_way(staff, officers, name, pin):
    page = sign_in(staff, name, pin)

    assert page.status == 403
    assert "Nama dan PIN tidak cocok." in page.text


def test_the_fifth_wrong_pin_locks_the_account(staff, officers):
    for _ in range(5):
        sign_in(staff, "Siti", "111222")

    page = sign_in(staff, "Siti", PIN)

    assert "Tunggu lima menit" in page.text


def test_a_technician_calls_nobody(staff, officers):
    sign_in(staff, "Andi", PIN)

    page = visit(staff, "/loket")

    assert page.status == 403
    assert "tidak berhak" in page.text


@pytest.mark.parametrize("path", ["/laporan", "/teknisi"])
@pytest.mark.parametrize("name", ["Siti", "Budi", "Andi"])
def test_everybody_at_work_sees_report_and_device(staff, officers, name, path):
    sign_in(staff, name, PIN)

    assert visit(staff, path).status == 200


def test_a_one_time_pin_must_be_changed_first(kiosk, staff, officers):
    page = sign_in(staff, "Siti", reset_pin(kiosk.store, "Siti", random_bytes=os.urandom))

    assert page.path == "/pin"
    assert visit(staff, "/loket").path == "/pin"


def test_a_pin_of_ones_own_opens_the_counter(kiosk, staff, officers):
    page = sign_in(staff, "Siti", reset_pin(kiosk.store, "Siti", random_bytes=os.urandom))

    assert page.touch("save-pin", pin="730412", repeat="730412").path == "/loket"
    assert sign_in(kiosk.client("staff"), "Siti", "730412").path == "/loket"


@pytest.mark.parametrize(
    ("pin", "repeat", "words"),
    [
        ("730412", "730413", "tidak sama"),
        ("111111", "111111", "mudah ditebak"),
        ("12", "12", "mudah ditebak"),
        ("", "", "mudah ditebak"),
    ],
)
def test_a_bad_new_pin_is_refused_kindly(kiosk, staff, officers, pin, repeat, words):
    page = sign_in(staff, "Siti", reset_pin(kiosk.store, "Siti", random_bytes=os.urandom))

    assert words in page.touch("save-pin", pin=pin, repeat=repeat).text


def test_fifteen_quiet_minutes_sign_out(kiosk, staff, officers):
    sign_in(staff, "Siti", PIN)
    kiosk.clock.forward(15 * MINUTE)

    page = visit(staff, "/loket")

    assert page.path == "/masuk"
    assert "15 menit" in page.text


def test_every_touch_starts_the_quiet_time_again(kiosk, staff, officers):
    sign_in(staff, "Siti", PIN)
    for _ in range(3):
        kiosk.clock.forward(14 * MINUTE)
        assert visit(staff, "/loket").path == "/loket"


def test_a_page_that_refreshes_itself_keeps_nobody_signed_in(kiosk, staff, officers):
    sign_in(staff, "Siti", PIN)
    for _ in range(16):
        kiosk.clock.forward(MINUTE)
        staff.get("/loket", headers={"X-Rekam-Auto": "1"})

    assert visit(staff, "/loket").path == "/masuk"


@pytest.mark.parametrize("days", [-30, -1, 1, 365 * 70])
def test_a_wall_clock_that_jumps_signs_nobody_out(kiosk, staff, officers, days):
    sign_in(staff, "Siti", PIN)
    kiosk.clock.step_to(kiosk.clock.wall + days * 24 * 60 * MINUTE)

    assert visit(staff, "/loket").path == "/loket"


def test_a_reboot_signs_out(kiosk, staff, officers):
    sign_in(staff, "Siti", PIN)
    kiosk.store.boot += 1

    assert visit(staff, "/loket").path == "/masuk"


def test_a_restart_of_the_kiosk_signs_nobody_out(kiosk, staff, officers):
    sign_in(staff, "Siti", PIN)
    cookie = staff.get_cookie("rekam")
    restarted = kiosk.client("staff")
    restarted.set_cookie("rekam", cookie.value)

    assert visit(restarted, "/loket").path == "/loket"


def test_signing_out_ends_the_session(staff, officers):
    page = sign_in(staff, "Siti", PIN)
    staff.post("/keluar", data={"csrf_token": token_of(page)})

    assert visit(staff, "/loket").path == "/masuk"


def replayed(kiosk, staff):
    """Another browser that holds a copy of this one's cookie."""
    thief = kiosk.client("staff")
    thief.set_cookie("rekam", staff.get_cookie("rekam").value)
    return thief


def test_a_cookie_that_was_kept_opens_nothing_after_signing_out(kiosk, staff, officers):
    page = sign_in(staff, "Siti", PIN)
    thief = replayed(kiosk, staff)
    staff.post("/keluar", data={"csrf_token": token_of(page)})

    assert [visit(thief, path).path for path in ("/loket", "/pin")] == ["/masuk", "/masuk"]


def test_a_cookie_that_was_kept_closes_no_counter_after_signing_out(kiosk, staff, counter):
    thief = replayed(kiosk, staff)
    staff.post("/keluar", data={"csrf_token": token_of(visit(staff, "/loket"))})
    sign_in(staff, "Siti", PIN)
    visit(thief, "/loket")

    assert kiosk.store.rows("SELECT number FROM counter WHERE closed_t IS NULL") == [(1,)]


@pytest.mark.parametrize("idle_ms", [0, 15 * MINUTE])
def test_signing_out_ends_the_officers_other_sessions_too(kiosk, staff, officers, idle_ms):
    page = sign_in(staff, "Siti", PIN)
    kiosk.clock.forward(idle_ms)
    other = kiosk.client("staff")
    sign_in(other, "Siti", PIN)
    staff.post("/keluar", data={"csrf_token": token_of(page)})

    assert visit(other, "/loket").path == "/masuk"


def test_a_session_from_before_a_reset_cannot_choose_the_pin(kiosk, staff, officers):
    sign_in(staff, "Siti", PIN)
    once = reset_pin(kiosk.store, "Siti", random_bytes=os.urandom)
    form = visit(staff, "/pin")
    staff.post("/pin", data={"csrf_token": token_of(form), "pin": "730412", "repeat": "730412"})

    assert form.path == "/masuk"
    assert sign_in(kiosk.client("staff"), "Siti", once).path == "/pin"


def test_the_cookie_of_the_one_time_pin_opens_nothing_after_a_pin_was_chosen(kiosk, staff, officers):
    page = sign_in(staff, "Siti", reset_pin(kiosk.store, "Siti", random_bytes=os.urandom))
    thief = replayed(kiosk, staff)
    page.touch("save-pin", pin="730412", repeat="730412")

    assert [visit(thief, path).path for path in ("/loket", "/pin")] == ["/masuk", "/masuk"]


def test_an_account_that_was_opened_again_has_no_old_session(kiosk, staff, officers):
    sign_in(staff, "Siti", PIN)
    close_account(kiosk.store, "Siti", by=3)
    reset_pin(kiosk.store, "Siti", random_bytes=os.urandom)

    assert [visit(staff, path).path for path in ("/loket", "/pin")] == ["/masuk", "/masuk"]


def test_the_cookie_is_for_this_site_and_for_no_script(staff, officers):
    page = visit(staff, "/masuk")

    cookie = page.answer.headers["Set-Cookie"]

    assert "SameSite=Strict" in cookie
    assert "HttpOnly" in cookie


@pytest.mark.parametrize("forged", ["", "e30.abc", "eyJvZmZpY2VyIjoxfQ.aaaaaaaaaaaaaaaaaaaaaaaaaaa", "🙂", "x" * 4000])
def test_a_forged_cookie_opens_nothing(staff, officers, forged):
    staff.set_cookie("rekam", forged)

    assert visit(staff, "/loket").path == "/masuk"


@pytest.mark.parametrize(
    "path", ["/masuk", "/keluar", "/pin", "/loket/panggil", "/loket/pilih", "/laporan/tutup", "/loket/x.1/selesai"]
)
def test_a_form_of_another_site_is_refused(staff, officers, path):
    sign_in(staff, "Budi", PIN)

    answer = staff.post(path, data={"name": "Siti", "pin": PIN})

    assert answer.status_code == 400
    assert "terlalu lama terbuka" in answer.get_data(as_text=True)


@pytest.mark.parametrize("idle", [True, False])
def test_a_form_sent_after_the_session_ended_is_said_to_be_lost(kiosk, take, counter, idle):
    take()
    form = form_to(counter.touch("call-next"), "/selesai")
    if idle:
        kiosk.clock.forward(15 * MINUTE)
    else:
        counter.client.post("/keluar", data={"csrf_token": form.fields["csrf_token"]})

    page = counter.send(form, {**form.fields, "outcome": "recorded"})

    assert (page.path, "isian terakhir belum tersimpan" in page.text) == ("/masuk", True)
    assert kiosk.store.rows("SELECT state FROM visit") == [("called",)]


@pytest.mark.parametrize(("name", "first"), [("Siti", "/loket"), ("Andi", "/teknisi")])
def test_who_may_not_open_a_page_is_led_back_to_their_own(kiosk, staff, officers, name, first):
    sign_in(staff, name, PIN)
    refused = visit(staff, "/teknisi/catatan" if name == "Siti" else "/loket")

    assert (refused.status, "Keluar" in refused.text) == (403, True)
    assert visit(staff, "/").path == first


def test_signing_in_is_a_line_without_a_name(kiosk, staff, officers):
    sign_in(staff, "Siti", PIN)

    assert kiosk.lines()[-1].endswith(b'"k":"officer.signed","d":{"officer":2,"event":"in"}}')


def test_over_tls_the_cookie_is_secure_and_on_this_machine_it_works_without(kiosk, officers):
    secure, plain = (
        kiosk.client("staff").get("/masuk", base_url=base).headers["Set-Cookie"]
        for base in ("https://192.168.1.10:8443", "http://127.0.0.1:8081")
    )

    assert "Secure" in secure
    assert "Secure" not in plain


@pytest.mark.parametrize("peer", ["192.168.1.20", "10.0.0.1", "fe80::1", "::ffff:192.168.1.20", ""])
def test_another_machine_without_tls_is_refused_on_every_page(staff, peer):
    for path in ("/masuk", "/papan", "/api/v1/board"):
        answer = staff.get(path, base_url="http://192.168.1.10:8081", environ_base={"REMOTE_ADDR": peer})
        assert answer.status_code == 403


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.0.0.5", "::1"])
def test_this_machine_itself_needs_no_tls(staff, peer):
    assert staff.get("/masuk", environ_base={"REMOTE_ADDR": peer}).status_code == 200


def try_in(client, address, name, pin):
    """The page after name and PIN on another computer, through the proxy that ends TLS."""
    there = {"base_url": "https://localhost", "environ_overrides": {"REMOTE_ADDR": address}}
    token = token_of(Page(client, client.get("/masuk", **there)))
    told = {"csrf_token": token, "name": name, "pin": pin}
    return Page(client, client.post("/masuk", data=told, headers={"Referer": "https://localhost/masuk"}, **there))


@pytest.mark.parametrize("address", ["192.168.1.66", "127.0.0.1"])
def test_guesses_from_another_machine_shut_nobody_out_of_this_one(staff, officers, address):
    other = staff.application.test_client()
    pages = [try_in(other, address, "Siti", "111222") for _ in range(6)]

    assert "Terlalu banyak PIN salah" in pages[-1].text
    assert sign_in(staff, "Siti", PIN).path == "/loket"


def test_an_unknown_name_is_told_the_same_sentences_to_the_last(staff, officers):
    pages = [[sign_in(staff, name, "111222").text for _ in range(6)] for name in ("Siti", "Nobody")]

    assert pages[0] == pages[1]
    assert pages[0][-1] != pages[0][0]


def test_who_comes_when_many_sign_in_is_asked_to_try_again(staff, officers):
    queue = staff.application.extensions["rekam"].door.queues[True]
    for _ in range(3):
        queue.acquire()

    page = sign_in(staff, "Siti", PIN)

    assert page.status == 503
    assert "Silakan coba lagi" in page.text


def test_a_form_of_a_session_that_ended_leads_to_the_sign_in(staff, officer):
    stale = token_of(visit(staff, "/loket"))
    staff.post("/keluar", data={"csrf_token": stale})

    answer = staff.post("/loket/panggil", data={"csrf_token": stale})

    assert (answer.status_code, answer.location) == (303, "/masuk?why=lost")


def test_an_old_form_of_somebody_who_signed_in_again_opens_its_page_again(staff, officer):
    page = visit(staff, "/loket/kertas")
    answer = staff.post("/loket/kertas", data={"csrf_token": "old", "time": "08.15"})

    assert answer.status_code == 400
    assert 'href="/loket/kertas"' in answer.text
    assert page.status == 200


def test_an_error_on_the_staffs_pages_stands_in_a_box_of_their_own(staff, officer):
    answer = staff.get("/tidak-ada")

    assert 'class="narrow"' in answer.text
    assert 'role="alert"' in answer.text
