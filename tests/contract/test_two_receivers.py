"""Our central and the stranger, made from the same page, say the same of whatever they are sent."""

from __future__ import annotations

import itertools
import json
from types import SimpleNamespace

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agent.clock import SystemClock
from agent.wire import batch, keys, pairing, receipt
from agent.wire.line import chain_next, chain_start, encode_line
from central.faults import Rules, read_entry
from central.keys import create_central
from central.opening import open_central
from central.receive import take_in
from central.settings import load_central
from central.store import kiosks
from tests.contract import cases, stranger

MOST = 9
SUFFIXES = itertools.count()
LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def line(n, branch):
    return encode_line(n, branch, 1, n, "day.opened", {"day": n, "date": "2026-11-23"})


class Past:
    """Two histories of one new ledger: `right`, and `other`, which differs from it from line `fork` on."""

    def __init__(self, fork):
        number = next(SUFFIXES)
        suffix = "".join(LETTERS[number >> 5 * place & 31] for place in range(8))
        self.ledger = f"{cases.KIOSK.thumbprint()}.{suffix}"
        right = [line(n, 0) for n in range(1, MOST + 1)]
        other = [line(n, 1 if n >= fork else 0) for n in range(1, MOST + 1)]
        self.lines = {"right": right, "other": other}
        self.chains = {name: self.chained(lines) for name, lines in self.lines.items()}

    def chained(self, lines):
        chains = [chain_start(self.ledger, "enrollments")]
        for each in lines:
            chains.append(chain_next(chains[-1], each))
        return chains

    def build(self, s, step):
        lines = self.lines[step.branch][step.first - 1 : step.last]
        about = {"first": step.first, "s": s, "floor": step.first if step.pruned else 1, "seen": batch.Seen(*step.seen)}
        return cases.build(lines, ledger=self.ledger, chain_before=self.chains[step.branch][step.first - 1], **about)


@pytest.fixture(scope="module")
def receivers(tmp_path_factory):
    """Both of them, with one approved kiosk; each takes a file and gives status and receipt."""
    home = tmp_path_factory.mktemp("central")
    create_central(home, None, SystemClock(), lambda size: bytes(range(size)))
    central = open_central(load_central(home / "central.toml"), SystemClock())
    with central.store.write() as database:
        kiosks.ask(database, cases.KIOSK.thumbprint(), "64.02.05", 0)
        kiosks.set_state(database, cases.KIOSK.thumbprint(), "approved")
    other = stranger.Receiver(tmp_path_factory.mktemp("stranger"), approve_all=True)
    other.db.execute("PRAGMA synchronous = OFF")  # nothing here is about power cuts
    body = other.transact(other.pair, pairing.sign("64.02.05", cases.KIOSK).encode())[2]
    listed = keys.read(json.loads(body)["keys"], other.root())

    def by_central(file):
        answer = take_in(central, file)
        return answer.status, receipt.read(answer.receipt, central.published.keys())

    def by_stranger(file):
        status, _, token = other.transact(other.batch, file)
        return status, receipt.read(token, listed)

    yield by_central, by_stranger
    other.close()
    central.store.close()


def said(answer):
    """What both must say alike; `seq` is each one's own."""
    status, found = answer
    return (
        status,
        found.held,
        found.also,
        found.refused,
        found.refused_total,
        found.problem,
        found.s,
        found.s_max,
        found.epoch,
    )


steps = st.builds(
    lambda branch, first, more, pruned, seen: SimpleNamespace(
        branch=branch, first=first, last=min(first + more, MOST), pruned=pruned, seen=seen
    ),
    st.sampled_from(["right", "right", "right", "other"]),
    st.integers(1, MOST),
    st.integers(-1, 4),
    st.booleans(),
    st.sampled_from([(0, 0), (0, 0), (1, 1), (3, 0), (4, 900)]),
)


@settings(max_examples=60, deadline=None)
@given(st.integers(1, MOST), st.lists(steps, max_size=8))
def test_both_say_the_same_of_any_batches_in_any_order(receivers, fork, sent):
    past = Past(fork)
    for s, step in enumerate(sent, start=1):
        file = past.build(s, step)
        ours, theirs = (said(receiver(file)) for receiver in receivers)
        assert ours == theirs


RIGHT = {"n": 1, "t": 0, "b": 1, "m": 1, "k": "of.a.later.version", "d": {}}
odd_lines = st.one_of(
    st.binary(),
    st.builds(lambda value: json.dumps(value).encode(), cases.anything),
    st.builds(
        lambda name, value: json.dumps(RIGHT | {name: value}).encode(), st.sampled_from([*RIGHT, "x"]), cases.anything
    ),
    st.builds(
        lambda name: json.dumps({key: RIGHT[key] for key in RIGHT if key != name}).encode(), st.sampled_from([*RIGHT])
    ),
    st.builds(lambda raw: b'{"n":1,"t":0,"b":1,"m":1,"k":"x","d":' + raw + b"}", st.binary()),
)
NO_REGIONS = Rules(is_office=lambda _: True, is_village=lambda _: True)


@settings(max_examples=200, deadline=None)
@given(odd_lines)
@example(b'{"n":1,"n":2,"t":0,"b":1,"m":1,"k":"x","d":1}')
@example(b'{"n":1,"t":0,"b":1,"m":1,"k":"x","d":NaN}')
@example(b'{"n":1,"t":0,"b":1,"m":1,"k":"x","d":"\\ud800"}')
@example(b'{"n":1,"t":0,"b":1,"m":1,"k":"x","d":' + b"9" * 5000 + b"}")
@example(b'{"n":1,"t":0,"b":1,"m":1,"k":"x","d":' + b"[" * 99_999 + b"]" * 99_999 + b"}")
@example(b'{"n":1,"t":0,"b":1,"m":1,"k":"x","d":1e999}')
@example(b'\xef\xbb\xbf{"n":1,"t":0,"b":1,"m":1,"k":"x","d":1}')
@example(b'{"n":1.0,"t":0,"b":1,"m":1,"k":"x","d":1}')
@example(b'{"n":1,"t":-0,"b":1,"m":1,"k":"x","d":1}')
@example(b' {"n": 1, "t": 0, "b": 1, "m": 1, "k": "\\u0000", "d": 01}')
def test_both_refuse_the_same_lines(text):
    ours, theirs = read_entry(1, text, NO_REGIONS).fault, stranger.fault_of(text, 1)

    assert (ours is None) == (theirs is None)
