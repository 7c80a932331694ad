"""Setting up an office, its officers and its machine."""

from __future__ import annotations

import argparse
import os
from pathlib import Path
from typing import Any

from agent.commands.parser import add, group, opened


def register(commands: Any) -> None:
    """Setting up an office."""
    init = add(commands, "init", "write a working set of files for one office", init_office)
    init.add_argument("dir", type=Path, help="a new or empty directory")
    init.add_argument("--office", required=True, metavar="CODE", help="kecamatan, 64.02.05 or 640205")
    init.add_argument("--invitation", type=Path, metavar="FILE", help="what `rekam central invite` wrote")
    init.add_argument("--central", metavar="URL", help="central's address, with --root")
    init.add_argument("--root", metavar="THUMBPRINT", help="thumbprint of central's root key")
    officer = group(commands, "officer", "add, reset or list officers")
    new = add(officer, "add", "add an officer; prints a one-time PIN", add_officer, config=True)
    new.add_argument("name")
    new.add_argument("--role", required=True, choices=("officer", "supervisor", "technician", "camat"))
    reset = add(officer, "reset", "give an officer a new one-time PIN", reset_officer, config=True)
    reset.add_argument("name")
    add(officer, "list", "list the officers", list_officers, config=True)
    help_text = "put a backup in the database's place; a new ledger begins"
    restore = add(commands, "restore", help_text, restore_backup, config=True)
    restore.add_argument("file", type=Path)
    add(commands, "machine-mark", "write this machine's mark; as root, before the agent", mark_machine, config=True)


def init_office(arguments: argparse.Namespace) -> int:
    """`rekam init`."""
    from agent.clock import SystemClock
    from agent.new_office import create_office

    made = create_office(
        arguments.dir,
        arguments.office,
        arguments.invitation,
        arguments.central,
        arguments.root,
        clock=SystemClock(),
        random_bytes=os.urandom,
    )
    print(f"{made.name} ({made.code}), {made.villages} villages, {made.zone}: {made.home}")
    print(f"supervisor {made.supervisor}, one-time PIN {made.pin}")
    print(f"pairing code {made.pairing_code}: read it to central")
    return 0


def add_officer(arguments: argparse.Namespace) -> int:
    """`rekam officer add`."""
    from agent.actions import officers

    _, store = opened(arguments)
    pin = officers.add_officer(store, arguments.name, arguments.role, random_bytes=os.urandom)
    print(f"{arguments.name}: one-time PIN {pin}")
    return 0


def reset_officer(arguments: argparse.Namespace) -> int:
    """`rekam officer reset`."""
    from agent.actions import officers

    _, store = opened(arguments)
    print(f"{arguments.name}: one-time PIN {officers.reset_pin(store, arguments.name, random_bytes=os.urandom)}")
    return 0


def list_officers(arguments: argparse.Namespace) -> int:
    """`rekam officer list`."""
    from agent.actions import officers

    _, store = opened(arguments)
    for officer in officers.officers(store):
        print(f"{officer.number}\t{officer.role}\t{officer.name}")
    return 0


def restore_backup(arguments: argparse.Namespace) -> int:
    """`rekam restore`; the new ledger is opened at once, so that `rekam status` shows what holds from now on."""
    from agent.identity import load_key
    from agent.settings import load_kiosk
    from agent.store import backup

    home = load_kiosk(arguments.config).home
    backup.restore(home, arguments.file, load_key(home).thumbprint())
    opened(arguments)[1].close()
    print("restored into a new ledger. The old database was set aside beside it.")
    return 0


def mark_machine(arguments: argparse.Namespace) -> int:
    """`rekam machine-mark`."""
    from agent import machine
    from agent.settings import load_kiosk

    mark = machine.write_mark(load_kiosk(arguments.config).home, Path("/sys"))
    print(mark or "this machine has nothing to tell it apart by")
    return 0
