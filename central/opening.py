"""Central as it runs: its settings, store, clock and receipt key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from agent.clock import Clock
from agent.errors import SettingsError
from agent.wire import jose, receipt
from central.faults import Rules
from central.published import Published
from central.regions import RegionCodes, shipped_codes
from central.saying import Spoken
from central.settings import CentralSettings
from central.store.database import Store, open_store

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey


class Central(msgspec.Struct, frozen=True):
    """What a request needs; the private parts of the root and of the sealing keys are not here."""

    settings: CentralSettings
    store: Store
    clock: Clock
    receipt_key: OKPKey
    published: Published
    regions: RegionCodes

    def rules(self, office: str) -> Rules:
        """What the lines of a kiosk of `office` are checked against."""
        return Rules(lambda code: code == office and self.regions.is_office(code), self.regions.is_village)

    def sign(self, spoken: Spoken, now: int) -> str:
        """The receipt of what was said, with the versions that the kiosk should have."""
        versions = {"settings": self.published.settings_version(), "keys": self.published.keys_number()}
        return receipt.sign(spoken.receipt(at=now, **versions), self.receipt_key)


def open_central(settings: CentralSettings, clock: Clock) -> Central:
    """Open the database and read the keys; raises SettingsError, StoreError or AffectedSqlite."""
    store = open_store(settings.database, connections=settings.server.threads + 4)
    published = Published(settings.home / settings.files.key_list, settings.home / "settings.jws")
    published.keys_number()
    key = read_private(settings.home / settings.files.receipt_key)
    return Central(settings, store, clock, key, published, shipped_codes())


def read_private(path: Path) -> OKPKey:
    """A private key from its file; raises SettingsError."""
    try:
        key = jose.read_key(path.read_text("utf-8"), file=str(path))
    except OSError as fault:
        raise SettingsError("settings", f"cannot be read: {fault.strerror}", file=str(path)) from fault
    if not key.is_private:
        raise SettingsError("settings", "has no private part; is it the right file?", file=str(path), field="d")
    return key
