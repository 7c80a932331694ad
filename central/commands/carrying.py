"""`rekam central carry`: one stick, both ways."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from agent.clock import SystemClock
from agent.errors import UsageError
from agent.folder import Folder
from central.carry import Tally, carry, has_waiting, release
from central.opening import open_central
from central.settings import load_central


def carry_stick(config: Path, folder: Path) -> int:
    """Take in what the stick brings and answer on it; raises UsageError `no-folder`, Unreachable `carrier`."""
    if not folder.is_dir():
        raise UsageError("no-folder", "there is no such folder; is the stick mounted?", file=str(folder))
    central = open_central(load_central(config), SystemClock(), credentials=os.environ.get("CREDENTIALS_DIRECTORY"))
    try:
        sys.stdout.write(in_words(carry(central, Folder(folder))))
    finally:
        central.store.close()
    return 0


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
    lines = [f"{tally.new} files taken in, {tally.known} held already; receipts lie on the stick"]
    if tally.quarantined or tally.pairing:
        waiting = f"{tally.pairing} kiosks wait for approval, {tally.quarantined} files with them"
        lines.append(f"{waiting}: have their codes read to you by phone")
    if tally.mismatch or tally.revoked:
        lines.append(f"{tally.mismatch} files contradict what is held, {tally.revoked} come from kiosks not let in")
    if tally.damaged:
        lines.append(f"{tally.damaged} files are damaged; carry the stick back to its kiosk and out again")
    return "\n".join(lines) + "\n"
