"""The bar above the staff's pages: groups of pages in this order; each role sees what it may open."""

from __future__ import annotations

from typing import Final, Literal

import msgspec

Group = Literal["counter", "board", "office", "report", "technician"]


class Link(msgspec.Struct, frozen=True):
    """A page: its group, address, the key of its name, who may open it; `aside` opens a window of its own."""

    group: Group
    path: str
    key: str
    roles: tuple[str, ...]
    aside: bool = False


COUNTER: Final = ("officer", "supervisor")
EVERYBODY: Final = ("officer", "supervisor", "technician")
READERS: Final = (*EVERYBODY, "camat")
BAR: Final[tuple[Link, ...]] = (
    Link("counter", "/loket", "nav.counter", COUNTER),
    Link("counter", "/loket/antrean", "nav.line", COUNTER),
    Link("counter", "/loket/daftar", "nav.lists", COUNTER),
    Link("counter", "/loket/nomor", "give.open", COUNTER),
    Link("counter", "/loket/kertas", "paper.open", COUNTER),
    Link("board", "/papan", "nav.board", READERS, aside=True),
    Link("office", "/lonjakan", "nav.surge", COUNTER),
    Link("office", "/lini", "lines.title", (*COUNTER, "camat")),
    Link("office", "/stok", "nav.stock", COUNTER),
    Link("office", "/jemput-bola", "nav.outreach", COUNTER),
    Link("office", "/sasaran", "nav.roster", COUNTER),
    Link("office", "/pemilu", "nav.elections", READERS),
    Link("office", "/petugas", "nav.staff", ("supervisor",)),
    Link("report", "/laporan", "nav.report", READERS),
    Link("report", "/laporan/cakupan", "coverage.title", READERS),
    Link("report", "/laporan/camat", "camat.title", ("supervisor", "camat")),
    Link("report", "/laporan/serah-terima", "nav.custody", EVERYBODY),
    Link("technician", "/teknisi", "tech.tab.now", EVERYBODY),
    Link("technician", "/teknisi/jaringan", "tech.tab.link", EVERYBODY),
    Link("technician", "/teknisi/stik", "tech.tab.stick", EVERYBODY),
    Link("technician", "/teknisi/uji", "tech.tab.tests", EVERYBODY),
    Link("technician", "/teknisi/catatan", "tech.tab.logs", ("supervisor", "technician")),
    Link("technician", "/teknisi/anjungan", "tech.tab.life", ("supervisor", "technician")),
)


def bar(role: str) -> dict[Group, list[Link]]:
    """What somebody in `role` may open, by group; a group without a page is not there."""
    groups: dict[Group, list[Link]] = {}
    for link in BAR:
        if role in link.roles:
            groups.setdefault(link.group, []).append(link)
    return groups


def here(path: str) -> Link | None:
    """The page that an address belongs to: the one whose address is the longest that it starts with."""
    within = [link for link in BAR if path == link.path or path.startswith(f"{link.path}/")]
    return max(within, key=lambda link: len(link.path), default=None)
