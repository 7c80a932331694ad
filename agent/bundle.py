"""One file for central to look at from afar: how this machine is and was, and nothing about any person.

A zip of JSON and of the log. What goes in is named here one by one; every text passes through
`scrubbed`, and the tables of visits, subjects and officers are not read.
"""

from __future__ import annotations

import io
import platform
import sys
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from agent.actions import health, kiosk_life, link, logs, self_test
from agent.clock import local
from agent.domain.scrub import scrubbed_all
from agent.office import Office
from agent.status import status
from agent.store.database import Store
from agent.version import BUILD_DATE, VERSION

RAW_ROUNDS: Final = 2_880
QUARTERS: Final = 7 * 96
CHANGES: Final = 500
REQUESTS: Final = 50
SECTIONS: Final = (
    "store", "web", "upload", "health", "limits", "devices", "hours", "line", "siak", "printer", "backup",
)  # fmt: skip


def name(store: Store, office: Office) -> str:
    """What the file is called: the office and the office's own time; a training's says that first."""
    practice = "LATIHAN-" if office.settings.training.on else ""
    return f"{practice}rekam-diagnosa-{office.code}-{local(store.clock.wall_ms(), office.zone):%Y%m%d-%H%M}.zip"


def build(store: Store, office: Office, token: str = "", read_journal: logs.ReadJournal = logs.no_journal) -> bytes:
    """The zip; `token` is the local API's where the caller holds it, so that it can be looked for."""
    hidden = logs.secrets(store, office, token)
    made = local(store.clock.wall_ms(), office.zone).timetuple()[:6]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for file, found in parts(store, office):
            box.writestr(zipfile.ZipInfo(file, made), encoded(scrubbed_all(found, hidden)), zipfile.ZIP_DEFLATED)
        said = b"".join(encoded(entry) for entry in logs.messages(store, hidden, read_journal))
        box.writestr(zipfile.ZipInfo("log.jsonl", made), said, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def encoded(found: Any) -> bytes:
    """JSON and a newline."""
    return msgspec.json.encode(found, enc_hook=str) + b"\n"


def parts(store: Store, office: Office) -> Iterator[tuple[str, Any]]:
    """Each file of the zip with what it says."""
    yield "about.json", about(store, office)
    yield "settings.json", settings(office)
    yield "status.json", without_code(status(store, office))
    yield "warnings.json", plain(health.warnings(store, explained=True))
    yield "probes.json", plain(health.probe_states(store))
    yield "outages.json", plain(health.outages(store)[:CHANGES])
    yield "link.json", plain(link.history(store, CHANGES))
    yield "kiosk.json", plain(kiosk_life.changes(store, CHANGES))
    yield "self-tests.json", plain(list(self_test.newest(store).values()))
    yield "requests.json", requests(store)
    yield "readings.json", rounds(store, "SELECT t, round FROM reading ORDER BY number DESC LIMIT ?", RAW_ROUNDS)
    yield "quarters.json", rounds(store, "SELECT t, summary FROM quarter ORDER BY number DESC LIMIT ?", QUARTERS)


def about(store: Store, office: Office) -> dict[str, Any]:
    """Which office, which programs, which machine."""
    return {
        "office": office.code,
        "training": office.settings.training.on,
        "place": office.settings.office.name,
        "zone": office.zone,
        "at": store.clock.wall_ms(),
        "boot_ms": store.clock.boot_ms(),
        "rekam": VERSION,
        "built": BUILD_DATE.isoformat(),
        "python": sys.version.split()[0],
        "sqlite": store.rows("SELECT sqlite_version()")[0][0],
        "system": f"{platform.system()} {platform.release()} {platform.machine()}",
    }


def settings(office: Office) -> dict[str, Any]:
    """The sections of kiosk.toml that hold no name, and of the others what tells nothing."""
    known = {section: getattr(office.settings, section) for section in SECTIONS}
    network = office.settings.network
    proxy = urlsplit(network.proxy)
    known["central"] = {"url": office.settings.central.url}
    known["network"] = {
        "proxy": f"{proxy.hostname}:{proxy.port}" if network.proxy else "",
        "ca_file": bool(network.ca_file),
        "interface": network.interface,
        "family": network.family,
    }
    return dict(plain(known))


def without_code(found: dict[str, Any]) -> dict[str, Any]:
    """The status without what pairs a kiosk."""
    return {key: value for key, value in found.items() if key != "pairing"} | {"paired": found["pairing"]["state"]}


def requests(store: Store) -> list[dict[str, Any]]:
    """What was asked of the agent lately, without the places that people named."""
    rows = store.rows("SELECT kind, asked_t, done_t, result FROM request ORDER BY number DESC LIMIT ?", REQUESTS)
    return [
        {"kind": kind.partition(" ")[0], "asked": asked, "done": done, "result": result}
        for kind, asked, done, result in rows
    ]


def rounds(store: Store, query: str, most: int) -> list[dict[str, Any]]:
    """Readings as they were kept, the newest first."""
    return [{"t": t, "readings": msgspec.Raw(text.encode())} for t, text in store.rows(query, most)]


def plain(found: Any) -> Any:
    """Structs as JSON objects, times and addresses as text."""
    return msgspec.to_builtins(found, enc_hook=spelled)


def spelled(value: Any) -> Any:
    """A value of settings that JSON has no form for."""
    return value.total_seconds() if isinstance(value, timedelta) else str(value)
