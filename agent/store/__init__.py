"""The only code of the office machine that touches SQLite."""
