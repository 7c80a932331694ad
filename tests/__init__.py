"""Rekam's tests: unit and contract are fast, integration and e2e are real, bench measures."""
