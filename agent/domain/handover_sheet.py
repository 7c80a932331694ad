"""What the hand-over sheet says: what central lacks, and codes by which anybody can check it later."""

from __future__ import annotations

from base64 import b32encode, urlsafe_b64decode
from datetime import date, datetime
from typing import Final

import msgspec

from agent.domain.ticket_text import Row, day, moment, wrapped

NAMES: Final = {"enrollments": "KUNJUNGAN", "health": "KESEHATAN PERANGKAT"}
CODE_BYTES: Final = 8  # the first 60 bits are shown
LINE: Final = "_" * 24


class Waiting(msgspec.Struct, frozen=True):
    """A stream: central holds lines 1 to `held`, this office has them up to `last`; the chain at both, as short codes.

    `since` is the date of the oldest line that waits, None where none does.
    """

    stream: str
    held: int
    last: int
    since: date | None
    chain_held: str
    chain_last: str

    @property
    def count(self) -> int:
        """How many lines wait."""
        return max(0, self.last - self.held)


class Sheet(msgspec.Struct, frozen=True, kw_only=True):
    """All that a hand-over sheet says; `at` is local time, `days` are working days without hand-over."""

    office: str
    code: str
    regency: str
    kiosk: str
    ledger: str
    at: datetime
    days: int
    streams: tuple[Waiting, ...]


def short(hashed: str) -> str:
    """The first 60 bits of a hash in base64url as people read them out: XXXX-XXXX-XXXX."""
    raw = urlsafe_b64decode(hashed + "=" * (-len(hashed) % 4))[:CODE_BYTES]
    code = b32encode(raw).decode("ascii")[:12]
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))


def rows(sheet: Sheet, columns: int) -> tuple[Row, ...]:
    """The rows of a sheet on paper that is `columns` letters wide."""
    said = [
        Row("LEMBAR SERAH TERIMA DATA", "title"),
        Row(f"Kantor Kecamatan {sheet.office} ({sheet.code})", "title"),
        Row(sheet.regency, "small"),
        Row(f"Dicetak {moment(sheet.at, f'{sheet.at:%Z}')}"),
        Row(f"Perangkat {sheet.kiosk}, buku {sheet.ledger}"),
        Row(f"Belum sampai ke pusat: {sheet.days} hari kerja"),
    ]
    for each in sheet.streams:
        said += stream_rows(each)
    said += [Row("Bawa bersama stik USB. Semua data tetap tersimpan di kantor ini sampai pusat mengonfirmasi.")]
    for role in ("Diserahkan oleh", "Diterima oleh", "Tanggal"):
        said += [Row(""), Row(f"{role}: {LINE}")]
    return tuple(row for each in said for row in wrapped(each, columns))


def stream_rows(waits: Waiting) -> list[Row]:
    """What waits of one stream."""
    title = Row(NAMES.get(waits.stream, waits.stream.upper()), "title")
    end = Row(f"- kode akhir {waits.last}: {waits.chain_last}")
    if not waits.count:
        return [title, Row(f"Semua {waits.last} baris sudah di pusat."), end]
    since = f", sejak {day(waits.since)}" if waits.since else ""
    return [
        title,
        Row(f"Belum di pusat: {waits.count} baris, nomor {waits.held + 1} sampai {waits.last}{since}"),
        Row(f"- kode di pusat {waits.held}: {waits.chain_held}"),
        end,
    ]
