"""One office: its settings, services and villages, read once and handed to every action."""

from __future__ import annotations

from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from agent.clock import Clock, local
from agent.domain.elections import Elections
from agent.domain.idle import Idle
from agent.domain.nik import Nik, NikFault, read_nik
from agent.domain.regions import OfficeRegions
from agent.domain.services import Service, Services
from agent.domain.stock import StockRules
from agent.domain.targets import Targets
from agent.domain.training import INVENTED
from agent.domain.waiting_line import Rules
from agent.errors import BadData, UsageError
from agent.office_files import (
    ELECTIONS,
    IDLE,
    REGIONS,
    SERVICES,
    STOCK,
    TARGETS,
    known_kecamatan,
    load_elections,
    load_idle,
    load_regions,
    load_services,
    load_stock,
    load_targets,
)
from agent.published import Published
from agent.settings import KioskSettings, load_kiosk
from agent.version import BUILD_DATE

if TYPE_CHECKING:
    from agent.wire.keys import KeyList

NO_ELECTIONS = Elections()
NO_STOCK = StockRules(items={})
NO_TARGETS = Targets()
NO_MESSAGES = Idle()
OUTSIDE = "outside"
UNKNOWN = "unknown"


class Office(Published):
    """What an office is and offers; only what central sends changes while it runs."""

    def __init__(
        self,
        settings: KioskSettings,
        offer: Services,
        regions: OfficeRegions,
        elections: Elections = NO_ELECTIONS,
        stock: StockRules = NO_STOCK,
        targets: Targets = NO_TARGETS,
        idle: Idle = NO_MESSAGES,
    ) -> None:
        super().__init__(settings, elections, targets)
        self.offer = offer
        self.regions = regions
        self.stock = stock
        self.idle = idle

    @property
    def services(self) -> dict[str, Service]:
        """The services by id, in their order on the screen."""
        return self.offer.services

    @property
    def code(self) -> str:
        """The kecamatan's code, PP.KK.CC."""
        return self.settings.office.code

    @property
    def zone(self) -> str:
        """The office's IANA time zone."""
        return self.settings.office.zone

    @property
    def prints(self) -> bool:
        """Whether there is a ticket printer that the agent prints on."""
        return self.settings.printer.kind not in ("none", "browser")

    def keys(self) -> KeyList | None:
        """The newest key list on disk, read again when the file changed."""
        from agent.key_file import KEY_LIST

        file = self.settings.home / KEY_LIST
        changed = file.stat().st_mtime_ns if file.exists() else 0
        return _keys(self.settings.home, self.settings.central.root, changed)

    @property
    def line_rules(self) -> Rules:
        """How people are called."""
        rules = self.settings.line
        return Rules(ratio=rules.priority_ratio, absent_after=rules.absent_after, most_calls=rules.most_calls)

    def service_name(self, service: str) -> str:
        """Its name in Indonesian; its id where it was taken out of services.toml while somebody waited for it."""
        return self.services[service].name.id if service in self.services else service

    def check_service(self, service: str) -> Service:
        """The service of that name; raises BadData `unknown-service`."""
        if service not in self.services:
            raise BadData("unknown-service", f"a service is one of {', '.join(self.services)}", field="service")
        return self.services[service]

    def check_request(self, service: str, village: str) -> Service:
        """The service asked for; raises BadData `unknown-service` or `unknown-village`."""
        self.check_service(service)
        if village not in (OUTSIDE, UNKNOWN) and self.regions.village(village) is None:
            raise BadData(
                "unknown-village", "a village of this office by its code, outside, or unknown", field="village"
            )
        return self.services[service]

    def check_nik(self, text: str | None, clock: Clock) -> Nik | None:
        """The NIK in `text`; raises BadData `nik-format`, `nik-date`, `nik-region`, `nik-province` or `nik-serial`."""
        if not text:
            return None
        known = INVENTED if self.settings.training.on else known_kecamatan()  # a training takes nobody's real NIK
        found = read_nik(text, believed_date(clock, self.zone), known)
        if isinstance(found, NikFault):
            raise BadData(f"nik-{found.why}", f"this is not a NIK: check its {found.why}", field="nik")
        return found


def believed_date(clock: Clock, zone: str) -> date:
    """Today by the office's clock, never before this program was made: a dead clock would turn ages around."""
    return max(local(clock.wall_ms(), zone).date(), BUILD_DATE)


@cache
def _keys(home: Path, root: str, _changed: int) -> KeyList | None:
    from agent.key_file import key_list

    return key_list(home, root)


def load_office(config: Path) -> Office:
    """The office whose settings are in `config`; raises SettingsError for the first bad key."""
    settings = load_kiosk(config)
    regions = load_regions(settings.home / REGIONS, settings.office.code)
    elections = load_elections(settings.home / ELECTIONS)
    stock = load_stock(settings.home / STOCK)
    targets = load_targets(settings.home / TARGETS)
    idle = load_idle(settings.home / IDLE)
    return Office(settings, load_services(settings.home / SERVICES), regions, elections, stock, targets, idle)


def check_real(settings: KioskSettings) -> None:
    """Raises UsageError `training` for a training office, of which nothing leaves the machine."""
    if settings.training.on:
        raise UsageError("training", "this is a training office; name the real office's kiosk.toml", field="config")
