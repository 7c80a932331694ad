"""The log on a page and the file for central: all of the machine, nothing of a person."""

from __future__ import annotations

import io
import json
import logging
import os
import zipfile

import msgspec
import pytest

from agent import bundle, log_files, requests
from agent.actions import logs, paper
from agent.actions.accounts import close_account
from agent.actions.officers import add_officer
from agent.domain.mounts import Stick
from agent.jobs import sample_health
from agent.jobs.bundle import Bundler
from agent.log_files import Entry
from agent.office import Office
from agent.settings import NetworkSettings
from agent.store import link_log
from tests.builders import PIN
from tests.command_line import run
from tests.integration.kiosk.steps import sign_in, visit
from tests.rounds import of_machine

NIK = "6402055501990001"
PASSWORD = "rahasia-proksi"
NAME, GONE = "Siti Rahmawati", "Wahyuni Lestari"
PLANTED = (NIK, PASSWORD, NAME, GONE, "Rahmawati", PIN, "a-token-of-the-tests", "0812-3456-7890")


@pytest.fixture
def planted(kiosk, take):
    """Personal data and secrets in every place that a text can come from."""
    for name in (NAME, GONE):
        add_officer(kiosk.store, name, "officer", random_bytes=os.urandom, pin=PIN)
    close_account(kiosk.store, GONE, by=1)
    here = kiosk.office
    network = NetworkSettings(proxy=f"http://kantor:{PASSWORD}@10.0.0.1:3128")
    kiosk.office = Office(msgspec.structs.replace(here.settings, network=network), here.offer, here.regions)
    take(nik=NIK)
    everything = " ".join(PLANTED)
    write_log(kiosk, everything)
    link_log.note(kiosk.store, "server-refuses", everything)
    requests.report(kiosk.store, requests.ask(kiosk.store, f"carry-out /media/{NAME}"), requests.Progress(
        "failed", sentence=everything))  # fmt: skip
    with kiosk.store.write():
        paper.note_printer(kiosk.store, "down", everything)
    sample_health.run(kiosk.store, kiosk.office, of_machine(kiosk.store))


def write_log(kiosk, text: str, level: int = logging.ERROR) -> None:
    """A message of the agent."""
    handler = log_files.keep(kiosk.home, "agent")
    logging.getLogger("rekam.tests").log(level, text)
    logging.getLogger().removeHandler(handler)
    handler.close()


def opened(body: bytes) -> dict[str, str]:
    """The files of a zip."""
    with zipfile.ZipFile(io.BytesIO(body)) as box:
        return {name: box.read(name).decode() for name in box.namelist()}


def test_nothing_that_was_planted_gets_into_the_file(kiosk, planted):
    files = opened(bundle.build(kiosk.store, kiosk.office, "a-token-of-the-tests", lambda: b""))

    found = {(name, secret) for name, text in files.items() for secret in PLANTED if secret.lower() in text.lower()}
    assert found == set()


def test_the_file_has_what_central_needs(kiosk, planted):
    files = opened(bundle.build(kiosk.store, kiosk.office))

    assert json.loads(files["about.json"])["office"] == "64.02.05"
    assert json.loads(files["settings.json"])["network"]["proxy"] == "10.0.0.1:3128"
    assert json.loads(files["link.json"])[0]["state"] == "server-refuses"
    assert json.loads(files["status.json"])["streams"]["enrollments"]["last"] > 0
    assert "disk_free" in json.loads(files["readings.json"])[0]["readings"]
    assert json.loads(files["requests.json"])[0]["kind"] == "carry-out"
    assert json.loads(files["log.jsonl"].splitlines()[0])["level"] == "ERROR"


def test_the_page_shows_the_log_without_what_is_personal(planted, technician):
    page = visit(technician, "/teknisi/catatan")

    assert "rekam.tests: […]" in page.text
    assert [secret for secret in PLANTED if secret in page.text] == []


@pytest.mark.parametrize(
    ("query", "shown"),
    [("", ["news", "alarm"]), ("tingkat=ERROR", ["alarm"]), ("program=kiosk", []), ("kata=NEW", ["news"])],
)
def test_the_log_is_filtered(kiosk, technician, query, shown):
    logging.getLogger("rekam.tests").setLevel(logging.INFO)
    write_log(kiosk, "news", logging.INFO)
    write_log(kiosk, "alarm")

    page = visit(technician, f"/teknisi/catatan?{query}").text

    assert [word for word in ("news", "alarm") if f"rekam.tests: {word}" in page] == shown


def test_the_technician_downloads_one_file_named_by_office_and_time(technician):
    answer = technician.get("/teknisi/catatan/diagnosa.zip")

    assert "rekam-diagnosa-64.02.05-20261123-0800.zip" in answer.headers["Content-Disposition"]
    assert "about.json" in opened(answer.data)


def test_the_page_of_the_log_waits_for_no_agent_to_find_sticks(kiosk, technician):
    assert "Sedang mencari stik" in visit(technician, "/teknisi/catatan").text
    stick = Stick("/media/rekam", "Kingston", 16 * 10**9, 10**9, read_only=False)
    requests.fulfil(kiosk.store, {requests.FIND_STICKS: lambda: msgspec.json.encode([stick]).decode()})

    assert "Simpan ke stik Kingston" in visit(technician, "/teknisi/catatan").text


def test_an_officer_gets_neither_log_nor_file(kiosk, staff):
    add_officer(kiosk.store, "Siti", "officer", random_bytes=os.urandom, pin=PIN)
    sign_in(staff, "Siti", PIN)

    assert [staff.get(f"/teknisi/catatan{end}").status_code for end in ("", "/diagnosa.zip")] == [403, 403]


def test_the_agent_puts_the_file_on_a_stick(kiosk, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    number = requests.ask(kiosk.store, f"{requests.BUNDLE} {stick}")

    Bundler(kiosk.store, kiosk.office).run(number, str(stick))

    assert [file.name for file in stick.iterdir()] == ["rekam-diagnosa-64.02.05-20261123-0800.zip"]
    assert requests.progress_of(kiosk.store, number).state == "done"


def test_the_command_line_has_the_agent_write_it(kiosk, tmp_path, capsys, monkeypatch):
    bundler = Bundler(kiosk.store, kiosk.office)

    def woken(_home) -> None:
        requests.fulfil(kiosk.store, {}, {requests.BUNDLE: bundler.run})

    monkeypatch.setattr(requests, "nudge", woken)

    answer = run(capsys, "bundle", tmp_path, "--config", kiosk.home / "kiosk.toml")

    assert (answer.status, answer.out) == (0, f"{tmp_path}\n")
    assert list(tmp_path.glob("rekam-diagnosa-*.zip"))


def test_a_stick_that_is_gone_is_told(kiosk, tmp_path):
    number = requests.ask(kiosk.store, f"{requests.BUNDLE} {tmp_path}/none")

    Bundler(kiosk.store, kiosk.office).run(number, f"{tmp_path}/none")

    assert requests.progress_of(kiosk.store, number).code == "no-folder"


def test_the_journal_counts_before_the_files(kiosk):
    write_log(kiosk, "from a file")
    line = {"MESSAGE": "from the journal", "PRIORITY": "3", "_SYSTEMD_UNIT": "rekam-agent.service",
            "__REALTIME_TIMESTAMP": "1700000000000000"}  # fmt: skip
    journal = json.dumps(line).encode() + b"\nnonsense\n" + json.dumps({**line, "MESSAGE": [1, 2]}).encode()

    assert logs.messages(kiosk.store, (), lambda: journal) == [
        Entry(1_700_000_000_000, "ERROR", "agent", "from the journal")
    ]


@pytest.fixture
def hanging_journal(tmp_path, monkeypatch):
    """A journalctl that never ends; the file that it leaves when it is begun."""
    program, begun = tmp_path / "bin/journalctl", tmp_path / "begun"
    program.parent.mkdir()
    program.write_text(f"#!/bin/sh\ntouch {begun}\nexec sleep 60\n")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}:/usr/bin:/bin")
    return begun


@pytest.mark.parametrize("path", ["/teknisi/catatan", "/teknisi/catatan/diagnosa.zip"])
def test_no_page_waits_for_the_journal(kiosk, technician, hanging_journal, path):
    answer = technician.get(path)

    assert answer.status_code == 200
    assert not hanging_journal.exists()


def test_the_agent_s_own_file_asks_the_journal_and_gives_up_on_one_that_hangs(
    kiosk, tmp_path, hanging_journal, monkeypatch
):
    monkeypatch.setattr(logs, "LONGEST_S", 0.5)
    write_log(kiosk, "from a file")
    number = requests.ask(kiosk.store, f"{requests.BUNDLE} {tmp_path}")
    Bundler(kiosk.store, kiosk.office).run(number, str(tmp_path))

    assert hanging_journal.exists()
    assert requests.progress_of(kiosk.store, number).state == "done"


def test_a_log_is_never_larger_than_its_bound(kiosk):
    handler = log_files.keep(kiosk.home, "agent")
    for _ in range(300):
        logging.getLogger("rekam.tests").error("x" * 3_000)
    logging.getLogger().removeHandler(handler)
    handler.close()

    sizes = [file.stat().st_size for file in (kiosk.home / "run").glob("agent.log*")]
    assert len(sizes) == 2
    assert max(sizes) <= log_files.MOST_BYTES
