"""`rekam central carry`: one stick or bucket, both ways."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import msgspec

from agent.clock import SystemClock
from agent.domain.custody import OBJECTS, STICK, Carrier
from agent.errors import UsageError
from agent.folder import Folder
from central.carry import Box, Tally, carry, has_waiting, release
from central.object_wire import opened
from central.opening import open_central
from central.settings import CentralSettings, load_central

BUCKET: Final = "s3://"


def carry_box(config: Path, place: str) -> int:
    """Take in what a stick or bucket brings and answer there; raises UsageError, Unreachable."""
    settings = load_central(config)
    with box_at(settings, place) as (box, carrier):
        central = open_central(settings, SystemClock(), credentials=os.environ.get("CREDENTIALS_DIRECTORY"))
        try:
            sys.stdout.write(in_words(carry(central, box, carrier)))
        finally:
            central.store.close()
    return 0


@contextmanager
def box_at(settings: CentralSettings, place: str) -> Iterator[tuple[Box, Carrier]]:
    """The folder or bucket that `place` names; raises UsageError `no-folder` or `no-objects`."""
    if place.startswith(BUCKET):
        bucket, _, prefix = place.removeprefix(BUCKET).partition("/")
        if not settings.objects.is_on:
            raise UsageError("no-objects", "set up [objects] in central.toml first: endpoint, bucket, key", file=place)
        prefix = prefix if not prefix or prefix.endswith("/") else f"{prefix}/"
        where = msgspec.structs.replace(settings.objects, bucket=bucket, prefix=prefix)
        with opened(where, settings.home, SystemClock()) as objects:
            yield objects, OBJECTS
    elif not Path(place).is_dir():
        raise UsageError("no-folder", "there is no such folder; is the stick mounted?", file=place)
    else:
        yield Folder(Path(place)), STICK


def take_from_quarantine(config: Path) -> None:
    """After an approval: what came by stick before it is taken in now."""
    if not has_waiting(load_central(config)):
        return
    central = open_central(load_central(config), SystemClock(), credentials=os.environ.get("CREDENTIALS_DIRECTORY"))
    try:
        count = release(central)
    finally:
        central.store.close()
    if count:
        sys.stdout.write(f"{count} files that came by stick were taken in\n")


def in_words(tally: Tally) -> str:
    """What became of the files, for the person who holds the stick."""
    lines = [f"{tally.new} files taken in, {tally.known} held already; receipts lie there"]
    if tally.quarantined or tally.pairing:
        waiting = f"{tally.pairing} kiosks wait for approval, {tally.quarantined} files with them"
        lines.append(f"{waiting}: have their codes read to you by phone")
    if tally.mismatch or tally.revoked:
        lines.append(f"{tally.mismatch} files contradict what is held, {tally.revoked} come from kiosks not let in")
    if tally.damaged:
        lines.append(f"{tally.damaged} files are damaged; carry out again at the kiosk")
    return "\n".join(lines) + "\n"
