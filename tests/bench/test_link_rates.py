"""Real TCP over bad links: how fast a backlog arrives, and what it costs. Minutes each; needs root."""

from __future__ import annotations

import statistics
import subprocess
import time

import pytest

from agent.wire.batch import read_token
from central.settings import load_central
from central.store.database import open_store
from central.store.models import Frame
from tests.e2e.link_site import Far
from tests.patience import wait_until

pytestmark = pytest.mark.needs("root", "tun", "ip")

RARELY = '[upload]\nevery = "1h"\nheartbeat = "1h"\n[health]\nevery = "1h"\nsummary = "2h"\n'
OFTEN = '[upload]\nevery = "5s"\nheartbeat = "1h"\n[health]\nevery = "1h"\nsummary = "2h"\n'
ROUNDS = 5
PEOPLE = 450  # with a sealed NIK each: about 100 kB

ONE_POST = """
import os, sys, time
from agent.uplink.https import Central
from agent.uplink.tcp import Network
central = Central("https://rekam.test", network=Network(ca_file=sys.argv[2]))
begun = time.monotonic()
reply = central.post_batch(os.urandom(int(sys.argv[1])))
print(time.monotonic() - begun, type(reply).__name__, getattr(reply, "evidence", "").replace(" ", "_"))
"""


@pytest.fixture
def far(tmp_path, request):
    made = Far(tmp_path)
    try:
        made.make(getattr(request, "param", RARELY))
        made.start_agent()
        made.pair()
        yield made
    finally:
        made.close()


def one_post(far: Far, size: int) -> float:
    """Seconds of one POST of so many bytes that nobody can compress, on a new connection."""
    words = [*far.inside(far.a), "-c", ONE_POST, str(size), str(far.ca_file)]
    seconds, kind, *why = subprocess.run(words, capture_output=True, text=True, check=True, timeout=300).stdout.split()
    assert kind == "Answer", why
    return float(seconds)


def accepted(far: Far) -> int:
    """Bytes of the batch files that central has taken so far."""
    store = open_store(load_central(far.central_config).database)
    try:
        with store.session() as database:
            tokens = [row.token for row in Frame.select(Frame.token).execute(database)]
    finally:
        store.close()
    return sum(file_size(token) for token in tokens)


def file_size(token: str) -> int:
    """Bytes of the batch file with that JWS."""
    claims, _ = read_token(token)
    return len(token) + 1 + claims.lines.size + (claims.sealed.size if claims.sealed else 0)


def test_a_backlog_arrives_at_three_quarters_of_the_rate_of_one_post(far, capsys) -> None:
    far.link(rate=64_000, delay=0.4, loss=0.1)
    shares = []
    for each in range(ROUNDS):
        far.visits(PEOPLE, nik=True, start=each * PEOPLE)
        before = accepted(far)
        backlog_s = far.drain_s(300)
        size = accepted(far) - before
        post_s = one_post(far, size)
        shares.append(post_s / backlog_s)
        with capsys.disabled():
            print(
                f"\n{size} B: backlog {backlog_s:.1f} s, one POST {post_s:.1f} s, {shares[-1]:.2f} of its rate", end=""
            )

    assert statistics.median(shares) >= 0.75


@pytest.mark.parametrize("far", [OFTEN], indirect=True)
def test_a_network_that_forgets_connections_costs_little_and_leaves_nothing_idle(far, capsys) -> None:
    before = accepted(far)
    far.passed()
    far.link(rate=32_000, delay=0.3, loss=0.01, forget=35)
    begun = time.monotonic()
    far.visits(1000, nik=True)
    far.ask_to_send()
    wait_until(lambda: far.unsent() == 0, "everything arrived", 900)
    seconds, passed, size = time.monotonic() - begun, far.passed(), accepted(far) - before
    cost = passed["bytes"][0] / size
    with capsys.disabled():
        print(f"\n{size} B in {seconds:.0f} s: {cost:.2f} B upwards for each, idle {passed['idle']:.0f} s at the most")

    assert size > 100_000
    assert cost <= 1.6
    assert passed["idle"] <= 60
