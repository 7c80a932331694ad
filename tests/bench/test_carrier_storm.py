"""A thousand random runs of mixed carriers against a real receiver: each line once, receipts true."""

from __future__ import annotations

from time import monotonic

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.carriers import Carriers

RUNS = settings(
    max_examples=1000, stateful_step_count=20, deadline=None, database=None, suppress_health_check=list(HealthCheck)
)


def test_a_thousand_random_runs_of_mixed_carriers(capsys) -> None:
    Carriers.deliveries, began = 0, monotonic()
    run_state_machine_as_test(Carriers, settings=RUNS)
    with capsys.disabled():
        print(f"\n{RUNS.max_examples} runs of a link, two sticks and a bucket, {Carriers.deliveries} deliveries,")
        print(f"in {monotonic() - began:.0f} s: each line once at central, no receipt that says more than it holds")

    assert Carriers.deliveries >= 1000
