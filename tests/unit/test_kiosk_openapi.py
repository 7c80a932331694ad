"""The description of the local API is whole and true to its routes."""

from __future__ import annotations

import json
import re

import pytest
from flask import Flask

from kiosk_ui import openapi
from kiosk_ui.api import api

DOCUMENT = json.loads(json.dumps(openapi.document(["kk", "ask"], ["64.02.05.2001", "unknown"])))


def routes() -> set[tuple[str, str]]:
    """(method, path) of every route of the API, in the words of OpenAPI."""
    app = Flask("routes")
    app.register_blueprint(api)
    return {
        (method.lower(), re.sub(r"<(\w+)>", r"{\1}", rule.rule))
        for rule in app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/api/")
    }


def references(value) -> list[str]:
    """Every $ref of the document."""
    if isinstance(value, dict):
        found = [value["$ref"]] if "$ref" in value else []
        return found + [each for inner in value.values() for each in references(inner)]
    return [each for inner in value for each in references(inner)] if isinstance(value, list) else []


def test_every_route_is_described_and_nothing_else():
    described = {(method, path) for path, calls in DOCUMENT["paths"].items() for method in calls}

    assert described == routes()


def test_every_reference_leads_somewhere():
    names = {reference.rpartition("/")[2] for reference in references(DOCUMENT)}

    assert names - DOCUMENT["components"]["schemas"].keys() == set()
    assert names


@pytest.mark.parametrize("path", DOCUMENT["paths"])
def test_every_call_tells_its_problems(path):
    for call in DOCUMENT["paths"][path].values():
        problems = [answer for status, answer in call["responses"].items() if int(status) >= 400]
        kinds = [answer["content"]["application/problem+json"]["schema"]["$ref"] for answer in problems]

        assert "401" in call["responses"]
        assert set(kinds) == {"#/components/schemas/Problem"}


def test_operations_have_names_of_their_own():
    names = [call["operationId"] for calls in DOCUMENT["paths"].values() for call in calls.values()]

    assert len(set(names)) == len(names)


def test_only_taking_a_number_may_go_without_the_token():
    free = [
        path for path, calls in DOCUMENT["paths"].items() for call in calls.values() if {} in call.get("security", [])
    ]

    assert free == ["/api/v1/tickets"]
    assert DOCUMENT["security"] == [{"token": []}]


def test_what_must_be_sent_is_told():
    body = DOCUMENT["components"]["schemas"]["TicketBody"]

    assert sorted(body["required"]) == ["request_id", "service", "village"]


def test_the_offices_own_services_and_villages_are_named():
    schemas = DOCUMENT["components"]["schemas"]

    assert schemas["TicketBody"]["properties"]["service"]["enum"] == ["kk", "ask"]
    assert schemas["TicketBody"]["properties"]["village"]["enum"] == ["64.02.05.2001", "unknown"]
    assert schemas["CallBody"]["properties"]["services"]["items"]["enum"] == ["kk", "ask"]


@pytest.mark.parametrize("name", ["TicketBody", "CallBody", "CounterBody", "FinishBody"])
def test_what_is_not_described_is_not_taken(name):
    assert DOCUMENT["components"]["schemas"][name]["additionalProperties"] is False


def test_the_version_of_openapi_is_3_1():
    assert DOCUMENT["openapi"].startswith("3.1.")
