"""One module at a time, no I/O worth the name."""
