"""What an office's own files say and central may say instead, read again whenever central said something new."""

from __future__ import annotations

from datetime import date
from functools import cache, cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from agent.domain import sent_settings
from agent.domain.elections import Elections
from agent.domain.sent_settings import NOTHING, FromCentral, Notice
from agent.domain.targets import Targets
from agent.errors import BadData, SettingsError
from agent.wire import base64url

if TYPE_CHECKING:
    from agent.settings import HoursSettings, KioskSettings
    from agent.wire.settings import Version

FILE: Final = "data/settings.jws"
NONE_YET: Final = (0, 0)


class Sent(msgspec.Struct, frozen=True):
    """The settings that this office applied: their version, (0, 0) before the first."""

    version: Version = NONE_YET
    settings: FromCentral = NOTHING


class Published:
    """Hours, elections, targets, offices nearby and notices of one office, as its files and central have them."""

    def __init__(self, settings: KioskSettings, elections: Elections, targets: Targets) -> None:
        self.settings = settings
        self.own_elections = elections
        self.own_targets = targets

    @cached_property
    def _file(self) -> Path:
        return self.settings.home / FILE

    def sent(self) -> Sent:
        """What central sent last; it was verified before it was kept."""
        return read_kept(self._file, self._file.stat().st_mtime_ns if self._file.exists() else 0)

    @property
    def hours(self) -> HoursSettings:
        """When the office serves people: its own hours, and the holidays of both."""
        own, sent = self.settings.hours, self.sent().settings.holidays or ()
        more = tuple(each.date for each in sent if each.is_for(self.settings.office.code))
        return msgspec.structs.replace(own, holidays=(*own.holidays, *more)) if more else own

    @property
    def elections(self) -> Elections:
        """Days of voting; central's list counts instead of the office's."""
        sent = self.sent().settings.elections
        return self.own_elections if sent is None else Elections(election=sent)

    @property
    def targets(self) -> Targets:
        """What the office is measured against; central's list counts instead of the office's."""
        sent = self.sent().settings.targets
        return self.own_targets if sent is None else Targets(target=sent)

    @property
    def nearest(self) -> tuple[str, ...]:
        """Offices nearby that can record, as people should read them, the nearest first."""
        own = self.settings.office
        sent = tuple(str(each) for each in self.sent().settings.nearest or () if each.is_for(own.code))
        return sent or own.nearest

    def told(self, today: date) -> tuple[Notice, ...]:
        """Central's words for people at this kiosk on a local date."""
        sent = self.sent().settings.notices or ()
        return tuple(
            each for each in sent if each.is_for(self.settings.office.code) and (not each.until or today <= each.until)
        )


@cache
def read_kept(file: Path, changed: int) -> Sent:
    """The settings in a file of ours; nothing where it is missing or damaged, so that they are fetched again."""
    if not changed:
        return Sent()
    try:
        payload = base64url.decode(file.read_text("ascii").split(".")[1], field="settings")
        found = msgspec.json.decode(payload)
        return Sent((found["version"][0], found["version"][1]), sent_settings.checked(found["settings"]))
    except (OSError, ValueError, IndexError, KeyError, TypeError, BadData, SettingsError):
        return Sent()
