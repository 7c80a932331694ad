"""Real services on loopback are unplugged and come back: page, doctor, metrics and central tell the same, once."""

from __future__ import annotations

import http.cookiejar
import json
import re
import subprocess
import sys
import urllib.parse
import urllib.request
from contextlib import closing

import pytest

from agent import requests
from agent.actions.officers import add_officer
from agent.clock import SystemClock
from agent.store.opening import open_store
from tests.builders import PIN, drawn
from tests.e2e.site import REPO, Site
from tests.patience import wait_until
from tests.sbi_stub import SbiStub
from tests.virtual_printer import AskedPrinter

WAITS = requests.Progress(requests.WORKING)
BOTH = {"sbi-absent", "printer-offline"}
SETTINGS = """
[health]
every = "1s"
summary = "5s"
hold = "2s"
[devices]
sbi = ["face"]
[printer]
kind = "network"
address = "{printer}"
"""


class Watched:
    """A site with an SBI camera and a network printer, and what its four mouths say of them."""

    def __init__(self, site: Site, camera: SbiStub, printer: AskedPrinter) -> None:
        self.site, self.camera, self.printer = site, camera, printer
        self.browser: urllib.request.OpenerDirector | None = None

    def doctor(self) -> dict:
        words = [sys.executable, "-m", "agent.cli", "doctor", "--json", "--config", str(self.site.config)]
        return json.loads(subprocess.run(words, cwd=REPO, capture_output=True, text=True, check=False).stdout)

    def codes(self) -> set[str]:
        return {each["code"] for each in self.doctor()["warnings"]}

    def get(self, path: str) -> str:
        """A page of the staff's listener, signed in."""
        base = f"http://127.0.0.1:{self.site.staff_port}"
        if self.browser is None:
            jar = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
            self.browser = urllib.request.build_opener(jar)
            form = self.browser.open(f"{base}/masuk").read().decode()
            token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', form)[1]
            fields = {"csrf_token": token, "name": "Andi Wijaya", "pin": PIN}
            self.browser.open(f"{base}/masuk", urllib.parse.urlencode(fields).encode())
        return self.browser.open(base + path).read().decode()

    def metrics(self, name: str) -> float:
        found = re.search(rf"^{re.escape(name)} (\S+)$", self.get("/metrics"), re.MULTILINE)
        return float(found[1]) if found else 0.0

    def lasted(self, probe: str) -> list[int]:
        """How long the outages of a probe lasted that are over, by the doctor."""
        return [each["for_s"] for each in self.doctor()["outages"] if each["probe"] == probe and each["back"]]

    def told_central(self, probe: str) -> list[int]:
        """The same by what central holds."""
        lines = [json.loads(line["d"]) for line in self.site.central_lines() if line["kind"] == "health.changed"]
        return [each["for_s"] for each in lines if each["what"] == probe and "for_s" in each]


def looked_at(site: Site, device: str) -> requests.Progress:
    """What the agent's look at a device came to, when somebody asks for it."""
    with closing(open_store(site.office, SystemClock())) as store:
        number = requests.ask(store, f"{requests.TRY_DEVICE} {device}")
        wait_until(lambda: (requests.progress_of(store, number) or WAITS).state != requests.WORKING, "it was looked at")
        return requests.progress_of(store, number)


@pytest.fixture
def watched(tmp_path):
    camera, printer = SbiStub("Face").plug(), AskedPrinter({1: 0x12, 2: 0x12, 4: 0x12})
    site = Site(tmp_path)
    site.make(SETTINGS.format(printer=printer.settings.address))
    store = open_store(site.office, SystemClock())
    add_officer(store, "Andi Wijaya", "technician", random_bytes=drawn("andi"), pin=PIN)
    store.close()
    try:
        site.start()
        yield Watched(site, camera, printer)
    finally:
        site.stop()
        camera.unplug()
        printer.unplug()


def test_a_camera_service_and_a_printer_are_missed_and_come_back(watched):
    wait_until(lambda: watched.metrics('rekam_probe_state{probe="camera",state="ok"}'), "the camera is well")
    wait_until(lambda: watched.metrics('rekam_probe_state{probe="ticket-printer",state="ok"}'), "the printer is well")
    assert looked_at(watched.site, "camera").state == "done"
    watched.camera.unplug()
    watched.printer.unplug()
    assert looked_at(watched.site, "camera").sentence == "SBI: absent"
    wait_until(lambda: watched.codes() >= BOTH, "both are missed")
    page = watched.get("/teknisi")

    assert {'data-testid="warning-sbi-absent"', 'data-testid="warning-printer-offline"'} <= set(
        re.findall(r'data-testid="warning-[a-z-]+"', page)
    )
    assert watched.metrics('rekam_warning{code="sbi-absent"}') == 1

    watched.camera.plug(watched.camera.port)
    watched.printer.plug()
    wait_until(lambda: watched.lasted("camera") and watched.lasted("ticket-printer"), "both are back")
    assert watched.codes() & BOTH == set()
    assert watched.site.send()
    for probe in ("camera", "ticket-printer"):
        lasted = watched.lasted(probe)  # a machine that stands still may be taken for an outage more
        assert sorted(watched.told_central(probe)) == sorted(lasted)
        assert watched.metrics(f'rekam_outage_seconds_total{{probe="{probe}"}}') == sum(lasted)

    watched.site.agent.stop()
    assert "agent-stopped" in watched.codes()
