"""Two kiosks' worth of people take 200 numbers at once while four counters call: the real process, by HTTP."""

from __future__ import annotations

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from urllib.parse import urlsplit

import pytest

from agent.clock import SystemClock
from agent.store.opening import open_store
from tests.kiosk_process import KioskProcess, running
from tests.ledger_lines import bodies, is_whole
from tests.patience import PATIENCE

PEOPLE, BROWSERS, COUNTERS = 200, 8, 4
SERVICES = ("ktp_first", "kk", "ktp_print", "ikd")


class Caller:
    """One browser or counter on a connection that stays open."""

    def __init__(self, kiosk: KioskProcess, base: str) -> None:
        self.link = HTTPConnection(urlsplit(base).netloc, timeout=PATIENCE)
        self.headers = {"Content-Type": "application/json", "Authorization": f"Bearer {kiosk.token}"}

    def post(self, path: str, body: dict) -> dict | None:
        self.link.request("POST", f"/api/v1/{path}", json.dumps(body), self.headers)
        answer = self.link.getresponse()
        text = answer.read()
        assert answer.status in (200, 201, 204), text
        return json.loads(text) if text else None


class Rush:
    """Who took which number, and who was called where."""

    def __init__(self, kiosk: KioskProcess) -> None:
        self.kiosk = kiosk
        self.taken: list[dict] = []
        self.called: list[dict] = []
        self.all_taken = threading.Event()
        with ThreadPoolExecutor(BROWSERS + COUNTERS) as everybody:
            list(everybody.map(self.work, range(BROWSERS + COUNTERS)))

    def work(self, number: int) -> None:
        if number < BROWSERS:
            self.take(number)
        else:
            self.call(number - BROWSERS + 1)

    def take(self, browser: int) -> None:
        caller = Caller(self.kiosk, self.kiosk.citizen)
        for n in range(PEOPLE // BROWSERS):
            wish = {"service": SERVICES[(browser + n) % 4], "village": "unknown", "request_id": f"{browser}-{n}"}
            first, again = (caller.post("tickets", wish) for _ in range(2))  # a double tap
            assert first["visit"] == again["visit"]
            self.taken.append(first)
            if len(self.taken) == PEOPLE:
                self.all_taken.set()
        caller.link.close()

    def call(self, counter: int) -> None:
        caller = Caller(self.kiosk, self.kiosk.staff)
        while True:
            over = self.all_taken.is_set()
            visit = caller.post("calls", {"counter": counter})
            if visit is not None:
                self.called.append(visit)
                caller.post(f"visits/{visit['visit']}/finish", {"outcome": "recorded"})
            elif over:
                break
        caller.link.close()


@pytest.fixture(scope="module")
def rush(tmp_path_factory):
    with running(tmp_path_factory.mktemp("rush")) as kiosk:
        yield Rush(kiosk)


@pytest.fixture
def store(rush):
    opened = open_store(rush.kiosk.home, SystemClock())
    yield opened
    opened.close()


def test_no_number_is_lost_or_given_twice(rush):
    numbers = sorted(each["ticket"] for each in rush.taken)
    each = PEOPLE // len(SERVICES)

    assert numbers == [f"{letter}-{place:03d}" for letter in "ABCD" for place in range(1, each + 1)]


def test_everybody_is_called_once_and_by_one_counter(rush):
    assert sorted(each["visit"] for each in rush.called) == sorted(each["visit"] for each in rush.taken)


def test_every_call_took_who_had_waited_longest_then(store):
    waiting, called = [], 0
    for line in map(json.loads, bodies(store)):
        if line["k"] == "ticket.taken":
            waiting.append(line["n"])
        elif line["k"] == "ticket.called":
            assert line["d"]["visit"] == waiting.pop(0)
            called += 1

    assert (called, waiting) == (PEOPLE, [])


def test_the_chain_of_the_day_is_whole_and_everybody_is_finished(store):
    assert is_whole(store)
    assert store.rows("SELECT outcome, count(*) FROM visit GROUP BY outcome") == [("recorded", PEOPLE)]
