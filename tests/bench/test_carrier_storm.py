"""A thousand random runs of mixed carriers against a real receiver: each line once, receipts true."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.carriers import Carriers

RUNS = 1000
Thousand = type("Thousand", (Carriers,), {}).TestCase
Thousand.settings = settings(
    max_examples=RUNS, stateful_step_count=20, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def test_a_thousand_random_runs_of_mixed_carriers(capsys) -> None:
    Carriers.deliveries = 0
    Thousand("runTest").runTest()
    with capsys.disabled():
        print(
            f"\n{RUNS} runs of link, two sticks and a bucket: {Carriers.deliveries} deliveries, no line lost or doubled"
        )

    assert Carriers.deliveries >= 1000
