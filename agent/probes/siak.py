"""Whether SIAK's address answers: a plain TCP connection, hung up at once; nothing is sent."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Final

from agent.settings_values import Address

PATIENCE_S: Final = 4.0  # a satellite link needs two; the round of probes waits for this one


def read(address: Address | None, patience_s: float = PATIENCE_S) -> Mapping[str, float]:
    """siak_reachable, 1 or 0; no reading where the office set no address."""
    if address is None:
        return {}
    try:
        with socket.create_connection((address.host, address.port), patience_s):
            return {"siak_reachable": 1.0}
    except OSError:
        return {"siak_reachable": 0.0}
