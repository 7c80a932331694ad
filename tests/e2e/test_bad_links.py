"""Short extracts of what `tests/bench/test_link_*.py` measure: real TCP and TLS over a bad link; counts, no rates."""

from __future__ import annotations

import pytest

from tests.e2e.link_site import Far
from tests.patience import wait_until

pytestmark = pytest.mark.needs("root", "tun", "ip")

RARELY = '[upload]\nevery = "1h"\nheartbeat = "1h"\n[health]\nevery = "1h"\nsummary = "2h"\n'


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


def test_visits_arrive_over_a_slow_link_that_loses_a_tenth(far) -> None:
    far.passed()
    far.link(rate=64_000, delay=0.1, loss=0.1)
    far.visits(40, nik=True)
    try:
        assert far.send()
    finally:
        far.link(rate=10_000_000, delay=0.0, loss=0.0)

    assert far.unsent() == 0
    assert sum(far.passed()["lost"]) > 0


def test_a_portal_is_named_believed_in_nothing_and_over_when_it_is(far) -> None:
    far.mode("page")
    far.visits(1, start=100)
    far.ask_to_send()
    wait_until(lambda: far.status()["link"]["state"] == "captive-portal", "the portal is named")
    unsent = far.unsent()
    far.mode("pass")

    assert unsent > 0
    assert far.send()
    assert far.status()["link"]["state"] == "good"
