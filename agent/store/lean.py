"""Keeps out of an office's two processes what only central needs."""

from __future__ import annotations

import sys
from typing import Final

# peewee and its playhouse load every database driver that is installed: psycopg would cost each process 7 MB and a
# tenth of a second at the start.
UNUSED: Final = ("psycopg", "psycopg2", "psycopg2cffi", "pymysql", "MySQLdb", "pysqlite3")


def do_without_unused_drivers() -> None:
    """From now on in this process they are as if not installed; called before anything imports peewee."""
    for name in UNUSED:
        sys.modules.setdefault(name, None)  # type: ignore[arg-type]  # `import` then fails as for a missing module
