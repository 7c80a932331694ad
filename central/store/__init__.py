"""All that central keeps, in SQLite or PostgreSQL; every primary key starts with the ledger.

Custody is what kiosks signed: kiosk, ledger, stream, frame, span, run, lost, refused, subject.
Derived tables (carried, visit, queue_day) can be emptied and built again from the frames.
"""
