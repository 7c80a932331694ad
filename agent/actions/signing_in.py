"""Signing in: the PIN, whoever guesses at it from elsewhere, and how many may try at once."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import msgspec

from agent.actions.officers import SignedIn, spelled
from agent.domain import guesses, pins
from agent.domain.guesses import Guesses
from agent.errors import Conflict, NotAllowed
from agent.store import ledger
from agent.store.database import Store
from agent.store.models import Officer
from agent.wire.kinds import OfficerSigned

HERE: Final = ""  # this machine itself
EVERYWHERE: Final = "*"
WAITING: Final = 3  # PINs that wait for the one that is looked at; as many again for strange addresses
NOBODYS: Final = f"scrypt${'00' * 16}${'00' * 32}"
UNKNOWN: Final = "signin.unknown-names"


class Attempt(msgspec.Struct, frozen=True):
    """Who is to be signed in from where; an unknown name is counted like a known one, in a table of its own."""

    source: str
    whose: str
    known: bool

    @property
    def keys(self) -> dict[tuple[str, str], int]:
        """What is counted, with how many wrong PINs are allowed of it."""
        return {
            (self.source, self.whose): guesses.ALLOWED,
            (EVERYWHERE, self.whose): guesses.ALLOWED_TOGETHER,
        }


class Door:
    """What one process remembers of those who sign in; a restart forgets it."""

    def __init__(self) -> None:
        self.tables = {True: Guesses(), False: Guesses()}  # invented names push no real one out
        self.places: OrderedDict[tuple[str, str], None] = OrderedDict()  # where somebody signed in before
        self.guard = threading.Lock()
        self.one = threading.Lock()  # a PIN costs a core and 16 MB: one at a time
        self.queues = {own: threading.BoundedSemaphore(WAITING) for own in (True, False)}

    def counted(self, attempt: Attempt) -> dict[tuple[str, str], int]:
        """What holds for an attempt: the sum over strange addresses shuts nobody out of their own."""
        return dict(list(attempt.keys.items())[: 1 if self.own(attempt) else 2])

    def own(self, attempt: Attempt) -> bool:
        """Whether it comes from this machine, or from where its officer signed in before."""
        return attempt.source == HERE or (attempt.source, attempt.whose) in self.places

    def check(self, attempt: Attempt, now: int) -> None:
        """Raises NotAllowed `locked`."""
        with self.guard:
            locked = any(self.tables[attempt.known].locked(key, now) for key in self.counted(attempt))
        if locked:
            raise NotAllowed("locked", "too many wrong PINs; wait five minutes or ask the supervisor", field="pin")

    @contextmanager
    def turn(self, attempt: Attempt) -> Iterator[None]:
        """A turn to look at a PIN; raises Conflict `busy` when too many wait already."""
        queue = self.queues[self.own(attempt)]
        if not queue.acquire(blocking=False):
            raise Conflict("busy", "many sign in at this moment; try again", field="pin")
        try:
            with self.one:
                yield
        finally:
            queue.release()

    def wrong(self, attempt: Attempt, now: int) -> bool:
        """Count a wrong PIN; whether it locks."""
        with self.guard:
            table = self.tables[attempt.known]
            locks = [table.wrong(key, allowed, now) for key, allowed in self.counted(attempt).items()]
        return any(locks)  # each of them was counted

    def right(self, attempt: Attempt) -> None:
        """Forgive, and remember the place."""
        with self.guard:
            self.tables[attempt.known].right((attempt.source, attempt.whose))
            self.places[attempt.source, attempt.whose] = None
            while len(self.places) > guesses.MOST:
                self.places.popitem(last=False)


def sign_in(store: Store, name: str, pin: str, *, door: Door, source: str) -> SignedIn:
    """The officer of that name and PIN; both outcomes are lines. `source` is an address, or `HERE`.

    Raises NotAllowed `wrong-pin` or `locked`, each also for an unknown name or a closed account, and
    Conflict `busy`.
    """
    officer = Officer.get_or_none(Officer.name == spelled(name), Officer.closed_t.is_null())
    whose = f"{officer.number} {officer.pin_hash}" if officer else spelled(name).lower()  # a new PIN starts anew
    attempt = Attempt(source, whose, officer is not None)
    door.check(attempt, store.clock.boot_ms())
    with door.turn(attempt):
        right = pins.matches(pin, officer.pin_hash if officer else NOBODYS)
    if officer is None or not right:
        note_failure(store, officer, door.wrong(attempt, store.clock.boot_ms()))
        raise NotAllowed("wrong-pin", "name and PIN do not belong together", field="pin")
    door.right(attempt)
    with store.write():
        ledger.append(store, OfficerSigned(officer.number, "in"))
    return SignedIn(officer.number, officer.name, officer.role, officer.pin_once, officer.session)


def note_failure(store: Store, officer: Officer | None, locks: bool) -> None:
    """A line, and for the supervisor until when it is locked.

    An unknown name costs a write too, so that time tells nobody which names there are.
    """
    with store.write():
        if officer is None:
            store.run(
                "INSERT INTO fact (name, value) VALUES (?, '1') ON CONFLICT (name)"
                " DO UPDATE SET value = CAST(value + 1 AS TEXT)",
                UNKNOWN,
            )
            return
        if locks:
            until = store.clock.wall_ms() + guesses.LOCKED_MS
            Officer.update(locked_until=until).where(Officer.number == officer.number).execute()
        ledger.append(store, OfficerSigned(officer.number, "locked" if locks else "failed"))
