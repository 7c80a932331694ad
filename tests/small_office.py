"""An office made of values in a directory that has a database and little else: made in milliseconds."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path

import msgspec
from joserfc.jwk import OKPKey

from agent.actions.tickets import Ticket, TicketRequest, take_ticket
from agent.domain.regions import OfficeRegions
from agent.domain.services import Services
from agent.domain.stock import StockRules
from agent.office import Office
from agent.office_files import regions_of
from agent.settings import CentralLink, KioskSettings, OfficeSettings
from agent.store.database import Store
from agent.store.opening import open_store
from agent.toml_file import parse_toml
from agent.wire import jose, keys
from config import tables
from tests.builders import drawn

CODE = "64.02.05"
VILLAGE = "64.02.05.2001"


@cache
def kiosk_key():
    """One key for all tests that need no particular one; making keys is slow."""
    return jose.new_key()


@cache
def shipped_services() -> Services:
    return parse_toml(tables.shipped("services.toml").decode(), Services, file="services.toml")


@cache
def shipped_stock() -> StockRules:
    return parse_toml(tables.shipped("stock.toml").decode(), StockRules, file="stock.toml")


@cache
def shipped_regions() -> OfficeRegions:
    return regions_of(CODE)


def small_store(home: Path, clock, *, thumbprint: str | None = None, **options) -> Store:
    """A new database under `home`, or the one that is there."""
    for folder in ("data/backups", "data/receipts", "keys", "run"):
        (home / folder).mkdir(parents=True, exist_ok=True)
    return open_store(home, clock, thumbprint=thumbprint or kiosk_key().thumbprint(), **options)


def small_office(home: Path, *, root: str = "r" * 43, zone: str = "Asia/Makassar", **sections) -> Office:
    """The office of Muara Badak with the shipped services; `sections` replace those of kiosk.toml."""
    settings = KioskSettings(
        home=home,
        office=OfficeSettings(
            code=CODE, name="Muara Badak", regency="Kutai Kartanegara", province="Kalimantan Timur", zone=zone
        ),
        central=CentralLink(url="http://127.0.0.1:9", root=root),
    )
    settings = msgspec.structs.replace(settings, **sections)
    return Office(settings, shipped_services(), shipped_regions(), stock=shipped_stock())


def sealing_office(home: Path, months: Sequence[str] = ("2026-11",), **sections) -> tuple[Office, dict[str, OKPKey]]:
    """The same with a key list that has arrived, and the private sealing key of each month."""
    root, seals = jose.new_key(), {month: OKPKey.generate_key("X25519") for month in months}
    listed = [keys.listed(key, "seal", month) for month, key in seals.items()]
    (home / "keys/keylist.jws").write_text(keys.sign(keys.KeyList(1, 1, listed), root))
    return small_office(home, root=root.thumbprint(), **sections), seals


def take(store: Store, office: Office, request_id: str, **asked) -> Ticket:
    """One ticket for a first recording, unless `asked` says otherwise."""
    wish = {"service": "ktp_first", "village": VILLAGE, **asked}
    return take_ticket(store, office, TicketRequest(request_id=request_id, **wish), drawn(request_id))
