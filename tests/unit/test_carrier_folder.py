"""A folder on a stick: files are whole or not there, strangers are left alone."""

from __future__ import annotations

import errno
import os

import pytest

from agent.errors import Unreachable
from agent.folder import Folder

NAME = "a" * 64 + ".rekam"
OTHER = "b" * 64 + ".receipt"


def test_a_file_is_there_with_all_its_bytes(tmp_path) -> None:
    folder = Folder(tmp_path)
    folder.put(NAME, b"batch")

    assert folder.read(NAME, 100) == b"batch"
    assert folder.read(NAME, 3) == b"bat"
    assert folder.names(".rekam") == [NAME]


def test_a_file_that_is_not_there_is_none(tmp_path) -> None:
    assert Folder(tmp_path).read(NAME, 100) is None


def test_names_of_others_are_not_seen(tmp_path) -> None:
    for name in ("foto.rekam", "A" * 64 + ".rekam", "a" * 63 + ".rekam", f".{NAME}.part", "keys.jws.bak"):
        (tmp_path / name).write_bytes(b"x")
    (tmp_path / ("c" * 64 + ".rekam")).mkdir()

    assert Folder(tmp_path).names("") == []


def test_a_link_on_a_stick_leads_nowhere(tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")
    (tmp_path / NAME).symlink_to(secret)
    folder = Folder(tmp_path)

    assert folder.names(".rekam") == []
    with pytest.raises(Unreachable):
        folder.read(NAME, 100)


def test_a_write_replaces_a_link_and_not_what_it_leads_to(tmp_path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("key")
    (tmp_path / f".{NAME}.part").symlink_to(secret)

    Folder(tmp_path).put(NAME, b"batch")

    assert (secret.read_text(), (tmp_path / NAME).is_symlink()) == ("key", False)


def test_a_file_is_synced_before_it_has_its_name_and_its_name_after(tmp_path, monkeypatch) -> None:
    seen: list[bool] = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (seen.append((tmp_path / NAME).exists()), real(handle)))

    Folder(tmp_path).put(NAME, b"batch")

    assert seen == [False, True]


def test_what_a_pulled_stick_left_half_written_is_cleared(tmp_path) -> None:
    (tmp_path / f".{NAME}.part").write_bytes(b"ba")
    (tmp_path / ".Trash.part").write_bytes(b"x")

    Folder(tmp_path).clear_drafts()

    assert [entry.name for entry in tmp_path.iterdir()] == [".Trash.part"]


def test_a_folder_that_is_gone_is_said_with_its_name(tmp_path) -> None:
    with pytest.raises(Unreachable) as caught:
        Folder(tmp_path / "gone").put(NAME, b"")

    assert (caught.value.code, caught.value.file) == ("carrier-gone", str(tmp_path / "gone"))


def test_deleting_what_is_not_there_is_no_fault(tmp_path) -> None:
    Folder(tmp_path).delete(OTHER)

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("number", "code"),
    [("ENOSPC", "carrier-full"), ("EROFS", "carrier-read-only"), ("EIO", "carrier-gone"), ("EINVAL", "carrier")],
)
def test_what_the_system_says_of_a_stick_has_a_code_for_what_to_do(tmp_path, number, code) -> None:
    folder = Folder(tmp_path)
    with pytest.raises(Unreachable) as caught, folder.spoken():
        raise OSError(getattr(errno, number), "said")

    assert caught.value.code == code
