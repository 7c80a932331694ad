"""What an ESC/POS printer says of itself when it is asked in real time: DLE EOT n, one byte each."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

QUESTIONS: Final = (1, 2, 4)  # the printer, why it is off line, its paper
FIXED, FIXED_ARE = 0x93, 0x12  # these bits are the same in every true answer
OFF_LINE: Final = 0x08
COVER, PAPER_STOP, ERROR = 0x04, 0x20, 0x40
NEAR_END, END = 0x0C, 0x60


def question(number: int) -> bytes:
    """DLE EOT n."""
    return bytes((0x10, 0x04, number))


def read_status(answers: Mapping[int, int]) -> dict[str, float]:
    """Readings of the ticket printer in the answers that can be true; none of a question that has none."""
    true = {number: byte for number, byte in answers.items() if byte & FIXED == FIXED_ARE}
    found: dict[str, float] = {}
    if (cause := true.get(2)) is not None:
        found |= {"printer_cover_open": flag(cause & COVER), "printer_error": flag(cause & ERROR)}
        found["printer_paper_out"] = flag(cause & PAPER_STOP)
    if (paper := true.get(4)) is not None:
        found["printer_paper_out"] = max(found.get("printer_paper_out", 0.0), flag(paper & END))
        found["printer_paper_low"] = flag(paper & NEAR_END)
    if (state := true.get(1)) is not None:
        explained = any(found.get(f"printer_{cause}") for cause in ("cover_open", "error", "paper_out"))
        found["printer_online"] = flag(not state & OFF_LINE or explained)
    return found


def flag(bits: object) -> float:
    """1 or 0."""
    return float(bool(bits))
