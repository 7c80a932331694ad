"""What the local API says when something is wrong: RFC 9457, whoever found it."""

from __future__ import annotations

import pytest

TICKET = {"service": "ktp_first", "village": "unknown", "request_id": "r-1"}
MEMBERS = {"type", "title", "status", "detail", "code", "field"}


def check(answer, status: int, code: str, field: str | None = None) -> None:
    """The answer is that problem, and nothing of a traceback."""
    assert answer.status_code == status
    assert answer.mimetype == "application/problem+json"
    told = answer.get_json()
    assert told.keys() == MEMBERS
    assert (told["status"], told["code"], told["field"]) == (status, code, field)
    assert b"Traceback" not in answer.data


@pytest.mark.parametrize("path", ["/api/v1/nothing", "/api/", "/api/v1/tickets/", "/api/v2/tickets"])
def test_an_unknown_path_is_a_problem(staff, path):
    check(staff.get(path), 404, "not-found")


def test_a_wrong_method_is_a_problem_that_names_the_right_one(staff):
    answer = staff.get("/api/v1/tickets")

    check(answer, 405, "method-not-allowed")
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("media_type", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""])
def test_a_body_must_call_itself_json(citizen, media_type):
    check(
        citizen.post("/api/v1/tickets", data="{}", content_type=media_type),
        415,
        "unsupported-media-type",
        "Content-Type",
    )


def test_a_huge_body_is_a_problem(citizen):
    answer = citizen.post("/api/v1/tickets", data=b" " * 70_000, content_type="application/json")

    check(answer, 413, "too-large", "body")


@pytest.mark.parametrize("body", [b"", b"{", b"nonsense", b'{"service": "ktp_first"', b"\xff\xfe", b'{"a":' * 9_000])
def test_what_is_not_json_is_said_to_be(citizen, body):
    check(citizen.post("/api/v1/tickets", data=body, content_type="application/json"), 400, "not-json", "body")


@pytest.mark.parametrize("body", [b"[]", b"1", b"null", b'"text"', b"true"])
def test_a_body_is_an_object(citizen, body):
    check(citizen.post("/api/v1/tickets", data=body, content_type="application/json"), 422, "wrong-value", "body")


@pytest.mark.parametrize("field", ["service", "village", "request_id"])
def test_a_missing_field_is_named(citizen, field):
    body = {name: value for name, value in TICKET.items() if name != field}

    check(citizen.post("/api/v1/tickets", json=body), 422, "missing-field", field)


def test_an_unknown_field_is_named(citizen):
    check(citizen.post("/api/v1/tickets", json={**TICKET, "priorty": True}), 422, "unknown-field", "priorty")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("service", 1),
        ("service", ""),
        ("service", "x" * 10_000),
        ("service", {"a": {"b": []}}),
        ("village", None),
        ("village", ["unknown"]),
        ("request_id", ""),
        ("request_id", "x" * 10_000),
        ("request_id", "two words"),
        ("request_id", "nul\x00"),
        ("request_id", "🙂"),
        ("priority", "yes"),
        ("priority", 1),
        ("nik", 6402055501990001),
        ("nik", "1" * 10_000),
    ],
)
def test_a_wrong_value_names_its_field(citizen, field, value):
    check(citizen.post("/api/v1/tickets", json={**TICKET, field: value}), 422, "wrong-value", field)


@pytest.mark.parametrize("value", ["🙂", "nul\x00", "'; DROP TABLE visit; --", "<script>"])
def test_strange_words_are_no_service(kiosk, citizen, value):
    check(citizen.post("/api/v1/tickets", json={**TICKET, "service": value}), 422, "unknown-service", "service")
    assert kiosk.visits() == 0


@pytest.mark.parametrize("counter", [0, -1, 100, 1.5, "1", None, True, 10**30])
def test_a_counter_is_a_number_from_1_to_99(staff, bearer, counter):
    check(staff.post("/api/v1/calls", json={"counter": counter}, headers=bearer), 422, "wrong-value", "counter")


@pytest.mark.parametrize("path", ["board", "status"])
@pytest.mark.parametrize(
    ("header", "code"),
    [
        (None, "no-token"),
        ("Basic abc", "no-token"),
        ("Bearer", "wrong-token"),
        ("Bearer wrong", "wrong-token"),
        ("Bearer a-token-of-the-tests2", "wrong-token"),
        ("Bearer \u00e9", "wrong-token"),
    ],
)
@pytest.mark.parametrize("listener", ["citizen", "staff"])
def test_nobody_reads_without_the_token(kiosk, listener, path, header, code):
    headers = {"Authorization": header} if header else {}

    answer = kiosk.client(listener).get(f"/api/v1/{path}", headers=headers)

    check(answer, 401, code)
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_token_is_asked_for_before_the_body_is_read(staff):
    check(staff.post("/api/v1/calls", data=b"{", content_type="application/json"), 401, "no-token")


@pytest.mark.parametrize("host", ["evil.example", "rekam.local", "127.0.0.1.evil.example", "10.0.0.9", "", "[::1"])
def test_the_citizen_listener_answers_to_names_of_this_machine_only(citizen, host):
    check(citizen.get("/api/v1/board", headers={"Host": host}), 421, "misdirected-request")


@pytest.mark.parametrize("host", ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "127.0.0.2"])
def test_every_name_of_this_machine_will_do(citizen, host):
    assert citizen.get("/healthz", headers={"Host": host}).status_code == 200


def test_staff_on_the_offices_network_come_by_address(staff):
    assert staff.get("/healthz", headers={"Host": "192.168.1.10:8081"}).status_code == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost:9999"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
    ids=lambda headers: "-".join(headers.values()),
)
def test_another_site_gets_no_number(kiosk, citizen, headers):
    check(citizen.post("/api/v1/tickets", json=TICKET, headers=headers), 403, "cross-site")
    assert kiosk.visits() == 0


@pytest.mark.parametrize(
    "headers", [{"Origin": "http://localhost"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
)
def test_the_kiosks_own_page_gets_a_number(citizen, headers):
    assert citizen.post("/api/v1/tickets", json=TICKET, headers=headers).status_code == 201


def test_what_nobody_foresaw_is_told_without_its_place(kiosk, bearer, caplog):
    client = kiosk.client("staff")
    kiosk.store.rows = None

    answer = client.get("/api/v1/board", headers=bearer)

    check(answer, 500, "unforeseen")
    assert "an unforeseen error at api.get_board" in caplog.text
