"""What stands on a ticket, row by row. Nothing personal: a ticket is lost, found and read by others."""

from __future__ import annotations

import textwrap
import unicodedata
from datetime import date, datetime
from typing import Final, Literal

import msgspec

COLUMNS: Final = {58: 32, 80: 48}  # letters of font A beside each other, by the paper's width in mm
MONTHS: Final = (
    "Januari", "Februari", "Maret", "April", "Mei", "Juni",
    "Juli", "Agustus", "September", "Oktober", "November", "Desember",
)  # fmt: skip
_PLAIN: Final = str.maketrans({"×": "x", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "…": "..."})

WAIT_NOTES: Final = {
    "no-counter": "Saat ini tidak ada loket yang buka untuk layanan ini, jadi lama menunggu belum dapat diperkirakan.",
    "day-ends": "Nomor ini kemungkinan tidak terlayani hari ini. "
    "Minta petugas menjadwalkan Anda di hari lain, atau datang lebih pagi pada hari kerja.",
    "closed": "Kantor sedang tutup. Nomor ini tidak terlayani hari ini; ambil nomor baru saat kantor buka.",
    "before-hours": "Kantor belum buka; waktu sampai kantor buka sudah dihitung.",
    "tight": "Kantor mungkin tutup sebelum giliran Anda. Petugas dapat menjadwalkan Anda di hari lain.",
}  # beside the estimate, or in its place

Style = Literal["title", "number", "body", "small", "qr"]


class Row(msgspec.Struct, frozen=True):
    """One row of paper; a `qr` row is a code to be drawn, not letters."""

    text: str
    style: Style = "body"


class TicketFacts(msgspec.Struct, frozen=True, kw_only=True):
    """All that a ticket says; `taken` is local time, `wait` is in minutes or None, `notes` are keys of WAIT_NOTES."""

    office: str
    regency: str
    service: str
    ticket: str
    code: str
    taken: datetime
    zone: str
    ahead: int
    wait: tuple[int, int] | None
    notes: tuple[str, ...] = ()
    bring: tuple[str, ...] = ()
    most_calls: int = 3
    priority: bool = False


def ticket_rows(facts: TicketFacts, columns: int) -> tuple[Row, ...]:
    """The rows of a ticket on paper that is `columns` letters wide."""
    said = (
        Row(f"Kantor Kecamatan {facts.office}", "title"),
        Row(facts.regency, "small"),
        Row("NOMOR ANTREAN", "title"),
        Row(facts.ticket, "number"),
        *([Row("ANTREAN PRIORITAS", "title")] if facts.priority else ()),
        Row(f"Layanan: {facts.service}"),
        Row(f"Diambil {moment(facts.taken, facts.zone)}"),
        Row(f"Menunggu sebelum Anda: {facts.ahead} orang"),
        *([Row(waiting(facts.wait))] if facts.wait else []),
        *(Row(WAIT_NOTES[note]) for note in facts.notes),
        *brought(facts.bring),
        Row(f"Simpan nomor ini. Nomor dipanggil paling banyak {facts.most_calls} kali."),
        Row("Berlaku hari ini saja. Semua layanan gratis.", "title"),
        Row(facts.code, "qr"),
        Row(f"Kode: {spaced(facts.code)}", "small"),
    )
    return tuple(row for each in said for row in wrapped(each, columns))


class SlipFacts(msgspec.Struct, frozen=True, kw_only=True):
    """A place on a list for another day or for a visit to the village; `date` is empty until it is fixed."""

    office: str
    service: str
    ticket: str
    code: str
    title: str
    village: str
    date: str
    bring: tuple[str, ...] = ()


def slip_rows(facts: SlipFacts, columns: int) -> tuple[Row, ...]:
    """The rows of the slip that stands for a place on a list."""
    said = (
        Row(f"Kantor Kecamatan {facts.office}", "title"),
        Row(facts.title.upper(), "title"),
        Row(f"Layanan: {facts.service}"),
        Row(f"Tanggal: {facts.date or 'akan diumumkan'}"),
        *([Row(f"Desa/kelurahan: {facts.village}")] if facts.village else ()),
        Row(f"Dari nomor antrean {facts.ticket}"),
        *brought(facts.bring),
        Row("Tunjukkan kertas ini kepada petugas. Semua layanan gratis.", "title"),
        Row(facts.code, "qr"),
        Row(f"Kode: {spaced(facts.code)}", "small"),
    )
    return tuple(row for each in said for row in wrapped(each, columns))


def moment(taken: datetime, zone: str) -> str:
    """`27 November 2024 pukul 08.05 WITA`."""
    return f"{day(taken)} pukul {taken:%H.%M} {zone}"


def day(wanted: date) -> str:
    """`27 November 2024`."""
    return f"{wanted.day} {MONTHS[wanted.month - 1]} {wanted.year}"


def waiting(wait: tuple[int, int]) -> str:
    """The estimate in words."""
    low, high = wait
    return f"Perkiraan menunggu: {low} menit" if low == high else f"Perkiraan menunggu: {low}-{high} menit"


def brought(papers: tuple[str, ...]) -> list[Row]:
    """What to bring, a row each."""
    return [Row("Bawa:"), *(Row(f"- {paper}") for paper in papers)] if papers else []


def spaced(code: str) -> str:
    """A short code in threes, as people read it out."""
    return " ".join(code[at : at + 3] for at in range(0, len(code), 3))


def plain(text: str) -> str:
    """Letters that every printer's code page has; what it lacks becomes its nearest letter or `?`."""
    apart = unicodedata.normalize("NFKD", text.translate(_PLAIN))
    letters = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return "".join(letter if " " <= letter <= "~" else "?" for letter in letters)


def wrapped(row: Row, columns: int) -> list[Row]:
    """A row in as many as its paper needs; a code stays whole, and so does a number that fits."""
    if row.style == "qr":
        return [row]
    hanging = "  " if row.text.startswith("- ") else ""
    parts = textwrap.wrap(plain(row.text), columns, subsequent_indent=hanging) or [""]
    return [Row(part, row.style) for part in parts]
