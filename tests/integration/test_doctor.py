"""`rekam doctor` and `rekam status` as called: exit status by severity, remedies, a sentence where nothing is seen."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from functools import partial
from pathlib import Path

import apsw
import pytest

from agent import nudge
from agent.actions import kiosk_life
from agent.clock import SystemClock
from agent.jobs import sample_health
from agent.office import load_office
from agent.store.opening import open_store
from tests.builders import make_home
from tests.command_line import ERROR, run
from tests.fakes import MINUTE, FakeClock
from tests.rounds import named

ROUNDS = 10
GOOD = {"temperature_c": 50.0, "printer_online": 1.0}
READINGS = {"ok": {}, "warn": {"temperature_c": 89.0}, "down": {"printer_online": 0.0}}


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Path:
    return make_home(tmp_path_factory.mktemp("office") / "made").home


@pytest.fixture
def home(made, tmp_path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "office"))


@pytest.fixture
def rekam(capsys, home):
    """Run a command with the office's --config."""
    return lambda *words: run(capsys, *words, "--config", home / "kiosk.toml")


@pytest.fixture
def looked(home):
    """The last ten minutes as an agent would have seen them, one of the READINGS."""

    def look(kind: str) -> None:
        real = SystemClock()
        clock = FakeClock(real.wall_ms() - ROUNDS * MINUTE, real.boot_id(), real.boot_ms() - ROUNDS * MINUTE)
        store, office = open_store(home, clock), load_office(home / "kiosk.toml")
        probes = named({"machine": lambda: GOOD | READINGS[kind]})
        for _ in range(ROUNDS):
            clock.forward(MINUTE)
            sample_health.run(store, office, probes)
        store.close()

    return look


@pytest.fixture
def agent_runs(home):
    """The socket on which an agent hears."""
    with nudge.listen(home):
        yield


def files(home: Path) -> dict[str, str]:
    """What lies in data/, but for the side files that whoever opens a database makes and removes."""
    found = [
        path for path in (home / "data").rglob("*") if path.is_file() and path.suffix not in (".db-wal", ".db-shm")
    ]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in found}


@pytest.mark.usefixtures("agent_runs")
@pytest.mark.parametrize(("verdict", "status"), [("ok", 0), ("warn", 1), ("down", 2)])
@pytest.mark.parametrize("words", [(), ("--json",), ("--lang", "en")], ids=" ".join)
def test_the_exit_status_is_the_worst_of_what_stands(rekam, looked, verdict, status, words):
    looked(verdict)
    answer = rekam("doctor", *words)

    assert (answer.status, answer.err) == (status, "")
    if words == ("--json",):
        assert json.loads(answer.out)["verdict"] == verdict


@pytest.mark.usefixtures("agent_runs")
@pytest.mark.parametrize(
    ("lang", "officer", "technician"), [("id", "Petugas: ", "Teknisi: "), ("en", "Officer: ", "Technician: ")]
)
def test_each_warning_comes_with_what_to_do_in_both_languages(rekam, looked, lang, officer, technician):
    looked("down")
    shown, told = rekam("doctor", "--lang", lang).out, rekam("doctor", "--lang", lang, "--json").out
    (warning,) = json.loads(told)["warnings"]

    assert f"  {officer}{warning['officer']}" in shown
    assert f"  {technician}{warning['technician']}" in shown


def test_an_agent_that_does_not_run_is_down_however_good_its_last_word_was(rekam, looked):
    looked("ok")
    answer = rekam("doctor", "--json")

    assert answer.status == 2
    assert [warning["code"] for warning in json.loads(answer.out)["warnings"]] == ["agent-stopped"]


def test_a_probe_that_was_not_judged_yet_has_no_since_and_is_not_called_silent(rekam, home):
    store, office = open_store(home, SystemClock()), load_office(home / "kiosk.toml")
    sample_health.run(store, office, named({"machine": lambda: {"printer_online": 0.0}}))
    store.close()

    told = json.loads(rekam("doctor", "--json").out)["probes"]
    assert [(each["probe"], each["state"], each["since"]) for each in told] == [("ticket-printer", "unknown", None)]
    assert "1970" not in rekam("doctor").out


def test_the_exit_status_is_the_process_own(home):
    done = subprocess.run(
        [sys.executable, "-m", "agent.cli", "doctor", "--config", str(home / "kiosk.toml")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert (done.returncode, done.stderr) == (3, "")
    assert "systemctl start rekam-agent" in done.stdout


@pytest.mark.parametrize(
    ("lang", "words"),
    [("id", ("dihentikan sementara sejak", "mesin diperbaiki")), ("en", ("suspended since", "machine under repair"))],
)
def test_a_suspended_kiosk_is_told_with_since_when_and_why(rekam, lang, words):
    assert rekam("suspend", "--reason", "repair").status == 0
    shown, told = rekam("doctor", "--lang", lang).out, json.loads(rekam("doctor", "--json").out)["life"]

    assert all(word in shown for word in words)
    assert (told["state"], told["reason"]) == ("suspended", "repair")
    assert f"suspended since {told['since']} (repair)" in rekam("status").out


def test_a_kiosk_that_came_back_is_not_called_suspended(rekam):
    rekam("suspend")
    rekam("resume")

    assert json.loads(rekam("status", "--json").out)["life"]["state"] == kiosk_life.ACTIVE
    assert "suspended" not in rekam("doctor", "--lang", "en").out + rekam("status").out


def scribbled(home: Path) -> None:
    with (home / "data/rekam.db").open("r+b") as file:
        file.write(b"no database" * 400)


def old_release(home: Path) -> None:
    connection = apsw.Connection(str(home / "data/rekam.db"))
    connection.execute("DELETE FROM schema_migration WHERE id = (SELECT max(id) FROM schema_migration)")
    connection.close()


def without_database(home: Path, *, mark: bool) -> None:
    for file in (home / "data").glob("rekam.db*"):
        file.unlink()
    if not mark:
        (home / "data/mark.json").unlink()


FAULTS = {
    "gone": (partial(without_database, mark=True), 2, "no-database"),
    "never made": (partial(without_database, mark=False), 2, "no-database"),
    "scribbled over": (scribbled, 2, "damaged"),
    "emptied": (lambda home: (home / "data/rekam.db").write_bytes(b""), 2, "damaged"),
    "of an earlier release": (old_release, 3, "older-database"),
}


@pytest.mark.parametrize(("spoil", "status", "code"), FAULTS.values(), ids=FAULTS)
def test_a_database_that_cannot_be_read_ends_in_a_sentence_and_is_left_as_it_is(rekam, home, spoil, status, code):
    spoil(home)
    before = files(home)

    answers = [rekam("doctor"), rekam("doctor", "--json"), rekam("status")]

    assert [answer.status for answer in answers] == [status, status, 1]
    assert all(answer.err.startswith(f"rekam: {code}: ") and ERROR.fullmatch(answer.err) for answer in answers)
    assert json.loads(answers[1].out)["error"]["code"] == code
    assert files(home) == before


def test_a_database_that_another_program_holds_is_unknown(rekam, home):
    holder = apsw.Connection(str(home / "data/rekam.db"))
    holder.execute("PRAGMA locking_mode = exclusive; BEGIN IMMEDIATE; UPDATE fact SET value = value").fetchall()

    answer = rekam("doctor")
    holder.close()
    assert (answer.status, answer.err.split(": ")[1]) == (3, "database-busy")


def test_who_looks_waits_for_no_writer(rekam, home):
    writer = apsw.Connection(str(home / "data/rekam.db"))
    writer.execute("BEGIN IMMEDIATE")

    assert rekam("status").status == 0
    writer.close()


@pytest.mark.parametrize("spoiled", ["[store]\nretention_days = -1\n", "= x", "[nothing]\n"])
def test_a_bad_setting_ends_with_78_and_its_sentence(rekam, home, spoiled):
    with (home / "kiosk.toml").open("a") as settings:
        settings.write(f"\n{spoiled}\n")

    answer = rekam("doctor")
    assert (answer.status, bool(ERROR.fullmatch(answer.err))) == (78, True)


def as_nobody(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """A command as a user who owns nothing here; its modules are read before it lets go of root."""
    call = (
        "import os, sys; from agent import cli; import agent.doctor, agent.store.looking, agent.actions.officers\n"
        "os.setgid(65534); os.setgroups([]); os.setuid(65534); sys.exit(cli.main(sys.argv[1:]))"
    )
    command = [sys.executable, "-c", call, *words, "--config", str(home / "kiosk.toml")]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.fixture
def others_may_enter(home):
    """Every folder above the office may be walked through."""
    above = [folder for folder in (home, *home.parents) if folder.stat().st_uid == 0 and not folder.stat().st_mode & 1]
    modes = {folder: folder.stat().st_mode for folder in above}
    for folder in above:
        folder.chmod(0o755)
    yield
    for folder, mode in modes.items():
        folder.chmod(mode)


@pytest.mark.needs("root")
@pytest.mark.usefixtures("others_may_enter")
@pytest.mark.parametrize(
    ("closed", "status", "code"),
    [("kiosk.toml", 78, "settings"), ("data", 3, "no-access"), ("data/rekam.db", 3, "no-access")],
)
def test_another_user_than_the_services_is_told_so(home, closed, status, code):
    for path in (home / "data", *home.glob("*.toml"), home / "regions.csv", *(home / "data").iterdir()):
        path.chmod(0o755)
    (home / closed).chmod(0o600)

    done = as_nobody(home, "doctor")

    assert (done.returncode, done.stderr.split(": ")[1], bool(ERROR.fullmatch(done.stderr))) == (status, code, True)


@pytest.mark.needs("root")
@pytest.mark.usefixtures("others_may_enter")
def test_every_command_tells_who_may_not_open_a_file(home):
    for path in (*home.glob("*.toml"), home / "regions.csv"):
        path.chmod(0o644)
    (home / "data").chmod(0o700)

    done = as_nobody(home, "officer", "list")

    assert (done.returncode, bool(ERROR.fullmatch(done.stderr))) == (1, True), done.stderr
    assert "call this as root" in done.stderr


@pytest.mark.needs("root")
def test_a_full_disk_is_told_even_where_nobody_runs(home, tmp_path, capsys):
    small = tmp_path / "small"
    small.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1M", "rekam-full", str(small)], check=True)
    try:
        shutil.copytree(home, small, dirs_exist_ok=True)
        subprocess.run(["sh", "-c", f"cat /dev/zero >{small}/fill 2>/dev/null || true"], check=True)
        answer = run(capsys, "doctor", "--config", small / "kiosk.toml")
    finally:
        subprocess.run(["umount", "-l", str(small)], check=True)

    assert (answer.status, answer.err.split(": ")[1]) == (2, "disk-full")
