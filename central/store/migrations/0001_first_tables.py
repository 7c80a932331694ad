"""The first tables: custody of what kiosks signed, and what is derived from it.

Every primary key starts with the ledger (a kiosk's thumbprint is the first half of its ledgers),
so that each table can be partitioned or sharded by it. No foreign keys: they would tie shards.
"""

from __future__ import annotations

from typing import Any

from peewee import PostgresqlDatabase

TABLES = """
-- A key that asked to be known. state: pending | approved | suspended | revoked
CREATE TABLE kiosk (
    thumbprint {text} NOT NULL PRIMARY KEY,
    office {text} NOT NULL,
    state {text} NOT NULL,
    software {text} NOT NULL,
    first_seen {int} NOT NULL,
    last_seen {int} NOT NULL
) {keyed};

-- One ledger of a kiosk. frames counts its batches kept; bearer_s is the highest counter shown by a GET;
-- parent is the ledger it goes on from, if the same key or a proof of the old one vouches for it.
CREATE TABLE ledger (
    ledger {text} NOT NULL PRIMARY KEY,
    kiosk {text} NOT NULL,
    first_seen {int} NOT NULL,
    s_max {int} NOT NULL,
    bearer_s {int} NOT NULL,
    frames {int} NOT NULL,
    status_s {int} NOT NULL,
    status_at {int},
    status {text},
    parent {text}
) {keyed};
CREATE INDEX ledger_kiosk ON ledger (kiosk);
CREATE INDEX ledger_parent ON ledger (parent);

-- Where a stream stands; locked while a batch of it is taken in. said is what the last receipt said.
CREATE TABLE stream (
    ledger {text} NOT NULL,
    stream {text} NOT NULL,
    held {int} NOT NULL,
    chain {blob} NOT NULL,
    epoch {int} NOT NULL,
    seq {int} NOT NULL,
    said {blob} NOT NULL,
    claimed {int} NOT NULL,
    lines {int} NOT NULL,
    refused_total {int} NOT NULL,
    lost_total {int} NOT NULL,
    PRIMARY KEY (ledger, stream)
) {keyed};

-- A batch as received, without its sealed subjects: the evidence. Never changed.
CREATE TABLE frame (
    ledger {text} NOT NULL,
    number {int} NOT NULL,
    stream {text} NOT NULL,
    first {int} NOT NULL,
    arrived {int} NOT NULL,
    token {text} NOT NULL,
    body {blob} NOT NULL,
    PRIMARY KEY (ledger, number)
) {plain};

-- Which frame first brought the lines first to last, and the chain after each of them, 32 bytes a line.
CREATE TABLE span (
    ledger {text} NOT NULL,
    stream {text} NOT NULL,
    first {int} NOT NULL,
    last {int} NOT NULL,
    frame {int} NOT NULL,
    chains {blob} NOT NULL,
    PRIMARY KEY (ledger, stream, first)
) {plain};

-- Held lines above a gap.
CREATE TABLE run (
    ledger {text} NOT NULL,
    stream {text} NOT NULL,
    first {int} NOT NULL,
    last {int} NOT NULL,
    before {blob} NOT NULL,
    chain {blob} NOT NULL,
    PRIMARY KEY (ledger, stream, first)
) {keyed};

-- Numbers counted past, because the kiosk has their lines no more.
CREATE TABLE lost (
    ledger {text} NOT NULL,
    stream {text} NOT NULL,
    first {int} NOT NULL,
    last {int} NOT NULL,
    chain {blob} NOT NULL,
    PRIMARY KEY (ledger, stream, first)
) {keyed};

-- A held line that central cannot use; (epoch, seq) is the first receipt that told the kiosk of it.
CREATE TABLE refused (
    ledger {text} NOT NULL,
    stream {text} NOT NULL,
    n {int} NOT NULL,
    code {text} NOT NULL,
    epoch {int},
    seq {int},
    PRIMARY KEY (ledger, stream, n)
) {keyed};

-- Sealed personal data, apart from the evidence so that it can be erased; info is its identity when first written.
CREATE TABLE subject (
    ledger {text} NOT NULL,
    stream {text} NOT NULL,
    n {int} NOT NULL,
    info {text} NOT NULL,
    kid {text} NOT NULL,
    sealed {text} NOT NULL,
    arrived {int} NOT NULL,
    PRIMARY KEY (ledger, stream, n)
) {keyed};
CREATE INDEX subject_kid ON subject (kid);

-- Derived: a carried line, the identity it had, and whether it counts under that one.
CREATE TABLE carried (
    ledger {text} NOT NULL,
    stream {text} NOT NULL,
    n {int} NOT NULL,
    old_ledger {text} NOT NULL,
    old_stream {text} NOT NULL,
    old_n {int} NOT NULL,
    digest {blob} NOT NULL,
    filed {bool} NOT NULL,
    PRIMARY KEY (ledger, stream, n)
) {keyed};
CREATE INDEX carried_old ON carried (old_ledger, old_stream, old_n);

-- Derived: what became of a visit. A rank says how late the line stands that had the word.
CREATE TABLE visit (
    ledger {text} NOT NULL,
    n {int} NOT NULL,
    office {text},
    day {int},
    date {text},
    ticket {text},
    service {text},
    village {text},
    priority {bool},
    taken {int},
    called {int},
    called_rank {int},
    calls {int} NOT NULL,
    finished {int},
    finished_rank {int},
    outcome {text},
    outcome_rank {int},
    corrected {bool} NOT NULL,
    PRIMARY KEY (ledger, n)
) {keyed};
CREATE INDEX visit_date ON visit (date, office);

-- Derived: the local date of a queue day, as the newest line labels it.
CREATE TABLE queue_day (
    ledger {text} NOT NULL,
    day {int} NOT NULL,
    date {text} NOT NULL,
    rank {int} NOT NULL,
    PRIMARY KEY (ledger, day)
) {keyed};
"""

SQLITE = {
    "text": "TEXT",
    "int": "INTEGER",
    "blob": "BLOB",
    "bool": "INTEGER",
    "plain": "STRICT",
    "keyed": "STRICT, WITHOUT ROWID",
}
POSTGRES = {"text": "TEXT", "int": "BIGINT", "blob": "BYTEA", "bool": "BOOLEAN", "plain": "", "keyed": ""}


def up(migrator: Any, db: Any) -> None:
    """Make every table, in the words of the database at hand."""
    words = POSTGRES if isinstance(db, PostgresqlDatabase) else SQLITE
    text = "\n".join(line for line in TABLES.splitlines() if not line.startswith("--"))
    for statement in text.format(**words).split(";"):
        if statement.strip():
            db.execute_sql(statement)
