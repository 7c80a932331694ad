"""The pinned root and the newest key list signed by it."""

from __future__ import annotations

from pathlib import Path

from agent.errors import BadData
from agent.key_file import KEY_LIST, key_list
from agent.store.receipts import keep_file
from agent.wire import keys as wire_keys
from agent.wire.keys import KeyList


class Trust:
    """Whom this kiosk believes."""

    def __init__(self, home: Path, root: str) -> None:
        self.home = home
        self.root = root
        self._keys: KeyList | None = None

    def keys(self) -> KeyList:
        """The newest list; an empty one of number 0 before the first."""
        if self._keys is None:
            self._keys = key_list(self.home, self.root) or KeyList(v=1, number=0, keys=[])
        return self._keys

    def accept(self, token: str) -> bool:
        """Keep a list that the root signed and that is newer than ours; whether it was kept."""
        try:
            fresh = wire_keys.read(token, self.root)
        except BadData:
            return False
        if fresh.number <= self.keys().number:
            return False
        keep_file(self.home / KEY_LIST, token + "\n")
        self._keys = fresh
        return True
