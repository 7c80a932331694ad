"""Opens the data that ships with Rekam, wherever the package lies; knows nothing of its meaning."""

from __future__ import annotations

import lzma
from collections.abc import Iterator
from importlib.resources import files
from io import TextIOWrapper

REGIONS = "regions/all.csv.xz"
KECAMATAN_EVER = "regions/kecamatan_ever.csv.xz"


def shipped(name: str) -> bytes:
    """A data file of this package as it stands; `name` such as `services.toml`."""
    return files(__package__).joinpath(name).read_bytes()


def shipped_lines(name: str) -> Iterator[str]:
    """The lines of an xz-compressed text, unpacked as they are read, without their line ends."""
    with files(__package__).joinpath(name).open("rb") as packed, lzma.open(packed) as plain:
        for line in TextIOWrapper(plain, encoding="utf-8"):
            yield line.rstrip("\n")
