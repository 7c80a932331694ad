"""Signs settings for the kiosks and puts them where the receiver serves them."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

from agent.domain import sent_settings
from agent.errors import BadData, SettingsError
from agent.wire import jose
from agent.wire import settings as wire
from central.files import OPEN, read_text, write_whole
from central.opening import SETTINGS_FILE, published_by, read_private
from central.settings import CentralSettings


def publish(settings: CentralSettings, file: Path) -> wire.Version:
    """Publish the TOML in `file` under the next version; raises SettingsError, BadData `too-large`.

    Nothing is published when anything is wrong.
    """
    found = read_settings(file)
    sent_settings.unknown(found, file=str(file))
    sent_settings.checked(found, file=str(file))
    published = published_by(settings)
    epoch, number = published.settings_version()
    version = (max(epoch, 1), number + 1)
    key = read_private(settings.home / settings.files.settings_key)
    token = wire.sign(version, found, key)
    if len(token) > jose.MAX_TOKEN:
        raise BadData("too-large", f"settings may have {jose.MAX_TOKEN} bytes when signed", file=str(file))
    wire.read(token, published.keys(), file=str(file))
    write_whole(settings.home / SETTINGS_FILE, token + "\n", OPEN)
    return version


def read_settings(file: Path) -> dict[str, Any]:
    """The tables in a TOML file, its dates as text; raises SettingsError."""
    try:
        return {name: plain(value) for name, value in tomllib.loads(read_text(file)).items()}
    except tomllib.TOMLDecodeError as fault:
        raise SettingsError("settings", f"this is not TOML: {fault}", file=str(file)) from fault


def plain(value: Any) -> Any:
    """A value that JSON has."""
    if isinstance(value, dict):
        return {name: plain(each) for name, each in value.items()}
    if isinstance(value, list):
        return [plain(each) for each in value]
    return value.isoformat() if isinstance(value, date | datetime | time) else value
