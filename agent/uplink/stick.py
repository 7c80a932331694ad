"""Batches out, receipts back, by a carrier that answers later: a stick, or a box in an object store.

The files are those of HTTPS. Nothing here moves a cursor but a receipt, so any mix of carriers,
in any order, with losses and repeats, ends the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import TYPE_CHECKING, Final

import msgspec

from agent.domain import batching
from agent.domain.batching import LARGEST, Pace, Sent
from agent.domain.custody import STICK
from agent.domain.pieces import Piece
from agent.errors import BadData
from agent.folder import Box
from agent.store import forks, handing, ledger, pruning, receipts
from agent.store.database import Store
from agent.uplink import belief
from agent.uplink.courier import own, remember_pairing
from agent.uplink.settings_down import SettingsDown
from agent.uplink.signing import Signer, claims_of, status_of
from agent.uplink.trips_down import TripsDown
from agent.wire import names, pairing
from agent.wire import receipt as wire_receipt
from agent.wire.batch import MAX_JWS, Claims, read_token

if TYPE_CHECKING:
    from agent.store.ledger import StreamState
    from agent.uplink.trust import Trust

BATCH: Final = ".rekam"
TRIPS: Final = "trips"
MOST_FILE: Final = 1024 * 1024  # of our own files; a larger one is not ours
MOST_TOKEN: Final = 256 * 1024

Tell = Callable[[int, int], object]
Letters = dict[str, str]


class Carried(msgspec.Struct, frozen=True):
    """What a carrying came to: files written or deleted, lines in them or receipted; receipts, others' batches."""

    files: int = 0
    lines: int = 0
    paired: bool = False
    answers: int = 0
    foreign: int = 0


def carry_out(store: Store, signer: Signer, office: str, box: Box, tell: Tell) -> Carried:
    """Put every line that central lacks into `box`; what lies there whole already is not put twice.

    `tell(done, of)` hears the lines done of all. Raises Unreachable when the carrier is gone or
    full; what was put by then is good.
    """
    paired = ledger.facts(store, "pairing").get("pairing") == "paired"
    thumbprint = signer.key.thumbprint()
    if not paired:
        box.put(names.pair_name(thumbprint), pairing.sign(office, signer.key).encode("ascii"))
    while forks.carry_some(store):
        pass
    there, foreign = batches_in(box, thumbprint)
    states = ledger.states(store)
    missing = [(state, span) for state in states for span in spans_missing(state, covered_by(there, state))]
    total, done, files = sum(last - first + 1 for _, (first, last) in missing), 0, 0
    for state, span in missing:
        for file, claims in cut_up(signer, state, span):
            box.put(names.batch_name(file), file)
            handing.note(store, state.stream, STICK, claims.first, claims.last)
            done, files = done + claims.count, files + 1
            tell(done, total)
    beat, _ = signer.heartbeat(ledger.state(store, ledger.ENROLLMENTS), status_of(store, "good"))
    box.put(names.batch_name(beat), beat)
    drop(box, {name for name, claims in there.items() if not claims.count or is_held(store, claims)})
    return Carried(files, done, paired, foreign=foreign)


def cut_up(signer: Signer, state: StreamState, span: tuple[int, int]) -> Iterator[tuple[bytes, Claims]]:
    """Files of the lines in `span`, none larger than a batch may be, each with its claims."""
    pace, (first, last) = Pace(size=LARGEST), span
    while first <= last:
        most = batching.raw_budget(pace, LARGEST)
        file, _, raw = signer.batch(state, (first, last), most, LARGEST)
        claims = claims_of(file)
        yield file, claims
        pace, first = batching.after_success(pace, Sent(len(file), raw)), claims.last + 1


def covered_by(there: dict[str, Claims], state: StreamState) -> Iterator[Piece]:
    """The lines of a stream that lie in the box."""
    for claims in there.values():
        if claims.count and (claims.ledger, claims.stream) == (state.ledger, state.name):
            yield claims.first, claims.last


def spans_missing(state: StreamState, there: Iterable[Piece]) -> Iterator[Piece]:
    """The lines that neither central nor the box has."""
    held, also = state.held, sorted([*there, *((have.first, have.last) for have in state.also)])
    while (span := batching.next_range(held, state.floor, state.last, also)) is not None:
        yield span
        held = span[1]


def batches_in(box: Box, thumbprint: str) -> tuple[dict[str, Claims], int]:
    """Name → claims of each batch file in `box` that is whole and signed by this kiosk's key; how many are others'."""
    own, foreign = dict[str, Claims](), 0
    for name in box.names(BATCH):
        head = (box.read(name, MAX_JWS + 1) or b"").partition(b"\n")[0]
        try:
            claims, signer = read_token(head.decode("ascii", "replace"))
        except BadData:
            continue
        if signer != thumbprint:
            foreign += 1
        elif names.batch_name(box.read(name, MOST_FILE) or b"") == name:
            own[name] = claims
    return own, foreign


def carry_in(
    store: Store, trust: Trust, thumbprint: str, box: Box, tell: Tell, hearing: AbstractContextManager[object]
) -> Carried:
    """Believe central's receipts in `box`, then delete there what central holds, sealed subjects with it.

    `hearing` is the courier's: receipts are judged one after the other, but nobody waits for a slow
    stick. Raises Unreachable when the carrier is gone.
    """
    letters = letters_in(store, box) | trips_in(thumbprint, box)
    with hearing:
        lines, answers = hear(store, trust, letters)
    tell(1, 1)
    there, foreign = batches_in(box, thumbprint)
    gone = {name for name, claims in there.items() if is_held(store, claims)}
    paired = ledger.facts(store, "pairing").get("pairing") == "paired"
    drop(box, gone | ({names.pair_name(thumbprint)} if paired else set()))
    return Carried(len(gone), lines, paired, answers, foreign)


def letters_in(store: Store, box: Box) -> Letters:
    """What central wrote to this kiosk: key list, settings and a receipt for each stream, as far as they lie there."""
    wanted = [names.receipt_name(state.ledger, state.name) for state in ledger.states(store)]
    found = {name: box.read(name, MOST_TOKEN) or b"" for name in (names.KEYS, names.SETTINGS, *wanted)}
    return {name: text.decode("ascii", "replace").strip() for name, text in found.items() if text}


def trips_in(thumbprint: str, box: Box) -> Letters:
    """What central told this kiosk of its siblings' trips, if that lies there."""
    text = box.read(names.trips_name(thumbprint), MOST_TOKEN)
    return {TRIPS: text.decode("ascii", "replace").strip()} if text else {}


def hear(store: Store, trust: Trust, letters: Letters) -> tuple[int, int]:
    """Believe what central wrote: how many more lines it holds, and how many receipts there were.

    The caller holds the courier's `hearing`.
    """
    trust.accept(letters.get(names.KEYS, ""))
    if settings := letters.get(names.SETTINGS):
        SettingsDown(store, trust).accept(settings)
    if told := letters.get(TRIPS):
        TripsDown(store, trust).accept(told)
    found = [believe_receipt(store, trust, letters, state) for state in ledger.states(store)]
    return sum(more or 0 for more in found), sum(more is not None for more in found)


def believe_receipt(store: Store, trust: Trust, letters: Letters, state: StreamState) -> int | None:
    """Move the cursor as the carried receipt of a stream says; by how many lines, None without a receipt."""
    token = letters.get(names.receipt_name(state.ledger, state.name), "")
    try:
        receipt = wire_receipt.read(token, trust.keys())
    except BadData:
        return None
    if belief.judge(receipt, own(store, state, receipt), None).verdict != "believe":
        return 0
    receipts.apply(store, state.stream, receipt, token, fresh=False)
    remember_pairing(store, "paired")
    return receipt.held.n - state.held


def is_held(store: Store, claims: Claims) -> bool:
    """Whether central holds all lines of a file, under whichever ledger they came to it."""
    found = store.rows(
        "SELECT s.number FROM stream s JOIN ledger l ON l.number = s.ledger WHERE l.name = ? AND s.name = ?",
        claims.ledger, claims.stream,
    )  # fmt: skip
    held = dict(pruning.receipted(store))
    return bool(claims.count and found) and held.get(found[0][0], 0) >= claims.last


def drop(box: Box, gone: set[str]) -> None:
    """Delete files of the box."""
    for name in sorted(gone):
        box.delete(name)
