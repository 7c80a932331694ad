"""A receiver that was made from docs/wire.md alone takes what agent.wire builds, and agent.wire believes it."""

from __future__ import annotations

import ast
import json
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
import urllib3

from agent.wire import base64url, batch, jose, keys, pairing, receipt, subject
from agent.wire.line import chain_next, chain_start
from tests.contract import cases, stranger

PROGRAM = Path(stranger.__file__)
GOLDEN = PROGRAM.parent / "golden"
INVALID = json.loads((GOLDEN / "invalid" / "expected.json").read_text())
OFFICE = "64.02.05"
STANDARD = {"argparse", "base64", "hashlib", "http", "json", "pathlib", "re", "sqlite3", "sys", "threading", "time"}
ALLOWED = STANDARD | {"__future__", "backports", "compression", "cryptography"}


class Kiosk:
    """A kiosk made of nothing but agent.wire: one stream, in memory."""

    def __init__(self, name, url, root):
        self.key = cases.fixed_key(name)
        self.ledger = f"{self.key.thumbprint()}.abcdefgh"
        self.url, self.root = url, root
        self.lines, self.s, self.seen = [], 0, batch.Seen()
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


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    folder = tmp_path_factory.mktemp("stranger")
    with running(folder, "--approve-all", "--limit", "65536") as said:
        yield said | {"dir": folder}


@pytest.fixture
def kiosk(server, request):
    """A paired kiosk with five lines, none of them sent."""
    found = Kiosk(request.node.name, server["url"], server["root"])
    found.lines = cases.lines(5)
    found.pair()
    yield found
    found.http.clear()


def stored(server, kiosk):
    """Number → body of what the stranger keeps of a kiosk."""
    with closing(sqlite3.connect(server["dir"] / "stranger.db")) as database:
        query = "SELECT n, body FROM line WHERE ledger = ? ORDER BY n"
        return dict(database.execute(query, (kiosk.ledger,)).fetchall())


def test_the_stranger_imports_nothing_of_ours():
    tree = ast.walk(ast.parse(PROGRAM.read_text()))
    names = [name for node in tree for name in ([a.name for a in node.names] if isinstance(node, ast.Import) else [])]
    names += [node.module for node in ast.walk(ast.parse(PROGRAM.read_text())) if isinstance(node, ast.ImportFrom)]

    assert {name.split(".")[0] for name in names} - ALLOWED == set()


def test_nothing_of_ours_is_loaded_when_it_runs():
    program = f"import runpy, sys; runpy.run_path({str(PROGRAM)!r}); print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-I", "-c", program], cwd="/", capture_output=True, text=True, check=True)

    assert {name.split(".")[0] for name in loaded.stdout.split()} & {"agent", "central", "kiosk_ui", "joserfc"} == set()


@pytest.mark.parametrize("name", sorted(path.name for path in GOLDEN.glob("*.rekam")))
def test_the_stranger_reads_a_golden_batch_as_its_json_says(name):
    found, said = (
        stranger.Batch((GOLDEN / name).read_bytes()),
        json.loads((GOLDEN / name).with_suffix(".json").read_text()),
    )

    assert found.claims == said["payload"]
    assert ([line.decode() for line in found.lines], found.sealed) == (said["lines"], said["sealed"])


@pytest.mark.parametrize("name", [name for name in INVALID if name.endswith(".rekam")])
def test_the_stranger_refuses_an_invalid_batch_with_its_code(name):
    with pytest.raises(stranger.Refusal) as caught:
        stranger.Batch((GOLDEN / "invalid" / name).read_bytes())

    code = INVALID[name]["code"]
    assert (caught.value.status, caught.value.code) == (422, code if code == "unsupported" else "malformed")


def test_a_kiosk_is_paired_once_its_code_was_typed(tmp_path):
    with running(tmp_path) as said:
        kiosk = Kiosk("somebody", said["url"], said["root"])
        before = kiosk.pair()
        subprocess.run([sys.executable, str(PROGRAM), "--dir", str(tmp_path), "--approve", kiosk.code], check=True)
        after = kiosk.pair()

    assert (before.status, before.json()) == (202, {"status": "pending"})
    assert (after.status, after.json()["kiosk"]) == (200, kiosk.key.thumbprint())
    assert {key.use for key in kiosk.keys.keys} == {"receipt", "settings", "seal"}


def test_the_first_batch_is_new_and_the_same_again_is_held(server, kiosk):
    file = kiosk.build(1, 3)
    first, again = kiosk.send(file), kiosk.send(file)

    assert (first[0], again[0]) == (201, 200)
    assert first[1].held == again[1].held == receipt.Held(3, base64url.encode(kiosk.chain(3)))
    assert list(stored(server, kiosk).values()) == kiosk.lines[:3]


def test_other_boundaries_store_each_line_once(server, kiosk):
    answers = [kiosk.send(kiosk.build(first, last))[0] for first, last in [(1, 2), (2, 4), (1, 5), (3, 3)]]

    assert answers == [201, 201, 201, 200]
    assert list(stored(server, kiosk).values()) == kiosk.lines


def test_lines_above_a_gap_are_provisional_until_it_closes(kiosk):
    _, above = kiosk.send(kiosk.build(4, 5))
    status, closed = kiosk.send(kiosk.build(1, 3))

    assert above.also == [receipt.Range(4, 5, base64url.encode(kiosk.chain(5)))]
    assert (above.held.n, status, closed.held.n, closed.also) == (0, 201, 5, [])


def test_another_line_under_a_held_number_is_a_mismatch_and_changes_nothing(server, kiosk):
    kiosk.send(kiosk.build(1, 3))
    kiosk.lines[1] = b'{"n":2,"t":0,"b":1,"m":1,"k":"day.opened","d":{}}'
    status, said = kiosk.send(kiosk.build(1, 5))

    assert (status, said.problem, said.held.n) == (409, receipt.Problem("chain-mismatch", 2), 3)
    assert stored(server, kiosk)[2] == cases.lines(5)[1]


def test_a_range_that_does_not_chain_to_what_closes_its_gap_is_a_mismatch(kiosk):
    kiosk.send(kiosk.build(4, 5))
    kiosk.lines[2] = b'{"n":3,"t":0,"b":1,"m":1,"k":"day.opened","d":{}}'
    status, said = kiosk.send(kiosk.build(1, 3))

    assert (status, said.problem.n, said.held.n) == (409, 3, 0)


def test_a_heartbeat_is_answered_with_the_receipt_as_it_stands(kiosk):
    kiosk.send(kiosk.build(1, 3))
    status, said = kiosk.send(kiosk.heartbeat(status=batch.Status({"enrollments": 2})))

    assert (status, said.held.n, said.s, said.s_max) == (200, 3, kiosk.s, kiosk.s)


def test_a_heartbeat_of_another_past_is_a_mismatch(kiosk):
    kiosk.send(kiosk.build(1, 5))
    kiosk.lines[4] = b'{"n":5,"t":0,"b":1,"m":1,"k":"day.opened","d":{}}'
    status, said = kiosk.send(kiosk.heartbeat())

    assert (status, said.problem) == (409, receipt.Problem("chain-mismatch", 5))


def test_a_heartbeat_of_a_kiosk_that_has_less_is_no_mismatch(kiosk):
    kiosk.send(kiosk.build(1, 5))
    kiosk.lines = kiosk.lines[:2]
    status, said = kiosk.send(kiosk.heartbeat())

    assert (status, said.problem, said.held.n) == (200, None, 5)


@pytest.mark.parametrize("by", ["batch", "heartbeat"])
def test_what_the_kiosk_has_no_more_is_counted_as_lost(kiosk, by):
    kiosk.send(kiosk.build(1, 1))
    sent = kiosk.build(4, 5, floor=4) if by == "batch" else kiosk.heartbeat(floor=6)
    _, said = kiosk.send(sent)

    assert said.held == receipt.Held(5, base64url.encode(kiosk.chain(5)))


def test_a_lost_line_that_arrives_later_is_stored(server, kiosk):
    kiosk.send(kiosk.heartbeat(floor=6))
    status, said = kiosk.send(kiosk.build(2, 3))

    assert (status, said.held.n, list(stored(server, kiosk))) == (201, 5, [2, 3])


def test_a_receiver_that_is_shown_a_receipt_it_forgot_begins_a_new_epoch(kiosk):
    _, first = kiosk.send(kiosk.build(1, 1))
    kiosk.seen = batch.Seen(first.epoch + 2, 900)
    _, said = kiosk.send(kiosk.build(2, 2))

    assert (said.epoch, said.pair > batch.Seen(3, 900)) == (4, True)


def test_receipts_of_a_stream_only_grow(kiosk):
    pairs = [kiosk.send(kiosk.build(n, n))[1].pair for n in (1, 2, 2, 4, 3)]

    assert pairs == sorted(set(pairs))


def test_lines_that_cannot_be_used_are_held_and_refused(kiosk):
    kiosk.lines = [b"x", b'{"n":2}', *cases.lines(1, first=9), cases.lines(4)[3]]
    status, said = kiosk.send(kiosk.build(1, 4))

    assert (status, said.held.n, said.refused_total) == (201, 4, 3)
    assert {row.n: row.code for row in said.refused} == {1: "not-json", 2: "missing-field", 3: "wrong-number"}


def test_a_subject_is_kept_beside_its_line_and_opens_by_nobody_but_its_key(server, kiosk):
    seal = kiosk.keys.sealing("2026-11")
    name = subject.info(kiosk.ledger, "enrollments", 2)
    sealed = batch.Sealed(2, seal.kid, subject.seal({"nik": "6402054101100001"}, seal.key(), name))
    kiosk.send(kiosk.build(1, 3, sealed=[sealed]))
    with closing(sqlite3.connect(server["dir"] / "stranger.db")) as database:
        kept = database.execute("SELECT n, kid, sealed FROM subject WHERE ledger = ?", (kiosk.ledger,)).fetchall()
    private = jose.read_key(private_seal(server["dir"], seal), curve="X25519")

    assert kept == [(2, sealed.kid, sealed.sealed)]
    assert subject.unseal(kept[0][2], private, name) == {"nik": "6402054101100001"}


def private_seal(folder, listed):
    return {"kty": "OKP", "crv": "X25519", "x": listed.x, "d": json.loads((folder / "keys.json").read_text())["seal"]}


def test_a_kiosk_that_nobody_approved_is_unknown(tmp_path):
    with running(tmp_path) as said:
        kiosk = Kiosk("nobody", said["url"], said["root"])
        answers = [kiosk.post("/v1/batches", kiosk.heartbeat()), kiosk.get("/v1/keys")]

    assert [(answer.status, answer.json()["code"]) for answer in answers] == [(401, "unknown-kiosk")] * 2


def test_a_revoked_kiosk_is_told_so_by_a_receipt(server, kiosk):
    kiosk.send(kiosk.build(1, 2))
    subprocess.run([sys.executable, str(PROGRAM), "--dir", str(server["dir"]), "--revoke", kiosk.code], check=True)
    status, said = kiosk.send(kiosk.build(3, 5))

    assert (status, said.problem, said.held.n, said.s) == (403, receipt.Problem("revoked"), 2, kiosk.s)


def test_a_damaged_batch_is_a_problem_and_stores_nothing(server, kiosk):
    answer = kiosk.post("/v1/batches", kiosk.build(1, 5)[:-1])

    assert (answer.status, answer.json()["code"]) == (422, "malformed")
    assert (answer.headers["Content-Type"], stored(server, kiosk)) == ("application/problem+json", {})


def test_a_batch_above_the_limit_is_told_the_limit(kiosk):
    answer = kiosk.post("/v1/batches", b"x" * 65537)

    assert (answer.status, answer.json()["code"], answer.json()["limit"]) == (413, "too-large", 65536)


def test_a_bearer_is_good_once(kiosk):
    bearer = kiosk.heartbeat().decode().strip()
    first, again = kiosk.get("/v1/keys", bearer), kiosk.get("/v1/keys", bearer)

    assert (first.status, again.status, again.json()["code"]) == (200, 401, "stale")
    assert kiosk.send(bearer.encode() + b"\n")[0] == 200


def test_a_batch_with_lines_is_no_bearer(kiosk):
    token = kiosk.build(1, 2).partition(b"\n")[0].decode()

    assert kiosk.get("/v1/keys", token).status == 401


def test_the_key_list_is_asked_for_only_when_it_changed(kiosk):
    first = kiosk.get("/v1/keys")
    again = kiosk.get("/v1/keys", **{"If-None-Match": first.headers["ETag"]})

    assert keys.read(first.data.decode(), kiosk.root) == kiosk.keys
    assert (again.status, again.data) == (304, b"")


def test_a_receipt_can_be_asked_for(kiosk):
    kiosk.send(kiosk.build(1, 4))
    said = kiosk.receipt()

    assert (said.held.n, said.s) == (4, kiosk.s)


def test_the_receipt_of_somebody_else_cannot_be_asked_for(kiosk):
    answer = kiosk.get(f"/v1/streams/{cases.LEDGER}/enrollments/receipt")

    assert (answer.status, answer.json()["code"]) == (403, "foreign-ledger")


@pytest.mark.parametrize(
    ("path", "status", "code"),
    [
        ("/v1/settings", 404, "no-settings"),
        ("/v1/streams/x/enrollments/receipt", 422, "malformed"),
        ("/v1/elsewhere", 404, "not-found"),
    ],
)
def test_a_question_that_cannot_be_answered_has_a_code(kiosk, path, status, code):
    answer = kiosk.get(path)

    assert (answer.status, answer.json()["code"]) == (status, code)


def test_the_same_batch_many_times_at_once_is_stored_once(server, kiosk):
    file = kiosk.build(1, 5)
    with ThreadPoolExecutor(8) as threads:
        statuses = [answer[0] for answer in threads.map(kiosk.send, [file] * 16)]

    assert sorted(statuses) == [200] * 15 + [201]
    assert list(stored(server, kiosk).values()) == kiosk.lines


def test_what_was_receipted_is_there_after_a_kill(tmp_path):
    with running(tmp_path, "--approve-all") as said:
        kiosk = Kiosk("killed", said["url"], said["root"])
        kiosk.lines = cases.lines(5)
        kiosk.pair()
        _, before = kiosk.send(kiosk.build(1, 5))
    with running(tmp_path) as said:
        kiosk.url = said["url"]
        after = kiosk.receipt()

    assert (after.held, after.pair > before.pair) == (before.held, True)
