"""Everything Rekam raises on purpose.

RekamError                      code, sentence, file, field; says what to do
├── UsageError                  exit 64: the command line is wrong
├── BadData                     exit 65, HTTP 422: bytes or values from outside that cannot be used
│   ├── BadSignature            the bytes are whole, but not signed by whom they must be
│   └── Unsupported             a version this program does not speak
├── NotAllowed                  HTTP 401/403: the caller may not do this
├── NotFound                    HTTP 404: there is no such thing
├── Conflict                    HTTP 409: right in itself, wrong at this moment
├── Unreachable                 exit 69: central (or the agent) cannot be reached
├── SettingsError               exit 78: a settings file stops the start
└── StoreError                  exit 1: the database cannot do its work
    ├── AffectedSqlite          exit 78: this SQLite can damage the file
    ├── DiskFull                HTTP 507: nothing was recorded
    └── Damaged                 the file, or lines in it, do not hold

`str(error)` is the line for stderr without the program's name: CODE: FILE: FIELD: sentence.
"""

from __future__ import annotations

from typing import ClassVar


class RekamError(Exception):
    """An expected failure, told so that its reader knows what to do next."""

    exit_status: ClassVar[int] = 1
    http_status: ClassVar[int] = 500

    def __init__(self, code: str, sentence: str, *, file: str = "", field: str = "") -> None:
        super().__init__(code, sentence)
        self.code = code
        self.sentence = sentence
        self.file = file
        self.field = field

    def __str__(self) -> str:
        return ": ".join((self.code, self.file or "-", self.field or "-", self.sentence))


class UsageError(RekamError):
    """The command line asks for something that does not exist."""

    exit_status = 64
    http_status = 400


class BadData(RekamError):
    """Bytes or values from outside that cannot be used; nothing was changed."""

    exit_status = 65
    http_status = 422


class BadSignature(BadData):
    """Whole bytes that are not signed by whom they must be."""


class Unsupported(BadData):
    """A version of a format that this program does not speak."""


class NotAllowed(RekamError):
    """The caller may not do this; `http_status` is 401 without and 403 with a known caller."""

    http_status = 403


class NotFound(RekamError):
    """There is no such thing."""

    http_status = 404


class Conflict(RekamError):
    """A request that is right in itself and wrong at this moment."""

    http_status = 409


class Unreachable(RekamError):
    """The other side did not answer; trying again later is safe."""

    exit_status = 69
    http_status = 503


class SettingsError(RekamError):
    """A settings file that stops the start; names file and field."""

    exit_status = 78


class StoreError(RekamError):
    """The database cannot do its work."""


class AffectedSqlite(StoreError):
    """A SQLite library that can damage a write-ahead log with two writers."""

    exit_status = 78


class DiskFull(StoreError):
    """The disk is full: this visit is not recorded."""

    http_status = 507


class Damaged(StoreError):
    """A database file, or lines in it, that do not hold; what is sound is carried into a new ledger."""
