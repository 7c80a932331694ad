"""The agent against a receiver of another make, and against what is no receiver at all."""

from __future__ import annotations

import http.server
import json
import sqlite3
import subprocess
import sys
import threading

import pytest

from tests.e2e.conftest import QUICK
from tests.e2e.site import REPO, Site, rekam
from tests.patience import PATIENCE, wait_until
from tests.ports import free_port


@pytest.fixture
def stranger(tmp_path):
    """The receiver written from docs/wire.md alone, as a process; its URL and root."""
    script = REPO / "tests/contract/stranger.py"
    process = subprocess.Popen(
        [sys.executable, str(script), "--dir", str(tmp_path / "stranger"), "--approve-all"], stdout=subprocess.PIPE
    )
    yield json.loads(process.stdout.readline())
    process.terminate()
    process.wait(PATIENCE)
    process.stdout.close()


def office_of(folder, url: str, root: str) -> Site:
    site = Site(folder)
    rekam("init", str(site.office), "--office", "64.02.05", "--central", url, "--root", root)
    web = f'[web]\ncitizen = "127.0.0.1:{free_port()}"\nstaff = "127.0.0.1:{free_port()}"\n'
    site.config.write_text(f"{site.config.read_text()}\n{web}\n{QUICK}\n")
    return site


def test_a_receiver_of_another_make_verifies_what_the_agent_sends(stranger, tmp_path):
    site = office_of(tmp_path, stranger["url"], stranger["root"])
    site.start_office()
    wait_until(lambda: site.status()["pairing"]["state"] == "paired", "paired")
    tickets = [site.take(f"stranger-{n}") for n in range(5)]

    assert site.send()
    site.stop_office()
    kept = sqlite3.connect(tmp_path / "stranger/stranger.db")
    lines = [json.loads(row[0]) for row in kept.execute("SELECT body FROM line")]
    kept.close()
    taken = [line["d"]["ticket"] for line in lines if line["k"] == "ticket.taken"]
    assert sorted(taken) == sorted(ticket["ticket"] for ticket in tickets)


class Portal(http.server.BaseHTTPRequestHandler):
    """A captive portal: everything is 200 and a page."""

    answer = (200, "text/html", b"<html>Welcome, please sign in</html>")

    def do_POST(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        status, media, body = self.answer
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST  # noqa: N815 — http.server's name

    def log_message(self, *_):
        pass


@pytest.mark.parametrize(
    ("answer", "link"),
    [
        ((200, "text/html", b"<html>Welcome</html>"), "captive-portal"),
        ((201, "application/jose", b"eyJ.by-another." + b"A" * 86), "captive-portal"),
        ((201, "application/jose", b"eyJ.cut-of"), "proxy-truncates"),
        ((403, "text/plain", b"Forbidden by proxy"), "server-refuses"),
        ((409, "text/plain", b"Conflict"), "server-refuses"),
        ((503, "text/plain", b"busy"), "server-down"),
    ],
    ids=["a portal's page", "somebody else's receipt", "half a receipt", "a bare 403", "a bare 409", "a bare 503"],
)
def test_what_cannot_sign_a_receipt_changes_nothing(site, answer, link):
    site.take("first-000001")
    assert site.send()
    site.central.stop()
    before = site.status()
    handler = type("Fake", (Portal,), {"answer": answer})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", site.port), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()

    site.take("second-00001")
    site.send(2)
    wait_until(lambda: site.status()["link"]["state"] == link, f"the link is named {link}")
    server.shutdown()
    server.server_close()

    after = site.status()
    assert after["ledger"] == before["ledger"]
    assert after["pairing"] == before["pairing"]
    assert after["streams"]["enrollments"]["held"] == before["streams"]["enrollments"]["held"]
    site.start_central()
    assert site.send()
