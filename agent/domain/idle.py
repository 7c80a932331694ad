"""What the citizen's screen says while nobody touches it: idle.toml as typed values."""

from __future__ import annotations

from typing import Final

import msgspec

from agent.domain.services import Text
from agent.settings_values import Positive, Words, contradiction

LONGEST: Final = 120  # letters; whoever walks past reads no more


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """One message, with the picture of a service beside it or none."""

    text: Text
    pictogram: str = ""
    source: Words

    def __post_init__(self) -> None:
        if max(len(self.text.id), len(self.text.en)) > LONGEST:
            raise contradiction("text", f"must have at most {LONGEST} letters: people read it in passing")


class Idle(msgspec.Struct, frozen=True, kw_only=True):
    """All of idle.toml; times in seconds."""

    after_s: Positive = 60
    each_s: Positive = 9
    message: tuple[Message, ...] = ()
