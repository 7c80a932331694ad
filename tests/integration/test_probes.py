"""Probes that ask programs, files and the office's own rows: what they read, and what they leave out."""

from __future__ import annotations

import os
from types import SimpleNamespace

import msgspec
import pytest

from agent.actions import boots, self_test, visits
from agent.clock import SystemClock
from agent.domain.escpos_status import read_status
from agent.errors import BadData
from agent.job_log import JobLog
from agent.kiosk_pulse import Pulse
from agent.own_cost import own_cost
from agent.probes import (
    backups,
    browser,
    child,
    clocks,
    database,
    disk_wear,
    jobs,
    ledger,
    modem,
    power,
    processes,
    tcp,
    temperature,
    usb,
    use,
)
from agent.probes.rounds import take_round
from agent.settings_values import Address
from agent.store import backup
from agent.store.opening import open_store
from agent.timetable import Outcome
from tests.fakes import DAY, HOUR, MINUTE
from tests.rounds import named
from tests.small_office import small_office, take


@pytest.fixture
def program(tmp_path, monkeypatch):
    """A program on the PATH that says the same whatever it is asked."""
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    (tmp_path / "bin").mkdir()

    def write(name: str, says: str) -> None:
        file = tmp_path / "bin" / name
        file.write_text(f"#!/bin/sh\ncat <<'END'\n{says}\nEND\n")
        file.chmod(0o755)

    return write


NVME = (
    '{"devices": [{"name": "/dev/nvme0"}], "smart_status": {"passed": false},'
    ' "nvme_smart_health_information_log": {"percentage_used": 93}}'
)
ATA = {
    "smart_status": {"passed": True},
    "ata_smart_attributes": {
        "table": [{"id": 5, "value": 100, "raw": {"value": 3}}, {"id": 231, "value": 88, "raw": {"value": 0}}]
    },
}


def test_a_disk_tells_its_wear_and_that_it_fails(program, tmp_path):
    program("smartctl", NVME)

    assert disk_wear.read(tmp_path, SystemClock()) == {"disk_failing": 1.0, "disk_wear_percent": 93.0}


def test_a_disk_of_the_old_kind_counts_down_and_counts_bad_sectors():
    told = disk_wear.told(disk_wear.report(msgspec.json.encode(ATA)))

    assert told == {
        "disk_failing": 0.0,
        "disk_wear_percent": 12.0,
        "disk_bad_sectors": 3.0,
    }


def test_a_report_that_root_left_is_read_where_the_agent_may_not_ask(tmp_path):
    (tmp_path / "run/smart").mkdir(parents=True)
    (tmp_path / "run/smart/sda.json").write_text(NVME)

    assert disk_wear.read(tmp_path, SystemClock())["disk_wear_percent"] == 93.0


@pytest.mark.parametrize("age_s", [49 * 3600, -49 * 3600, 55 * 365 * 24 * 3600])
def test_a_report_of_another_time_says_nothing_and_alone_makes_the_probe_fail(program, tmp_path, age_s):
    program("smartctl", "")
    clock, old = SystemClock(), tmp_path / "run/smart/sda.json"
    old.parent.mkdir(parents=True)
    old.write_text(NVME)
    os.utime(old, (0, clock.wall_ms() / 1000 - age_s))

    with pytest.raises(BadData):
        disk_wear.read(tmp_path, clock)
    old.with_name("sdb.json").write_text('{"smart_status": {"passed": true}}')
    assert disk_wear.read(tmp_path, clock) == {"disk_failing": 0.0}


def test_the_worst_of_two_disks_counts():
    assert disk_wear.worst([{"disk_failing": 0.0}, {"disk_failing": 1.0}]) == {"disk_failing": 1.0}


def test_a_program_that_is_not_installed_gives_no_reading(monkeypatch, tmp_path):
    monkeypatch.setattr(child, "SYSTEM_PATH", str(tmp_path))
    monkeypatch.setenv("PATH", str(tmp_path))

    assert (disk_wear.read(tmp_path, SystemClock()), modem.read(), power.of_ups()) == ({}, {}, {})


def test_a_program_that_hangs_is_ended(program):
    program("smartctl", "x")
    taken = take_round(named({"disk-wear": lambda: child.said("sleep", "5", longest_s=0.1)}))

    assert taken.failed == {"disk-wear"}


@pytest.mark.parametrize(
    ("status", "charge", "found"),
    [
        ("OL", "100", {"on_battery": 0.0, "battery_percent": 100.0}),
        ("OB DISCHRG", "42", {"on_battery": 1.0, "battery_percent": 42.0, "on_battery_percent": 42.0}),
    ],
)
def test_a_ups_tells_whether_the_mains_are_there(status, charge, found):
    words = power.of_ups_words(f"battery.charge: {charge}\nups.status: {status}\n", "apc")

    assert {name: value for name, value in words.items() if name != "said"} == found
    assert status in words["said"]


def test_a_ups_that_is_not_heard_gives_no_reading():
    assert power.of_ups_words("Error: Data stale", "apc") == {}


MODEM = """{"modem": {"3gpp": {"operator-name": "Telkomsel"}, "generic": {"state": "registered",
 "state-failed-reason": "--", "signal-quality": {"value": "17"}, "access-technologies": ["lte"]}}}"""


def test_a_modem_tells_its_signal_and_operator(program):
    program("mmcli", MODEM)

    assert modem.read() == {"sim_signal_percent": 17.0, "sim_locked": 0.0, "said": "registered lte Telkomsel"}


def test_a_locked_sim_has_no_signal():
    assert modem.told({"generic": {"state": "locked", "signal-quality": {"value": "0"}}})["sim_locked"] == 1.0


def test_a_usb_device_is_there_while_the_kernel_lists_it(tmp_path):
    (tmp_path / "1-1").mkdir()
    (tmp_path / "1-1/idVendor").write_text("04a9\n")
    (tmp_path / "1-1/idProduct").write_text("3270\n")
    (tmp_path / "usb1").mkdir()  # pulled out while it was read
    found = usb.read({"camera": "04a9:3270", "card-printer": "0c1f:1801"}, tmp_path)

    assert found == {"camera": {"camera_present": 1.0}, "card-printer": {"card_printer_present": 0.0}}


def test_an_address_that_refuses_is_told_with_its_reason():
    found = tcp.read_siak(Address("127.0.0.1", 9))

    assert found["siak_reachable"] == 0.0
    assert "refused" in found["said"]


def test_until_somebody_told_the_time_the_clock_is_unknown(store, clock, tmp_path):
    clock.forward(HOUR)

    assert clocks.read(store, tmp_path / "nothing")["clock_unknown_s"] == 3660.0
    assert clocks.read(store, tmp_path)["clock_unknown_s"] == 0.0


def test_the_database_is_sound_and_has_a_size(store):
    assert database.read_sound(store) == {"database_sound": 1.0}
    assert database.read(store)["database_bytes"] >= 4096


def test_the_oldest_unsent_line_has_an_age(store, clock, tmp_path):
    take(store, small_office(tmp_path), "a")
    clock.forward(HOUR)

    assert ledger.read(store)["oldest_unsent_s"] == 3600.0


def test_a_copy_of_the_database_has_an_age(store, clock):
    assert backups.read(store) == {}
    copy = backup.back_up(store, keep=3)
    clock.step_to(int(copy.stat().st_mtime * 1000) + DAY)

    assert backups.read(store) == {"backup_age_s": pytest.approx(86_400, abs=1)}


def test_a_copy_that_never_was_made_is_as_old_as_the_first_queue_day(store, clock, tmp_path):
    take(store, small_office(tmp_path), "a")
    clock.forward(90 * DAY)
    (tmp_path / "data/backups/fresh.new").touch()

    assert backups.read(store) == {"backup_age_s": 90 * 86_400.0, "said": "no copy"}


def test_jobs_that_failed_are_told_with_the_kind_of_the_fault_and_no_word_of_it(store):
    log = JobLog(store)
    log.told(Outcome("back_up", "DiskFull: no room for the copy of Siti", 86_400))
    log.told(Outcome("close_day", "", 60))

    assert jobs.read(store.home) == {"failing_jobs": 1.0, "said": "back_up: DiskFull"}


def test_before_the_first_job_none_fails(tmp_path):
    assert jobs.read(tmp_path)["failing_jobs"] == 0.0


def test_a_browser_that_never_stayed_is_not_missed(store):
    for pulse in (None, Pulse(store.boot), Pulse(store.boot, 0, 60_000)):
        assert browser.read(store, pulse, runs_here=False) == {}


def test_a_screen_that_runs_here_is_missed_from_the_boot_on(store, clock):
    clock.forward(HOUR)

    assert browser.read(store, None, runs_here=True) == {"browser_silent_s": clock.boot_ms() / 1000}
    assert browser.read(store, Pulse(store.boot, 0, HOUR), runs_here=True) == {"browser_silent_s": 60.0}


def test_a_browser_that_stayed_is_silent_since_it_was_last_heard(store, clock):
    clock.forward(HOUR)
    pulse = Pulse(store.boot, clock.boot_ms() - HOUR, clock.boot_ms())
    clock.forward(MINUTE)

    assert browser.read(store, pulse, runs_here=False) == {"browser_silent_s": 60.0}


def test_after_a_reboot_a_known_browser_is_silent_since_the_start(store, clock):
    with store.write():
        store.run("INSERT INTO track VALUES ('browser', '{}')")

    assert browser.read(store, Pulse(store.boot - 1, 5, 5), runs_here=False) == {
        "browser_silent_s": clock.boot_ms() / 1000
    }


def test_the_agent_s_own_memory_and_files_are_told_and_the_kiosk_s_by_its_word(store):
    found = processes.read(store, Pulse(store.boot, None, None, {"uss_bytes": 7.0}))

    assert found["agent_rss_bytes"] >= found["agent_uss_bytes"] > 1_000_000
    assert found["agent_fds"] > 2
    assert found["kiosk_uss_bytes"] == 7.0


def test_a_kernel_that_sums_up_nothing_costs_only_the_reading(tmp_path):
    assert set(own_cost(tmp_path / "nothing")) == {"fds"}


def test_a_temperature_is_told_where_there_is_a_sensor():
    assert set(temperature.read()) <= {"temperature_c"}


@pytest.mark.parametrize(
    ("answers", "shown"),
    [
        ({1: 0x12, 2: 0x12, 4: 0x12}, set()),
        ({1: 0x1A, 2: 0x16, 4: 0x12}, {"printer_cover_open"}),
        ({1: 0x1A, 2: 0x32, 4: 0x72}, {"printer_paper_out"}),
        ({1: 0x12, 2: 0x12, 4: 0x1E}, {"printer_paper_low"}),
        ({1: 0x1A, 2: 0x52, 4: 0x12}, {"printer_error"}),
    ],
)
def test_a_printer_tells_paper_cover_and_errors(answers, shown):
    found = read_status(answers)

    assert {name for name, value in found.items() if value and name != "printer_online"} == shown
    assert found["printer_online"] == 1.0


def test_a_printer_that_is_off_line_by_its_button_is_off():
    assert read_status({1: 0x1A, 2: 0x12, 4: 0x12})["printer_online"] == 0.0


def test_bytes_that_no_printer_sends_say_nothing():
    assert read_status({1: 0xFF, 2: 0x00, 4: 0x41}) == {}


def test_a_death_of_the_machine_is_counted_and_a_shutdown_is_not(store, clock):
    for boot, farewell in (("second", True), ("third", False), ("fourth", False)):
        boots.note_start(store)
        if farewell:
            boots.note_end(store)
        store.close()
        clock.reboot(boot)
        store = open_store(store.home, clock)
    boots.note_start(store)
    boots.note_start(store)

    assert boots.unclean_this_week(store) == 2
    clock.forward(8 * DAY)
    assert boots.unclean_this_week(store) == 0
    store.close()


def test_trials_are_kept_in_bounded_space_and_the_newest_that_worked_stays(store):
    self_test.note(store, "camera", ok=True, by=3)
    self_test.note(store, "iris", ok=True, by=3)
    for _ in range(self_test.KEPT + 20):
        self_test.note(store, "camera", ok=False, by=3)

    kept = store.rows("SELECT device, ok, count(*) FROM self_test GROUP BY device, ok ORDER BY device, ok")
    assert kept == [("camera", 0, self_test.KEPT), ("camera", 1, 1), ("iris", 1, 1)]


def test_a_device_is_used_by_a_visit_or_a_trial(store, clock, tmp_path):
    office = small_office(tmp_path)
    take(store, office, "a")
    clock.forward(9 * DAY)  # from a Monday to the Wednesday of the next week
    assert use.read(store, office, ["camera"])["camera"]["camera_unused_days"] == 6.0

    self_test.note(store, "camera", by=3, ok=True)
    assert use.read(store, office, ["camera"])["camera"] == {"camera_unused_days": 0.0, "camera_test_failed": 0.0}

    self_test.note(store, "camera", by=3, ok=False)
    assert use.read(store, office, ["camera"])["camera"]["camera_test_failed"] == 1.0


def test_a_report_that_is_cut_short_hides_no_other_disk(tmp_path):
    folder = tmp_path / disk_wear.REPORTS
    folder.mkdir(parents=True)
    (folder / "sda.json").write_text('{"smart_status": {"pass')
    (folder / "sdb.json").write_text('{"smart_status": {"passed": false}}')

    assert disk_wear.read(tmp_path, SystemClock()) == {"disk_failing": 1.0}


def test_an_id_with_an_odd_byte_hides_no_other_device(tmp_path):
    for name, vendor in (("1-1", b"\xff\xfe"), ("1-2", b"04a9\n")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "idVendor").write_bytes(vendor)
        (tmp_path / name / "idProduct").write_text("3270\n")

    assert usb.read({"camera": "04a9:3270"}, tmp_path) == {"camera": {"camera_present": 1.0}}


@pytest.mark.parametrize("lie", [float("nan"), 1e18, 127.0, -40.0])
def test_a_sensor_that_lies_hides_no_other(monkeypatch, lie):
    import psutil

    told = {"acpi": [SimpleNamespace(current=lie)], "cpu": [SimpleNamespace(current=54.0)]}
    monkeypatch.setattr(psutil, "sensors_temperatures", lambda: told)

    assert temperature.read() == {"temperature_c": 54.0}


def test_a_ups_that_does_not_know_its_charge_still_tells_that_the_mains_are_out():
    found = power.of_ups_words("battery.charge: n/a\nups.status: OB\n", "apc")

    assert found["on_battery"] == 1.0
    assert "battery_percent" not in found


def test_a_modem_without_a_technology_still_tells_its_signal():
    generic = {"state": "registered", "access-technologies": None, "signal-quality": {"value": "17"}}

    assert modem.told({"generic": generic})["sim_signal_percent"] == 17.0


@pytest.mark.parametrize(
    ("service", "outcome", "days"),
    [("ktp_print", "handed_over", 0.0), ("ktp_print", "print_ready", 6.0), ("kk", "handed_over", 6.0)],
)
def test_only_a_printed_card_shows_the_card_printer_to_work(store, clock, tmp_path, service, outcome, days):
    office = small_office(tmp_path)
    take(store, office, "a", service=service)
    clock.forward(9 * DAY)
    visits.finish(store, visits.call_next(store, 1).name, outcome)

    assert use.read(store, office, ["card-printer"])["card-printer"]["card_printer_unused_days"] == days
