"""The office's rows as peewee models; the tables and their reasons are in migrations/."""

from __future__ import annotations

from typing import Any

from peewee import BlobField, BooleanField, CompositeKey, Database, IntegerField, Model, TextField


class Row(Model):
    """Base: bound by `bind` when the database is opened."""


class QueueDay(Row):
    """A day of numbers: a growing counter with a local date for a label."""

    number = IntegerField(primary_key=True)
    date = TextField()
    confirmed = BooleanField()
    shown = TextField()
    opened_t = IntegerField()
    closed_t = IntegerField(null=True)

    class Meta:
        table_name = "queue_day"


class Series(Row):
    """The last number given in a series on a day."""

    day = IntegerField()
    letter = TextField()
    last = IntegerField()

    class Meta:
        table_name = "series"
        primary_key = CompositeKey("day", "letter")


class Visit(Row):
    """One person's request for one service."""

    number = IntegerField(primary_key=True)
    ledger = TextField()
    n = IntegerField()
    day = IntegerField()
    letter = TextField()
    place = IntegerField()
    service = TextField()
    village = TextField()
    priority = BooleanField()
    code = TextField()
    request_id = TextField()
    request_hash = BlobField()
    state = TextField()
    print = TextField()
    print_t = IntegerField(default=0)
    taken_t = IntegerField()
    called_t = IntegerField(null=True)
    counter = IntegerField(null=True)
    calls = IntegerField()
    due = IntegerField(default=0)
    finished_t = IntegerField(null=True)
    outcome = TextField(null=True)
    promised_low = IntegerField(null=True)
    promised_high = IntegerField(null=True)
    ended = IntegerField(null=True)
    reason = TextField(null=True)
    trip = IntegerField(null=True)
    moved_from = TextField(default="")
    repeated = BooleanField(default=False)

    class Meta:
        table_name = "visit"

    @property
    def name(self) -> str:
        """The visit's name in URLs: the ledger's eight random characters, a dot, n."""
        return f"{self.ledger[-8:]}.{self.n}"

    @property
    def ticket(self) -> str:
        """The number on paper, such as A-012."""
        return f"{self.letter}-{self.place:03d}"


class Officer(Row):
    """An officer's account."""

    number = IntegerField(primary_key=True)
    name = TextField()
    role = TextField()
    pin_hash = TextField()
    pin_once = BooleanField()
    failures = IntegerField()
    locked_until = IntegerField()
    closed_t = IntegerField(null=True)
    session = IntegerField(default=1)

    class Meta:
        table_name = "officer"


class Request(Row):
    """Something the agent is asked to do."""

    number = IntegerField(primary_key=True)
    kind = TextField()
    asked_t = IntegerField()
    done_t = IntegerField(null=True)
    result = TextField(null=True)

    class Meta:
        table_name = "request"


MODELS: tuple[Any, ...] = (QueueDay, Series, Visit, Officer, Request)


def bind(database: Database) -> None:
    """Point every model at `database`."""
    for model in MODELS:
        model.bind(database)
