"""How an office stands, for a person and for a program: the same words before and after central was heard."""

from __future__ import annotations

import json

import msgspec
import pytest

from agent.actions.day import close_day
from agent.domain.allowance import Spent
from agent.job_log import FILE, JobLog, job_states
from agent.settings import UploadSettings
from agent.status import as_text, status
from agent.store import forks, link_log, spending
from agent.timetable import Outcome
from tests.fakes import DAY, MINUTE, SECOND
from tests.small_office import kiosk_key
from tests.wired_office import wired

office = pytest.fixture(wired)


def told(office) -> dict:
    """The status as a program reads it: it must be JSON."""
    return json.loads(json.dumps(status(office.store, office.office)))


def put_link(office, state: str) -> None:
    with office.store.write():
        office.store.run(
            "INSERT INTO link_change (t, state, evidence) VALUES (?, ?, '')", office.clock.wall_ms(), state
        )


def test_a_new_office_is_told_whole_before_anything_happened(office) -> None:
    found = told(office)

    assert found["streams"] == {
        name: {"last": 0, "held": 0, "also": [], "refused": 0, "oldest_unsent_s": 0}
        for name in ("enrollments", "health")
    }
    assert (found["queue_day"], found["receipt"], found["jobs"]) == (None, None, [])
    assert found["link"] == {"state": "unknown", "since": None, "evidence": ""}
    assert (found["office"], found["pairing"]["state"]) == ("64.02.05", "unpaired")


def test_a_kiosk_is_named_by_its_key_and_its_code_is_the_beginning_of_it(office) -> None:
    found = told(office)

    assert found["kiosk"] == kiosk_key().thumbprint()
    assert found["ledger"].startswith(f"{found['kiosk']}.")
    assert len(found["pairing"]["code"]) == 14


def test_a_day_whose_bytes_are_counted_says_what_it_left_unsent(office) -> None:
    upload = UploadSettings(daily_bytes=5_000)
    office.office.settings = msgspec.structs.replace(office.office.settings, upload=upload)
    spending.keep(office.store, spending.SPENT, Spent("2026-11-23", 4_900))
    spending.keep(office.store, spending.HELD_BACK, Spent("2026-11-23", 12))

    assert told(office)["budget"] == {"daily_bytes": 5_000, "spent": 4_900, "held_back": 12}
    assert "12 lines wait for tomorrow's bytes" in as_text(told(office))
    office.clock.forward(DAY)
    assert told(office)["budget"] == {"daily_bytes": 5_000, "spent": 0, "held_back": 0}


def test_what_is_unsent_is_counted_and_ages(office) -> None:
    office.ticket(nik=False)
    office.clock.forward(90 * SECOND)
    stream = told(office)["streams"]["enrollments"]

    assert (stream["last"], stream["held"], stream["oldest_unsent_s"]) == (2, 0, 90)


def test_a_clock_that_steps_back_makes_no_age_below_zero(office) -> None:
    office.ticket(nik=False)
    office.clock.step_to(0)

    assert told(office)["streams"]["enrollments"]["oldest_unsent_s"] == 0


def test_after_a_receipt_everything_is_held_and_the_receipt_is_named(office) -> None:
    office.ticket(nik=False)
    office.courier.send_next()
    office.clock.forward(MINUTE)
    found = told(office)

    assert found["streams"]["enrollments"] == {"last": 2, "held": 2, "also": [], "refused": 0, "oldest_unsent_s": 0}
    assert found["receipt"] == {"stream": "enrollments", "epoch": 0, "seq": 1, "at": "2026-11-23T00:00:01Z"}


def test_refused_lines_are_counted(office) -> None:
    office.central.refuse = lambda body: "unknown-village" if b"ticket.taken" in body else None
    office.ticket(nik=False)
    office.courier.send_next()

    assert told(office)["streams"]["enrollments"]["refused"] == 1


def test_the_queue_day_is_the_newest_one(office) -> None:
    office.ticket(nik=False)
    assert told(office)["queue_day"] == {"number": 1, "date": "2026-11-23", "open": True}
    close_day(office.store, by=1)

    assert told(office)["queue_day"] == {"number": 1, "date": "2026-11-23", "open": False}


def test_the_link_is_told_since_its_last_change(office) -> None:
    put_link(office, "slow")
    office.clock.forward(MINUTE)
    put_link(office, "good")
    office.clock.forward(MINUTE)

    assert told(office)["link"] == {"state": "good", "since": "2026-11-23T00:01:00Z", "evidence": ""}


def test_after_a_fork_the_new_ledger_is_told(office) -> None:
    office.ticket(nik=False)
    before = told(office)["ledger"]
    with office.store.write():
        forks.fork(office.store, forks.DAMAGED, office.luck.randbytes)
    found = told(office)

    assert found["ledger"] != before
    assert found["streams"]["enrollments"]["last"] == 1


def test_jobs_are_told_with_their_turns_and_errors(office) -> None:
    log = JobLog(office.store)
    log.told(Outcome("upload", "", 300))
    log.told(Outcome("prune", "OSError: x", 86_400))

    assert told(office)["jobs"] == [
        {"name": "prune", "last": "2026-11-23T00:00:00Z", "next": "2026-11-24T00:00:00Z", "error": "OSError: x"},
        {"name": "upload", "last": "2026-11-23T00:00:00Z", "next": "2026-11-23T00:05:00Z", "error": None},
    ]


def test_a_turn_that_went_well_clears_the_error_of_the_one_before(office) -> None:
    log = JobLog(office.store)
    log.told(Outcome("upload", "OSError: x", 300))
    log.told(Outcome("upload", "", 300))

    assert [job.error for job in job_states(office.home)] == [None]


def test_only_jobs_that_run_less_than_hourly_are_rows(office) -> None:
    log = JobLog(office.store)
    for name, next_s in (("upload", 300), ("hourly", 3600), ("prune", 86_400)):
        log.told(Outcome(name, "", next_s))

    assert office.store.rows("SELECT name FROM job") == [("prune",)]


@pytest.mark.parametrize("content", [b"", b"{", b"{}", b'[{"name":1}]'])
def test_a_log_of_jobs_that_cannot_be_read_is_none(office, content) -> None:
    (office.home / FILE).write_bytes(content)

    assert told(office)["jobs"] == []


def test_a_person_reads_what_a_program_does(office) -> None:
    office.ticket(nik=False)
    office.courier.send_next()
    office.ticket(nik=False)
    office.clock.forward(MINUTE)
    JobLog(office.store).told(Outcome("prune", "OSError: x", 86_400))
    found = told(office)
    text = as_text(found)

    assert f"office 64.02.05   ledger {found['ledger']}" in text
    assert "last 3, held 2, unsent 1 (oldest 60 s), refused 0" in text
    assert f"code {found['pairing']['code']}" in text
    assert "error OSError: x" in text


def test_a_person_reads_what_the_officer_is_told_of_the_link(office) -> None:
    link_log.note(office.store, "server-refuses", "HTTP 413 too-large")

    assert "officer      Kiriman terlalu besar untuk jalur ini" in as_text(told(office))


def test_before_the_first_receipt_a_person_is_told_so(office) -> None:
    assert "receipt      none yet" in as_text(told(office))
