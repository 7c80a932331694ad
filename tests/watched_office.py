"""An office that is looked at each minute, and what people and programs are told of it."""

from __future__ import annotations

import msgspec
from prometheus_client.parser import text_string_to_metric_families

from agent import doctor
from agent.jobs import sample_health
from agent.store import ledger
from agent.uplink.signing import Signer
from agent.wire import batch
from agent.wire.line import read_line
from kiosk_ui.app import create_app
from tests.fakes import MINUTE, FakeClock, wall
from tests.rounds import named
from tests.small_office import kiosk_key, small_office, small_store

TEN_O_TWO, TEN_FORTY = wall("2026-11-23T10:02"), wall("2026-11-23T10:40")
LASTED_S = 38 * 60


class Site:
    """An office whose ticket printer is plugged in or not, looked at each minute."""

    def __init__(self, home) -> None:
        self.clock = FakeClock(wall("2026-11-23T09:50"))
        self.store, self.office = small_store(home, self.clock), small_office(home)
        self.plugged = True
        self.probes = {"ticket-printer": self.printer}

    def printer(self) -> dict:
        return {"printer_online": float(self.plugged), "said": "no route to host"}

    def look(self) -> None:
        sample_health.run(self.store, self.office, named(self.probes))
        self.clock.forward(MINUTE)

    def look_until(self, moment: int) -> None:
        while self.clock.wall_ms() < moment:
            self.look()

    def doctor(self) -> dict:
        return doctor.examine(self.store, self.office, "en")

    def metrics(self) -> dict:
        app = create_app(
            self.store, self.office, "staff", secret=b"s" * 32, api_token="t", random_bytes=bytes, nudge=bool
        )
        text = app.test_client().get("/metrics", base_url="http://localhost").text
        return {
            (sample.name, *sample.labels.values()): sample.value
            for family in text_string_to_metric_families(text)
            for sample in family.samples
        }

    def batch_lines(self, *probes: str) -> list[dict]:
        """What of these probes the next batch of the health stream carries."""
        state = ledger.state(self.store, "health")
        file, _, _ = Signer(self.store, kiosk_key()).batch(state, (1, state.last), 1_000_000)
        lines = [read_line(body) for body in batch.read(file).lines]
        changed = [msgspec.json.decode(line.d) for line in lines if line.k == "health.changed"]
        return [each for each in changed if each["what"] in probes]
