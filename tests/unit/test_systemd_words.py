"""What systemd puts into the environment of a service, read without any systemd."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.systemd import notify, notify_address, passed_names, secret_file, watchdog_interval

names = st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), max_size=4)


@pytest.mark.parametrize(
    ("name", "address"),
    [
        ("/run/systemd/notify", "/run/systemd/notify"),
        ("@/org/freedesktop/systemd1/notify", "\0/org/freedesktop/systemd1/notify"),
        ("@a@b", "\0a@b"),
        ("", None),
        ("run/notify", None),
        ("vsock:2:1234", None),
        ("/run/\0notify", None),
    ],
)
def test_a_notify_socket_is_a_path_or_an_abstract_name(name, address):
    assert notify_address({"NOTIFY_SOCKET": name}) == address


def test_without_systemd_nothing_is_sent():
    assert notify("READY=1", {}) is False


@given(st.text())
def test_no_notify_socket_however_odd_raises(name):
    assert notify("READY=1", {"NOTIFY_SOCKET": f"/nowhere{name}"}) is False


def test_the_watchdog_interval_is_in_microseconds():
    assert watchdog_interval({"WATCHDOG_USEC": "60000000"}) == timedelta(minutes=1)


@pytest.mark.parametrize("text", ["", "0", "-1", "soon", "1.5", "١"])
def test_a_watchdog_that_is_off_or_unreadable_watches_nobody(text):
    assert watchdog_interval({"WATCHDOG_USEC": text}) is None


def test_the_watchdog_of_a_parent_does_not_watch_its_child():
    environ = {"WATCHDOG_USEC": "60000000", "WATCHDOG_PID": "41"}

    assert watchdog_interval(environ, pid=42) is None
    assert watchdog_interval(environ, pid=41) == timedelta(minutes=1)


def test_sockets_are_named_in_their_order():
    environ = {"LISTEN_PID": "42", "LISTEN_FDS": "2", "LISTEN_FDNAMES": "staff:citizen"}

    assert passed_names(environ, 42) == ["staff", "citizen"]


@pytest.mark.parametrize("other", [{}, {"LISTEN_PID": "41", "LISTEN_FDS": "1"}, {"LISTEN_PID": "42"}])
def test_sockets_of_another_process_are_not_ours(other):
    assert passed_names(other, 42) == []


@given(st.integers(0, 5), names)
def test_there_are_as_many_names_as_sockets(count, given_names):
    environ = {"LISTEN_PID": "42", "LISTEN_FDS": str(count), "LISTEN_FDNAMES": ":".join(given_names)}

    found = passed_names(environ, 42)

    assert len(found) == count
    assert found[: len(given_names)] == given_names[:count]
    assert set(found[len(given_names) :]) <= {"unknown"}


@given(st.dictionaries(st.sampled_from(["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES", "WATCHDOG_USEC"]), st.text()))
def test_no_environment_however_odd_raises(environ):
    assert passed_names(environ, 42) == []
    assert watchdog_interval(environ) is None or environ["WATCHDOG_USEC"].isdigit()


def test_a_secret_is_read_from_the_credential_that_systemd_passed(tmp_path):
    (tmp_path / "api.token").write_text("secret")

    assert (
        secret_file("api.token", tmp_path / "plain", {"CREDENTIALS_DIRECTORY": str(tmp_path)}).read_text() == "secret"
    )


@pytest.mark.parametrize("environ", [{}, {"CREDENTIALS_DIRECTORY": "/nowhere"}])
def test_a_secret_that_was_not_passed_is_read_where_it_lies(environ, tmp_path):
    assert secret_file("api.token", tmp_path / "api.token", environ) == tmp_path / "api.token"
