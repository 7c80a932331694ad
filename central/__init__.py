"""The receiver: takes batches, gives receipts, shows what arrived."""
