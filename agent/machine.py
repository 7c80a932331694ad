"""The machine's mark: by it a disk notices that it was copied into another machine.

It is made of hashes of the board's own number and of its built-in network addresses. One file,
written at each boot as root (only root may read the board's number) and read by the agent.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from tempfile import mkstemp
from typing import Final

from agent.errors import RekamError

MARK: Final = "run/machine"
BOARD: Final = "board"
NET: Final = "net"
ETHERNET: Final = "1"  # ARPHRD_ETHER; a modem or a tunnel has another number
BURNT_IN: Final = "0"  # NET_ADDR_PERM; others were made up or set by software, and change
MARK_MODE: Final = 0o644

UUID_FORM: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
# What makers of cheap boards leave in; thousands of machines have the same.
NOBODYS_UUIDS: Final = frozenset(
    {
        "03000200-0400-0500-0006-000700080009",
        "00020003-0004-0005-0006-000700080009",
        "12345678-1234-5678-90ab-cddeefaabbcc",
    }
)


def mark(board: str | None, macs: Iterable[str]) -> str | None:
    """`board:HASH net:HASH …` for a board's number and its addresses; None when there are neither."""
    parts = [part(BOARD, board)] if board else []
    parts += sorted({part(NET, mac) for mac in macs})
    return " ".join(parts) or None


def part(kind: str, value: str) -> str:
    """One word of a mark: 64 bits of a hash, so that nobody reads a serial number in it by accident."""
    return f"{kind}:{sha256(f'rekam machine {kind} {value}'.encode()).hexdigest()[:16]}"


def is_another_machine(known: str, seen: str) -> bool:
    """Whether the mark `seen` is that of other hardware than `known`.

    Another board is another machine. On the same board a network card may fail, come late or be
    added, so only addresses of which not one is left mean another machine with the same number:
    some makers give a whole series one. What cannot be compared is not called different.
    """
    boards = [words(text, BOARD) for text in (known, seen)]
    nets = [words(text, NET) for text in (known, seen)]
    if all(boards) and boards[0] != boards[1]:
        return True
    if all(nets):
        return nets[0].isdisjoint(nets[1])
    is_readable = all(board or net for board, net in zip(boards, nets, strict=True))
    return known != seen and not is_readable


def joined(known: str, seen: str) -> str:
    """What to remember of one machine: everything it was ever seen with, so that a card that came late counts too."""
    return " ".join(sorted({*known.split(), *seen.split()}))


def words(text: str, kind: str) -> set[str]:
    """The words of one kind in a mark."""
    return {word for word in text.split() if word.startswith(f"{kind}:")}


def board_number(text: str | None) -> str | None:
    """A DMI UUID in one spelling; None for one that does not tell machines apart."""
    number = (text or "").strip().lower()
    if not UUID_FORM.fullmatch(number) or number in NOBODYS_UUIDS:
        return None
    return number if len(set(re.findall("..", number.replace("-", "")))) > 1 else None


def read_board(sysfs: Path) -> str | None:
    """The board's DMI UUID, else its serial number in the device tree (ARM), else None.

    Raises RekamError `needs-root` where only root may read it.
    """
    number = board_number(read_line(sysfs / "class/dmi/id/product_uuid"))
    return number or read_line(sysfs / "firmware/devicetree/base/serial-number") or None


def read_macs(sysfs: Path) -> list[str]:
    """Burnt-in addresses of the network cards inside the machine; not of USB sticks and bridges."""
    cards = sorted((sysfs / "class/net").glob("*"))
    return sorted({mac for card in cards if is_inside(card.resolve()) for mac in addresses(card)})


def is_inside(device: Path) -> bool:
    """Whether a device path is that of a card on a bus of the board; USB comes and goes with a hand."""
    places = device.parts
    return "virtual" not in places and not any(re.fullmatch(r"usb\d+", place) for place in places)


def addresses(card: Path) -> Iterator[str]:
    """The burnt-in address of a card; for Wi-Fi that of the radio, as the card's own is often random."""
    if read_line(card / "type") != ETHERNET:
        return
    is_radio = (card / "phy80211").exists()
    if is_radio or read_line(card / "addr_assign_type") == BURNT_IN:
        found = read_line(card / ("phy80211/macaddress" if is_radio else "address")).lower()
        if found.strip("0:"):
            yield found


def read_line(file: Path) -> str:
    """The text of a small file of the kernel; empty where there is none."""
    try:
        return file.read_text("ascii", errors="replace").strip("\0 \n")
    except PermissionError as fault:
        raise RekamError("needs-root", "only root may read it; run this as root", file=str(file)) from fault
    except OSError:
        return ""


def write_mark(home: Path, sysfs: Path) -> str | None:
    """Leave this machine's mark in DIR/run/machine for everyone to read; the mark.

    A machine without one leaves none, not even an old one. Written beside and renamed: others may
    write into that directory, so an existing name is never followed. Raises RekamError
    `needs-root` or `not-written`.
    """
    found = mark(read_board(sysfs), read_macs(sysfs))
    file = home / MARK
    try:
        if found is None:
            file.unlink(missing_ok=True)
        else:
            replace(file, f"{found}\n")
    except OSError as fault:
        reason = f"cannot be written ({fault.strerror}); run this as root after `rekam init`"
        raise RekamError("not-written", reason, file=str(file)) from fault
    return found


def replace(file: Path, text: str) -> None:
    """A file readable by all, whole or as before."""
    descriptor, draft = mkstemp(prefix=f".{file.name}-", dir=file.parent)
    try:
        with os.fdopen(descriptor, "w") as out:
            os.fchmod(descriptor, MARK_MODE)
            out.write(text)
        Path(draft).replace(file)
    except OSError:
        with suppress(OSError):
            Path(draft).unlink()
        raise


def read_mark(home: Path) -> str | None:
    """This machine's mark as root left it at boot; None where there is none: then nothing is compared."""
    with suppress(OSError):
        return (home / MARK).read_text("ascii", errors="replace").strip() or None
    return None
