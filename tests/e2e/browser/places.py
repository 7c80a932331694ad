"""Every page that people see, in one table: the look checks and axe-core visit them all in both languages.

A new page is one line in PLACES: its name, whose page it is, its path, and the touches that lead to it. A touch is a
test id; `selector=text` types into a field; `?selector` waits until something stands there.
"""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from playwright.sync_api import Browser, BrowserContext, Page
from werkzeug.serving import make_server

from central.http.app import build_app
from central.keys import create_central
from tests.builders import PIN
from tests.integration.central_desk import Desk, FakeClock, Kiosk
from tests.kiosk_process import OFFICERS, KioskProcess, add_newcomer, running, train

NIK = "6402055501990001"
LANGUAGES = ("id", "en")
CITIZEN, ANYBODY = "citizen", "anybody"
OFFICER, SUPERVISOR, TECHNICIAN, CAMAT = "officer", "supervisor", "technician", "camat"
NEWCOMER, AT_SCREEN, TRAINEE = "newcomer", "at-screen", "trainee"  # a one-time PIN, the citizen's screen, a training
CENTRAL, ADMIN = "central", "admin"  # central's pages before and after the sign-in; they are in English only
WITH_NIK = ("service-kk", "with-nik", f"#nik={NIK}", "nik-next", "?[data-testid=nik-correct]")


TAKEN = ("service-kk", "without-nik", "village-64.02.05.2001", "?[data-testid=ticket-number]")
LISTED = ("service-ktp_print", "another-day", "place-1", "village-64.02.05.2001")


class Place(NamedTuple):
    """A page and how to get there."""

    name: str
    who: str
    path: str = "/"
    touches: tuple[str, ...] = ()


PLACES = (
    Place("welcome", CITIZEN),
    Place("papers", CITIZEN, touches=("service-kk", "?[data-testid=with-nik]")),
    Place("ask-recorded", CITIZEN, touches=("service-ktp_first", "?[data-testid=recorded-no]")),
    Place("ask-age", CITIZEN, touches=("service-ktp_first", "recorded-no", "?[data-testid=age-16]")),
    Place("ask-married", CITIZEN, touches=("service-ktp_first", "recorded-no", "age-16", "?[data-testid=married-no]")),
    Place("ask-ikd", CITIZEN, touches=("service-ikd", "?[data-testid=ikd-all]")),
    Place("advice", CITIZEN, touches=("service-ktp_first", "recorded-yes", "?[data-testid=service-ktp_lost]")),
    Place("advised", CITIZEN, touches=("service-kia", "age-0-4", "?[data-testid=with-nik]")),
    Place("another-day", CITIZEN, touches=("service-ktp_print", "another-day", "?[data-testid=place-1]")),
    Place("listed", CITIZEN, touches=(*LISTED, "?[data-testid=place-date]")),
    Place("family", CITIZEN, touches=(*TAKEN, "another", "?.so-far")),
    Place("family-village", CITIZEN, touches=(*TAKEN, "another", "service-kk", "without-nik", "?.same")),
    Place("find", CITIZEN, touches=("find", "?#code")),
    Place("find-unknown", CITIZEN, touches=("find", "#code=zzzzzzzzz", "find-go", "?[aria-invalid]")),
    Place("papers-disturbed", CITIZEN, touches=("service-ktp_print", "?.disturbed")),
    Place("nik", CITIZEN, touches=("service-kk", "with-nik", "?#nik")),
    Place("nik-faulty", CITIZEN, touches=("service-kk", "with-nik", "#nik=12", "nik-next", "?[aria-invalid]")),
    Place("birth-date", CITIZEN, touches=WITH_NIK),
    Place("village", CITIZEN, touches=("service-kk", "without-nik", "?[data-testid=village-unknown]")),
    Place("number", CITIZEN, touches=("service-kk", "without-nik", "village-unknown", "?[data-testid=ticket-number]")),
    Place("help", CITIZEN, touches=("help", "?[data-testid=help-back]")),
    Place("no-such-page", CITIZEN, "/tidak-ada"),
    Place("board", ANYBODY, "/papan"),
    Place("sign-in", ANYBODY, "/masuk"),
    Place("sign-in-wrong", ANYBODY, "/masuk", ("[name=name]=Siti", "[name=pin]=1", "sign-in", "?[role=alert]")),
    Place("sign-in-at-screen", AT_SCREEN, "/masuk?dari=layar", ("?.keyboard:not([hidden])",)),
    Place("pin", NEWCOMER, "/pin"),
    Place("pin-weak", NEWCOMER, "/pin", ("#pin=1234", "#repeat=1234", "save-pin", "?[role=alert]")),
    Place("training", TRAINEE, "/latihan"),
    Place("no-such-staff-page", ANYBODY, "/tidak-ada"),
    Place("choose-counter", OFFICER, "/loket/pilih"),
    Place("counter-idle", OFFICER, "/loket"),
    Place("counter", SUPERVISOR, "/loket"),
    Place("correct", SUPERVISOR, "/loket", ("correct-open", "?[data-testid=correct]")),
    Place("whole-line", SUPERVISOR, "/loket/antrean"),
    Place("move-line", SUPERVISOR, "/loket/antrean/kk", ("line-next", "?[role=alert]")),
    Place("move-line-sure", SUPERVISOR, "/loket/antrean/kk?way=hold&reason=siak"),
    Place("lists", SUPERVISOR, "/loket/daftar"),
    Place("list-paper", SUPERVISOR, "/loket/daftar", ("paper-names", "?.write")),
    Place("give-number", SUPERVISOR, "/loket/nomor"),
    Place("paper-visits", SUPERVISOR, "/loket/kertas", ("[name=time]=pagi", "paper-save", "?[role=alert]")),
    Place("accounts", SUPERVISOR, "/petugas"),
    Place("report", SUPERVISOR, "/laporan"),
    Place("report-year", SUPERVISOR, "/laporan?period=2026"),
    Place("report-list", SUPERVISOR, "/laporan/daftar"),
    Place("coverage", SUPERVISOR, "/laporan/cakupan"),
    Place("camat", CAMAT, "/laporan/camat"),
    Place("camat-report", CAMAT, "/laporan?period=2026-11"),
    Place("camat-coverage", CAMAT, "/laporan/cakupan"),
    Place("camat-lines", CAMAT, "/lini"),
    Place("camat-votes", CAMAT, "/pemilu/2025-04-19.64.02"),
    Place("rosters", SUPERVISOR, "/sasaran"),
    Place("roster", SUPERVISOR, "/sasaran/1"),
    Place("custody", SUPERVISOR, "/laporan/serah-terima"),
    Place("refused", SUPERVISOR, "/laporan/serah-terima/ditolak"),
    Place("stock", SUPERVISOR, "/stok"),
    Place("elections", SUPERVISOR, "/pemilu"),
    Place("election-counts", SUPERVISOR, "/pemilu/2025-04-19.64.02"),
    Place("lines", SUPERVISOR, "/lini"),
    Place("surge", SUPERVISOR, "/lonjakan"),
    Place("outreach", SUPERVISOR, "/jemput-bola"),
    Place("outreach-trip", SUPERVISOR, "/jemput-bola/1"),
    Place("outreach-told", SUPERVISOR, "/jemput-bola/laptop"),
    Place("handover-sheet", SUPERVISOR, "/laporan/serah-terima/lembar"),
    Place("technician", TECHNICIAN, "/teknisi"),
    Place("technician-probe", TECHNICIAN, "/teknisi/alat/cpu"),
    Place("technician-link", TECHNICIAN, "/teknisi/jaringan"),
    Place("technician-tests", TECHNICIAN, "/teknisi/uji"),
    Place("technician-log", TECHNICIAN, "/teknisi/catatan"),
    Place("technician-life", TECHNICIAN, "/teknisi/anjungan"),
    Place("stick", TECHNICIAN, "/teknisi/stik"),
    Place("not-allowed", TECHNICIAN, "/loket"),
    Place("central-sign-in", CENTRAL, "/sign-in"),
    Place("fleet", ADMIN),
    Place("kiosk-at-central", ADMIN, touches=("to-kiosk",)),
)
VISITS = [(place, lang) for place in PLACES for lang in LANGUAGES if lang == "id" or place.who not in (CENTRAL, ADMIN)]


class Tour:
    """An office in the middle of a morning and a central, with a browser signed in for each kind of person."""

    start_training: Callable[[], KioskProcess]

    def __init__(self, browser: Browser, kiosk: KioskProcess, central: str, token: str) -> None:
        self.browser = browser
        self.kiosk = kiosk
        self.central = central
        self.token = token
        self.contexts: dict[str, BrowserContext] = {}

    def open(self, place: Place, lang: str = "id") -> Page:
        """The page of a place, as soon as it stands."""
        page = self.context(place.who).new_page()
        asked = "" if place.who in (CENTRAL, ADMIN) else f"{'&' if '?' in place.path else '?'}lang={lang}"
        page.goto(f"{self.base(place.who)}{place.path}{asked}")
        for touch in place.touches:
            act(page, touch)
        page.wait_for_load_state()
        page.evaluate("document.fonts.ready")
        return page

    def base(self, who: str) -> str:
        """The address of somebody's pages."""
        if who == TRAINEE:
            return self.training.staff
        known = {CITIZEN: self.kiosk.citizen, CENTRAL: self.central, ADMIN: self.central}
        return known.get(who, self.kiosk.staff)

    @cached_property
    def training(self) -> KioskProcess:
        """A training office; started for the first who wants to see it."""
        return self.start_training()

    def context(self, who: str) -> BrowserContext:
        """The browser of somebody, signed in."""
        if who not in self.contexts:
            self.contexts[who] = self.browser.new_context(
                viewport={"width": 1366, "height": 768}, reduced_motion="reduce"
            )
            if who in OFFICERS.values():
                self.sign_in(who)
            if who == NEWCOMER:
                self.enter(who, self.kiosk, NEWCOMER, add_newcomer(self.kiosk.home, NEWCOMER)).close()
            if who == TRAINEE:
                self.enter(who, self.training, "Siti Rahma", PIN).close()
            if who == ADMIN:
                page = self.contexts[who].new_page()
                page.goto(f"{self.central}/sign-in")
                page.locator("[name=token]").fill(self.token)
                page.get_by_role("button").click()
        return self.contexts[who]

    def sign_in(self, role: str) -> None:
        page = self.enter(role, self.kiosk, next(name for name, each in OFFICERS.items() if each == role), PIN)
        if role == SUPERVISOR:
            act(page, "counter-1")
            act(page, "call-next")
            page.locator("[data-testid=current-ticket]").wait_for()
        page.locator(".bar").wait_for()
        page.close()

    def enter(self, who: str, kiosk: KioskProcess, name: str, pin: str) -> Page:
        """The page behind the sign-in."""
        page = self.contexts[who].new_page()
        page.goto(f"{kiosk.staff}/masuk")
        act(page, f"[name=name]={name}")
        act(page, f"[name=pin]={pin}")
        with page.expect_navigation(wait_until="load"):
            act(page, "sign-in")
        return page


def act(page: Page, touch: str) -> None:
    """One touch of a place."""
    selector, typed, text = touch.partition("=")
    if touch.startswith("?"):
        page.locator(touch[1:]).first.wait_for()
    elif typed:
        selector, _, text = touch.rpartition("=")
        page.locator(selector).fill(text)
    else:
        page.get_by_test_id(touch).first.click()


@contextmanager
def touring(browser: Browser, folder: Path) -> Iterator[Tour]:
    """A tour; everything it started is stopped at its end."""
    with ExitStack() as stack:
        kiosk = stack.enter_context(running(folder))
        morning(kiosk)
        url, token = stack.enter_context(central(folder / "central"))
        tour = Tour(browser, kiosk, url, token)
        tour.start_training = lambda: stack.enter_context(running(folder / "training", prepare=train))
        yield tour
        for context in tour.contexts.values():
            context.close()


def morning(kiosk: KioskProcess) -> None:
    """Some wait, some were served, one is called, somebody asks for help, and blank cards are out."""
    from agent.actions import bell, lists, moves, stock, trips
    from agent.actions.notices import set_notice
    from agent.clock import SystemClock
    from agent.office import load_office
    from agent.store.opening import open_store

    for service, village in (
        ("ktp_first", "64.02.05.2001"),
        ("kk", "outside"),
        ("ikd", "unknown"),
        ("move", "unknown"),
    ):
        kiosk.take(service, village, nik=NIK, priority=service == "ikd")
    kiosk.finish(kiosk.call(2)["visit"], "recorded")
    kiosk.call(3)
    store, office = open_store(kiosk.home, SystemClock()), load_office(kiosk.home / "kiosk.toml")
    set_notice(store, office, "blanks", by=1)
    bell.ring(store)
    stock.count(store, office, stock.Entry(item="blanks", amount=40, by=1, request_id="morning"))
    trips.open_trip(store, office, "64.02.05.2008", "SMAN 1", "school", by=1)
    kiosk.take("ktp_early", "64.02.05.2008")
    trips.close_trip(store, by=1)
    moves.hold(store, kiosk.call(2)["visit"], by=1, reason="papers")
    lists.put_on_list(store, office, kiosk.take("birth", "64.02.05.2003", nik=NIK)["visit"], "outreach", by=1)
    published(store, office)
    on_the_way(store)
    store.close()


def published(store, office) -> None:
    """A figure that counts, one that contradicts itself, and a roster with a refused row."""
    from agent.actions import coverage, rosters
    from agent.actions.day import local_now
    from tests.builders import drawn
    from tests.screens_reports import KOTIM, KUKAR

    coverage.enter(store, office, KUKAR, by=1)
    coverage.enter(store, office, KOTIM, by=1, as_published=True)
    until = local_now(store, office)[0].date() + timedelta(days=90)
    number = rosters.begin(store, office, rosters.Wanted("Siswa SMAN 1", "pupils", until, 1), drawn())
    rosters.take_in(store, office, number, [["NIK", "Desa"], [NIK, "Saliki"], ["12", "Saliki"]])


def on_the_way(store) -> None:
    """Some lines are held, one is refused, some lie on a stick, and one stick is mounted."""
    import msgspec

    from agent.domain.mounts import Stick
    from agent.store import handing, ledger

    stream = ledger.tail(store, "enrollments").stream
    handing.note(store, stream, "stick", 2, 6)
    found = msgspec.json.encode([Stick("/media/rekam", "Kingston", 16 * 10**9, 10**9, read_only=False)]).decode()
    with store.write():
        store.run("UPDATE stream SET held = 3, refused_total = 1 WHERE number = ?", stream)
        store.run(
            "INSERT INTO refused SELECT stream, n, 'unknown-village', body FROM line WHERE stream = ? AND n = 2", stream
        )
        store.run("INSERT INTO request (kind, asked_t, done_t, result) VALUES ('find-sticks', 0, 0, ?)", found)


@contextmanager
def central(home: Path) -> Iterator[tuple[str, str]]:
    """A central that heard from one kiosk: its address and admin token."""
    create_central(home, None, FakeClock(), os.urandom)
    desk, sender = Desk(home, FakeClock()), Kiosk()
    desk.pair(sender)
    desk.post(sender.visits(3).batch())
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, build_app(desk.central), threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", desk.central.admin_token
    server.shutdown()
    thread.join()
    desk.close()
