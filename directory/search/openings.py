"""Opening hours as half hours of the coming week, so that "open now" is one bit.

A week of half hours is kept four times over: for days that are no public holiday after a day that was none, and so on
for the three other cases (:func:`slot_of`). Usual hours say nothing of a public holiday, so only what is open day and
night, or names that very date, counts as open then. Which day of the calendar a half hour belongs to counts: every
second Monday, the first Thursday, a day of closing. See docs/decisions/open-now.md.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from core.calendar import is_public_holiday
from core.spoken import BRUSSELS
from directory.enums import ScheduleFrequency
from directory.models import Schedule

SLOTS_PER_DAY = 48
USUAL_SLOTS = 7 * SLOTS_PER_DAY
SLOTS = 4 * USUAL_SLOTS  # by whether the day, and the day before, is a public holiday
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
EVENING = 37  # half past six
DAY_LONG = dt.timedelta(days=1)
_WHOLE_DAY = (1 << SLOTS_PER_DAY) - 1
_NAMED_DAY = re.compile(rf"([+-]?)([1-5]?)({'|'.join(DAYS)})")


class NamedDay(NamedTuple):
    """``1TH`` is the first Thursday, ``-1FR`` the last Friday; 0: each one."""

    weekday: int  # Monday 0
    which: int


def slot_of(moment: dt.datetime) -> int:
    """The half hour in Brussels: of the week, from Monday midnight on, among the days of its case."""
    local = moment.astimezone(BRUSSELS)
    day = local.date()
    case = 2 * is_public_holiday(day) + is_public_holiday(day - DAY_LONG)
    return case * USUAL_SLOTS + day.weekday() * SLOTS_PER_DAY + local.hour * 2 + local.minute // 30


def usual_slots(schedules: Iterable[Schedule], today: dt.date) -> set[int]:
    """The half hours of a usual week in which it is open, as of ``today``: hours of every week alone."""
    found: set[int] = set()
    for row in schedules:
        if is_of_every_week(row) and not row.is_closed and holds(row, today):
            own = range(*_slots(row))
            found |= {(day * SLOTS_PER_DAY + slot) % USUAL_SLOTS for day in days_of(row) for slot in own}
    return found


def open_week(schedules: Iterable[Schedule], today: dt.date) -> bytes | None:
    """The half hours in which it is open in the seven days from ``today`` on, as ``get_bit`` of PostgreSQL reads them.

    Each day is worked out for all four cases, so the hours of every week make the same week whenever it is worked
    out, public holidays or not. ``None`` where it is never open.
    """
    opens, closes = _by_use(schedules)
    if not opens:
        return None
    bits = 0
    eve = today - DAY_LONG
    after_eve = [_of_a_day(opens, closes, eve, is_holiday=is_holiday) for is_holiday in (False, True)]
    taken_after_eve = _taken_away(closes, eve)
    for ahead in range(7):
        day = today + dt.timedelta(days=ahead)
        own = [_of_a_day(opens, closes, day, is_holiday=is_holiday) for is_holiday in (False, True)]
        taken = _taken_away(closes, day)
        kept = _WHOLE_DAY & ~taken & ~(taken_after_eve >> SLOTS_PER_DAY)
        for case in range(4):
            open_then = (own[case >> 1] | after_eve[case & 1] >> SLOTS_PER_DAY) & kept
            bits |= open_then << (case * USUAL_SLOTS + day.weekday() * SLOTS_PER_DAY)
        after_eve, taken_after_eve = own, taken
    return bits.to_bytes(SLOTS // 8, "little") if bits else None


def is_open_at(schedules: Iterable[Schedule], moment: dt.datetime) -> bool | None:
    """Whether it is open at this minute; ``None`` where nobody told hours that say so or otherwise."""
    opens, closes = _by_use(schedules)
    local = moment.astimezone(BRUSSELS).replace(tzinfo=None)
    is_open = False
    for day in (local.date() - DAY_LONG, local.date()):
        rows = _beginning(opens, closes, day, is_holiday=is_public_holiday(day))
        is_open = is_open or any(_is_within(row, day, local) for row in rows)
        if any(occurs_on(row, day) and row.opens_at and _is_within(row, day, local) for row in closes):
            return False
    if is_open:
        return True
    told = [row for row in opens if (row.last_day or dt.date.max) >= local.date() - DAY_LONG]
    return None if not told or any(_lacks_its_beginning(row) for row in told) else False


def occurs_on(row: Schedule, day: dt.date) -> bool:
    """Whether this row names this day, by its rhythm and its dates."""
    if not holds(row, day) or _says_no_day(row) or _lacks_its_beginning(row):
        return False
    if row.freq == ScheduleFrequency.MONTHLY:
        return _occurs_in_month(row, day)
    if row.freq and row.interval > 1 and row.valid_from is not None:
        weeks = (_monday(day) - _monday(row.valid_from)).days // 7
        if weeks % row.interval:
            return False
    return day.weekday() in days_of(row) and _is_day_of_month(row, day)


def days_of(row: Schedule) -> list[int]:
    """The days of the week of a schedule, Monday 0; none given means every day."""
    return [each.weekday for each in named_days(row)] or list(range(7))


def named_days(row: Schedule) -> list[NamedDay]:
    """The days of the week it names, as it names them."""
    found = []
    for sign, which, day in _NAMED_DAY.findall(row.byday):
        number = int(which or 0)
        found.append(NamedDay(DAYS.index(day), -number if sign == "-" else number))
    return found


def has_evening(slots: set[int]) -> bool:
    return any(slot % SLOTS_PER_DAY >= EVENING for slot in slots)


def has_weekend(slots: set[int]) -> bool:
    return any(slot >= 5 * SLOTS_PER_DAY for slot in slots)


# --- What begins on a day --------------------------------------------------------------------------


def _of_a_day(opens: Sequence[Schedule], closes: Sequence[Schedule], day: dt.date, *, is_holiday: bool) -> int:
    """The half hours of what begins on that day, as bits; those after midnight run on."""
    found = 0
    for row in _beginning(opens, closes, day, is_holiday=is_holiday):
        first, last = _slots(row)
        found |= _bits(first, last)
    return found


def _beginning(
    opens: Sequence[Schedule], closes: Sequence[Schedule], day: dt.date, *, is_holiday: bool
) -> list[Schedule]:
    """The openings that begin on that day. A day of closing takes away what would begin then, nothing else."""
    rows = [row for row in opens if occurs_on(row, day)]
    if not rows or any(row.opens_at is None and occurs_on(row, day) for row in closes):
        return []
    if is_holiday and any(row.freq for row in rows) and not _is_always_open(opens, day):
        return [row for row in rows if not row.freq]
    return rows


def _is_always_open(opens: Sequence[Schedule], day: dt.date) -> bool:
    known = [row for row in opens if is_of_every_week(row) and holds(row, day)]
    lengths = [len(days_of(row)) * (last - first) for row in known for first, last in [_slots(row)]]
    return sum(lengths) >= USUAL_SLOTS and len(usual_slots(known, day)) == USUAL_SLOTS


def _taken_away(closes: Sequence[Schedule], day: dt.date) -> int:
    """The half hours that are closed throughout, of closings that begin on that day and say their hours."""
    found = 0
    for row in closes:
        if row.opens_at is not None and row.closes_at is not None and occurs_on(row, day):
            first = row.opens_at.hour * 2 + (row.opens_at.minute + 29) // 30
            last = row.closes_at.hour * 2 + row.closes_at.minute // 30
            found |= _bits(first, last + (SLOTS_PER_DAY if row.closes_at <= row.opens_at else 0))
    return found


def _slots(row: Schedule) -> tuple[int, int]:
    """The half hours of one day's opening, the last one not included; those after midnight count on."""
    if row.opens_at is None or row.closes_at is None:
        return 0, 0
    first = row.opens_at.hour * 2 + row.opens_at.minute // 30
    last = row.closes_at.hour * 2 + (row.closes_at.minute + 29) // 30
    return first, last + (SLOTS_PER_DAY if row.closes_at <= row.opens_at else 0)


def _bits(first: int, last: int) -> int:
    return (1 << max(last, first)) - (1 << first)


def _is_within(row: Schedule, day: dt.date, local: dt.datetime) -> bool:
    """Whether the hours that begin on that day hold the moment, by the clock on the wall."""
    if row.opens_at is None or row.closes_at is None:
        return False
    ends = day + DAY_LONG if row.closes_at <= row.opens_at else day
    return dt.datetime.combine(day, row.opens_at) <= local < dt.datetime.combine(ends, row.closes_at)


# --- Rhythms ---------------------------------------------------------------------------------------


def _by_use(schedules: Iterable[Schedule]) -> tuple[list[Schedule], list[Schedule]]:
    """Openings whose hours are known, and closings."""
    rows = list(schedules)
    opens = [row for row in rows if not row.is_closed and row.opens_at is not None and (row.freq or row.valid_from)]
    return opens, [row for row in rows if row.is_closed]


def is_of_every_week(row: Schedule) -> bool:
    """Whether it is the same each week as long as it holds."""
    return row.freq == ScheduleFrequency.WEEKLY and row.interval == 1 and not row.bymonthday


def _says_no_day(row: Schedule) -> bool:
    """Whether only its words tell when: hours without a rhythm or a date, a closing without days, dates or hours."""
    if row.is_closed and not (row.byday or row.bymonthday or row.valid_from or row.valid_to or row.opens_at):
        return True
    return not row.freq and row.valid_from is None


def _lacks_its_beginning(row: Schedule) -> bool:
    """Every second week, or each month on the day it began: since when, nobody said."""
    is_open_ended = row.interval > 1 or (row.freq == ScheduleFrequency.MONTHLY and not row.byday and not row.bymonthday)
    return bool(row.freq) and is_open_ended and row.valid_from is None


def holds(row: Schedule, day: dt.date) -> bool:
    """Whether the day lies between its dates."""
    last = row.last_day
    return (row.valid_from is None or row.valid_from <= day) and (last is None or day <= last)


def _occurs_in_month(row: Schedule, day: dt.date) -> bool:
    begins = row.valid_from
    if row.interval > 1 and begins is not None:
        months = (day.year - begins.year) * 12 + day.month - begins.month
        if months % row.interval:
            return False
    if row.byday:
        length = calendar.monthrange(day.year, day.month)[1]
        from_start, from_end = (day.day - 1) // 7 + 1, -((length - day.day) // 7 + 1)
        named = [each.which for each in named_days(row) if each.weekday == day.weekday()]
        return any(which in {0, from_start, from_end} for which in named) and _is_day_of_month(row, day)
    if row.bymonthday:
        return _is_day_of_month(row, day)
    return begins is not None and begins.day == day.day


def _is_day_of_month(row: Schedule, day: dt.date) -> bool:
    if not row.bymonthday:
        return True
    length = calendar.monthrange(day.year, day.month)[1]
    numbers = {int(each) for each in row.bymonthday.split(",")}
    return bool(numbers & {day.day, day.day - length - 1})


def _monday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=day.weekday())
