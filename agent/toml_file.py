"""Reads a TOML file into typed, frozen structs; the first bad key stops it, named with its line.

A field's type is its check. Where a type alone says too little, the field is
`Annotated[type, parse]`: `parse` gets what the file has and raises ValueError with the reason.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Literal, TypeVar, Union, get_args, get_origin

import msgspec

from agent.errors import SettingsError

T = TypeVar("T", bound=msgspec.Struct)
Key = tuple[str, ...]

MOST_BYTES: Final = 1_048_576  # a mistyped path to a log or a disk image must not fill the memory


class _Fault(Exception):
    """Inside this module only: what is wrong at which key."""

    def __init__(self, key: Key, reason: str) -> None:
        super().__init__(key, reason)
        self.key = key
        self.reason = reason


def read_toml(path: Path, cls: type[T], **given: Any) -> T:
    """The file as a `cls`; `given` are fields that the file may not set.

    Raises SettingsError with code `settings`, the file, the first bad key and the reason.
    """
    return parse_toml(_text(path), cls, file=str(path), **given)


def parse_toml(text: str, cls: type[T], *, file: str, **given: Any) -> T:
    """The same from text that was read already; `file` is only named in the error."""
    try:
        return build(cls, tomllib.loads(text), (), given)
    except (tomllib.TOMLDecodeError, RecursionError) as fault:
        raise SettingsError("settings", f"this is not TOML: {fault}", file=file) from fault
    except _Fault as fault:
        line = line_of(text, fault.key)
        where = f"line {line}: " if line else ""
        raise SettingsError("settings", where + fault.reason, file=file, field=".".join(fault.key)) from fault


def read_table(table: Mapping[str, Any], cls: type[T], *, file: str) -> T:
    """The same from a table that came another way, its dates as text; `file` is only named in the error."""
    try:
        return build(cls, table, (), {})
    except _Fault as fault:
        raise SettingsError("settings", fault.reason, file=file, field=".".join(fault.key)) from fault


def _text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            raw = file.read(MOST_BYTES + 1)
    except OSError as fault:
        raise SettingsError("settings", f"cannot be read: {fault.strerror}", file=str(path)) from fault
    if len(raw) > MOST_BYTES:
        raise SettingsError("settings", f"is larger than {MOST_BYTES} bytes; is it the right file?", file=str(path))
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as fault:
        line = raw[: fault.start].count(b"\n") + 1
        raise SettingsError("settings", f"line {line} is not UTF-8; save it as UTF-8", file=str(path)) from fault


def build(cls: type[T], table: object, key: Key, given: Mapping[str, Any]) -> T:
    """A struct from a table, its keys checked in the order of the file."""
    if not isinstance(table, dict):
        raise _Fault(key, f"must be a table, [{'.'.join(key)}], and not {_shown(table)}")
    fields = {field.encode_name: field for field in msgspec.structs.fields(cls) if field.name not in given}
    values = dict(given)
    for name, raw in table.items():
        if name not in fields:
            raise _Fault((*key, name), f"there is no such setting; known here: {', '.join(fields)}")
        values[fields[name].name] = _value(fields[name].type, raw, (*key, name))
    for name, field in fields.items():
        if field.required and name not in table:
            raise _Fault((*key, name), "is missing and has no default")
    return _checked(cls, values, key)


def _checked(cls: type[T], values: Mapping[str, Any], key: Key) -> T:
    """The struct, with what its `__post_init__` has against the fields together."""
    try:
        return cls(**values)
    except SettingsError as fault:
        raise _Fault((*key, *fault.field.split(".")), fault.sentence) from fault


def _value(kind: Any, raw: object, key: Key) -> Any:
    """One value checked against the type of its field."""
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Annotated and callable(arguments[1]):
        return _parsed(arguments[1], raw, key)
    if origin in (UnionType, Union):
        return _value(next(kind for kind in arguments if kind is not NoneType), raw, key)
    if origin is Literal:
        return _chosen(arguments, raw, key)
    if origin is tuple:
        return tuple(_value(arguments[0], each, _nth(key, i)) for i, each in enumerate(_is(list, raw, key, "a list")))
    if origin is dict:
        table = _is(dict, raw, key, "a table")
        return {name: _value(arguments[1], each, (*key, name)) for name, each in table.items()}
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
        return build(kind, raw, key, {})
    return _plain(kind, raw, key)


def _parsed(parse: Callable[[object], Any], raw: object, key: Key) -> Any:
    try:
        return parse(raw)
    except ValueError as fault:
        raise _Fault(key, str(fault)) from fault


def _chosen(choices: tuple[Any, ...], raw: object, key: Key) -> object:
    if raw not in choices:
        raise _Fault(key, f"must be one of {', '.join(map(_shown, choices))}, and not {_shown(raw)}")
    return raw


def _is(kind: type, raw: object, key: Key, name: str) -> Any:
    if not isinstance(raw, kind):
        raise _Fault(key, f"must be {name}, and not {_shown(raw)}")
    return raw


def _plain(kind: Any, raw: object, key: Key) -> object:
    try:
        return msgspec.convert(raw, kind, strict=True)
    except msgspec.ValidationError as fault:
        raise _Fault(key, f"{fault}; the file has {_shown(raw)}") from fault


def _nth(key: Key, index: int) -> Key:
    return (*key[:-1], f"{key[-1]}[{index}]")


def _shown(raw: object) -> str:
    """A value as a person would type it, cut at a length that fits a line."""
    text = f'"{raw}"' if isinstance(raw, str) else str(raw).lower() if isinstance(raw, bool) else str(raw)
    return text if len(text) <= 60 else text[:57] + "..."


def line_of(text: str, key: Key) -> int | None:
    """The line where `key`, or the nearest table above it, is set; None where it cannot be told.

    tomllib gives no positions, so this reads headers and `name =` only: good enough to send a person there.
    """
    found: dict[Key, int] = {}
    here: Key = ()
    seen: Counter[Key] = Counter()
    for number, line in enumerate(text.splitlines(), 1):
        here = _header(line.strip(), seen) or here
        name, is_pair, _ = line.partition("=")
        place = (*here, name.strip().strip("\"'")) if is_pair else here
        for depth in range(1, len(place) + 1):
            found.setdefault(place[:depth], number)
    while key and key not in found:
        key = _parent(key)
    return found.get(key) if key else None


def _parent(key: Key) -> Key:
    """`a.b[1]` → `a.b` → `a`."""
    name, is_nth, _ = key[-1].partition("[")
    return (*key[:-1], name) if is_nth else key[:-1]


def _header(line: str, seen: Counter[Key]) -> Key:
    """The key of a `[table]` or `[[list of tables]]` line, else ()."""
    if not line.startswith("["):
        return ()
    try:
        table: Any = tomllib.loads(line)
    except tomllib.TOMLDecodeError:
        return ()
    key: Key = ()
    while isinstance(table, dict) and table:
        name, table = next(iter(table.items()))
        key = (*key, name)
    if isinstance(table, list):
        seen[key] += 1
        key = _nth(key, seen[key] - 1)
    return key
