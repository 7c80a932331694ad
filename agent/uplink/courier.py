"""Carries the ledger to central: heartbeat, enrollments oldest first, health.

One turn is one exchange. The loop that repeats turns is in `agent.uplink.worker`.
"""

from __future__ import annotations

import threading
from typing import Final

from agent.domain import batching
from agent.domain.allowance import Purpose
from agent.domain.custody import LINK
from agent.domain.link import LinkState
from agent.errors import BadData, BadSignature, Damaged
from agent.published import NONE_YET
from agent.store import forks, handing, ledger, receipts
from agent.store.database import Store
from agent.store.ledger import StreamState
from agent.store.mark import NO_NUMBERS
from agent.uplink import belief
from agent.uplink.answers import Meaning, Reply, Traffic, meaning
from agent.uplink.documents import Documents
from agent.uplink.https import Central
from agent.uplink.load import Load
from agent.uplink.purse import Purse
from agent.uplink.settings_down import SettingsDown
from agent.uplink.signing import Signer, claims_of, status_of
from agent.uplink.trips_down import TripsDown
from agent.uplink.trust import Trust
from agent.uplink.turn import Turn
from agent.wire import receipt as wire_receipt
from agent.wire.line import STREAMS
from agent.wire.receipt import Receipt
from agent.wire.settings import Version

SIGNATURE: Final = 86  # characters of an Ed25519 signature in base64url


class Courier:
    """The kiosk's side of the wire: sends what is signed, believes what is signed."""

    def __init__(
        self,
        store: Store,
        signer: Signer,
        trust: Trust,
        central: Central,
        random_bytes: forks.RandomBytes,
        purse: Purse | None = None,
    ) -> None:
        self.store = store
        self.signer = signer
        self.trust = trust
        self.central = central
        self.random_bytes = random_bytes
        self.load = Load(store, purse)
        self.documents = Documents(
            central, signer, trust, SettingsDown(store, trust), TripsDown(store, trust), self.load
        )
        self.promised: Version = NONE_YET
        self.trips_promised: str | None = None
        self.hearing = threading.Lock()  # receipts by wire and by stick are judged one after the other

    def send_next(self) -> Turn:
        """Send the oldest lines that central lacks, enrollments before health; nothing to do is no failure."""
        while forks.carry_some(self.store):
            pass
        for name in STREAMS:
            state = ledger.state(self.store, name)
            also = [(have.first, have.last) for have in state.also]
            wanted = batching.next_range(state.held, state.floor, state.last, also)
            if wanted is not None:
                return self.send(state, wanted)
        return Turn()

    def send(self, state: StreamState, wanted: tuple[int, int]) -> Turn:
        """Send one batch; a receipt that moves nothing is a failure, lest the same bytes go round and round."""
        size = self.load.room(purpose(state.name), wanted[1] - wanted[0] + 1)
        if size is None:
            return Turn()
        most = batching.raw_budget(self.load.pace(), size)
        try:
            file, s, raw = self.signer.batch(state, wanted, most, size)
        except Damaged as fault:
            return self.damaged(fault)
        reply = self.post(file)
        turn = self.heard(state, reply, s)
        self.load.learn(turn, reply.traffic, len(file), raw)
        if turn.more or (turn.in_doubt and turn.link == "server-down"):  # whoever else took the bytes is not central
            claims = claims_of(file)
            handing.note(self.store, state.stream, LINK, claims.first, claims.last)
        now = ledger.state(self.store, state.name)
        stuck = turn.more and (now.ledger, now.held, now.also) == (state.ledger, state.held, state.also)
        return Turn(failed=True, link=self.load.link, evidence="central's receipt does not grow") if stuck else turn

    def post(self, file: bytes) -> Reply:
        """Send a file and pay for it."""
        reply = self.central.post_batch(file)
        self.load.paid(reply.traffic)
        return reply

    def hang_up(self) -> None:
        """Nothing to send for now: the connection is not kept."""
        self.central.close()

    def damaged(self, fault: Damaged) -> Turn:
        """Lines that do not fit their chain are never signed: a new ledger takes the sound ones over."""
        with self.store.write():
            forks.fork(self.store, forks.DAMAGED, self.random_bytes)
        return Turn(more=True, evidence=str(fault))

    def heartbeat(self, link: str) -> Turn:
        """Say how the kiosk is, and hear how far central is."""
        if not self.load.affords_a_word():
            return Turn()
        state = ledger.state(self.store, ledger.ENROLLMENTS)
        file, s = self.signer.heartbeat(state, status_of(self.store, link))
        turn = self.heard(state, self.post(file), s)
        if turn.more:
            self.documents.fetch_settings(self.promised)
            self.documents.fetch_trips(self.trips_promised)
        return turn

    def heard(self, state: StreamState, reply: Reply, s: int) -> Turn:
        """Do what a reply asks, as far as it can be believed."""
        said = meaning(reply)
        if not said.token:
            return not_taken(said, reply.traffic)
        try:
            receipt = self.read_receipt(said.token)
        except BadData as fault:
            return Turn(failed=True, link=unreadable(said.token), evidence=f"no receipt of central's: {fault}")
        with self.hearing:
            judgement = belief.judge(receipt, own(self.store, state, receipt), s)
            if judgement.verdict == "believe" and receipt.s != s:
                receipts.apply(self.store, state.stream, receipt, said.token, fresh=False)
                return Turn(failed=True, link="captive-portal", evidence="an old receipt: who answers is not central")
            self.load.reached(said.link, reply.traffic)
            if judgement.verdict == "believe":
                self.believe(state, receipt, said.token)
                return Turn(
                    more=True, link=self.load.link, evidence=self.load.evidence, retry_after_s=said.retry_after_s
                )
            return self.disagree(judgement)

    def believe(self, state: StreamState, receipt: Receipt, token: str) -> None:
        """Central answers: move the cursor, and follow it to a newer key list."""
        receipts.apply(self.store, state.stream, receipt, token, fresh=True)
        remember_pairing(self.store, "paired")
        self.promised, self.trips_promised = receipt.settings, receipt.trips
        if receipt.keys > self.trust.keys().number:
            self.documents.fetch_keys()

    def disagree(self, judgement: belief.Judgement) -> Turn:
        """A receipt that moves no cursor: a fork, a revocation, or one to be ignored."""
        if judgement.verdict == "fork":
            with self.store.write():
                on_paper = forks.given_at_most(self.store, judgement.lost) if judgement.lost else NO_NUMBERS
                forks.fork(self.store, judgement.why, self.random_bytes, on_paper=on_paper)
            return Turn(more=True, link=self.load.link, evidence=f"new ledger: {judgement.why}")
        if judgement.verdict == "revoked":
            remember_pairing(self.store, "revoked")
            return Turn(failed=True, link="server-refuses", evidence="revoked")
        return Turn(failed=True, link=self.load.link, evidence=f"receipt ignored: {judgement.why}")

    def read_receipt(self, token: str) -> Receipt:
        """A receipt signed by a listed key; an unknown key is looked for in central's newest list, once."""
        try:
            return wire_receipt.read(token, self.trust.keys())
        except BadSignature as fault:
            if fault.code != "unknown-key" or not self.documents.fetch_keys():
                raise
            return wire_receipt.read(token, self.trust.keys())


def not_taken(said: Meaning, traffic: Traffic) -> Turn:
    """A turn without a receipt."""
    return Turn(
        failed=True,
        retry_after_s=said.retry_after_s,
        link=said.link,
        evidence=said.evidence,
        unknown_kiosk=said.unknown_kiosk,
        smaller=said.smaller,
        limit=said.limit,
        moved=traffic.acked > batching.SMALLEST,
        in_doubt=traffic.arrived,
    )


def unreadable(token: str) -> LinkState:
    """Three parts and a foreign signature are somebody else; anything less was cut on its way."""
    return (
        "captive-portal" if token.count(".") == 2 and len(token.rpartition(".")[2]) == SIGNATURE else "proxy-truncates"
    )


def purpose(stream: str) -> Purpose:
    """What a stream's bytes are spent on."""
    return "enrollments" if stream == ledger.ENROLLMENTS else "health"


def own(store: Store, state: StreamState, receipt: Receipt) -> belief.Own:
    """What the kiosk knows of a stream, read anew: lines may have been added since it was sent."""
    chain = ledger.chain_at(store, state.stream, receipt.held.n)
    now = ledger.state(store, state.name)
    text = None if chain is None else ledger.text_chain(chain)
    return belief.Own(now.ledger, now.name, now.last, now.held, now.seen, text)


def remember_pairing(store: Store, word: str) -> None:
    """Keep how central knows this kiosk: unpaired, pending, paired or revoked."""
    if ledger.facts(store, "pairing").get("pairing") != word:
        with store.write():
            ledger.set_fact(store, "pairing", word)
