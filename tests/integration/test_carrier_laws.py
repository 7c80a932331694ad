"""Whatever carriers do with the files, central ends with each line once and the kiosk with true receipts."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.carriers import Carriers

# The same few runs each time; `./run bench` makes a thousand others.
TestCarriers = Carriers.TestCase
TestCarriers.settings = settings(
    max_examples=10,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=list(HealthCheck),
)
