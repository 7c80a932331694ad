"""Central as it runs: its settings, store, clock and receipt key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from agent.clock import Clock
from agent.errors import SettingsError
from agent.wire import jose, receipt
from central.faults import Rules
from central.files import read_text
from central.published import Published
from central.regions import RegionCodes, shipped_codes
from central.saying import Spoken
from central.settings import CentralSettings
from central.store.database import Store, open_store

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey


SETTINGS_FILE: Final = "settings.jws"
SHORTEST_TOKEN: Final = 16


class Central(msgspec.Struct, frozen=True):
    """What a request needs; the private parts of the root and of the sealing keys are not here."""

    settings: CentralSettings
    store: Store
    clock: Clock
    receipt_key: OKPKey
    admin_token: str
    published: Published
    regions: RegionCodes

    def rules(self, office: str) -> Rules:
        """What the lines of a kiosk of `office` are checked against."""
        return Rules(lambda code: code == office and self.regions.is_office(code), self.regions.is_village)

    def sign(self, spoken: Spoken, now: int, trips: str | None = None) -> str:
        """The receipt of what was said, with the versions that the kiosk should have and the mark of what is told."""
        versions = {"settings": self.published.settings_version(), "keys": self.published.keys_number()}
        return receipt.sign(spoken.receipt(at=now, trips=trips, **versions), self.receipt_key)


def open_central(settings: CentralSettings, clock: Clock, *, credentials: str | None = None) -> Central:
    """Open the database and read the keys; raises SettingsError, BadData, StoreError or AffectedSqlite.

    `credentials` is systemd's directory of secrets: a file there comes before the one of the settings.
    """
    published = published_by(settings)
    published.keys_number()
    key = read_private(secret(settings, settings.files.receipt_key, credentials))
    token = read_text(secret(settings, settings.files.admin_token, credentials))
    if len(token) < SHORTEST_TOKEN:
        file = str(settings.home / settings.files.admin_token)
        raise SettingsError("settings", f"must have at least {SHORTEST_TOKEN} random characters", file=file)
    store = open_store(settings.database, connections=settings.server.threads + 4)
    return Central(settings, store, clock, key, token, published, shipped_codes())


def published_by(settings: CentralSettings) -> Published:
    """The signed documents beside central.toml."""
    return Published(settings.home / settings.files.key_list, settings.home / SETTINGS_FILE)


def secret(settings: CentralSettings, name: str, credentials: str | None) -> Path:
    """Where a secret lies: as a credential of systemd, else where the settings say."""
    given = Path(credentials) / Path(name).name if credentials else None
    return given if given and given.exists() else settings.home / name


def read_private(path: Path) -> OKPKey:
    """A private key from its file; raises SettingsError or BadData."""
    key = jose.read_key(read_text(path), file=str(path))
    if not key.is_private:
        raise SettingsError("settings", "has no private part; is it the right file?", file=str(path), field="d")
    return key
