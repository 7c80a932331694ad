"""Central in memory, written from the wire contract: it keeps lines, signs receipts and can be told to misbehave."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import msgspec
from joserfc.jwk import OKPKey

from agent.uplink.answers import Answer, Failure
from agent.wire import base64url, batch, jose, keys, line, pairing, receipt, settings
from agent.wire.batch import Batch, Claims, Seen
from agent.wire.kinds import Carried
from agent.wire.receipt import Held, Problem, Range, Receipt, Refused
from tests.fakes import MORNING

Identity = tuple[str, str, int]


class Stream:
    """What this central holds of one stream."""

    def __init__(self, ledger: str, stream: str) -> None:
        self.ledger, self.stream = ledger, stream
        self.lines: dict[int, bytes] = {}
        self.chains: dict[int, bytes] = {0: line.chain_start(ledger, stream)}
        self.lost: set[int] = set()
        self.refused: dict[int, str] = {}
        self.held = 0
        self.pair = Seen()

    def take(self, claims: Claims, sent: Batch | None) -> Problem | None:
        """Store what is new; the first number whose chain differs is a problem, and then nothing is stored."""
        if claims.seen > self.pair:
            self.pair = Seen(claims.seen.epoch + 1, 0)
        before = base64url.decode(claims.before, field="before")
        known = self.chains.get(claims.first - 1)
        if known is not None and known != before and (claims.count or claims.last <= self.held):
            return Problem("chain-mismatch", claims.first - 1)
        chains = sent.chains() if sent else []
        for at, chain in enumerate(chains, claims.first):
            if self.chains.get(at, chain) != chain:
                return Problem("chain-mismatch", at)
        self.store(claims, before, sent, chains)
        return None

    def store(self, claims: Claims, before: bytes, sent: Batch | None, chains: list[bytes]) -> None:
        ahead = claims.first - 1 > self.held
        if ahead and claims.first == claims.floor:  # what is missing below was pruned and will never come
            self.lost |= set(range(self.held + 1, claims.first)) - set(self.lines)
            self.chains[claims.first - 1] = before
            self.held = claims.first - 1
        for at, chain in enumerate(chains):
            self.lines[claims.first + at], self.chains[claims.first + at] = sent.lines[at], chain
        while self.held + 1 in self.lines:
            self.held += 1

    def above(self) -> list[Range]:
        """The ranges of lines above a gap."""
        numbers = sorted(n for n in self.lines if n > self.held)
        ends = [n for n in numbers if n + 1 not in self.lines]
        starts = [n for n in numbers if n - 1 not in self.lines]
        spans = zip(starts, ends, strict=True)
        return [Range(first, last, base64url.encode(self.chains[last])) for first, last in spans]


class FakeCentral:
    """The calls of agent.uplink.https.Central, answered in memory.

    `spoil` may turn each signed receipt into another, `lose` says of each answer whether it is lost
    on the way, `refuse` gives the code by which a line is refused.
    """

    def __init__(self, at: Callable[[], int] = lambda: MORNING) -> None:
        self.root, self.key, self.publisher = jose.new_key(), jose.new_key(), jose.new_key()
        self.published: str = ""
        self.version = (0, 0)
        self.seal = OKPKey.generate_key("X25519")
        self.number = 1
        self.at = at
        self.streams: dict[tuple[str, str], Stream] = {}
        self.s: dict[str, int] = {}
        self.subjects: dict[Identity, str] = {}
        self.files: list[bytes] = []
        self.approved: set[str] | None = None
        self.revoked: set[str] = set()
        self.lose: Callable[[], bool] = lambda: False
        self.spoil: Callable[[Receipt], Receipt] = lambda said: said
        self.refuse: Callable[[bytes], str] = lambda sent: ""

    def key_list(self) -> str:
        listed = [
            keys.listed(self.key, "receipt"),
            keys.listed(self.publisher, "settings"),
            keys.listed(self.seal, "seal", "2026-11"),
        ]
        return keys.sign(keys.KeyList(1, self.number, listed), self.root)

    def publish(self, version: tuple[int, int], sections: dict, key: OKPKey | None = None) -> str:
        """From now on receipts name these settings."""
        self.version, self.published = version, settings.sign(version, sections, key or self.publisher)
        return self.published

    def change_key(self) -> None:
        """From now on receipts are signed by another key, which only the newest list has."""
        self.key, self.number = jose.new_key(), self.number + 1

    def snapshot(self) -> tuple[Any, Any]:
        return copy.deepcopy((self.streams, self.s))

    def restore(self, snapshot: tuple[Any, Any]) -> None:
        """As from a backup: it forgets what it held since, and what it said."""
        self.streams, self.s = copy.deepcopy(snapshot)

    def post_batch(self, file: bytes) -> Answer | Failure:
        self.files.append(file)
        sent = batch.read(file)
        if self.approved is not None and sent.thumbprint not in self.approved:
            return self.problem(401, "unknown-kiosk")
        claims = sent.claims
        stream = self.streams.setdefault((claims.ledger, claims.stream), Stream(claims.ledger, claims.stream))
        held = stream.held
        problem = stream.take(claims, sent if claims.count else None)
        for row in [] if problem else sent.sealed:
            self.subjects[claims.ledger, claims.stream, row.n] = row.sealed
        self.refuse_lines(stream)
        if sent.thumbprint in self.revoked:
            problem = Problem("revoked")
        status = 403 if sent.thumbprint in self.revoked else 409 if problem else 201 if stream.held > held else 200
        answer = Answer(status, receipt.MEDIA_TYPE, self.said(stream, claims.s, problem).encode())
        return Failure("server-down", "the answer was lost") if self.lose() else answer

    def refuse_lines(self, stream: Stream) -> None:
        for n, sent in stream.lines.items():
            if code := self.refuse(sent):
                stream.refused[n] = code

    def said(self, stream: Stream, s: int, problem: Problem | None = None) -> str:
        """A signed receipt for what is held now."""
        stream.pair = Seen(stream.pair.epoch, stream.pair.seq + 1)
        self.s[stream.ledger] = max(s, self.s.get(stream.ledger, 0))
        told = Receipt(
            v=1,
            ledger=stream.ledger,
            stream=stream.stream,
            held=Held(stream.held, base64url.encode(stream.chains[stream.held])),
            also=stream.above()[:32],
            refused=[Refused(n, code) for n, code in sorted(stream.refused.items())][:100],
            refused_total=len(stream.refused),
            epoch=stream.pair.epoch,
            seq=stream.pair.seq,
            s=s,
            s_max=self.s[stream.ledger],
            at=self.at(),
            settings=self.version,
            keys=self.number,
            problem=problem,
        )
        return receipt.sign(self.spoil(told), self.key)

    def post_pairing(self, token: str) -> Answer | Failure:
        _, key = pairing.read(token)
        if self.approved is not None and key.thumbprint() not in self.approved:
            return Answer(202, "application/json", b'{"status":"pending"}')
        body = msgspec.json.encode({"kiosk": key.thumbprint(), "keys": self.key_list()})
        return Answer(200, "application/json", body)

    def get(self, path: str, heartbeat: str, etag: str = "") -> Answer | Failure:
        batch.read_bearer(heartbeat)
        text = {"/v1/keys": self.key_list(), "/v1/settings": self.published}.get(path)
        return Answer(200, receipt.MEDIA_TYPE, text.encode()) if text else self.problem(404, "not-found")

    def close(self) -> None:
        """Nothing is open."""

    def problem(self, status: int, code: str) -> Answer:
        return Answer(status, "application/problem+json", msgspec.json.encode({"status": status, "code": code}))

    def filed(self) -> dict[Identity, bytes]:
        """Every line under its first identity; a carried one whose place another line has, under its new."""
        direct, carried = [], []
        for stream in self.streams.values():
            for n, body in stream.lines.items():
                quoted = carried_in(body)
                here = (stream.ledger, stream.stream, n)
                direct.append((here, body)) if quoted is None else carried.append((here, quoted))
        found = dict(direct)
        for here, old in carried:
            first, body = (old.ledger, old.stream, old.n), old.line.encode()
            found[first if found.get(first, body) == body else here] = body
        return found


def carried_in(body: bytes) -> Carried | None:
    """What a line carries, if it carries one."""
    envelope = line.read_line(body)
    return msgspec.json.decode(envelope.d, type=Carried) if envelope.k == line.CARRIED else None
