"""What Prometheus is told of one receiver process."""

from __future__ import annotations

from typing import Any, Final

from central.receive import Answer

STATUSES: Final = (200, 201, 403, 409)  # that come with a receipt


class Metrics:
    """Counters of this process, in a registry of its own."""

    def __init__(self) -> None:
        from prometheus_client import CollectorRegistry, Counter, Gauge

        self.registry = CollectorRegistry()
        self._batches = Counter(
            "rekam_central_batches",
            "Batches answered with a receipt, by HTTP status",
            ["status"],
            registry=self.registry,
        )
        for status in STATUSES:  # at 0 from the start: what is not there yet is no sign that nothing comes
            self._batches.labels(str(status))
        self._seal_left = Gauge(
            "rekam_central_seal_left_seconds", "Until the last listed sealing month is over", registry=self.registry
        )
        self._kiosks = Gauge("rekam_central_kiosks", "Kiosks by state", ["state"], registry=self.registry)

    def took(self, answer: Answer) -> None:
        """Count an answered batch."""
        self._batches.labels(str(answer.status)).inc()

    def text(self, seal_days: int, kiosks: dict[str, int]) -> tuple[bytes, str]:
        """The exposition and its media type."""
        from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

        self._seal_left.set(seal_days * 86_400)
        for state, count in kiosks.items():
            self._kiosks.labels(state).set(count)
        exposition: Any = generate_latest(self.registry)
        return exposition, CONTENT_TYPE_LATEST
