"""The policies for the citizens' browser, laid where Debian's Chromium looks for them."""

from __future__ import annotations

import json
import mmap
import signal
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.patience import PATIENCE

pytestmark = pytest.mark.needs("chromium", "root")
POLICIES = Path(__file__).parents[2] / "systemd/chromium/rekam.json"
BROWSER = Path("/usr/lib/chromium/chromium")
# A file system of its own over /etc/chromium: the machine's own policies stay as they are.
START = """mount -t tmpfs none /etc/chromium && mkdir -p /etc/chromium/policies/managed &&
{ [ -z "$1" ] || cp "$1" /etc/chromium/policies/managed/; } &&
exec chromium --headless --no-sandbox --disable-gpu --no-first-run --user-data-dir="$2" "$3" """
PAGE = b"<iframe src='http://127.0.0.2:%d/elsewhere' onload=\"fetch('/done')\"></iframe>"


class Site(ThreadingHTTPServer):
    """A page with another machine's in it, what was asked for, and whether the other one ended, shown or not."""

    def __init__(self) -> None:
        super().__init__(("0.0.0.0", 0), Answer)
        self.asked: list[str] = []
        self.done = threading.Event()


class Answer(BaseHTTPRequestHandler):
    server: Site

    def do_GET(self) -> None:
        self.server.asked.append(self.path)
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE % self.server.server_port if self.path == "/" else b"")
        if self.path == "/done":
            self.server.done.set()

    def log_message(self, *_about: object) -> None:
        """Nothing: the test tells."""


@pytest.fixture
def site():
    with Site() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


@pytest.mark.parametrize(("policies", "reached"), [("", True), (str(POLICIES), False)], ids=["without", "with"])
def test_with_the_policies_in_force_no_other_machine_is_shown(site, tmp_path, policies, reached):
    address = f"http://127.0.0.1:{site.server_port}/"
    words = ["unshare", "--mount", "sh", "-c", START, "sh", policies, str(tmp_path / "profile"), address]
    browser = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert site.done.wait(PATIENCE)
    finally:
        browser.send_signal(signal.SIGTERM)
        browser.wait(PATIENCE)

    assert ("/elsewhere" in site.asked) is reached


def test_every_policy_is_one_that_this_browser_knows():
    with BROWSER.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as program:
        unknown = [name for name in json.loads(POLICIES.read_text()) if program.find(b"\0%s\0" % name.encode()) < 0]

    assert unknown == []
