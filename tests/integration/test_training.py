"""A training lies beside the real office and never touches it; nothing of it can be sent."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import closing
from pathlib import Path

import pytest

from agent import bundle, daemon, training
from agent.actions import training as practice
from agent.actions import visits
from agent.cli import main
from agent.errors import BadData, NotFound, UsageError
from agent.office import load_office
from agent.office_files import invented_people
from agent.settings import load_kiosk
from agent.store.backup import copy_database
from agent.store.opening import open_store
from kiosk_ui.serve import serve
from tests.builders import drawn, make_home
from tests.fakes import FakeClock
from tests.small_office import take

PORTS = training.Ports(8180, 8181)


@pytest.fixture(scope="module")
def real(tmp_path_factory) -> Path:
    return make_home(tmp_path_factory.mktemp("real") / "office", clock=FakeClock()).home


def fingerprint(home: Path) -> dict[str, str]:
    """Every file of the real office and its content; the training's own folder lies in it too."""
    files = (path for path in sorted(home.rglob("*")) if path.is_file() and training.FOLDER not in path.parts)
    return {str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


class Practice:
    """A training office, opened."""

    def __init__(self, real: Path, folder: Path) -> None:
        self.clock = FakeClock()
        training.prepare(load_kiosk(real / "kiosk.toml"), folder, PORTS, self.clock, drawn())
        self.home = folder
        self.store = open_store(folder, self.clock)
        self.office = load_office(folder / "kiosk.toml")

    def come(self, place: int):
        return practice.come(self.store, self.office, invented_people(), place, drawn(str(place)))


@pytest.fixture
def trained(real, tmp_path):
    made = Practice(real, tmp_path / "latihan")
    yield made
    made.store.close()


def test_the_real_office_is_byte_for_byte_as_before(real):
    before = fingerprint(real)
    made = Practice(real, real / training.FOLDER)
    for place in range(len(invented_people())):
        made.come(place)
    visits.finish(made.store, visits.call_next(made.store, 1).name, "recorded")
    made.store.close()

    assert fingerprint(real) == before


def test_a_training_has_a_ledger_a_key_and_a_database_of_its_own(real, trained):
    names = [load_office(home / "kiosk.toml").settings.central.root for home in (real, trained.home)]

    assert names[0] != names[1]
    assert (real / "keys/kiosk.jwk").read_bytes() != (trained.home / "keys/kiosk.jwk").read_bytes()


@pytest.mark.parametrize("words", [["send"], ["pair"], ["carry", "out", "/media"]])
def test_nothing_of_a_training_is_sent_or_carried(trained, words, capsys):
    assert main([*words, "--config", str(trained.home / "kiosk.toml")]) == 64
    assert "rekam: training:" in capsys.readouterr().err


def test_a_setting_that_was_taken_out_makes_no_practice_real(trained, capsys):
    settings = trained.home / "kiosk.toml"
    settings.write_text(settings.read_text().replace(training.TRAINING, "\n"))

    assert main(["send", "--config", str(settings)]) == 64
    assert "what was practised is never sent" in capsys.readouterr().err
    for run in (daemon.run, serve):
        with pytest.raises(UsageError, match="what was practised is never sent"):
            run(settings, {})


def test_a_database_of_a_training_that_was_copied_into_the_office_is_not_opened(real, trained, tmp_path):
    home = tmp_path / "office"
    shutil.copytree(real, home, ignore=shutil.ignore_patterns("*.sock", training.FOLDER))
    trained.come(0)
    for file in home.glob("data/rekam.db*"):
        file.unlink()
    copy_database(trained.home / "data/rekam.db", home / "data/rekam.db")

    with pytest.raises(UsageError, match="what was practised is never sent"):
        daemon.run(home / "kiosk.toml", {})


def test_a_training_is_no_backup_of_the_office(real, trained, capsys):
    trained.come(0)

    assert main(["restore", str(trained.home / "data/rekam.db"), "--config", str(real / "kiosk.toml")]) == 65
    assert "foreign-backup" in capsys.readouterr().err


def test_an_office_with_visits_is_made_no_training_by_a_setting(real, tmp_path):
    home = tmp_path / "office"
    shutil.copytree(real, home, ignore=shutil.ignore_patterns("*.sock", training.FOLDER))
    with closing(open_store(home, FakeClock())) as store:
        take(store, load_office(home / "kiosk.toml"), "a visit of a real office")
    with (home / "kiosk.toml").open("a") as settings:
        settings.write(training.TRAINING)

    with pytest.raises(UsageError, match="no practice"):
        serve(home / "kiosk.toml", {})


def test_the_doctor_judges_no_training(trained, capsys):
    assert main(["doctor", "--config", str(trained.home / "kiosk.toml")]) == 64
    assert "rekam: training:" in capsys.readouterr().err


def test_the_diagnostic_file_of_a_training_says_so(real, trained):
    assert bundle.name(trained.store, trained.office).startswith("LATIHAN-")
    assert bundle.about(trained.store, trained.office)["training"] is True
    assert not bundle.name(trained.store, load_office(real / "kiosk.toml")).startswith("LATIHAN")


def test_no_agent_starts_for_a_training(trained):
    with pytest.raises(UsageError, match="training"):
        daemon.run(trained.home / "kiosk.toml", {})


def test_no_training_is_made_of_a_training(trained, tmp_path):
    with pytest.raises(UsageError, match="training"):
        training.ready(trained.home / "kiosk.toml", tmp_path / "other", PORTS, fresh=False)


def test_an_invented_nik_is_taken_and_a_real_one_is_not(trained):
    assert trained.come(0).ticket == "A-001"
    with pytest.raises(BadData, match="nik-province"):
        take(trained.store, trained.office, "a", nik="6402055708990003")


def test_a_training_is_open_at_any_hour_of_any_day(trained):
    hours = trained.office.settings.hours

    assert len(hours.days) == 7
    assert f"{hours.open:%H:%M}" == "00:00"


def test_who_ended_a_visit_as_the_story_asks_is_told_so(trained):
    first, second = trained.come(0), trained.come(1)
    for ticket, outcome in ((first, "recorded"), (second, "handed_over")):
        visits.call(trained.store, ticket.visit, 1)
        visits.finish(trained.store, ticket.visit, outcome)
    told = practice.practised(trained.store, invented_people())

    assert [(place, each.is_right) for place, each in told.items()] == [(0, True), (1, False)]


def test_nobody_invented_comes_to_a_real_office(real, trained):
    office = load_office(real / "kiosk.toml")

    with pytest.raises(NotFound, match="no-training"):
        practice.come(trained.store, office, invented_people(), 0, drawn())


def test_what_was_practised_is_kept_and_ports_follow_the_command(real, trained):
    trained.come(0)
    training.prepare(load_kiosk(real / "kiosk.toml"), trained.home, training.Ports(9001, 9002), trained.clock, drawn())

    assert str(load_kiosk(trained.home / "kiosk.toml").web.citizen) == "127.0.0.1:9001"
    assert trained.store.rows("SELECT count(*) FROM visit") == [(1,)]


def test_beginning_anew_removes_a_training_and_nothing_else(real, trained):
    with pytest.raises(UsageError, match="not-training"):
        training.remove(real)
    training.remove(trained.home)

    assert not trained.home.exists()
    assert (real / "kiosk.toml").exists()
