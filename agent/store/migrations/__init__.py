"""Numbered, append-only; each in one transaction with its record."""
