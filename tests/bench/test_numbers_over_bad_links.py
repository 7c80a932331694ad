"""A number takes no longer when the link to central is slow, lossy or hangs: it never waits for the link.

One office with agent and kiosk in a network of its own, central behind a link that is good, has 3 s of
latency and 30 % loss, or lets nothing through; rounds are interleaved, because a disk has its moods.
"""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from statistics import median

import pytest

from tests.e2e.link_site import Far
from tests.patience import wait_until

pytestmark = [pytest.mark.needs("root"), pytest.mark.needs("tun"), pytest.mark.needs("ip")]
LINKS = {
    "good": {"up": True, "delay": 0.0, "loss": 0.0},
    "3 s, 30 % lost": {"up": True, "delay": 1.5, "loss": 0.3},  # each way
    "hangs": {"up": False},
}
ROUNDS, NUMBERS = 5, 20
SLOWER = 1.3
SETTINGS = '[upload]\nevery = "5s"\nheartbeat = "1m"\n'
CLIENT = """
import json, sys, time
from http.client import HTTPConnection
link, times = HTTPConnection("127.0.0.1", 8080, timeout=30), []
for number in range(int(sys.argv[2])):
    wish = {"service": "ktp_first", "village": "unknown", "request_id": f"{sys.argv[1]}-{number}"}
    begun = time.perf_counter()
    link.request("POST", "/api/v1/tickets", json.dumps(wish), {"Content-Type": "application/json"})
    answer = link.getresponse()
    answer.read()
    times.append(time.perf_counter() - begun)
    assert answer.status == 201, answer.status
print(json.dumps(times))
"""


class Busy(Far):
    """The same with its kiosk, and a client in the office's own network."""

    def start_kiosk(self) -> None:
        self.start("kiosk", self.command(self.a, "kiosk", "--config", str(self.config)))
        wait_until(lambda: "citizen" in self.log("kiosk"), "the kiosk listens")

    def times(self, name: str) -> list[float]:
        """Seconds for each of some numbers, one after another."""
        words = [*self.inside(self.a), "-c", CLIENT, name, str(NUMBERS)]
        return json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)

    def close(self) -> None:
        self.stop("kiosk")
        super().close()


@pytest.fixture
def office(tmp_path) -> Iterator[Busy]:
    made = Busy(tmp_path)
    try:
        made.make(SETTINGS)
        made.start_agent()
        made.start_kiosk()
        made.pair()
        yield made
    finally:
        made.close()


def test_a_number_waits_for_no_link(office) -> None:
    times: dict[str, list[float]] = {name: [] for name in LINKS}
    office.times("warm")
    for _ in range(ROUNDS):
        for name, link in LINKS.items():
            office.link(**link)
            office.ask_to_send()
            times[name] += office.times(f"{len(times[name])}-{name.split()[0]}")
    middle = {name: median(each) * 1000 for name, each in times.items()}
    late = {name: sorted(each)[int(len(each) * 0.95)] * 1000 for name, each in times.items()}
    for name in LINKS:
        print(f"{middle[name]:7.1f} ms median, {late[name]:7.1f} ms p95, link: {name}")

    assert max(middle.values()) <= SLOWER * middle["good"]
