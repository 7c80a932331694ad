"""Has the agent carry by stick or write the diagnostic file, and tells how far it is: for the command line."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path
from typing import Final

from agent import requests
from agent.errors import BadData, Unreachable
from agent.requests import Progress
from agent.store.database import Store

LOOK_AGAIN_S: Final = 0.1
BEGINS_S: Final = 15.0


def carry_and_wait(store: Store, direction: str, folder: Path, tell: Callable[[str], object]) -> str:
    """What came of it, in words, once the stick may be pulled; `tell` hears how far it is.

    Raises Unreachable `no-agent`, or BadData with the agent's own code and sentence.
    """
    return in_words(direction, put_by_agent(store, f"carry-{direction}", folder, tell))


def bundle_and_wait(store: Store, folder: Path) -> str:
    """The diagnostic file's folder, once it lies there; raises as `carry_and_wait` does."""
    put_by_agent(store, requests.BUNDLE, folder, lambda _: None)
    return str(folder)


def put_by_agent(store: Store, wish: str, folder: Path, tell: Callable[[str], object]) -> Progress:
    """Ask the agent for something about a folder, and wait until it is done; `tell` hears how far it is.

    Raises Unreachable `no-agent`, or BadData with the agent's own code and sentence.
    """
    number = requests.ask(store, f"{wish} {folder.absolute()}")
    begins_until = store.clock.boot_ms() + BEGINS_S * 1000
    pause, told = threading.Event(), Progress(requests.WORKING)
    while True:
        progress = requests.progress_of(store, number)
        if progress is None and store.clock.boot_ms() > begins_until:
            raise Unreachable("no-agent", "the agent did not answer; only it touches sticks: is it running?")
        if progress is not None and progress != told:
            told = progress
            if told.state == requests.WORKING and told.of:
                tell(f"{told.done} of {told.of} lines")
        if told.state == "failed":
            raise BadData(told.code, told.sentence, file=str(folder))
        if told.state == "done":
            return told
        pause.wait(LOOK_AGAIN_S)


def in_words(direction: str, came: Progress) -> str:
    """What came of it, for a person at a terminal."""
    if direction == "in":
        return f"{came.lines} lines more are held by central; {came.files} files were deleted from the stick"
    paired = "" if came.paired else "; central does not know this kiosk yet, so its request lies there too"
    return f"{came.lines} lines in {came.files} new files{paired}"
