"""Several modules with real files, sockets and databases."""
