"""The kiosk's life cycle: suspended, brought back, retired."""

from __future__ import annotations

import argparse
from typing import Any, Final

from agent.commands.parser import add, opened

HELP: Final = {
    "suspend": "give citizens no numbers until `resume`; staff pages, sending and the log go on",
    "resume": "bring a suspended or retired kiosk back; numbers and log go on where they were",
    "retire": "take the kiosk out of service for good; its lines are still sent",
}


def register(commands: Any) -> None:
    """One subcommand a move."""
    for move, words in HELP.items():
        parser = add(commands, move, words, move_kiosk, config=True)
        parser.set_defaults(move=move)
        parser.add_argument("--reason", default="other", metavar="WORD", help="why; a wrong word lists all")


def move_kiosk(arguments: argparse.Namespace) -> int:
    """`rekam suspend|resume|retire`."""
    from agent.actions import kiosk_life

    _, store = opened(arguments)
    change = kiosk_life.move(store, arguments.move, arguments.reason)
    print(f"{change.was} -> {change.state}")
    return 0
