"""How a web server that a test started in its own process is ended."""

from __future__ import annotations

import threading
from typing import Any

from tests.patience import PATIENCE


def hang_up(server: Any) -> None:
    """End a server of `central.serve.start`, also the connections that its clients keep open."""
    from waitress.wasyncore import close_all

    server.task_dispatcher.shutdown()
    server.trigger.pull_trigger(lambda: close_all(server._map))
    for loop in (thread for thread in threading.enumerate() if thread.name == "http"):
        loop.join(PATIENCE)
