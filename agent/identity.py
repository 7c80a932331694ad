"""The kiosk's key, and a new one when its disk was cloned into another machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agent.errors import BadData, SettingsError
from agent.machine import is_another_machine, joined
from agent.store import forks, ledger
from agent.store.database import Store
from agent.wire import jose
from agent.wire.line import ledger_thumbprint
from agent.wire.proof import sign_proof

if TYPE_CHECKING:
    from joserfc.jwk import OKPKey

KEY: Final = "keys/kiosk.jwk"
NEXT_KEY: Final = "keys/kiosk.jwk.next"
MACHINE: Final = "machine"


def load_key(home: Path) -> OKPKey:
    """The kiosk's private key; raises SettingsError `no-key` or BadData `bad-key`."""
    file = home / KEY
    try:
        return jose.read_key(file.read_bytes(), file=str(file))
    except OSError as fault:
        raise SettingsError("no-key", f"the kiosk's key cannot be read ({fault.strerror})", file=str(file)) from fault


def write_key(file: Path, key: OKPKey) -> None:
    """A private key in a synced file that only its owner may read."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    with os.fdopen(handle, "w") as out:
        out.write(jose.private_text(key) + "\n")
        out.flush()
        os.fsync(out.fileno())


def settle(store: Store, machine: str | None, random_bytes: forks.RandomBytes) -> OKPKey:
    """The key that signs the open ledger on this machine; first forks if the disk was cloned.

    `machine` is this machine's mark; None where it has none, and then nothing is compared.
    """
    finish_half_made(store)
    key = load_key(store.home)
    known = ledger.facts(store, MACHINE).get(MACHINE)
    if machine is not None and known is not None and is_another_machine(known, machine):
        return become_another(store, key, machine, random_bytes)
    seen = joined(known or "", machine or "")  # a card may fail, come late or be added: the same machine
    if seen != (known or ""):
        with store.write():
            ledger.set_fact(store, MACHINE, seen)
    return key


def become_another(store: Store, old: OKPKey, machine: str, random_bytes: forks.RandomBytes) -> OKPKey:
    """A new key and a new ledger that proves its descent; pairing starts again."""
    new = jose.new_key()
    write_key(store.home / NEXT_KEY, new)
    with store.write():
        proof = sign_proof(new.thumbprint(), old)
        forks.fork(store, forks.CLONED, random_bytes, thumbprint=new.thumbprint(), proof=proof)
        ledger.set_fact(store, MACHINE, machine)
        ledger.set_fact(store, "pairing", "unpaired")
    finish_half_made(store)
    return new


def finish_half_made(store: Store) -> None:
    """After a power cut in the middle: the new key counts if the new ledger was committed."""
    following = store.home / NEXT_KEY
    if not following.exists():
        return
    owner = ledger_thumbprint(ledger.tail(store, ledger.ENROLLMENTS).ledger)
    try:
        counts = jose.read_key(following.read_bytes(), file=str(following)).thumbprint() == owner
    except BadData:
        counts = False  # cut off while it was written, so its ledger was never committed
    if counts:
        following.replace(store.home / KEY)
    else:
        following.unlink()
