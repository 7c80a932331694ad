"""Trips to villages and the visits of each, told to the other devices of the same kecamatan.

Both are derived. Trips that arrived before this stand here after a `rebuild`.
"""

from __future__ import annotations

from typing import Any

from peewee import PostgresqlDatabase

TABLES = """
CREATE TABLE trip (
    ledger TEXT NOT NULL,
    n {int} NOT NULL,
    village TEXT,
    place TEXT,
    purpose TEXT,
    date TEXT,
    stated {int} NOT NULL,
    closed_rank {int},
    PRIMARY KEY (ledger, n)
) {keyed};
CREATE TABLE trip_visit (
    ledger TEXT NOT NULL,
    n {int} NOT NULL,
    trip_ledger TEXT NOT NULL,
    trip_n {int} NOT NULL,
    PRIMARY KEY (ledger, n)
) {keyed};
CREATE INDEX trip_visit_trip ON trip_visit (trip_ledger, trip_n);
CREATE INDEX kiosk_office ON kiosk (office)
"""


def up(migrator: Any, db: Any) -> None:
    """Make both tables, and the index by which an office finds its other devices."""
    is_postgres = isinstance(db, PostgresqlDatabase)
    words = {"int": "BIGINT", "keyed": ""} if is_postgres else {"int": "INTEGER", "keyed": "STRICT, WITHOUT ROWID"}
    for statement in TABLES.format(**words).split(";"):
        db.execute_sql(statement)
