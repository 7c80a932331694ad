"""`rekam doctor`: the verdicts of the technician's page in a terminal."""

from __future__ import annotations

import argparse
import json
import sys
from typing import Any

from agent.commands.parser import add, opened_to_look
from agent.errors import AffectedSqlite, StoreError


def register(commands: Any) -> None:
    """`rekam doctor`."""
    doctor = add(commands, "doctor", "what is wrong, since when, and what to do first", examine, config=True)
    doctor.add_argument("--json", action="store_true", help="for programs")
    doctor.add_argument("--lang", choices=("id", "en"), default="id", help="Indonesian (id) or English")


def examine(arguments: argparse.Namespace) -> int:
    """0 ok, 1 warn, 2 down, 3 unknown; a database that cannot be looked into is down, one kept from us unknown.

    Raises UsageError `training` for a training, of which nothing is judged.
    """
    from agent import doctor
    from agent.nudge import is_heard
    from agent.office import check_real

    try:
        office, store = opened_to_look(arguments)
        check_real(office.settings)
        found = doctor.examine(store, office, arguments.lang, agent_runs=is_heard(store.home))
    except AffectedSqlite:
        raise
    except StoreError as fault:
        return cannot_look(fault, as_json=arguments.json)
    text = doctor.as_text(found, arguments.lang, office.zone)
    print(json.dumps(found, indent=2, ensure_ascii=False) if arguments.json else text)
    return doctor.EXIT[found["verdict"]]


def cannot_look(fault: StoreError, *, as_json: bool) -> int:
    """What a doctor says who cannot see: the error, and in JSON the verdict that goes with it."""
    from agent import doctor

    found = doctor.unseen(fault)
    if as_json:
        print(json.dumps(found, indent=2, ensure_ascii=False))
    print(f"rekam: {fault}", file=sys.stderr)
    return doctor.EXIT[found["verdict"]]
