from __future__ import annotations

import msgspec
import pytest

from agent.errors import SettingsError
from agent.toml_file import line_of, parse_toml, read_toml


class Sample(msgspec.Struct, frozen=True, kw_only=True):
    """Every kind of field that a settings file may have."""

    share: float = 0.5
    tags: tuple[str, ...] = ()
    by_name: dict[str, int] = {}
    maybe: int | None = None


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("share = 'x'", "share"),
        ("tags = ['a', 1]", "tags[1]"),
        ("by_name = {a = 'x'}", "by_name.a"),
        ("maybe = 'x'", "maybe"),
    ],
)
def test_a_wrong_type_is_named_wherever_it_stands(text, field):
    with pytest.raises(SettingsError) as caught:
        parse_toml(text, Sample, file="sample.toml")

    assert (caught.value.file, caught.value.field) == ("sample.toml", field)


def test_right_types_arrive_as_they_are(tmp_path):
    file = tmp_path / "sample.toml"
    file.write_text("share = 1\ntags = ['a']\nby_name = {a = 1}\nmaybe = 3\n")

    assert read_toml(file, Sample) == Sample(share=1.0, tags=("a",), by_name={"a": 1}, maybe=3)


def test_the_line_of_a_key_in_a_list_of_tables_is_its_own():
    text = '[[election]]\nname = "a"\n\n[[election]]\n"name" = "b"\n'

    assert line_of(text, ("election[1]", "name")) == 5
    assert line_of(text, ("election[1]", "voting_date")) == 4


def test_the_line_of_a_key_that_cannot_be_found_is_that_of_its_table():
    text = "[a]\n[a.b]\nc = 1\n"

    assert line_of(text, ("a", "b", "d")) == 2
    assert line_of(text, ("z",)) is None
