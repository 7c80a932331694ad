"""Central's web application: the routes put together."""

from __future__ import annotations

from flask import Flask

from central.http import batches, description, documents, monitors, pages, problems
from central.http.gate import Gate
from central.metrics import Metrics
from central.opening import Central


def build_app(central: Central) -> Flask:
    """The WSGI application of one receiver."""
    app = Flask(__name__, static_folder="static", template_folder="templates")
    app.json.sort_keys = False  # type: ignore[attr-defined]  # the default provider has it
    metrics = Metrics()
    problems.register(app, central.settings.server.max_batch_bytes)
    app.register_blueprint(batches.blueprint(central, Gate(central.settings.server.threads), metrics))
    app.register_blueprint(documents.blueprint(central))
    app.register_blueprint(monitors.blueprint(central, metrics))
    app.register_blueprint(description.blueprint())
    app.register_blueprint(pages.blueprint(central))
    return app
