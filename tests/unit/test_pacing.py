"""How much to send at once and when to try again: laws."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from agent.domain import allowance, backoff, batching
from agent.domain.batching import FIRST, LARGEST, SMALLEST, Pace, Sent

sizes = st.integers(1, LARGEST)
paces = st.builds(
    lambda size, cap, ratio, goodput: Pace(min(size, cap), ratio, goodput, cap),
    sizes,
    sizes,
    st.floats(0.01, 2),
    st.none() | st.floats(1, 1e9),
)
sents = st.builds(Sent, sizes, st.integers(1, 8 * 1024 * 1024), st.none() | st.floats(0, 1e9))
lucks = st.floats(0, 1, exclude_max=True)
steps = st.lists(st.one_of(sents, st.just("broke"), st.tuples(sizes, st.none() | sizes)), max_size=30)


def walked(pace: Pace, step: object) -> Pace:
    if isinstance(step, Sent):
        return batching.after_success(pace, step)
    return batching.after_failure(pace) if step == "broke" else batching.after_too_large(pace, *step)


@given(steps)
def test_whatever_happens_a_size_is_between_one_byte_and_the_largest(happened) -> None:
    pace = Pace()
    for step in happened:
        pace = walked(pace, step)
        assert 1 <= pace.size <= LARGEST


@given(paces, st.lists(st.one_of(sents, st.just("broke")), max_size=30))
def test_a_size_passes_the_cap_of_the_moment_only_as_far_as_a_file_was_taken(pace, happened) -> None:
    for step in happened:
        cap = max(pace.cap, step.file if isinstance(step, Sent) else 0)
        pace = walked(pace, step)
        assert pace.size <= cap


@given(paces, sizes, st.none() | sizes)
def test_what_was_too_large_is_at_least_halved(pace, file, limit) -> None:
    after = batching.after_too_large(pace, file, limit)

    assert after.size <= max(1, file // 2)


@given(sizes)
def test_ever_smaller_files_end_at_one_line_in_a_few_steps(size) -> None:
    pace, steps = Pace(size=size), 0
    while pace.size > 1:
        pace, steps = batching.after_too_large(pace, pace.size, None), steps + 1

    assert steps <= 17


@given(paces)
def test_a_break_halves_but_not_below_four_kilobytes(pace) -> None:
    after = batching.after_failure(pace).size

    assert after == max(pace.size // 2, min(SMALLEST, pace.size))


@given(st.floats(1, 1e7))
def test_full_batches_lead_to_eight_seconds_of_the_link(goodput) -> None:
    pace = Pace()
    for _ in range(60):
        pace = batching.after_success(pace, Sent(pace.size, 5 * pace.size, goodput))

    assert pace.size == batching.clamped(goodput * 8)


def after_full_batches(pace: Pace, goodput: float, count: int) -> tuple[Pace, int]:
    """The pace after `count` batches that just used their size, and the cap before the last."""
    cap = pace.cap
    for _ in range(count):
        cap = pace.cap
        pace = batching.after_success(pace, Sent(pace.size, 5 * pace.size, goodput))
    return pace, cap


@given(paces, st.floats(1, 1e7))
def test_from_any_size_full_batches_lead_to_the_cap_or_eight_seconds_of_the_link(pace, goodput) -> None:
    after, cap = after_full_batches(pace, goodput, 60)

    assert abs(after.size - min(cap, batching.clamped(goodput * 8))) <= 1


@settings(max_examples=20)
@given(paces, st.floats(1, 1e7))
def test_no_cap_holds_a_size_down_for_ever(pace, goodput) -> None:
    after, _ = after_full_batches(pace, goodput, 600)

    assert abs(after.size - batching.clamped(goodput * 8)) <= 1


@given(sizes)
def test_a_file_that_was_taken_is_the_least_size_of_the_next(file) -> None:
    assert batching.after_success(Pace(size=1, cap=1), Sent(file, 5 * file)).size == file


@given(paces)
def test_a_new_process_begins_with_the_smallest_size_at_least_and_no_cap(pace) -> None:
    begun = batching.at_start(pace)

    assert (begun.size, begun.cap, begun.goodput) == (max(pace.size, SMALLEST), LARGEST, pace.goodput)


def test_a_full_batch_makes_the_next_by_half_larger() -> None:
    assert batching.after_success(Pace(), Sent(FIRST, FIRST * 5)).size == FIRST * 3 // 2


def test_a_batch_that_did_not_use_its_size_teaches_nothing_about_larger_ones() -> None:
    assert batching.after_success(Pace(), Sent(900, 4000)).size == FIRST


def test_a_faster_link_takes_several_batches_to_be_believed() -> None:
    slow = Pace(size=SMALLEST, goodput=500)

    assert batching.after_success(slow, Sent(SMALLEST, 20_000, 1e6)).size == SMALLEST * 3 // 2


@given(sizes.filter(lambda size: size < batching.TELLING), st.floats(0.001, 100), st.floats(0, 10))
def test_a_short_exchange_tells_no_rate(acked, seconds, trip) -> None:
    assert batching.measured(acked, seconds, trip) is None


@given(st.integers(batching.TELLING, 10**7), st.floats(0.01, 1000), st.floats(0, 100))
def test_a_rate_is_at_most_four_times_what_the_whole_time_gives(acked, seconds, trip) -> None:
    rate = batching.measured(acked, seconds, trip)

    assert acked / seconds <= rate <= 4.001 * acked / seconds


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=30), st.integers(0, 500))
def test_a_cut_takes_a_line_at_least_and_no_more_than_fits(lines, most) -> None:
    taken = batching.cut(lines, most)

    assert taken == lines[: len(taken)]
    assert len(taken) == 1 or sum(len(line) + 1 for line in taken) <= most


@given(st.integers(2, 10_000), st.integers(1, 10**6), st.integers(1, 10**6))
def test_a_second_cut_is_smaller_and_never_empty(count, made, wanted) -> None:
    assert 1 <= batching.fewer(count, made, wanted) < count


@given(paces, sizes)
def test_a_raw_budget_is_within_a_megabyte(pace, size) -> None:
    assert 1 <= batching.raw_budget(pace, size) <= batching.MOST_RAW


@given(st.integers(0, 10_000), lucks)
def test_a_rest_is_from_five_seconds_to_five_minutes(failures, luck) -> None:
    assert 5 <= backoff.delay_s(failures, None, luck) <= 300


@given(st.integers(0, 50), st.floats(0, 86_400), lucks)
def test_a_try_is_never_earlier_than_asked_and_at_most_a_fifth_later(failures, asked, luck) -> None:
    assert asked <= backoff.delay_s(failures, asked, luck) <= asked * 1.2


def test_the_longest_rest_comes_after_few_failures() -> None:
    assert backoff.delay_s(5, None, 0.999999) > 299


@given(st.integers(0, 100))
def test_a_link_that_moves_bytes_is_soon_tried_again(failures) -> None:
    after = backoff.counted(failures, moved=True)

    assert backoff.delay_s(after, None, 0.999999) <= 40


@given(st.integers(0, 100))
def test_a_link_that_moves_nothing_is_tried_ever_more_rarely(failures) -> None:
    assert backoff.counted(failures, moved=False) == failures + 1


@given(st.floats(0, backoff.LONG_OUTAGE_S), lucks)
def test_after_a_short_absence_the_first_try_is_at_once(away, luck) -> None:
    assert backoff.first_try_s(away, luck) == 0


@given(st.floats(backoff.LONG_OUTAGE_S + 1, 1e8), lucks)
def test_after_a_long_absence_the_first_try_is_spread_over_five_minutes(away, luck) -> None:
    assert backoff.first_try_s(away, luck) == 300 * luck


def test_a_new_office_was_never_away() -> None:
    assert backoff.away_s(None, 10**12) == 0


def test_a_contact_in_the_future_counts_as_long_ago() -> None:
    assert backoff.away_s(10**12 + 1, 10**12) > backoff.LONG_OUTAGE_S


TODAY = date(2026, 11, 23)
counts = st.integers(0, 10**9)


@given(counts, st.integers(1, 10**9), st.integers(0, 96))
def test_no_purpose_may_spend_more_than_is_left(used, daily, beats) -> None:
    unspent = allowance.left(allowance.spend(allowance.Spent(), TODAY, used), TODAY, daily)

    for purpose in ("heartbeat", "enrollments", "health"):
        assert 0 <= allowance.allowed(purpose, unspent, daily, beats) <= unspent


@given(counts, st.integers(1, 10**9), st.integers(0, 96))
def test_heartbeats_come_before_visits_and_visits_before_health(unspent, daily, beats) -> None:
    beat, visits, health = (allowance.allowed(p, unspent, daily, beats) for p in ("heartbeat", "enrollments", "health"))

    assert beat >= visits >= health


def test_a_new_day_has_all_its_bytes() -> None:
    spent = allowance.spend(allowance.Spent(), TODAY, 900)

    assert (allowance.left(spent, TODAY, 1000), allowance.left(spent, date(2026, 11, 24), 1000)) == (100, 1000)


@given(st.integers(1, 10**9))
def test_heartbeats_to_come_keep_half_a_day_at_the_most(daily) -> None:
    assert allowance.allowed("enrollments", daily, daily, 96) >= daily // 2
