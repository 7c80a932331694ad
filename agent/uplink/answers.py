"""What an HTTP answer means. A status line by itself only delays: anybody on the way can send one."""

from __future__ import annotations

from typing import Literal

import msgspec

from agent.wire.receipt import MEDIA_TYPE

LinkState = Literal[
    "no-interface", "no-address", "no-dns", "captive-portal", "clock-wrong", "tls-untrusted", "server-refuses",
    "server-down", "proxy-truncates", "slow", "good",
]  # fmt: skip


class Answer(msgspec.Struct, frozen=True):
    """An HTTP answer: status, media type, body, and Retry-After in seconds where it was sent."""

    status: int
    media: str
    body: bytes
    retry_after_s: float | None = None
    etag: str = ""


class Failure(msgspec.Struct, frozen=True):
    """No answer at all: the link's state and a technician's evidence for it."""

    link: LinkState
    evidence: str


Reply = Answer | Failure


class Meaning(msgspec.Struct, frozen=True):
    """What to do: believe a `token`, make batches smaller, ask to be paired, or only wait."""

    token: str = ""
    smaller: bool = False
    unknown_kiosk: bool = False
    stale: bool = False
    link: LinkState = "good"
    evidence: str = ""
    retry_after_s: float | None = None


def meaning(reply: Reply) -> Meaning:
    """What a reply to a batch or a question for a receipt means, before any signature is checked."""
    if isinstance(reply, Failure):
        return Meaning(smaller=True, link=reply.link, evidence=reply.evidence)
    if reply.media == MEDIA_TYPE and reply.status in (200, 201, 403, 409):
        return Meaning(token=reply.body.decode("ascii", "replace").strip())
    return refusal(reply, problem_code(reply))


def refusal(answer: Answer, code: str) -> Meaning:
    """What an answer without a receipt means."""
    evidence = f"HTTP {answer.status} {code}".strip()
    if answer.status in (413, 422):
        return Meaning(smaller=True, link="server-refuses", evidence=evidence)
    if answer.status == 401 and code == "unknown-kiosk":
        return Meaning(unknown_kiosk=True, link="server-refuses", evidence=evidence)
    if answer.status == 401 and code == "stale":
        return Meaning(stale=True, link="good", evidence=evidence)
    if answer.status >= 500 or answer.status == 429:
        return Meaning(link="server-down", evidence=evidence, retry_after_s=answer.retry_after_s)
    if answer.status < 400:
        return Meaning(link="captive-portal", evidence=f"{evidence} {answer.media}, no receipt")
    return Meaning(link="server-refuses", evidence=evidence, retry_after_s=answer.retry_after_s)


def problem_code(answer: Answer) -> str:
    """The `code` of an RFC 9457 problem; empty when the answer is none."""
    if answer.media != "application/problem+json":
        return ""
    try:
        code = msgspec.json.decode(answer.body, type=dict[str, object]).get("code", "")
    except msgspec.DecodeError:
        return ""
    return code if isinstance(code, str) else ""
