"""Nobody is forgotten, priority is kept, and both are laws."""

from __future__ import annotations

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from agent.domain.waiting_line import Person, Rules, in_order, is_over, streak_of

ratios = st.integers(1, 5)
lines = st.lists(st.tuples(st.booleans(), st.sampled_from([0, 0, 0, 1, 5, 40]), st.booleans()), max_size=40).map(
    lambda drawn: [
        Person(number, priority, wait, again=again or wait > 0) for number, (priority, wait, again) in enumerate(drawn)
    ]
)
present = lines.map(lambda people: [Person(person.number, person.priority) for person in people])


def order(people, streak=0, ratio=2):
    return "".join("P" if person.priority else "n" for person in in_order(people, streak, ratio))


def people(pattern):
    return [Person(number, letter == "P") for number, letter in enumerate(pattern)]


def test_without_priority_people_are_called_as_they_came():
    assert [person.number for person in in_order(people("nnnn"), 0, 2)] == [0, 1, 2, 3]


def test_two_with_priority_are_called_for_each_one_without():
    assert order(people("nnnPPPPP")) == "PPnPPnPn"


def test_the_ratio_is_the_offices_own():
    assert order(people("nnPP"), ratio=1) == "PnPn"


def test_a_streak_goes_on_from_the_calls_before():
    assert order(people("nPP"), streak=1) == "PnP"
    assert order(people("nPP"), streak=2) == "nPP"


def test_an_absent_person_comes_back_after_five_numbers():
    line = [Person(1, False, wait=5), *(Person(number, False) for number in range(2, 10))]

    assert [person.number for person in in_order(line, 0, 2)] == [2, 3, 4, 5, 6, 1, 7, 8, 9]


def test_an_absent_person_is_called_at_once_when_nobody_else_waits():
    assert [person.number for person in in_order([Person(1, False, wait=5)], 0, 2)] == [1]


def test_of_several_absent_people_the_one_nearest_to_its_turn_comes_first():
    assert [person.number for person in in_order([Person(1, False, 5), Person(2, False, 2)], 0, 2)] == [2, 1]


@given(lines, st.integers(0, 9), ratios)
def test_everybody_is_called_exactly_once(line, streak, ratio):
    assert sorted(person.number for person in in_order(line, streak, ratio)) == [person.number for person in line]


@given(present, st.integers(0, 9), ratios)
def test_within_a_kind_people_are_called_as_they_came(line, streak, ratio):
    called = list(in_order(line, streak, ratio))

    for kind in (True, False):
        numbers = [person.number for person in called if person.priority == kind]
        assert numbers == sorted(numbers)


@given(st.integers(1, 8), st.integers(0, 9), ratios)
def test_nobody_starves_while_priority_never_ends(normals, streak, ratio):
    line, number, others = [Person(n, False) for n in range(normals)], normals, 0
    place = normals - 1  # the last one without priority
    while any(person.number == place for person in line):
        line += [Person(number, True), Person(number + 1, True)]
        number += 2
        called = next(in_order(line, streak, ratio))
        streak = streak + 1 if called.priority else 0
        line.remove(called)
        others += called.number != place

    assert others <= normals * (ratio + 1) - 1


@given(present, ratios)
def test_priority_waits_for_few_without(line, ratio):
    called = list(in_order(line, 0, ratio))
    before = 0
    for place, person in enumerate(called):
        if person.priority:
            before = place
    priorities = sum(person.priority for person in line)

    assert before <= max(0, priorities - 1) + max(0, priorities - 1) // ratio


@given(lines, ratios)
def test_an_absent_person_waits_for_no_more_new_numbers_than_promised_and_the_line(line, ratio):
    alone = [msgspec.structs.replace(person, priority=False) for person in line]
    called = list(in_order(alone, 0, ratio))

    for person in alone:
        before = called[: called.index(person)]
        earlier = sum(other.number < person.number for other in alone)
        assert sum(not other.again for other in before) <= earlier + person.wait


def test_a_number_that_comes_back_is_not_counted_as_another():
    line = [Person(1, False, 1, again=True), Person(2, False, 2, again=True), *(Person(n, False) for n in (3, 4, 5))]

    assert [person.number for person in in_order(line, 0, 2)] == [3, 1, 4, 2, 5]


@given(lines, st.integers(0, 9), ratios)
def test_the_order_that_is_told_is_the_one_in_which_people_are_then_called(line, streak, ratio):
    assert list(in_order(line, streak, ratio)) == list(called_one_by_one(line, streak, ratio))


def called_one_by_one(line, streak, ratio):
    """Who is called when the line is set up anew before each call, as at the counter; as they were in `line`."""
    waiting = {person: person for person in line}
    while waiting:
        called = next(in_order(waiting.values(), streak, ratio))
        before = next(was for was, now in waiting.items() if now == called)
        del waiting[before]
        streak = streak + 1 if called.priority else 0
        nearer = 0 if called.again else 1
        waiting = {was: msgspec.structs.replace(now, wait=max(0, now.wait - nearer)) for was, now in waiting.items()}
        yield before


def test_the_streak_counts_back_to_the_last_one_without_priority():
    assert streak_of([True, True, False, True]) == 2
    assert streak_of([]) == 0


def test_somebody_is_given_up_after_the_last_call():
    assert [is_over(calls, Rules(most_calls=3)) for calls in (1, 2, 3)] == [False, False, True]
