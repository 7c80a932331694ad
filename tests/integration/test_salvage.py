"""Every table of the office is read out of a damaged file, or is one that is made anew."""

from __future__ import annotations

import pytest

from agent.store import salvage

MADE_ANEW = {
    "schema_migration",  # by the migrations of the new file
    "request",  # whoever asked asks again
    "reading",  # of the last two days; the quarters went to central
    "quarter",
}


def test_every_table_is_salvaged_or_made_anew(store):
    tables = {name for (name,) in store.rows("SELECT name FROM sqlite_schema WHERE type = 'table'")}

    assert tables - {"sqlite_sequence"} == {*salvage.TABLES} | MADE_ANEW


@pytest.mark.parametrize("table", salvage.TABLES)
def test_the_order_in_which_a_table_is_read_names_its_columns(store, table):
    assert store.rows(f"SELECT 1 FROM {table} ORDER BY {salvage.TABLES[table]}") is not None
