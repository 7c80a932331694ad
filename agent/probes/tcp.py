"""Whether addresses answer: a plain TCP connection, hung up at once; nothing is sent."""

from __future__ import annotations

import socket
from collections.abc import Mapping
from typing import Final

from agent.domain.health_rules import reachable
from agent.settings_values import Address

PATIENCE_S: Final = 4.0  # a satellite link needs two


def read(name: str, address: Address, patience_s: float = PATIENCE_S) -> Mapping[str, float | str]:
    """The reading of that name, 1 or 0, and why."""
    try:
        with socket.create_connection((address.host, address.port), patience_s):
            return {name: 1.0}
    except OSError as fault:
        return {name: 0.0, "said": f"{address}: {fault.strerror or fault}"}


def read_address(address: Address) -> Mapping[str, float | str]:
    """The reading of one of the office's other addresses."""
    return read(reachable(str(address)), address)


def read_siak(address: Address) -> Mapping[str, float | str]:
    """siak_reachable, 1 or 0."""
    return read("siak_reachable", address)
