"""Carry by stick, when somebody asks: on a thread of its own, one stick at a time."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from agent import requests
from agent.errors import RekamError, Unreachable, UsageError
from agent.folder import GONE, PROTECTED, Folder
from agent.guard import guarded
from agent.probes import sticks
from agent.requests import Progress
from agent.uplink import stick

if TYPE_CHECKING:
    from agent.domain.mounts import Stick
    from agent.store.database import Store
    from agent.uplink.courier import Courier

OUT: Final = "carry-out"
IN: Final = "carry-in"
STICK_OUT: Final = "stick-out"  # asked for on a page: only to what is a mounted stick
STICK_IN: Final = "stick-in"
LOOK_S: Final = 1.0  # the agent's other wishes wait no longer for a stick that hangs
BUSY_S: Final = 20.0  # somebody stands before the page; a stick that hangs never lets go
TELL_EVERY: Final = 500  # lines; each report is a commit
BUSY: Final = Progress(
    "failed",
    code="carrier-busy",
    sentence="another stick is being carried or hangs; wait until it is done, or pull it, then begin again",
)


class Porter:
    """Carries files between the ledger and folders, and reports in the wish's row."""

    def __init__(
        self, store: Store, courier: Courier, office: str, find: Callable[[], list[Stick]] = sticks.find
    ) -> None:
        self.store = store
        self.courier = courier
        self.office = office
        self.find = find
        self._busy = threading.Lock()
        self._looking: threading.Thread | None = None

    def wishes(self) -> dict[str, Callable[[int, str], object]]:
        """The wishes that take their time, each with what begins it."""
        return {verb: partial(self.begin, verb) for verb in (OUT, IN, STICK_OUT, STICK_IN)}

    def found(self) -> str:
        """The mounted sticks, as JSON; none while a broken one does not even say how large it is."""
        found: list[Stick] = []
        if self._looking is None or not self._looking.is_alive():
            look = partial(guarded, "sticks", lambda: found.extend(self.find()))
            self._looking = threading.Thread(target=look, name="sticks", daemon=True)
            self._looking.start()
            self._looking.join(LOOK_S)
        return msgspec.json.encode(found).decode()

    def begin(self, direction: str, number: int, folder: str) -> None:
        """Carry on a thread that dies with the process: a stick may be pulled at any byte, so may we."""
        work = threading.Thread(target=self.carry, args=(direction, number, folder), name="carry", daemon=True)
        work.start()

    def carry(self, direction: str, number: int, folder: str) -> None:
        """Carry, and report how it ended; `carrier-busy` where another stick does not let go in time."""
        if not self._busy.acquire(timeout=BUSY_S):
            guarded("carry", lambda: self.report(number, BUSY))
        else:
            try:
                if error := guarded("carry", lambda: self.report(number, self.attempt(direction, number, folder))):
                    self.report(number, Progress("failed", code="internal", sentence=error))
            finally:
                self._busy.release()
        self.store.database.close()  # this thread's reading connection

    def attempt(self, direction: str, number: int, folder: str) -> Progress:
        """What came of it; an error that a person can act on is told, not raised."""
        so_far = Progress(requests.WORKING)

        def tell(done: int, of: int) -> None:
            nonlocal so_far
            told, so_far = so_far, Progress(requests.WORKING, done, of)
            if done - told.done >= TELL_EVERY or told.of != of:
                self.report(number, so_far)

        try:
            box = self.box(direction, Path(folder))
            box.clear_drafts()
            came = self.carried(direction, box, tell)
        except RekamError as fault:
            return Progress("failed", so_far.done, so_far.of, code=fault.code, sentence=fault.sentence)
        return Progress("done", **msgspec.structs.asdict(came))

    def box(self, direction: str, folder: Path) -> Folder:
        """The folder to carry to or from; raises UsageError, Unreachable `carrier-gone` or `carrier-read-only`."""
        if direction in (STICK_OUT, STICK_IN):
            stick_there = next((each for each in self.find() if each.place == str(folder)), None)
            if stick_there is None:
                raise Unreachable(*GONE, file=str(folder))
            if stick_there.read_only:  # on the way in, what central holds is deleted there
                raise Unreachable(*PROTECTED, file=str(folder))
        return checked(folder, self.store.home)

    def carried(self, direction: str, box: Folder, tell: stick.Tell) -> stick.Carried:
        """The work itself."""
        signer, trust = self.courier.signer, self.courier.trust
        if direction in (OUT, STICK_OUT):
            return stick.carry_out(self.store, signer, self.office, box, tell)
        return stick.carry_in(self.store, trust, signer.key.thumbprint(), box, tell, self.courier.hearing)

    def report(self, number: int, progress: Progress) -> None:
        """Write down how far it is."""
        requests.report(self.store, number, progress)


def checked(folder: Path, home: Path) -> Folder:
    """The folder, if it is one and not our own; raises UsageError."""
    if not folder.is_absolute() or not folder.is_dir():
        raise UsageError("no-folder", "there is no such folder; is the stick mounted?", file=str(folder))
    if folder.resolve().is_relative_to(home.resolve()):
        raise UsageError("own-folder", "is the office's own folder; name one on the stick", file=str(folder))
    return Folder(folder)
