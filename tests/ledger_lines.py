"""What stands in the ledger, for tests that ask which lines an action wrote."""

from __future__ import annotations

from typing import Any

import msgspec

from agent.store import ledger
from agent.store.database import Store
from agent.wire.line import chain_next, chain_start


def bodies(store: Store) -> list[bytes]:
    """The lines of the open enrollments stream as they are stored."""
    end = ledger.tail(store, ledger.ENROLLMENTS)
    return list(ledger.lines(store, end.stream, 1, end.n))


def decoded(store: Store) -> list[dict[str, Any]]:
    """The same, each as its JSON object."""
    return [msgspec.json.decode(body) for body in bodies(store)]


def said(store: Store, kind: str) -> list[dict[str, Any]]:
    """What the lines of one kind say, oldest first."""
    return [line["d"] for line in decoded(store) if line["k"] == kind]


def is_whole(store: Store) -> bool:
    """Whether the lines give the chain that is stored at the last of them."""
    end = ledger.tail(store, ledger.ENROLLMENTS)
    chain = chain_start(end.ledger, ledger.ENROLLMENTS)
    for body in bodies(store):
        chain = chain_next(chain, body)
    return chain == end.chain
