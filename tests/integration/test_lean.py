"""What an office's processes load, seen from a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from kiosk_ui import lean
from tests.builders import make_home

REPO = Path(__file__).parents[2]

AGENT = """
import sys
from agent.store import lean
lean.do_without_unused_drivers()
import agent.daemon, playhouse.migrations
print([name for name in ("psycopg", "apsw") if sys.modules.get(name)])
"""
KIOSK = """
import sys
from pathlib import Path
from agent.store import lean
from kiosk_ui import lean as lean_pages
lean.do_without_unused_drivers()
lean_pages.do_without_a_desk()
from agent.clock import SystemClock
from agent.office import load_office
from agent.store.opening import open_store
from kiosk_ui.app import create_app
home = Path(sys.argv[1])
store, office = open_store(home, SystemClock()), load_office(home / "kiosk.toml")
for listener in ("citizen", "staff"):
    create_app(store, office, listener, secret=b"s" * 32, api_token="t", random_bytes=bytes, nudge=bool)
import playhouse.apsw_ext, prometheus_client
store.close()
print([name for name in ("psycopg", "_ssl", "click.core", "http.client", "playhouse.migrations", "apsw")
       if sys.modules.get(name)])
"""


def loaded(program: str, *words: str) -> str:
    """What a fresh interpreter that starts so has in memory."""
    command = [sys.executable, "-c", program, *words]
    return subprocess.run(command, cwd=REPO, capture_output=True, text=True, check=True).stdout.strip()


def test_the_agent_has_no_driver_of_another_database():
    assert loaded(AGENT) == "['apsw']"


def test_the_pages_do_without_another_driver_a_client_of_the_net_and_tools_of_developers(tmp_path):
    assert loaded(KIOSK, str(make_home(tmp_path / "office").home)) == "['apsw']"


def test_what_was_left_out_can_be_inherited_from_and_says_at_its_use_where_it_went():
    class Server(lean.LeftOut("http.server").HTTPServer):
        pass

    with pytest.raises(ImportError, match=r"Server is left out of this process; kiosk_ui/lean\.py"):
        Server(("127.0.0.1", 0))
