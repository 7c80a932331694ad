"""A kiosk made of nothing but agent.wire, and a process of the stranger for it to talk to."""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import urllib3

from agent.wire import batch, keys, pairing, receipt, subject
from agent.wire.line import chain_next, chain_start
from tests.contract import cases, stranger

PROGRAM = Path(stranger.__file__)
OFFICE = "64.02.05"


class Kiosk:
    """A kiosk made of nothing but agent.wire: one stream, in memory."""

    def __init__(self, name, url, root):
        self.key = cases.fixed_key(name)
        self.ledger = f"{self.key.thumbprint()}.abcdefgh"
        self.url, self.root = url, root
        self.lines, self.s, self.seen = cases.lines(5), 0, batch.Seen()
        self.http = urllib3.PoolManager(retries=False)
        self.keys = keys.KeyList(1, 0, [])

    @property
    def code(self):
        return pairing.code(self.key.thumbprint())

    def chain(self, n, lines=None):
        chain = chain_start(self.ledger, "enrollments")
        for line in (lines or self.lines)[:n]:
            chain = chain_next(chain, line)
        return chain

    def build(self, first, last, **changes):
        self.s += 1
        about = {"ledger": self.ledger, "stream": "enrollments", "floor": 1, "seen": self.seen, "software": "test"}
        about |= {"first": first, "s": self.s, "chain_before": self.chain(first - 1)} | changes
        return batch.build(self.key, lines=self.lines[first - 1 : last], **about)

    def sealed(self, n, person):
        """A person sealed beside line `n`, and the name under which it opens."""
        key = self.keys.sealing("")
        name = subject.info(self.ledger, "enrollments", n)
        return name, batch.Sealed(n, key.kid, subject.seal(person, key.key(), name))

    def heartbeat(self, **changes):
        return self.build(len(self.lines) + 1, len(self.lines), **changes)

    def post(self, path, body):
        return self.http.request("POST", self.url + path, body=body)

    def pair(self):
        answer = self.post("/v1/kiosks", pairing.sign(OFFICE, self.key))
        if answer.status == 200:
            self.keys = keys.read(answer.json()["keys"], self.root)
        return answer

    def send(self, file):
        """Status and receipt; the receipt is read by agent.wire with the key list of the pairing."""
        answer = self.post("/v1/batches", file)
        assert answer.headers["Content-Type"] == receipt.MEDIA_TYPE, answer.data
        said = receipt.read(answer.data.decode(), self.keys)
        self.seen = max(self.seen, said.pair)
        return answer.status, said

    def get(self, path, bearer=None, **headers):
        token = bearer or self.heartbeat().decode().strip()
        return self.http.request("GET", self.url + path, headers={"Authorization": f"Bearer {token}"} | headers)

    def receipt(self):
        answer = self.get(f"/v1/streams/{self.ledger}/enrollments/receipt")
        return receipt.read(answer.data.decode(), self.keys)


@contextmanager
def running(folder, *options):
    """The stranger as a process of its own, in isolated mode: it cannot see this repository."""
    command = [sys.executable, "-I", str(PROGRAM), "--dir", str(folder), *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd="/", text=True) as process:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()
