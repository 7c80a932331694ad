"""An office whose courier talks to a central in memory, both real in all but the wire between them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from random import Random

from agent import vault
from agent.uplink.courier import Courier
from agent.uplink.signing import Signer
from agent.uplink.trust import Trust
from tests.fake_central import FakeCentral, carried_in
from tests.fakes import FakeClock
from tests.small_office import kiosk_key, small_office, small_store, take

NIK = "6402055708990003"


class WiredOffice:
    """One office, its central, and what tests want to know of both."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self.clock = FakeClock()
        self.central = FakeCentral(self.clock.wall_ms)
        self.luck = Random(1)
        self.count = 0
        self.open()
        (self.home / "keys/keylist.jws").write_text(self.central.key_list())

    def open(self) -> None:
        self.store = small_store(self.home, self.clock, random_bytes=self.luck.randbytes)
        self.office = small_office(self.home, root=self.central.root.thumbprint())
        trust = Trust(self.home, self.central.root.thumbprint())
        self.courier = Courier(self.store, Signer(self.store, kiosk_key()), trust, self.central, self.luck.randbytes)

    def close(self) -> None:
        self.store.close()

    def remove(self) -> None:
        shutil.rmtree(vault.ram_folder(self.home) or self.home, ignore_errors=True)
        shutil.rmtree(self.home)

    def ticket(self, *, nik: bool) -> None:
        self.count += 1
        self.clock.forward(1000)
        take(self.store, self.office, f"request {self.count}", nik=NIK if nik else None)

    def streams(self) -> list[tuple[int, str, str, int, int]]:
        """(row, ledger, name, held, epoch) of every stream, oldest first."""
        return self.store.rows(
            "SELECT s.number, l.name, s.name, s.held, s.epoch FROM stream s JOIN ledger l ON l.number = s.ledger"
            " ORDER BY s.number"
        )

    def lines(self, stream: int) -> list[tuple[int, bytes, bytes | None]]:
        return self.store.rows("SELECT n, chain, body FROM line WHERE stream = ? ORDER BY n", stream)

    def identities(self) -> dict[tuple[str, str, int], tuple[int, int, bytes | None]]:
        """First identity → (stream row, n there, body) of the newest place where a line stands."""
        found = {}
        for row, of, name, _, _ in self.streams():
            for n, _, body in self.lines(row):
                quoted = carried_in(body) if body else None
                first = (quoted.ledger, quoted.stream, quoted.n) if quoted else (of, name, n)
                found[first] = (row, n, quoted.line.encode() if quoted else body)
        return found


def wired(tmp_path: Path) -> Iterator[WiredOffice]:
    """A fixture: an office for one test, and nothing of it afterwards."""
    office = WiredOffice(tmp_path / "office")
    yield office
    office.close()
    office.remove()
