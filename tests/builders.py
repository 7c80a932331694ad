"""A real office in a directory, as `rekam init` makes it, for tests that need one."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import NamedTuple

from joserfc.jwk import OKPKey

from agent.clock import Clock, SystemClock
from agent.new_office import create_office
from agent.office import Office, load_office
from agent.store.database import Store
from agent.store.opening import open_store
from agent.wire import keys as wire_keys
from agent.wire.jose import new_key
from agent.wire.keys import KeyList

OFFICE = "64.02.05"
PIN = "280594"


class FakeClock:
    """A clock that stands until it is moved; boot time moves along."""

    def __init__(self, wall_ms: int, boot: str = "first") -> None:
        self.wall, self.since_boot, self.boot = wall_ms, 60_000, boot

    def wall_ms(self) -> int:
        return self.wall

    def boot_ms(self) -> int:
        return self.since_boot

    def boot_id(self) -> str:
        return self.boot

    def forward(self, ms: int) -> None:
        """Both clocks go on."""
        self.wall += ms
        self.since_boot += ms


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


def make_office(home: Path, *, clock: Clock | None = None, sealing: bool = True) -> tuple[Store, Office]:
    """A new office with its open database; close the store at the end."""
    clock = clock or SystemClock()
    make_home(home, clock=clock, sealing=sealing)
    return open_store(home, clock), load_office(home / "kiosk.toml")


def drawn(seed: str = "rekam"):
    """Random bytes that are the same in every run."""
    count = 0

    def draw(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{seed}{count}".encode()).digest(size)

    return draw
