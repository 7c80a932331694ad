"""For load balancers and Prometheus: /healthz, /readyz, /metrics."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from central.keys import seal_days_left
from central.metrics import Metrics
from central.opening import Central
from central.store import fleet


def blueprint(central: Central, metrics: Metrics) -> Blueprint:
    """The routes for machines that watch this one."""
    routes = Blueprint("monitors", __name__)

    @routes.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @routes.get("/readyz")
    def readyz() -> Response:
        with central.store.session() as database:
            fleet.states(database)
        central.published.keys_number()
        return jsonify(status="ready")

    @routes.get("/metrics")
    def show_metrics() -> Response:
        with central.store.session() as database:
            states = fleet.states(database)
        days = seal_days_left(central.published.keys(), central.clock.wall_ms())
        text, media = metrics.text(days, states)
        return Response(text, content_type=media)

    return routes
