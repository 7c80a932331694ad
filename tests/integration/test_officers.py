"""Officers sign in with no network: one-time PINs, a lock after five wrong ones, and lines without names."""

from __future__ import annotations

from weakref import WeakKeyDictionary

import pytest

from agent.actions import officers, signing_in
from agent.actions.accounts import accounts, close_account
from agent.actions.officers import add_officer, choose_pin, reset_pin, sign_out
from agent.actions.signing_in import HERE, Door
from agent.errors import BadData, Conflict, NotAllowed, NotFound
from tests.builders import PIN, drawn
from tests.fakes import HOUR, MINUTE, MORNING, SECOND, wall
from tests.ledger_lines import bodies, said

NAME = "Siti Rahma"
WRONG = "739105"
ATTACKER, DESK = "192.168.1.66", "192.168.1.20"
DOORS = WeakKeyDictionary()


@pytest.fixture
def siti(store):
    """An officer with a PIN of her own."""
    add_officer(store, NAME, "officer", random_bytes=drawn(), pin=PIN)
    return store


def door_of(store) -> Door:
    """The door of this store's process."""
    return DOORS.setdefault(store, Door())


def sign_in(store, name: str, pin: str, source: str = HERE):
    return signing_in.sign_in(store, name, pin, door=door_of(store), source=source)


def refusal(store, pin: str, name: str = NAME, source: str = HERE) -> str:
    """The code with which a sign-in is refused."""
    with pytest.raises((NotAllowed, Conflict)) as caught:
        sign_in(store, name, pin, source)
    return caught.value.code


def fail(store, times: int, name: str = NAME, source: str = HERE) -> list[str]:
    return [refusal(store, WRONG, name, source) for _ in range(times)]


def reset(store) -> None:
    reset_pin(store, NAME, random_bytes=drawn("reset"))


def leave(store) -> None:
    sign_out(store, 1)


def close(store) -> None:
    close_account(store, NAME, by=9)


def test_an_officer_who_was_added_signs_in_with_the_pin_that_was_told(store) -> None:
    pin = add_officer(store, NAME, "officer", random_bytes=drawn())
    found = sign_in(store, NAME, pin)

    assert (found.number, found.name, found.role, found.pin_once) == (1, NAME, "officer", True)


def test_a_chosen_pin_takes_the_place_of_the_one_time_pin(store) -> None:
    once = add_officer(store, NAME, "officer", random_bytes=drawn())
    choose_pin(store, sign_in(store, NAME, once), PIN, random_bytes=drawn("another"))

    assert not sign_in(store, NAME, PIN).pin_once
    assert refusal(store, once) == "wrong-pin"


@pytest.mark.parametrize("pin", ["111111", "123456", "987654", "12345", "abcdef", "1" * 13, ""])
def test_a_weak_pin_is_refused_and_the_old_one_stays(siti, pin) -> None:
    with pytest.raises(BadData) as caught:
        choose_pin(siti, sign_in(siti, NAME, PIN), pin, random_bytes=drawn())

    assert (caught.value.code, caught.value.field) == ("weak-pin", "pin")
    assert sign_in(siti, NAME, PIN).number == 1


def test_an_officer_with_a_weak_pin_is_not_added(store) -> None:
    with pytest.raises(BadData, match="weak-pin"):
        add_officer(store, NAME, "officer", random_bytes=drawn(), pin="123456")

    assert (officers.officers(store), bodies(store)) == ([], [])


def test_a_one_time_pin_is_never_a_weak_one() -> None:
    weak_then_good = iter([(111_111).to_bytes(8, "big"), (123_456).to_bytes(8, "big"), (280_594).to_bytes(8, "big")])

    assert officers.new_pin(lambda _: next(weak_then_good)) == "280594"


@pytest.mark.parametrize("role", officers.ROLES)
def test_every_role_of_the_office_can_be_given(store, role) -> None:
    add_officer(store, NAME, role, random_bytes=drawn(), pin=PIN)

    assert [officer.role for officer in officers.officers(store)] == [role]


@pytest.mark.parametrize("role", ["admin", "", "Officer", "petugas"])
def test_another_role_is_refused(store, role) -> None:
    with pytest.raises(BadData) as caught:
        add_officer(store, NAME, role, random_bytes=drawn())

    assert (caught.value.code, caught.value.field) == ("unknown-role", "role")


@pytest.mark.parametrize("name", ["", "   ", "x" * 41, "Siti\x00", "Siti\u202eRahma"])
def test_a_name_that_cannot_be_read_is_refused(store, name) -> None:
    with pytest.raises(BadData) as caught:
        add_officer(store, name, "officer", random_bytes=drawn())

    assert (caught.value.code, caught.value.field) == ("bad-name", "name")


@pytest.mark.parametrize("name", [NAME, "siti rahma", "  Siti   Rahma "])
def test_a_name_is_given_once(siti, name) -> None:
    before = bodies(siti)
    with pytest.raises(Conflict, match="name-taken"):
        add_officer(siti, name, "supervisor", random_bytes=drawn())

    assert bodies(siti) == before


@pytest.mark.parametrize("name", ["SITI RAHMA", " siti  rahma "])
def test_a_name_is_known_in_any_case_of_letters(siti, name) -> None:
    assert sign_in(siti, name, PIN).name == NAME


@pytest.mark.parametrize("name", ["Nobody", "", "\ud800"])
def test_an_unknown_name_is_refused_as_a_wrong_pin_is(siti, name) -> None:
    assert refusal(siti, PIN, name=name) == refusal(siti, WRONG) == "wrong-pin"


@pytest.mark.parametrize("pin", ["", PIN + "0", PIN[:-1], " " + PIN, "x" * 10_000, "２８０５９４", "\ud800"])
def test_nothing_but_the_pin_opens_the_account(siti, pin) -> None:
    assert refusal(siti, pin) == "wrong-pin"


def test_the_fifth_wrong_pin_locks_the_account_to_the_right_one_too(siti) -> None:
    fail(siti, 5)

    assert refusal(siti, PIN) == "locked"


def test_four_wrong_pins_lock_nothing_and_the_right_one_forgives_them(siti) -> None:
    for _ in range(3):
        fail(siti, 4)
        assert sign_in(siti, NAME, PIN).number == 1


def test_after_five_minutes_the_account_opens_again(siti, clock) -> None:
    fail(siti, 5)
    clock.forward(5 * MINUTE - SECOND)
    assert refusal(siti, PIN) == "locked"
    clock.forward(SECOND)

    assert sign_in(siti, NAME, PIN).number == 1


def test_after_a_lock_five_more_may_be_wrong(siti, clock) -> None:
    fail(siti, 5)
    clock.forward(5 * MINUTE)
    fail(siti, 4)

    assert sign_in(siti, NAME, PIN).number == 1


@pytest.mark.parametrize("back_to", [0, MORNING], ids=["1970", "today"])
def test_a_clock_that_was_years_ahead_locks_nobody_out_for_years(siti, clock, back_to) -> None:
    clock.step_to(wall("2099-01-01T08:00"))
    fail(siti, 5)
    clock.step_to(back_to)
    clock.forward(HOUR)

    assert sign_in(siti, NAME, PIN).number == 1


def test_a_lock_is_of_one_account_only(siti) -> None:
    add_officer(siti, "Budi", "supervisor", random_bytes=drawn(), pin=PIN)
    fail(siti, 5)

    assert sign_in(siti, "Budi", PIN).number == 2


@pytest.mark.parametrize("source", [HERE, ATTACKER])
def test_an_unknown_name_is_locked_as_a_known_one_is(siti, source) -> None:
    known, unknown = (fail(siti, 7, name, source) for name in (NAME, "Nobody"))

    assert known == unknown == ["wrong-pin"] * 5 + ["locked"] * 2


def test_an_unknown_name_costs_the_same_scrypt_and_a_write_too(siti, monkeypatch) -> None:
    hashed, written, write = [], [], type(siti).write
    monkeypatch.setattr(signing_in.pins, "hash_pin", lambda *_: hashed.append(1) or "")
    monkeypatch.setattr(type(siti), "write", lambda store: written.append(1) or write(store))
    for name in (NAME, "Nobody"):
        refusal(siti, WRONG, name)

    assert (len(hashed), len(written)) == (2, 2)


@pytest.mark.parametrize("source", [HERE, DESK])
def test_wrong_pins_of_another_machine_lock_out_that_machine_only(siti, source) -> None:
    fail(siti, 6, source=ATTACKER)

    assert refusal(siti, PIN, source=ATTACKER) == "locked"
    assert sign_in(siti, NAME, PIN, source).number == 1


def guess_from_everywhere(store, monkeypatch) -> None:
    """A hundred wrong PINs, four from each address, none of which is at its own end."""
    with monkeypatch.context() as fast:
        fast.setattr(signing_in.pins, "matches", lambda *_: False)
        for number in range(100):
            fail(store, 1, source=f"10.0.0.{number // 4}")


def test_a_hundred_guesses_from_many_addresses_rest_the_account_for_strange_ones(siti, monkeypatch) -> None:
    guess_from_everywhere(siti, monkeypatch)

    assert refusal(siti, PIN, source=DESK) == "locked"
    assert sign_in(siti, NAME, PIN, HERE).number == 1


def test_where_an_officer_signed_in_before_no_guesses_from_elsewhere_count(siti, monkeypatch) -> None:
    sign_in(siti, NAME, PIN, DESK)
    guess_from_everywhere(siti, monkeypatch)

    assert sign_in(siti, NAME, PIN, DESK).number == 1


def test_too_many_at_once_are_asked_to_try_again_and_this_machine_is_not_among_them(siti) -> None:
    queue = door_of(siti).queues[False]
    for _ in range(signing_in.WAITING):
        queue.acquire()

    assert (refusal(siti, PIN, source=DESK), refusal(siti, PIN, "Nobody", ATTACKER)) == ("busy", "busy")
    assert sign_in(siti, NAME, PIN, HERE).number == 1


def test_what_a_door_remembers_is_bounded(siti, monkeypatch) -> None:
    monkeypatch.setattr(signing_in.pins, "matches", lambda *_: False)
    monkeypatch.setattr(signing_in.guesses, "MOST", 10)
    for number in range(30):
        fail(siti, 1, name=f"Nobody {number}", source=ATTACKER)

    assert len(door_of(siti).tables[False].kept) == 10


def test_a_reset_unlocks_with_a_new_one_time_pin(siti) -> None:
    fail(siti, 5)
    pin = reset_pin(siti, " siti rahma", random_bytes=drawn("reset"), by=2)

    assert sign_in(siti, NAME, pin).pin_once
    assert refusal(siti, PIN) == "wrong-pin"


@pytest.mark.parametrize("name", ["Nobody", "", "\ud800"])
def test_a_reset_of_nobody_is_told(store, name) -> None:
    with pytest.raises(NotFound, match="unknown-officer"):
        reset_pin(store, name, random_bytes=drawn())


def test_officers_are_listed_by_number(siti) -> None:
    add_officer(siti, "Andi", "technician", random_bytes=drawn())

    assert [(each.number, each.name, each.pin_once) for each in officers.officers(siti)] == [
        (1, NAME, False),
        (2, "Andi", True),
    ]


def test_everything_that_happens_to_an_account_is_a_line(siti) -> None:
    fail(siti, 5)
    pin = reset_pin(siti, NAME, random_bytes=drawn("reset"), by=2)
    sign_in(siti, NAME, pin)
    sign_out(siti, 1)

    assert said(siti, "officer.changed") == [
        {"officer": 1, "event": "added", "role": "officer"},
        {"officer": 1, "event": "reset", "role": "officer", "by": 2},
    ]
    assert [line["event"] for line in said(siti, "officer.signed")] == ["failed"] * 4 + ["locked", "in", "out"]


def test_no_line_holds_a_name_or_a_pin(siti) -> None:
    fail(siti, 5)
    pin = reset_pin(siti, NAME, random_bytes=drawn("reset"))
    sign_in(siti, NAME, pin)
    lines = b"\n".join(bodies(siti)).lower()

    assert lines
    assert not [word for word in ("siti", "rahma", PIN, WRONG, pin) if word.encode() in lines]


def test_no_pin_lies_in_the_database(siti) -> None:
    pin = reset_pin(siti, NAME, random_bytes=drawn("reset"))
    files = [file for file in siti.home.rglob("*") if file.is_file()]

    assert files
    assert not [file for file in files if pin.encode() in file.read_bytes() or PIN.encode() in file.read_bytes()]


def test_a_closed_account_is_told_as_an_unknown_name(siti) -> None:
    close_account(siti, NAME, by=9)

    assert refusal(siti, PIN) == "wrong-pin"
    assert officers.officers(siti) == []


def test_a_new_pin_opens_a_closed_account(siti) -> None:
    close_account(siti, NAME, by=9)
    pin = reset_pin(siti, NAME, random_bytes=drawn(), by=9)

    assert sign_in(siti, NAME, pin).number == 1
    assert [line["event"] for line in said(siti, "officer.changed")] == ["added", "closed", "reopened"]


def test_an_account_is_closed_once(siti) -> None:
    for _ in range(2):
        close_account(siti, NAME, by=9)

    assert [line["event"] for line in said(siti, "officer.changed")] == ["added", "closed"]


@pytest.mark.parametrize(("by", "code"), [(1, "own-account"), (9, "last-supervisor")])
def test_the_last_supervisor_and_ones_own_account_stay(store, by, code) -> None:
    add_officer(store, NAME, "supervisor", random_bytes=drawn(), pin=PIN)
    with pytest.raises(Conflict, match=code):
        close_account(store, NAME, by=by)

    assert sign_in(store, NAME, PIN).role == "supervisor"


@pytest.mark.parametrize("ends", [reset, leave, close])
def test_a_session_that_ended_meanwhile_chooses_no_pin(store, ends) -> None:
    once = add_officer(store, NAME, "officer", random_bytes=drawn())
    at_work = sign_in(store, NAME, once)
    ends(store)

    with pytest.raises(NotAllowed, match="signed-out"):
        choose_pin(store, at_work, PIN, random_bytes=drawn("another"))


def test_a_pin_of_ones_own_is_chosen_once_by_a_session(store) -> None:
    once = sign_in(store, NAME, add_officer(store, NAME, "officer", random_bytes=drawn()))
    choose_pin(store, once, PIN, random_bytes=drawn("another"))

    with pytest.raises(NotAllowed, match="signed-out"):
        choose_pin(store, once, WRONG, random_bytes=drawn("third"))


def test_accounts_show_who_is_locked_closed_or_without_a_pin_of_their_own(siti, clock) -> None:
    add_officer(siti, "Budi", "supervisor", random_bytes=drawn("b"))
    add_officer(siti, "Cici", "officer", random_bytes=drawn("c"))
    close_account(siti, "Cici", by=2)
    fail(siti, 5)

    assert [(each.name, each.pin_once, each.locked, each.closed) for each in accounts(siti)] == [
        ("Budi", True, False, False), (NAME, False, True, False), ("Cici", True, False, True),
    ]  # fmt: skip
