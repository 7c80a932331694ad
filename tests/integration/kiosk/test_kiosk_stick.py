"""The page that carries by stick, with an agent that does its wishes at once."""

from __future__ import annotations

import threading

import pytest

from agent import requests
from agent.domain.mounts import Stick
from agent.folder import Folder
from agent.jobs.carry import Porter
from agent.store import ledger
from agent.uplink.courier import Courier
from agent.uplink.signing import Signer
from agent.uplink.trust import Trust
from agent.wire import batch, jose, names
from tests.builders import drawn
from tests.fake_central import FakeCentral
from tests.integration.central_desk import Kiosk
from tests.integration.kiosk.steps import form_to, visit
from tests.patience import PATIENCE

GIGA = 1000**3
CODES = ["carrier-full", "carrier-read-only", "carrier-gone", "carrier-busy", "carrier", "cut-off", "new"]


class Agent:
    """Does what the page asks for as soon as it is woken."""

    def __init__(self, kiosk, folder) -> None:
        self.kiosk, self.folder = kiosk, folder
        folder.mkdir()
        self.central = FakeCentral()
        key = jose.read_key((kiosk.home / "keys/kiosk.jwk").read_text(), file="kiosk.jwk")
        trust = Trust(kiosk.home, self.central.root.thumbprint())
        courier = Courier(kiosk.store, Signer(kiosk.store, key), trust, self.central, drawn())
        self.sticks = [Stick(str(folder), "Kingston DataTraveler", 16 * GIGA, 12 * GIGA, read_only=False)]
        self.porter = Porter(kiosk.store, courier, kiosk.office.code, lambda: self.sticks)
        self.porter.begin = self.porter.carry

    def nudged(self, _home) -> bool:
        requests.fulfil(self.kiosk.store, {requests.FIND_STICKS: self.porter.found}, self.porter.wishes())
        return True

    def to_central_and_back(self) -> None:
        box = Folder(self.folder)
        for name in box.names(".rekam"):
            file = box.read(name, 10**7)
            claims = batch.read(file).claims
            box.put(names.receipt_name(claims.ledger, claims.stream), self.central.post_batch(file).body)
        box.put(names.KEYS, self.central.key_list().encode())


@pytest.fixture
def agent(kiosk, tmp_path, monkeypatch) -> Agent:
    made = Agent(kiosk, tmp_path / "stick")
    monkeypatch.setattr(requests, "nudge", made.nudged)
    return made


@pytest.fixture
def page(counter, take, staff, agent):
    """The page's words; `page(button)` touches it first."""
    take()

    def read(button: str = "") -> str:
        shown = visit(staff, "/teknisi/stik")
        return (shown.touch(button) if button else shown).text

    return read


def test_a_stick_is_listed_with_its_room(page):
    text = page()

    assert "Kingston DataTraveler" in text
    assert "Sisa 12,0 GB dari 16,0 GB." in text


def test_without_a_stick_the_page_says_what_to_do(agent, page):
    agent.sticks = []

    assert "Tidak ada stik USB yang terpasang." in page()


def test_the_page_does_not_wait_for_the_agent_and_shows_its_answer_later(agent, page, monkeypatch):
    monkeypatch.setattr(requests, "nudge", lambda _home: False)
    assert "Sedang mencari stik" in page()
    agent.nudged(None)

    assert "Kingston DataTraveler" in page()


def test_while_the_agent_looks_again_the_sticks_stay(kiosk, page, monkeypatch):
    page()
    monkeypatch.setattr(requests, "nudge", lambda _home: False)
    kiosk.clock.forward(10_000)

    assert "Kingston DataTraveler" in page()
    kiosk.clock.forward(3_000)
    assert "Kingston DataTraveler" in page()


def test_a_machine_without_an_agent_is_said_kindly_and_is_asked_once(kiosk, agent, page, monkeypatch):
    monkeypatch.setattr(requests, "nudge", lambda _home: False)
    page()
    kiosk.clock.forward(6_000)

    assert "Mesin belum menjawab." in page()
    assert kiosk.store.rows("SELECT count(*) FROM request WHERE kind = 'find-sticks'") == [(1,)]


def test_a_kiosk_that_was_never_online_carries_everything_and_its_request(kiosk, agent, page):
    text = page("carry-out")

    assert "Stik boleh dicabut." in text
    assert "Pusat belum mengenal mesin ini" in text
    assert Folder(agent.folder).names(".pair")


def test_one_round_trip_of_the_stick_leaves_nothing_waiting(kiosk, agent, page):
    page("carry-out")
    agent.to_central_and_back()
    text = page("carry-in")

    assert "Tidak ada catatan yang menunggu." in text
    assert all(state.held == state.last for state in ledger.states(kiosk.store))


def test_a_stick_that_never_was_at_central_says_so(page):
    page("carry-out")

    assert "belum ada tanda terima untuk mesin ini" in page("carry-in")


def test_files_of_other_offices_are_told_and_left(agent, page):
    other = Kiosk()
    other.take()
    file = other.batch()
    Folder(agent.folder).put(names.batch_name(file), file)

    assert "1 berkas kantor lain" in page("carry-out")
    assert names.batch_name(file) in Folder(agent.folder).names("")


def test_a_locked_stick_is_not_touched_and_the_page_says_how_to_unlock_it(kiosk, staff, agent, page):
    agent.sticks = [Stick(str(agent.folder), "Flash", GIGA, GIGA, read_only=True)]

    assert "Geser kunci kecil di sisi stik" in page()
    assert staff.get("/teknisi/stik").text.count("disabled") == 2


def test_a_stick_that_is_pulled_between_look_and_touch_is_told_as_gone(agent, staff, page):
    shown = visit(staff, "/teknisi/stik")
    agent.sticks = []

    assert "Stik tercabut atau tidak terbaca" in shown.touch("carry-out").text


def test_a_place_that_is_no_stick_is_never_carried_to(kiosk, staff, page, tmp_path):
    shown = visit(staff, "/teknisi/stik")
    form = form_to(shown, "/teknisi/stik")
    shown.send(form, {**form.fields, "tempat": str(tmp_path), "arah": "keluar"})

    assert kiosk.store.rows("SELECT count(*) FROM request WHERE kind LIKE 'stick-%'") == [(0,)]


def wished(kiosk, progress: requests.Progress) -> None:
    """A carrying that stands where a test wants it."""
    number = requests.ask(kiosk.store, "send")
    requests.report(kiosk.store, number, progress)
    with kiosk.store.write():
        kiosk.store.run("UPDATE request SET kind = 'stick-out x' WHERE number = ?", number)


def test_a_second_wish_waits_for_the_first(kiosk, staff, agent, page):
    shown = visit(staff, "/teknisi/stik")
    wished(kiosk, requests.Progress("working", 500, 2000))

    assert "500 dari 2.000 catatan" in shown.touch("carry-out").text
    assert kiosk.store.rows("SELECT count(*) FROM request WHERE kind LIKE 'stick-%'") == [(1,)]


@pytest.mark.parametrize("code", CODES)
def test_every_way_to_fail_has_a_sentence_and_a_next_step(kiosk, page, code):
    wished(kiosk, requests.Progress("failed", 7, 9, code=code, sentence="what to do"))
    text = page()

    assert ("what to do" in text) == (code == "new")
    assert "7 dari 9 catatan sempat ditulis" in text


def test_a_wish_that_no_agent_ever_began_holds_nobody_up(kiosk, staff, agent, page):
    shown = visit(staff, "/teknisi/stik")
    with kiosk.store.write():
        kiosk.store.run("INSERT INTO request (kind, asked_t) VALUES ('stick-out x', ?)", kiosk.clock.wall_ms())
    kiosk.clock.forward(3 * 60_000)

    assert "catatan sudah ditulis" in shown.touch("carry-out").text


def test_a_stick_that_hangs_holds_up_no_other_wish_and_is_asked_once(agent, monkeypatch):
    monkeypatch.setattr("agent.jobs.carry.LOOK_S", 0.01)
    let_go, asked = threading.Event(), []

    def hang() -> list[Stick]:
        asked.append(let_go.wait(PATIENCE))
        return agent.sticks

    agent.porter.find = hang
    assert [agent.porter.found(), agent.porter.found()] == ["[]", "[]"]
    let_go.set()
    agent.porter._looking.join()
    assert asked == [True]


def test_a_second_stick_behind_one_that_hangs_is_told_what_to_do(agent, page, monkeypatch):
    monkeypatch.setattr("agent.jobs.carry.BUSY_S", 0.01)
    with agent.porter._busy:
        text = page("carry-out")

    assert "Stik lain masih dikerjakan" in text
    assert "cabut stik yang lain itu" in text
    assert "Stik boleh dicabut." in page("carry-out")
