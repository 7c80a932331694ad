"""Central behind Debian's nginx, by the settings that docs/deployment.md gives, over TLS."""

from __future__ import annotations

import os
import re
import shutil
import ssl
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from agent.clock import SystemClock
from agent.settings_values import Address
from central.http.app import build_app
from central.keys import create_central
from central.serve import listening, start
from tests.certificates import Authority
from tests.integration.central_desk import Desk
from tests.patience import PATIENCE, wait_until
from tests.ports import free_port
from tests.web import hang_up

pytestmark = pytest.mark.needs("nginx")
HANDBOOK = Path(__file__).parents[2] / "docs/deployment.md"
AROUND = "daemon off; pid {run}/pid; error_log stderr; events {{}} http {{ access_log off; {temp} {server} }}"
TEMP = ("client_body_temp_path", "proxy_temp_path", "fastcgi_temp_path", "uwsgi_temp_path", "scgi_temp_path")


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *about):
        return None


@pytest.fixture
def desk(tmp_path):
    create_central(tmp_path / "central", None, SystemClock(), os.urandom)
    opened = Desk(tmp_path / "central", SystemClock())
    yield opened
    opened.close()


@pytest.fixture
def behind(desk):
    """The port of central's own server."""
    listener = listening(Address("127.0.0.1", 0))
    server = start(build_app(desk.central), listener, 2)
    yield listener.getsockname()[1]
    hang_up(server)


@pytest.fixture
def address(behind, tmp_path):
    """Where nginx answers with what the handbook says, on another port and with a certificate of the test's."""
    port, authority = free_port(), Authority(tmp_path)
    authority.server("127.0.0.1")
    (pair,) = tmp_path.glob("server-*.pem")
    server = re.search(r"```nginx\n(.*?)```", HANDBOOK.read_text(), re.DOTALL).group(1)
    for said, here in (("443", f"127.0.0.1:{port}"), ("127.0.0.1:8090", f"127.0.0.1:{behind}")):
        assert said in server
        server = server.replace(said, here, 1)
    server = re.sub(r"/etc/ssl/rekam/\w+\.pem", str(pair), server)
    temp = " ".join(f"{name} {tmp_path}/{name};" for name in TEMP)
    (tmp_path / "nginx.conf").write_text(AROUND.format(run=tmp_path, temp=temp, server=server))
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")
    proxy = subprocess.Popen([nginx, "-e", "stderr", "-c", str(tmp_path / "nginx.conf")], stderr=subprocess.DEVNULL)
    try:
        wait_until((tmp_path / "pid").exists, "nginx listens")
        yield f"https://127.0.0.1:{port}", authority
    finally:
        proxy.terminate()
        proxy.wait(PATIENCE)


def test_an_operator_signs_in_over_tls_and_the_cookie_stays_on_it(address, desk):
    base, authority = address
    trust = urllib.request.HTTPSHandler(context=ssl.create_default_context(cafile=authority.file))
    browser = urllib.request.build_opener(trust, NoRedirect())
    with pytest.raises(urllib.error.HTTPError) as answer:
        browser.open(f"{base}/sign-in", f"token={desk.central.admin_token}".encode(), timeout=PATIENCE)

    answer.value.close()
    assert (answer.value.code, answer.value.headers["Location"]) == (303, "/")
    assert "Secure" in answer.value.headers["Set-Cookie"]
