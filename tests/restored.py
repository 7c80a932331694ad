"""Copies of an office's database that come back, and ledgers that go on from others."""

from __future__ import annotations

import shutil

from agent.store import forks
from tests.wired_office import WiredOffice


def copy_database(office: WiredOffice, name: str = "copy.db", mark: str = "copy.json") -> None:
    """As a disk image or `cp` would take it: closed, so that all is in one file."""
    office.close()
    shutil.copy(office.home / "data/rekam.db", office.home / name)
    shutil.copy(office.home / "data/mark.json", office.home / mark)
    office.open()


def put_back(office: WiredOffice, *, mark_too: bool = False) -> None:
    """Put the copy in the place of the database, with or without its mark."""
    office.close()
    shutil.copy(office.home / "copy.db", office.home / "data/rekam.db")
    if mark_too:
        shutil.copy(office.home / "copy.json", office.home / "data/mark.json")
    office.open()


def fork(office: WiredOffice) -> None:
    """Open a new ledger, as after damage."""
    with office.store.write():
        forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)


def carry_all(office: WiredOffice) -> None:
    """Carry what the open ledger still lacks of the one before."""
    while forks.carry_some(office.store):
        pass


def reasons(office: WiredOffice) -> list[str]:
    """Why each ledger was opened, the oldest first."""
    return [reason for (reason,) in office.store.rows("SELECT reason FROM ledger ORDER BY number")]


def tickets(office: WiredOffice, count: int) -> list[str]:
    """Give so many numbers more; all that were given."""
    for _ in range(count):
        office.ticket(nik=False)
    return [
        f"{letter}-{place:03d}"
        for letter, place in office.store.rows("SELECT letter, place FROM visit ORDER BY number")
    ]
