"""TLS before the officers' pages, for other computers of the office."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from agent.commands.parser import add


def register(commands: Any) -> None:
    """`rekam lan`."""
    lan = add(commands, "lan", "make key, certificate and nginx settings for the office's network", make, config=True)
    lan.add_argument("address", metavar="ADDRESS", help="this machine's fixed address, such as 192.168.1.10")
    lan.add_argument("--port", type=int, default=8443)
    lan.add_argument("--dir", type=Path, default=Path("/etc/rekam/lan"), help="where they are written")


def make(arguments: argparse.Namespace) -> int:
    """Write them, and say what to do next."""
    from agent import lan
    from agent.settings import load_kiosk

    upstream = str(load_kiosk(arguments.config).web.staff)
    made = lan.prepare(arguments.dir, arguments.address, arguments.port, upstream)
    print(f"{'made' if made.new_key else 'kept'} {arguments.dir / lan.CERTIFICATE}, SHA-256 {made.fingerprint}")
    print(f"officers open {made.url} after `systemctl restart rekam-lan`")
    return 0
