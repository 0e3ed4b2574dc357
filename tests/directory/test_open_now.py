"""Open now: rhythms, dates, closings, public holidays, midnight and the hour that clocks change."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from dateutil import rrule
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from core.calendar import is_public_holiday
from core.spoken import BRUSSELS
from directory import wording
from directory.enums import Flag
from directory.models import Schedule, SearchEntry
from directory.rules import indexing
from directory.search.openings import SLOTS, is_open_at, open_week, slot_of
from tests.directory.search_tools import ask, write

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = dt.timedelta(days=1)
NBSP = "\N{NO-BREAK SPACE}"


# --- Against a naive expansion ---------------------------------------------------------------------
def expanded(row: Schedule, around: dt.date) -> list[tuple[dt.datetime, dt.datetime]]:
    """The times a row names near a day, as dateutil expands them; by the clock on the wall."""
    if row.opens_at is None or row.closes_at is None:
        return []
    first, last = around - 3 * DAY, around + 3 * DAY
    ends = row.valid_to or (row.valid_from if not row.freq else None)
    if not row.freq and row.valid_from is None:
        return []
    anchor = row.valid_from
    if anchor is None:
        if row.interval > 1:
            return []  # counted from nobody knows when
        anchor = dt.date(around.year - 1, 1, 1)
    named = []
    for each in filter(None, row.byday.split(",")):
        day = getattr(rrule, each[-2:])
        named.append(day(int(each[:-2])) if each[:-2] else day)
    if row.freq == "WEEKLY" and not named:
        named = [getattr(rrule, day) for day in DAYS]
    # RFC 5545 has 1MO,TH mean either; dateutil wants days named both ways one by one.
    found = rrule.rruleset()
    for days in [[each] for each in named] if named else [None]:
        found.rrule(
            rrule.rrule(
                rrule.MONTHLY if row.freq == "MONTHLY" else rrule.WEEKLY if row.freq else rrule.DAILY,
                interval=row.interval,
                dtstart=dt.datetime.combine(anchor, row.opens_at),
                until=dt.datetime.combine(ends or last, dt.time.max),
                byweekday=days,
                bymonthday=[int(each) for each in row.bymonthday.split(",")] if row.bymonthday else None,
            )
        )
    length = dt.datetime.combine(around, row.closes_at) - dt.datetime.combine(around, row.opens_at)
    length += DAY if length <= dt.timedelta(0) else dt.timedelta(0)
    near = found.between(dt.datetime.combine(first, dt.time.min), dt.datetime.combine(last, dt.time.max), inc=True)
    return [(begins, begins + length) for begins in near]


def is_always_open(rows: list[Schedule], day: dt.date) -> bool:
    """Whether the hours of every week, as they hold on that day, leave nothing out."""
    covered = set()
    for row in rows:
        starts, ends = row.valid_from or dt.date.min, row.valid_to or dt.date.max
        if row.is_closed or row.freq != "WEEKLY" or row.interval > 1 or row.opens_at is None or row.closes_at is None:
            continue
        if starts <= day <= ends:
            opens = row.opens_at.hour * 60 + row.opens_at.minute
            length = (row.closes_at.hour * 60 + row.closes_at.minute - opens) % 1440 or 1440
            for number, name in enumerate(DAYS):
                if not row.byday or name in row.byday:
                    covered |= {(number * 1440 + opens + minute) % 10080 for minute in range(0, length, 30)}
    return len(covered) == 336


def naively_open(rows: list[Schedule], moment: dt.datetime) -> bool:
    local = moment.astimezone(BRUSSELS).replace(tzinfo=None)
    closed_days, closed_hours = set(), []
    for row in rows:
        if row.is_closed and row.opens_at is None:
            whole = Schedule(
                **{each: getattr(row, each) for each in ROW_FIELDS} | {"opens_at": dt.time(0), "closes_at": dt.time(0)}
            )
            if row.byday or row.bymonthday or row.valid_from or row.valid_to:
                closed_days |= {begins.date() for begins, _ends in expanded(whole, local.date())}
        elif row.is_closed:
            closed_hours += expanded(row, local.date())
    if any(begins <= local < ends for begins, ends in closed_hours):
        return False
    return any(
        begins <= local < ends
        and begins.date() not in closed_days
        and (not is_public_holiday(begins.date()) or not row.freq or is_always_open(rows, begins.date()))
        for row in rows
        if not row.is_closed
        for begins, ends in expanded(row, local.date())
    )


ROW_FIELDS = ("freq", "interval", "byday", "bymonthday", "opens_at", "closes_at", "valid_from", "valid_to", "is_closed")
AROUND = [  # clocks change, two holidays in a row, a leap day, the turn of the year, months of five such days
    *(dt.date(2026, 3, 29), dt.date(2026, 10, 25), dt.date(2026, 4, 5), dt.date(2028, 2, 29), dt.date(2026, 12, 31)),
    *(dt.date(2026, 12, 25), dt.date(2026, 11, 23), dt.date(2026, 5, 1)),
]
half_hours = st.integers(0, 47).map(lambda number: dt.time(number // 2, number % 2 * 30))
hours = st.tuples(half_hours, half_hours) | st.just((dt.time(0), dt.time(0)))
dates = st.one_of(
    st.sampled_from(AROUND).flatmap(lambda day: st.integers(-45, 9).map(lambda off: day + off * DAY)), st.none()
)


@st.composite
def rows(draw: st.DrawFn) -> Schedule:
    freq = draw(st.sampled_from(["WEEKLY", "WEEKLY", "MONTHLY", ""]))
    opens, closes = draw(hours)
    is_closed = draw(st.sampled_from([False, False, True]))
    if is_closed and draw(st.booleans()):
        opens = closes = None  # type: ignore[assignment]
    begins, ends = draw(dates), draw(dates)
    if begins and ends and ends < begins:
        begins, ends = ends, begins
    named = draw(st.lists(st.sampled_from(DAYS), max_size=3, unique=True))
    numbers: list[int] = []
    if freq == "MONTHLY":
        which = st.sampled_from(["", "1", "2", "3", "5", "-1", "-2"])
        named = [f"{draw(which)}{day}" for day in named]
        if not named:
            numbers = draw(st.lists(st.sampled_from([1, 15, 23, 25, 29, 31, -1, -2]), min_size=1, max_size=3))
    return Schedule(
        freq=freq,
        interval=draw(st.sampled_from([1, 1, 2, 3])) if freq else 1,
        byday=",".join(named),
        bymonthday=",".join(map(str, numbers)),
        opens_at=opens,
        closes_at=closes,
        valid_from=begins if freq or begins else None,
        valid_to=ends if freq or begins else None,
        is_closed=is_closed,
    )


def bit(week: bytes | None, slot: int) -> bool:
    return week is not None and bool(week[slot // 8] >> slot % 8 & 1)


moments = st.sampled_from(AROUND).flatmap(
    lambda day: st.integers(-96, 143).map(
        lambda number: dt.datetime.combine(day, dt.time(0), dt.UTC) + number * dt.timedelta(minutes=30)
    )
)


@settings(deadline=None, max_examples=200, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(rows(), min_size=1, max_size=5), moments, st.integers(0, 6))
@example(
    [Schedule(freq="WEEKLY", byday="TH", opens_at=dt.time(20), closes_at=dt.time(2))],
    dt.datetime(2026, 12, 25, 0, tzinfo=dt.UTC),
    0,
)
def test_it_is_open_when_a_naive_expansion_says_so(own: list[Schedule], moment: dt.datetime, written: int) -> None:
    expected = naively_open(own, moment)
    local = moment.astimezone(BRUSSELS)
    week = open_week(own, local.date() - written * DAY)
    assert week is None or len(week) * 8 == SLOTS
    assert bit(week, slot_of(moment)) is expected
    assert bool(is_open_at(own, moment)) is expected


@given(st.integers(0, 400), st.lists(hours, min_size=1, max_size=3), st.lists(st.sampled_from(DAYS), unique=True))
def test_hours_of_every_week_make_the_same_week_on_each_day(
    ahead: int, own: list[tuple[dt.time, dt.time]], days: list[str]
) -> None:
    """So no night has to write them anew, whatever holidays come."""
    known = [Schedule(freq="WEEKLY", byday=",".join(days), opens_at=opens, closes_at=closes) for opens, closes in own]
    first = dt.date(2026, 1, 1)
    assert open_week(known, first + ahead * DAY) == open_week(known, first)


# --- Through search --------------------------------------------------------------------------------
def local(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), BRUSSELS)


OFFICE = {"byday": "MO,TU,WE,TH,FR", "opens_at": "09:00", "closes_at": "17:00"}
MONDAY = dt.date(2026, 11, 23)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("schedules", "day", "is_open"),
    [
        (
            [OFFICE, {"freq": "", "valid_from": "2026-11-23", "valid_to": "2026-11-27", "is_closed": True}],
            MONDAY,
            False,
        ),
        ([OFFICE, {"freq": "", "valid_from": "2026-11-23", "is_closed": True}], MONDAY + DAY, True),
        ([OFFICE, {"valid_from": "2026-11-23", "valid_to": "2026-11-24", "is_closed": True}], MONDAY, False),
        ([OFFICE, {"is_closed": True, "description_fr": "Fermé pendant les vacances"}], MONDAY, True),
        ([OFFICE | {"interval": 2, "valid_from": "2026-11-09"}], MONDAY, True),
        ([OFFICE | {"interval": 2, "valid_from": "2026-11-20"}], MONDAY, False),
        ([OFFICE | {"freq": "MONTHLY", "byday": "4MO"}], MONDAY, True),
        ([OFFICE | {"freq": "MONTHLY", "byday": "-1MO"}], MONDAY, False),
        ([OFFICE | {"freq": "MONTHLY", "byday": "", "bymonthday": "1,23"}], MONDAY, True),
        ([OFFICE | {"valid_to": "2026-11-20"}], MONDAY, False),
    ],
)
def test_search_and_page_know_rhythms_and_closings(schedules: list[Any], day: dt.date, is_open: bool) -> None:
    moment = local(day, 11)
    with time_machine.travel(moment - DAY, tick=False):
        made = write("Écoute", schedules=schedules)
    for words in ("", "écoute"):
        answer = ask(words, criteria=(Flag.OPEN_NOW,), now=moment)
        assert (answer.total, answer.counts["with"]["open_now"]) == (int(is_open), int(is_open))
    assert bool(is_open_at(made.schedules.all(), moment)) is is_open


@pytest.mark.django_db
def test_each_night_takes_up_what_does_not_come_every_week() -> None:
    rhythm = OFFICE | {"byday": "MO", "interval": 2, "valid_from": "2026-11-23"}
    with time_machine.travel(local(MONDAY, 12), tick=False):
        write("Tous les quinze jours", schedules=[rhythm])
        write("Chaque semaine", schedules=[OFFICE])
    is_open = {}
    for ahead in range(1, 29):
        with time_machine.travel(local(MONDAY + ahead * DAY, 0, 5), tick=False):
            assert indexing.index_changed_by_time(MONDAY + ahead * DAY) == 1
        found = ask("quinze", criteria=(Flag.OPEN_NOW,), now=local(MONDAY + ahead * DAY, 11)).total
        is_open[ahead] = bool(found)
    assert [ahead for ahead, found in is_open.items() if found] == [14, 28]


@pytest.mark.django_db
def test_a_closing_that_is_over_leaves_the_usual_week() -> None:
    closing = {"freq": "", "valid_from": "2026-11-23", "valid_to": "2026-11-24", "is_closed": True}
    with time_machine.travel(local(MONDAY - 10 * DAY, 12), tick=False):
        write("Écoute", schedules=[OFFICE, closing])
        usual = SearchEntry.objects.get().open_week
    weeks = []
    for ahead in range(-9, 8):
        with time_machine.travel(local(MONDAY + ahead * DAY, 0, 5), tick=False):
            indexing.index_changed_by_time(MONDAY + ahead * DAY)
        weeks.append(SearchEntry.objects.get().open_week)
    assert weeks[9] != usual
    assert weeks[-1] == usual


# --- To the minute, and what nobody told -----------------------------------------------------------
def test_a_page_knows_the_minute() -> None:
    row = Schedule(freq="WEEKLY", byday="MO", opens_at=dt.time(9, 15), closes_at=dt.time(12, 10))
    asked = [is_open_at([row], local(MONDAY, *at)) for at in ((9, 14), (9, 15), (12, 9), (12, 10))]
    assert asked == [False, True, True, False]


@pytest.mark.parametrize(
    "row",
    [
        Schedule(freq="WEEKLY", byday="MO"),
        Schedule(freq="", description_fr="Sur demande"),
        Schedule(freq="WEEKLY", interval=2, byday="MO", opens_at=dt.time(9), closes_at=dt.time(12)),
        Schedule(freq="MONTHLY", opens_at=dt.time(9), closes_at=dt.time(12)),
        Schedule(freq="", valid_from=MONDAY - 9 * DAY, opens_at=dt.time(9), closes_at=dt.time(12)),
    ],
)
def test_where_nobody_told_it_is_not_said_to_be_closed(row: Schedule) -> None:
    assert is_open_at([row], local(MONDAY, 10)) is None


# --- In words --------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("row", "words"),
    [
        (
            Schedule(interval=2, byday="MO", valid_from=MONDAY),
            "lundi, toutes les 2 semaines, à partir du 23 novembre 2026",
        ),
        (Schedule(freq="MONTHLY", byday="1TH,3TH"), "premier jeudi, troisième jeudi du mois"),
        (
            Schedule(freq="MONTHLY", byday="-1FR", interval=3, valid_from=MONDAY),
            "dernier vendredi du mois, tous les 3 mois, à partir du 23 novembre 2026",
        ),
        (Schedule(freq="MONTHLY", bymonthday="1,15,-1"), "le 1er, le 15, dernier jour du mois"),
        (Schedule(byday="TU", valid_from=MONDAY + 9 * DAY), "mardi, à partir du 2 décembre 2026"),
    ],
)
def test_rhythms_are_said_in_words(row: Schedule, words: str) -> None:
    row.opens_at, row.closes_at = dt.time(9), dt.time(12)
    (said,) = wording.hours_of([row], MONDAY)
    assert said.days.replace(NBSP, " ") == words
