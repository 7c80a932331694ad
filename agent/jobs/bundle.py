"""Put the diagnostic file into a folder, when somebody asks: on a thread of its own."""

from __future__ import annotations

import threading
from pathlib import Path

from agent import bundle, requests
from agent.actions import logs
from agent.errors import RekamError
from agent.guard import guarded
from agent.jobs.carry import checked
from agent.office import Office
from agent.requests import Progress
from agent.store.database import Store


class Bundler:
    """Writes the file where it was asked for, and reports in the wish's row."""

    def __init__(self, store: Store, office: Office) -> None:
        self.store = store
        self.office = office

    def begin(self, number: int, folder: str) -> None:
        """Begin, on a thread that dies with the process."""
        threading.Thread(target=self.run, args=(number, folder), name="bundle", daemon=True).start()

    def run(self, number: int, folder: str) -> None:
        """Write, and report how it ended."""
        told = Progress("done", files=1)

        def write() -> None:
            nonlocal told
            try:
                box = checked(Path(folder), self.store.home)
                made = bundle.build(self.store, self.office, read_journal=logs.journal)
                box.put(bundle.name(self.store, self.office), made)
            except RekamError as fault:
                told = Progress("failed", code=fault.code, sentence=fault.sentence)

        if error := guarded("bundle", write):
            told = Progress("failed", code="internal", sentence=error)
        requests.report(self.store, number, told)
        self.store.database.close()  # this thread's reading connection
