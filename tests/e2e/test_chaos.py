"""200 visits while central is down half of the time and anything may be killed at any moment."""

from __future__ import annotations

import json
import random
import threading
import urllib.request
from collections import Counter
from functools import reduce

from agent import identity
from agent.clock import SystemClock
from agent.store import ledger
from agent.store.opening import open_store
from agent.uplink.signing import Signer
from agent.wire import base64url
from agent.wire.line import chain_next, chain_start, read_line
from tests.e2e.site import Site
from tests.patience import PATIENCE

VISITS = 200
SEED = 20241120


class Mischief(threading.Thread):
    """Kills agent, kiosk and central at random moments, and leaves central down half of the time."""

    def __init__(self, site: Site) -> None:
        super().__init__(daemon=True)
        self.site = site
        self.luck = random.Random(SEED)
        self.kills: Counter[str] = Counter()
        self.over = threading.Event()

    def run(self) -> None:
        while not self.over.wait(self.luck.uniform(0.3, 1.0)):
            program = self.luck.choice([self.site.agent, self.site.kiosk, self.site.central, self.site.central])
            if program.runs:
                program.kill()
                self.kills[program.name] += 1
            down = self.luck.uniform(1.0, 2.0) if program is self.site.central else 0.0
            self.over.wait(down)
            program.start()

    def stop(self) -> None:
        self.over.set()
        self.join()


def test_every_line_arrives_exactly_once_whatever_is_killed(site):
    mischief = Mischief(site)
    mischief.start()
    tickets = [site.take(f"chaos-{n:05d}", after_s=0.15) for n in range(VISITS)]
    mischief.stop()
    for program in (site.central, site.agent, site.kiosk):
        if not program.runs:
            program.start()

    assert site.send()
    site.stop_office()
    arrived = both_ends_agree(site)
    assert_same_tickets(arrived, tickets)
    assert len(mischief.kills) == 3, f"seed {SEED} killed only {mischief.kills}"


def both_ends_agree(site: Site) -> list[dict]:
    """What central signs that it holds is the office's own chain, and what it exports, the answer, its own lines."""
    status, store = site.status(), open_store(site.office, SystemClock())
    signer = Signer(store, identity.load_key(site.office))
    receipts = {name: receipt_of(site, signer, status["ledger"], name) for name in status["streams"]}
    arrived = site.central_lines()
    for name, held in receipts.items():
        bodies = list(ledger.lines(store, ledger.tail(store, name).stream, 1, held["n"]))
        there = [line for line in arrived if line["stream"] == name and int(line["n"]) <= held["n"]]
        assert held["n"] >= status["streams"][name]["held"] > 0
        assert held["chain"] == base64url.encode(reduce(chain_next, bodies, chain_start(status["ledger"], name)))
        assert [exported(line) for line in there] == [written(body) for body in bodies]
    store.close()
    assert {line["ledger"] for line in arrived} == {status["ledger"]}
    return arrived


def receipt_of(site: Site, signer: Signer, of: str, stream: str) -> dict:
    """What `GET /v1/streams/…/receipt` says is held."""
    url = f"http://127.0.0.1:{site.port}/v1/streams/{of}/{stream}/receipt"
    request = urllib.request.Request(url, headers={"Authorization": f"Bearer {signer.bearer()}"})
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
        return json.loads(base64url.decode(answer.read().decode().split(".")[1], field="payload"))["held"]


def exported(line: dict) -> tuple:
    return int(line["n"]), int(line["t"]), line["kind"], line["d"]


def written(body: bytes) -> tuple:
    line = read_line(body)
    return line.n, line.t, line.k, bytes(line.d).decode()


def assert_same_tickets(arrived: list[dict], tickets: list[dict]) -> None:
    taken = [json.loads(line["d"])["ticket"] for line in arrived if line["kind"] == "ticket.taken"]
    given = [ticket["ticket"] for ticket in tickets]

    assert sorted(taken) == sorted(given)
    assert len(set(given)) == VISITS
