"""Pages of a training say so, and a real office has none of them."""

from __future__ import annotations

import io
import os

import msgspec
import pytest

from agent.actions.officers import add_officer
from agent.office import Office
from agent.settings import TrainingSettings
from tests.builders import PIN
from tests.integration.kiosk.steps import form_to, sign_in, visit


@pytest.fixture
def trained(kiosk):
    settings = msgspec.structs.replace(kiosk.office.settings, training=TrainingSettings(on=True))
    kiosk.office = Office(settings, kiosk.office.offer, kiosk.office.regions, kiosk.office.own_elections)
    add_officer(kiosk.store, "Siti", "officer", random_bytes=os.urandom, pin=PIN)
    return kiosk


def test_a_real_office_has_no_training_page(staff, counter):
    assert visit(staff, "/latihan").status == 404
    assert not counter.has('data-testid="training"')


@pytest.mark.parametrize("path", ["/", "/?lang=en"])
def test_every_page_of_a_citizen_says_that_it_is_a_training(trained, path):
    page = visit(trained.client("citizen"), path)

    assert page.has('data-testid="training"')
    assert page.has("data-training")


@pytest.mark.parametrize("path", ["/masuk", "/papan", "/loket", "/laporan"])
def test_every_page_of_the_staff_says_that_it_is_a_training(trained, path):
    client = trained.client("staff")
    sign_in(client, "Siti", PIN).touch("counter-1")

    assert visit(client, path).has('data-testid="training"')


def test_invented_people_come_and_are_served(trained):
    client = trained.client("staff")
    counter = sign_in(client, "Siti", PIN).touch("counter-1")
    came = visit(client, "/latihan").touch("come-0")
    assert "A-001" in came.text

    visit(client, "/loket").touch("call-next").touch("outcome-recorded")
    assert "Sudah direkam" in visit(client, "/latihan").text
    assert counter.path == "/loket"


def test_all_may_come_at_once(trained):
    client = trained.client("staff")
    sign_in(client, "Siti", PIN)
    visit(client, "/latihan").touch("all-come")

    assert trained.visits() == 8


def test_signing_in_to_a_training_signs_nobody_out_of_the_office(trained, kiosk):
    assert trained.client("staff").application.config["SESSION_COOKIE_NAME"] == "rekam-latihan"


CSV = ("/laporan/daftar.csv", "/pemilu/2025-04-19.64.02/kpu.csv")


@pytest.mark.parametrize("path", CSV)
def test_every_file_of_a_training_says_so_in_its_name_and_first_row(trained, path):
    client = trained.client("staff")
    sign_in(client, "Siti", PIN)
    visit(client, "/latihan").touch("all-come")
    answer = client.get(path)

    assert 'filename="LATIHAN-' in answer.headers["Content-Disposition"]
    assert answer.get_data(as_text=True).lstrip("\ufeff").startswith("LATIHAN.")


@pytest.mark.parametrize("path", CSV)
def test_a_file_of_the_office_does_not(staff, counter, take, path):
    take()
    answer = staff.get(path)

    assert "LATIHAN" not in answer.headers["Content-Disposition"] + answer.get_data(as_text=True)


def test_a_training_has_no_metrics(trained, staff):
    assert trained.client("staff").get("/metrics").status_code == 404


def test_a_training_takes_no_list_of_real_people_and_no_laptops_file(trained):
    add_officer(trained.store, "Budi", "supervisor", random_bytes=os.urandom, pin=PIN)
    client = trained.client("staff")
    token = form_to(sign_in(client, "Budi", PIN), "/keluar").fields["csrf_token"]
    for path, sentence in (("/sasaran", "tidak ada daftar sasaran"), ("/jemput-bola/laptop", "Ini latihan.")):
        data = {"csrf_token": token, "file": (io.BytesIO(b"Nama;Tanggal lahir\nAni;2009-01-01\n"), "a.csv")}
        answer = client.post(path, data=data)
        assert (answer.status_code, sentence in answer.get_data(as_text=True)) == (422, True)
    assert trained.store.rows("SELECT count(*) FROM roster") == [(0,)]
