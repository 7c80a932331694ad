"""The signed documents that a kiosk fetches from central when a receipt names newer ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

from agent.uplink.answers import Answer

if TYPE_CHECKING:
    from agent.uplink.https import Central
    from agent.uplink.load import Load
    from agent.uplink.settings_down import SettingsDown
    from agent.uplink.signing import Signer
    from agent.uplink.trips_down import TripsDown
    from agent.uplink.trust import Trust
    from agent.wire.settings import Version


class Documents:
    """Asks for them, and hands on what came to whoever judges it."""

    def __init__(
        self, central: Central, signer: Signer, trust: Trust, settings: SettingsDown, trips: TripsDown, load: Load
    ) -> None:
        self.central = central
        self.signer = signer
        self.trust = trust
        self.settings = settings
        self.trips = trips
        self.load = load

    def fetch_keys(self) -> bool:
        """Ask for the key list; whether a newer one, signed by the root, came."""
        token = self.fetched("/v1/keys")
        return bool(token) and self.trust.accept(token)

    def fetch_settings(self, promised: Version) -> bool:
        """Ask for the settings if those that a receipt promised are wanted; whether they were applied."""
        token = self.fetched("/v1/settings") if self.settings.wants(promised) else ""
        return bool(token) and self.settings.accept(token, promised)

    def fetch_trips(self, promised: str | None) -> bool:
        """Ask for what is told of sibling devices if a receipt's mark names something new; whether it was kept."""
        token = self.fetched("/v1/trips") if self.trips.wants(promised) else ""
        return bool(token) and self.trips.accept(token, promised or "")

    def fetched(self, path: str) -> str:
        """A signed document of central's; empty where none came."""
        reply = self.central.get(path, self.signer.bearer())
        self.load.paid(reply.traffic)
        if not isinstance(reply, Answer) or reply.status != 200:
            return ""
        return reply.body.decode("ascii", "replace").strip()
