"""Settings that central publishes: fetched when a receipt names them, verified, in force without a restart."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from agent import published
from agent.domain.sent_settings import NOTHING
from agent.folder import Folder
from agent.uplink.stick import carry_in
from agent.wire import jose, names, settings
from tests.wired_office import wired

CHRISTMAS = date(2026, 12, 25)
HOLIDAYS = {"holidays": [{"date": "2026-12-25", "name": "Natal"}]}
NEAREST = {"code": "64.02.06", "name": "Kantor Marang Kayu", "address": "Jalan Poros", "hours": "08.00-15.00"}


office = pytest.fixture(wired)


def said(office) -> list[dict]:
    rows = office.store.rows("SELECT body FROM line ORDER BY stream, n")
    lines = [json.loads(body) for (body,) in rows]
    return [line["d"] for line in lines if line["k"] == "settings.changed"]


def asked(office) -> int:
    """How often the settings were fetched from now on."""
    count, get = [], office.central.get
    office.central.get = lambda path, *rest: (count.append(path) if path == "/v1/settings" else None, get(path, *rest))[
        1
    ]
    return count


def heartbeat(office, times: int = 1) -> None:
    for _ in range(times):
        office.clock.forward(60_000)
        office.courier.heartbeat("good")


def test_a_heartbeat_brings_the_settings_that_its_receipt_names(office) -> None:
    assert office.office.hours.is_working_day(CHRISTMAS)
    office.central.publish((1, 1), HOLIDAYS)
    heartbeat(office)

    assert not office.office.hours.is_working_day(CHRISTMAS)
    assert office.office.hours.is_working_day(CHRISTMAS - timedelta(days=1))
    assert said(office) == [{"version": [1, 1], "applied": True}]


def test_what_is_applied_is_not_fetched_again(office) -> None:
    office.central.publish((1, 1), HOLIDAYS)
    count = asked(office)
    heartbeat(office, 3)

    assert len(count) == 1


def test_one_fault_refuses_the_whole_says_so_once_and_keeps_what_was(office) -> None:
    office.central.publish((1, 1), HOLIDAYS)
    heartbeat(office)
    office.central.publish((1, 2), {"holidays": [], "notices": [{"text": 7}]})
    count = asked(office)
    heartbeat(office, 3)

    assert not office.office.hours.is_working_day(CHRISTMAS)
    assert [line["applied"] for line in said(office)] == [True, False]
    assert said(office)[1]["reason"].startswith("notices[0].text: ")
    assert len(count) == 1


def test_settings_of_a_stranger_are_refused_until_the_key_list_grows(office) -> None:
    stranger = jose.new_key()
    office.central.publish((1, 1), HOLIDAYS, stranger)
    count = asked(office)
    heartbeat(office, 3)
    assert (office.office.sent().settings, len(count)) == (NOTHING, 1)

    office.central.publisher, office.central.number = stranger, 2
    heartbeat(office)

    assert office.office.sent().version == (1, 1)


@pytest.mark.parametrize("version", [(1, 1), (0, 9), (1, 0)])
def test_a_version_that_is_not_higher_is_passed_over(office, version) -> None:
    office.central.publish((1, 1), HOLIDAYS)
    heartbeat(office)
    old = settings.sign(version, {}, office.central.publisher)

    assert not office.courier.documents.settings.accept(old)
    assert office.office.sent().version == (1, 1)
    assert len(said(office)) == 1


def test_a_restored_central_counts_on_in_a_higher_epoch(office) -> None:
    office.central.publish((1, 9), HOLIDAYS)
    heartbeat(office)
    office.central.publish((2, 1), {})
    heartbeat(office)

    assert office.office.sent().version == (2, 1)
    assert office.office.hours.is_working_day(CHRISTMAS)


def test_a_stick_brings_settings_too(office, tmp_path) -> None:
    (tmp_path / "stick").mkdir()
    box = Folder(tmp_path / "stick")
    box.put(names.SETTINGS, office.central.publish((1, 1), HOLIDAYS).encode())
    thumbprint = office.courier.signer.key.thumbprint()
    carry_in(office.store, office.courier.trust, thumbprint, box, lambda done, of: None, office.courier.hearing)

    assert office.office.sent().version == (1, 1)


def test_settings_outlive_a_restored_database_and_a_restart(office) -> None:
    office.central.publish((1, 1), HOLIDAYS)
    heartbeat(office)
    office.store.close()
    (office.home / "data/rekam.db").unlink()
    office.open()

    assert office.office.sent().version == (1, 1)


def test_a_damaged_file_is_as_good_as_none_and_fetched_again(office) -> None:
    office.central.publish((1, 1), HOLIDAYS)
    heartbeat(office)
    (office.home / published.FILE).write_text("a.b")
    assert office.office.sent().version == (0, 0)
    heartbeat(office)

    assert office.office.sent().version == (1, 1)


def test_lists_of_central_count_instead_of_the_office_s_own(office) -> None:
    own = (office.office.elections, office.office.targets, office.office.nearest)
    office.central.publish((1, 1), {"elections": [], "targets": [], "nearest": [NEAREST, NEAREST | {"area": "99.99"}]})
    heartbeat(office)

    assert own[2] == ()
    assert office.office.nearest == ("Kantor Marang Kayu, Jalan Poros, 08.00-15.00",)
    assert (office.office.elections.election, office.office.targets.target) == ((), ())


def test_a_notice_of_central_ends_with_its_date(office) -> None:
    office.central.publish((1, 1), {"notices": [{"text": "Libur bersama", "until": "2026-12-24"}, {"text": "Lain"}]})
    heartbeat(office)

    assert [each.text for each in office.office.told(CHRISTMAS)] == ["Lain"]
    assert len(office.office.told(CHRISTMAS - timedelta(days=1))) == 2
