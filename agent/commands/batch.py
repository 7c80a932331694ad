"""Looking into batch files."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from agent.commands.parser import add, group


def register(commands: Any) -> None:
    """Looking into batch files."""
    batch = group(commands, "batch", "show or verify a batch file")
    show = add(batch, "show", "print claims and lines as JSON", show_batch)
    show.add_argument("file", type=Path)
    verify = add(batch, "verify", "check signature, sizes, hashes and chain; 0 or 65", verify_batch)
    verify.add_argument("file", type=Path)
    verify.add_argument("--keys", type=Path, metavar="JWKS", help="accept only these keys")


def show_batch(arguments: argparse.Namespace) -> int:
    """`rekam batch show`."""
    from agent.batch_files import shown

    print(json.dumps(shown(arguments.file), indent=2, ensure_ascii=False))
    return 0


def verify_batch(arguments: argparse.Namespace) -> int:
    """`rekam batch verify`."""
    from agent.batch_files import verified

    print(verified(arguments.file, arguments.keys))
    return 0
