"""Pages of a training say so, and a real office has none of them."""

from __future__ import annotations

import os

import msgspec
import pytest

from agent.actions.officers import add_officer
from agent.office import Office
from agent.settings import TrainingSettings
from tests.builders import PIN
from tests.integration.kiosk.steps import sign_in, visit


@pytest.fixture
def trained(kiosk):
    settings = msgspec.structs.replace(kiosk.office.settings, training=TrainingSettings(on=True))
    kiosk.office = Office(settings, kiosk.office.offer, kiosk.office.regions)
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
