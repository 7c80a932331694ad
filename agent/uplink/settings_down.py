"""Takes over the settings that central publishes: a newer version, signed, applied whole or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from agent import published
from agent.domain import sent_settings
from agent.errors import BadData, SettingsError
from agent.store import ledger
from agent.store.receipts import keep_file
from agent.wire import settings as wire_settings
from agent.wire.kinds import SettingsChanged

if TYPE_CHECKING:
    from agent.store.database import Store
    from agent.uplink.trust import Trust
    from agent.wire.settings import Version

REFUSED: Final = "settings_refused"  # the version that failed, and the key list by which it did
MOST_REASON: Final = 200


class SettingsDown:
    """Keeps data/settings.jws; every process of this office reads it."""

    def __init__(self, store: Store, trust: Trust) -> None:
        self.store = store
        self.trust = trust

    @property
    def version(self) -> Version:
        """The version that is applied; (0, 0) before the first."""
        file = self.store.home / published.FILE
        return published.read_kept(file, file.stat().st_mtime_ns if file.exists() else 0).version

    def wants(self, version: Version) -> bool:
        """Whether that version is newer than ours and was not refused already with the keys we have."""
        refused = ledger.facts(self.store, REFUSED).get(REFUSED, "")
        return version > self.version and refused != self.mark(version)

    def accept(self, token: str, claimed: Version = published.NONE_YET) -> bool:
        """Apply settings if they are newer, signed by a listed key and right in every section; whether they were.

        What is refused is said by a line, with the reason; what is old is passed over in silence.
        `claimed` is the version that a receipt promised.
        """
        try:
            sent = wire_settings.read(token, self.trust.keys())
        except BadData as fault:
            return self.refuse(claimed, fault.sentence)
        if sent.version <= self.version:
            return False
        try:
            sent_settings.checked(sent.settings)
        except SettingsError as fault:
            return self.refuse(sent.version, f"{fault.field}: {fault.sentence}")
        keep_file(self.store.home / published.FILE, token + "\n")
        self.say(SettingsChanged(sent.version, applied=True))
        return True

    def refuse(self, version: Version, reason: str) -> bool:
        """Remember what was wrong, and say it once; False."""
        mark = self.mark(version)
        if ledger.facts(self.store, REFUSED).get(REFUSED) != mark:
            self.say(SettingsChanged(version, applied=False, reason=reason[:MOST_REASON]), mark)
        return False

    def mark(self, version: Version) -> str:
        """A version and the keys by which it was looked at: with newer keys it is looked at again."""
        return msgspec.json.encode((*version, self.trust.keys().number)).decode()

    def say(self, line: SettingsChanged, refused: str = "") -> None:
        """A line for central, and what was refused."""
        with self.store.write():
            ledger.append(self.store, line)
            ledger.set_fact(self.store, REFUSED, refused)
