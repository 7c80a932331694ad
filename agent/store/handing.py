"""Which lines went by which carrier: a few stretches of numbers, because those that touch are one."""

from __future__ import annotations

from agent.domain.custody import Carrier
from agent.domain.pieces import Pieces
from agent.store.database import Store


def note(store: Store, stream: int, carrier: Carrier, first: int, last: int) -> None:
    """Remember that lines first…last were handed over; nothing is written where that is known."""
    whose = (stream, carrier)
    known = store.rows(
        "SELECT first, last FROM handed_over WHERE stream = ? AND carrier = ? AND first <= ? AND last >= ?",
        *whose, last + 1, first - 1,
    )  # fmt: skip
    if any(low <= first and last <= high for low, high in known):
        return
    low, high = min([first, *(low for low, _ in known)]), max([last, *(high for _, high in known)])
    with store.write():
        store.run(
            "DELETE FROM handed_over WHERE stream = ? AND carrier = ? AND first BETWEEN ? AND ?", *whose, low, high
        )
        store.run("INSERT INTO handed_over VALUES (?, ?, ?, ?, ?)", *whose, low, high, store.clock.wall_ms())


def take_back(store: Store, stream: int, carrier: Carrier, held: int) -> None:
    """Forget what went by a carrier above `held`: it seems to be lost on its way."""
    kept = [(first, min(last, held)) for first, last in handed(store, stream, carrier) if first <= held]
    with store.write():
        store.run("DELETE FROM handed_over WHERE stream = ? AND carrier = ? AND last > ?", stream, carrier, held)
        for first, last in kept[-1:]:
            store.run(
                "INSERT OR IGNORE INTO handed_over VALUES (?, ?, ?, ?, ?)",
                stream, carrier, first, last, store.clock.wall_ms(),
            )  # fmt: skip


def handed(store: Store, stream: int, carrier: Carrier) -> Pieces:
    """The numbers that went by a carrier."""
    return tuple(
        store.rows(
            "SELECT first, last FROM handed_over WHERE stream = ? AND carrier = ? ORDER BY first", stream, carrier
        )
    )
