"""The command line: its exit statuses, and one line on stderr that tells what to do; never a traceback."""

from __future__ import annotations

import argparse
import json
import re
import shutil
from functools import partial
from pathlib import Path

import pytest

from agent import identity
from agent.cli import build_parser
from agent.store import backup
from agent.wire import jose
from tests.builders import OFFICE, make_home
from tests.command_line import ERROR, run
from tests.fakes import FakeClock
from tests.small_office import small_store

ROOT = jose.new_key().thumbprint()


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return make_home(tmp_path_factory.mktemp("office") / "made", clock=FakeClock()).home


@pytest.fixture
def rekam(capsys):
    """Run `rekam WORDS`."""
    return partial(run, capsys)


@pytest.fixture
def home(made, tmp_path) -> Path:
    """An office as `rekam init` makes it."""
    return Path(shutil.copytree(made, tmp_path / "office"))


@pytest.fixture
def office(rekam, home):
    """Run a command with the office's --config."""
    return lambda *words: rekam(*words, "--config", home / "kiosk.toml")


def commands(parser: argparse.ArgumentParser, words: tuple[str, ...] = ()):
    """Every subcommand as the words that name it."""
    yield words
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, under in action.choices.items():
                yield from commands(under, (*words, name))


@pytest.mark.parametrize("words", list(commands(build_parser(["central"]))), ids=" ".join)
def test_every_subcommand_has_help(rekam, words) -> None:
    answer = rekam(*words, "--help")

    assert (answer.status, answer.err) == (0, "")
    assert answer.out.startswith(f"usage: {' '.join(('rekam', *words))} ")


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("dance",),
        ("status",),
        ("officer",),
        ("officer", "add", "Siti"),
        ("batch", "burn", "x"),
        ("central",),
        ("carry", "up", "/tmp", "--config", "x"),
        ("send", "--config", "x", "--timeout", "soon"),
        ("init", "x"),
        ("demo", "--speed"),
    ],
    ids=" ".join,
)
def test_a_wrong_command_line_is_64_and_names_the_help(rekam, words) -> None:
    answer = rekam(*words)

    assert answer.says(64, "usage")
    assert "--help" in answer.err


def test_a_wrong_role_is_refused_with_the_right_ones(office) -> None:
    answer = office("officer", "add", "Siti", "--role", "admin")

    assert answer.says(64, "usage")
    assert "supervisor" in answer.err


def test_the_version_is_told(rekam) -> None:
    answer = rekam("--version")

    assert answer.status == 0
    assert re.fullmatch(r"rekam \d+\.\d+\S*\n", answer.out)


CONFIGURED = (
    ("status",), ("status", "--json"), ("send",), ("pair",), ("agent",), ("kiosk",), ("officer", "list"),
    ("officer", "add", "Siti", "--role", "officer"), ("officer", "reset", "Siti"), ("restore", "x"), ("machine-mark",),
    ("carry", "out", "x"),
)  # fmt: skip


@pytest.mark.parametrize("words", CONFIGURED, ids=" ".join)
def test_a_missing_settings_file_is_78_for_every_command(rekam, tmp_path, words) -> None:
    assert rekam(*words, "--config", tmp_path / "kiosk.toml").says(78, "settings", "kiosk.toml")


@pytest.mark.parametrize(
    ("content", "field"),
    [
        (b"\n[store]\nretention_days = -1\n", "store.retention_days"),
        (b'\n[store]\nretention_days = "long"\n', "store.retention_days"),
        (b"\n[store]\nretention = 90\n", "store.retention"),
        (b"\n[shop]\n", "shop"),
        (b'\n[web]\ncitizen = "everywhere"\n', "web.citizen"),
        (b"\n[store\n", "-"),
        (b"\ndeep = " + b"[" * 5_000, "-"),
        (b"\n# \xff\n", "-"),
    ],
)
def test_a_bad_setting_is_78_and_named(office, home, content, field) -> None:
    with (home / "kiosk.toml").open("ab") as settings:
        settings.write(content)

    assert office("status").says(78, "settings", "kiosk.toml", field)


@pytest.mark.parametrize("name", ["services.toml", "elections.toml", "idle.toml", "regions.csv"])
def test_a_bad_file_beside_the_settings_is_78_and_named(office, home, name) -> None:
    (home / name).write_bytes(b"\xff\x00 = [\n")
    answer = office("status")

    assert answer.status == 78
    assert ERROR.fullmatch(answer.err)
    assert name in answer.err


def test_a_missing_database_is_1_and_made_anew_by_nobody(office, home) -> None:
    for file in (home / "data").iterdir():
        if file.is_file():
            file.unlink()
    answer = office("status")

    assert answer.says(1, "no-database", "rekam.db")
    assert not (home / "data/rekam.db").exists()


def test_a_missing_key_stops_the_agent_with_78(office, home) -> None:
    (home / "keys/kiosk.jwk").unlink()

    assert office("agent").says(78, "no-key", "kiosk.jwk")


def test_what_is_not_taken_in_time_is_69_with_how_many_and_why(office) -> None:
    answer = office("send", "--timeout", "0.2")

    assert answer.says(69, "not-held")
    assert "1 lines" in answer.err
    assert "is it running?" in answer.err


@pytest.mark.parametrize("begins", ["", "-", "--", "-h", "--root"])
def test_an_office_is_made_and_tells_what_a_person_must_write_down(rekam, tmp_path, begins) -> None:
    root = begins + ROOT[len(begins) :]
    answer = rekam("init", tmp_path / "new", "--office", "640205", "--central", "https://rekam.example", "--root", root)

    assert (answer.status, answer.err) == (0, "")
    assert re.search(r"one-time PIN \d{6}\n", answer.out)
    assert re.search(r"pairing code ([A-Z2-7]{4}-){2}[A-Z2-7]{4}:", answer.out)


@pytest.mark.parametrize(
    ("wrong", "status", "code", "field"),
    [
        ({"office": "99.99.99"}, 65, "unknown-office", "office"),
        ({"office": "Muara Badak"}, 64, "bad-office", "office"),
        ({"central": "rekam.example"}, 64, "bad-central", "central"),
        ({"root": "abc"}, 64, "bad-central", "root"),
    ],
)
def test_an_office_that_cannot_be_made_is_told_and_leaves_nothing(rekam, tmp_path, wrong, status, code, field) -> None:
    said = {"office": OFFICE, "central": "https://rekam.example", "root": ROOT} | wrong
    answer = rekam("init", tmp_path / "new", *(word for name in said for word in (f"--{name}", said[name])))

    assert answer.says(status, code, field=field)
    assert not (tmp_path / "new").exists()


def test_a_directory_that_is_not_empty_is_left_as_it_is(rekam, tmp_path) -> None:
    (tmp_path / "letter.txt").write_text("dear mother")
    answer = rekam("init", tmp_path, "--office", OFFICE, "--central", "https://rekam.example", "--root", ROOT)

    assert answer.status == 64
    assert answer.err.startswith("rekam: not-empty: ")
    assert ERROR.fullmatch(answer.err)
    assert [file.name for file in tmp_path.iterdir()] == ["letter.txt"]


def test_an_officer_is_added_reset_and_listed(office) -> None:
    assert re.fullmatch(r"Siti: one-time PIN \d{6}\n", office("officer", "add", "Siti", "--role", "technician").out)
    assert re.fullmatch(r"Siti: one-time PIN \d{6}\n", office("officer", "reset", "Siti").out)

    assert office("officer", "list").out == "1\tsupervisor\tPenyelia\n2\ttechnician\tSiti\n"


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (("officer", "add", "Penyelia", "--role", "officer"), 1, "name-taken"),
        (("officer", "add", "", "--role", "officer"), 65, "bad-name"),
        (("officer", "reset", "Nobody"), 1, "unknown-officer"),
    ],
)
def test_an_officer_who_cannot_be_added_or_reset_is_told(office, words, status, code) -> None:
    assert office(*words).says(status, code, field="name")


def test_the_pairing_code_is_that_of_the_key(office) -> None:
    answer = office("pair")

    assert answer.status == 0
    assert re.fullmatch(r"CODE ([A-Z2-7]{4}-){2}[A-Z2-7]{4}\nstate unpaired\n", answer.out)


def test_the_status_is_told_to_people_and_to_programs(office, home) -> None:
    found = json.loads(office("status", "--json").out)

    assert found["kiosk"] == identity.load_key(home).thumbprint()
    assert found["ledger"] in office("status").out


@pytest.mark.parametrize("content", [b"", b"SQLite format 3\0 and no more", b"<html>" * 2000])
def test_a_backup_that_is_none_is_65_and_changes_nothing(office, home, tmp_path, content) -> None:
    (tmp_path / "backup").write_bytes(content)
    before = (home / "data/rekam.db").read_bytes()
    answer = office("restore", tmp_path / "backup")

    assert answer.says(65, "damaged", "backup")
    assert (home / "data/rekam.db").read_bytes() == before


@pytest.mark.parametrize("name", ["nothing", "."])
def test_a_backup_that_cannot_be_read_is_65(office, tmp_path, name) -> None:
    file = tmp_path / name

    assert office("restore", file).says(65, "damaged", file.name)


def test_a_backup_is_restored_into_a_new_ledger(office, home) -> None:
    before = json.loads(office("status", "--json").out)["ledger"]
    store = small_store(home, FakeClock())
    copy = backup.back_up(store, keep=1)
    store.close()

    assert office("restore", copy).status == 0
    assert json.loads(office("status", "--json").out)["ledger"] != before


def test_a_doctor_who_knows_nothing_says_so_and_ends_with_3(office):
    answer = office("doctor", "--json")

    assert answer.status == 3
    assert json.loads(answer.out)["verdict"] == "unknown"
    assert json.loads(answer.out).keys() >= {"verdict", "link", "warnings", "readings"}


def test_what_the_machine_refuses_is_one_line_that_names_the_file(rekam, tmp_path) -> None:
    (tmp_path / "a-file").touch()
    answer = rekam(
        "central", "init", tmp_path / "central", "--database-url", f"sqlite:///{tmp_path}/a-file/x/central.db"
    )

    assert answer.says(1, "machine", "x")
    assert list((tmp_path / "central").iterdir()) == []


def test_a_database_server_that_is_away_is_told_in_one_line(rekam, tmp_path) -> None:
    answer = rekam("central", "init", tmp_path / "central", "--database-url", "postgresql://nobody@127.0.0.1:9/none")

    assert answer.says(1, "database")
    assert list((tmp_path / "central").iterdir()) == []
