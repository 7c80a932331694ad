"""Keeps out of the kiosk what its libraries import and only a developer's desk or a client of the net would call."""

from __future__ import annotations

import sys
from types import ModuleType
from typing import Any, Final

# Flask's command line, its server for trying things out, prometheus_client's own server and pushes: with the HTTP
# client, TLS and mail parser below them nearly four megabytes. The kiosk has no network of its own to use them in.
UNUSED: Final = ("click", "http.server", "ssl", "urllib.request", "wsgiref.simple_server")


class Absent:
    """A name of a module that was left out: it can be imported and inherited from, and nothing more."""

    def __init__(self, *_: object, **_more: object) -> None:
        raise ImportError(f"{type(self).__name__} is left out of this process; kiosk_ui/lean.py says what else")


class LeftOut(ModuleType):
    """A module in which every name is there, and absent."""

    def __getattr__(self, name: str) -> type[Absent]:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (Absent,), {})


class NoCommands:
    """A group of commands for `flask`, which nobody calls: applications and blueprints make one each."""

    commands: Final = ()


def do_without_a_desk() -> None:
    """From now on in this process they are absent; called before anything imports Flask."""
    for name in UNUSED:
        sys.modules.setdefault(name, LeftOut(name))
    commands: Any = ModuleType("flask.cli")
    commands.AppGroup = NoCommands
    sys.modules.setdefault(commands.__name__, commands)
