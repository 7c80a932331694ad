"""A machine of a kecamatan that goes on trips: the office's own, or a laptop of its kit."""

from __future__ import annotations

from agent.actions import outreach, told_trips
from agent.actions import trips as going
from agent.jobs import sign_trips
from agent.store import ledger
from agent.uplink.courier import Courier
from agent.uplink.signing import Signer
from agent.uplink.trust import Trust
from agent.wire import jose, pairing
from central.store import kiosks
from tests.builders import drawn
from tests.fakes import FakeClock
from tests.real_central import Wire
from tests.small_office import CODE, small_office, small_store, take

FAR = "64.02.05.2008"


class Device:
    """A machine of the kecamatan: its own key, streams and database."""

    def __init__(self, home, desk=None) -> None:
        self.key = jose.new_key()
        self.clock = FakeClock()
        self.store = small_store(home, self.clock, thumbprint=self.key.thumbprint())
        self.office = small_office(home, root=desk.root if desk else "r" * 43)
        if desk:
            trust = Trust(home, desk.root)
            self.courier = Courier(self.store, Signer(self.store, self.key), trust, Wire(desk.client), drawn())
            self.pair(desk)
        self.count = 0

    def pair(self, desk, office: str = CODE) -> None:
        desk.clock.now = max(desk.clock.now, self.clock.wall_ms())
        with desk.central.store.write() as database:
            kiosks.ask(database, self.key.thumbprint(), office, 0)
            kiosks.set_state(database, self.key.thumbprint(), "approved")
        with self.store.write():
            ledger.set_fact(self.store, "pairing", "paired")

    def go(self, village: str = FAR, people: int = 2, stated: int = 0, place: str = "Balai Desa") -> None:
        """A trip, opened and closed, with so many numbers."""
        going.open_trip(self.store, self.office, village, place, "village", by=2)
        for _ in range(people):
            self.count += 1
            take(self.store, self.office, f"{self.key.thumbprint()} {self.count}", village=village)
        going.close_trip(self.store, by=2, stated=stated)

    def send(self) -> None:
        while self.courier.send_next().more:
            pass

    def unserved(self) -> set[str]:
        return {each.code for each in outreach.unserved(self.store, self.office)}

    def told(self) -> list[tuple[str, int, bool]]:
        return [(each.village, each.people, each.by_central) for each in told_trips.told(self.store)]

    def file(self) -> str:
        """What its agent signs for the office."""
        sign_trips.run(self.store, self.office, self.key)
        return (self.store.home / told_trips.FILE).read_text()

    def read(self, token: str, code: str = "", *, trusted: bool = True) -> told_trips.Came:
        return told_trips.read_file(self.store, self.office, token, 2, code=code, trusted=trusted)

    def code(self) -> str:
        return pairing.code(self.key.thumbprint())
