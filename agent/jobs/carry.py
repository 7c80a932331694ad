"""Carry by stick, when somebody asks: on a thread of its own, one stick at a time."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agent import requests
from agent.errors import RekamError, UsageError
from agent.folder import Folder
from agent.guard import guarded
from agent.requests import Progress
from agent.uplink import stick

if TYPE_CHECKING:
    from agent.store.database import Store
    from agent.uplink.courier import Courier

OUT: Final = "carry-out"
IN: Final = "carry-in"
TELL_EVERY: Final = 500  # lines; each report is a commit


class Porter:
    """Carries files between the ledger and folders, and reports in the wish's row."""

    def __init__(self, store: Store, courier: Courier, office: str) -> None:
        self.store = store
        self.courier = courier
        self.office = office
        self._busy = threading.Lock()

    def carry_out(self, number: int, folder: str) -> None:
        """Begin to put what central lacks into `folder`."""
        self.begin(OUT, number, folder)

    def carry_in(self, number: int, folder: str) -> None:
        """Begin to take central's receipts from `folder`."""
        self.begin(IN, number, folder)

    def begin(self, direction: str, number: int, folder: str) -> None:
        """Carry on a thread that dies with the process: a stick may be pulled at any byte, so may we."""
        work = threading.Thread(target=self.carry, args=(direction, number, folder), name="carry", daemon=True)
        work.start()

    def carry(self, direction: str, number: int, folder: str) -> None:
        """Carry, and report how it ended."""
        with self._busy:
            if error := guarded("carry", lambda: self.report(number, self.attempt(direction, number, folder))):
                self.report(number, Progress("failed", code="internal", sentence=error))
        self.store.database.close()  # this thread's reading connection

    def attempt(self, direction: str, number: int, folder: str) -> Progress:
        """What came of it; an error that a person can act on is told, not raised."""
        told = 0

        def tell(done: int, of: int) -> None:
            nonlocal told
            if done - told >= TELL_EVERY:
                told = done
                self.report(number, Progress(requests.WORKING, done, of))

        try:
            box = checked(Path(folder), self.store.home)
            box.clear_drafts()
            came = self.carried(direction, box, tell)
        except RekamError as fault:
            return Progress("failed", code=fault.code, sentence=fault.sentence)
        return Progress("done", files=came.files, lines=came.lines, paired=came.paired)

    def carried(self, direction: str, box: Folder, tell: stick.Tell) -> stick.Carried:
        """The work itself."""
        signer, trust = self.courier.signer, self.courier.trust
        if direction == OUT:
            return stick.carry_out(self.store, signer, self.office, box, tell)
        with self.courier.hearing:
            return stick.carry_in(self.store, trust, signer.key.thumbprint(), box, tell)

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
