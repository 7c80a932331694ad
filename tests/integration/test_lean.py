"""What an office's processes load, seen from a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from tests.e2e.site import REPO

LOADED = "import sys; print([name for name in {names!r} if sys.modules.get(name)])"


def loaded(before: str, *names: str) -> str:
    program = f"from agent.store import lean; lean.import_peewee_alone(); {before}; {LOADED.format(names=names)}"
    done = subprocess.run([sys.executable, "-c", program], cwd=REPO, capture_output=True, text=True, check=True)
    return done.stdout.strip()


@pytest.mark.parametrize("program", ["agent.daemon", "kiosk_ui.serve"])
def test_an_office_s_process_has_no_driver_of_another_database(program):
    assert loaded(f"import {program}", "psycopg", "apsw") == "['apsw']"


@pytest.mark.skipif(find_spec("psycopg") is None, reason="needs psycopg; pip install 'rekam[postgres]'")
def test_a_driver_that_was_hidden_can_be_loaded_later():
    assert loaded("import psycopg", "psycopg", "peewee") == "['psycopg', 'peewee']"
