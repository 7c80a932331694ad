"""The tables as peewee models; each says why it is there. No model is bound: queries name their database."""

from __future__ import annotations

from typing import Any

from peewee import BigIntegerField, BlobField, BooleanField, CompositeKey, Model, TextField


class Kiosk(Model):
    """A key that asked to be known; the key is the first half of every ledger it may sign."""

    thumbprint = TextField(primary_key=True)
    office = TextField()
    state = TextField()  # pending | approved | suspended | revoked
    software = TextField(default="")
    first_seen = BigIntegerField()
    last_seen = BigIntegerField()


class Ledger(Model):
    """One ledger of a kiosk: its growing counter, its status, and which ledger it goes on from."""

    ledger = TextField(primary_key=True)
    kiosk = TextField(index=True)
    first_seen = BigIntegerField()
    s_max = BigIntegerField(default=-1)
    bearer_s = BigIntegerField(default=-1)
    frames = BigIntegerField(default=0)
    status_s = BigIntegerField(default=-1)
    status_at = BigIntegerField(null=True)
    status = TextField(null=True)
    parent = TextField(null=True, index=True)  # only what the same key, or a proof of the old one, vouches for


class Stream(Model):
    """Where a stream stands; the row that is locked while a batch of it is taken in."""

    ledger = TextField()
    stream = TextField()
    held = BigIntegerField()
    chain = BlobField()
    epoch = BigIntegerField()
    seq = BigIntegerField()
    said = BlobField()  # what the last receipt said, as JSON: another text is another seq
    claimed = BigIntegerField()
    lines = BigIntegerField()
    refused_total = BigIntegerField()
    lost_total = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("ledger", "stream")


class Frame(Model):
    """A batch as received: the JWS that signed it and its frame of lines. The evidence, never changed."""

    ledger = TextField()
    number = BigIntegerField()
    stream = TextField()
    first = BigIntegerField()
    arrived = BigIntegerField()
    token = TextField()
    body = BlobField()
    carrier = TextField(default="")  # link | stick | objects; empty for what came before this was written down

    class Meta:
        primary_key = CompositeKey("ledger", "number")


class Span(Model):
    """Which frame first brought the lines first…last, and the chain after each of them, 32 bytes a line."""

    ledger = TextField()
    stream = TextField()
    first = BigIntegerField()
    last = BigIntegerField()
    frame = BigIntegerField()
    chains = BlobField()

    class Meta:
        primary_key = CompositeKey("ledger", "stream", "first")


class Run(Model):
    """Held lines above a gap, told in `also`; gone when the gap closes."""

    ledger = TextField()
    stream = TextField()
    first = BigIntegerField()
    last = BigIntegerField()
    before = BlobField()
    chain = BlobField()

    class Meta:
        primary_key = CompositeKey("ledger", "stream", "first")


class Lost(Model):
    """Numbers counted past because the kiosk has their lines no more; one that is found leaves this table."""

    ledger = TextField()
    stream = TextField()
    first = BigIntegerField()
    last = BigIntegerField()
    chain = BlobField()

    class Meta:
        primary_key = CompositeKey("ledger", "stream", "first")


class Refused(Model):
    """A held line that central cannot use; (epoch, seq) is the first receipt that told the kiosk."""

    ledger = TextField()
    stream = TextField()
    n = BigIntegerField()
    code = TextField()
    epoch = BigIntegerField(null=True)
    seq = BigIntegerField(null=True)

    class Meta:
        primary_key = CompositeKey("ledger", "stream", "n")


class Subject(Model):
    """Sealed personal data under the identity its line counts by; `info` is that of first writing. Erasable."""

    ledger = TextField()
    stream = TextField()
    n = BigIntegerField()
    info = TextField()
    kid = TextField(index=True)
    sealed = TextField()
    arrived = BigIntegerField()

    class Meta:
        primary_key = CompositeKey("ledger", "stream", "n")


class Carried(Model):
    """Derived: a carried line, the identity it had, and whether it counts under that one."""

    ledger = TextField()
    stream = TextField()
    n = BigIntegerField()
    old_ledger = TextField()
    old_stream = TextField()
    old_n = BigIntegerField()
    digest = BlobField()
    filed = BooleanField()

    class Meta:
        primary_key = CompositeKey("ledger", "stream", "n")
        indexes = ((("old_ledger", "old_stream", "old_n"), False),)


class Visit(Model):
    """Derived: what became of a visit, from all lines that name it; `*_rank` says which line had the word."""

    ledger = TextField()
    n = BigIntegerField()
    office = TextField(null=True)
    day = BigIntegerField(null=True)
    date = TextField(null=True)  # local date of `taken`, for days that no line labels
    ticket = TextField(null=True)
    service = TextField(null=True)
    village = TextField(null=True)
    priority = BooleanField(null=True)
    taken = BigIntegerField(null=True)
    called = BigIntegerField(null=True)
    called_rank = BigIntegerField(null=True)
    calls = BigIntegerField(default=0)
    finished = BigIntegerField(null=True)
    finished_rank = BigIntegerField(null=True)
    outcome = TextField(null=True)
    outcome_rank = BigIntegerField(null=True)
    corrected = BooleanField(default=False)

    class Meta:
        primary_key = CompositeKey("ledger", "n")
        indexes = ((("office", "day"), False),)


class QueueDay(Model):
    """Derived: the local date of a queue day as its newest line labels it."""

    ledger = TextField()
    day = BigIntegerField()
    date = TextField()
    rank = BigIntegerField()

    class Meta:
        table_name = "queue_day"
        primary_key = CompositeKey("ledger", "day")


class Trip(Model):
    """Derived: a trip to a village, from the lines that opened and closed it."""

    ledger = TextField()
    n = BigIntegerField()
    village = TextField(null=True)
    place = TextField(null=True)
    purpose = TextField(null=True)
    date = TextField(null=True)
    stated = BigIntegerField(default=0)
    closed_rank = BigIntegerField(null=True)

    class Meta:
        primary_key = CompositeKey("ledger", "n")


class TripVisit(Model):
    """Derived: which trip a visit belongs to."""

    ledger = TextField()
    n = BigIntegerField()
    trip_ledger = TextField()
    trip_n = BigIntegerField()

    class Meta:
        table_name = "trip_visit"
        primary_key = CompositeKey("ledger", "n")


DERIVED: tuple[Any, ...] = (Carried, Visit, QueueDay, Trip, TripVisit)
