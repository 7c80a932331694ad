"""Key, certificate and nginx settings for the office's network."""

from __future__ import annotations

import shutil
import stat
import subprocess

import pytest

from agent import lan
from agent.errors import UsageError

HOST = "192.168.1.10"


def prepare(folder, address: str = HOST):
    return lan.prepare(folder, address, 8443, "127.0.0.1:8081", key=str(folder / lan.KEY), run=str(folder))


def test_the_certificate_names_the_address_and_the_key_is_its_owners_alone(tmp_path):
    made = prepare(tmp_path)

    assert made.url == "https://192.168.1.10:8443/"
    assert lan.serves(tmp_path / lan.CERTIFICATE, lan.checked(HOST))
    assert stat.S_IMODE((tmp_path / lan.KEY).stat().st_mode) == 0o600


def test_called_again_the_certificate_stays_so_that_browsers_go_on_trusting_it(tmp_path):
    first, again = prepare(tmp_path), prepare(tmp_path)

    assert (first.new_key, again.new_key) == (True, False)
    assert first.fingerprint == again.fingerprint


def test_another_address_gets_another_certificate(tmp_path):
    assert prepare(tmp_path).fingerprint != prepare(tmp_path, "10.0.0.5").fingerprint


def test_a_damaged_certificate_is_made_anew(tmp_path):
    prepare(tmp_path)
    (tmp_path / lan.CERTIFICATE).write_bytes(b"\xff\x00")

    assert prepare(tmp_path).new_key


def test_an_address_of_version_6_is_written_in_brackets(tmp_path):
    assert prepare(tmp_path, "fd00::10").url == "https://[fd00::10]:8443/"
    assert "listen [fd00::10]:8443 ssl;" in (tmp_path / lan.CONF).read_text()


@pytest.mark.parametrize("address", ["", "kantor.local", "0.0.0.0", "::", "224.0.0.1", "192.168.1.300", "1.2.3.4; }"])
def test_what_is_no_address_of_one_machine_is_refused(tmp_path, address):
    with pytest.raises(UsageError, match="lan-address"):
        prepare(tmp_path, address)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.needs("nginx")
def test_nginx_understands_every_line(tmp_path):
    prepare(tmp_path, "127.0.0.1")
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin")

    done = subprocess.run(
        [nginx, "-e", "stderr", "-t", "-q", "-c", str(tmp_path / lan.CONF)], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
