"""Asks central to know this kiosk, until a person there has typed its code."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from agent.uplink.answers import Answer, Failure, Meaning, Traffic, problem_code
from agent.uplink.https import Central
from agent.uplink.trust import Trust
from agent.wire import pairing as wire_pairing

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey


class Paired(msgspec.Struct, frozen=True):
    """Central's word: this kiosk, and the key list."""

    kiosk: str
    keys: str


def ask(
    central: Central, trust: Trust, key: OKPKey, office: str, paid: Callable[[Traffic], object]
) -> tuple[str, Meaning]:
    """One request to be paired: `paired`, `pending`, empty when central did not answer; and what the link was like.

    Paired is believed only with a key list that the pinned root signed. `paid` hears what the request cost.
    """
    reply = central.post_pairing(wire_pairing.sign(office, key))
    paid(reply.traffic)
    if isinstance(reply, Failure):
        return "", Meaning(link=reply.link, evidence=reply.evidence)
    if reply.status == 202 and reply.media == "application/json":
        return "pending", Meaning()  # who still has to type the code is told by the pairing's own state, not the link's
    if reply.status == 200 and is_paired(reply, trust, key):
        return "paired", Meaning()
    evidence = f"HTTP {reply.status} {problem_code(reply)}".strip()
    if reply.status < 400:
        return "", Meaning(link="captive-portal", evidence=evidence)
    down = reply.status >= 500 or reply.status == 429
    return "", Meaning(
        link="server-down" if down else "server-refuses", evidence=evidence, retry_after_s=reply.retry_after_s
    )


def is_paired(reply: Answer, trust: Trust, key: OKPKey) -> bool:
    """Whether an answer names this key and brings a list that the pinned root signed."""
    try:
        paired = msgspec.json.decode(reply.body, type=Paired)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    trust.accept(paired.keys)
    return paired.kiosk == key.thumbprint() and trust.keys().number > 0
