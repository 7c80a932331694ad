"""What a line costs on the wire with everything: body, JWS, HTTP, TLS, TCP/IP; real packets between two namespaces."""

from __future__ import annotations

import gzip
import os
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import msgspec
import pytest

from agent.uplink.signing import SOFTWARE
from agent.wire import base64url, batch, frames, receipt
from agent.wire.batch import Seen
from agent.wire.line import chain_start
from agent.wire.receipt import Held, Receipt
from tests import codings
from tests.e2e.link_site import Far
from tests.office_day import Written, written
from tests.small_office import kiosk_key

pytestmark = pytest.mark.needs("root", "tun", "ip")

COUNTS = (1, 10, 50, 200, 1000)
SINGLES = 20
TRIES = 5  # the least of them: how many empty ACKs there are is chance
POST = """
import sys
from pathlib import Path
from agent.uplink.answers import Answer
from agent.uplink.https import Central
from agent.uplink.tcp import Network
known, how, *files = sys.argv[1:]
def fresh():
    return Central("https://rekam.test", network=Network(ca_file=known))
def post(content):
    reply = central.post_batch(content)
    assert isinstance(reply, Answer) and reply.status == 201, reply
central = fresh()
if how == "again":
    post(b"a heartbeat")
    central.close()
print("warm", flush=True)
sys.stdin.readline()
for file in files:
    post(Path(file).read_bytes())
    if how == "new":
        central.close()
        central = fresh()
central.close()
"""


class Meter:
    """Counts IP bytes, both ways together, of files that are posted to a receiver which takes everything."""

    def __init__(self, folder: Path) -> None:
        self.far = Far(folder)
        self.folder = folder
        self.count = 0

    def start(self) -> None:
        self.far.make_line()
        self.far.make_front()
        self.far.mode("take")
        self.far.link(queue=10_000_000)  # what a full queue drops would be paid twice

    def bytes_of(self, files: Iterable[bytes], answer: bytes, how: str) -> int:
        """What it costs to post files, names and TLS handshakes included.

        On a `new` connection each, on one `kept`, or on one that comes `again` after another as the
        agent's do: the address is known and the TLS session resumed.
        """
        (self.folder / "answer").write_bytes(answer)
        names = [self.kept(file) for file in files]
        words = [*self.far.inside(self.far.a), "-c", POST, str(self.far.ca_file), how, *names]
        with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as posting:
            assert posting.stdout.readline() == b"warm\n"
            self.drained()
            posting.communicate(b"\n", timeout=60)
        assert posting.returncode == 0
        return self.drained()

    def kept(self, file: bytes) -> str:
        self.count += 1
        path = self.folder / f"file-{self.count}"
        path.write_bytes(file)
        return str(path)

    def drained(self) -> int:
        """All that passed since the last time, until nothing passes any more."""
        total = 0
        while True:
            passed = self.far.passed()
            total += sum(passed["bytes"])
            if not sum(passed["packets"]):
                return total


@pytest.fixture
def meter(tmp_path):
    made = Meter(tmp_path)
    try:
        made.start()
        yield made
    finally:
        made.far.close()


def file_of(part: Written, count: int) -> bytes:
    """Our batch file of the first `count` lines."""
    return batch.build(
        kiosk_key(),
        ledger=part.ledger,
        stream="enrollments",
        lines=part.lines[:count],
        sealed=[row for row in part.sealed if row.n <= count],
        first=1,
        chain_before=chain_start(part.ledger, "enrollments"),
        floor=1,
        seen=Seen(1, 1),
        s=7,
        software=SOFTWARE,
    )


def signed_array(part: Written, count: int) -> bytes:
    """The same claims and signature, and the lines as one gzipped JSON array."""
    token = file_of(part, count).partition(b"\n")[0]
    rows = events(part, count)
    return token + b"\n" + gzip.compress(b"[" + b",".join(rows) + b"]", 6)


def events(part: Written, count: int) -> list[bytes]:
    """One JSON body for each of the first lines, its subject in it."""
    beside = {row.n: row for row in part.sealed}
    return [
        line[:-1] + b',"subject":' + msgspec.json.encode(beside[n]) + b"}" if n in beside else line
        for n, line in enumerate(part.lines[:count], 1)
    ]


def answer_to(part: Written, count: int) -> bytes:
    """Central's receipt for those lines."""
    chain = base64url.encode(os.urandom(32))
    said = Receipt(
        1, part.ledger, "enrollments", Held(count, chain), [], [], 0, 1, count, 7, 7, 1795392000000, (1, 1), 3
    )
    return receipt.sign(said, kiosk_key()).encode()


class Costs(NamedTuple):
    """Bytes a line: all in all, the file alone, and the frame of the lines alone in other codings."""

    ours: float
    array: float
    file: float
    frame: float
    dictionary: float
    columns: float

    @property
    def share(self) -> float:
        """Ours of the array's."""
        return self.ours / self.array

    def saved(self, frame: float) -> float:
        """The share of all bytes that another frame would save."""
        return (self.frame - frame) / self.ours


def measured(meter: Meter, part: Written, count: int, dictionary) -> Costs:
    ours, lines = file_of(part, count), part.lines[:count]
    said = answer_to(part, count)
    whole = [
        min(meter.bytes_of([file], said, "again") for _ in range(TRIES)) for file in (ours, signed_array(part, count))
    ]
    packed = codings.with_dictionary(lines, dictionary), codings.in_columns(lines)
    return Costs(*(size / count for size in (*whole, len(ours), len(frames.pack(lines)[0]), *packed)))


def table(costs: dict[int, Costs], floor: float, single: dict[str, float]) -> str:
    head = f"one POST each: {single['new']:.0f} B on new connections, {single['kept']:.0f} B on one kept"
    rows = [f"\n{head}\nlines    ours   array  share    file   floor   frame   dictionary saves   columns save"]
    for count, each in costs.items():
        rows.append(
            f"{count:5} {each.ours:7.1f} {each.array:7.1f}  {each.share:.2f}  {each.file:7.1f} {floor:7.1f}"
            f" {each.frame:7.1f}   {each.dictionary:6.1f} {each.saved(each.dictionary):9.1%}"
            f"   {each.columns:6.1f} {each.saved(each.columns):6.1%}"
        )
    return "\n".join(rows)


@pytest.mark.parametrize(("nik", "most"), [(False, 0.9), (True, 0.93)], ids=["without subjects", "all with subjects"])
def test_a_line_costs_less_than_in_an_array_and_far_less_than_alone(meter, tmp_path, capsys, nik, most) -> None:
    """With subjects two thirds of all bytes are ciphertext and handshake, of which no coding saves anything."""
    part = written(tmp_path / "office", max(COUNTS), nik=nik)
    dictionary = codings.trained([written(tmp_path / "another", 600, nik=False, seed=2).lines])
    single = {how: meter.bytes_of(events(part, SINGLES), b"{}", how) / SINGLES for how in ("new", "kept")}
    costs = {count: measured(meter, part, count, dictionary) for count in COUNTS}
    with capsys.disabled():
        print(table(costs, part.floor / len(part.lines), single))

    assert costs[200].share <= most
    assert costs[200].ours <= 0.1 * single["new"]
