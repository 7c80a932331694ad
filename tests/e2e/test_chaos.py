"""200 visits while central is down half of the time and anything may be killed at any moment."""

from __future__ import annotations

import json
import random
import threading
from collections import Counter

from agent.wire.line import chain_next, chain_start
from tests.e2e.site import Site

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
    status = site.status()
    arrived = site.central_lines()
    assert_every_line_once(arrived, status)
    assert_same_tickets(arrived, tickets)
    assert len(mischief.kills) == 3, f"seed {SEED} killed only {mischief.kills}"


def assert_every_line_once(arrived: list[dict], status: dict) -> None:
    for name, stream in status["streams"].items():
        mine = [line for line in arrived if line["ledger"] == status["ledger"] and line["stream"] == name]
        numbers = [int(line["n"]) for line in mine]
        assert sorted(numbers) == list(range(1, len(numbers) + 1))
        assert len(numbers) >= stream["held"] > 0


def assert_same_tickets(arrived: list[dict], tickets: list[dict]) -> None:
    taken = [json.loads(line["d"])["ticket"] for line in arrived if line["kind"] == "ticket.taken"]
    given = [ticket["ticket"] for ticket in tickets]

    assert sorted(taken) == sorted(given)
    assert len(set(given)) == VISITS


def test_both_ends_name_the_same_end_of_the_chain(site):
    for n in range(20):
        site.take(f"agree-{n:05d}")

    assert site.send()
    from agent.clock import SystemClock
    from agent.store import ledger
    from agent.store.opening import open_store

    site.stop()
    store = open_store(site.office, SystemClock())
    state = ledger.state(store, "enrollments")
    chain = chain_start(state.ledger, "enrollments")
    for body in ledger.lines(store, state.stream, 1, state.last):
        chain = chain_next(chain, body)
    kept = json.loads(_payload(ledger.facts(store, "receipt@enrollments")["receipt@enrollments"]))
    assert kept["held"] == {"n": state.last, "chain": ledger.text_chain(chain)}


def _payload(token: str) -> bytes:
    from agent.wire import base64url

    return base64url.decode(token.split(".")[1], field="payload")
