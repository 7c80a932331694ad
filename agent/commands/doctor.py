"""`rekam doctor`: the verdicts of the technician's page in a terminal."""

from __future__ import annotations

import argparse
import json
from typing import Any

from agent.commands.parser import add, opened


def register(commands: Any) -> None:
    """`rekam doctor`."""
    doctor = add(commands, "doctor", "what is wrong, since when, and what to do first", examine, config=True)
    doctor.add_argument("--json", action="store_true", help="for programs")
    doctor.add_argument("--lang", choices=("id", "en"), default="id", help="Indonesian (id) or English")


def examine(arguments: argparse.Namespace) -> int:
    """0 ok, 1 warn, 2 down, 3 unknown."""
    from agent import doctor
    from agent.nudge import is_heard

    office, store = opened(arguments)
    found = doctor.examine(store, office, arguments.lang, agent_runs=is_heard(store.home))
    text = doctor.as_text(found, arguments.lang, office.zone)
    print(json.dumps(found, indent=2, ensure_ascii=False) if arguments.json else text)
    return doctor.EXIT[found["verdict"]]
