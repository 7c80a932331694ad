"""Each state of the link, made for real between two namespaces: named, no false success, over when it is."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.store.opening import open_store
from tests.e2e.link_site import HERE, THERE, Far
from tests.e2e.site import rekam
from tests.patience import wait_until

pytestmark = pytest.mark.needs("root", "tun", "ip")

RARELY = '[upload]\nevery = "1h"\nheartbeat = "1h"\n[health]\nevery = "1h"\nsummary = "2h"\n'
TEN_YEARS_AGO = -10 * 365 * 86_400


def unplug(far: Far) -> None:
    far.ip("link", "set", "wan0", "down")


def plug(far: Far) -> None:
    far.ip("link", "set", "wan0", "up")
    far.ip("route", "replace", "default", "dev", "wan0")


def take_address(far: Far) -> None:
    far.ip("address", "flush", "dev", "wan0", "scope", "global")


def give_address(far: Far) -> None:
    far.ip("address", "add", HERE, "peer", THERE, "dev", "wan0")
    far.ip("route", "replace", "default", "dev", "wan0")


def change_names(far: Far, word: str) -> None:
    """The agent that remembers where central was would not even notice, so another one starts."""
    far.stop("agent")
    far.dns(word)
    far.start_agent()


FAULTS = {
    "a cable that is out": ("no-interface", unplug, plug),
    "a network without addresses": ("no-address", take_address, give_address),
    "names that nobody answers": ("no-dns", lambda far: change_names(far, "silent"), lambda far: far.dns("right")),
    "a portal that takes over names": (
        "captive-portal",
        lambda far: change_names(far, "portal"),
        lambda far: far.dns("right"),
    ),
    "a page instead of every answer": ("captive-portal", lambda far: far.mode("page"), lambda far: far.mode("pass")),
    "a certificate of a stranger": ("tls-untrusted", lambda far: far.mode("foreign"), lambda far: far.mode("pass")),
    "a server that hangs up": ("server-down", lambda far: far.mode("down"), lambda far: far.mode("pass")),
    "a network that swallows everything": (
        "no-dns",
        lambda far: far.link(up=False),
        lambda far: far.link(up=True),
    ),
    "a server that has no time": ("server-down", lambda far: far.mode("busy"), lambda far: far.mode("pass")),
    "a server that refuses": ("server-refuses", lambda far: far.mode("refuse"), lambda far: far.mode("pass")),
    "a proxy that cuts answers": ("proxy-truncates", lambda far: far.mode("cut"), lambda far: far.mode("pass")),
}


OFFICERS_READ = {
    "no-interface": "periksa kabel atau modem",
    "no-address": "nyalakan ulang modem",
    "no-dns": "nama server pusat tidak ditemukan",
    "captive-portal": "meminta masuk lewat halaman web",
    "tls-untrusted": "bukan server pusat yang dikenal",
    "server-down": "Server pusat tidak menjawab",
    "server-refuses": "Server pusat menolak kiriman",
    "proxy-truncates": "rusak di tengah jalan",
}


@pytest.fixture(scope="module")
def far(tmp_path_factory):
    made = Far(tmp_path_factory.mktemp("far"))
    try:
        made.make(RARELY)
        made.start_agent()
        made.pair()
        yield made
    finally:
        made.close()


def history(far: Far) -> list[str]:
    store = open_store(far.office, SystemClock())
    found = [state for (state,) in store.rows("SELECT state FROM link_change ORDER BY number")]
    store.close()
    return found


def state(far: Far) -> str:
    return far.status()["link"]["state"]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_delivers_nothing_and_is_over_when_it_is(far, fault) -> None:
    named, make, mend = FAULTS[fault]
    far.visits(1, start=1000 + list(FAULTS).index(fault))
    before = len(history(far))
    make(far)
    try:
        far.ask_to_send()
        wait_until(lambda: state(far) == named, f"{named} is named", 12)  # looks, each of which takes some 0.3 s
        assert far.unsent() > 0
        assert OFFICERS_READ[named] in rekam("status", "--config", str(far.config))
    finally:
        far.passed()
        mend(far)

    assert far.send(45)
    assert state(far) == "good"
    assert history(far)[before:] == [named, "good"]
    assert far.passed()["tries"] == 1


def test_an_agent_that_knows_where_central_was_needs_no_names(far) -> None:
    far.dns("silent")
    far.visits(1, start=1900)
    try:
        assert far.send(30)
        assert state(far) == "good"
    finally:
        far.dns("right")


def test_a_cable_that_is_back_is_noticed_by_itself(far) -> None:
    unplug(far)
    far.visits(1, start=2000)
    far.ask_to_send()
    wait_until(lambda: state(far) == "no-interface", "the missing cable is named")
    plug(far)

    wait_until(lambda: far.unsent() == 0, "everything is sent", 20)


def test_a_far_central_is_a_slow_link_that_delivers(far) -> None:
    far.link(delay=1.2)
    far.visits(1, start=2100)
    try:
        assert far.send(60)
        assert state(far) == "slow"
    finally:
        far.link(delay=0.0)


def test_a_wrong_clock_is_named_and_everything_arrives(far, tmp_path) -> None:
    library = tmp_path / "wall_clock.so"
    source = Path(__file__).parents[1] / "e2e" / "wall_clock.c"
    subprocess.run(["gcc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    (tmp_path / "shift").write_text(str(TEN_YEARS_AGO))
    far.stop("agent")
    far.start_agent({"LD_PRELOAD": str(library), "WALL_SHIFT_FILE": str(tmp_path / "shift")})
    try:
        far.visits(1, start=2200)
        assert far.send(60)
        assert state(far) == "clock-wrong"
        (tmp_path / "shift").write_text("0")
        far.visits(1, start=2201)
        assert far.send(60)
        assert state(far) == "good"
    finally:
        far.stop("agent")
        far.start_agent()


def test_the_history_of_the_link_goes_to_central_as_lines(far) -> None:
    assert far.send(60)

    store = open_store(far.office, SystemClock())
    bodies = store.rows("SELECT body FROM line l JOIN stream s ON s.number = l.stream WHERE s.name = 'health'")
    store.close()
    told = [json.loads(body) for (body,) in bodies]
    assert {"captive-portal", "no-dns"} <= {line["d"]["state"] for line in told if line["k"] == "health.changed"}


def test_the_relay_is_as_slow_as_it_says(far) -> None:
    """A link that were better than it says would prove nothing."""
    far.link(delay=0.3)
    try:
        seconds = far.connecting_s()
    finally:
        far.link(delay=0.0)

    assert 0.6 <= seconds < 0.7
