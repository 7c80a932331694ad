"""Object storage as a carrier: where, with which key, how often. Kiosks and central read the same words."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated, Final
from urllib.parse import urlsplit

import msgspec

from agent.settings_values import Every, Words, contradiction, string, web_url

_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\Z")
_PREFIX: Final = re.compile(r"([A-Za-z0-9._-]{1,100}/){0,8}\Z")
_REGION: Final = re.compile(r"[a-z0-9-]{1,40}\Z")
NAME: Final = "{name}"


def optional_url(raw: object) -> str:
    """A web address, or nothing."""
    return web_url(raw) if string(raw) else ""


def template(raw: object) -> str:
    """A web address with `{name}` in its path, or nothing. The reason never repeats it: it may hold a signature."""
    text = string(raw)
    parts = urlsplit(text)
    fine = parts.scheme in ("http", "https") and parts.hostname and NAME in parts.path and not parts.fragment
    if text and not (fine and text.isascii() and text.isprintable() and " " not in text):
        raise ValueError('must be a web address with {name} in its path, such as "https://host/folder/{name}?key"')
    return text


def matching(pattern: re.Pattern[str], example: str) -> object:
    """A check for text of a form, or nothing."""

    def check(raw: object) -> str:
        text = string(raw)
        if text and not pattern.match(text):
            raise ValueError(f'must look like "{example}", and not "{text}"')
        return text

    return check


class BucketSettings(msgspec.Struct, frozen=True, kw_only=True):
    """A bucket of object storage and the key to it; off while no endpoint is set."""

    endpoint: Annotated[str, optional_url] = ""
    bucket: Annotated[str, matching(_BUCKET, "rekam-64")] = ""
    prefix: Annotated[str, matching(_PREFIX, "kutai-kartanegara/")] = ""
    region: Annotated[str, matching(_REGION, "us-east-1")] = "us-east-1"
    credentials: Words = "keys/objects.key"

    def __post_init__(self) -> None:
        if bool(self.endpoint) != bool(self.bucket):
            raise contradiction("bucket", "endpoint and bucket belong together: set both or neither")

    @property
    def is_on(self) -> bool:
        """Whether a bucket is set up."""
        return bool(self.endpoint)

    @property
    def server(self) -> str:
        """Scheme, host and port of the server."""
        return server_of(self.endpoint)


class ObjectStorage(BucketSettings, frozen=True, kw_only=True):
    """The office's side: a bucket by key, or URLs that somebody presigned; how often it is looked at."""

    write_url: Annotated[str, template] = ""
    read_url: Annotated[str, template] = ""
    every: Every = timedelta(hours=1)

    def __post_init__(self) -> None:
        super().__post_init__()
        if bool(self.write_url) != bool(self.read_url):
            raise contradiction("read_url", "write_url and read_url belong together: set both or neither")
        if self.endpoint and self.write_url:
            raise contradiction("write_url", "choose one: a bucket by key, or URLs that somebody presigned")
        if server_of(self.write_url) != server_of(self.read_url):
            raise contradiction("read_url", "must lead to the same server as write_url")

    @property
    def is_on(self) -> bool:
        """Whether anything is set up."""
        return bool(self.endpoint or self.write_url)

    @property
    def server(self) -> str:
        """Scheme, host and port of the server."""
        return server_of(self.endpoint or self.write_url)


def server_of(url: str) -> str:
    """Scheme, host and port of a web address."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
