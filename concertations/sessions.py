"""On which days a cycle of sessions falls, worked out from a rule. No database in here.

A session keeps the time of the clock in Brussels: two o'clock stays two o'clock when the clocks change.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import islice

from dateutil.relativedelta import relativedelta

from concertations.enums_communities import Rhythm
from core.calendar import is_public_holiday, school_holidays
from core.spoken import BRUSSELS

WEEK = dt.timedelta(days=7)
LONGEST = dt.timedelta(days=3 * 366)  # where everything is left out we stop looking
_WEEKS = {Rhythm.WEEKLY: 1, Rhythm.FORTNIGHTLY: 2, Rhythm.FOUR_WEEKLY: 4}
_LAST_OF_MONTH = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """``number`` sessions from ``first`` on, from ``begins`` to ``ends``; ``is_left_out`` says which days are no days.

    A day that is left out moves its session to the same weekday of a later week, if that comes before the next one
    of the rule; else the session is made up for at the end.
    """

    first: dt.date
    begins: dt.time
    ends: dt.time
    rhythm: Rhythm
    number: int
    is_left_out: Callable[[dt.date], bool]

    def days(self, number: int | None = None) -> list[dt.date]:
        """The days in order, ``number`` of them (as many as the rule has, if not said); fewer where none is free."""
        return list(islice(self._free_days(), self.number if number is None else number))

    def hours_of(self, day: dt.date) -> tuple[dt.datetime, dt.datetime]:
        """When the session of a day begins and ends, in Brussels."""
        return (
            dt.datetime.combine(day, self.begins, tzinfo=BRUSSELS),
            dt.datetime.combine(day, self.ends, tzinfo=BRUSSELS),
        )

    def _free_days(self) -> Iterator[dt.date]:
        days = self._rule_days()
        day, following = next(days), next(days)
        while day - self.first <= LONGEST:
            candidate = day
            while candidate < following and self.is_left_out(candidate):
                candidate += WEEK
            if candidate < following:
                yield candidate
            day, following = following, next(days)

    def _rule_days(self) -> Iterator[dt.date]:
        """What the rule says, without a look at the calendar."""
        step = 0
        while True:
            if self.rhythm == Rhythm.MONTHLY:
                yield _same_weekday(self.first, step)
            else:
                yield self.first + step * _WEEKS[self.rhythm] * WEEK
            step += 1


def _same_weekday(first: dt.date, months: int) -> dt.date:
    """The second Tuesday stays the second Tuesday; a fifth one is the last of its month."""
    nth = (first.day - 1) // 7 + 1
    month = first.replace(day=1) + relativedelta(months=months)
    day = month + dt.timedelta(days=(first.weekday() - month.weekday()) % 7 + 7 * (nth - 1))
    return day - WEEK if nth == _LAST_OF_MONTH and day.month != month.month else day


def left_out(exceptions: Collection[dt.date], *, skips_holidays: bool) -> Callable[[dt.date], bool]:
    """The days named, and with ``skips_holidays`` public holidays and the school holidays of either community."""

    def is_left_out(day: dt.date) -> bool:
        return day in exceptions or (skips_holidays and (is_public_holiday(day) or is_school_holiday(day)))

    return is_left_out


def is_school_holiday(day: dt.date) -> bool:
    """Whether schools of the French or of the Flemish Community are closed that day: the two calendars differ."""
    return bool(school_holidays(day, day))
