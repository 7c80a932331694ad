from __future__ import annotations

from pathlib import Path

import pytest

from agent.all_or_nothing import filled_at_once, make_folder, write_new
from agent.errors import RekamError, UsageError


def entries(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*")}


def fill(folder: Path) -> None:
    with filled_at_once(folder, last="a") as draft:
        for name in "abc":
            (draft / name).write_text(name)


@pytest.fixture
def empty(tmp_path) -> Path:
    (tmp_path / "office").mkdir()
    return tmp_path / "office"


def test_a_new_folder_is_not_there_before_it_is_whole(tmp_path):
    with filled_at_once(tmp_path / "office", last="a") as draft:
        (draft / "a").write_text("")
        assert not (tmp_path / "office").exists()

    assert entries(tmp_path) == {"office", "office/a"}


def test_an_empty_folder_gets_everything(empty):
    fill(empty)

    assert entries(empty) == {"a", "b", "c"}


def test_the_last_entry_appears_after_all_others(empty, monkeypatch):
    order = []
    rename = Path.rename
    monkeypatch.setattr(Path, "rename", lambda path, to: (order.append(path.name), rename(path, to))[1])

    fill(empty)

    assert order[-1] == "a"


def fill_while_somebody_makes(folder: Path, theirs: str) -> None:
    with filled_at_once(folder, last="z") as draft:
        for name in "az":
            (draft / name).write_text("")
        (folder / theirs).mkdir(parents=True)


def test_an_entry_that_cannot_be_moved_in_takes_the_others_back(empty):
    with pytest.raises(RekamError, match="not-written"):
        fill_while_somebody_makes(empty, "z/in-the-way")

    assert entries(empty) == {"z", "z/in-the-way"}


def test_a_folder_that_somebody_else_made_meanwhile_is_theirs(tmp_path):
    with pytest.raises(RekamError, match="not-written"):
        fill_while_somebody_makes(tmp_path / "office", "theirs")

    assert entries(tmp_path) == {"office", "office/theirs"}


def test_a_second_start_at_the_same_time_is_refused(empty):
    with filled_at_once(empty, last="a"), pytest.raises(UsageError, match="not-empty"):
        fill(empty)


def test_the_reason_of_the_disk_is_told(empty):
    with pytest.raises(RekamError, match="No space left") as caught, filled_at_once(empty, last="a"):
        raise OSError(28, "No space left on device")

    assert caught.value.file == str(empty)
    assert entries(empty) == set()


def test_a_written_file_has_its_mode_whatever_the_umask_and_replaces_nothing(tmp_path):
    write_new(tmp_path / "a", b"x", 0o666)
    make_folder(tmp_path / "b", 0o777)

    assert [oct(path.stat().st_mode)[-3:] for path in sorted(tmp_path.iterdir())] == ["666", "777"]
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a", b"y", 0o600)
