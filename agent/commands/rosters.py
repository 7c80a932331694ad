"""Rosters of expected people: taken in from a file, listed, deleted."""

from __future__ import annotations

import argparse
import os
from datetime import date
from pathlib import Path
from typing import Any, Final

from agent.commands.parser import add, group, opened

MOST_MEMORY: Final = 600 * 1024 * 1024  # addresses: a hostile file ends this process, not the pages
MOST_CPU_S: Final = 600


def register(commands: Any) -> None:
    """`rekam roster …`."""
    roster = group(commands, "roster", "lists of people who are expected, kept as keyed digests")
    load = add(roster, "import", "take a CSV file or workbook in, whole or not at all", import_roster, config=True)
    load.add_argument("file", type=Path)
    load.add_argument("--title", required=True)
    load.add_argument("--purpose", default="other", help="pupils, unrecorded, dtks or other")
    load.add_argument("--expires", type=date.fromisoformat, required=True, metavar="YYYY-MM-DD", help="deleted after")
    load.add_argument("--by", type=int, default=0, help=argparse.SUPPRESS)
    go_on = add(roster, "load", argparse.SUPPRESS, load_roster, config=True)  # the staff's page starts it
    go_on.add_argument("number", type=int)
    go_on.add_argument("file", type=Path)
    go_on.add_argument("--by", type=int, default=0)
    add(roster, "list", "the rosters, with how many were met", list_rosters, config=True)
    delete = add(roster, "delete", "delete a roster, its digests and its key", delete_roster, config=True)
    delete.add_argument("number", type=int)


def import_roster(arguments: argparse.Namespace) -> int:
    """`rekam roster import`."""
    from agent import roster_files
    from agent.actions import roster_refusals, rosters

    office, store = opened(arguments)
    wanted = rosters.Wanted(arguments.title, arguments.purpose, arguments.expires, arguments.by)
    number = rosters.begin(store, office, wanted, os.urandom)
    try:
        taken = rosters.take_in(store, office, number, roster_files.rows(arguments.file), arguments.by)
        people = sum(each.expected for each in rosters.reached(store, number))
        print(f"roster {number}: {people} people of {taken.seen} rows, {taken.refused} refused")
    finally:
        rosters.refuse_unfinished(store, number)
        for fault in roster_refusals.rows(store, number):
            print(f"row {fault.row}: {fault.why}")
    return 0


def load_roster(arguments: argparse.Namespace) -> int:
    """`rekam roster load`: take in the file of a roster that a page began, then delete the file."""
    import resource

    from agent import roster_files
    from agent.actions import rosters

    office, store = opened(arguments)
    for limit, most in ((resource.RLIMIT_AS, MOST_MEMORY), (resource.RLIMIT_CPU, MOST_CPU_S)):
        resource.setrlimit(limit, (most, most))  # a hostile file costs this process, not the pages
    try:
        rosters.take_in(store, office, arguments.number, roster_files.rows(arguments.file), arguments.by)
    finally:
        arguments.file.unlink(missing_ok=True)
        rosters.refuse_unfinished(store, arguments.number)
    return 0


def list_rosters(arguments: argparse.Namespace) -> int:
    """`rekam roster list`."""
    from agent.actions import rosters

    _, store = opened(arguments)
    for each in rosters.rosters(store):
        found = rosters.reached(store, each.number)
        met, expected = sum(village.met for village in found), sum(village.expected for village in found)
        print(f"{each.number}\t{each.state}\t{met}/{expected}\t{each.expires}\t{each.title}")
    return 0


def delete_roster(arguments: argparse.Namespace) -> int:
    """`rekam roster delete`."""
    from agent.actions import rosters

    _, store = opened(arguments)
    rosters.delete(store, arguments.number, by=0)
    return 0
