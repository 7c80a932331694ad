"""Files that any implementation of the wire must read the same way; made by make.py, told in docs/wire.md."""
