"""The contract with central: bytes in, values out; no I/O, no clock. In prose: docs/wire.md."""
