"""The values that settings are made of: what they look like in a file, what they are inside."""

from __future__ import annotations

import re
from datetime import time, timedelta
from ipaddress import ip_address
from typing import Annotated, Any, Final, Literal
from urllib.parse import SplitResult, urlsplit

import msgspec

from agent.errors import SettingsError

UNITS: Final = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours", "d": "days"}
LONGEST: Final = timedelta(days=3660)  # ten years: what is planned further ahead ends after the last date there is
MOST: Final = 1_000_000_000_000  # a terabyte a day; more is a slip of the hand
_DURATION: Final = re.compile(r"([1-9][0-9]{0,6})(ms|s|m|h|d)\Z")
_HOST: Final = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?\Z")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])\Z")
_OFFICE: Final = re.compile(r"[1-9][0-9]\.[0-9]{2}\.[0-9]{2}\Z")
_USB: Final = re.compile(r"[0-9a-f]{4}:[0-9a-f]{4}\Z")
_INTERFACE: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,14}\Z")
# 43 characters carry 258 bits for 256: the last one can only be a multiple of four, so some slips of the pen show.
_THUMBPRINT: Final = re.compile(r"[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]\Z")


class Address(msgspec.Struct, frozen=True):
    """A host name or IP address and a TCP port."""

    host: str
    port: int

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}" if ":" in self.host else f"{self.host}:{self.port}"

    def is_loopback(self) -> bool:
        """Whether only this machine can reach it."""
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"


class TimeWindow(msgspec.Struct, frozen=True):
    """A stretch of each local day; one that ends before it starts runs over midnight."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"

    def contains(self, now: time) -> bool:
        """Whether local time `now` lies in it; the end is outside."""
        if self.start < self.end:
            return self.start <= now < self.end
        return now >= self.start or now < self.end


def string(raw: object) -> str:
    """Text as it stands; raises ValueError for any other type."""
    if not isinstance(raw, str):
        raise ValueError(f"must be text in quotes, and not {raw}")
    return raw


def words(raw: object) -> str:
    """Text that says something, on one line."""
    text = string(raw).strip()
    if not text or not text.isprintable():
        raise ValueError("must be words on one line, and not empty")
    return text


def duration(raw: object) -> timedelta:
    """`5m` → timedelta; units ms, s, m, h, d."""
    match = _DURATION.match(string(raw))
    if match is None:
        raise ValueError(f'must be a whole number and a unit of ms, s, m, h or d, such as "5m", and not "{raw}"')
    found = timedelta(**{UNITS[match[2]]: int(match[1])})
    if found > LONGEST:
        raise ValueError(f'must be at most {LONGEST.days}d, and not "{raw}"')
    return found


def address(raw: object) -> Address:
    """`host:port` or `[IPv6]:port`."""
    text = string(raw)
    host, has_port, port = text.rpartition(":")
    bare = host[1:-1] if host.startswith("[") and host.endswith("]") else host
    if not has_port or not (_is_ipv6(bare) if bare != host else _HOST.match(host)):
        raise ValueError(f'must be an address and a port such as "127.0.0.1:8080", and not "{text}"')
    if not re.fullmatch(r"[0-9]{1,5}", port) or not 1 <= int(port) <= 65_535:
        raise ValueError(f'the port must be a number from 1 to 65535, and not "{port}"')
    return Address(bare, int(port))


def _is_ipv6(text: str) -> bool:
    try:
        return ip_address(text).version == 6
    except ValueError:
        return False


def time_of_day(raw: object) -> time:
    """`08:00`, on the office's clock."""
    match = _TIME.match(string(raw))
    if match is None:
        raise ValueError(f'must be a time such as "08:00", and not "{raw}"')
    return time(int(match[1]), int(match[2]))


def time_window(raw: object) -> TimeWindow:
    """`22:00-05:00`, on the office's clock."""
    start, _, end = string(raw).partition("-")
    try:
        window = TimeWindow(time_of_day(start.strip()), time_of_day(end.strip()))
    except ValueError as fault:
        raise ValueError(f'must be two times such as "22:00-05:00", and not "{raw}"') from fault
    if window.start == window.end:
        raise ValueError(f'must start and end at different times, and not "{raw}"')
    return window


def web_url(raw: object) -> str:
    """An http or https URL, without its last slash."""
    text = string(raw)
    parts = _split(text)
    if parts.scheme not in ("http", "https") or not _is_host(parts.hostname or "") or not text.isascii():
        raise ValueError('must be a web address such as "https://rekam.example.go.id"')
    if parts.username is not None or parts.query or parts.fragment or not text.isprintable() or " " in text:
        raise ValueError("must be a web address without user name, space, ? and #")
    return text.rstrip("/")


def proxy_url(raw: object) -> str:
    """An HTTP proxy, `http://user:password@host:3128`, or nothing. The reason never repeats it: it holds a password."""
    text = string(raw)
    parts = _split(text)
    plain = parts.path in ("", "/") and not parts.query and not parts.fragment and text.isascii() and text.isprintable()
    if text and (parts.scheme != "http" or not _is_host(parts.hostname or "") or not plain):
        raise ValueError('must be an HTTP proxy such as "http://user:password@10.0.0.1:3128"')
    return text.rstrip("/")


def interface(raw: object) -> str:
    """The name of a network interface, or nothing."""
    text = string(raw)
    if text and not _INTERFACE.match(text):
        raise ValueError(f'must be the name of a network interface such as "wwan0", and not "{text}"')
    return text


def _split(text: str) -> SplitResult:
    """The parts of a URL; all empty where its port or brackets are none."""
    try:
        parts = urlsplit(text)
        return parts if parts.port != 0 else urlsplit("")
    except ValueError:
        return urlsplit("")


def _is_host(host: str) -> bool:
    return bool(_HOST.match(host)) or _is_ipv6(host)


def thumbprint(raw: object) -> str:
    """The thumbprint of a key: SHA-256 in base64url."""
    text = string(raw)
    if not _THUMBPRINT.match(text):
        raise ValueError("must be the 43 letters, digits, - and _ of the root key's thumbprint; compare them again")
    return text


def usb_name(raw: object) -> str:
    """Vendor and product of a USB device as `lsusb` shows them, `04b8:0e15`."""
    text = string(raw).lower()
    if not _USB.match(text):
        raise ValueError(f'must be vendor and product as lsusb shows them, such as "04b8:0e15", and not "{raw}"')
    return text


def office_code(raw: object) -> str:
    """A kecamatan code with its dots, `64.02.05`."""
    text = string(raw)
    if not _OFFICE.match(text):
        raise ValueError(f'must be a kecamatan code such as "64.02.05", and not "{text}"')
    return text


def at_least(lowest: int) -> Any:
    """A check for whole numbers of `lowest` or more."""

    def number(raw: object) -> int:
        if not isinstance(raw, int) or isinstance(raw, bool) or raw < lowest:
            raise ValueError(f"must be a whole number of {lowest} or more, and not {raw}")
        if raw > MOST:
            raise ValueError(f"must be at most {MOST}, and not {raw}")
        return raw

    return number


def contradiction(field: str, reason: str) -> SettingsError:
    """What a struct's `__post_init__` raises when its fields, each right, do not go together."""
    return SettingsError("settings", reason, field=field)


Words = Annotated[str, words]
Every = Annotated[timedelta, duration]
Listen = Annotated[Address, address]
TimeOfDay = Annotated[time, time_of_day]
Windows = tuple[Annotated[TimeWindow, time_window], ...]
WebUrl = Annotated[str, web_url]
Proxy = Annotated[str, proxy_url]
Interface = Annotated[str, interface]
Thumbprint = Annotated[str, thumbprint]
UsbName = Annotated[str, usb_name]
OfficeCode = Annotated[str, office_code]
Count = Annotated[int, at_least(0)]
Positive = Annotated[int, at_least(1)]
Zone = Literal["Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura"]
