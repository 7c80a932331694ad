"""Central's web application: the routes put together."""

from __future__ import annotations

from typing import Final

from flask import Flask

from central.http import batches, description, documents, kiosk, monitors, pages, problems
from central.http.gate import Gate
from central.metrics import Metrics
from central.opening import Central

KEPT_FREE: Final = 2  # threads for load balancers and people while all others take in


def build_app(central: Central) -> Flask:
    """The WSGI application of one receiver."""
    app = Flask(__name__, static_folder="static", template_folder="templates")
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    metrics = Metrics()
    problems.register(app)
    gate = Gate(max(1, central.settings.server.threads - KEPT_FREE))
    app.register_blueprint(batches.blueprint(central, gate, metrics))
    app.register_blueprint(documents.blueprint(central))
    app.register_blueprint(monitors.blueprint(central, metrics))
    app.register_blueprint(description.blueprint())
    app.register_blueprint(pages.blueprint(central))
    app.register_blueprint(kiosk.blueprint(central))
    return app
