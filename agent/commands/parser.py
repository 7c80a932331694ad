"""The command line's parser: our exit status, and one way to add a subcommand."""

from __future__ import annotations

import argparse
import math
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from agent.office import Office
    from agent.store.database import Store

Command = Callable[[argparse.Namespace], int]
USAGE: Final = 64
_DASHED: Final = re.compile(r"-[A-Za-z0-9_-]{42}")


class Parser(argparse.ArgumentParser):
    """argparse with our exit status for a wrong command line."""

    def error(self, message: str) -> Any:
        """Say what is wrong and how to ask for help; exit 64."""
        self.exit(USAGE, f"rekam: usage: -: -: {message}; try `{self.prog} --help`\n")


def with_thumbprints(words: Sequence[str]) -> list[str]:
    """The words, a thumbprint that begins with a dash joined to its option: argparse takes it for one by itself.

    One of 64 begins so.
    """
    joined: list[str] = []
    for word in words:
        if _DASHED.fullmatch(word) and joined and joined[-1].startswith("--"):
            joined[-1] += f"={word}"
        else:
            joined.append(word)
    return joined


def add(commands: Any, name: str, help_text: str, command: Command, *, config: bool = False) -> Parser:
    """One subcommand that ends in `command(arguments)`."""
    parser: Parser = commands.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(command=command)
    if config:
        parser.add_argument("--config", type=Path, required=True, metavar="F", help="the office's kiosk.toml")
    return parser


def group(commands: Any, name: str, help_text: str) -> Any:
    """A subcommand that has subcommands of its own."""
    return commands.add_parser(name, help=help_text).add_subparsers(
        metavar="ACTION", required=True, parser_class=Parser
    )


def port(text: str) -> int:
    """A TCP port as somebody typed it."""
    return whole(text, 65_535)


def people(text: str) -> int:
    """How many people, as somebody typed it."""
    return whole(text, 10_000)


def whole(text: str, most: int) -> int:
    """A whole number from 1 to `most`."""
    if not (text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= most):
        raise argparse.ArgumentTypeError(f"must be a whole number from 1 to {most}, and not {text[:20]!r}")
    return int(text)


def above_zero(text: str) -> float:
    """A number above 0, such as 0.5."""
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < math.inf:
        raise argparse.ArgumentTypeError(f"must be a number above 0, and not {text[:20]!r}")
    return number


def opened(arguments: argparse.Namespace) -> tuple[Office, Store]:
    """The office and its database; raises UsageError `training` where one is a training and the other is not."""
    from agent.actions import training
    from agent.clock import SystemClock
    from agent.office import load_office
    from agent.store.opening import open_store

    office = load_office(arguments.config)
    store = open_store(office.settings.home, SystemClock())
    training.settle(store, office.settings)
    return office, store


def opened_to_look(arguments: argparse.Namespace) -> tuple[Office, Store]:
    """The same for what only tells: it changes nothing, not even a damaged file."""
    from agent.clock import SystemClock
    from agent.office import load_office
    from agent.store.looking import look

    office = load_office(arguments.config)
    return office, look(office.settings.home, SystemClock())


def opened_real(arguments: argparse.Namespace) -> tuple[Office, Store]:
    """The same for what sends or carries; raises UsageError `training` for a training office."""
    from agent.office import check_real

    office, store = opened(arguments)
    check_real(office.settings)
    return office, store
