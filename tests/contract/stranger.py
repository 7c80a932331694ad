"""A receiver made from docs/wire.md alone: sqlite3, a JOSE library, zstd, and nothing of Rekam.

    python tests/contract/stranger.py --dir D [--port 0] [--approve-all]   serves; prints {"url", "root"} as one line
    python tests/contract/stranger.py --dir D --approve CODE | --revoke CODE

It keeps what arrived in D/stranger.db and its own keys in D/keys.json. It knows no regions and no kinds.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import sqlite3
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from jwcrypto.common import JWException
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

MOST = 2**53 - 1
MB = 1024 * 1024
STREAMS = ("enrollments", "health")
B64 = re.compile(r"[A-Za-z0-9_-]*\Z")
LEDGER = re.compile(r"[A-Za-z0-9_-]{43}\.[a-z2-7]{8}\Z")
JOSE = "application/jose"
TABLES = """
CREATE TABLE IF NOT EXISTS kiosk (thumbprint TEXT PRIMARY KEY, office TEXT, state TEXT);
CREATE TABLE IF NOT EXISTS ledger (ledger TEXT PRIMARY KEY, s_max INTEGER, bearer INTEGER, status_s INTEGER,
    status TEXT);
CREATE TABLE IF NOT EXISTS stream (ledger TEXT, stream TEXT, held INTEGER, epoch INTEGER, seq INTEGER,
    PRIMARY KEY (ledger, stream));
CREATE TABLE IF NOT EXISTS chain (ledger TEXT, stream TEXT, n INTEGER, chain BLOB, PRIMARY KEY (ledger, stream, n));
CREATE TABLE IF NOT EXISTS line (ledger TEXT, stream TEXT, n INTEGER, body BLOB, PRIMARY KEY (ledger, stream, n));
CREATE TABLE IF NOT EXISTS lost (ledger TEXT, stream TEXT, n INTEGER, PRIMARY KEY (ledger, stream, n));
CREATE TABLE IF NOT EXISTS refused (ledger TEXT, stream TEXT, n INTEGER, code TEXT, PRIMARY KEY (ledger, stream, n));
CREATE TABLE IF NOT EXISTS subject (ledger TEXT, stream TEXT, n INTEGER, kid TEXT, sealed TEXT,
    PRIMARY KEY (ledger, stream, n));
CREATE TABLE IF NOT EXISTS evidence (sha256 BLOB PRIMARY KEY, file BLOB);
"""


class Refusal(Exception):
    """An HTTP status and a problem's code."""

    def __init__(self, status, code, detail="", **more):
        super().__init__(status, code, detail)
        self.status, self.code, self.detail, self.more = status, code, detail, more


def malformed(detail):
    return Refusal(422, "malformed", detail)


def need(truth, detail):
    if not truth:
        raise malformed(detail)


# --- words (section 1) ---


def b64(raw):
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unb64(text, size=None):
    need(isinstance(text, str) and B64.match(text) and len(text) % 4 != 1, "not b64")
    raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    need(b64(raw) == text and size in (None, len(raw)), "not b64 in its one spelling, or of another size")
    return raw


def sha256(raw):
    return hashlib.sha256(raw).digest()


def count(value, low=0):
    return type(value) is int and low <= value <= MOST


def parse(raw):
    """JSON that was signed: an object, no member twice."""

    def once(members):
        need(len(dict(members)) == len(members), "a member stands twice")
        return dict(members)

    try:
        found = read_json(raw, object_pairs_hook=once)
    except (ValueError, RecursionError) as fault:
        raise malformed(str(fault)) from fault
    need(isinstance(found, dict), "not an object")
    return found


def read_json(raw, **hooks):
    """A JSON value; raises ValueError or RecursionError. Numbers of many digits are left to others, as floats."""
    found = json.loads(raw.decode("utf-8"), parse_constant=no_constant, parse_int=whole, **hooks)
    json.dumps(found, ensure_ascii=False).encode("utf-8")  # half a surrogate pair is no text
    return found


def whole(digits):
    return int(digits) if len(digits) < 20 else float(digits)


def no_constant(word):
    raise ValueError(f"{word} is not JSON")


# --- signed texts and keys (sections 2, 3) ---


def thumbprint(x, crv="Ed25519"):
    return b64(sha256(f'{{"crv":"{crv}","kty":"OKP","x":"{x}"}}'.encode()))


def sign(payload, key, typ, show=False):
    x = b64(key.public_key().public_bytes_raw())
    header = {"alg": "Ed25519", "typ": typ, "kid": thumbprint(x)}
    if show:
        header["jwk"] = {"kty": "OKP", "crv": "Ed25519", "x": x}
    made = JWS(payload)
    made.add_signature(JWK.from_pyca(key), protected=json.dumps(header, separators=(",", ":")))
    return made.serialize(compact=True)


def verify(token, typ):
    """Payload and thumbprint of a JWS that shows its key."""
    parts = token.split(".")
    need(len(parts) == 3, "not a compact JWS")
    head = unb64(parts[0])
    need(len(head) <= 512, "header too long")
    header = parse(head)
    need(header.get("alg") == "Ed25519" and header.get("typ") == typ, "wrong alg or typ")
    need("crit" not in header and "b64" not in header, "crit or b64")
    jwk = header.get("jwk")
    need(isinstance(jwk, dict) and (jwk.get("kty"), jwk.get("crv")) == ("OKP", "Ed25519") and "d" not in jwk, "jwk")
    unb64(jwk.get("x"), 32)
    unb64(parts[2], 64)
    need(header.get("kid") == thumbprint(jwk["x"]), "kid is not the thumbprint of jwk")
    try:
        JWS.from_jose_token(token).verify(JWK(**jwk), alg="Ed25519")
    except (JWException, ValueError) as fault:
        raise malformed("bad signature") from fault
    return unb64(parts[1]), header["kid"]


# --- batch file and heartbeat (sections 4, 6, 7, 8) ---


def read_claims(token):
    """The claims of a batch's JWS, checked, and the key that signed them."""
    payload, signer = verify(token, "rekam-batch+jws")
    claims = parse(payload)
    if claims.get("v") != 1 or claims.get("frame") != "ndjson+zstd":
        raise Refusal(422, "unsupported", "v 1 and frame ndjson+zstd are understood here")
    need(isinstance(claims.get("ledger"), str) and LEDGER.match(claims["ledger"]), "ledger")
    need(claims["ledger"].partition(".")[0] == signer, "only the ledger's own key may sign it")
    need(claims.get("stream") in STREAMS, "stream")
    need(count(claims.get("first"), 1) and count(claims.get("last"), claims["first"] - 1), "first and last")
    need(count(claims.get("floor"), 1) and claims["floor"] <= claims["first"], "floor")
    need(
        count(claims.get("s")) and count(claims.get("raw")) and isinstance(claims.get("software"), str),
        "s, raw, software",
    )
    seen = claims.get("seen")
    need(isinstance(seen, dict) and count(seen.get("epoch")) and count(seen.get("seq")), "seen")
    before = unb64(claims.get("before"), 32)
    unb64(claims.get("after"), 32)
    need(claims["first"] > 1 or before == start(claims["ledger"], claims["stream"]), "before line 1")
    check_piece(claims.get("lines"))
    if claims.get("sealed") is not None:
        check_piece(claims["sealed"])
    if claims.get("status") is not None:
        check_status(claims["status"])
    if claims["last"] < claims["first"]:
        check_heartbeat(claims)
    return claims, signer


def check_piece(piece):
    need(isinstance(piece, dict) and count(piece.get("size")), "size of a frame")
    unb64(piece.get("sha256"), 32)


def check_status(status):
    need(isinstance(status, dict), "status")
    for name in ("backlog", "stock"):
        found = status.get(name, {} if name == "stock" else None)
        need(isinstance(found, dict) and all(count(n, -MOST) for n in found.values()), f"{name} of the status")
    need(all(count(status.get(name, 0), -MOST) for name in ("oldest_unsent_s", "disk_free")), "numbers of the status")
    offset, warnings = status.get("clock_offset_ms"), status.get("warnings", [])
    need(offset is None or count(offset, -MOST), "clock_offset_ms")
    need(isinstance(status.get("link", ""), str), "link")
    need(isinstance(warnings, list) and all(isinstance(each, str) for each in warnings), "warnings")


def check_heartbeat(claims):
    nothing = {"size": 0, "sha256": b64(sha256(b""))}
    need(claims["stream"] == "enrollments" and claims["before"] == claims["after"], "heartbeat")
    need(claims["raw"] == 0 and claims["lines"] == nothing and claims.get("sealed") is None, "heartbeat with frames")


def start(ledger, stream):
    return sha256(f"{ledger}/{stream}".encode())


def unpack(frame):
    """The bytes of exactly one zstd frame, bounded before it is opened."""
    need(frame[:4] == b"\x28\xb5\x2f\xfd", "no zstd frame")
    reader = zstd.ZstdDecompressor(options={zstd.DecompressionParameter.window_log_max: 23})
    try:
        need(not zstd.get_frame_info(frame).dictionary_id, "dictionary")
        raw = reader.decompress(frame, max_length=8 * MB + 1)
    except zstd.ZstdError as fault:
        raise malformed(str(fault)) from fault
    need(len(raw) <= 8 * MB and reader.eof and not reader.unused_data, "more or less than one frame of 8 MB")
    return raw


def rows(raw):
    need(not raw or raw.endswith(b"\n"), "a line without newline")
    return raw[:-1].split(b"\n") if raw else []


class Batch:
    """A batch file whose every byte was checked; `chains` has the chain after each line."""

    def __init__(self, file):
        head, newline, rest = file.partition(b"\n")
        need(newline and len(head) <= 8 * 1024 and head.isascii(), "no JWS of at most 8 kB and a newline")
        self.claims, self.signer = read_claims(head.decode())
        size = self.claims["lines"]["size"]
        pieces = [(self.claims["lines"], rest[:size])]
        if self.claims.get("sealed") is not None:
            pieces.append((self.claims["sealed"], rest[size:]))
        need(len(rest) == sum(piece["size"] for piece, _ in pieces), "shorter or longer than claimed")
        for piece, frame in pieces:
            need(b64(sha256(frame)) == piece["sha256"] and len(frame) == piece["size"], "another frame than was signed")
        self.lines = self.read_lines(rest[:size])
        self.sealed = self.read_sealed(rest[size:]) if len(pieces) == 2 else []
        self.before = unb64(self.claims["before"])
        self.chains = self.chained()

    @property
    def is_heartbeat(self):
        return not self.lines

    def read_lines(self, frame):
        if self.claims["last"] < self.claims["first"]:
            return []
        raw = unpack(frame)
        lines = rows(raw)
        expected = self.claims["last"] - self.claims["first"] + 1
        need(len(raw) == self.claims["raw"] and len(lines) == expected, "raw size or number of lines")
        return lines

    def read_sealed(self, frame):
        found = [parse(row) for row in rows(unpack(frame))]
        for row in found:
            in_range = count(row.get("n"), self.claims["first"]) and row["n"] <= self.claims["last"]
            need(in_range, "a subject beside no line of this batch")
            unb64(row.get("kid"), 32)
            unb64(row.get("sealed"))
        need(len({row["n"] for row in found}) == len(found), "two subjects beside one line")
        return found

    def chained(self):
        chain, found = self.before, []
        for line in self.lines:
            chain = sha256(chain + line)
            found.append(chain)
        need(b64(chain) == self.claims["after"], "the lines do not chain to after")
        return found


def fault_of(line, n):
    """The code with which a line is refused, or None; the last of two equal members counts."""
    try:
        found = read_json(line)
    except (ValueError, RecursionError):
        return "not-json"
    if not isinstance(found, dict):
        return "wrong-type"
    if not {"n", "t", "b", "m", "k", "d"} <= set(found):
        return "missing-field"
    numbers = count(found["n"], 1) and count(found["t"], -MOST) and count(found["b"]) and count(found["m"])
    if not numbers or not isinstance(found["k"], str):
        return "wrong-type"
    return None if found["n"] == n else "wrong-number"


# --- the receiver (sections 10, 11, 14, 16) ---


class Receiver:
    """What central is to kiosks; every call is one transaction behind one lock."""

    def __init__(self, folder, approve_all=False, limit=MB):
        self.folder, self.approve_all, self.limit = Path(folder), approve_all, limit
        self.folder.mkdir(parents=True, exist_ok=True)
        self.keys = self.own_keys()
        self.lock = threading.Lock()
        self.db = sqlite3.connect(
            self.folder / "stranger.db", check_same_thread=False, isolation_level=None, timeout=120
        )
        self.db.executescript("PRAGMA synchronous = FULL;" + TABLES)

    def close(self):
        self.db.close()

    def own_keys(self):
        path = self.folder / "keys.json"
        if not path.exists():
            signing = {
                name: b64(Ed25519PrivateKey.generate().private_bytes_raw()) for name in ("root", "receipt", "settings")
            }
            path.write_text(json.dumps(signing | {"seal": b64(X25519PrivateKey.generate().private_bytes_raw())}))
        raw = {name: unb64(text) for name, text in json.loads(path.read_text()).items()}
        seal = X25519PrivateKey.from_private_bytes(raw.pop("seal"))
        return {name: Ed25519PrivateKey.from_private_bytes(each) for name, each in raw.items()} | {"seal": seal}

    def key_list(self):
        listed = []
        for use, crv in (("receipt", "Ed25519"), ("settings", "Ed25519"), ("seal", "X25519")):
            x = b64(self.keys[use].public_key().public_bytes_raw())
            listed.append({"kty": "OKP", "crv": crv, "x": x, "kid": thumbprint(x, crv), "use": use})
        listed[-1]["month"] = time.strftime("%Y-%m", time.gmtime())
        return sign(
            json.dumps({"v": 1, "number": 1, "keys": listed}).encode(), self.keys["root"], "rekam-keys+jws", show=True
        )

    def root(self):
        return thumbprint(b64(self.keys["root"].public_key().public_bytes_raw()))

    def rows(self, query, *values):
        return self.db.execute(query, values).fetchall()

    def one(self, query, *values):
        found = self.db.execute(query, values).fetchone()
        return found[0] if found else None

    def transact(self, work, *values):
        """Commit, and only then let anybody see what was said."""
        with self.lock:
            self.db.execute("BEGIN IMMEDIATE")
            try:
                said = work(*values)
            except BaseException:
                self.db.execute("ROLLBACK")
                raise
            self.db.execute("COMMIT")
            return said

    def pair(self, body):
        """202 until somebody approves the code, then 200."""
        need(body.isascii(), "not a JWS")
        payload, kiosk = verify(body.decode().strip(), "rekam-pair+jws")
        office = parse(payload).get("office")
        need(isinstance(office, str), "office")
        state = "approved" if self.approve_all else "pending"
        self.db.execute("INSERT OR IGNORE INTO kiosk VALUES (?, ?, ?)", (kiosk, office, state))
        if self.state(kiosk) == "revoked":
            raise Refusal(403, "revoked", "ask central IT")
        if self.state(kiosk) != "approved":
            return 202, "application/json", json.dumps({"status": "pending"})
        return 200, "application/json", json.dumps({"kiosk": kiosk, "keys": self.key_list()})

    def state(self, kiosk):
        return self.one("SELECT state FROM kiosk WHERE thumbprint = ?", kiosk)

    def decide(self, code, state):
        """Approve or revoke by the code that somebody read out on the phone."""
        for (kiosk,) in self.rows("SELECT thumbprint FROM kiosk"):
            if base64.b32encode(unb64(kiosk)).decode()[:12] == code.replace("-", ""):
                self.db.execute("UPDATE kiosk SET state = ? WHERE thumbprint = ?", (state, kiosk))

    def batch(self, file):
        """Steps 1 to 10 of section 11."""
        if len(file) > self.limit:
            raise Refusal(413, "too-large", "send smaller batches", limit=self.limit)
        batch = Batch(file)
        state = self.state(batch.signer)
        if state not in ("approved", "revoked"):
            raise Refusal(401, "unknown-kiosk", "ask to be paired, and have the code approved")
        self.open_stream(batch.claims["ledger"], batch.claims["stream"])
        self.note_s(batch.claims)
        key = (batch.claims["ledger"], batch.claims["stream"])
        if state == "revoked":
            return 403, JOSE, self.receipt(*key, batch.claims["s"], {"code": "revoked"})
        self.notice_restore(key, batch.claims["seen"])
        wrong = self.mismatch(key, batch)
        if wrong is not None:
            return 409, JOSE, self.receipt(*key, batch.claims["s"], {"code": "chain-mismatch", "n": wrong})
        self.count_lost(key, batch)
        fresh = self.store(key, batch)
        if fresh:
            self.db.execute("INSERT OR IGNORE INTO evidence VALUES (?, ?)", (sha256(file), file))
        self.advance(key)
        return 201 if fresh else 200, JOSE, self.receipt(*key, batch.claims["s"])

    def open_stream(self, ledger, stream):
        self.db.execute("INSERT OR IGNORE INTO ledger VALUES (?, 0, -1, -1, NULL)", (ledger,))
        self.db.execute("INSERT OR IGNORE INTO stream VALUES (?, ?, 0, 1, 0)", (ledger, stream))
        self.db.execute("INSERT OR IGNORE INTO chain VALUES (?, ?, 0, ?)", (ledger, stream, start(ledger, stream)))

    def note_s(self, claims):
        self.db.execute("UPDATE ledger SET s_max = max(s_max, ?) WHERE ledger = ?", (claims["s"], claims["ledger"]))
        if claims["last"] < claims["first"] and claims.get("status") is not None:
            news = (claims["s"], json.dumps(claims["status"]), claims["ledger"], claims["s"])
            self.db.execute("UPDATE ledger SET status_s = ?, status = ? WHERE ledger = ? AND status_s < ?", news)

    def notice_restore(self, key, seen):
        epoch, seq = self.rows("SELECT epoch, seq FROM stream WHERE ledger = ? AND stream = ?", *key)[0]
        if (seen["epoch"], seen["seq"]) > (epoch, seq):
            again = (seen["epoch"] + 1, *key)
            self.db.execute("UPDATE stream SET epoch = ?, seq = 0 WHERE ledger = ? AND stream = ?", again)

    def held(self, key):
        return self.one("SELECT held FROM stream WHERE ledger = ? AND stream = ?", *key) or 0

    def mismatch(self, key, batch):
        """The lowest number where a chain that is known differs from the batch's."""
        first, last = batch.claims["first"], batch.claims["last"]
        if batch.is_heartbeat and first != batch.claims["floor"] and last > self.held(key):
            return None
        offered = dict(enumerate([batch.before, *batch.chains], first - 1))
        query = "SELECT n, chain FROM chain WHERE ledger = ? AND stream = ? AND n BETWEEN ? AND ? ORDER BY n"
        return next((n for n, chain in self.rows(query, *key, first - 1, last) if offered[n] != chain), None)

    def count_lost(self, key, batch):
        """The kiosk has nothing below `floor`: what is missing there never comes by itself."""
        floor = batch.claims["floor"]
        if batch.claims["first"] != floor or floor - 1 <= self.held(key):
            return
        lines = {n for (n,) in self.rows("SELECT n FROM line WHERE ledger = ? AND stream = ? AND n < ?", *key, floor)}
        gone = [(*key, n) for n in range(self.held(key) + 1, floor) if n not in lines]
        self.db.executemany("INSERT OR IGNORE INTO lost VALUES (?, ?, ?)", gone)
        self.db.execute("INSERT OR IGNORE INTO chain VALUES (?, ?, ?, ?)", (*key, floor - 1, batch.before))

    def store(self, key, batch):
        """Store what is new; how many lines that were."""
        fresh = 0
        if batch.lines:
            self.db.execute(
                "INSERT OR IGNORE INTO chain VALUES (?, ?, ?, ?)", (*key, batch.claims["first"] - 1, batch.before)
            )
        for n, (line, chain) in enumerate(zip(batch.lines, batch.chains, strict=True), batch.claims["first"]):
            is_new = self.db.execute("INSERT OR IGNORE INTO line VALUES (?, ?, ?, ?)", (*key, n, line)).rowcount
            self.db.execute("INSERT OR IGNORE INTO chain VALUES (?, ?, ?, ?)", (*key, n, chain))
            self.db.execute("DELETE FROM lost WHERE ledger = ? AND stream = ? AND n = ?", (*key, n))
            code = fault_of(line, n)
            if is_new and code:
                self.db.execute("INSERT INTO refused VALUES (?, ?, ?, ?)", (*key, n, code))
            fresh += is_new
        beside = [(*key, row["n"], row["kid"], row["sealed"]) for row in batch.sealed]
        self.db.executemany("INSERT OR IGNORE INTO subject VALUES (?, ?, ?, ?, ?)", beside)
        return fresh

    def advance(self, key):
        """Move `held` up to the first gap."""
        held = self.held(key)
        there = "SELECT n FROM {} WHERE ledger = ? AND stream = ? AND n > ?"
        have = {n for name in ("line", "lost") for (n,) in self.rows(there.format(name), *key, held)}
        while held + 1 in have:
            held += 1
        self.db.execute("UPDATE stream SET held = ? WHERE ledger = ? AND stream = ?", (held, *key))

    def ranges(self, key):
        """Runs of lines above `held`."""
        found = []
        for (n,) in self.rows(
            "SELECT n FROM line WHERE ledger = ? AND stream = ? AND n > ? ORDER BY n", *key, self.held(key)
        ):
            if found and found[-1][1] == n - 1:
                found[-1][1] = n
            else:
                found.append([n, n])
        return [{"first": low, "last": high, "chain": self.chain(key, high)} for low, high in found[:32]]

    def chain(self, key, n):
        return b64(self.one("SELECT chain FROM chain WHERE ledger = ? AND stream = ? AND n = ?", *key, n))

    def receipt(self, ledger, stream, s, problem=None):
        """The next receipt of a stream; each has a `seq` of its own."""
        key = (ledger, stream)
        self.db.execute("UPDATE stream SET seq = seq + 1 WHERE ledger = ? AND stream = ?", key)
        held, epoch, seq = self.rows("SELECT held, epoch, seq FROM stream WHERE ledger = ? AND stream = ?", *key)[0]
        refused = self.rows("SELECT n, code FROM refused WHERE ledger = ? AND stream = ? ORDER BY n DESC", *key)
        said = {
            "v": 1,
            "ledger": ledger,
            "stream": stream,
            "held": {"n": held, "chain": self.chain(key, held)},
            "also": self.ranges(key),
            "refused": [{"n": n, "code": code} for n, code in refused[:100]],
            "refused_total": len(refused),
            "epoch": epoch,
            "seq": seq,
            "s": s,
            "s_max": self.one("SELECT s_max FROM ledger WHERE ledger = ?", ledger),
            "at": time.time_ns() // 1_000_000,
            "settings": [0, 0],
            "keys": 1,
        }
        said |= {"problem": problem} if problem else {}
        return sign(json.dumps(said).encode(), self.keys["receipt"], "rekam-receipt+jws")

    def bearer(self, authorization):
        """The claims of a fresh heartbeat of an approved kiosk."""
        scheme, _, token = (authorization or "").partition(" ")
        try:
            need(scheme == "Bearer" and token.isascii() and len(token) <= 4096, "no Bearer of at most 4 kB")
            claims, kiosk = read_claims(token)
            need(claims["last"] < claims["first"], "a batch with lines is no Bearer")
        except Refusal as fault:
            raise Refusal(401, "no-heartbeat", fault.detail) from fault
        if self.state(kiosk) != "approved":
            revoked = self.state(kiosk) == "revoked"
            raise Refusal(403 if revoked else 401, "revoked" if revoked else "unknown-kiosk", "ask central IT")
        self.open_stream(claims["ledger"], claims["stream"])
        spent = "UPDATE ledger SET bearer = ? WHERE ledger = ? AND bearer < ?"
        if not self.db.execute(spent, (claims["s"], claims["ledger"], claims["s"])).rowcount:
            raise Refusal(401, "stale", "this heartbeat was shown before; POST it")
        self.note_s(claims)
        return claims, kiosk

    def not_found(self, *_):
        raise Refusal(404, "not-found", "no such call")

    def get(self, path, authorization):
        """One of the three questions of a kiosk."""
        claims, kiosk = self.bearer(authorization)
        if path == "/v1/keys":
            return 200, JOSE, self.key_list()
        if path == "/v1/settings":
            raise Refusal(404, "no-settings", "none were published")
        asked = re.fullmatch(r"/v1/streams/([^/]+)/([^/]+)/receipt", path)
        if not asked:
            self.not_found()
        need(LEDGER.match(asked[1]) and asked[2] in STREAMS, "no ledger id, or no stream of that name")
        if asked[1].partition(".")[0] != kiosk:
            raise Refusal(403, "foreign-ledger", "this ledger belongs to another key")
        self.open_stream(asked[1], asked[2])
        return 200, JOSE, self.receipt(asked[1], asked[2], claims["s"])


class Handler(BaseHTTPRequestHandler):
    """HTTP/1.1 around a Receiver."""

    protocol_version = "HTTP/1.1"
    receiver: Receiver

    def log_message(self, *_):
        """Say nothing."""

    def do_GET(self):
        if self.path in ("/healthz", "/readyz"):
            return self.answer(200, "text/plain", "ok")
        return self.attempt(self.receiver.get, self.path, self.headers.get("Authorization"))

    def do_POST(self):
        size = self.headers.get("Content-Length", "")
        if not size.isdigit() or int(size) > self.receiver.limit:
            self.close_connection = True
            return self.attempt(self.too_large)
        body = self.rfile.read(int(size))
        work = {"/v1/batches": self.receiver.batch, "/v1/kiosks": self.receiver.pair}.get(self.path)
        return self.attempt(work or self.receiver.not_found, body)

    def too_large(self):
        raise Refusal(413, "too-large", "send smaller batches", limit=self.receiver.limit)

    def attempt(self, work, *values):
        try:
            self.answer(*self.receiver.transact(work, *values))
        except Refusal as fault:
            problem = {"type": "about:blank", "title": fault.code, "status": fault.status, "detail": fault.detail}
            self.answer(
                fault.status, "application/problem+json", json.dumps(problem | {"code": fault.code} | fault.more)
            )

    def answer(self, status, media, text):
        body = text.encode()
        etag = f'"{b64(sha256(body))}"'
        if status == 200 and self.headers.get("If-None-Match") == etag:
            status, body = 304, b""
        self.send_response(status)
        self.send_header("Content-Type", media)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", etag)
        self.end_headers()
        self.wfile.write(body)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--dir", required=True)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--limit", type=int, default=MB)
    parser.add_argument("--approve-all", action="store_true")
    parser.add_argument("--approve", metavar="CODE")
    parser.add_argument("--revoke", metavar="CODE")
    asked = parser.parse_args()
    receiver = Receiver(asked.dir, asked.approve_all, asked.limit)
    if asked.approve or asked.revoke:
        receiver.decide(asked.approve or asked.revoke, "approved" if asked.approve else "revoked")
        return receiver.close()
    server = ThreadingHTTPServer(("127.0.0.1", asked.port), type("Bound", (Handler,), {"receiver": receiver}))
    print(json.dumps({"url": f"http://127.0.0.1:{server.server_address[1]}", "root": receiver.root()}), flush=True)
    return server.serve_forever()


if __name__ == "__main__":
    main()
