"""The command of rekam-browser.service as it stands there: cage without a screen, Chromium in its own sandbox."""

from __future__ import annotations

import os
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.patience import PATIENCE

pytestmark = pytest.mark.needs("cage", "Xwayland", "chromium", "root")
UNIT = Path(__file__).parents[2] / "systemd/rekam-browser.service"
NOBODY = 65534  # Chromium's sandbox refuses root
NIK = b"6402055501990001"
PAGE = b"<form><input name=nik value=%s></form><script>fetch('/seen')</script>" % NIK
NO_SCREEN = {"WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}


class Site(ThreadingHTTPServer):
    """A page in the place of the kiosk's, and whether a script on it ran."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answer)
        self.seen = threading.Event()


class Answer(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.end_headers()
        self.wfile.write(PAGE)
        if self.path == "/seen":
            self.server.seen.set()

    def log_message(self, *_about: object) -> None:
        """Nothing: the test tells."""


def command(folder: str, port: int) -> list[str]:
    """ExecStart of the unit, with another RAM disk and another port."""
    text = UNIT.read_text().split("\nExecStart=")[1].split("\nUser=")[0]
    words = " ".join(line.rstrip("\\") for line in text.splitlines() if not line.startswith("#"))
    return shlex.split(words.replace("/run/rekam-browser", folder).replace(":8080", f":{port}"))


@pytest.fixture(scope="module")
def site():
    with Site() as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield made
        made.shutdown()


@pytest.fixture(scope="module")
def folder():
    with TemporaryDirectory(prefix=f"screen-{os.getpid()}-", ignore_cleanup_errors=True) as made:
        os.chown(made, NOBODY, NOBODY)
        yield made


@contextmanager
def shown(folder, site, *through):
    """The unit's command, running by way of another one; everything it started is ended."""
    env = {"HOME": folder, "XDG_RUNTIME_DIR": folder, "PATH": os.environ["PATH"], **NO_SCREEN}
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
    with (Path(folder) / "said").open("wb") as said:
        started = subprocess.Popen(
            [*through, *drop, *command(folder, site.server_port)], env=env, stderr=said, start_new_session=True
        )
    try:
        yield started
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.wait()


@pytest.fixture(scope="module")
def screen(site, folder):
    with shown(folder, site) as started:
        assert site.seen.wait(PATIENCE), (Path(folder) / "said").read_text()
        yield started


def read_all(paths: Iterable[Path]) -> Iterator[tuple[Path, bytes]]:
    """Each file with its content; what goes away meanwhile, as programs and their files do, is passed over."""
    for path in paths:
        with suppress(OSError):
            yield path, path.read_bytes()


def parts(folder: str) -> dict[str, str]:
    """What each part of the browser with that profile was started with, by its kind."""
    words = [said.decode().replace("\0", " ") for _, said in read_all(Path("/proc").glob("[0-9]*/cmdline"))]
    ours = [each for each in words if f"--user-data-dir={folder}/" in each and " --type=" in each]
    return {each.split("--type=")[1].split()[0]: each for each in ours}


def left_behind(folder: str) -> list[str]:
    """The files that hold a NIK."""
    return [path.name for path, content in read_all(Path(folder).rglob("*")) if NIK in content]


def test_the_screen_shows_its_page_and_writes_nothing_of_it_down(folder, screen):
    assert (Path(folder) / "profile").is_dir()
    assert left_behind(folder) == []


def test_its_parts_wait_for_each_other_on_a_slow_machine(folder, screen):
    started = {kind: words for kind, words in parts(folder).items() if kind in ("utility", "renderer", "gpu-process")}

    assert started.keys() >= {"utility", "renderer"}
    assert [kind for kind, words in started.items() if "--ipc-connection-timeout=600" not in words] == []
