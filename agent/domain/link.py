"""What the link to central is like: its states, what tells them apart, and words for people."""

from __future__ import annotations

from typing import Final, Literal
from urllib.parse import urlsplit

import msgspec

LinkState = Literal[
    "no-interface", "no-address", "no-dns", "captive-portal", "clock-wrong", "tls-untrusted", "server-refuses",
    "server-down", "proxy-truncates", "slow", "good",
]  # fmt: skip
LOCAL: Final[frozenset[LinkState]] = frozenset({"no-interface", "no-address", "no-dns"})
REACHED: Final[frozenset[LinkState]] = frozenset({"good", "slow", "clock-wrong"})  # lines arrive in these
SLOW_RATE: Final = 3 * 1024  # bytes/s: a batch of eight seconds is below 24 kB
SLOW_TRIP_S: Final = 2.0
CALM: Final = 1.5  # a slow link is good again when it is so much better: a state that flaps says nothing


class Words(msgspec.Struct, frozen=True):
    """What a state means and what to do about it, for one kind of reader in two languages."""

    id: str
    en: str


class Local(msgspec.Struct, frozen=True):
    """What this machine knows of its own network: interfaces with a carrier, addresses beyond the machine."""

    interfaces: tuple[str, ...]
    addresses: tuple[str, ...]


def settled(told: LinkState, local: Local, *, portal: bool | None) -> LinkState:
    """The state that explains what an attempt `told`; `portal` is the answer of a probe, None without one.

    The nearest cause wins: without a cable every later sign is only its consequence.
    """
    if told in REACHED:
        return told
    if not local.interfaces:
        return "no-interface"
    if not local.addresses:
        return "no-address"
    if portal and told in PORTAL_LOOKS_LIKE:
        return "captive-portal"
    return told


# A portal may swallow connections to central, or answer them in its own name.
PORTAL_LOOKS_LIKE: Final[frozenset[LinkState]] = frozenset({"tls-untrusted", "server-down", "no-address", "no-dns"})


def needs_probe(told: LinkState, local: Local) -> bool:
    """Whether only a question over the net can tell a portal from what it looks like."""
    return told in PORTAL_LOOKS_LIKE and bool(local.interfaces) and bool(local.addresses)


def reached_as(was: str, goodput: float | None, round_trip_s: float) -> LinkState:
    """`good` or `slow` for an exchange that went through; a slow link must get clearly better to be good."""
    ease = CALM if was == "slow" else 1.0
    slow_rate = goodput is not None and goodput < SLOW_RATE * ease
    return "slow" if slow_rate or round_trip_s * ease > SLOW_TRIP_S else "good"


def is_portal(status: int, location: str, media: str, host: str) -> bool:
    """Whether an answer to a plain-HTTP question to `host` comes from somebody in between.

    A redirect to the same host's https is what many a server says itself; a page, or a
    redirect elsewhere, is a portal's.
    """
    if 300 <= status < 400:
        return where_to(location) != ("https", host.lower())
    return status == 511 or (200 <= status < 300 and media in ("text/html", "application/xhtml+xml", "text/plain", ""))


def where_to(location: str) -> tuple[str, str]:
    """Scheme and host that a redirect names; both empty where it names none that can be read."""
    try:
        target = urlsplit(location)
        return target.scheme, target.hostname or ""
    except ValueError:
        return "", ""


OFFICER: Final[dict[LinkState, Words]] = {
    "no-interface": Words(
        "Komputer ini tidak tersambung ke jaringan mana pun; periksa kabel atau modem. Semua data tersimpan di sini.",
        "This computer is not connected to any network; check the cable or the modem. All data is kept here.",
    ),
    "no-address": Words(
        "Jaringan tersambung tetapi tidak memberi alamat; nyalakan ulang modem. Semua data tersimpan di sini.",
        "The network is connected but gives no address; restart the modem. All data is kept here.",
    ),
    "no-dns": Words(
        "Ada jaringan, tetapi nama server pusat tidak ditemukan; biasanya pulih sendiri. Semua data tersimpan di sini.",
        "There is a network, but central's name is not found; this usually passes. All data is kept here.",
    ),
    "captive-portal": Words(
        "Jaringan ini meminta masuk lewat halaman web; masuklah dulu di sana. Semua data tersimpan di sini.",
        "This network asks for a sign-in on a web page; sign in there first. All data is kept here.",
    ),
    "clock-wrong": Words(
        "Tanggal atau jam komputer ini salah; data tetap terkirim, tetapi minta teknisi membetulkannya.",
        "The date or time of this computer is wrong; data is still sent, but ask a technician to correct it.",
    ),
    "tls-untrusted": Words(
        "Yang menjawab bukan server pusat yang dikenal, jadi tidak ada yang dikirim; hubungi teknisi.",
        "What answers is not the known central server, so nothing is sent; call a technician.",
    ),
    "server-refuses": Words(
        "Server pusat menolak kiriman dari kantor ini; hubungi pusat. Semua data tersimpan di sini.",
        "The central server refuses what this office sends; call central. All data is kept here.",
    ),
    "server-down": Words(
        "Server pusat tidak menjawab; data dikirim otomatis begitu pulih. Semua data tersimpan di sini.",
        "The central server does not answer; data is sent by itself once it does. All data is kept here.",
    ),
    "proxy-truncates": Words(
        "Kiriman rusak di tengah jalan; dicoba lagi lebih kecil. Beri tahu teknisi bila terus begini.",
        "What is sent is damaged on its way; smaller pieces are tried. Tell a technician if this goes on.",
    ),
    "slow": Words(
        "Sambungan ke pusat lambat; data tetap terkirim sedikit demi sedikit.",
        "The connection to central is slow; data still arrives, piece by piece.",
    ),
    "good": Words("Sambungan ke pusat baik.", "The connection to central is good."),
}

TECHNICIAN: Final[dict[LinkState, Words]] = {
    "no-interface": Words(
        "Tidak ada antarmuka dengan carrier: periksa kabel, kartu SIM, dan `ip link`.",
        "No interface has a carrier: check cable, SIM card and `ip link`.",
    ),
    "no-address": Words(
        "Tidak ada alamat atau rute: periksa DHCP, APN, dan `ip address; ip route`.",
        "No address or no route: check DHCP, APN and `ip address; ip route`.",
    ),
    "no-dns": Words(
        "Nama server pusat tidak dapat diurai: periksa `resolvectl status` atau /etc/resolv.conf.",
        "Central's name does not resolve: check `resolvectl status` or /etc/resolv.conf.",
    ),
    "captive-portal": Words(
        "Ada halaman masuk di antara kantor dan pusat: masuk, atau minta pengecualian untuk alamat pusat.",
        "A sign-in page stands between office and central: sign in, or ask for an exception for central's address.",
    ),
    "clock-wrong": Words(
        "Tanggal sertifikat tidak cocok dengan jam ini: setel jam, periksa baterai CMOS dan NTP.",
        "The certificate's dates do not fit this clock: set it, check the CMOS battery and NTP.",
    ),
    "tls-untrusted": Words(
        "Sertifikat tidak dipercaya: periksa siapa yang menjawab, [network] ca_file, dan masa berlakunya di pusat.",
        "The certificate is not trusted: check who answers, [network] ca_file, and its validity at central.",
    ),
    "server-refuses": Words(
        "Pusat menolak dengan kode pada bukti: cocokkan dengan docs/link.md, lalu hubungi pusat.",
        "Central refuses with the code in the evidence: look it up in docs/link.md, then call central.",
    ),
    "server-down": Words(
        "Tidak ada jawaban atau 5xx: coba dari jaringan lain, lalu tanyakan ke pusat.",
        "No answer, or 5xx: try from another network, then ask central.",
    ),
    "proxy-truncates": Words(
        "Proksi atau modem memotong kiriman: periksa batas ukuran proksi, MTU, dan [network] proxy.",
        "A proxy or modem cuts what passes: check the proxy's size limits, the MTU and [network] proxy.",
    ),
    "slow": Words(
        "Laju atau waktu tempuh buruk, lihat bukti: periksa sinyal dan pemakai lain.",
        "Rate or round trip is bad, see the evidence: check the signal and who else uses the line.",
    ),
    "good": Words("Tidak ada yang perlu dilakukan.", "Nothing to do."),
}

# Why central refuses, by the word for it in the evidence; the first one that stands there counts.
REFUSALS: Final[dict[str, Words]] = {
    "unknown-kiosk": Words(
        "Pusat belum menyetujui perangkat ini; bacakan kode pemasangan ke pusat. Semua data tersimpan di sini.",
        "Central has not approved this device yet; read it the pairing code. All data is kept here.",
    ),
    "revoked": Words(
        "Pusat mencabut perangkat ini dan tidak lagi menerima datanya; hubungi pusat. Semua data tersimpan di sini.",
        "Central has withdrawn this device and takes no data of it; call central. All data is kept here.",
    ),
    "suspended": Words(
        "Pusat menghentikan perangkat ini untuk sementara; hubungi pusat. Semua data tersimpan di sini.",
        "Central has stopped this device for now; call central. All data is kept here.",
    ),
    "413": Words(
        "Kiriman terlalu besar untuk jalur ini; potongan lebih kecil dicoba sendiri. Semua data tersimpan di sini.",
        "What is sent is too large for this line; smaller pieces are tried by themselves. All data is kept here.",
    ),
    "407": Words(
        "Proksi di jaringan ini meminta kata sandi; hubungi teknisi. Semua data tersimpan di sini.",
        "A proxy in this network asks for a password; call a technician. All data is kept here.",
    ),
}


def officer_words(state: LinkState, evidence: str) -> Words:
    """The sentence for the officer; where central refuses, that of its reason."""
    found = next((code for code in REFUSALS if code in evidence.split()), "") if state == "server-refuses" else ""
    return REFUSALS.get(found, OFFICER[state])
