"""Officers on other computers: Debian's nginx before the real kiosk process, and clients that say nothing."""

from __future__ import annotations

import http.cookiejar
import shutil
import socket
import ssl
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from agent import lan
from tests.builders import PIN
from tests.integration.kiosk.steps import Reader
from tests.kiosk_process import running
from tests.patience import PATIENCE, once_within, took, wait_until
from tests.ports import free_port

pytestmark = pytest.mark.needs("nginx")
SILENT = 200
AT_ONCE_S = 2.0  # nginx hangs up on silent clients after fifteen


class Office:
    """The address of the pages, and a browser that trusts this office's certificate and no other."""

    def __init__(self, port: int, certificate: str) -> None:
        self.port = port
        self.base = f"https://127.0.0.1:{port}"
        self.jar = http.cookiejar.CookieJar()
        trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=certificate))
        self.browser = urllib.request.build_opener(trust, urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, path: str) -> str:
        with self.browser.open(self.base + path, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def sign_in(self) -> str:
        """The page after signing in, by the form as it stands."""
        reader = Reader()
        reader.feed(self.get("/masuk"))
        fields = reader.forms[-1].fields | {"name": "Siti Rahma", "pin": PIN}
        request = urllib.request.Request(
            f"{self.base}/masuk", urllib.parse.urlencode(fields).encode(), {"Referer": f"{self.base}/masuk"}
        )
        with self.browser.open(request, timeout=PATIENCE) as answer:
            return answer.read().decode()

    def connect(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Iterator[Office]:
    folder, port = tmp_path_factory.mktemp("lan"), free_port()
    with running(folder) as kiosk:
        upstream = kiosk.staff.removeprefix("http://")
        lan.prepare(folder, "127.0.0.1", port, upstream, key=str(folder / lan.KEY), run=str(folder))
        nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
        proxy = subprocess.Popen([nginx, "-e", "stderr", "-c", str(folder / lan.CONF)], stderr=subprocess.DEVNULL)
        made = Office(port, str(folder / lan.CERTIFICATE))
        try:
            wait_until((folder / "nginx.pid").exists, "nginx listens")
            yield made
        finally:
            proxy.terminate()
            proxy.wait(PATIENCE)


def test_an_officer_signs_in_over_tls_and_the_cookie_stays_on_it(office):
    page = office.sign_in()

    assert "Panggil berikutnya" in page
    assert [cookie.secure for cookie in office.jar] == [True]


def test_who_sends_many_pins_is_slowed_down_and_pages_are_not(office):
    codes = []
    for _ in range(13):
        with pytest.raises(urllib.error.HTTPError) as refused:
            office.browser.open(f"{office.base}/masuk", b"name=Siti&pin=1", timeout=PATIENCE)
        refused.value.close()
        codes.append(refused.value.code)

    assert (codes[0], codes[-1]) == (400, 429)
    assert "Masuk petugas" in office.get("/masuk?lang=id")


def test_plain_http_is_refused(office):
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"http://127.0.0.1:{office.port}/masuk", timeout=PATIENCE)

    refused.value.close()
    assert refused.value.code == 400


@pytest.mark.parametrize("words", [b"", b"\x16\x03\x01\x02\x00\x01\x00"], ids=["no word", "half a handshake"])
def test_silent_clients_stall_nobody(office, words):
    def asked_s() -> float:
        with ExitStack() as open_connections:
            for _ in range(SILENT):
                silent = open_connections.enter_context(office.connect())
                silent.sendall(words)
            return took(lambda: pages.append(office.get("/masuk?lang=id")))

    pages: list[str] = []

    assert once_within(AT_ONCE_S, asked_s)
    assert "Masuk petugas" in pages[-1]
