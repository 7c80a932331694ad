"""The command `rekam`; its subcommands are in agent/commands/ and central/cli.py."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from typing import Any

from agent.commands import batch, doctor, lan, life, office, rosters, running
from agent.commands.parser import Parser, with_thumbprints
from agent.errors import RekamError
from agent.version import VERSION


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a subcommand; 0 ok, 1 failed, 64 usage, 65 bad data, 69 unreachable, 78 settings."""
    words = with_thumbprints(sys.argv[1:] if arguments is None else arguments)
    chosen = build_parser(words).parse_args(words)
    logging.basicConfig(level=logging.INFO, format="%(name)s: %(message)s")  # journald adds the time
    logging.getLogger("peewee.migrations").setLevel(logging.WARNING)  # tables made anew are no news to a person
    try:
        return int(chosen.command(chosen))
    except RekamError as fault:
        print(f"rekam: {fault}", file=sys.stderr)
        return fault.exit_status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as fault:
        print(f"rekam: {of_machine(fault)}", file=sys.stderr)
        return 1


def of_machine(fault: OSError) -> str:
    """What the machine refused, as CODE: FILE: FIELD: sentence."""
    file = str(fault.filename or "-")
    if isinstance(fault, PermissionError):
        return f"no-access: {file}: -: this user may not open it; call this as root"
    return f"machine: {file}: -: {fault.strerror or fault}; see to that, then try again"


def build_parser(words: Sequence[str]) -> Parser:
    """All subcommands; central's own only where `words` speak of it."""
    parser = Parser(prog="rekam", description="Queue, ledger and device health of a kecamatan office.")
    parser.add_argument("--version", action="version", version=f"rekam {VERSION}")
    commands = parser.add_subparsers(metavar="COMMAND", required=True, parser_class=Parser)
    office.register(commands)
    running.register(commands)
    life.register(commands)
    rosters.register(commands)
    doctor.register(commands)
    batch.register(commands)
    lan.register(commands)
    add_central_commands(commands, words)
    return parser


def add_central_commands(commands: Any, words: Sequence[str]) -> None:
    """`rekam central …`, if that word was said: its parser is not loaded for the kiosk."""
    central = commands.add_parser("central", help="the receiver at central IT", add_help="central" in words)
    if "central" in words:
        from central.cli import register

        register(central.add_subparsers(metavar="ACTION", required=True, parser_class=Parser))


if __name__ == "__main__":
    sys.exit(main())
