"""What the kiosk and the command line ask of the agent, by a row and a nudge."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from agent.nudge import nudge
from agent.store.database import Store
from agent.store.models import Request

KEPT: Final = 200
NONE: Final[Mapping[str, Callable[[int, str], object]]] = {}
WORKING: Final = "working"
TRY_PRINTER: Final = "try-printer"
TRY_DEVICE: Final = "try-device"  # and the device's name
SEND: Final = "send"
SIGN_TRIPS: Final = "sign-trips"
BUNDLE: Final = "bundle"  # and the folder to put the diagnostic file into
FIND_STICKS: Final = "find-sticks"


def ask(store: Store, kind: str) -> int:
    """Write down a wish and wake the agent; the wish's number."""
    with store.write():
        number = Request.create(kind=kind, asked_t=store.clock.wall_ms()).number
    nudge(store.home)
    return int(number)


def ask_once(store: Store, kind: str) -> None:
    """The same, unless the agent was asked already and has yet to come to it."""
    if not store.rows("SELECT 1 FROM request WHERE kind = ? AND done_t IS NULL", kind):
        ask(store, kind)


class Progress(msgspec.Struct, frozen=True, omit_defaults=True):
    """The result of a wish that takes its time, as JSON: `state` is working, done or failed.

    `done` of `of` lines; then what came of it, or the error's code and sentence. `answers`: how many
    receipts of central's lay there; `foreign`: how many batches of other kiosks.
    """

    state: str
    done: int = 0
    of: int = 0
    files: int = 0
    lines: int = 0
    paired: bool = False
    answers: int = 0
    foreign: int = 0
    code: str = ""
    sentence: str = ""


def fulfil(
    store: Store,
    able: Mapping[str, Callable[[], str]],
    long: Mapping[str, Callable[[int, str], object]] = NONE,
) -> int:
    """Do every open wish that `able` knows, each answered with a word; how many.

    A wish of `long` is a verb and a word; it is only begun here and reports by itself.
    """
    wishes = store.rows(
        "SELECT number, kind FROM request WHERE done_t IS NULL AND result IS NULL ORDER BY number LIMIT 100"
    )
    for number, kind in wishes:
        verb, _, word = kind.partition(" ")
        if verb in long:
            report(store, number, Progress("working"))
            long[verb](number, word)
            continue
        result = able[kind]() if kind in able else "unknown-request"
        with store.write():
            done = store.clock.wall_ms()
            store.run("UPDATE request SET done_t = ?, result = ? WHERE number = ?", done, result, number)
            store.run("DELETE FROM request WHERE number <= ?", number - KEPT)
    return len(wishes)


def report(store: Store, number: int, progress: Progress) -> None:
    """Say how far a long wish is; what is no longer working is done."""
    text = msgspec.json.encode(progress).decode()
    done = None if progress.state == WORKING else store.clock.wall_ms()
    with store.write():
        store.run("UPDATE request SET result = ?, done_t = ? WHERE number = ?", text, done, number)


def give_up_unfinished(store: Store) -> None:
    """At a start: what the last process was at was cut off with it."""
    cut_off = Progress("failed", code="cut-off", sentence="the agent was restarted meanwhile; ask again")
    rows = store.rows("SELECT number FROM request WHERE done_t IS NULL AND result IS NOT NULL")
    for (number,) in rows:
        report(store, number, cut_off)


def newest(store: Store, verb: str) -> tuple[int, str | None] | None:
    """When a wish was last asked for, ms UTC, and its result; None where nobody did."""
    found = store.rows(
        "SELECT asked_t, result FROM request WHERE kind = ? OR kind LIKE ? || ' %' ORDER BY number DESC LIMIT 1",
        verb, verb,
    )  # fmt: skip
    return (found[0][0], found[0][1]) if found else None


def progress_of(store: Store, number: int) -> Progress | None:
    """How far a long wish is; None before the agent has begun it."""
    found = store.rows("SELECT result FROM request WHERE number = ?", number)
    return msgspec.json.decode(found[0][0], type=Progress) if found and found[0][0] else None
