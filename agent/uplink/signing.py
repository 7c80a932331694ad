"""Cuts, signs and packs what leaves this kiosk, for every carrier alike."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Final

from agent.domain import batching
from agent.store import ledger
from agent.store.database import Store
from agent.store.ledger import StreamState
from agent.version import VERSION
from agent.wire import batch as wire_batch
from agent.wire.batch import Status

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
        return self._signed(state, lines=[], first=state.last + 1, chain_before=chain, status=status)

    def bearer(self) -> str:
        """A fresh heartbeat without a status, for Authorization."""
        file, _ = self.heartbeat(ledger.state(self.store, ledger.ENROLLMENTS), None)
        return file.decode("ascii").strip()

    def batch(self, state: StreamState, wanted: tuple[int, int], most: int) -> tuple[bytes, int]:
        """A batch of the lines `wanted`, as many as fit into `most` raw bytes, and its `s`.

        Raises Damaged where lines and chain disagree: nothing false is signed.
        """
        first, last = wanted
        lines = batching.cut(ledger.lines(self.store, state.stream, first, last), most)
        sealed = ledger.subjects(self.store, state.stream, first, first + len(lines) - 1)
        chain = ledger.chain_at(self.store, state.stream, first - 1) or b""
        ledger.check_chain(self.store, state.stream, first, chain, lines)
        return self._signed(state, lines=lines, sealed=sealed, first=first, chain_before=chain)

    def _signed(self, state: StreamState, **parts: object) -> tuple[bytes, int]:
        s = ledger.next_s(self.store)
        file = wire_batch.build(
            self.key,
            ledger=state.ledger,
            stream=state.name,
            floor=state.floor,
            seen=state.seen,
            s=s,
            software=SOFTWARE,
            **parts,  # type: ignore[arg-type]  # lines, sealed, first, chain_before, status
        )
        return file, s


def status_of(store: Store, link: str) -> Status:
    """The status that a heartbeat carries."""
    states = ledger.states(store)
    oldest = min((state.oldest_unsent_t for state in states if state.oldest_unsent_t is not None), default=None)
    offset = ledger.facts(store, f"offset@{store.boot}").get(f"offset@{store.boot}")
    return Status(
        backlog={state.name: state.last - state.held for state in states},
        oldest_unsent_s=max(0, (store.clock.wall_ms() - oldest) // 1000) if oldest is not None else 0,
        disk_free=shutil.disk_usage(store.home).free,
        clock_offset_ms=None if offset is None else int(offset),
        link=link,
    )
