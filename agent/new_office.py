"""`rekam init`: the working set of one office in an empty directory."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from agent.all_or_nothing import filled_at_once, make_folder, write_new
from agent.clock import Clock
from agent.domain.regions import OfficeRegions, parse_office, write_regions, zone_of
from agent.errors import BadData, UsageError
from agent.office_files import REGIONS, SERVICES, regions_of
from agent.settings_values import thumbprint, web_url
from config import tables

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

    from agent.wire.invitation import Invitation

RandomBytes = Callable[[int], bytes]

SETTINGS: Final = "kiosk.toml"
COPIED: Final = (SERVICES, "targets.toml", "elections.toml", "stock.toml", "idle.toml")
FOLDERS: Final = {
    "keys": 0o700, "data": 0o750, "data/receipts": 0o750, "data/backups": 0o750, "data/rosters": 0o700, "run": 0o750,
}  # fmt: skip
OPEN: Final = 0o640
SECRET: Final = 0o600
SUPERVISOR: Final = "Penyelia"
MOST_BYTES: Final = 65_536  # of an invitation: a URL, two codes and a year of keys


class NewOffice(msgspec.Struct, frozen=True):
    """What was made, for the person who asked for it; the PIN is shown once and kept nowhere."""

    home: Path
    code: str
    name: str
    zone: str
    villages: int
    pairing_code: str
    supervisor: str
    pin: str


def create_office(
    folder: Path,
    office: str,
    invitation: Path | None,
    central_url: str | None,
    root: str | None,
    *,
    clock: Clock,
    random_bytes: RandomBytes,
) -> NewOffice:
    """Everything an office machine needs to start, in `folder`, which must be new or empty.

    Raises UsageError `bad-office`, `not-empty`, `bad-central` or `central-or-invitation`, BadData
    `unknown-office`, `malformed` or `other-office`, RekamError `not-written`; then `folder` is as before.
    """
    from agent.wire import jose, pairing

    code = parse_office(office)
    link = central_link(code, invitation, central_url, root)
    part = regions_of(code)
    key = jose.new_key()
    with filled_at_once(folder, last=SETTINGS) as draft:
        write_files(draft, part, link, key, random_bytes)
        pin = first_supervisor(draft, key.thumbprint(), clock, random_bytes)
    return NewOffice(
        home=folder.absolute(),
        code=code,
        name=part.kecamatan.name,
        zone=zone_of(code),
        villages=len(part.villages),
        pairing_code=pairing.code(key.thumbprint()),
        supervisor=SUPERVISOR,
        pin=pin,
    )


def central_link(code: str, invitation: Path | None, url: str | None, root: str | None) -> Invitation:
    """What is known of central, from the file or from what was typed."""
    from agent.wire.invitation import Invitation

    if invitation is not None and url is None and root is None:
        return invited(code, invitation)
    if invitation is not None or url is None or root is None:
        reason = "give either --invitation FILE, or both --central URL and --root THUMBPRINT"
        raise UsageError("central-or-invitation", reason, field="central")
    return Invitation(typed("central", web_url, url), typed("root", thumbprint, root), code)


def typed(field: str, check: Callable[[object], str], text: str) -> str:
    """A word of the command line, checked as the settings file will be."""
    try:
        return check(text)
    except ValueError as fault:
        raise UsageError("bad-central", str(fault), field=field) from fault


def invited(code: str, file: Path) -> Invitation:
    """The invitation in `file`; raises BadData, also `other-office`."""
    from agent.wire.invitation import read

    try:
        with file.open("rb") as open_file:
            invitation = read(open_file.read(MOST_BYTES), file=str(file))
    except OSError as fault:
        reason = f"cannot be read: {fault.strerror}"
        raise BadData("malformed", reason, file=str(file), field="invitation") from fault
    if invitation.office != code:
        reason = f"this invitation is for {invitation.office}; ask central for one for {code}"
        raise BadData("other-office", reason, file=str(file), field="office")
    return invitation


def write_files(draft: Path, part: OfficeRegions, link: Invitation, key: OKPKey, random_bytes: RandomBytes) -> None:
    """All that is not the database."""
    from agent.wire import base64url, jose

    for name, mode in FOLDERS.items():
        make_folder(draft / name, mode)
    for name in COPIED:
        write_new(draft / name, tables.shipped(name), OPEN)
    write_new(draft / REGIONS, write_regions(part).encode(), OPEN)
    write_new(draft / SETTINGS, settings_text(part, link).encode(), OPEN)
    write_new(draft / "api.token", f"{base64url.encode(random_bytes(32))}\n".encode(), SECRET)
    write_new(draft / "keys/kiosk.jwk", f"{jose.private_text(key)}\n".encode(), SECRET)
    if link.keys is not None:
        write_new(draft / "keys/keylist.jws", f"{link.keys}\n".encode(), OPEN)


def settings_text(part: OfficeRegions, link: Invitation) -> str:
    """A kiosk.toml with what only this office knows."""
    controller = f"Dinas Kependudukan dan Pencatatan Sipil {part.regency.name}"
    return f"""\
# The settings of this office, written by `rekam init`. Only what differs from the defaults stands here.
# Every other setting is explained with its default, unit and reason in config/kiosk.toml of Rekam's package.

[office]
code = {quoted(part.kecamatan.code)}
name = {quoted(part.kecamatan.name)}
regency = {quoted(part.regency.name)}
province = {quoted(part.province.name)}
zone = {quoted(zone_of(part.kecamatan.code))}

[central]
url = {quoted(link.url)}
root = {quoted(link.root)}

[privacy]
controller = {quoted(controller)}
# A phone number, an e-mail address or a counter where people may ask about their data.
contact = ""
"""


def quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are among TOML's."""
    return json.dumps(text, ensure_ascii=False)


def first_supervisor(home: Path, kiosk: str, clock: Clock, random_bytes: RandomBytes) -> str:
    """The database of a new office with its ledger and one supervisor; the one-time PIN."""
    from agent.actions.officers import add_officer
    from agent.store.database import DATABASE
    from agent.store.opening import open_store

    store = open_store(home, clock, thumbprint=kiosk, random_bytes=random_bytes)
    try:
        (home / DATABASE).chmod(OPEN)  # SQLite gives its side files the same mode
        return add_officer(store, SUPERVISOR, "supervisor", random_bytes=random_bytes)
    finally:
        store.close()
