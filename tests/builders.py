"""A real office in a directory, as `rekam init` makes it, for tests that need one."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from joserfc.jwk import OKPKey

from agent.clock import Clock, SystemClock
from agent.new_office import create_office
from agent.wire import keys as wire_keys
from agent.wire.jose import new_key
from agent.wire.keys import KeyList

OFFICE = "64.02.05"
PIN = "280594"


class SealedOffice(NamedTuple):
    """An office's directory, and the private key that opens what it seals."""

    home: Path
    sealing_key: OKPKey


def make_home(
    home: Path, *, clock: Clock | None = None, sealing: bool = True, ports: tuple[int, int] = (0, 0)
) -> SealedOffice:
    """The directory of a new office; with `sealing` central's key list has arrived already."""
    root, seal = new_key(), OKPKey.generate_key("X25519")
    create_office(
        home,
        OFFICE,
        None,
        "http://127.0.0.1:9",
        root.thumbprint(),
        clock=clock or SystemClock(),
        random_bytes=os.urandom,
    )
    if sealing:
        listed = KeyList(1, 1, [wire_keys.listed(seal, "seal", "2026-11")])
        (home / "keys/keylist.jws").write_text(wire_keys.sign(listed, root))
    if all(ports):
        with (home / "kiosk.toml").open("a") as settings:
            settings.write(f'\n[web]\ncitizen = "127.0.0.1:{ports[0]}"\nstaff = "127.0.0.1:{ports[1]}"\n')
    return SealedOffice(home, seal)


def drawn(seed: str = "rekam"):
    """Random bytes that are the same in every run."""
    count = 0

    def draw(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{seed}{count}".encode()).digest(size)

    return draw
