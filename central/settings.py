"""central.toml: what the operator of a receiver may decide, read once, checked whole, frozen.

`config/central.toml` in the package explains each setting; a test holds the two together.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec

from agent.settings_objects import BucketSettings
from agent.settings_values import Address, Count, Listen, Positive, WebUrl, Words, at_least, contradiction, string
from agent.toml_file import read_toml

KB: Final = 1024
SMALLEST_BATCH_LIMIT: Final = 64 * KB  # the contract: a kiosk may count on batches of 64 kB being taken
POSTGRES: Final = ("postgresql", "postgres")


def database_url(raw: object) -> str:
    """`sqlite:///PATH` (three slashes: relative to the file's directory) or `postgresql://…`.

    The reason never repeats the text: it may hold a password.
    """
    text = string(raw)
    try:
        parts = urlsplit(text)
    except ValueError:
        parts = urlsplit("")
    is_sqlite = parts.scheme == "sqlite" and not parts.netloc and len(parts.path) > 1
    is_postgres = parts.scheme in POSTGRES and len(parts.path) > 1
    if not is_sqlite and not is_postgres:
        raise ValueError('must be "sqlite:///data/central.db" or "postgresql://user@host/database"')
    return text


class ServerSettings(msgspec.Struct, frozen=True, kw_only=True):
    """Where central listens and how kiosks reach it."""

    listen: Listen = Address("127.0.0.1", 8090)
    public_url: WebUrl | None = None
    threads: Positive = 8
    max_batch_bytes: Annotated[int, at_least(SMALLEST_BATCH_LIMIT)] = 1024 * KB
    batches_per_second: Count = 100


class CentralStore(msgspec.Struct, frozen=True, kw_only=True):
    """Where the lines are kept."""

    database_url: Annotated[str, database_url] = "sqlite:///data/central.db"
    data: Words = "data"


class SecretFiles(msgspec.Struct, frozen=True, kw_only=True):
    """Files that only central's user may read; paths start at the directory of central.toml."""

    admin_token: Words = "admin.token"
    receipt_key: Words = "keys/receipt.jwk"
    settings_key: Words = "keys/settings.jwk"
    key_list: Words = "keys/keylist.jws"

    def __post_init__(self) -> None:
        if self.receipt_key == self.settings_key:
            raise contradiction("settings_key", "must not be the file of receipt_key: each key has one use")


class CentralSettings(msgspec.Struct, frozen=True, kw_only=True):
    """All of central.toml, and `home`, the absolute directory that holds it."""

    home: Path
    server: ServerSettings = ServerSettings()
    store: CentralStore = CentralStore()
    files: SecretFiles = SecretFiles()
    objects: BucketSettings = BucketSettings()

    @property
    def database(self) -> str:
        """`database_url` with the path of SQLite made absolute."""
        scheme, _, path = self.store.database_url.partition(":///")
        return f"{scheme}:///{self.home / path}" if scheme == "sqlite" else self.store.database_url

    @property
    def url(self) -> str:
        """What an invitation tells a kiosk; plain HTTP on this machine until `public_url` is set."""
        return self.server.public_url or f"http://{self.server.listen}"


def load_central(path: Path) -> CentralSettings:
    """The settings in `path`; raises SettingsError that names the file and the first bad key."""
    return read_toml(path, CentralSettings, home=path.absolute().parent)
