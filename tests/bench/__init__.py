"""Measurements; each says what it does not show."""
