"""What a receipt says of a stream, and when that is news. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from agent.wire import base64url
from agent.wire.batch import Seen
from agent.wire.receipt import MAX_ALSO, Held, Problem, Range, Receipt, Refused
from central.judge import Stream


class Said(msgspec.Struct, frozen=True):
    """The part of a receipt that is about the stream; another text of it is another `seq`."""

    held: Held
    also: list[Range]
    refused: list[Refused]
    refused_total: int


def said(stream: Stream, refused: Sequence[Refused] = (), refused_total: int = 0) -> bytes:
    """JSON of what the next receipt says of `stream`."""
    also = [Range(run.first, run.last, base64url.encode(run.chain)) for run in stream.runs[:MAX_ALSO]]
    held = Held(stream.held, base64url.encode(stream.chain))
    return msgspec.json.encode(Said(held, also, list(refused), refused_total))


def next_pair(pair: Seen, before: bytes, after: bytes) -> Seen:
    """Epoch and seq of a receipt that says `after`, when the last one said `before`."""
    is_news = before != after or pair.seq == 0
    return Seen(pair.epoch, pair.seq + 1) if is_news else pair


class Spoken(msgspec.Struct, frozen=True):
    """All of a receipt that the database knows; the rest is the moment and the key."""

    ledger: str
    stream: str
    said: bytes
    pair: Seen
    s: int
    s_max: int
    problem: Problem | None = None

    def receipt(self, **rest: Any) -> Receipt:
        """The receipt; `rest` are `at`, `settings` and `keys`."""
        body = msgspec.json.decode(self.said, type=Said)
        return Receipt(
            v=1,
            ledger=self.ledger,
            stream=self.stream,
            held=body.held,
            also=body.also,
            refused=body.refused,
            refused_total=body.refused_total,
            epoch=self.pair.epoch,
            seq=self.pair.seq,
            s=self.s,
            s_max=self.s_max,
            problem=self.problem,
            **rest,
        )
