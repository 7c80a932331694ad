"""Whether this machine's clock is right, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from agent.store import ledger
from agent.store.database import Store

SYNCHRONIZED: Final = Path("/run/systemd/timesync/synchronized")  # systemd-timesyncd leaves it after the first answer


def read(store: Store, synchronized: Path = SYNCHRONIZED) -> Mapping[str, float | str]:
    """clock_unknown_s since the start without anybody's word, else 0; clock_off_s from central's; clock_ntp 1 or 0."""
    behind, by_ntp = ledger.behind_central_ms(store), synchronized.exists()
    known = by_ntp or behind is not None
    found: dict[str, float | str] = {
        "clock_unknown_s": 0.0 if known else store.clock.boot_ms() / 1000,
        "clock_ntp": float(by_ntp),
    }
    if behind is not None:
        found |= {"clock_off_s": abs(behind) / 1000, "said": f"{-behind / 1000:+.0f} s by central's clock"}
    return found
