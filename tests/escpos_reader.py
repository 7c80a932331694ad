"""Reads ESC/POS bytes as a printer does, and a small QR code as a scanner does; written from the formats."""

from __future__ import annotations

from typing import NamedTuple

MASKS = (
    lambda r, c: (r + c) % 2 == 0,
    lambda r, c: r % 2 == 0,
    lambda r, c: c % 3 == 0,
    lambda r, c: (r + c) % 3 == 0,
    lambda r, c: (r // 2 + c // 3) % 2 == 0,
    lambda r, c: r * c % 2 + r * c % 3 == 0,
    lambda r, c: (r * c % 2 + r * c % 3) % 2 == 0,
    lambda r, c: ((r + c) % 2 + r * c % 3) % 2 == 0,
)
SIDE = 21  # version 1, the smallest
ARGUMENTS = {b"\x1b!": 1, b"\x1bE": 1, b"\x1ba": 1, b"\x1bt": 1, b"\x1bd": 1, b"\x1bM": 1, b"\x1b-": 1, b"\x1b{": 1}
ARGUMENTS |= {b"\x1b@": 0, b"\x1b2": 0, b"\x1d!": 1, b"\x1dV": 1, b"\x1dB": 1, b"\x1db": 1, b"\x1dr": 1, b"\x10\x04": 1}


class Printed(NamedTuple):
    """A row of letters: how often larger than normal, how far to which side, fat or not."""

    text: str
    width: int
    height: int
    align: int
    bold: bool


class Paper(NamedTuple):
    """What came out: rows, pictures as lists of rows of dots, and how often it was cut."""

    rows: list[Printed]
    pictures: list[list[list[bool]]]
    cuts: int


def read_paper(sent: bytes) -> Paper:
    """The paper that these bytes make; raises ValueError for a command it does not know."""
    rows, pictures, cuts, at, text = [], [], 0, 0, ""
    look = {"size": 0, "align": 0, "bold": 0}
    while at < len(sent):
        if sent[at : at + 4] == b"\x1dv0\x00":
            picture, at = read_picture(sent, at + 4)
            pictures.append(picture)
            continue
        command = sent[at : at + 2]
        if command in ARGUMENTS:
            value = sent[at + 2] if ARGUMENTS[command] else 0
            look |= changes(command, value)
            cuts += command == b"\x1dV"
            at += 2 + ARGUMENTS[command]
            continue
        if sent[at] == 0x0A:
            size = look["size"]
            rows.append(Printed(text, (size >> 4) + 1, (size & 7) + 1, look["align"], bool(look["bold"])))
            text = ""
        elif sent[at] < 0x20:
            raise ValueError(f"unknown command {command!r} at {at}")
        else:
            text += chr(sent[at])
        at += 1
    return Paper(rows, pictures, cuts)


def changes(command: bytes, value: int) -> dict[str, int]:
    """What a command changes in the look of the letters after it."""
    return {
        b"\x1d!": {"size": value},
        b"\x1b!": {"size": 0},
        b"\x1ba": {"align": value},
        b"\x1bE": {"bold": value},
        b"\x1b@": {"size": 0, "align": 0, "bold": 0},
    }.get(command, {})


def read_picture(sent: bytes, at: int) -> tuple[list[list[bool]], int]:
    """A raster picture as rows of dots, and where it ends."""
    width, height = sent[at] + 256 * sent[at + 1], sent[at + 2] + 256 * sent[at + 3]
    start, end = at + 4, at + 4 + width * height
    lines = [sent[start + y * width : start + (y + 1) * width] for y in range(height)]
    return [[bool(byte >> bit & 1) for byte in line for bit in range(7, -1, -1)] for line in lines], end


def read_qr(picture: list[list[bool]]) -> str:
    """The text of a version 1 code in bytes mode; no error is corrected, for paper of a test has none."""
    dark = [(y, x) for y, line in enumerate(picture) for x, dot in enumerate(line) if dot]
    top, left = min(y for y, _ in dark), min(x for _, x in dark)
    dots = (max(x for _, x in dark) - left + 1) // SIDE
    grid = [
        [picture[top + r * dots + dots // 2][left + c * dots + dots // 2] for c in range(SIDE)] for r in range(SIDE)
    ]
    mask = MASKS[(grid[8][2] << 2 | grid[8][3] << 1 | grid[8][4]) ^ 0b101]
    bits = [grid[r][c] ^ mask(r, c) for r, c in modules()]
    assert number(bits[:4]) == 4, "not in bytes mode"
    length = number(bits[4:12])
    return bytes(number(bits[12 + 8 * n : 20 + 8 * n]) for n in range(length)).decode()


def modules():
    """The places of the data in the order of the standard: pairs of columns from the right, up and down."""
    upwards = True
    for right in (20, 18, 16, 14, 12, 10, 8, 5, 3, 1):
        for row in range(SIDE - 1, -1, -1) if upwards else range(SIDE):
            for column in (right, right - 1):
                if not is_pattern(row, column):
                    yield row, column
        upwards = not upwards


def is_pattern(row: int, column: int) -> bool:
    """Finders with their format strips, and the two timing lines."""
    return (row < 9 and (column < 9 or column > 12)) or (row > 12 and column < 9) or row == 6 or column == 6


def number(bits) -> int:
    return int("".join("01"[bit] for bit in bits), 2)
