"""What an HTTP answer means. A status line by itself only delays: anybody on the way can send one."""

from __future__ import annotations

from typing import Final

import msgspec

from agent.domain.link import LinkState
from agent.wire.receipt import MEDIA_TYPE

MOST_HEAD: Final = 16 * 1024
MOST_ANSWER: Final = 512 * 1024  # a portal's page must not fill the memory
MOST_HEARD: Final = MOST_HEAD + 2 * MOST_ANSWER  # chunks and trailers come with a body, and need no end of their own
SUSPENDED: Final = "suspended"  # a person at central stopped this kiosk: it is there, and says no


class Traffic(msgspec.Struct, frozen=True):
    """What an exchange moved: acknowledged bytes in so many seconds, round trip, IP bytes both ways.

    `arrived`: every byte of the request was acknowledged, so central may have it though no answer came.
    `segments` with data went out, and `again` were repeats.
    """

    acked: int = 0
    seconds: float = 0.0
    rtt_s: float = 0.0
    wire: int = 0
    arrived: bool = False
    segments: int = 0
    again: int = 0


class Answer(msgspec.Struct, frozen=True):
    """An HTTP answer: status, media type, body, Retry-After in seconds and the Date header where they were sent."""

    status: int
    media: str
    body: bytes
    retry_after_s: float | None = None
    link: LinkState = "good"
    traffic: Traffic = Traffic()
    date: str = ""


class Failure(msgspec.Struct, frozen=True):
    """No answer at all: the link's state and a technician's evidence for it."""

    link: LinkState
    evidence: str
    traffic: Traffic = Traffic()


Reply = Answer | Failure


class Meaning(msgspec.Struct, frozen=True):
    """What to do: believe a `token`, make batches `smaller` (at most `limit` bytes), ask to be paired, or only wait."""

    token: str = ""
    smaller: bool = False
    limit: int | None = None
    unknown_kiosk: bool = False
    stale: bool = False
    link: LinkState = "good"
    evidence: str = ""
    retry_after_s: float | None = None


def meaning(reply: Reply) -> Meaning:
    """What a reply to a batch or a question for a receipt means, before any signature is checked."""
    if isinstance(reply, Failure):
        return Meaning(link=reply.link, evidence=reply.evidence)
    if reply.media == MEDIA_TYPE and reply.status in (200, 201, 403, 409):
        token = reply.body.decode("ascii", "replace").strip()
        if token:
            return Meaning(token=token, link=reply.link, retry_after_s=reply.retry_after_s)
    return refusal(reply, problem(reply))


def refusal(answer: Answer, said: Problem) -> Meaning:
    """What an answer without a receipt means. The kiosk checks what it signs: `malformed` was damaged on the way.

    Any other 422 is about what the batch says (`unsupported`: a kiosk newer than central), not about its size.
    """
    evidence = f"HTTP {answer.status} {said.code}".strip()
    if answer.status == 413:
        return Meaning(smaller=True, limit=said.limit, link="server-refuses", evidence=evidence)
    if answer.status == 422 and said.code == "malformed":
        return Meaning(smaller=True, link="proxy-truncates", evidence=evidence)
    if answer.status == 401 and said.code in ("unknown-kiosk", "stale"):
        if said.code == "stale":
            return Meaning(stale=True)  # central knows us, so the link is good
        return Meaning(unknown_kiosk=True, link="server-refuses", evidence=evidence)
    state = "server-refuses" if said.code == SUSPENDED else state_of(answer)
    return Meaning(link=state, evidence=told(answer, evidence), retry_after_s=answer.retry_after_s)


def state_of(answer: Answer) -> LinkState:
    """The link's state that a status without a receipt shows."""
    if answer.status in (407, 511):
        return "captive-portal" if answer.status == 511 else "server-refuses"
    if answer.status >= 500 or answer.status == 429:
        return "server-down"
    return "captive-portal" if answer.status < 400 else "server-refuses"


def told(answer: Answer, evidence: str) -> str:
    """The evidence, with what a success that is none came as."""
    return f"{evidence} {answer.media}, no receipt" if answer.status < 400 else evidence


class Problem(msgspec.Struct, frozen=True):
    """What we read of an RFC 9457 problem."""

    code: str = ""
    limit: int | None = None


def problem(answer: Answer) -> Problem:
    """The problem in an answer; an empty one when there is none."""
    if answer.media != "application/problem+json":
        return Problem()
    try:
        return msgspec.json.decode(answer.body, type=Problem)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return Problem()


def problem_code(answer: Answer) -> str:
    """The `code` of an RFC 9457 problem; empty when the answer is none."""
    return problem(answer).code
