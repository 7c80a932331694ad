"""Central, the office's machine and the laptop of its kit as processes: a trip on the laptop serves its village."""

from __future__ import annotations

import os
import re
import urllib.parse
import urllib.request
from contextlib import closing
from http.cookiejar import CookieJar

import pytest

from agent.actions import trips as going
from agent.actions.officers import add_officer
from agent.clock import SystemClock
from agent.domain.regions import OfficeRegions
from agent.office import load_office
from agent.store.opening import open_store
from tests.builders import PIN
from tests.e2e.site import Site
from tests.patience import PATIENCE, wait_until

FAR = "64.02.05.2008"


class Supervisor:
    """Somebody signed in at a staff listener, who reads and sends pages."""

    def __init__(self, site: Site) -> None:
        self.base = f"http://127.0.0.1:{site.staff_port}"
        self.browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))
        with closing(open_store(site.office, SystemClock())) as store:
            add_officer(store, "Budi", "supervisor", random_bytes=os.urandom, pin=PIN)
        self.send("/masuk", name="Budi", pin=PIN)

    def read(self, path: str) -> str:
        with self.browser.open(self.base + path, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def send(self, path: str, **fields: str) -> str:
        fields["csrf_token"] = re.search(r'name="csrf_token" value="([^"]+)"', self.read(path))[1]
        with self.browser.open(self.base + path, urllib.parse.urlencode(fields).encode(), timeout=PATIENCE) as answer:
            return answer.read().decode()


def trip(laptop: Site, regions: OfficeRegions) -> None:
    """The laptop's officers are in a village, where two people get numbers by its kiosk."""
    with closing(open_store(laptop.office, SystemClock())) as store:
        going.open_trip(store, load_office(laptop.config), FAR, "Balai Desa", "village", by=1)
        for n in range(2):
            body = {"service": "ktp_first", "village": regions.village(FAR).code, "request_id": f"trip-{n:06d}"}
            assert laptop.post("/api/v1/tickets", body)[0] == 201
        going.close_trip(store, by=1)


@pytest.fixture
def laptop(site):
    joined = site.sibling("laptop")
    joined.start_office()
    joined.pair()
    yield joined
    joined.stop_office()


def test_after_the_laptops_trip_its_village_is_gone_from_the_unserved_list_and_the_camats_page(site, laptop):
    office, budi = load_office(site.config), Supervisor(site)
    never = f"{office.regions.village(FAR).name}</th><td>"
    choose = f'href="/jemput-bola?desa={FAR}"'
    assert choose in budi.read("/jemput-bola")
    assert never in budi.read("/laporan/camat")

    trip(laptop, office.regions)
    assert laptop.send()
    wait_until(lambda: site.send(5) and choose not in budi.read("/jemput-bola"), "central told the office")

    assert "Dari pusat" in budi.read("/jemput-bola")
    camat = budi.read("/laporan/camat")
    assert never not in camat
    assert re.search(r'data-testid="camat-total"[^<]*>0<', camat)
    assert "di luar jumlah di atas: 1 kali, 2 orang" in camat
