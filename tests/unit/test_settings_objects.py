"""[objects] of kiosk.toml and central.toml: off, a bucket by key, or presigned addresses, and nothing in between."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from agent.errors import SettingsError
from agent.settings_objects import BucketSettings, ObjectStorage
from agent.toml_file import parse_toml

BY_KEY = 'endpoint = "https://s3.example.go.id/"\nbucket = "rekam-64"\n'
GIVEN = 'write_url = "https://h.example/in/{name}?sig=SECRET"\nread_url = "https://h.example/out/{name}?sig=SECRET"\n'


def read(text: str, kind=ObjectStorage):
    return parse_toml(text, kind, file="kiosk.toml")


def test_without_a_word_it_is_off():
    assert (read("").is_on, read("", BucketSettings).is_on) == (False, False)


def test_a_bucket_by_key():
    found = read(BY_KEY + 'prefix = "kukar/muara-badak/"\nevery = "15m"\n')

    assert (found.is_on, found.endpoint, found.server) == (True, "https://s3.example.go.id", "https://s3.example.go.id")
    assert found.every == timedelta(minutes=15)


def test_presigned_addresses():
    found = read(GIVEN)

    assert (found.is_on, found.server) == (True, "https://h.example")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('endpoint = "https://s3.example.go.id"', "bucket"),
        ('bucket = "rekam"', "bucket"),
        (GIVEN.splitlines()[0], "read_url"),
        (BY_KEY + GIVEN, "write_url"),
        (GIVEN.replace("h.example/out", "other.example/out"), "read_url"),
    ],
)
def test_what_does_not_go_together_is_refused_by_name(text, field):
    with pytest.raises(SettingsError) as caught:
        read(text)

    assert caught.value.field == field


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("endpoint", "ftp://x"), ("bucket", "Rekam"), ("bucket", "a/b"), ("prefix", "/kukar/"), ("prefix", "kukar"),
        ("prefix", "a//"), ("region", "us east"), ("write_url", "https://h/no-name"), ("read_url", "x/{name}"),
        ("write_url", "https://h/{name}#top"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_one_is_refused_by_name(key, value):
    with pytest.raises(SettingsError) as caught:
        read(f'{key} = "{value}"\n')

    assert caught.value.field == key


def test_a_signature_is_never_repeated_in_a_reason():
    with pytest.raises(SettingsError) as caught:
        read(GIVEN.replace("/in/{name}", "/in/"))

    assert "SECRET" not in str(caught.value)


def test_central_knows_no_presigned_addresses():
    with pytest.raises(SettingsError):
        read(GIVEN, BucketSettings)


def test_both_files_ship_with_it_switched_off():
    shipped = Path(__file__).parents[2] / "config"

    assert 'endpoint = ""' in (shipped / "kiosk.toml").read_text()
    assert 'endpoint = ""' in (shipped / "central.toml").read_text()
