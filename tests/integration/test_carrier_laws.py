"""Whatever carriers do with the files, central ends with each line once and the kiosk with true receipts."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from agent.errors import BadData
from agent.folder import Folder
from agent.store import ledger
from agent.uplink import stick
from agent.uplink.answers import Failure
from agent.uplink.courier import Courier
from agent.uplink.signing import Signer
from agent.uplink.trust import Trust
from agent.wire import batch, names
from tests.fake_central import FakeCentral
from tests.fakes import FakeClock
from tests.small_office import CODE, kiosk_key, small_office, small_store, take


class Carriers(RuleBasedStateMachine):
    """One office, one central, HTTPS and two sticks; everything may be lost, repeated, cut or late."""

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="carriers-"))
        self.store = small_store(self.root / "office", FakeClock())
        self.central = FakeCentral()
        self.office = small_office(self.store.home, root=self.central.root.thumbprint())
        trust = Trust(self.store.home, self.central.root.thumbprint())
        self.courier = Courier(self.store, Signer(self.store, kiosk_key()), trust, self.central, lambda n: b"r" * n)
        self.sticks = []
        for number in range(2):
            (self.root / f"stick{number}").mkdir()
            self.sticks.append(Folder(self.root / f"stick{number}"))
        self.taken = 0

    which = st.integers(0, 1)

    @rule(count=st.integers(1, 5))
    def people_come(self, count: int) -> None:
        for _ in range(count):
            self.store.clock.forward(60_000)
            take(self.store, self.office, f"visit {self.taken}")
            self.taken += 1

    @rule(lost=st.booleans())
    def send_by_wire(self, lost: bool) -> None:
        self.central.lose = lambda: lost
        self.courier.send_next()
        self.central.lose = lambda: False

    @rule()
    def a_request_is_lost_on_its_way(self) -> None:
        real, self.central.post_batch = self.central.post_batch, lambda file: Failure("server-down", "lost")
        self.courier.send_next()
        self.central.post_batch = real

    @rule(which=which)
    def carry_out(self, which: int) -> None:
        stick.carry_out(self.store, self.courier.signer, CODE, self.sticks[which], lambda done, of: None)

    @rule(which=which, backwards=st.booleans())
    def central_takes_the_stick(self, which: int, backwards: bool) -> None:
        box = self.sticks[which]
        for name in sorted(box.names(".rekam"), reverse=backwards):
            file = box.read(name, 10**7)
            try:
                claims = batch.read(file).claims
            except BadData:
                continue
            box.put(names.receipt_name(claims.ledger, claims.stream), self.central.post_batch(file).body)
        box.put(names.KEYS, self.central.key_list().encode())

    @rule(which=which)
    def carry_in(self, which: int) -> None:
        stick.carry_in(self.store, self.courier.trust, kiosk_key().thumbprint(), self.sticks[which], lambda *_: None)

    @rule(which=which, keep=st.floats(0, 1))
    def a_file_is_cut(self, which: int, keep: float) -> None:
        for name in self.sticks[which].names("")[:1]:
            file = self.sticks[which].path / name
            file.write_bytes(file.read_bytes()[: int(keep * file.stat().st_size)])

    @rule(which=which)
    def a_stick_is_lost(self, which: int) -> None:
        for entry in self.sticks[which].path.iterdir():
            entry.unlink()

    @rule()
    def receipts_of_one_stick_come_by_the_other(self) -> None:
        one, other = self.sticks
        for name in one.names(".receipt"):
            other.put(name, one.read(name, 10**6))

    def teardown(self) -> None:
        try:
            self.check()
        finally:
            self.store.close()
            shutil.rmtree(self.root)

    def check(self) -> None:
        """Receipts are true at any time; with a good link everything is there, each line once."""
        for state in ledger.states(self.store):
            there = self.central.streams.get((state.ledger, state.name))
            assert state.held <= (there.held if there else 0)
        turns = 0
        while self.courier.send_next().more:
            turns += 1
            assert turns < 100
        for state in ledger.states(self.store):
            assert state.held == state.last
            there = self.central.streams.get((state.ledger, state.name))
            mine = list(ledger.lines(self.store, state.stream, 1, state.last))
            assert [there.lines[n] for n in sorted(there.lines)] == mine if there else not mine


TestCarriers = Carriers.TestCase
TestCarriers.settings = settings(
    max_examples=40, stateful_step_count=25, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
