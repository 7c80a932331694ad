"""An office, a receiver, a link, two sticks and a bucket: everything may be lost, repeated, cut, late or out of order.

A state machine for hypothesis. Whatever happened, at the end central has each line once and as it
was written, and no receipt was ever believed that said more than central holds.
"""

from __future__ import annotations

import shutil
import tempfile
from functools import cache
from itertools import count
from pathlib import Path

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from agent.folder import Folder
from agent.store import ledger
from agent.uplink import objects, stick
from agent.uplink.answers import Failure
from agent.uplink.courier import Courier
from agent.uplink.signing import Signer
from agent.uplink.trust import Trust
from central import carry
from central.keys import create_central
from central.store import frames, kiosks, streams
from central.store.rows import StreamKey
from tests.builders import drawn
from tests.fakes import HOUR, FakeClock
from tests.integration.central_desk import Desk
from tests.integration.central_desk import FakeClock as CentralClock
from tests.real_central import Wire
from tests.small_office import CODE, kiosk_key, small_office, small_store, take

PLACES = (0, 1, 2)  # two sticks and the bucket
BUCKET = 2


class Shelf:
    """Files in memory, as a bucket has them."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def names(self, ending: str) -> list[str]:
        return sorted(name for name in self.files if name.endswith(ending))

    def read(self, name: str, most: int) -> bytes | None:
        return self.files[name][:most] if name in self.files else None

    def put(self, name: str, content: bytes) -> None:
        self.files[name] = content

    def delete(self, name: str) -> None:
        self.files.pop(name, None)


@cache
def new_central() -> Path:
    """A receiver's files, made once: keys take longer than all the rest."""
    home = Path(tempfile.mkdtemp(prefix="carriers-central-"))
    create_central(home / "new", None, CentralClock(), drawn())
    return home / "new"


class Carriers(RuleBasedStateMachine):
    """What people, links, sticks and clouds do."""

    deliveries = 0  # over all runs: how often files went from one place to another

    def __init__(self) -> None:
        super().__init__()
        self.root = Path(tempfile.mkdtemp(prefix="carriers-"))
        self.desk = Desk(shutil.copytree(new_central(), self.root / "central"), CentralClock())
        self.store = small_store(self.root / "office", FakeClock())
        self.office = small_office(self.store.home, root=self.desk.root)
        self.wire = Wire(self.desk.client)
        trust = Trust(self.store.home, self.desk.root)
        self.courier = Courier(self.store, Signer(self.store, kiosk_key()), trust, self.wire, drawn())
        self.boxes: list[Folder | Shelf] = [self.stick(0), self.stick(1), Shelf()]
        self.seen: set[tuple[str, bytes]] = set()  # every file that ever lay anywhere
        self.believed: dict[str, int] = {}
        self.numbers = count()

    def stick(self, number: int) -> Folder:
        (self.root / f"stick{number}").mkdir()
        return Folder(self.root / f"stick{number}")

    @rule(people=st.integers(1, 4))
    def people_come(self, people: int) -> None:
        for _ in range(people):
            self.store.clock.forward(60_000)
            take(self.store, self.office, f"visit {next(self.numbers)}")

    @rule(hours=st.sampled_from([1, 7, 25]))
    def hours_pass(self, hours: int) -> None:
        self.store.clock.forward(hours * HOUR)
        self.desk.clock.now += hours * HOUR

    @rule()
    def somebody_approves(self) -> None:
        with self.desk.central.store.write() as database:
            kiosks.ask(database, kiosk_key().thumbprint(), CODE, self.desk.clock.now)
            kiosks.set_state(database, kiosk_key().thumbprint(), "approved")

    @rule(lost=st.booleans())
    def send_by_link(self, lost: bool) -> None:
        Carriers.deliveries += 1
        self.wire.lose = lambda: lost
        self.courier.send_next()
        self.wire.lose = lambda: False

    @rule()
    def a_request_is_lost_on_its_way(self) -> None:
        self.courier.central, kept = Silent(), self.courier.central
        self.courier.send_next()
        self.courier.central = kept

    @rule()
    def a_sign_of_life(self) -> None:
        self.courier.heartbeat("good")

    @rule(where=st.sampled_from(PLACES))
    def the_office_puts(self, where: int) -> None:
        Carriers.deliveries += 1
        box = self.boxes[where]
        if where == BUCKET:
            objects.carry(self.courier, CODE, box, lambda *_: None)
        else:
            stick.carry_out(self.store, self.courier.signer, CODE, box, lambda *_: None)
        self.seen |= {(name, box.read(name, 10**7)) for name in box.names("")}

    @rule(where=st.sampled_from(PLACES))
    def central_takes(self, where: int) -> None:
        Carriers.deliveries += 1
        box = self.boxes[where]
        carry.carry(self.desk.central, box, "objects" if where == BUCKET else "stick")
        self.seen |= {(name, box.read(name, 10**7)) for name in box.names("")}

    @rule(where=st.sampled_from(PLACES))
    def the_office_hears(self, where: int) -> None:
        Carriers.deliveries += 1
        box, trust, own = self.boxes[where], self.courier.trust, kiosk_key().thumbprint()
        if where == BUCKET:
            stick.hear(self.store, trust, stick.letters_in(self.store, box))
        else:
            stick.carry_in(self.store, trust, own, box, lambda *_: None, self.courier.hearing)

    @rule(where=st.sampled_from(PLACES), which=st.integers(0, 99), keep=st.floats(0, 1))
    def a_file_is_cut(self, where: int, which: int, keep: float) -> None:
        box = self.boxes[where]
        if names := box.names(""):
            name = names[which % len(names)]
            content = box.read(name, 10**7) or b""
            box.put(name, content[: int(keep * len(content))])

    @rule(where=st.sampled_from(PLACES), which=st.integers(0, 99))
    def a_file_is_lost(self, where: int, which: int) -> None:
        if names := self.boxes[where].names(""):
            self.boxes[where].delete(names[which % len(names)])

    @rule(where=st.sampled_from(PLACES), which=st.integers(0, 999), ending=st.sampled_from(["", ".receipt"]))
    def an_old_file_turns_up(self, where: int, which: int, ending: str) -> None:
        if known := sorted(each for each in self.seen if each[0].endswith(ending)):
            self.boxes[where].put(*known[which % len(known)])

    @invariant()
    def what_is_believed_is_held_and_never_taken_back(self) -> None:
        with self.desk.central.store.session() as database:
            for state in ledger.states(self.store):
                standing = streams.find(database, StreamKey(state.ledger, state.name))
                assert self.believed.get(state.name, 0) <= state.held <= (standing.stream.held if standing else 0)
                self.believed[state.name] = state.held

    def teardown(self) -> None:
        try:
            self.check()
        finally:
            self.store.close()
            self.desk.close()
            shutil.rmtree(self.root)

    def drain(self, where: int) -> None:
        """Three good rounds of one carrier alone, whichever it is."""
        self.somebody_approves()
        for _ in range(3):
            self.hours_pass(25)  # so that what was lost in the bucket is put again
            if where in PLACES:
                self.the_office_puts(where)
                self.central_takes(where)
                self.the_office_hears(where)
            while where not in PLACES and self.courier.send_next().more:
                Carriers.deliveries += 1

    def check(self) -> None:
        """Once any carrier works everything arrives, and central has each line once, as it was written."""
        self.drain(next(self.numbers) % (len(PLACES) + 1))
        with self.desk.central.store.session() as database:
            for state in ledger.states(self.store):
                key = StreamKey(state.ledger, state.name)
                held = [line for span in frames.spans_of(database, key) for line in frames.lines_of(database, span)]
                mine = list(enumerate(ledger.lines(self.store, state.stream, 1, state.last), 1))
                assert (state.held, held) == (state.last, mine)


class Silent:
    """A link on which every request is lost."""

    def post_batch(self, _file: bytes) -> Failure:
        return Failure("server-down", "lost")
