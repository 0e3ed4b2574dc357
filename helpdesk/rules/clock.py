"""The helpdesk's clock: it runs Monday to Friday, 9 to 17 in Brussels, but not on Belgian public holidays.

A working day has eight hours whatever the season: clocks change on Sundays at night. So a moment has a place on one
line of working time, and a span of years is a difference of two places: the days between them are counted, not walked.

*Pauses* are spans in which the clock stands still, e.g. while a ticket waits for its asker; one without an end still
lasts. They may overlap and come in any order.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import TypeAlias

from django.conf import settings

from basins.queries import HELPDESK_CLOSES, HELPDESK_OPENS
from core.calendar import public_holidays
from core.spoken import BRUSSELS

Pause: TypeAlias = tuple[dt.datetime, dt.datetime | None]

_MINUTE = dt.timedelta(minutes=1)
_OPENS = dt.timedelta(hours=HELPDESK_OPENS.hour, minutes=HELPDESK_OPENS.minute)
DAY = dt.timedelta(hours=HELPDESK_CLOSES.hour, minutes=HELPDESK_CLOSES.minute) - _OPENS
DAY_MINUTES = DAY // _MINUTE


def working_time(start: dt.datetime, end: dt.datetime, pauses: Iterable[Pause] = ()) -> dt.timedelta:
    """How long the clock ran from ``start`` to ``end``; nothing when the end is before the start."""
    if end <= start:
        return dt.timedelta(0)
    paused = (_place(until or end) - _place(since) for since, until in _merged(pauses, start, end))
    return _place(end) - _place(start) - sum(paused, dt.timedelta(0))


def working_minutes(start: dt.datetime, end: dt.datetime, pauses: Iterable[Pause] = ()) -> int:
    """The same in whole minutes."""
    return working_time(start, end, pauses) // _MINUTE


def due_at(start: dt.datetime, minutes: int, pauses: Iterable[Pause] = ()) -> dt.datetime | None:
    """The first moment at which the clock has run so many minutes since ``start``.

    The end of a day rather than the beginning of the next one. None while a pause without an end holds it up.
    """
    if minutes <= 0:
        return start
    left, since = minutes * _MINUTE, start
    for pause_start, pause_end in _merged(pauses, start, None):
        runs = _place(pause_start) - _place(since)
        if runs >= left:
            break
        if pause_end is None:
            return None
        left, since = left - runs, pause_end
    return _moment(_place(since) + left)


def is_running(moment: dt.datetime) -> bool:
    """Whether the helpdesk works at that moment."""
    return working_time(moment, moment + dt.timedelta(microseconds=1)) > dt.timedelta(0)


def _merged(pauses: Iterable[Pause], start: dt.datetime, end: dt.datetime | None) -> list[Pause]:
    """The pauses between ``start`` and ``end`` in their order, none of them touching another."""
    merged: list[Pause] = []
    for since, until in sorted(pauses, key=lambda pause: pause[0]):
        first = max(since, start)
        last = until if end is None else end if until is None else min(until, end)
        if last is not None and last <= first:
            continue
        if merged and (merged[-1][1] is None or first <= merged[-1][1]):
            before, to = merged[-1]
            merged[-1] = (before, None if to is None or last is None else max(to, last))
        else:
            merged.append((first, last))
    return merged


# --- The line of working time --------------------------------------------------------------------


def _place(moment: dt.datetime) -> dt.timedelta:
    """How much working time lies between the first day of the calendar and ``moment``."""
    local = moment.astimezone(BRUSSELS)
    day = local.date()
    place = _working_days_before(day.toordinal()) * DAY
    if _is_working_day(day):
        clock = dt.timedelta(
            hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond
        )
        place += min(max(clock - _OPENS, dt.timedelta(0)), DAY)
    return place


def _moment(place: dt.timedelta) -> dt.datetime:
    """The first moment at that place, which lies within a working day: not at its very beginning."""
    days = -(-place // DAY) - 1  # whole working days before the one it falls on
    # Each day brings one working day at most, so stepping by what is missing never goes too far.
    ordinal = max(1, days * 7 // 5 - 7)
    while (missing := days + 1 - _working_days_before(ordinal + 1)) > 0:
        ordinal += missing
    clock = _OPENS + place - days * DAY
    midnight = dt.datetime.combine(dt.date.fromordinal(ordinal), dt.time(0))
    return (midnight + clock).replace(tzinfo=BRUSSELS)


@lru_cache(maxsize=8192)
def _is_working_day(day: dt.date) -> bool:
    return day.weekday() < 5 and day not in _holidays(day.year)


@lru_cache(maxsize=8192)
def _working_days_before(ordinal: int) -> int:
    """Working days from the first day of the calendar (a Monday) up to the day of that ordinal, itself excluded."""
    weeks, rest = divmod(ordinal - 1, 7)
    day = dt.date.fromordinal(ordinal)
    this_year = sum(holiday < day for holiday in _holidays(day.year))
    return weeks * 5 + min(rest, 5) - _holidays_before(day.year) - this_year


_FIRST_YEAR = 2000  # holidays before it are not counted: nobody asked a helpdesk


@cache
def _holidays(year: int) -> frozenset[dt.date]:
    """The public holidays that fall on a weekday: the others take nothing from the clock."""
    if year < _FIRST_YEAR:
        return frozenset()
    found = public_holidays(dt.date(year, 1, 1), dt.date(year, 12, 31), settings.LANGUAGE_CODE)
    return frozenset(holiday.day for holiday in found if holiday.day.weekday() < 5)


@cache
def _holidays_before(year: int) -> int:
    return sum(len(_holidays(each)) for each in range(_FIRST_YEAR, year))
