"""The kiosks: who is there, who is let in."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Final

from agent.clock import utc
from agent.domain.regions import parse_office
from agent.errors import BadData, Conflict, NotFound
from agent.wire import pairing
from central.regions import shipped_codes
from central.settings import load_central
from central.store import fleet, kiosks
from central.store.database import open_store

DECISIONS: Final = {
    "approve": (("pending", "suspended"), "approved"),
    "suspend": (("approved",), "suspended"),
    "revoke": (("pending", "approved", "suspended"), "revoked"),
}


def decide(config: Path, decision: str, typed: str) -> int:
    """`rekam central approve|suspend|revoke CODE`; raises UsageError, NotFound, Conflict."""
    origins, state = DECISIONS[decision]
    code = pairing.plain_code(typed)
    store = open_store(load_central(config).database)
    try:
        with store.write() as database:
            kiosk = the_one(kiosks.by_code(database, code, *origins), code, origins)
            kiosks.set_state(database, kiosk.thumbprint, state)
    finally:
        store.close()
    sys.stdout.write(f"{code} of office {kiosk.office} is {state}; its key is {kiosk.thumbprint}\n")
    return 0


def move(config: Path, typed: str, office: str) -> int:
    """`rekam central move CODE --office OFFICE`; raises UsageError, BadData, NotFound, Conflict."""
    code, origins, target = pairing.plain_code(typed), ("approved",), parse_office(office)
    if not shipped_codes().is_office(target):
        raise BadData("unknown-office", f"there is no kecamatan {target}", field="office")
    store = open_store(load_central(config).database)
    try:
        with store.write() as database:
            kiosk = the_one(kiosks.by_code(database, code, *origins), code, origins)
            kiosks.set_office(database, kiosk.thumbprint, target)
    finally:
        store.close()
    sys.stdout.write(f"{code} speaks for {target} now, no longer for {kiosk.office}\n")
    return 0


def the_one(found: list[Any], code: str, states: tuple[str, ...]) -> Any:
    """The only kiosk with that code; raises NotFound `unknown-code` or Conflict `ambiguous-code`."""
    if not found:
        reason = f"no {' or '.join(states)} kiosk has the code {code}; has it asked yet, and was it read aloud right?"
        raise NotFound("unknown-code", reason, field="code")
    if len(found) > 1:
        reason = f"{len(found)} kiosks have the code {code}; have one of them make a new key"
        raise Conflict("ambiguous-code", reason, field="code")
    return found[0]


def show(config: Path) -> int:
    """`rekam central kiosks`: one line each; a code that is still to be read aloud is not shown."""
    store = open_store(load_central(config).database)
    try:
        with store.session() as database:
            for kiosk in fleet.kiosks(database):
                seen = utc(kiosk.last_seen).isoformat(timespec="seconds")
                counts = f"held {kiosk.held}  refused {kiosk.refused}  lost {kiosk.lost}"
                code = "not approved  " if kiosk.state == "pending" else pairing.code(kiosk.thumbprint)
                sys.stdout.write(f"{code}  {kiosk.office}  {kiosk.state:9}  {seen}  {counts}\n")
    finally:
        store.close()
    return 0
