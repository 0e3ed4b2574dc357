"""The working-hours clock, against a count minute by minute."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from core.calendar import is_public_holiday
from core.spoken import BRUSSELS
from helpdesk.rules.clock import Pause, due_at, is_running, working_minutes

MINUTE = dt.timedelta(minutes=1)


def at(day: str, clock: str = "00:00") -> dt.datetime:
    return dt.datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=BRUSSELS)


def runs(moment: dt.datetime, pauses: list[Pause]) -> bool:
    """The naive word: does the clock run in the minute that begins at ``moment``?"""
    local = moment.astimezone(BRUSSELS)
    works = local.weekday() < 5 and 9 <= local.hour < 17 and not is_public_holiday(local.date())
    return works and not any(start <= moment and (end is None or moment < end) for start, end in pauses)


def counted(start: dt.datetime, end: dt.datetime, pauses: list[Pause]) -> int:
    minutes = int((end - start) / MINUTE)
    return sum(runs(start + n * MINUTE, pauses) for n in range(minutes))


# Weeks in which something happens: changes of the clock, Easter, 1 and 8 May, 11 November, the end of a year.
_WEEKS = [
    "2026-03-26",
    "2026-10-22",
    "2027-03-25",
    "2026-04-30",
    "2027-05-04",
    "2026-11-09",
    "2026-12-23",
    "2028-02-28",
]


@st.composite
def moments(draw: st.DrawFn, days: int = 9) -> dt.datetime:
    first = at(draw(st.sampled_from(_WEEKS))).astimezone(dt.UTC)
    return first + draw(st.integers(0, days * 24 * 60)) * MINUTE


@st.composite
def spans(draw: st.DrawFn) -> tuple[dt.datetime, dt.datetime, list[Pause]]:
    start = draw(moments())
    length = draw(st.integers(0, 9 * 24 * 60))
    pauses: list[Pause] = []
    edge = start
    for _ in range(draw(st.integers(0, 4))):
        # Some begin where the last one ended: they touch; others lie across it or outside the span.
        since = draw(st.sampled_from([edge, start + draw(st.integers(-600, length + 600)) * MINUTE]))
        lasts = draw(st.one_of(st.none(), st.integers(0, 3000)))
        until = None if lasts is None else since + lasts * MINUTE
        pauses.append((since, until))
        edge = until or edge
    return start, start + length * MINUTE, pauses


@given(spans())
@settings(max_examples=60, deadline=None)
@example((at("2026-03-27", "16:00"), at("2026-03-30", "10:00"), []))
@example(
    (at("2026-10-23", "16:00"), at("2026-10-26", "10:00"), [(at("2026-10-25", "01:00"), at("2026-10-26", "09:30"))])
)
def test_it_is_the_count_of_the_minutes(span: tuple[dt.datetime, dt.datetime, list[Pause]]) -> None:
    start, end, pauses = span

    assert working_minutes(start, end, pauses) == counted(start, end, pauses)


@given(spans(), st.integers(1, 2000))
@settings(max_examples=60, deadline=None)
def test_due_is_the_first_moment_with_so_many_minutes(
    span: tuple[dt.datetime, dt.datetime, list[Pause]], minutes: int
) -> None:
    start, _end, pauses = span

    due = due_at(start, minutes, pauses)

    if due is None:
        last = max(since for since, until in pauses if until is None)
        assert working_minutes(start, last + dt.timedelta(days=30), pauses) < minutes
    else:
        assert working_minutes(start, due, pauses) == minutes
        assert working_minutes(start, due - MINUTE, pauses) == minutes - 1


@given(moments(), moments(), moments())
def test_parts_of_a_span_add_up(first: dt.datetime, second: dt.datetime, third: dt.datetime) -> None:
    start, middle, end = sorted([first, second, third])

    assert working_minutes(start, end) == working_minutes(start, middle) + working_minutes(middle, end)


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (at("2026-05-13", "10:00"), at("2026-05-13", "10:00"), 0),
        (at("2026-05-13", "10:00"), at("2026-05-13", "09:00"), 0),
        (at("2026-05-13", "08:00"), at("2026-05-13", "18:00"), 480),
        (at("2026-05-15", "16:30"), at("2026-05-18", "09:30"), 60),  # over a weekend
        (at("2026-05-13", "16:00"), at("2026-05-15", "10:00"), 120),  # over Ascension Day
        (at("2026-12-24", "16:00"), at("2026-12-28", "10:00"), 120),  # over Christmas
        (at("2026-11-11", "09:00"), at("2026-11-11", "17:00"), 0),
    ],
)
def test_days_off_do_not_count(start: dt.datetime, end: dt.datetime, minutes: int) -> None:
    assert working_minutes(start, end) == minutes


def test_a_full_day_is_due_at_its_end_and_not_on_the_next_morning() -> None:
    assert due_at(at("2026-05-15", "09:00"), 480) == at("2026-05-15", "17:00")
    assert due_at(at("2026-05-15", "09:00"), 481) == at("2026-05-18", "09:01")


def test_what_is_asked_at_night_is_counted_from_the_morning() -> None:
    assert due_at(at("2026-05-16", "23:00"), 60) == at("2026-05-18", "10:00")


def test_no_time_at_all_is_due_at_once() -> None:
    assert due_at(at("2026-05-16", "23:00"), 0) == at("2026-05-16", "23:00")


def test_a_pause_that_lasts_has_no_due_time() -> None:
    asked, waits = at("2026-05-13", "10:00"), at("2026-05-13", "11:00")

    assert due_at(asked, 61, [(waits, None)]) is None
    assert due_at(asked, 60, [(waits, None)]) == waits


def test_seconds_count_only_when_they_make_a_minute() -> None:
    start = at("2026-05-13", "10:00")

    assert working_minutes(start, start + dt.timedelta(seconds=119)) == 1


@pytest.mark.parametrize(
    ("moment", "works"),
    [
        (at("2026-05-13", "09:00"), True),
        (at("2026-05-13", "16:59"), True),
        (at("2026-05-13", "17:00"), False),
        (at("2026-05-14", "10:00"), False),
        (at("2026-05-16", "10:00"), False),
    ],
)
def test_it_says_whether_the_helpdesk_works(moment: dt.datetime, works: bool) -> None:
    assert is_running(moment) is works


def test_years_cost_no_more_than_days() -> None:
    start = at("2024-01-02", "09:30")
    working_minutes(start, at("2034-01-02"))  # the holidays of these years are known from here on

    def cost(end: dt.datetime) -> float:
        began = time.perf_counter()
        for _ in range(300):
            due_at(start, working_minutes(start, end, [(start, start + dt.timedelta(days=1))]))
        return time.perf_counter() - began

    days = min(cost(at("2024-01-05")) for _ in range(5))
    years = min(cost(at("2034-01-02")) for _ in range(5))

    assert years < days * 5
