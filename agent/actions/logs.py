"""The newest messages of Rekam's programs, filtered, with nothing personal in them."""

from __future__ import annotations

import logging
import subprocess
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final
from urllib.parse import urlsplit

import msgspec

from agent import log_files
from agent.actions.accounts import accounts
from agent.domain.scrub import scrubbed
from agent.log_files import Entry
from agent.office import Office
from agent.store.database import Store

UNITS: Final = ("rekam-agent", "rekam-kiosk", "rekam-browser")
JOURNAL: Final = ("journalctl", "--no-pager", "-o", "json", "-n", "2000", *(f"--unit={unit}" for unit in UNITS))
LONGEST_S: Final = 5.0
LEVELS: Final = {"ERROR": logging.ERROR, "WARNING": logging.WARNING, "INFO": logging.INFO}
PRIORITIES: Final = {**dict.fromkeys("0123", "ERROR"), "4": "WARNING"}  # as syslog numbers them

ReadJournal = Callable[[], bytes]


def no_journal() -> bytes:
    """For whoever has no time to ask the journal: its program may hang."""
    return b""


def messages(store: Store, hidden: Iterable[str], read_journal: ReadJournal = no_journal) -> list[Entry]:
    """The newest messages, oldest first, without what is `hidden`: of the journal if it is read, else of run/."""
    found = from_journal(read_journal()) or log_files.entries(store.home)
    return [msgspec.structs.replace(entry, text=scrubbed(entry.text, hidden)) for entry in found]


def chosen(found: Iterable[Entry], *, level: str, program: str, words: str, most: int) -> list[Entry]:
    """The newest of these messages first: at least that level, of one program or all, with those words."""
    least = LEVELS.get(level, logging.INFO)
    fits = [
        entry
        for entry in found
        if logging.getLevelNamesMapping().get(entry.level, logging.INFO) >= least
        and program in ("", entry.program)
        and words.lower() in entry.text.lower()
    ]
    return fits[-most:][::-1]


def secrets(store: Store, office: Office, token: str = "") -> set[str]:
    """What only this office knows: names of its officers, closed accounts too, its proxy's login, its token.

    `token` is that of the local API where the caller holds it; else its file is read, if it may be.
    """
    names = {account.name for account in accounts(store)}
    words = {word for name in names for word in name.split()}
    proxy = urlsplit(office.settings.network.proxy)
    with suppress(OSError):
        token = token or (store.home / "api.token").read_text("utf-8").strip()
    return {each for each in (*names, *words, proxy.username, proxy.password, token) if each}


def journal() -> bytes:
    """What the journal lets this process read, as JSON lines; nothing without a journal or the right to it.

    Never on a thread that answers people: journalctl on a dead disk holds whoever waits for it.
    """
    try:
        ended = subprocess.run(JOURNAL, capture_output=True, timeout=LONGEST_S, check=False)
    except (OSError, subprocess.SubprocessError):
        return b""
    return ended.stdout if ended.returncode == 0 else b""


def from_journal(text: bytes) -> list[Entry]:
    """The messages in journalctl's JSON; what is no message is left out."""
    found = []
    for line in text.splitlines():
        with suppress(msgspec.DecodeError, KeyError, ValueError, TypeError):
            found.append(entry_of(msgspec.json.decode(line)))
    return found


def entry_of(fields: dict[str, Any]) -> Entry:
    """One message of the journal; a text that is no UTF-8 comes as numbers and is left out."""
    program = fields.get("_SYSTEMD_UNIT", "").removeprefix("rekam-").removesuffix(".service")
    level = PRIORITIES.get(str(fields.get("PRIORITY", "6")), "INFO")
    text = fields["MESSAGE"]
    if not isinstance(text, str):
        raise ValueError("no text")
    return Entry(int(fields["__REALTIME_TIMESTAMP"]) // 1000, level, program, text[: log_files.LONGEST])
