"""Where files of kiosks that asked to be paired wait for a person, within bounds that no stranger can burst.

What lies here is a copy: nothing leaves a stick or a bucket, nor a kiosk, before a receipt. So what
has no room, or nobody asked for, may simply stay where it came from.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from agent.domain.custody import CARRIERS, STICK, Carrier
from agent.folder import Folder
from agent.wire import names
from central.settings import CentralSettings

QUARANTINE: Final = "quarantine"
MOST_KEYS: Final = 256  # anyone may ask to be paired with any number of keys
MOST_OF_ONE: Final = 64 * 1024 * 1024  # bytes: 512 files at the largest size that kiosks write
MOST_BYTES: Final = 1024 * 1024 * 1024  # of all keys together


class Quarantine:
    """The waiting files, by key and by the carrier that brought them; `sizes` holds the bytes of each key."""

    def __init__(self, place: Path, sizes: dict[str, int]) -> None:
        self.place = place
        self.sizes = sizes

    def keep(self, thumbprint: str, file: bytes, carrier: Carrier) -> bool:
        """Keep a file that came by `carrier`; False where there is no room. Raises Unreachable."""
        name = names.batch_name(file)
        if any((box.path / name).exists() for _, box in self.boxes(thumbprint)):
            return True
        if not self.has_room(thumbprint, len(file)):
            return False
        place = folder_of(self.place / thumbprint, carrier)
        place.mkdir(parents=True, exist_ok=True, mode=0o700)
        Folder(place).put(name, file)
        self.sizes[thumbprint] = self.sizes.get(thumbprint, 0) + len(file)
        return True

    def has_room(self, thumbprint: str, size: int) -> bool:
        """Whether so many bytes more of a key stay within all three bounds."""
        if thumbprint not in self.sizes and len(self.sizes) >= MOST_KEYS:
            return False
        return self.sizes.get(thumbprint, 0) + size <= MOST_OF_ONE and sum(self.sizes.values()) + size <= MOST_BYTES

    def boxes(self, thumbprint: str) -> list[tuple[Carrier, Folder]]:
        """The folders in which files of a key wait, each with the carrier that brought them."""
        found = [(carrier, folder_of(self.place / thumbprint, carrier)) for carrier in CARRIERS]
        return [(carrier, Folder(path)) for carrier, path in found if path.is_dir()]

    def forget(self, thumbprint: str) -> None:
        """Delete what waits of a key that is not going to be approved."""
        for _, box in self.boxes(thumbprint):
            for name in box.names(".rekam"):
                box.delete(name)

    def tidy(self, thumbprint: str) -> None:
        """Remove a key's drafts and empty folders, and count what is left."""
        for _, box in reversed(self.boxes(thumbprint)):
            box.clear_drafts()
            if not any(box.path.iterdir()):
                box.path.rmdir()
        self.sizes.pop(thumbprint)
        if (left := self.place / thumbprint).is_dir():
            self.sizes[thumbprint] = size_of(left)


def folder_of(place: Path, carrier: Carrier) -> Path:
    """The folder of a carrier; what came by stick lies in the key's own."""
    return place if carrier == STICK else place / carrier


def quarantine(settings: CentralSettings) -> Quarantine:
    """The quarantine beside a receiver's data, counted."""
    place = settings.home / settings.store.data / QUARANTINE
    return Quarantine(place, sizes_in(place))


def sizes_in(place: Path) -> dict[str, int]:
    """Key → bytes that wait of it."""
    return {each.name: size_of(each) for each in place.iterdir() if each.is_dir()} if place.is_dir() else {}


def size_of(place: Path) -> int:
    """Bytes of the batch files in a folder and those within it."""
    return sum(file.stat().st_size for file in place.rglob("*.rekam"))
