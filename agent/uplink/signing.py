"""Cuts, signs and packs what leaves this kiosk, for every carrier alike."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from agent.actions import health, stock
from agent.domain import batching
from agent.store import ledger
from agent.store.database import Store
from agent.store.ledger import StreamState
from agent.version import VERSION
from agent.wire import batch as wire_batch
from agent.wire.batch import Claims, Status, read_token

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

SOFTWARE: Final = f"rekam/{VERSION}"


class Signer:
    """Builds batch files and heartbeats of the open ledger, each with a fresh `s`."""

    def __init__(self, store: Store, key: OKPKey) -> None:
        self.store = store
        self.key = key

    def heartbeat(self, state: StreamState, status: Status | None) -> tuple[bytes, int]:
        """A batch of no lines at the end of a stream, and its `s`."""
        chain = ledger.chain_at(self.store, state.stream, state.last) or b""
        s = ledger.next_s(self.store)
        return self._built(state, s, lines=[], first=state.last + 1, chain_before=chain, status=status), s

    def bearer(self) -> str:
        """A fresh heartbeat without a status, for Authorization."""
        file, _ = self.heartbeat(ledger.state(self.store, ledger.ENROLLMENTS), None)
        return file.decode("ascii").strip()

    def batch(
        self, state: StreamState, wanted: tuple[int, int], most: int, largest: int | None = None
    ) -> tuple[bytes, int, int]:
        """A file of lines `wanted`, as many as fit into `most` raw bytes, its `s`, and the raw bytes of its lines.

        At most `largest` bytes if that is given, but never less than one line. Raises Damaged
        where lines and chain disagree: nothing false is signed.
        """
        first, last = wanted
        lines = batching.cut(ledger.lines(self.store, state.stream, first, last), most)
        chain = ledger.chain_at(self.store, state.stream, first - 1) or b""
        ledger.check_chain(self.store, state.stream, first, chain, lines)
        s = ledger.next_s(self.store)
        while True:
            sealed = ledger.subjects(self.store, state.stream, first, first + len(lines) - 1)
            file = self._built(state, s, lines=lines, sealed=sealed, first=first, chain_before=chain)
            if largest is None or len(file) <= largest or len(lines) == 1:
                return file, s, sum(len(line) + 1 for line in lines)
            lines = lines[: batching.fewer(len(lines), len(file), largest)]

    def _built(self, state: StreamState, s: int, **parts: object) -> bytes:
        return wire_batch.build(
            self.key,
            ledger=state.ledger,
            stream=state.name,
            floor=state.floor,
            seen=state.seen,
            s=s,
            software=SOFTWARE,
            **parts,  # type: ignore[arg-type]  # lines, sealed, first, chain_before, status
        )


def claims_of(file: bytes) -> Claims:
    """The claims of a file that was just signed."""
    return read_token(file.partition(b"\n")[0].decode("ascii"))[0]


def status_of(store: Store, link: str) -> Status:
    """The status that a heartbeat carries."""
    states = ledger.states(store)
    oldest = min((state.oldest_unsent_t for state in states if state.oldest_unsent_t is not None), default=None)
    return Status(
        backlog={state.name: state.last - state.held for state in states},
        oldest_unsent_s=max(0, (store.clock.wall_ms() - oldest) // 1000) if oldest is not None else 0,
        disk_free=shutil.disk_usage(store.home).free,
        clock_offset_ms=ledger.behind_central_ms(store),
        link=link,
        stock=stock.told(store),
        warnings=[warning.code for warning in health.warnings(store)],
    )
