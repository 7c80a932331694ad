from __future__ import annotations

import json
import re
import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import SettingsError
from agent.settings import KioskSettings, load_kiosk
from agent.toml_file import MOST_BYTES, parse_toml
from central.settings import CentralSettings
from config import tables

ROOT = "PvCKlfL6Nq0jThU4gbRpDe4u4D7lSs3BqKEzeVVb6tI"
REQUIRED = f"""\
[office]
code = "64.02.05"
name = "Muara Badak"
regency = "Kabupaten Kutai Kartanegara"
province = "Kalimantan Timur"
zone = "Asia/Makassar"
[central]
url = "https://rekam.example.go.id"
root = "{ROOT}"
"""
EXAMPLES = {"kiosk.toml": KioskSettings, "central.toml": CentralSettings}
SETTING = re.compile(r"^#?([a-z_]+) = (.+)$")


def kiosk(tmp_path: Path, more: str = "", *, required: str = REQUIRED) -> KioskSettings:
    file = tmp_path / "kiosk.toml"
    file.write_text(required + more, "utf-8")
    return load_kiosk(file)


def refused(tmp_path: Path, more: str = "", *, required: str = REQUIRED) -> SettingsError:
    with pytest.raises(SettingsError) as caught:
        kiosk(tmp_path, more, required=required)
    assert caught.value.code == "settings"
    assert caught.value.file == str(tmp_path / "kiosk.toml")
    return caught.value


def uncommented(name: str) -> str:
    """An example with the settings that have no default switched on."""
    lines = tables.shipped(name).decode().splitlines()
    return "\n".join(line.removeprefix("#") if SETTING.match(line) else line for line in lines)


def settings_of(cls: type, at: str = "") -> dict[str, Any]:
    """Every setting of a struct by its dotted name, with its default."""
    found: dict[str, Any] = {}
    for field in msgspec.structs.fields(cls):
        if isinstance(field.type, type) and issubclass(field.type, msgspec.Struct):
            found |= settings_of(field.type, f"{at}{field.name}.")
        elif field.name != "home":
            found[at + field.name] = field.default
    return found


def flat(table: dict[str, Any], at: str = "") -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in table.items():
        found |= flat(value, f"{at}{name}.") if isinstance(value, dict) else {at + name: value}
    return found


def attribute(settings: object, name: str) -> object:
    for part in name.split("."):
        settings = getattr(settings, part)
    return settings


def test_office_and_central_are_enough(tmp_path):
    settings = kiosk(tmp_path)

    assert settings.office.name == "Muara Badak"
    assert settings.central.root == ROOT
    assert settings.home == tmp_path


def test_the_defaults_are_the_promised_ones(tmp_path):
    settings = kiosk(tmp_path)

    assert settings.store.retention_days == 90
    assert (str(settings.web.citizen), str(settings.web.staff)) == ("127.0.0.1:8080", "127.0.0.1:8081")
    assert (settings.upload.every, settings.upload.heartbeat) == (timedelta(minutes=5), timedelta(minutes=15))
    assert (settings.upload.windows, settings.upload.daily_bytes) == ((), 0)
    assert (settings.health.every, settings.health.summary) == (timedelta(seconds=60), timedelta(minutes=15))
    assert settings.privacy.subject == "sealed"


def test_home_is_absolute_whatever_path_was_given(tmp_path, monkeypatch):
    kiosk(tmp_path)
    monkeypatch.chdir(tmp_path)

    assert load_kiosk(Path("kiosk.toml")).home == tmp_path


def test_settings_cannot_be_changed_after_they_were_read(tmp_path):
    with pytest.raises(AttributeError):
        kiosk(tmp_path).store.retention_days = 1


@pytest.mark.parametrize(("name", "cls"), EXAMPLES.items())
def test_an_example_names_every_setting_and_no_other(name, cls):
    assert flat(tomllib.loads(uncommented(name))).keys() == settings_of(cls).keys()


@pytest.mark.parametrize(("name", "cls"), EXAMPLES.items())
def test_an_example_is_a_file_that_loads_with_every_setting_on(name, cls):
    assert parse_toml(uncommented(name), cls, file=name, home=Path("/"))


@pytest.mark.parametrize(("name", "cls"), EXAMPLES.items())
def test_an_example_shows_each_default(name, cls):
    example = parse_toml(tables.shipped(name).decode(), cls, file=name, home=Path("/"))
    defaults = {key: value for key, value in settings_of(cls).items() if value is not msgspec.NODEFAULT}

    assert {key: attribute(example, key) for key in defaults} == defaults


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_has_words_before_each_setting_that_begin_with_its_default(name):
    lines = tables.shipped(name).decode().splitlines()
    bare = []
    for number, line in enumerate(lines):
        words = number
        while lines[words - 1].startswith("# "):
            words -= 1
        if SETTING.match(line) and not re.match(r"# (Default|Required)", lines[words]):
            bare.append(line)

    assert bare == []


WRONG = [
    ("[upload]\nevery = 5", "upload.every", "in quotes"),
    ('[upload]\nevery = "5"', "upload.every", '"5m"'),
    ('[upload]\nevery = "0m"', "upload.every", '"5m"'),
    ('[upload]\nevery = "-5m"', "upload.every", '"5m"'),
    ('[upload]\nevery = "5 minutes"', "upload.every", '"5m"'),
    ('[upload]\nevrey = "5m"', "upload.evrey", "known here: every"),
    ("[upload]\ndaily_bytes = -1", "upload.daily_bytes", "0 or more"),
    ("[upload]\ndaily_bytes = true", "upload.daily_bytes", "0 or more"),
    ("[upload]\ndaily_bytes = 1.5", "upload.daily_bytes", "0 or more"),
    ("[upload]\ndaily_bytes = 99999999999999999999", "upload.daily_bytes", "at most 1000000000000, and not 9999"),
    ('[upload]\nevery = "3661d"', "upload.every", 'at most 3660d, and not "3661d"'),
    ('[upload]\nwindows = "22:00-05:00"', "upload.windows", "a list"),
    ('[upload]\nwindows = ["22:00-05:00", "22-5"]', "upload.windows[1]", '"22:00-05:00"'),
    ('[upload]\nwindows = ["24:00-05:00"]', "upload.windows[0]", "two times"),
    ('[upload]\nwindows = ["05:00-05:00"]', "upload.windows[0]", "different times"),
    ("[upload]\nwindows = [5]", "upload.windows[0]", "two times|in quotes"),
    ("[store]\nretention_days = -90", "store.retention_days", "0 or more, and not -90"),
    ('[store]\nretention_days = "90"', "store.retention_days", "0 or more"),
    ('[web]\ncitizen = "8080"', "web.citizen", '"127.0.0.1:8080"'),
    ('[web]\ncitizen = "127.0.0.1:0"', "web.citizen", "1 to 65535"),
    ('[web]\ncitizen = "127.0.0.1:65536"', "web.citizen", "1 to 65535"),
    ('[web]\ncitizen = "127.0.0.1:http"', "web.citizen", "1 to 65535"),
    ('[web]\ncitizen = "::1:8080"', "web.citizen", "an address and a port"),
    ('[web]\ncitizen = "[::g]:8080"', "web.citizen", "an address and a port"),
    ('[web]\ncitizen = "two words:8080"', "web.citizen", "an address and a port"),
    ('[web]\ncitizen = "0.0.0.0:8080"', "web.citizen", "on this machine"),
    ('[web]\nstaff = "127.0.0.1:8080"', "web.staff", "differ from citizen"),
    ('[health]\nsummary = "30s"', "health.summary", "not be shorter"),
    ('[privacy]\nsubject = "plain"', "privacy.subject", '"sealed", "none"'),
    ("[privacy]\ncontact = 62541", "privacy.contact", "`str`"),
    ('[hours]\nopen = "8:00"', "hours.open", '"08:00"'),
    ('[hours]\nclose = "07:00"', "hours.close", "later than open"),
    ('[hours]\ndays = ["mon", "senin"]', "hours.days[1]", "one of"),
    ('[hours]\nholidays = ["2026-12-32"]', "hours.holidays[0]", "date"),
    ('[siak]\naddress = ""', "siak.address", "an address and a port"),
    ("[backup]\nkeep = 0", "backup.keep", "1 or more"),
    ("backup = 7", "central.backup", "no such setting"),
    ("[backups]\nkeep = 7", "backups", "no such setting"),
    ('[[siak]]\naddress = "127.0.0.1:1"', "siak", "a table"),
]


@pytest.mark.parametrize(("more", "field", "reason"), WRONG)
def test_a_bad_setting_is_named_with_its_reason(tmp_path, more, field, reason):
    fault = refused(tmp_path, more)

    assert fault.field == field
    assert re.search(reason, fault.sentence)


BAD_REQUIRED = [
    ('code = "64.02.05"', 'code = "640205"', "office.code", "64.02.05"),
    ('code = "64.02.05"', "code = 64.02", "office.code", "in quotes"),
    ('code = "64.02.05"\n', "", "office.code", "is missing"),
    ('name = "Muara Badak"', 'name = " "', "office.name", "not empty"),
    ('name = "Muara Badak"', 'name = "Muara\\nBadak"', "office.name", "one line"),
    ('zone = "Asia/Makassar"', 'zone = "WITA"', "office.zone", '"Asia/Makassar"'),
    ("https://rekam.example.go.id", "rekam.example.go.id", "central.url", "https://"),
    ("https://rekam.example.go.id", "ftp://rekam.example.go.id", "central.url", "https://"),
    ("https://rekam.example.go.id", "https://", "central.url", "https://"),
    ("https://rekam.example.go.id", "https://a:99999", "central.url", "https://"),
    ("https://rekam.example.go.id", "https://[::1", "central.url", "https://"),
    ("https://rekam.example.go.id", "https://user:pw@rekam.example.go.id", "central.url", "without user name"),
    ("https://rekam.example.go.id", "https://rekam.example.go.id/?a=1", "central.url", "without"),
    (ROOT, ROOT[:-1], "central.root", "43"),
    (ROOT, ROOT[:-1] + "+", "central.root", "43"),
    (ROOT, ROOT[:-1] + "J", "central.root", "compare"),
]


@pytest.mark.parametrize(("good", "bad", "field", "reason"), BAD_REQUIRED)
def test_a_bad_word_about_office_or_central_is_named(tmp_path, good, bad, field, reason):
    fault = refused(tmp_path, required=REQUIRED.replace(good, bad))

    assert fault.field == field
    assert reason in fault.sentence


def test_a_section_that_must_be_there_is_named(tmp_path):
    assert refused(tmp_path, required=REQUIRED.partition("[central]")[0]).field == "central"


def test_of_two_mistakes_the_first_in_the_file_is_named(tmp_path):
    fault = refused(tmp_path, '[health]\nevery = "x"\n[upload]\nevery = "y"\n')

    assert fault.field == "health.every"


def test_the_line_of_a_mistake_is_told(tmp_path):
    fault = refused(tmp_path, '[upload]\n# a comment\nevery = "x"\n')

    assert fault.sentence.startswith("line 12: ")


def test_the_error_is_one_line_for_stderr(tmp_path):
    text = str(refused(tmp_path, '[upload]\nevery = "x\\n"\n'))

    assert text.startswith(f"settings: {tmp_path}/kiosk.toml: upload.every: line 11: ")


def test_home_cannot_be_set_in_the_file(tmp_path):
    assert refused(tmp_path, required='home = "/"\n' + REQUIRED).field == "home"


def test_a_syntax_error_tells_its_line(tmp_path):
    assert "line 11" in refused(tmp_path, "[upload]\nevery = = 5\n").sentence


def test_a_file_that_is_not_utf8_tells_its_line(tmp_path):
    (tmp_path / "kiosk.toml").write_bytes(b"[office]\nname = '\xff'\n")

    with pytest.raises(SettingsError, match="line 2 is not UTF-8"):
        load_kiosk(tmp_path / "kiosk.toml")


def test_a_missing_file_and_a_directory_are_named(tmp_path):
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(SettingsError, match="cannot be read") as caught:
            load_kiosk(path)

        assert caught.value.file == str(path)


def test_a_huge_file_is_not_read_into_memory(tmp_path):
    (tmp_path / "kiosk.toml").write_bytes(b"#" * (MOST_BYTES + 1))

    with pytest.raises(SettingsError, match="larger"):
        load_kiosk(tmp_path / "kiosk.toml")


def test_a_long_value_is_cut_in_the_sentence(tmp_path):
    assert len(refused(tmp_path, f'[privacy]\nsubject = "{"x" * 5000}"').sentence) < 200


def test_dates_in_a_file_need_no_quotes(tmp_path):
    assert kiosk(tmp_path, "[hours]\nholidays = [2026-12-25]\n").hours.holidays == (date(2026, 12, 25),)


literals = (
    st.integers().map(str)
    | st.floats().map(str)
    | st.sampled_from(["true", "false", "[]", "{}", "08:00:00", "2026-12-25", '"5m"', '["22:00-05:00"]'])
    | st.text(st.characters(codec="utf-8", exclude_categories=("Cc",))).map(
        lambda text: json.dumps(text, ensure_ascii=False)
    )
)


def with_setting(name: str, literal: str) -> str:
    """A file in which one setting is that literal."""
    section, _, key = name.partition(".")
    text = REQUIRED if f"[{section}]\n" in REQUIRED else f"{REQUIRED}[{section}]\n"
    others = re.sub(rf"^{key} = .*\n", "", text, flags=re.MULTILINE)
    return others.replace(f"[{section}]\n", f"[{section}]\n{key} = {literal}\n")


def fault_of(text: str) -> SettingsError | None:
    try:
        parse_toml(text, KioskSettings, file="kiosk.toml", home=Path("/"))
    except SettingsError as fault:
        return fault
    return None


@given(st.sampled_from(sorted(settings_of(KioskSettings))), literals)
def test_any_value_is_taken_or_refused_by_name(name, literal):
    fault = fault_of(with_setting(name, literal))

    assert fault is None or fault.field.split("[")[0] in (name, "web.staff", "health.summary", "hours.close")
