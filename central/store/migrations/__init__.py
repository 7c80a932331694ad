"""Numbered steps from one shape of the tables to the next; applied when the database is opened."""
