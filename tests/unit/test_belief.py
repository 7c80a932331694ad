"""What a receipt is believed: a table of cases, and laws over all of them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.uplink.belief import Judgement, Own, judge
from agent.wire.batch import Seen
from agent.wire.receipt import Held, Problem, Receipt

LEDGER, OTHER = "l" * 43 + ".aaaaaaaa", "l" * 43 + ".bbbbbbbb"
CHAIN, WRONG = "c" * 43, "w" * 43
S = 7  # the number just sent


def own(*, stream="enrollments", last=10, held=5, seen=(1, 3), chain: str | None = CHAIN) -> Own:
    return Own(LEDGER, stream, last, held, Seen(*seen), chain)


def receipt(*, ledger=LEDGER, stream="enrollments", n=8, chain=CHAIN, pair=(1, 4), s=S, problem=None) -> Receipt:
    epoch, seq = pair
    said = Problem(problem) if problem else None
    return Receipt(1, ledger, stream, Held(n, chain), [], [], 0, epoch, seq, s, s, 0, (0, 0), 0, said)


GOOD = own()
BEHIND = own(last=7, chain=None)
TABLE = {
    "a receipt that holds more": (receipt(), GOOD, S, Judgement("believe")),
    "the same receipt again": (receipt(pair=(1, 3), n=5), GOOD, S, Judgement("believe")),
    "one that a stick brought": (receipt(), GOOD, None, Judgement("believe")),
    "one that answers an earlier batch": (receipt(s=6), GOOD, S, Judgement("believe")),
    "of another ledger": (receipt(ledger=OTHER), GOOD, S, Judgement("ignore", "another-stream")),
    "of another stream": (receipt(stream="health"), GOOD, S, Judgement("ignore", "another-stream")),
    "of a lower seq": (receipt(pair=(1, 2)), GOOD, S, Judgement("ignore", "older")),
    "of a lower epoch": (receipt(pair=(0, 99)), GOOD, S, Judgement("ignore", "older")),
    "of a lower pair that says revoked": (
        receipt(pair=(1, 2), problem="revoked"), GOOD, S, Judgement("ignore", "older")),
    "revoked": (receipt(problem="revoked"), GOOD, S, Judgement("revoked", "revoked")),
    "revoked, from a stick": (receipt(problem="revoked"), GOOD, None, Judgement("ignore", "not-fresh")),
    "revoked, for an earlier batch": (receipt(problem="revoked", s=6), GOOD, S, Judgement("ignore", "not-fresh")),
    "revoked and another chain": (
        receipt(problem="revoked", chain=WRONG), GOOD, S, Judgement("revoked", "revoked")),
    "central says the chains differ": (
        receipt(problem="chain-mismatch"), GOOD, S, Judgement("fork", "chain-mismatch")),
    "the chains do differ": (receipt(chain=WRONG), GOOD, S, Judgement("fork", "chain-mismatch")),
    "the chains differ, for an earlier batch": (receipt(chain=WRONG, s=6), GOOD, S, Judgement("ignore", "not-fresh")),
    "the chains differ, from a stick": (receipt(chain=WRONG), GOOD, None, Judgement("ignore", "not-fresh")),
    "more held than we have": (receipt(n=8), BEHIND, S, Judgement("fork", "restored", lost=1)),
    "more health than we have": (
        receipt(n=8, stream="health"), own(stream="health", last=7, chain=None), S, Judgement("fork", "restored")),
    "more held than we have, from a stick": (receipt(n=8), BEHIND, None, Judgement("ignore", "not-fresh")),
    "less held in the same epoch": (receipt(n=4), GOOD, S, Judgement("ignore", "held-fell")),
    "less held in a new epoch": (receipt(n=4, pair=(2, 0)), GOOD, S, Judgement("believe")),
    "a problem that we do not know": (receipt(problem="of-the-future"), GOOD, S, Judgement("believe")),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_a_receipt_is_judged(case) -> None:
    said, ours, answers, judgement = TABLE[case]

    assert judge(said, ours, answers) == judgement


few = st.integers(0, 4)
pairs = st.tuples(few, few)
streams = st.sampled_from(["enrollments", "health"])
chains = st.sampled_from([CHAIN, WRONG])
problems = st.sampled_from([None, "revoked", "chain-mismatch", "of-the-future"])
owns = st.builds(
    lambda stream, last, held, seen, chain: own(stream=stream, last=last, held=min(held, last), seen=seen, chain=chain),
    streams, few, few, pairs, chains | st.none(),
)  # fmt: skip
receipts = st.builds(
    lambda ledger, stream, n, chain, pair, s, problem: receipt(
        ledger=ledger, stream=stream, n=n, chain=chain, pair=pair, s=s, problem=problem
    ),
    st.sampled_from([LEDGER, OTHER]), streams, few, chains, pairs, few, problems,
)  # fmt: skip
sent = few | st.none()


@given(receipts, owns, sent)
def test_nothing_drastic_is_believed_unless_it_answers_what_was_just_sent(said, ours, answers) -> None:
    if judge(said, ours, answers).verdict in ("fork", "revoked"):
        assert said.s == answers


@given(receipts, owns)
def test_nothing_drastic_is_believed_from_a_carried_receipt(said, ours) -> None:
    assert judge(said, ours, None).verdict in ("believe", "ignore")


@given(receipts, owns, sent)
def test_only_our_own_chain_up_to_our_own_last_is_believed(said, ours, answers) -> None:
    if judge(said, ours, answers).verdict == "believe":
        assert said.held.chain == ours.chain
        assert said.held.n <= ours.last


@given(receipts, owns, sent)
def test_a_lower_pair_is_ignored(said, ours, answers) -> None:
    if said.pair < ours.seen:
        assert judge(said, ours, answers).verdict == "ignore"


@given(receipts, owns, sent)
def test_another_stream_is_ignored(said, ours, answers) -> None:
    if (said.ledger, said.stream) != (ours.ledger, ours.stream):
        assert judge(said, ours, answers).verdict == "ignore"


@given(receipts, owns, sent)
def test_held_falls_only_with_a_higher_epoch(said, ours, answers) -> None:
    if judge(said, ours, answers).verdict == "believe" and said.held.n < ours.held:
        assert said.epoch > ours.seen.epoch


@given(receipts, owns, sent)
def test_a_receipt_with_a_drastic_problem_is_never_believed(said, ours, answers) -> None:
    if said.problem and said.problem.code in ("revoked", "chain-mismatch"):
        assert judge(said, ours, answers).verdict != "believe"


@given(receipts, owns, sent)
def test_lost_lines_are_those_above_our_last_in_a_stream_with_tickets(said, ours, answers) -> None:
    judgement = judge(said, ours, answers)
    if judgement.lost:
        assert (judgement.verdict, said.stream) == ("fork", "enrollments")
        assert ours.last + judgement.lost == said.held.n


@given(receipts, owns, sent)
def test_what_is_not_believed_says_why(said, ours, answers) -> None:
    judgement = judge(said, ours, answers)

    assert (judgement.verdict == "believe") == (judgement.why == "")
