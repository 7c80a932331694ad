"""What an office's processes load, seen from a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.e2e.site import REPO

PROGRAM = """
from agent.store import lean
lean.do_without_unused_drivers()
import {program}, playhouse.migrations, sys
print([name for name in ("psycopg", "apsw") if sys.modules.get(name)])
"""


@pytest.mark.parametrize("program", ["agent.daemon", "kiosk_ui.serve"])
def test_an_office_s_process_has_no_driver_of_another_database(program):
    words = [sys.executable, "-c", PROGRAM.format(program=program)]
    done = subprocess.run(words, cwd=REPO, capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "['apsw']"
