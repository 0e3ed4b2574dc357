"""On which days a cycle falls; the time on the clock stays when the clocks change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

import pytest
from hypothesis import given
from hypothesis import strategies as st

from concertations.enums_communities import Rhythm
from concertations.sessions import Rule, is_school_holiday, left_out


def rule(first: dt.date, rhythm: Rhythm = Rhythm.MONTHLY, *, out: Collection[dt.date] = (), number: int = 10) -> Rule:
    return Rule(
        first=first,
        begins=dt.time(14),
        ends=dt.time(16, 30),
        rhythm=rhythm,
        number=number,
        is_left_out=left_out(out, skips_holidays=False),
    )


def test_ten_sessions_from_september_to_june_on_the_second_tuesday() -> None:
    days = rule(dt.date(2026, 9, 8)).days()

    assert days == [
        dt.date(2026, 9, 8),
        dt.date(2026, 10, 13),
        dt.date(2026, 11, 10),
        dt.date(2026, 12, 8),
        dt.date(2027, 1, 12),
        dt.date(2027, 2, 9),
        dt.date(2027, 3, 9),
        dt.date(2027, 4, 13),
        dt.date(2027, 5, 11),
        dt.date(2027, 6, 8),
    ]


def test_a_fifth_tuesday_is_the_last_of_its_month() -> None:
    assert rule(dt.date(2026, 9, 29), number=3).days() == [
        dt.date(2026, 9, 29),
        dt.date(2026, 10, 27),
        dt.date(2026, 11, 24),
    ]


@pytest.mark.parametrize(
    ("before", "after", "offsets"),
    [
        (dt.date(2026, 10, 22), dt.date(2026, 10, 29), [2, 1]),  # summer time ends on 25 October 2026
        (dt.date(2027, 3, 25), dt.date(2027, 4, 1), [1, 2]),  # and begins on 28 March 2027
    ],
)
def test_two_o_clock_stays_two_o_clock(before: dt.date, after: dt.date, offsets: list[int]) -> None:
    made = rule(before, Rhythm.WEEKLY, number=2)
    hours = [made.hours_of(day) for day in made.days()]

    assert [starts.date() for starts, _ends in hours] == [before, after]
    assert [(starts.hour, ends.strftime("%H:%M")) for starts, ends in hours] == [(14, "16:30")] * 2
    assert [starts.utcoffset() for starts, _ends in hours] == [dt.timedelta(hours=offset) for offset in offsets]


def test_a_day_left_out_moves_its_session_to_the_next_week() -> None:
    days = rule(dt.date(2026, 9, 8), out=[dt.date(2026, 10, 13)], number=3).days()

    assert days == [dt.date(2026, 9, 8), dt.date(2026, 10, 20), dt.date(2026, 11, 10)]


def test_a_week_left_out_is_made_up_for_at_the_end() -> None:
    days = rule(dt.date(2026, 9, 8), Rhythm.WEEKLY, out=[dt.date(2026, 9, 15)], number=3).days()

    assert days == [dt.date(2026, 9, 8), dt.date(2026, 9, 22), dt.date(2026, 9, 29)]


def test_holidays_of_either_community_and_public_ones_are_left_out() -> None:
    is_out = left_out((), skips_holidays=True)

    # Autumn: two weeks of the French Community, one of the Flemish; the armistice is a public holiday.
    assert [is_school_holiday(dt.date(2026, 10, 20)), is_school_holiday(dt.date(2026, 11, 3))] == [True, True]
    assert [is_out(dt.date(2026, 11, 11)), is_out(dt.date(2026, 11, 12))] == [True, False]


@given(
    first=st.dates(dt.date(2024, 1, 1), dt.date(2030, 12, 31)),
    rhythm=st.sampled_from(Rhythm),
    gaps=st.integers(0, 2**40 - 1),
)
def test_whatever_the_rule_days_rise_and_keep_their_weekday(first: dt.date, rhythm: Rhythm, gaps: int) -> None:
    """Each bit of ``gaps`` is a week in which nobody can come."""
    out = {first + dt.timedelta(weeks=week) for week in range(40) if gaps >> week & 1}

    days = rule(first, rhythm, out=out).days()

    assert len(days) == 10
    assert days == sorted(set(days))
    assert {day.weekday() for day in days} == {first.weekday()}
    assert out.isdisjoint(days)
