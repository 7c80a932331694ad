"""The tables that can be emptied and built again."""

from __future__ import annotations

from collections.abc import Sequence

from peewee import Database

from central.store.models import DERIVED


def empty(database: Database, ledgers: Sequence[str] | None) -> None:
    """Delete the derived rows of these ledgers, or all of them."""
    for model in DERIVED:
        query = model.delete()
        (query if ledgers is None else query.where(model.ledger.in_(ledgers))).execute(database)
