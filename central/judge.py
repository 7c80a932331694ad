"""What a batch changes of a stream: the one decision of the receiver, without a database.

A stream is known by numbers. Lines 1…held are held or counted as lost; above a gap lie runs of
held lines, provisional until the gap closes. Two lines are the same line when their chains are
equal, so every check below is an equality of chains at one number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from agent.domain.pieces import Pieces, overlapped, without
from agent.wire.batch import Seen
from central.spans import Lost, Run, count, first_gap, merge


class Stream(msgspec.Struct, frozen=True):
    """What central holds of a stream; `chain` is the one at `held`, `pair` that of its last receipt."""

    held: int
    chain: bytes
    runs: tuple[Run, ...] = ()
    lost: tuple[Lost, ...] = ()
    pair: Seen = Seen(1, 0)

    def has(self, first: int, last: int) -> Pieces:
        """The parts of first…last whose lines are held."""
        below = without([(first, min(last, self.held))], [(lost.first, lost.last) for lost in self.lost])
        above = overlapped([(run.first, run.last) for run in self.runs], first, last)
        return (*below, *above)


class Offer(msgspec.Struct, frozen=True):
    """What the claims of a batch say; `chains` has the 32 bytes at each line, none for a heartbeat."""

    first: int
    last: int
    before: bytes
    chains: Sequence[bytes]
    floor: int
    seen: Seen = Seen()

    def at(self) -> dict[int, bytes]:
        """Number → chain, from the one before `first` to the one at `last`."""
        return dict(enumerate((self.before, *self.chains), self.first - 1))


class Verdict(msgspec.Struct, frozen=True):
    """The stream afterwards, the lines to store, and how many numbers were given up or found.

    `mismatch` is the lowest number where the chains differ; then nothing else has changed.
    """

    stream: Stream
    fresh: Pieces = ()
    lost: int = 0
    mismatch: int | None = None


def judge(stream: Stream, known: Mapping[int, bytes], offer: Offer) -> Verdict:
    """What `offer` changes; `known` has the chains of held lines from first - 1 to last."""
    stream = after_seen(stream, offer.seen)
    mismatch = clash(stream, known, offer)
    if mismatch is not None:
        return Verdict(stream, mismatch=mismatch)
    counted = past_floor(stream, offer) if offer.first == offer.floor else stream
    fresh = without([(offer.first, offer.last)] if offer.chains else [], counted.has(offer.first, offer.last))
    after = joined(counted, offer) if fresh else counted
    return Verdict(after, fresh, lost=count(after.lost) - count(stream.lost))


def after_seen(stream: Stream, seen: Seen) -> Stream:
    """Shown a receipt newer than our newest, this central was restored: a new epoch begins."""
    return msgspec.structs.replace(stream, pair=Seen(seen.epoch + 1, 0)) if seen > stream.pair else stream


def clash(stream: Stream, known: Mapping[int, bytes], offer: Offer) -> int | None:
    """The lowest number where the offered chain is not the known one."""
    ours = {**known, **knots(stream)}
    theirs = offer.at()
    if not offer.chains and offer.first != offer.floor:  # a heartbeat is compared only up to ours
        theirs = {n: chain for n, chain in theirs.items() if n <= stream.held}
    return min((n for n, chain in theirs.items() if ours.get(n, chain) != chain), default=None)


def knots(stream: Stream) -> dict[int, bytes]:
    """Chains that are known though the line at that number may be missing."""
    return {
        **{run.first - 1: run.before for run in stream.runs},
        **{lost.last: lost.chain for lost in stream.lost},
        stream.held: stream.chain,
    }


def past_floor(stream: Stream, offer: Offer) -> Stream:
    """Central lacks lines that the kiosk no longer has: they are counted as lost."""
    target = offer.floor - 1
    if target <= stream.held:
        return stream
    gone: list[Lost] = []
    top = stream.held
    below = [run for run in stream.runs if run.first <= target + 1]
    for run in (*below, Run(target + 1, target, offer.before, offer.before)):
        if run.first > top + 1:
            gone.append(Lost(top + 1, run.first - 1, run.before))
        top = max(top, run.last)
    return settled(stream, target, offer.before, tuple(gone))


def settled(stream: Stream, target: int, chain: bytes, gone: tuple[Lost, ...]) -> Stream:
    """The stream with `held` at `target`, or at the end of the run that reaches over it."""
    over = [run for run in stream.runs if run.first <= target + 1 and run.last >= target]
    held, chain = (over[-1].last, over[-1].chain) if over else (target, chain)
    runs = tuple(run for run in stream.runs if run.first > held)
    return msgspec.structs.replace(stream, held=held, chain=chain, runs=runs, lost=(*stream.lost, *gone))


def joined(stream: Stream, offer: Offer) -> Stream:
    """The stream with the lines first…last: found again, above a gap, or going on from `held`."""
    lost = tuple(piece for each in stream.lost for piece in each.without(offer.first, offer.last, offer.before))
    stream = msgspec.structs.replace(stream, lost=lost)
    if offer.last <= stream.held:
        return stream
    run = Run(offer.first, offer.last, offer.before, offer.chains[-1])
    runs = merge((*stream.runs, run))
    if first_gap(stream.held, runs):
        return msgspec.structs.replace(stream, runs=runs)
    return msgspec.structs.replace(stream, held=runs[0].last, chain=runs[0].chain, runs=runs[1:])
