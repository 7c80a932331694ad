"""What must be refused: for each file the code and the field of our own reader. Other readers need only the code."""

from __future__ import annotations

import json
import struct

from agent.wire import base64url, batch, frames, jose, keys, pairing, proof, receipt
from tests.contract import cases
from tests.contract.cases import CHAIN, KEYS, KIOSK, LEDGER, RECEIPT, ROOT, STRANGER, token

MALFORMED = "malformed"


class Example:
    """A good batch that can be signed again with something wrong in it."""

    def __init__(self, file):
        self.file = file
        self.token, _, self.frames = file.partition(b"\n")
        self.claims = json.loads(base64url.decode(self.token.decode().split(".")[1], field="jws"))
        self.size = self.claims["lines"]["size"]

    def signed(self, **changes):
        return token(self.claims | changes, batch.TYP).encode() + b"\n" + self.frames

    def header(self, **changes):
        return token(self.claims, batch.TYP, header=changes).encode() + b"\n" + self.frames

    def framed(self, lines, sealed=b"", **changes):
        """Other frames, rightly hashed and signed."""
        about = {"lines": measured(lines)} | ({"sealed": measured(sealed)} if sealed else {})
        body = {name: value for name, value in self.claims.items() if name != "sealed"}
        return token(body | about | changes, batch.TYP).encode() + b"\n" + lines + sealed


def measured(frame):
    piece = batch.piece(frame)
    return {"size": piece.size, "sha256": piece.sha256}


def signatures(good):
    """Signed by nobody, by somebody else, or by a way that this contract does not have."""
    head, body, signature = good.token.decode().split(".")
    twice = json.dumps({"alg": "Ed25519", "typ": batch.TYP, "kid": KIOSK.thumbprint(), "jwk": jose.public(KIOSK)})
    zeros = f"{head}.{body}.{base64url.encode(bytes(64))}".encode()
    return {
        "signature-of-zeros.rekam": (zeros + b"\n" + good.frames, "bad-signature", ""),
        "signature-missing.rekam": (f"{head}.{body}.".encode() + b"\n" + good.frames, "bad-signature", ""),
        "signature-spelled-otherwise.rekam": (
            good.file.replace(signature.encode(), other_spelling(signature)),
            "bad-signature",
            "",
        ),
        "signature-with-padding.rekam": (good.token + b"==\n" + good.frames, "bad-signature", ""),
        "alg-none.rekam": (good.header(alg="none"), MALFORMED, "header"),
        "alg-eddsa.rekam": (good.header(alg="EdDSA"), MALFORMED, "header"),
        "typ-of-a-receipt.rekam": (good.header(typ=receipt.TYP), MALFORMED, "header"),
        "crit-b64.rekam": (good.header(crit=["b64"], b64=False), MALFORMED, "header"),
        "header-member-twice.rekam": (raw_header(good, twice[:-1] + ', "typ": "x"}'), MALFORMED, "header"),
        "header-too-long.rekam": (good.header(note="x" * jose.MAX_HEADER), MALFORMED, "header"),
        "kid-of-another.rekam": (good.header(kid=STRANGER.thumbprint()), MALFORMED, "kid"),
        "jwk-missing.rekam": (good.header(jwk=None), MALFORMED, "jwk"),
        "jwk-private.rekam": (
            good.header(jwk=jose.public(KIOSK) | {"d": base64url.encode(bytes(32))}),
            "bad-key",
            "jwk",
        ),
        "ledger-of-another-key.rekam": (stolen(good), MALFORMED, "ledger"),
    }


def other_spelling(signature):
    """86 letters carry 516 bits for 512: the last four are zero in the one spelling, here the lowest is one."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return (signature[:-1] + letters[letters.index(signature[-1]) + 1]).encode()


def raw_header(good, header):
    return token(good.claims, batch.TYP, header=header.encode()).encode() + b"\n" + good.frames


def stolen(good):
    return token(good.claims, batch.TYP, key=STRANGER).encode() + b"\n" + good.frames


def claims(good):
    """Well signed, and yet it cannot be true."""
    twice = json.dumps(good.claims)[:-1] + ', "last": 9}'
    size = good.claims["lines"] | {"size": good.size - 1}
    return {
        "version-2.rekam": (good.signed(v=2), "unsupported", "v"),
        "frame-gzip.rekam": (good.signed(frame="ndjson+gzip"), "unsupported", "frame"),
        "claim-twice.rekam": (token(twice.encode(), batch.TYP).encode() + b"\n" + good.frames, MALFORMED, "claims"),
        "seen-null.rekam": (good.signed(seen=None), MALFORMED, "claims"),
        "stream-unknown.rekam": (good.signed(stream="visits"), MALFORMED, "stream"),
        "before-line-1-wrong.rekam": (good.signed(before=CHAIN), MALFORMED, "before"),
        "after-wrong.rekam": (good.signed(after=CHAIN), MALFORMED, "after"),
        "after-with-padding.rekam": (good.signed(after=good.claims["after"] + "="), MALFORMED, "after"),
        "count-wrong.rekam": (good.signed(last=4), MALFORMED, "raw"),
        "raw-wrong.rekam": (good.signed(raw=good.claims["raw"] + 1), MALFORMED, "raw"),
        "size-wrong.rekam": (good.signed(lines=size), MALFORMED, "size"),
        "hash-wrong.rekam": (good.signed(lines=good.claims["lines"] | {"sha256": CHAIN}), MALFORMED, "sha256"),
        "floor-above-first.rekam": (good.signed(floor=2), MALFORMED, "floor"),
        "number-too-large.rekam": (good.signed(s=2**53), MALFORMED, "claims"),
        "heartbeat-in-health.rekam": (cases.heartbeat(stream="health"), MALFORMED, "before"),
        "heartbeat-with-raw.rekam": (cases.heartbeat(raw=1), MALFORMED, "lines"),
        "status-without-backlog.rekam": (cases.heartbeat(status={"link": "good"}), MALFORMED, "claims"),
        "status-of-another-type.rekam": (good.signed(status={"backlog": {"health": "0"}}), MALFORMED, "claims"),
    }


def shapes(good, lines, chains):
    """Bytes that are not the file that the claims tell of."""
    raw = b"".join(line + b"\n" for line in lines[:3])
    frame = frames.pack(lines[:3])[0]
    hidden = struct.pack("<II", 0x184D2A50, 4) + b"seen"
    outside = frames.pack([b'{"n":9,"kid":"k","sealed":"AAAA"}'])[0]
    in_clear = frames.pack([json.dumps({"n": 1, "kid": CHAIN, "sealed": "Siti\0"}).encode()])[0]
    long = token(json.dumps(good.claims).encode() + b" " * 8192, batch.TYP).encode()
    return {
        "empty.rekam": (b"", MALFORMED, "jws"),
        "html.rekam": (b"<!doctype html>\n<h1>Selamat datang</h1>\n", MALFORMED, "header"),
        "no-newline.rekam": (good.token, MALFORMED, "jws"),
        "jws-too-long.rekam": (long + b"\n" + good.frames, MALFORMED, "jws"),
        "cut-short.rekam": (good.file[:-1], MALFORMED, "size"),
        "byte-behind.rekam": (good.file + b"\n", MALFORMED, "size"),
        "frame-damaged.rekam": (damaged(good), MALFORMED, "sha256"),
        "frame-plain.rekam": (good.framed(raw), MALFORMED, "lines"),
        "frame-twice.rekam": (good.framed(frame + frame), MALFORMED, "lines"),
        "frame-behind-skippable.rekam": (good.framed(hidden + frame), MALFORMED, "lines"),
        "frame-of-9-mb.rekam": (good.framed(frames.pack([b" " * 9 * 1024 * 1024])[0]), MALFORMED, "lines"),
        "last-newline-missing.rekam": (good.framed(frames.zstd.compress(raw[:-1])), MALFORMED, "lines"),
        "lines-swapped.rekam": (good.framed(frames.pack([lines[1], lines[0], lines[2]])[0]), MALFORMED, "after"),
        "subject-beside-no-line.rekam": (good.framed(frame, outside), MALFORMED, "sealed"),
        "subject-not-sealed.rekam": (good.framed(frame, in_clear), MALFORMED, "sealed"),
    }


def damaged(good):
    place = len(good.token) + 1 + good.size // 2
    return good.file[:place] + bytes([good.file[place] ^ 1]) + good.file[place + 1 :]


def texts(good):
    """Receipts, key lists, requests and proofs."""
    request = jose.sign(b'{"office":"64.02.05"}', KIOSK, pairing.TYP, show_key=False)
    forged = token(cases.receipt_fields(), receipt.TYP, key=KIOSK, header={"kid": RECEIPT.thumbprint()})
    overlap = [{"first": 1, "last": 2, "chain": CHAIN}]
    return {
        "bearer-with-lines.bearer": (good.token, MALFORMED, "first"),
        "key-not-listed.receipt": (token(cases.receipt_fields(), receipt.TYP, key=ROOT).encode(), "unknown-key", "kid"),
        "forged.receipt": (forged.encode(), "bad-signature", ""),
        "ranges-below-held.receipt": (cases.receipt_token(also=overlap).encode(), MALFORMED, "also"),
        "held-negative.receipt": (cases.receipt_token(held={"n": -1, "chain": CHAIN}).encode(), MALFORMED, "receipt"),
        "html.receipt": (b"<h1>Selamat datang</h1>", MALFORMED, "header"),
        "another-root.keys": (keys.sign(KEYS, KIOSK).encode(), "foreign-root", "jwk"),
        "key-missing.pair": (request.encode(), MALFORMED, "jwk"),
        "no-thumbprint.proof": (token(LEDGER.encode(), proof.TYP).encode(), MALFORMED, "proof"),
    }


def files(good_file, lines, chains):
    """Name → (bytes, code, field)."""
    good = Example(good_file)
    return signatures(good) | claims(good) | shapes(good, lines, chains) | texts(good)
