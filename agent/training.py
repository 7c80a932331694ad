"""`rekam training`: an office beside the real one, with invented people; nothing of it is ever sent or reported."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

import msgspec

from agent.clock import Clock, SystemClock, utc
from agent.errors import UsageError
from agent.new_office import RandomBytes, create_office
from agent.office import check_real
from agent.office_files import ELECTIONS, REGIONS, SERVICES, STOCK
from agent.settings import KioskSettings, load_kiosk

FOLDER: Final = "latihan"
COPIED: Final = (SERVICES, REGIONS, ELECTIONS, STOCK)
NOWHERE: Final = "http://127.0.0.1:9"  # the discard port of this machine; and no agent runs to try it
TRAINING: Final = "\n[training]\non = true\n"
OFFICERS: Final = (("Petugas Latihan", "officer", "204060"), ("Penyelia Latihan", "supervisor", "306090"))


class Ports(msgspec.Struct, frozen=True):
    """Where the training pages listen, on the loopback."""

    citizen: int
    staff: int


def ready(config: Path, folder: Path | None, ports: Ports, *, fresh: bool) -> Path:
    """The kiosk.toml of the training office beside the real one in `config`, made where there is none.

    Raises UsageError `training`, `not-training` or `not-empty`, SettingsError.
    """
    real = load_kiosk(config)
    check_real(real)
    home = (folder or real.home / FOLDER).absolute()
    if fresh:
        remove(home)
    prepare(real, home, ports, SystemClock(), os.urandom)
    return home / "kiosk.toml"


def remove(folder: Path) -> None:
    """Forget an earlier training; raises UsageError `not-training` for a folder that is anything else."""
    if not folder.exists():
        return
    settings = folder / "kiosk.toml"
    if not settings.exists() or not load_kiosk(settings).training.on:
        raise UsageError("not-training", "is no training office, so it is not removed", file=str(folder))
    shutil.rmtree(folder)


def prepare(real: KioskSettings, folder: Path, ports: Ports, clock: Clock, random_bytes: RandomBytes) -> None:
    """The training office in `folder`; one that is there keeps what was done in it, and gets the ports asked for."""
    settings = folder / "kiosk.toml"
    if not settings.exists():
        root = new_root(clock)
        create_office(folder, real.office.code, None, NOWHERE, root.thumbprint, clock=clock, random_bytes=random_bytes)
        (folder / "keys/keylist.jws").write_text(root.keys, "ascii")
        for name in COPIED:
            if (real.home / name).exists():
                shutil.copyfile(real.home / name, folder / name)
        settings.write_text(settings.read_text("utf-8") + TRAINING, "utf-8")
        add_officers(folder, clock, random_bytes)
    kept = settings.read_text("utf-8").partition(TRAINING)[0]
    settings.write_text(kept + TRAINING + more_settings(ports), "utf-8")


class Root(msgspec.Struct, frozen=True):
    """A root of trust for one training: the thumbprint, and a key list whose private keys nobody keeps."""

    thumbprint: str
    keys: str


def new_root(clock: Clock) -> Root:
    """A key list that lets the training take invented NIK as a real office takes real ones: sealed, for nobody."""
    from joserfc.jwk import OKPKey

    from agent.wire import jose, keys

    root, seal = jose.new_key(), OKPKey.generate_key("X25519")
    listed = [keys.listed(seal, "seal", utc(clock.wall_ms()).strftime("%Y-%m"))]
    return Root(root.thumbprint(), keys.sign(keys.KeyList(1, 1, listed), root))


def more_settings(ports: Ports) -> str:
    """What differs from a real office: its own ports, open at any hour, and the word that it is a training."""
    return f"""
[web]
citizen = "127.0.0.1:{ports.citizen}"
staff = "127.0.0.1:{ports.staff}"

[hours]
open = "00:00"
close = "23:59"
days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
"""


def add_officers(folder: Path, clock: Clock, random_bytes: RandomBytes) -> None:
    """Two invented officers, with PINs that everybody may know."""
    from agent.actions import officers
    from agent.actions import training as practice
    from agent.store.opening import open_store

    store = open_store(folder, clock)
    practice.settle(store, load_kiosk(folder / "kiosk.toml"))
    for name, role, pin in OFFICERS:
        officers.add_officer(store, name, role, random_bytes=random_bytes, pin=pin)
    store.close()
