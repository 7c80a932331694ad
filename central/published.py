"""The two signed documents that every kiosk may fetch: the key list and the settings.

They are files beside central.toml, not rows: a database that was restored must not bring back
older ones. A file that was replaced is read again at the next question.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from agent.domain import sent_settings
from agent.domain.sent_settings import Holiday
from agent.errors import NotFound, SettingsError
from agent.wire import jose, settings
from agent.wire.keys import TYP as KEYS_TYP
from agent.wire.keys import KeyList
from agent.wire.keys import read as read_keys
from central.files import read_text

NONE_YET: Final = (0, 0)
Stamp = tuple[int, int, int]


class Published:
    """What the two files say now; both are read at most once per change."""

    def __init__(self, key_list: Path, settings_file: Path) -> None:
        self._key_list = key_list
        self._settings = settings_file
        self._keys_read: tuple[Stamp, str, KeyList] | None = None
        self._settings_read: tuple[Stamp, str, settings.SentSettings] | None = None

    def keys_token(self) -> str:
        """The key list as the root signed it; raises SettingsError."""
        return self._keys()[1]

    def keys(self) -> KeyList:
        """The key list; raises SettingsError."""
        return self._keys()[2]

    def keys_number(self) -> int:
        """Number of the key list."""
        return self.keys().number

    def settings_token(self) -> str:
        """The settings as signed; raises NotFound `no-settings` before any were published."""
        found = self._sent()
        if found is None:
            raise NotFound("no-settings", "no settings were published yet")
        return found[1]

    def settings_version(self) -> settings.Version:
        """(epoch, number) of the settings, (0, 0) before any were published."""
        found = self._sent()
        return found[2].version if found else NONE_YET

    def holidays(self) -> tuple[Holiday, ...]:
        """The dates without service that the kiosks were told; none before any were published."""
        found = self._sent()
        return (sent_settings.checked(found[2].settings).holidays or ()) if found else ()

    def _keys(self) -> tuple[Stamp, str, KeyList]:
        stamp = _stamp(self._key_list)
        if self._keys_read is None or self._keys_read[0] != stamp:
            token = read_text(self._key_list)
            root = jose.verify_by_header(token, KEYS_TYP, file=str(self._key_list))[1].thumbprint()
            self._keys_read = (stamp, token, read_keys(token, root, file=str(self._key_list)))
        return self._keys_read

    def _sent(self) -> tuple[Stamp, str, settings.SentSettings] | None:
        if not self._settings.exists():
            return None
        stamp = _stamp(self._settings)
        if self._settings_read is None or self._settings_read[0] != stamp:
            token = read_text(self._settings)
            self._settings_read = (stamp, token, settings.read(token, self.keys(), file=str(self._settings)))
        return self._settings_read


def _stamp(path: Path) -> Stamp:
    """Changes whenever the file was replaced or written; raises SettingsError."""
    try:
        found = path.stat()
    except OSError as fault:
        raise SettingsError("settings", f"cannot be read: {fault.strerror}", file=str(path)) from fault
    return found.st_ino, found.st_size, found.st_mtime_ns
