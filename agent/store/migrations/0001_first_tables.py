"""The first tables: streams and their lines, then the office's own rows."""

from typing import Any

TABLES = """
-- Small facts of this database: machine, pairing, link, session. One row each.
CREATE TABLE fact (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;

-- Boots of this machine, numbered: a line's `b`.
CREATE TABLE boot (number INTEGER PRIMARY KEY, boot_id TEXT NOT NULL UNIQUE) STRICT;

-- Ledgers, the last one is the open one. `s` counts the batches signed in it.
CREATE TABLE ledger (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    reason TEXT NOT NULL,
    s INTEGER NOT NULL DEFAULT 0
) STRICT;

-- Two streams a ledger, with what central's newest believed receipt said of each.
CREATE TABLE stream (
    number INTEGER PRIMARY KEY,
    ledger INTEGER NOT NULL REFERENCES ledger,
    name TEXT NOT NULL,
    held INTEGER NOT NULL DEFAULT 0,            -- central holds 1…held, and its chain there is ours
    also TEXT NOT NULL DEFAULT '[]',            -- ranges above a gap, JSON, provisional
    epoch INTEGER NOT NULL DEFAULT 0,
    seq INTEGER NOT NULL DEFAULT 0,
    refused_total INTEGER NOT NULL DEFAULT 0,
    receipt_at INTEGER,                         -- our wall clock when that receipt came, ms UTC
    UNIQUE (ledger, name)
) STRICT;

-- The lines. Pruning empties `body`; the chain stays for ever, 32 bytes a line.
CREATE TABLE line (
    stream INTEGER NOT NULL REFERENCES stream,
    n INTEGER NOT NULL,
    t INTEGER NOT NULL,                         -- wall clock of the line, ms UTC: retention only
    chain BLOB NOT NULL,
    body BLOB,
    PRIMARY KEY (stream, n)
) STRICT, WITHOUT ROWID;

-- A person's data sealed for central; lies beside its line until central holds that line.
CREATE TABLE subject (
    stream INTEGER NOT NULL REFERENCES stream,
    n INTEGER NOT NULL,
    kid TEXT NOT NULL,
    sealed TEXT NOT NULL,
    PRIMARY KEY (stream, n)
) STRICT, WITHOUT ROWID;

-- Lines that central holds but cannot use; the officer's list keeps a copy of the line.
CREATE TABLE refused (
    stream INTEGER NOT NULL REFERENCES stream,
    n INTEGER NOT NULL,
    code TEXT NOT NULL,
    body BLOB,
    PRIMARY KEY (stream, n)
) STRICT, WITHOUT ROWID;

-- Lines of an earlier ledger that still have to be carried into the open one.
CREATE TABLE carry (
    number INTEGER PRIMARY KEY,
    source INTEGER NOT NULL REFERENCES stream,
    target INTEGER NOT NULL REFERENCES stream,
    next INTEGER NOT NULL,                      -- the first number of `source` not carried yet
    last INTEGER NOT NULL,
    carried_to INTEGER NOT NULL DEFAULT 0       -- the number in `target` of the newest carried line
) STRICT;

-- Queue days: a growing counter with a date for a label.
CREATE TABLE queue_day (
    number INTEGER PRIMARY KEY,
    date TEXT NOT NULL,
    confirmed INTEGER NOT NULL,
    shown TEXT NOT NULL,                        -- the date that the clock showed last: another while it is wrong
    opened_t INTEGER NOT NULL,
    closed_t INTEGER
) STRICT;

-- The last number given in a series on a queue day.
CREATE TABLE series (
    day INTEGER NOT NULL REFERENCES queue_day,
    letter TEXT NOT NULL,
    last INTEGER NOT NULL,
    PRIMARY KEY (day, letter)
) STRICT, WITHOUT ROWID;

-- Visits. (ledger, n) of the ticket.taken line is a visit's lasting name.
CREATE TABLE visit (
    number INTEGER PRIMARY KEY,
    ledger TEXT NOT NULL,
    n INTEGER NOT NULL,
    day INTEGER NOT NULL REFERENCES queue_day,
    letter TEXT NOT NULL,
    place INTEGER NOT NULL,                     -- the number on the ticket
    service TEXT NOT NULL,
    village TEXT NOT NULL,
    priority INTEGER NOT NULL,
    code TEXT NOT NULL UNIQUE,                  -- random; shows only its place in the line
    request_id TEXT NOT NULL UNIQUE,
    request_hash BLOB NOT NULL,                 -- of the request without its NIK
    state TEXT NOT NULL,
    print TEXT NOT NULL,
    taken_t INTEGER NOT NULL,
    called_t INTEGER,
    counter INTEGER,
    calls INTEGER NOT NULL DEFAULT 0,
    finished_t INTEGER,
    outcome TEXT,
    UNIQUE (ledger, n),
    UNIQUE (day, letter, place)
) STRICT;

-- Officers sign in by name and PIN, offline; in streams they are numbers.
CREATE TABLE officer (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL COLLATE NOCASE UNIQUE,
    role TEXT NOT NULL,
    pin_hash TEXT NOT NULL,
    pin_once INTEGER NOT NULL,                  -- 1: to be changed at the next sign-in
    failures INTEGER NOT NULL DEFAULT 0,
    locked_until INTEGER NOT NULL DEFAULT 0     -- our wall clock, ms UTC
) STRICT;

-- What the kiosk and the command line ask of the agent, which alone sends, prints and probes.
CREATE TABLE request (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    asked_t INTEGER NOT NULL,
    done_t INTEGER,
    result TEXT
) STRICT;

-- When each job that is due less than hourly last ran; the others are told in run/jobs.json.
CREATE TABLE job (name TEXT PRIMARY KEY, last_t INTEGER NOT NULL) STRICT, WITHOUT ROWID;

-- Health: one row a round, JSON name → value; quarter hours kept longer. Numbered, for clocks step back.
CREATE TABLE reading (number INTEGER PRIMARY KEY, t INTEGER NOT NULL, round TEXT NOT NULL) STRICT;
CREATE TABLE quarter (number INTEGER PRIMARY KEY, t INTEGER NOT NULL, summary TEXT NOT NULL) STRICT;

-- Changes of the link's state.
CREATE TABLE link_change (
    number INTEGER PRIMARY KEY,
    t INTEGER NOT NULL,
    state TEXT NOT NULL,
    evidence TEXT NOT NULL
) STRICT;
"""


def statements(script: str) -> list[str]:
    """The statements of a commented SQL script, one by one."""
    lines = (line.split("--")[0].rstrip() for line in script.splitlines())
    return [part.strip() for part in "\n".join(lines).split(";") if part.strip()]


def up(migrator: Any, db: Any) -> None:
    """Make all tables."""
    for statement in statements(TABLES):
        db.execute_sql(statement)
