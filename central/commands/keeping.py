"""Making a receiver, and what it hands out: invitations, key lists, settings."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from agent.clock import SystemClock
from agent.domain.regions import parse_office
from agent.errors import BadData
from agent.wire import invitation
from central import keys
from central.opening import published_by
from central.publish import publish
from central.regions import shipped_codes
from central.settings import load_central


def init(folder: Path, database_url: str | None) -> int:
    """`rekam central init`."""
    made = keys.create_central(folder, database_url, SystemClock(), os.urandom)
    sys.stdout.write(
        f"central is set up in {made.home}\n"
        f"root thumbprint {made.root_thumbprint}\n"
        f"sealing keys from {made.months[0]} to {made.months[-1]}\n"
        f"Move {made.home / 'root'} off this machine now, to two places that are locked away: whoever has it\n"
        "can speak as central and read every sealed name. Then: rekam central serve --config "
        f"{made.home / keys.SETTINGS}\n"
    )
    return 0


def invite(config: Path, office: str) -> int:
    """`rekam central invite`; raises UsageError or BadData for an office that does not exist."""
    settings = load_central(config)
    code = parse_office(office)
    if not shipped_codes().is_office(code):
        raise BadData("unknown-office", f"there is no kecamatan {code}", field="office")
    published = published_by(settings)
    token = published.keys_token()
    root = keys.root_of(token, settings.home / settings.files.key_list)
    made = invitation.Invitation(url=settings.url, root=root, office=code, keys=token)
    sys.stdout.buffer.write(invitation.write(made))
    return 0


def renew_keys(config: Path, root: Path) -> int:
    """`rekam central keys renew`."""
    renewed = keys.renew(load_central(config), root, SystemClock())
    months = sorted(key.month or "" for key in renewed.keys if key.use == "seal")
    sys.stdout.write(f"key list {renewed.number}: sealing keys from {months[0]} to {months[-1]}\n")
    sys.stdout.write(f"new private parts lie in {root.parent.absolute()}; keep them off the receiver\n")
    return 0


def publish_settings(config: Path, file: Path) -> int:
    """`rekam central settings publish`."""
    epoch, number = publish(load_central(config), file)
    sys.stdout.write(f"settings {epoch}.{number} are published\n")
    return 0
