"""How much to put into one batch.

All sizes are bytes. `file` is what travels (compressed and signed), `raw` the lines as they are stored.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import msgspec

KB: Final = 1024
SMALLEST: Final = 4 * KB
FIRST: Final = 32 * KB
LARGEST: Final = 128 * KB
MOST_RAW: Final = 1024 * KB  # of one batch: compressing more would cost a small machine seconds and memory
LINK_S: Final = 8.0  # so much link time is lost at the most when a connection breaks
USUAL_RATIO: Final = 0.2  # file bytes per raw byte, before the first was measured
TELLING: Final = 8 * KB  # fewer bytes measure the round trip, not the rate
CAP_EASES: Final = 64  # a cap doubles in some 45 batches: what was too large once is tried again, but rarely
AIM: Final = 0.97  # a cut by estimate aims a little below the size, so that one more cut is enough


class Pace(msgspec.Struct, frozen=True):
    """How large the next file may be, and what that rests on; `goodput` in bytes/s, None before the first measure.

    `cap` is the size above which something on the way was too large; it eases with every success.
    """

    size: int = FIRST
    ratio: float = USUAL_RATIO
    goodput: float | None = None
    cap: int = LARGEST


class Sent(msgspec.Struct, frozen=True):
    """A batch that was taken: bytes of its file, raw bytes of its lines, and the rate where it told one."""

    file: int
    raw: int
    goodput: float | None = None


def after_success(pace: Pace, sent: Sent) -> Pace:
    """A batch went through: by half larger, if it used its size, within eight seconds of the link and the cap.

    A file that was taken shows that neither size nor cap need be smaller than it.
    """
    goodput = blended(pace.goodput, sent.goodput)
    wanted = max(grown(pace.size), sent.file) if 2 * sent.file >= pace.size else pace.size
    shown = min(max(pace.cap, sent.file), LARGEST)
    most = min(shown, LARGEST if goodput is None else clamped(goodput * LINK_S))
    ratio = blended(pace.ratio, sent.file / sent.raw) if sent.raw >= TELLING else pace.ratio  # else mostly the JWS
    cap = min(LARGEST, shown + shown // CAP_EASES + 1)
    return Pace(max(1, min(wanted, most)), ratio or pace.ratio, goodput, cap)


def after_failure(pace: Pace) -> Pace:
    """A batch broke off on its way: half as large, but not below what even a bad link carries."""
    return msgspec.structs.replace(pace, size=max(pace.size // 2, min(pace.size, SMALLEST)))


def after_too_large(pace: Pace, file: int, limit: int | None) -> Pace:
    """Somebody on the way takes no `file` bytes: half of that, down to one line, and not soon more."""
    half = max(1, min(pace.size, file) // 2)
    most = half if limit is None else max(half, min(limit, file - 1, pace.cap))
    return msgspec.structs.replace(pace, size=half, cap=max(1, most))


def grown(size: int) -> int:
    """By half larger, and at least by a byte: half of one byte is nothing."""
    return max(size + 1, size * 3 // 2)


def at_start(pace: Pace) -> Pace:
    """What a new process believes of a remembered pace: no cap, and no size below the smallest."""
    return msgspec.structs.replace(pace, size=clamped(pace.size), cap=LARGEST)


def clamped(size: float) -> int:
    """A size within 4 and 128 kB."""
    return int(min(max(size, SMALLEST), LARGEST))


def blended(old: float | None, new: float | None) -> float | None:
    """The mean of what was known and what was measured now."""
    if old is None or new is None:
        return old if new is None else new
    return (old + new) / 2


def measured(acknowledged: int, seconds: float, round_trip_s: float) -> float | None:
    """Bytes/s of an exchange without its one idle round trip; None when it was too short to tell."""
    if acknowledged < TELLING or seconds <= 0:
        return None
    return acknowledged / max(seconds - round_trip_s, seconds / 4)


def raw_budget(pace: Pace, size: int) -> int:
    """Raw bytes of lines that should make a file of `size`."""
    return int(min(max(size / max(pace.ratio, 0.01), 1), MOST_RAW))


def fewer(count: int, made: int, wanted: int) -> int:
    """How many of `count` lines to try after they made a file of `made` bytes instead of `wanted`; at least one."""
    return max(1, min(count - 1, int(count * wanted / made * AIM)))


def cut(lines: Iterable[bytes], most: int) -> list[bytes]:
    """The longest run of `lines` of at most `most` raw bytes, but at least one line if there is any."""
    taken: list[bytes] = []
    size = 0
    for line in lines:
        size += len(line) + 1
        if taken and size > most:
            break
        taken.append(line)
    return taken


def next_range(held: int, floor: int, last: int, also: Iterable[tuple[int, int]]) -> tuple[int, int] | None:
    """The first and last number that central lacks and the kiosk still has; None when there is nothing to send.

    Ranges that central has above a gap are skipped.
    """
    first = max(held + 1, floor)
    for start, end in also:
        if first < start:
            return first, start - 1
        first = max(first, end + 1)
    return (first, last) if first <= last else None
