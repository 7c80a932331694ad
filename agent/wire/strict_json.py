"""JSON that was signed: one way to read it, and one error for whatever is wrong with it."""

from __future__ import annotations

import json
from typing import Any, TypeVar

import msgspec

from agent.errors import BadData

Shape = TypeVar("Shape")


def read(text: bytes, shape: type[Shape], *, field: str, file: str = "") -> Shape:
    """The `shape` in `text`; raises BadData `malformed`, also where a member stands twice.

    Unknown members are ignored. A member that stands twice reads differently in other
    languages, so a signature over it would mean two things.
    """
    try:
        json.loads(text.decode("utf-8"), object_pairs_hook=_each_once)
    except (json.JSONDecodeError, UnicodeDecodeError, RecursionError) as fault:
        raise BadData("malformed", f"is not JSON ({fault})", file=file, field=field) from fault
    except ValueError as fault:
        raise BadData("malformed", str(fault), file=file, field=field) from fault
    try:
        return msgspec.json.decode(text, type=shape)
    except (msgspec.DecodeError, ValueError, RecursionError) as fault:
        raise BadData("malformed", str(fault), file=file, field=field) from fault


def _each_once(members: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(members)
    if len(found) != len(members):
        raise ValueError("a member stands twice in one object")
    return found
