"""What a kiosk may fetch: its receipts, the settings, the key list; and how it asks to be known."""

from __future__ import annotations

import hashlib

from flask import Blueprint, Response, jsonify, request

from agent.errors import BadData, NotAllowed, NotFound, RekamError
from agent.wire import pairing
from agent.wire.line import STREAMS, ledger_thumbprint
from agent.wire.receipt import MEDIA_TYPE
from central import telling
from central.custody import standing_now
from central.http.batches import body, receipt
from central.http.bearer import caller
from central.opening import Central
from central.store import kiosks
from central.store.rows import StreamKey

MOST_REQUEST = 8 * 1024


def blueprint(central: Central) -> Blueprint:
    """The routes for documents and pairing."""
    routes = Blueprint("documents", __name__)

    @routes.get("/v1/streams/<ledger>/<stream>/receipt")
    def get_receipt(ledger: str, stream: str) -> Response:
        asking = caller(central)
        key = stream_key(ledger, stream)
        if asking.thumbprint != ledger_thumbprint(ledger):
            raise NotAllowed("foreign-ledger", "this ledger belongs to another key", field="ledger")
        with central.store.session() as database:
            spoken = standing_now(database, key, asking.claims.s)
        return receipt(200, central.sign(spoken, central.clock.wall_ms()))

    @routes.get("/v1/settings")
    def get_settings() -> Response:
        caller(central)
        return document(central.published.settings_token())

    @routes.get("/v1/trips")
    def get_trips() -> Response:
        told = telling.token(central, caller(central).thumbprint)
        if told is None:
            raise NotFound("no-trips", "this kecamatan has no other device")
        return Response(told, 200, mimetype=MEDIA_TYPE)

    @routes.get("/v1/keys")
    def get_keys() -> Response:
        caller(central)
        return document(central.published.keys_token())

    @routes.post("/v1/kiosks")
    def post_kiosk() -> tuple[Response, int]:
        return asked(central, body(MOST_REQUEST))

    return routes


def stream_key(ledger: str, stream: str) -> StreamKey:
    """The stream that an address names; raises BadData `malformed`."""
    ledger_thumbprint(ledger)
    if stream not in STREAMS:
        raise BadData("malformed", f"a stream is one of {', '.join(STREAMS)}", field="stream")
    return StreamKey(ledger, stream)


def document(token: str) -> Response:
    """A signed document with its ETag; 304 when the caller has it already."""
    response = Response(token, 200, mimetype=MEDIA_TYPE)
    response.set_etag(hashlib.sha256(token.encode("ascii")).hexdigest()[:32])
    response.headers["Cache-Control"] = "private, no-cache"
    response.make_conditional(request)
    return response


def asked(central: Central, token: bytes) -> tuple[Response, int]:
    """The answer to a kiosk that asks to be known; raises BadData, NotAllowed `revoked`, RekamError `full`."""
    try:
        wanted, key = pairing.read(token.decode("ascii").strip())
    except UnicodeDecodeError as fault:
        raise BadData("malformed", "a signed request to be paired is ASCII", field="request") from fault
    except BadData as fault:
        reason = f"not a signed request to be paired ({fault.field or 'jws'}: {fault.sentence})"
        raise BadData("malformed", reason, field="request") from fault
    if not central.regions.is_office(wanted.office):
        raise BadData("unknown-office", f"there is no kecamatan {wanted.office[:20]}", field="office")
    with central.store.write() as database:
        state = kiosks.ask(database, key.thumbprint(), wanted.office, central.clock.wall_ms())
    if state == "full":
        raise RekamError("full", "too many kiosks wait for approval; ask central IT, then try again")
    if state == "revoked":
        raise NotAllowed("revoked", "this kiosk was revoked; ask central IT")
    if state == "pending":
        return jsonify(status="pending"), 202
    return jsonify(kiosk=key.thumbprint(), keys=central.published.keys_token()), 200
