"""Keys, tokens and batches for the tests of the wire; every key here is a TEST KEY with a public seed."""

from __future__ import annotations

import hashlib
import json

from hypothesis import strategies as st

from agent.errors import RekamError
from agent.wire import base64url, batch, jose, keys, line, receipt

LEDGER_TAIL = "abcdefgh"


def fixed_key(name, curve="Ed25519"):
    """The test key of a name: its private bytes are the SHA-256 of a sentence that anyone may read."""
    from cryptography.hazmat.primitives import serialization
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

    seed = hashlib.sha256(f"rekam TEST KEY, never use it: {name}".encode()).digest()
    private = (Ed25519PrivateKey if curve == "Ed25519" else X25519PrivateKey).from_private_bytes(seed)
    x = private.public_key().public_bytes(serialization.Encoding.Raw, serialization.PublicFormat.Raw)
    fields = {"kty": "OKP", "crv": curve, "x": base64url.encode(x), "d": base64url.encode(seed)}
    return jose.read_key(fields, curve=curve)


KIOSK = fixed_key("kiosk")
STRANGER = fixed_key("another kiosk")
ROOT = fixed_key("root")
RECEIPT = fixed_key("receipt")
SETTINGS = fixed_key("settings")
SEAL = fixed_key("seal", "X25519")
LEDGER = f"{KIOSK.thumbprint()}.{LEDGER_TAIL}"
KEYS = keys.KeyList(
    1, 7, [keys.listed(RECEIPT, "receipt"), keys.listed(SETTINGS, "settings"), keys.listed(SEAL, "seal", "2026-11")]
)


def refusal(read):
    """The code with which `read` refuses, "" where it reads; anything else that it raises goes through."""
    try:
        read()
    except RekamError as fault:
        return fault.code
    return ""


def token(payload, typ, *, key=KIOSK, header=None):
    """A JWS made by hand: `header` is a dict of changes to the right one, or the bytes that stand in its place."""
    right = {"alg": "Ed25519", "typ": typ, "kid": key.thumbprint(), "jwk": jose.public(key)}
    raw = header if isinstance(header, bytes) else json.dumps(right | (header or {})).encode()
    text = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    signed = base64url.encode(raw) + "." + base64url.encode(text)
    return signed + "." + base64url.encode(key.private_key.sign(signed.encode()))


def claims(**changes):
    """Claims of a heartbeat of an empty ledger, as a JSON object."""
    start = base64url.encode(line.chain_start(LEDGER, "enrollments"))
    nothing = {"size": 0, "sha256": base64url.encode(hashlib.sha256(b"").digest())}
    right = {
        "v": 1,
        "frame": "ndjson+zstd",
        "ledger": LEDGER,
        "stream": "enrollments",
        "first": 1,
        "last": 0,
        "before": start,
        "after": start,
        "raw": 0,
        "lines": nothing,
        "floor": 1,
        "seen": {"epoch": 0, "seq": 0},
        "s": 1,
        "software": "test",
    }
    return right | changes


def heartbeat(**changes):
    """The file of a heartbeat whose claims are changed."""
    return token(claims(**changes), batch.TYP).encode() + b"\n"


def lines(count, first=1):
    """Some plain lines, numbered from `first`."""
    numbers = range(first, first + count)
    return [
        line.encode_line(n, 1_763_000_000_000 + n, 1, 1000 * n, "day.opened", {"day": n, "date": "2026-11-23"})
        for n in numbers
    ]


def build(some_lines, **changes):
    """The file of a batch of lines that begin the enrollments stream."""
    about = {
        "ledger": LEDGER,
        "stream": "enrollments",
        "first": 1,
        "floor": 1,
        "seen": batch.Seen(),
        "s": 1,
        "software": "test",
        "chain_before": line.chain_start(LEDGER, "enrollments"),
    }
    return batch.build(KIOSK, lines=some_lines, **(about | changes))


def receipt_fields(**changes):
    """A receipt for an empty ledger, as a JSON object."""
    right = {
        "v": 1,
        "ledger": LEDGER,
        "stream": "enrollments",
        "held": {"n": 0, "chain": base64url.encode(line.chain_start(LEDGER, "enrollments"))},
        "also": [],
        "refused": [],
        "refused_total": 0,
        "epoch": 1,
        "seq": 1,
        "s": 1,
        "s_max": 1,
        "at": 1_763_000_000_000,
        "settings": [0, 0],
        "keys": 7,
    }
    return right | changes


def receipt_token(**changes):
    """A receipt whose members are changed, signed by the listed receipt key."""
    return token(receipt_fields(**changes), receipt.TYP, key=RECEIPT)


CHAIN = base64url.encode(hashlib.sha256(b"some chain").digest())
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=8,
)
line_lists = st.lists(
    st.builds(
        lambda t, b, m, k, d: (t, b, m, k, d),
        st.integers(-(2**53) + 1, 2**53 - 1),
        st.integers(0, 2**53 - 1),
        st.integers(0, 2**53 - 1),
        st.text(max_size=20).filter(lambda kind: kind != line.CARRIED),
        st.dictionaries(st.text(max_size=8), anything, max_size=4),
    ),
    max_size=8,
).map(lambda rows: [line.encode_line(n, *row) for n, row in enumerate(rows, start=1)])
