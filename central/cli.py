"""`rekam central …`: one small function per subcommand; each returns the exit status."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

Command = Callable[[argparse.Namespace], int]


def register(commands: Any) -> None:
    """Add the subcommands to argparse's `commands`; each leaves its function in `command`."""
    made = _add(commands, "init", "make keys, settings and database of a receiver", _init)
    made.add_argument("dir", type=Path, help="a new or empty directory")
    made.add_argument("--database-url", metavar="U", help="postgresql://…; without it SQLite in the directory")
    _configured(commands, "serve", "answer kiosks until SIGTERM", _serve)
    _configured(commands, "kiosks", "list the kiosks and where they stand", _kiosks)
    for name, help_text in (
        ("approve", "let a kiosk in, by the code on its screen"),
        ("suspend", "answer a kiosk with 503 for now; approve ends it"),
        ("revoke", "answer a kiosk with a signed no"),
    ):
        _configured(commands, name, help_text, _decide).add_argument("code", metavar="CODE")
    move = _configured(commands, "move", "let an approved kiosk speak for another office; then rejudge", _move)
    move.add_argument("code", metavar="CODE")
    move.add_argument("--office", required=True, metavar="CODE", help="kecamatan, 64.02.05 or 640205")
    _configured(commands, "lines", "write every line that arrived as CSV", _lines)
    _configured(commands, "rebuild", "empty the derived tables and build them again", _rebuild)
    _configured(commands, "rejudge", "judge refused lines again, after their cause was mended here", _rejudge)
    stick = _configured(commands, "carry", "take in what a stick or bucket brings, and answer there", _carry)
    stick.add_argument("dir", help="the mounted stick, a folder on it, or s3://BUCKET/PREFIX")
    invite = _configured(commands, "invite", "write the invitation of an office to the standard output", _invite)
    invite.add_argument("--office", required=True, metavar="CODE", help="kecamatan, 64.02.05 or 640205")
    keys = _group(commands, "keys", "the list of central's keys")
    renew = _configured(keys, "renew", "list sealing keys for a year from now", _renew)
    renew.add_argument("--root", type=Path, required=True, metavar="FILE", help="the root key; new keys lie beside it")
    settings = _group(commands, "settings", "settings for the kiosks")
    publish = _configured(settings, "publish", "sign settings for every kiosk", _publish)
    publish.add_argument("file", type=Path, help="TOML; no personal data")


def _add(commands: Any, name: str, help_text: str, command: Command) -> Any:
    parser = commands.add_parser(name, help=help_text, description=help_text)
    parser.set_defaults(command=command, action=name)
    return parser


def _configured(commands: Any, name: str, help_text: str, command: Command) -> Any:
    parser = _add(commands, name, help_text, command)
    parser.add_argument("--config", type=Path, required=True, metavar="F", help="the receiver's central.toml")
    return parser


def _group(commands: Any, name: str, help_text: str) -> Any:
    parser = commands.add_parser(name, help=help_text)
    return parser.add_subparsers(metavar="ACTION", required=True, parser_class=type(parser))


def _init(arguments: argparse.Namespace) -> int:
    from central.commands import keeping

    return keeping.init(arguments.dir, arguments.database_url)


def _serve(arguments: argparse.Namespace) -> int:
    from central.serve import serve

    return serve(arguments.config)


def _kiosks(arguments: argparse.Namespace) -> int:
    from central.commands import fleet

    return fleet.show(arguments.config)


def _decide(arguments: argparse.Namespace) -> int:
    from central.commands import carrying, fleet

    status = fleet.decide(arguments.config, arguments.action, arguments.code)
    if arguments.action == "approve":
        carrying.take_from_quarantine(arguments.config)
    return status


def _move(arguments: argparse.Namespace) -> int:
    from central.commands import fleet

    return fleet.move(arguments.config, arguments.code, arguments.office)


def _lines(arguments: argparse.Namespace) -> int:
    from central.commands import lines

    return lines.write(arguments.config)


def _carry(arguments: argparse.Namespace) -> int:
    from central.commands import carrying

    return carrying.carry_box(arguments.config, arguments.dir)


def _rebuild(arguments: argparse.Namespace) -> int:
    from central.commands import lines

    return lines.rebuild_all(arguments.config)


def _rejudge(arguments: argparse.Namespace) -> int:
    from central.commands import lines

    return lines.judge_refused_again(arguments.config)


def _invite(arguments: argparse.Namespace) -> int:
    from central.commands import keeping

    return keeping.invite(arguments.config, arguments.office)


def _renew(arguments: argparse.Namespace) -> int:
    from central.commands import keeping

    return keeping.renew_keys(arguments.config, arguments.root)


def _publish(arguments: argparse.Namespace) -> int:
    from central.commands import keeping

    return keeping.publish_settings(arguments.config, arguments.file)
