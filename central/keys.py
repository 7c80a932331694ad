"""Central's keys: made once, the root and the sealing keys to be taken off the machine, and renewed yearly."""

from __future__ import annotations

import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from agent.clock import Clock, utc
from agent.errors import BadData
from agent.wire import base64url, jose
from agent.wire import keys as wire
from central.files import OPEN, SECRET, empty_folder, read_text, write_whole
from central.settings import CentralSettings, load_central
from central.store.database import open_store

if TYPE_CHECKING:
    from collections.abc import Callable

    from joserfc.jwk import OKPKey

MONTHS_AHEAD: Final = 12
WARN_DAYS: Final = 60
SETTINGS: Final = "central.toml"
FOLDERS: Final = {"root": 0o700, "keys": 0o755, "data": 0o700}  # in keys/ the list is for all, the keys are 0600


class NewCentral(msgspec.Struct, frozen=True):
    """What was made, for the person who asked for it."""

    home: Path
    root_thumbprint: str
    months: list[str]


def create_central(
    folder: Path, database_url: str | None, clock: Clock, random_bytes: Callable[[int], bytes]
) -> NewCentral:
    """Everything a receiver needs to start, in `folder`, which must be new or empty.

    Raises UsageError `not-empty`, SettingsError, StoreError; then `folder` is empty as before.
    """
    empty_folder(folder)
    with ExitStack() as undo:
        undo.callback(_clear, folder)
        made = _create(folder, database_url, clock, random_bytes)
        undo.pop_all()
    return made


def _clear(folder: Path) -> None:
    for entry in folder.iterdir():
        shutil.rmtree(entry) if entry.is_dir() else entry.unlink()


def _create(folder: Path, database_url: str | None, clock: Clock, random_bytes: Callable[[int], bytes]) -> NewCentral:
    for name, mode in FOLDERS.items():
        (folder / name).mkdir()
        (folder / name).chmod(mode)
    write_whole(folder / SETTINGS, settings_text(database_url), OPEN)
    settings = load_central(folder / SETTINGS)
    root, receipt, sent = jose.new_key(), jose.new_key(), jose.new_key()
    write_whole(folder / "root/root.jwk", jose.private_text(root) + "\n", SECRET)
    write_whole(folder / settings.files.receipt_key, jose.private_text(receipt) + "\n", SECRET)
    write_whole(folder / settings.files.settings_key, jose.private_text(sent) + "\n", SECRET)
    write_whole(folder / settings.files.admin_token, base64url.encode(random_bytes(24)) + "\n", SECRET)
    months = months_from(clock, MONTHS_AHEAD)
    listed = [wire.listed(receipt, "receipt"), wire.listed(sent, "settings"), *new_seals(folder / "root", months)]
    write_whole(folder / settings.files.key_list, wire.sign(wire.KeyList(1, 1, listed), root) + "\n", OPEN)
    open_store(settings.database).close()
    return NewCentral(folder.absolute(), root.thumbprint(), months)


def settings_text(database_url: str | None) -> str:
    """A short central.toml; the package's own explains every setting."""
    chosen = f'database_url = "{database_url}"\n' if database_url else ""
    return f"""\
# Settings of this receiver; config/central.toml in the package explains every one that may stand here.

[server]
# Where central listens: plain HTTP, for a load balancer or nginx with TLS before it.
listen = "127.0.0.1:8090"
# The address as kiosks see it; invitations carry it.
#public_url = "https://rekam.example.go.id"

[store]
{chosen or '#database_url = "sqlite:///data/central.db"' + chr(10)}"""


def months_from(clock: Clock, count: int) -> list[str]:
    """This month and those after it, as YYYY-MM."""
    now = utc(clock.wall_ms())
    first = now.year * 12 + now.month - 1
    return [f"{month // 12:04d}-{month % 12 + 1:02d}" for month in range(first, first + count)]


def new_seals(folder: Path, months: list[str]) -> list[wire.ListedKey]:
    """A sealing key for each month: the private part into `folder`, the public one for the list."""
    from joserfc.jwk import OKPKey

    listed = []
    for month in months:
        key = OKPKey.generate_key("X25519")
        write_whole(folder / f"seal-{month}.jwk", jose.private_text(key) + "\n", SECRET)
        listed.append(wire.listed(key, "seal", month))
    return listed


def renew(settings: CentralSettings, root_file: Path, clock: Clock) -> wire.KeyList:
    """A new key list, one number higher, with sealing keys for a year from now; the others stay listed.

    The new private parts lie beside `root_file`. Raises SettingsError, BadData `other-root`.
    """
    file = settings.home / settings.files.key_list
    root = jose.read_key(read_text(root_file), file=str(root_file))
    token = read_text(file)
    if root_of(token, file) != root.thumbprint():
        raise BadData("other-root", "this is not the root key that signed the present list", file=str(root_file))
    present = wire.read(token, root.thumbprint(), file=str(file))
    have = {key.month for key in present.keys if key.use == "seal"}
    missing = [month for month in months_from(clock, MONTHS_AHEAD) if month not in have]
    renewed = wire.KeyList(1, present.number + 1, [*present.keys, *new_seals(root_file.parent, missing)])
    write_whole(file, wire.sign(renewed, root) + "\n", OPEN)
    return renewed


def root_of(token: str, file: Path) -> str:
    """The thumbprint of the root that signed a key list."""
    key: OKPKey = jose.verify_by_header(token, wire.TYP, file=str(file))[1]
    return key.thumbprint()


def seal_days_left(keys: wire.KeyList, now_ms: int) -> int:
    """Days until the last listed sealing month is over; negative when it is."""
    months = [key.month for key in keys.keys if key.use == "seal" and key.month]
    if not months:
        return -1
    year, month = (int(part) for part in max(months).split("-"))
    after = utc(now_ms).replace(year=year + month // 12, month=month % 12 + 1, day=1, hour=0, minute=0, second=0)
    return (after - utc(now_ms)).days
