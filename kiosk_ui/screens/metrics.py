"""/metrics on the staff's listener: what doctor and page tell, for Prometheus; nothing personal, so no sign-in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from flask import Blueprint, Response

from agent.errors import NotFound
from agent.metrics import families
from agent.store.database import Store
from kiosk_ui.kiosk import kiosk

if TYPE_CHECKING:
    from prometheus_client.metrics_core import Metric

metrics = Blueprint("metrics", __name__)


@metrics.get("/metrics")
def show() -> Response:
    """The exposition; a training has none, so that no monitor takes it for the office."""
    if kiosk().office.settings.training.on:
        raise NotFound("training", "a training has no metrics")
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

    registry = CollectorRegistry()
    registry.register(OfficeCollector(kiosk().store))
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


class OfficeCollector:
    """Reads the office's state whenever the registry is read."""

    def __init__(self, store: Store) -> None:
        self.store = store

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: else the registry would read everything twice."""
        yield from ()

    def collect(self) -> Iterator[Metric]:
        """Every family with its samples."""
        from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily

        for each in families(self.store):
            kind = CounterMetricFamily if each.name.endswith("_total") else GaugeMetricFamily
            family = kind(each.name.removesuffix("_total"), each.words, labels=each.labels)
            for labels, value in each.values.items():
                family.add_metric(labels, value)
            yield family
