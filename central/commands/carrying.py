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
from agent.folder import Box, Folder
from central.carry import Tally, carry, release
from central.object_wire import opened
from central.opening import open_central
from central.quarantine import quarantine
from central.settings import CentralSettings, load_central

BUCKET: Final = "s3://"
ASK: Final = "carry out again at the kiosk, which puts its request beside them, then carry here again"
APPROVE: Final = "approve the kiosks whose codes you know, then carry again"


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
        stick = Folder(Path(place))
        stick.clear_drafts()
        yield stick, STICK


def take_from_quarantine(config: Path) -> None:
    """After an approval: what came by stick or bucket before it is taken in now."""
    settings = load_central(config)
    waiting = quarantine(settings)
    if not any(waiting.sizes.values()):
        return
    central = open_central(settings, SystemClock(), credentials=os.environ.get("CREDENTIALS_DIRECTORY"))
    try:
        count = release(central, waiting)
    finally:
        central.store.close()
    if count:
        sys.stdout.write(f"{count} files that waited in quarantine were taken in\n")


def in_words(tally: Tally) -> str:
    """What became of the files, for the person who holds the stick."""
    lines = [f"{tally.new} files taken in, {tally.known} held already; receipts lie there"]
    if tally.quarantined or tally.pairing:
        waiting = f"{tally.pairing} kiosks wait for approval, {tally.quarantined} files with them"
        lines.append(f"{waiting}: have their codes read to you by phone")
    if tally.unasked:
        lines.append(
            f"{tally.unasked} files come from kiosks that did not ask to be paired; they stay where they are: {ASK}"
        )
    if tally.no_room:
        lines.append(f"{tally.no_room} files found no room to wait and stay where they are: {APPROVE}")
    if tally.mismatch or tally.revoked:
        lines.append(f"{tally.mismatch} files contradict what is held, {tally.revoked} come from kiosks not let in")
    if tally.damaged:
        lines.append(f"{tally.damaged} files are damaged; carry out again at the kiosk")
    return "\n".join(lines) + "\n"
