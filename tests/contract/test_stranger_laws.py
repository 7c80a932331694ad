"""Whatever is sent, in whatever order, the stranger ends up with every line once."""

from __future__ import annotations

import json
import tempfile
from contextlib import contextmanager

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.wire import base64url, batch, keys, pairing, receipt
from agent.wire.line import chain_next, chain_start
from tests.contract import cases, stranger

LINES = cases.lines(12)
CHAINS = [chain_start(cases.LEDGER, "enrollments")]
for each in LINES:
    CHAINS.append(chain_next(CHAINS[-1], each))
slices = st.tuples(st.integers(1, 12), st.integers(0, 11)).map(lambda cut: (cut[0], min(12, cut[0] + cut[1])))


class Sender:
    """Drives a Receiver in this process, each call one transaction."""

    def __init__(self, folder):
        self.receiver = stranger.Receiver(folder, approve_all=True)
        self.receiver.db.execute("PRAGMA synchronous = OFF")  # no law here is about power cuts
        status, _, body = self.receiver.transact(self.receiver.pair, pairing.sign("64.02.05", cases.KIOSK).encode())
        assert status == 200
        self.keys = keys.read(json.loads(body)["keys"], self.receiver.root())
        self.s = 0

    def send(self, first, last, **changes):
        """Status and receipt of lines first…last."""
        self.s += 1
        about = {"first": first, "s": self.s, "chain_before": CHAINS[first - 1]} | changes
        status, _, token = self.receiver.transact(self.receiver.batch, cases.build(LINES[first - 1 : last], **about))
        return status, receipt.read(token, self.keys)


@contextmanager
def fresh_sender():
    """A sender and a receiver that has seen nothing."""
    with tempfile.TemporaryDirectory() as folder:
        sender = Sender(folder)
        yield sender
        sender.receiver.close()


def held_by_hand(sent):
    """What a receipt must say of lines sent: held, and the runs above the gap."""
    have = sorted({n for first, last in sent for n in range(first, last + 1)})
    runs = []
    for n in have:
        if runs and runs[-1][1] == n - 1:
            runs[-1] = (runs[-1][0], n)
        else:
            runs.append((n, n))
    held = runs.pop(0)[1] if runs and runs[0][0] == 1 else 0
    return held, runs


@settings(max_examples=20, deadline=None)
@given(st.lists(slices, max_size=10))
def test_a_receipt_says_what_was_sent_in_any_order_and_any_boundaries(sent):
    with fresh_sender() as sender:
        for number, (first, last) in enumerate(sent, start=1):
            _, said = sender.send(first, last)
            held, runs = held_by_hand(sent[:number])
            assert said.held == receipt.Held(held, base64url.encode(CHAINS[held]))
            assert said.also == [receipt.Range(low, high, base64url.encode(CHAINS[high])) for low, high in runs]


@settings(max_examples=20, deadline=None)
@given(st.lists(slices, max_size=6), st.integers(1, 13))
def test_a_heartbeat_of_a_pruned_kiosk_counts_past_all_that_is_missing(sent, floor):
    with fresh_sender() as sender:
        for first, last in sent:
            sender.send(first, last)
        _, said = sender.send(13, 12, floor=min(floor, 13))
        held, _ = held_by_hand(sent)

    assert said.held.n == (12 if floor == 13 else held)


@settings(max_examples=20, deadline=None)
@given(st.lists(slices, max_size=6), st.integers(0, 2), st.integers(0, 50))
def test_an_epoch_that_was_shown_is_never_given_again(sent, epoch, seq):
    with fresh_sender() as sender:
        for first, last in sent:
            sender.send(first, last)
        _, said = sender.send(1, 1, seen=batch.Seen(epoch, seq))

    assert said.pair > batch.Seen(epoch, seq)
