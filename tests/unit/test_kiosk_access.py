"""Host names and the session's secret, without a request."""

from __future__ import annotations

import stat

import pytest

from agent.errors import SettingsError
from kiosk_ui.access import HEADERS, host_name
from kiosk_ui.serve import api_token, session_key


@pytest.mark.parametrize(
    ("host", "name"),
    [
        ("localhost", "localhost"),
        ("localhost:8080", "localhost"),
        ("127.0.0.1:8080", "127.0.0.1"),
        ("[::1]:8080", "::1"),
        ("LOCALHOST", "localhost"),
        ("user@localhost", "localhost"),
        ("", ""),
        ("[::1", ""),
        ("[nonsense]", ""),
    ],
)
def test_the_name_in_a_host_header(host, name):
    assert host_name(host) == name


def test_the_policy_allows_nothing_inline_and_nothing_foreign():
    policy = dict(part.strip().split(" ", 1) for part in HEADERS["Content-Security-Policy"].split(";"))

    assert policy["default-src"] == "'none'"
    assert {value for name, value in policy.items() if name.endswith("-src") and name != "default-src"} == {"'self'"}


def test_a_session_key_is_kept_for_the_next_start(tmp_path):
    first = session_key(tmp_path / "session.key")

    assert session_key(tmp_path / "session.key") == first
    assert len(first) == 32


def test_only_its_owner_reads_the_session_key(tmp_path):
    session_key(tmp_path / "session.key")

    assert stat.S_IMODE((tmp_path / "session.key").stat().st_mode) == 0o600


def test_where_it_cannot_be_kept_each_start_has_its_own(tmp_path):
    assert session_key(tmp_path / "no/session.key") != session_key(tmp_path / "no/session.key")


def test_a_damaged_session_key_is_not_used(tmp_path):
    (tmp_path / "session.key").write_bytes(b"short")

    assert len(session_key(tmp_path / "session.key")) == 32


def test_the_token_is_read_without_its_line_end(tmp_path):
    (tmp_path / "api.token").write_text("secret\n")

    assert api_token(tmp_path / "api.token") == "secret"


@pytest.mark.parametrize("content", [b"", b"\n", b"\xff\xfe", None])
def test_without_a_token_there_is_no_start(tmp_path, content):
    if content is not None:
        (tmp_path / "api.token").write_bytes(content)

    with pytest.raises(SettingsError) as raised:
        api_token(tmp_path / "api.token")

    assert raised.value.code == "no-token"
