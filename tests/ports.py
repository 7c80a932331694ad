"""Ports for programs that cannot bind port 0 themselves."""

from __future__ import annotations

import socket
from contextlib import suppress
from pathlib import Path
from random import SystemRandom

FIRST = 10_000
EPHEMERAL = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text().split()[0])
LAST = EPHEMERAL if EPHEMERAL > 2 * FIRST else 3 * FIRST  # some machines lend nearly every port to connections
LUCK = SystemRandom()  # hypothesis gives every process the same other one


def free_port() -> int:
    """A port that nobody listens on, and that the kernel gives to no connection until it is listened on."""
    while True:
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", LUCK.randrange(FIRST, LAST)))
            return int(probe.getsockname()[1])
