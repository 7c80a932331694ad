"""idle.toml: an office edits it, and a bad edit is refused with its line."""

from __future__ import annotations

import pytest

from agent.domain.idle import Idle
from agent.domain.services import Services
from agent.errors import SettingsError
from agent.toml_file import parse_toml
from config import tables

SHIPPED = tables.shipped("idle.toml").decode()


def read(text: str) -> Idle:
    return parse_toml(text, Idle, file="idle.toml")


def test_what_ships_has_messages_and_names_pictograms_that_exist():
    services = parse_toml(tables.shipped("services.toml").decode(), Services, file="services.toml").services
    messages = read(SHIPPED).message

    assert len(messages) >= 4
    assert {message.pictogram for message in messages} <= {"", *services}


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [("after_s = 60", "after_s = 0", "after_s"), ("each_s = 9", 'each_s = "slow"', "each_s"),
     ("pictogram =", "picture =", "message[0].picture"),
     ('id = "Tidak hafal NIK?', f'id = "{"x" * 120}', "message[4].text")],
)  # fmt: skip
def test_a_bad_edit_is_refused_with_line_and_reason(old, new, field):
    with pytest.raises(SettingsError, match=r"line [0-9]+: ") as refused:
        read(SHIPPED.replace(old, new, 1))

    assert refused.value.field == field


def test_an_office_without_messages_may_say_nothing():
    assert read("").message == ()
