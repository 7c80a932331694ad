"""Whether blank cards, ribbon or film end soon, or are out."""

from __future__ import annotations

from collections.abc import Mapping

from agent.actions import stock
from agent.office import Office
from agent.store.database import Store


def read(store: Store, office: Office) -> Mapping[str, float]:
    """How many items end within the days that stock.toml warns of, and how many are out."""
    levels = [standing.level for standing in stock.overview(store, office).values()]
    return {"stock_low_items": float(levels.count("low")), "stock_out_items": float(levels.count("out"))}
