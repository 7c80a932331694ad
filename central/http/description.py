"""/openapi.json: every call of this receiver in one document, its shapes taken from the code that reads them."""

from __future__ import annotations

from typing import Any, Final

import msgspec
from flask import Blueprint, Response, jsonify

from agent.wire.batch import MEDIA_TYPE as BATCH
from agent.wire.batch import Claims
from agent.wire.keys import KeyList
from agent.wire.line import STREAMS
from agent.wire.pairing import PairRequest
from agent.wire.receipt import MEDIA_TYPE as JOSE
from agent.wire.receipt import Receipt
from agent.wire.settings import SentSettings
from agent.wire.trips import Told
from central.http.problems import MEDIA_TYPE as PROBLEM
from central.http.problems import ProblemDocument

REF: Final = "#/components/schemas/{name}"
BEARER: Final[list[dict[str, list[str]]]] = [{"heartbeat": []}]
NAMES: Final[dict[str, dict[str, Any]]] = {
    "ledger": {"type": "string", "pattern": "^[A-Za-z0-9_-]{43}[.][a-z2-7]{8}$"},
    "stream": {"enum": list(STREAMS)},
}


class Paired(msgspec.Struct, frozen=True):
    """The answer to a kiosk that is known: its id, and the key list as the root signed it."""

    kiosk: str
    keys: str


class Waiting(msgspec.Struct, frozen=True):
    """The answer to a kiosk that a person has yet to approve."""

    status: str


SHAPES: Final = (Claims, Receipt, KeyList, SentSettings, Told, PairRequest, Paired, Waiting, ProblemDocument)


def blueprint() -> Blueprint:
    """The route for the document."""
    routes = Blueprint("description", __name__)

    @routes.get("/openapi.json")
    def openapi() -> Response:
        return jsonify(document())

    return routes


def document() -> dict[str, Any]:
    """The whole description."""
    _, shapes = msgspec.json.schema_components(SHAPES, ref_template=REF)
    heartbeat = {"type": "http", "scheme": "bearer", "description": "a heartbeat JWS, at most 4 kB, never shown before"}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rekam central",
            "version": "1",
            "description": "What kiosks call. Bodies of application/jose are compact JWS; their payloads are in the "
            "schemas. Errors are RFC 9457 problem documents with a `code`.",
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "paths": paths(),
        "components": {"schemas": shapes, "securitySchemes": {"heartbeat": heartbeat}},
    }


def paths() -> dict[str, Any]:
    """Every call."""
    receipt = {"/v1/streams/{ledger}/{stream}/receipt": {"get": fetch("getReceipt", "The newest receipt", names=NAMES)}}
    return {
        "/v1/batches": {"post": post_batch()},
        **receipt,
        "/v1/settings": {"get": fetch("getSettings", "The settings for kiosks", etag=True, missing=True)},
        "/v1/trips": {"get": fetch("getTrips", "Trips of the kecamatan's other devices", missing=True)},
        "/v1/keys": {"get": fetch("getKeys", "The key list, signed by the root", etag=True)},
        "/v1/kiosks": {"post": post_kiosk()},
        "/healthz": {"get": watch("getHealth", "This process answers")},
        "/readyz": {"get": watch("getReady", "Database and keys are there", problems=(503,))},
        "/metrics": {"get": watch("getMetrics", "Figures for Prometheus", media="text/plain")},
    }


def post_batch() -> dict[str, Any]:
    """POST /v1/batches."""
    words = {200: "held before", 201: "something was new", 403: "revoked", 409: "chain-mismatch"}
    answers = {str(status): answer(f"receipt: {text}", JOSE) for status, text in words.items()}
    binary = {"schema": {"type": "string", "contentEncoding": "binary"}}
    return {
        "operationId": "postBatch",
        "summary": "Take in a batch file and answer with a signed receipt",
        "requestBody": {"required": True, "content": {BATCH: binary}},
        "responses": answers | problems(401, 413, 422, 503),
    }


def post_kiosk() -> dict[str, Any]:
    """POST /v1/kiosks."""
    return {
        "operationId": "postKiosk",
        "summary": "Ask to be known: a rekam-pair+jws",
        "requestBody": {"required": True, "content": {JOSE: {"schema": {"type": "string"}}}},
        "responses": {
            "200": answer("known", "application/json", "Paired"),
            "202": answer("waiting for a person to type the code", "application/json", "Waiting"),
            **problems(403, 413, 422, 503),
        },
    }


def fetch(
    name: str,
    summary: str,
    *,
    names: dict[str, dict[str, Any]] | None = None,
    etag: bool = False,
    missing: bool = False,
) -> dict[str, Any]:
    """A GET that shows a heartbeat and is answered with a JWS."""
    known = {"304": {"description": "as the If-None-Match says"}} if etag else {}
    gone = problems(404) if missing else {}
    told = {
        "operationId": name,
        "summary": summary,
        "security": BEARER,
        "responses": {"200": answer("a JWS", JOSE)} | known | gone | problems(401, 403, 422, 503),
    }
    if names:
        told["parameters"] = [
            {"name": each, "in": "path", "required": True, "schema": schema} for each, schema in names.items()
        ]
    return told


def watch(
    name: str, summary: str, *, media: str = "application/json", problems: tuple[int, ...] = ()
) -> dict[str, Any]:
    """A GET for monitors."""
    return {"operationId": name, "summary": summary, "responses": {"200": answer("yes", media)} | _problems(problems)}


def answer(text: str, media: str, shape: str = "") -> dict[str, Any]:
    """One kind of answer."""
    schema = (
        {"$ref": REF.format(name=shape)} if shape else {"type": "object"} if "json" in media else {"type": "string"}
    )
    return {"description": text, "content": {media: {"schema": schema}}}


def problems(*statuses: int) -> dict[str, Any]:
    """Problem documents for these statuses."""
    return _problems(statuses)


def _problems(statuses: tuple[int, ...]) -> dict[str, Any]:
    return {str(status): answer("problem", PROBLEM, "ProblemDocument") for status in statuses}
