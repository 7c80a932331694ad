"""Facts about this machine: one function per probe."""
