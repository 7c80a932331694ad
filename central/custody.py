"""What a batch does to a stream, inside one transaction: lock, compare, store what is new, say where it stands."""

from __future__ import annotations

from typing import Final

import msgspec

from agent.domain.custody import LINK, Carrier
from agent.wire import base64url
from agent.wire.batch import Batch, Claims
from agent.wire.receipt import Problem, Refused
from central import saying
from central.faults import Entry
from central.filing import file_lines
from central.judge import Offer, Stream, Verdict, after_seen, judge
from central.saying import Spoken
from central.sealed import keep_subjects
from central.store import frames, ledgers, refusals, streams
from central.store.database import Database
from central.store.rows import StreamKey
from central.store.streams import Standing

NEW: Final = 201
HELD: Final = 200
MISMATCH: Final = 409
REVOKED: Final = 403


class Parcel(msgspec.Struct, frozen=True):
    """A batch that was read, its chains, and its lines with their faults."""

    batch: Batch
    key: StreamKey
    chains: list[bytes]
    entries: dict[int, Entry]
    carrier: Carrier = LINK

    @property
    def offer(self) -> Offer:
        """The claims as the judge wants them."""
        claims = self.batch.claims
        before = base64url.decode(claims.before, field="before", size=32)
        return Offer(claims.first, claims.last, before, self.chains, claims.floor, claims.seen)


class Taken(msgspec.Struct, frozen=True):
    """What became of a parcel: the HTTP status, and the receipt but for its moment and key."""

    status: int
    spoken: Spoken


def keep(database: Database, parcel: Parcel, now: int) -> Taken:
    """Judge the parcel and store what is new; a mismatch stores nothing of it."""
    claims, key = parcel.batch.claims, parcel.key
    ledger = ledgers.locked(database, claims.ledger, now)
    s_max = ledgers.note(database, ledger, claims, now)
    before = streams.locked(database, key)
    known = frames.chains(database, key, claims.first - 1, claims.last)
    verdict = judge(before.stream, known, parcel.offer)
    stored = store_fresh(database, parcel, verdict, before, now) if verdict.mismatch is None else before
    after = spoken_after(database, key, verdict.stream, stored, claims)
    streams.save(database, key, before, after)
    problem = None if verdict.mismatch is None else Problem("chain-mismatch", verdict.mismatch)
    spoken = Spoken(*key, after.said, after.stream.pair, claims.s, s_max, problem)
    return Taken(MISMATCH if problem else NEW if verdict.fresh else HELD, spoken)


def store_fresh(database: Database, parcel: Parcel, verdict: Verdict, before: Standing, now: int) -> Standing:
    """Store the lines that are new; returns the standing with its totals, before anything is said."""
    claims, key = parcel.batch.claims, parcel.key
    entries = [parcel.entries[n] for first, last in verdict.fresh for n in range(first, last + 1)]
    faults = [(entry.n, entry.fault) for entry in entries if entry.fault]
    if entries:
        number = ledgers.next_frame(database, claims.ledger)
        arrival = frames.Arrival(now, parcel.carrier)
        frames.keep(database, parcel.batch, parcel.chains, number, verdict.fresh, arrival)
        refusals.add(database, key, faults)
        file_lines(database, key, entries)
        keep_subjects(database, key, entries, parcel.batch.sealed, now)
    return msgspec.structs.replace(
        before,
        claimed=max(before.claimed, claims.last),
        lines=before.lines + len(entries),
        refused_total=before.refused_total + len(faults),
        lost_total=before.lost_total + verdict.lost,
    )


def spoken_after(database: Database, key: StreamKey, stream: Stream, stored: Standing, claims: Claims) -> Standing:
    """The standing with what its next receipt says, under the pair that this deserves."""
    listed: list[Refused] = []
    if stored.refused_total:
        listed = refusals.listing(database, key, claims.seen)
    text = saying.said(stream, listed, stored.refused_total)
    pair = saying.next_pair(stream.pair, stored.said, text)
    refusals.told(database, key, listed, pair)
    return msgspec.structs.replace(stored, stream=msgspec.structs.replace(stream, pair=pair), said=text)


def turned_away(database: Database, claims: Claims) -> Taken:
    """The answer for a revoked kiosk; nothing is stored."""
    key = StreamKey(claims.ledger, claims.stream)
    standing = streams.find(database, key) or streams.unknown(key)
    stream = after_seen(standing.stream, claims.seen)
    s_max = max(claims.s, ledgers.s_max(database, claims.ledger))
    spoken = Spoken(*key, standing.said or saying.said(stream), stream.pair, claims.s, s_max, Problem("revoked"))
    return Taken(REVOKED, spoken)


def standing_now(database: Database, key: StreamKey, s: int) -> Spoken:
    """What the newest receipt of a stream says, in answer to `s`; nothing changes."""
    standing = streams.find(database, key) or streams.unknown(key)
    stream = standing.stream
    s_max = max(s, ledgers.s_max(database, key.ledger))
    return Spoken(*key, standing.said or saying.said(stream), stream.pair, s, s_max)
