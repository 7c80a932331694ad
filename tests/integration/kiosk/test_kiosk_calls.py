"""The counter's side of the local API: call, recall, finish, the board."""

from __future__ import annotations

import pytest

MOVES = ("call", "recall", "finish", "leave")
# What each state allows; `leave` is finishing with an outcome of people who are not served.
ALLOWED = {"waiting": ("call", "leave"), "called": ("recall", "finish", "leave"), "finished": ()}


@pytest.fixture
def ask(staff, bearer):
    """Posts to the API with the token."""
    return lambda path, **body: staff.post(f"/api/v1/{path}", json=body, headers=bearer)


def brought_to(state: str, take, ask) -> str:
    """The name of a visit in that state."""
    visit = take()["visit"]
    if state != "waiting":
        ask(f"visits/{visit}/call", counter=1)
    if state == "finished":
        ask(f"visits/{visit}/finish", outcome="recorded")
    return visit


def make(move: str, visit: str, ask):
    if move in ("finish", "leave"):
        return ask(f"visits/{visit}/finish", outcome="recorded" if move == "finish" else "no_show")
    return ask(f"visits/{visit}/{move}", counter=2)


@pytest.mark.parametrize("state", ALLOWED)
@pytest.mark.parametrize("move", MOVES)
def test_only_moves_of_the_table_are_made(take, ask, state, move):
    visit = brought_to(state, take, ask)

    answer = make(move, visit, ask)

    assert answer.status_code == (200 if move in ALLOWED[state] else 409)
    assert answer.get_json().get("code") == (None if move in ALLOWED[state] else "illegal-move")


def test_an_illegal_move_changes_nothing(kiosk, take, ask):
    visit = brought_to("finished", take, ask)
    before = kiosk.lines()

    ask(f"visits/{visit}/call", counter=1)

    assert kiosk.lines() == before


def test_whoever_came_first_is_called_first(take, ask):
    tickets = [take()["ticket"] for _ in range(3)]

    called = [ask("calls", counter=1).get_json()["ticket"] for _ in range(3)]

    assert called == tickets


def test_priority_is_called_before_the_others(take, ask):
    take()
    urgent = take(priority=True)["ticket"]

    assert ask("calls", counter=1).get_json()["ticket"] == urgent


def test_a_counter_may_call_some_services_only(take, ask):
    take("ktp_first")
    family = take("kk")["ticket"]

    assert ask("calls", counter=3, services=["kk", "birth"]).get_json()["ticket"] == family


def test_with_nobody_waiting_there_is_nothing_to_say(ask):
    answer = ask("calls", counter=1)

    assert (answer.status_code, answer.data) == (204, b"")


def test_a_call_names_only_services_that_there_are(ask):
    answer = ask("calls", counter=1, services=["kk", "passport"])

    assert (answer.status_code, answer.get_json()["field"]) == (422, "services")


def test_a_call_tells_the_visit(take, ask):
    visit = take()["visit"]

    told = ask("calls", counter=4).get_json()

    assert (told["visit"], told["state"], told["counter"], told["calls"]) == (visit, "called", 4, 1)
    assert told["called"] == "2026-11-23T00:00:00Z"


def test_a_recall_is_counted(take, ask):
    visit = brought_to("called", take, ask)

    assert ask(f"visits/{visit}/recall", counter=1).get_json()["calls"] == 2


def test_missing_papers_go_with_their_outcome(kiosk, take, ask):
    visit = brought_to("called", take, ask)

    ask(f"visits/{visit}/finish", outcome="incomplete_papers", missing=["kk", "F-1.02"], status_code="BIO_CAPTURED")

    assert b'"missing":["kk","F-1.02"],"status_code":"BIO_CAPTURED"' in kiosk.lines()[-1]


def test_missing_papers_with_another_outcome_are_refused(take, ask):
    visit = brought_to("called", take, ask)

    answer = ask(f"visits/{visit}/finish", outcome="recorded", missing=["kk"])

    assert (answer.status_code, answer.get_json()["field"]) == (422, "missing")


def test_a_missing_paper_is_a_name_and_not_a_sentence_about_a_person(take, ask):
    visit = brought_to("called", take, ask)

    answer = ask(f"visits/{visit}/finish", outcome="incomplete_papers", missing=["KK of Siti, NIK 6402055501990001"])

    assert answer.status_code == 422


def test_an_unknown_outcome_is_refused(take, ask):
    visit = brought_to("called", take, ask)

    answer = ask(f"visits/{visit}/finish", outcome="went_home")

    assert (answer.status_code, answer.get_json()["code"]) == (422, "unknown-outcome")


@pytest.mark.parametrize("name", ["nosuchvi.1", "x", "1", "%F0%9F%98%80", "a" * 500, "abcdefgh.99999999999999999999"])
def test_an_unknown_visit_is_not_found(ask, name):
    answer = ask(f"visits/{name}/call", counter=1)

    assert (answer.status_code, answer.get_json()["code"]) == (404, "unknown-visit")


def test_the_board_shows_the_newest_five_calls(kiosk, staff, take, ask, bearer):
    for _ in range(6):
        kiosk.clock.forward(1000)
        take()
        ask("calls", counter=1)

    board = staff.get("/api/v1/board", headers=bearer).get_json()

    assert [call["ticket"] for call in board["calls"]] == ["A-006", "A-005", "A-004", "A-003", "A-002"]
    assert (board["queue_day"], board["disturbed"], board["at"]) == (1, [], "2026-11-23T00:00:06Z")


def test_before_the_first_number_the_board_is_empty(staff, bearer):
    board = staff.get("/api/v1/board", headers=bearer).get_json()

    assert (board["queue_day"], board["calls"]) == (None, [])


def test_the_status_is_that_of_the_command_line(kiosk, staff, take, bearer):
    take()

    told = staff.get("/api/v1/status", headers=bearer).get_json()

    assert told["office"] == "64.02.05"
    assert told["streams"]["enrollments"]["last"] == len(kiosk.lines())


def test_an_end_says_why_the_person_came_and_that_it_was_again(kiosk, take, ask):
    visit = brought_to("called", take, ask)

    assert ask(f"visits/{visit}/finish", outcome="recorded", reason="changed", repeated=True).status_code == 200
    assert kiosk.store.rows("SELECT reason, repeated FROM visit") == [("changed", 1)]
    assert ask(f"visits/{visit}/finish", outcome="recorded", repeated="often").status_code == 422
