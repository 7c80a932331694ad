"""The bar above the staff's pages: one row a page, in this order; each role sees what it may open."""

from __future__ import annotations

from typing import Final

import msgspec


class Link(msgspec.Struct, frozen=True):
    """A page of the bar: its address, the key of its name, who may open it; `aside` opens a window of its own."""

    path: str
    key: str
    roles: tuple[str, ...]
    aside: bool = False


COUNTER: Final = ("officer", "supervisor")
EVERYBODY: Final = ("officer", "supervisor", "technician")
READERS: Final = (*EVERYBODY, "camat")
BAR: Final[tuple[Link, ...]] = (
    Link("/loket", "nav.counter", COUNTER),
    Link("/loket/antrean", "nav.line", COUNTER),
    Link("/loket/daftar", "nav.lists", COUNTER),
    Link("/papan", "nav.board", READERS, aside=True),
    Link("/lonjakan", "nav.surge", COUNTER),
    Link("/jemput-bola", "nav.outreach", COUNTER),
    Link("/stok", "nav.stock", COUNTER),
    Link("/sasaran", "nav.roster", COUNTER),
    Link("/pemilu", "nav.elections", READERS),
    Link("/laporan", "nav.report", READERS),
    Link("/laporan/serah-terima", "nav.custody", EVERYBODY),
    Link("/petugas", "nav.staff", ("supervisor",)),
    Link("/teknisi", "nav.technician", EVERYBODY),
)


def bar(role: str) -> list[Link]:
    """What somebody in `role` may open."""
    return [link for link in BAR if role in link.roles]


def here(path: str) -> str:
    """The page of the bar that an address belongs to: the longest that it starts with; empty for none."""
    within = [link.path for link in BAR if path == link.path or path.startswith(f"{link.path}/")]
    return max(within, key=len, default="")
