"""No request, however hostile, gets a 500, a traceback or a number it did not earn."""

from __future__ import annotations

import json
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

METHODS = ("GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS")
PATHS = (
    "/", "/data", "/nik", "/desa", "/nomor", "/nomor/x", "/jadwal", "/cari", "/cari/x", "/cari/x/cetak",
    "/masuk", "/pin", "/keluar", "/loket", "/loket/pilih",
    "/loket/panggil", "/papan", "/laporan", "/teknisi", "/healthz", "/openapi.json", "/static/tokens.css",
    "/api/v1/tickets", "/api/v1/calls", "/api/v1/visits/abcdefgh.1/finish", "/api/v1/board", "/api/v1/status",
)  # fmt: skip
CHOSEN = (
    "service", "request", "lang", "kept", "recorded", "age", "married", "ikd", "anyway", "family", "place", "code",
)  # fmt: skip
FIELDS = (
    "service",
    "village",
    "request_id",
    "nik",
    "priority",
    "counter",
    "services",
    "outcome",
    "missing",
    "status_code",
)
WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "ktp_first",
            "unknown",
            "outside",
            "recorded",
            "r-1",
            "0" * 32,
            "17+",
            "nik",
            "yes",
            "2026-11-24",
            "outreach",
            "6402055501990001",
            "\x00",
            "🙂" * 30,
            "../..",
            "%00",
        ]
    ),
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=12,
)
QUIET = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


ANSWERED = st.one_of(
    WORDS, st.sampled_from(["no", "unsure", "16", "5-15", "0-4", "all", "phone", "1", "64.02.05.2001"])
)


def sound(answer) -> bool:
    return answer.status_code < 500 and b"Traceback" not in answer.get_data()


@settings(QUIET, max_examples=60)
@given(
    path=st.sampled_from(["/data", "/nik", "/desa", "/nomor", "/jadwal"]),
    service=st.sampled_from(["ktp_first", "ktp_early", "kia", "ikd", "kk"]),
    post=st.booleans(),
    answers=st.dictionaries(st.sampled_from([*CHOSEN[3:], "nik", "village"]), ANSWERED, max_size=5),
)
def test_whatever_is_answered_a_citizen_reads_a_page(kiosk, path, service, post, answers):
    chosen = {"service": service, "request": "0" * 32, **answers}
    client = kiosk.client("citizen")

    answer = client.post(path, data=chosen) if post else client.get(path, query_string=chosen)

    assert sound(answer)
    assert kiosk.visits() <= 1


@pytest.mark.parametrize("listener", ["citizen", "staff"])
@QUIET
@given(
    method=st.sampled_from(METHODS),
    path=st.sampled_from(PATHS),
    query=st.dictionaries(st.sampled_from(CHOSEN), WORDS, max_size=3),
    form=st.dictionaries(
        st.sampled_from([*FIELDS, *CHOSEN, "key", "name", "pin", "lang", "csrf_token"]), WORDS, max_size=5
    ),
)
def test_no_form_breaks_a_page(kiosk, listener, method, path, query, form):
    answer = kiosk.client(listener).open(path, method=method, query_string=query, data=form)

    assert sound(answer)
    answer.close()


@QUIET
@given(path=st.text(max_size=80), query=st.text(max_size=80))
def test_no_address_breaks_the_kiosk(kiosk, path, query):
    answer = kiosk.client("citizen").get(f"/{quote(path).lstrip('/')}", query_string=query)

    assert sound(answer)


@QUIET
@given(path=st.sampled_from([path for path in PATHS if path.startswith("/api/")]), body=st.binary(max_size=200))
def test_no_bytes_break_the_api(kiosk, bearer, path, body):
    answer = kiosk.client("staff").post(path, data=body, content_type="application/json", headers=bearer)

    assert sound(answer)


@QUIET
@given(
    path=st.sampled_from([path for path in PATHS if path.startswith("/api/")]),
    body=st.dictionaries(st.sampled_from(FIELDS) | WORDS, JSON, max_size=8),
)
def test_no_json_breaks_the_api(kiosk, bearer, path, body):
    answer = kiosk.client("staff").post(path, data=json.dumps(body), content_type="application/json", headers=bearer)

    assert sound(answer)
    assert answer.mimetype in ("application/json", "application/problem+json") or answer.status_code == 204


@QUIET
@given(
    header=st.sampled_from(["Host", "Origin", "Cookie", "Authorization", "Accept", "Sec-Fetch-Site"]),
    value=st.text(max_size=60),
)
def test_no_header_breaks_a_page(kiosk, header, value):
    value = value.replace("\r", "").replace("\n", "").encode("latin-1", "replace").decode("latin-1")

    assert sound(kiosk.client("staff").get("/loket", headers={header: value}))


@QUIET
@given(service=WORDS, village=WORDS, request_id=WORDS, nik=st.none() | WORDS)
def test_a_number_is_given_only_for_a_service_and_a_village_that_there_are(kiosk, service, village, request_id, nik):
    before = kiosk.visits()
    body = {"service": service, "village": village, "request_id": request_id, "nik": nik}

    answer = kiosk.client("citizen").post("/api/v1/tickets", json=body)

    given_one = kiosk.visits() - before
    assert given_one == (answer.status_code == 201)
    assert not given_one or (service in kiosk.office.services and village in ("unknown", "outside"))
