"""Keeps out of an office's two processes what only central needs."""

from __future__ import annotations

import sys
from typing import Final

# peewee loads every database driver that is installed: psycopg would cost each process 7 MB and a tenth of a second at
# the start. Python's own sqlite3 it cannot do without, though no file is ever opened by it.
UNUSED: Final[tuple[str, ...]] = ("psycopg", "psycopg2", "psycopg2cffi", "pymysql", "MySQLdb", "pysqlite3")


def import_peewee_alone() -> None:
    """Load peewee as on a machine without those drivers; nothing where it is loaded already.

    To be called before anything else is imported that imports peewee.
    """
    if "peewee" in sys.modules:
        return
    hidden = {name: sys.modules.pop(name) for name in UNUSED if name in sys.modules}
    for name in UNUSED:
        sys.modules[name] = None  # type: ignore[assignment]  # what makes `import` fail as if it were not installed
    try:
        import peewee  # noqa: F401
    finally:
        for name in UNUSED:
            del sys.modules[name]
        sys.modules.update(hidden)
