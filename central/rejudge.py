"""Judges refused lines again, after their cause was mended here: a newer table of regions, or new software.

The kiosk has nothing to do: the lines are in custody, and its next receipt no longer lists them.
"""

from __future__ import annotations

from typing import Final

import msgspec

from central import saying
from central.faults import read_entry
from central.filing import file_lines
from central.opening import Central
from central.store import frames, kiosks, ledgers, refusals, streams
from central.store.database import Database
from central.store.rows import StreamKey

LINES_AT_ONCE: Final = 1000  # in one transaction


class Mended(msgspec.Struct, frozen=True):
    """How many refused lines were taken in after all, and how many stay refused."""

    taken: int = 0
    refused: int = 0


def rejudge(central: Central) -> Mended:
    """Judge every refused line by the rules of now; those without a fault are filed as if they had just arrived."""
    mended = Mended()
    with central.store.session() as database:
        for key in refusals.streams(database):
            kiosk = kiosks.find(database, key.ledger.partition(".")[0])
            above = 0
            while numbers := refusals.above(database, key, above, LINES_AT_ONCE):
                with central.store.write():
                    taken = judge_again(database, central, key, str(kiosk.office) if kiosk else "", numbers)
                mended = Mended(mended.taken + taken, mended.refused + len(numbers) - taken)
                above = numbers[-1]
    return mended


def judge_again(database: Database, central: Central, key: StreamKey, office: str, numbers: list[int]) -> int:
    """Judge these refused lines of a stream inside the caller's transaction; how many were taken in."""
    ledgers.locked(database, key.ledger, central.clock.wall_ms())
    before = streams.locked(database, key)
    rules, known = central.rules(office), refusals.codes(database, key, numbers)
    lines = frames.lines_at(database, key, known)
    entries = [read_entry(n, line, rules) for n, line in sorted(lines.items())]
    good = [entry for entry in entries if not entry.fault]
    refusals.change(
        database, key, {each.n: each.fault for each in entries if each.fault and each.fault != known[each.n]}
    )
    if not good:
        return 0
    refusals.forget(database, key, [entry.n for entry in good])
    file_lines(database, key, good)
    total = before.refused_total - len(good)
    said = saying.said(before.stream, refusals.listing(database, key, before.stream.pair), total)
    pair = saying.next_pair(before.stream.pair, before.said, said)
    stream = msgspec.structs.replace(before.stream, pair=pair)
    after = msgspec.structs.replace(before, stream=stream, said=said, refused_total=total)
    streams.save(database, key, before, after)
    return len(good)
