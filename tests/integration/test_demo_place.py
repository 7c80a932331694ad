"""What `rekam demo` refuses before it starts, and a day that it plays to a kiosk that is away."""

from __future__ import annotations

import pytest

from agent.demo_day import play_day
from agent.demo_place import Ports, alone
from agent.errors import Conflict, UsageError
from tests.command_line import run
from tests.ports import free_port


@pytest.mark.parametrize(
    ("option", "value"),
    [("--speed", "0"), ("--speed", "-1"), ("--speed", "nan"), ("--speed", "inf"), ("--busy", "0"), ("--busy", "-5"),
     ("--busy", "1e3"), ("--kiosk-port", "0"), ("--staff-port", "65536"), ("--central-port", "٣")],
)  # fmt: skip
def test_a_number_that_makes_no_sense_is_a_usage_error_that_names_the_option(capsys, tmp_path, option, value) -> None:
    answer = run(capsys, "demo", "--dir", tmp_path / "demo", f"{option}={value}")

    assert answer.status == 64
    assert answer.err.startswith(f"rekam: usage: -: -: argument {option}: must be a")
    assert not (tmp_path / "demo").exists()


def test_two_ports_that_are_one_are_refused_by_the_second_ones_option() -> None:
    port = free_port()

    with pytest.raises(UsageError) as refusal:
        Ports(citizen=port, staff=free_port(), central=port).check_free()

    assert (refusal.value.code, refusal.value.field) == ("port-taken", "--central-port")


def test_a_second_demo_in_the_same_directory_is_refused(tmp_path) -> None:
    with alone(tmp_path), pytest.raises(Conflict, match="runs-already"), alone(tmp_path):
        pass

    with alone(tmp_path):
        pass


def test_a_day_whose_kiosk_is_away_comes_to_its_end(capsys) -> None:
    facts = {"counter": "http://127.0.0.1:9/loket", "api_token": "x"}

    play_day(facts, 5, 1e6, lambda _seconds: False)

    assert "the day has been played" in capsys.readouterr().out
