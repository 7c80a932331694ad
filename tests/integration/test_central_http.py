"""The calls of central beside POST /v1/batches, on both databases."""

from __future__ import annotations

import json
import re

import pytest

from agent.wire import keys, pairing, receipt
from central.http.gate import Gate
from central.http.problems import Busy
from central.publish import publish
from central.store.models import Kiosk as KioskRow
from tests.integration.central_desk import NOON, Kiosk


def receipt_path(kiosk, stream="enrollments"):
    return f"/v1/streams/{kiosk.ledger}/{stream}/receipt"


def read(desk, answer):
    return receipt.read(answer.text, desk.central.published.keys())


def problem(answer):
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, answer.json["code"]


def test_a_receipt_can_be_fetched_with_a_fresh_heartbeat(desk, kiosk):
    posted = desk.post(kiosk.visits(2).batch())

    fetched = read(desk, desk.get(receipt_path(kiosk), kiosk.bearer(s=60)))

    assert (fetched.held, fetched.pair, fetched.s) == (posted.receipt.held, posted.receipt.pair, 60)


def test_a_stream_of_which_nothing_arrived_has_an_empty_receipt_below_any_other(desk, kiosk):
    fetched = read(desk, desk.get(receipt_path(kiosk, "health"), kiosk.bearer()))

    assert (fetched.held.n, fetched.epoch, fetched.seq) == (0, 1, 0)


def test_one_heartbeat_serves_every_ledger_of_its_key(desk, kiosk):
    desk.post(kiosk.visits(1).batch())

    fetched = read(desk, desk.get(receipt_path(kiosk), kiosk.next_ledger().bearer()))

    assert (fetched.ledger, fetched.held.n) == (kiosk.ledger, 2)


def test_a_ledger_of_another_key_is_not_shown(desk, kiosk):
    answer = desk.get(receipt_path(Kiosk()), kiosk.bearer())

    assert problem(answer) == (403, "foreign-ledger")


@pytest.mark.parametrize("s", [7, 6])
def test_a_heartbeat_serves_once(desk, kiosk, s):
    desk.get("/v1/keys", kiosk.bearer(s=7))

    assert problem(desk.get("/v1/keys", kiosk.bearer(s=s))) == (401, "stale")


def test_a_posted_heartbeat_may_still_be_shown(desk, kiosk):
    desk.post(kiosk.heartbeat(s=7))

    assert desk.get("/v1/keys", kiosk.bearer(s=7)).status_code == 200


@pytest.mark.parametrize("token", ["", "x.y.z", "a" * 5000, "€"])
def test_without_a_heartbeat_nothing_is_shown(desk, token):
    assert problem(desk.get("/v1/keys", token)) == (401, "no-heartbeat")


def test_a_batch_with_lines_is_no_heartbeat(desk, kiosk):
    token = kiosk.visits(1).batch().partition(b"\n")[0].decode()

    assert problem(desk.get("/v1/keys", token)) == (401, "no-heartbeat")


@pytest.mark.parametrize(("state", "told"), [("pending", (401, "unknown-kiosk")), ("revoked", (403, "revoked"))])
def test_only_an_approved_kiosk_is_shown_anything(desk, kiosk, state, told):
    desk.decide(kiosk, state)

    assert problem(desk.get("/v1/keys", kiosk.bearer())) == told


def test_the_key_list_is_what_the_root_signed(desk, kiosk):
    answer = desk.get("/v1/keys", kiosk.bearer())

    assert answer.mimetype == "application/jose"
    assert keys.read(answer.text, desk.root).number == 1


def test_a_kiosk_that_has_the_document_gets_304(desk, kiosk):
    etag = desk.get("/v1/keys", kiosk.bearer()).headers["ETag"]

    again = desk.get("/v1/keys", kiosk.bearer(), **{"If-None-Match": etag})

    assert (again.status_code, again.data) == (304, b"")


def test_settings_are_missing_until_they_are_published(desk, kiosk, tmp_path):
    before = desk.get("/v1/settings", kiosk.bearer())
    (tmp_path / "notices.toml").write_text('[[notices]]\ntext = "Libur"\n')

    publish(desk.central.settings, tmp_path / "notices.toml")

    assert problem(before) == (404, "no-settings")
    assert desk.get("/v1/settings", kiosk.bearer()).status_code == 200
    assert desk.post(kiosk.heartbeat()).receipt.settings == (1, 1)


def test_pairing_waits_for_a_person(desk):
    kiosk = Kiosk()
    asked = desk.client.post("/v1/kiosks", data=pairing.sign(kiosk.office, kiosk.key))
    desk.decide(kiosk, "approved")

    known = desk.client.post("/v1/kiosks", data=pairing.sign(kiosk.office, kiosk.key))

    assert (asked.status_code, asked.json) == (202, {"status": "pending"})
    assert (known.status_code, known.json["kiosk"]) == (200, kiosk.key.thumbprint())
    assert keys.read(known.json["keys"], desk.root).number == 1


def test_a_kiosk_that_waits_may_correct_its_office(desk):
    kiosk = Kiosk()
    for office in ("64.02.06", "64.02.05"):
        desk.client.post("/v1/kiosks", data=pairing.sign(office, kiosk.key))

    assert [row["office"] for row in desk.rows(KioskRow)] == ["64.02.05"]


def test_an_approved_kiosk_cannot_change_its_office(desk, kiosk):
    desk.client.post("/v1/kiosks", data=pairing.sign("64.02.06", kiosk.key))

    assert [row["office"] for row in desk.rows(KioskRow)] == ["64.02.05"]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (pairing.sign("99.99.99", Kiosk().key), (422, "unknown-office")),
        ("no.token.here", (422, "malformed")),
        (b"\xff", (422, "malformed")),
        ("a" * 9000, (413, "too-large")),
    ],
)
def test_a_request_that_is_none_leaves_nothing(desk, body, told):
    assert problem(desk.client.post("/v1/kiosks", data=body)) == told
    assert desk.rows(KioskRow) == []


def test_too_large_a_request_is_told_the_limit_of_requests(desk):
    assert desk.client.post("/v1/kiosks", data=b"x" * 9000).json["limit"] == 8192


def test_a_request_in_another_alphabet_is_told_so_by_a_sentence(desk):
    assert desk.client.post("/v1/kiosks", data=b"\xff").json["detail"] == "a signed request to be paired is ASCII"


def test_a_revoked_kiosk_cannot_pair_again(desk, kiosk):
    desk.decide(kiosk, "revoked")

    assert problem(desk.client.post("/v1/kiosks", data=pairing.sign(kiosk.office, kiosk.key))) == (403, "revoked")


def test_too_large_a_batch_is_told_the_limit(desk, kiosk):
    answer = desk.client.post("/v1/batches", data=b"x" * (desk.central.settings.server.max_batch_bytes + 1))

    assert problem(answer) == (413, "too-large")
    assert answer.json["limit"] == desk.central.settings.server.max_batch_bytes >= 65_536


def test_a_receiver_that_is_full_says_when_to_come_again(desk):
    gate = Gate(1, wait_s=0)
    with gate.passage(), pytest.raises(Busy, match="busy"), gate.passage():
        pass


def test_a_database_that_is_away_says_when_to_come_again(desk, kiosk, monkeypatch):
    with desk.central.store.write() as database:
        database.execute_sql("ALTER TABLE stream RENAME TO away")
    answer = desk.client.post("/v1/batches", data=kiosk.visits(1).batch())
    with desk.central.store.write() as database:
        database.execute_sql("ALTER TABLE away RENAME TO stream")

    assert problem(answer) == (503, "database")
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize(
    ("path", "told"), [("/nowhere", (404, "not-found")), ("/v1/batches", (405, "method-not-allowed"))]
)
def test_what_does_not_exist_is_a_problem_document_too(desk, path, told):
    assert problem(desk.client.get(path)) == told


def test_monitors_are_answered(desk, kiosk):
    desk.post(kiosk.visits(1).batch())

    figures = desk.client.get("/metrics").text

    assert [desk.client.get(path).status_code for path in ("/healthz", "/readyz")] == [200, 200]
    assert 'rekam_central_batches_total{status="201"} 1.0' in figures
    assert 'rekam_central_kiosks{state="approved"} 1.0' in figures


def test_days_until_the_sealing_keys_end_are_a_figure(desk):
    desk.clock.now = NOON + 300 * 86_400_000

    days = next(line for line in desk.client.get("/metrics").text.splitlines() if line.startswith("rekam_central_seal"))

    assert float(days.split()[1]) < 60 * 86_400


def test_every_call_is_in_the_openapi_document(desk):
    described = desk.client.get("/openapi.json").json

    routes = {rule.rule.replace("<", "{").replace(">", "}") for rule in desk.client.application.url_map.iter_rules()}
    pages = {"/", "/kiosks/{thumbprint}", "/sign-in", "/sign-out", "/openapi.json", "/static/{path:filename}"}
    assert set(described["paths"]) == routes - pages
    assert described["openapi"] == "3.1.0"


def test_every_shape_that_the_openapi_document_names_is_in_it(desk):
    text = desk.client.get("/openapi.json").text

    named = set(re.findall(r"#/components/schemas/(\w+)", text))
    assert named <= set(json.loads(text)["components"]["schemas"])
    assert "ProblemDocument" in named
