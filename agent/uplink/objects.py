"""Lines into object storage and receipts out of it: what a stick does, on a timetable, without listing what lies there.

What was put is remembered here and not read back, which would cost a metered link twice. Where
central says nothing more of it for a day, it is put again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import msgspec

from agent.domain import batching, resending
from agent.domain.custody import OBJECTS
from agent.domain.resending import Waiting
from agent.errors import Unreachable
from agent.store import forks, handing, ledger
from agent.uplink import stick
from agent.uplink.courier import purpose
from agent.uplink.signing import claims_of, status_of
from agent.uplink.stick import Carried, Letters, Tell
from agent.uplink.trips_down import TripsDown
from agent.wire import names, pairing
from agent.wire import receipt as wire_receipt

if TYPE_CHECKING:
    from collections.abc import Iterator

    from agent.domain.pieces import Piece
    from agent.folder import Box
    from agent.store.database import Store
    from agent.store.ledger import StreamState
    from agent.uplink.courier import Courier
    from agent.uplink.load import Load
    from agent.wire.batch import Claims

BEAT: Final = "objects_beat"
BEAT_MS: Final = 6 * 3_600_000  # a sign of life at least so often, though there are no lines


class Spared:
    """A box that asks the day's bytes before each file; raises Unreachable `out-of-bytes` once a heartbeat has none."""

    def __init__(self, box: Box, load: Load) -> None:
        self.box = box
        self.load = load

    def names(self, ending: str) -> list[str]:
        """Our files with that ending."""
        self.ask()
        return self.box.names(ending)

    def read(self, name: str, most: int) -> bytes | None:
        """A file, None where there is none."""
        self.ask()
        return self.box.read(name, most)

    def put(self, name: str, content: bytes) -> None:
        """Write a file whole."""
        self.ask()
        self.box.put(name, content)

    def delete(self, name: str) -> None:
        """Remove a file, if it is there."""
        self.ask()
        self.box.delete(name)

    def ask(self) -> None:
        """Raises Unreachable `out-of-bytes`."""
        if not self.load.affords_a_word():
            raise Unreachable(
                "out-of-bytes", "the bytes of this day are spent ([upload] daily_bytes); wait for tomorrow"
            )


def carry(courier: Courier, office: str, box: Box, tell: Tell) -> Carried:
    """Hear what central answered there, then put what it lacks, within the day's bytes; the box pays for what it moves.

    Raises Unreachable: what was done by then is good.
    """
    store, box = courier.store, Spared(box, courier.load)
    letters = stick.letters_in(store, box)  # before the lock: the link must not wait for another server
    if TripsDown(store, courier.trust).wants(promised(letters)):
        letters |= stick.trips_in(courier.signer.key.thumbprint(), box)
    with courier.hearing:
        lines, answers = stick.hear(store, courier.trust, letters)
    paired = ledger.facts(store, "pairing").get("pairing") == "paired"
    if not paired:
        request = pairing.sign(office, courier.signer.key)
        box.put(names.pair_name(courier.signer.key.thumbprint()), request.encode("ascii"))
    while forks.carry_some(store):
        pass
    files = sum(put_stream(courier, box, state, tell) for state in ledger.states(store))
    if files or beat_is_due(store):
        put_beat(courier, box)
    return Carried(files, lines, paired, answers)


def promised(letters: Letters) -> str | None:
    """The mark of told trips in what lies there; each file that is asked for in vain costs a metered link."""
    marks = [wire_receipt.trips_mark(token) for name, token in letters.items() if name.endswith(".receipt")]
    return next(filter(None, marks), None)


def put_stream(courier: Courier, box: Box, state: StreamState, tell: Tell) -> int:
    """Put the lines of a stream that central lacks and that do not lie there; how many files."""
    give_up_waiting(courier.store, state)
    files, there = 0, handing.handed(courier.store, state.stream, OBJECTS)
    for span in list(stick.spans_missing(state, there)):
        for file, claims in cut_up(courier, state, span):
            box.put(names.batch_name(file), file)
            handing.note(courier.store, state.stream, OBJECTS, claims.first, claims.last)
            tell(claims.last, state.last)
            files += 1
    return files


def cut_up(courier: Courier, state: StreamState, span: Piece) -> Iterator[tuple[bytes, Claims]]:
    """Files of the lines in `span`, of the size that suits the link; none more once the day's bytes are spent."""
    first, last = span
    while first <= last and (size := courier.load.room(purpose(state.name), last - first + 1)) is not None:
        most = batching.raw_budget(courier.load.pace(), size)
        file, _, _ = courier.signer.batch(state, (first, last), most, size)
        claims = claims_of(file)
        yield file, claims
        first = claims.last + 1


def give_up_waiting(store: Store, state: StreamState) -> None:
    """Forget what was put there if central has said nothing new of this stream for a day."""
    name, now = f"objects@{state.name}", store.clock.wall_ms()
    kept = ledger.facts(store, name).get(name)
    before = msgspec.json.decode(kept, type=Waiting) if kept else None
    waiting = resending.waiting(before, state.held, now)
    if resending.is_over(waiting, now):
        handing.take_back(store, state.stream, OBJECTS, state.held)
        waiting = Waiting(state.held, now)
    if waiting != before:
        with store.write():
            ledger.set_fact(store, name, msgspec.json.encode(waiting).decode())


def beat_is_due(store: Store) -> bool:
    """Whether the last sign of life there is hours old."""
    last = int(ledger.facts(store, BEAT).get(BEAT, 0))
    return not 0 <= store.clock.wall_ms() - last < BEAT_MS


def put_beat(courier: Courier, box: Box) -> None:
    """A heartbeat, which central answers with its newest receipt."""
    store = courier.store
    state = ledger.state(store, ledger.ENROLLMENTS)
    beat, _ = courier.signer.heartbeat(state, status_of(store, "good"))
    box.put(names.batch_name(beat), beat)
    with store.write():
        ledger.set_fact(store, BEAT, str(store.clock.wall_ms()))
