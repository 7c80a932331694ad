"""keys/keylist.jws: the newest list of central's keys that this office holds."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Final

from agent.errors import BadData
from agent.wire import keys as wire_keys
from agent.wire.keys import KeyList

log: Final = logging.getLogger("rekam.keys")
KEY_LIST: Final = "keys/keylist.jws"


def key_list(home: Path, root: str) -> KeyList | None:
    """The newest key list that this office holds, signed by the pinned root; None without one that can be used."""
    file = home / KEY_LIST
    try:
        return wire_keys.read(file.read_text("ascii").strip(), root, file=str(file))
    except (OSError, UnicodeDecodeError, BadData) as fault:
        if not isinstance(fault, FileNotFoundError):
            log.warning("the key list is left aside: %s", fault)
        return None
