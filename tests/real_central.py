"""A courier's way to a real receiver without a socket between them, and back by whatever carrier."""

from __future__ import annotations

from agent.uplink.answers import Answer, Failure


class Wire:
    """The calls of agent.uplink.https.Central, answered by a receiver's own application."""

    def __init__(self, client) -> None:
        self.client = client
        self.lose = lambda: False

    def post_batch(self, file: bytes) -> Answer | Failure:
        return self.told(self.client.post("/v1/batches", data=file))

    def post_pairing(self, token: str) -> Answer | Failure:
        return self.told(self.client.post("/v1/kiosks", data=token))

    def get(self, path: str, heartbeat: str, etag: str = "") -> Answer | Failure:
        return self.told(self.client.get(path, headers={"Authorization": f"Bearer {heartbeat}"}))

    def told(self, answer) -> Answer | Failure:
        if self.lose():
            return Failure("server-down", "the answer was lost")
        return Answer(answer.status_code, answer.mimetype, answer.data)

    def close(self) -> None:
        """Nothing is open."""
