"""Makes the golden files: `python -m tests.contract.golden.make [DIR]`.

Fixed test keys, fixed lines, a fixed ephemeral key where HPKE would take a random one. Only the bytes inside zstd
frames (and with them `size` and `sha256` of the claims) may differ between versions of the zstd library.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import msgspec

from agent.wire import base64url, batch, jose, keys, kinds, names, pairing, proof, receipt, settings, subject
from agent.wire.line import chain_next, chain_start, encode_line
from tests.contract import cases, hpke_by_hand
from tests.contract.cases import KEYS, KIOSK, LEDGER, RECEIPT, ROOT, SEAL, SETTINGS, STRANGER
from tests.contract.golden import invalid

HERE = Path(__file__).parent
EIGHT_O_CLOCK = 1_795_392_000_000  # 2026-11-23 08:00 in Makassar
MARK = "TEST KEY. Its private part is public. Never use it."
OFFICE, VILLAGE, PERSON = "64.02.05", "64.02.05.2001", {"nik": "6402054101100001", "name": "Siti Contoh"}
NEW_LEDGER = f"{STRANGER.thumbprint()}.qrstuvwx"
STATUS = batch.Status(
    backlog={"enrollments": 0, "health": 2},
    oldest_unsent_s=41,
    disk_free=21_474_836_480,
    clock_offset_ms=-1200,
    link="slow",
    stock={"ktp_blank": 120},
    warnings=["stock-low"],
)
TAKEN = kinds.TicketTaken(day=1, ticket="A-001", service="ktp_first", office=OFFICE, village=VILLAGE)
SAID = [
    kinds.DayOpened(day=1, date="2026-11-23"),
    TAKEN,
    kinds.TicketCalled(visit=2, counter=1, by=1),
    kinds.VisitFinished(visit=2, outcome="recorded", by=1),
    kinds.TicketTaken(day=1, ticket="A-002", service="move", office=OFFICE, village="outside"),
]


def numbered(said, first=1):
    """Lines of a stream, a minute apart."""
    return [
        encode_line(n, EIGHT_O_CLOCK + 60_000 * n, 3, 120_000 + 60_000 * n, kinds.KIND_NAMES[type(one)], one)
        for n, one in enumerate(said, start=first)
    ]


def chains(lines, ledger=LEDGER):
    """chain(0) and the chain after each line."""
    found = [chain_start(ledger, "enrollments")]
    for line in lines:
        found.append(chain_next(found[-1], line))
    return found


LINES = numbered(SAID)
CHAINS = chains(LINES)
TEXTS = [base64url.encode(chain) for chain in CHAINS]
PLAIN, ONCE = subject.pad(PERSON), bytes(range(32))


def sealed_person():
    """The subject beside line 2, sealed with an ephemeral key that is the same each time."""
    info = subject.info(LEDGER, "enrollments", 2)
    raw = hpke_by_hand.seal(PLAIN, SEAL.public_key.public_bytes_raw(), info, ONCE)
    return batch.Sealed(2, SEAL.thumbprint(), base64url.encode(raw))


def batch_file(key, lines, before, **claims):
    right = {"stream": "enrollments", "floor": 1, "seen": batch.Seen(1, 4), "software": "rekam/0.1.0"}
    return batch.build(key, lines=lines, chain_before=before, **(right | claims))


def continued():
    """First batch of a ledger that another key goes on with: nothing was receipted, so every old line is carried.

    Old line 2 is new line 3, and so is its subject, still sealed under its old name.
    """
    word = proof.sign_proof(STRANGER.thumbprint(), KIOSK)
    said = [kinds.LedgerContinued(ledger=LEDGER, n=0, chain=TEXTS[0], last=3, reason="cloned", proof=word)]
    for n, line in enumerate(LINES[:3], start=1):
        said.append(kinds.Carried(ledger=LEDGER, stream="enrollments", n=n, line=line.decode()))
    before, moved = chain_start(NEW_LEDGER, "enrollments"), msgspec.structs.replace(sealed_person(), n=3)
    about = {"ledger": NEW_LEDGER, "first": 1, "s": 1, "seen": batch.Seen(), "sealed": [moved]}
    return batch_file(STRANGER, numbered(said), before, **about)


def long_header():
    """A heartbeat of nothing whose header is as long as it may be, by a member that nobody knows."""
    short = cases.token(cases.claims(s=12), batch.TYP, header={"note": ""})
    size = len(base64url.decode(short.partition(".")[0], field="header"))
    note = {"note": "x" * (jose.MAX_HEADER - size)}
    return cases.token(cases.claims(s=12), batch.TYP, header=note).encode() + b"\n"


def unusable():
    """A good batch of lines that a receiver keeps and refuses, one for each code that needs no table of regions."""
    lines = [
        b"no json",
        b'{"n":2,"t":0,"b":1,"m":1,"d":{}}',
        b'{"n":3,"t":"0","b":1,"m":1,"k":"day.opened","d":{}}',
        encode_line(9, 0, 1, 1, "day.opened", {"day": 1, "date": "2026-11-23"}),
        encode_line(5, 0, 1, 1, "of.a.later.version", {"more": [1, 2]}),
    ]
    return batch_file(STRANGER, lines, chain_start(NEW_LEDGER, "enrollments"), ledger=NEW_LEDGER, first=1, s=2)


def batches():
    return {
        "three-lines": batch_file(KIOSK, LINES[:3], CHAINS[0], ledger=LEDGER, first=1, s=5),
        "with-subject": batch_file(KIOSK, LINES[:3], CHAINS[0], ledger=LEDGER, first=1, s=6, sealed=[sealed_person()]),
        "next-lines": batch_file(KIOSK, LINES[3:], CHAINS[3], ledger=LEDGER, first=4, s=7),
        "overlap": batch_file(KIOSK, LINES[1:4], CHAINS[1], ledger=LEDGER, first=2, s=8),
        "after-pruning": batch_file(KIOSK, LINES[3:], CHAINS[3], ledger=LEDGER, first=4, s=9, floor=4),
        "heartbeat": batch_file(KIOSK, [], CHAINS[5], ledger=LEDGER, first=6, s=10, status=STATUS),
        "heartbeat-of-nothing": batch_file(KIOSK, [], CHAINS[0], ledger=LEDGER, first=1, s=1, seen=batch.Seen()),
        "heartbeat-with-long-header": long_header(),
        "continued": continued(),
        "unusable-lines": unusable(),
    }


def said_of(held, s=7, **more):
    fields = cases.receipt_fields(held={"n": held, "chain": TEXTS[held]}, seq=5, s=s, s_max=s, at=EIGHT_O_CLOCK, **more)
    return receipt.sign(msgspec.convert(fields, receipt.Receipt), RECEIPT)


def tokens():
    """Every signed text that is not a batch, by file name."""
    gap = [{"first": 4, "last": 5, "chain": TEXTS[5]}]
    refused = [{"n": 2, "code": "unknown-village"}]
    return {
        "receipt.jws": said_of(3, s=5),
        "receipt-gap.jws": said_of(2, also=gap, refused=refused, refused_total=1),
        "receipt-mismatch.jws": said_of(2, problem={"code": "chain-mismatch", "n": 3}),
        "receipt-revoked.jws": said_of(3, problem={"code": "revoked"}),
        "receipt-restored.jws": said_of(1, epoch=2),
        "keys.jws": keys.sign(KEYS, ROOT),
        "settings.jws": settings.sign((1, 3), {"notices": [{"text": "Jumat tutup pukul 11"}]}, SETTINGS),
        "pair.jws": pairing.sign(OFFICE, KIOSK),
        "proof.jws": proof.sign_proof(STRANGER.thumbprint(), KIOSK),
    }


def facts():
    """What a reader must work out of the files, as JSON."""
    sealed = sealed_person()
    return {
        "ledger": LEDGER,
        "kiosk": KIOSK.thumbprint(),
        "root": ROOT.thumbprint(),
        "pairing_code": pairing.code(KIOSK.thumbprint()),
        "lines": [line.decode() for line in LINES],
        "chains": TEXTS,
        "subject": {
            "info": subject.info(LEDGER, "enrollments", 2).decode(),
            "plaintext": PLAIN.decode(),
            "ephemeral_private": base64url.encode(ONCE),
            "kid": sealed.kid,
            "sealed": sealed.sealed,
        },
        "refusals of unusable-lines": {"1": "not-json", "2": "missing-field", "3": "wrong-type", "4": "wrong-number"},
        "names": {
            "receipt of enrollments": names.receipt_name(LEDGER, "enrollments"),
            "receipt of health": names.receipt_name(LEDGER, "health"),
            "pair": names.pair_name(KIOSK.thumbprint()),
        },
    }


def opened(token):
    """Header and payload of a JWS in clear; the payload of a proof is no JSON."""
    head, body, _ = (base64url.decode(part, field="jws") for part in token.split("."))
    return {"header": json.loads(head), "payload": json.loads(body) if body[:1] == b"{" else body.decode()}


def pretty(value):
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode()


def opened_batch(file):
    """A batch in clear, without what depends on the zstd library."""
    token = file.partition(b"\n")[0].decode()
    found = batch.read(file)
    rows = [{"n": row.n, "kid": row.kid, "sealed": row.sealed} for row in found.sealed]
    return opened(token) | {"lines": [line.decode() for line in found.lines], "sealed": rows}


def key_files():
    named = {
        "kiosk": KIOSK,
        "another-kiosk": STRANGER,
        "root": ROOT,
        "receipt": RECEIPT,
        "settings": SETTINGS,
        "seal": SEAL,
    }
    for name, key in named.items():
        yield f"test-keys/{name}.jwk", pretty(json.loads(jose.private_text(key)) | {"rekam": MARK})


def files():
    """Every golden file: name → bytes."""
    made = dict(key_files())
    for name, file in batches().items():
        made |= {f"{name}.rekam": file, f"{name}.json": pretty(opened_batch(file))}
    for name, token in tokens().items():
        made |= {name: token.encode(), name.replace(".jws", ".json"): pretty(opened(token))}
    bad = invalid.files(batches()["with-subject"], LINES, CHAINS)
    made |= {f"invalid/{name}": file for name, (file, _, _) in bad.items()}
    expected = {name: {"code": code, "field": field} for name, (_, code, field) in bad.items()}
    return made | {"facts.json": pretty(facts()), "invalid/expected.json": pretty(expected)}


def write(folder):
    """Write every golden file below `folder`."""
    for name, file in files().items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file)


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
    print(f"{len(files())} files")
