"""What a record says of itself, in words: territory, places, freshness, hours. For pages and paper."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core import spoken
from core.bilingual import text
from directory.enums import ScheduleFrequency
from directory.models import Schedule, Service, ServiceCapacity
from directory.quality import checked_on, is_overdue
from directory.search.openings import days_of, holds, is_of_every_week, named_days

MONDAY = dt.date(2024, 1, 1)
LONGEST_MONTH = 31


@dataclass(frozen=True, slots=True)
class State:
    """A line of ``components/state_line.html``."""

    words: str
    kind: str = ""
    level: str = ""
    icon: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Hours:
    """Days with the same hours: ``Monday, Tuesday`` and ``9:00 – 12:00``."""

    days: str
    hours: str
    note: str


def territory_of(service: Service) -> str:
    """The territory served, or that nobody told us."""
    areas = list(service.areas.all())
    if any(area.whole_region for area in areas):
        return _("the whole Region")
    basins = [_("%(basin)s basin") % {"basin": text(area.basin, "name")} for area in areas if area.basin]
    parts = [str(text(part, "name")) for area in areas if (part := area.municipality or area.neighbourhood)]
    return ", ".join([*basins, *parts])


def towns_of(service: Service) -> str:
    """Where it is: the municipalities of its places whose address is shown."""
    places = [row.location for row in service.at_locations.all() if not row.location.hides_address]
    names = [str(text(place.municipality, "name")) for place in places if place.municipality]
    return ", ".join(dict.fromkeys(names))


def languages_of(service: Service) -> str:
    """The languages spoken there, by name."""
    return ", ".join(str(text(row.term, "name")) for row in service.languages.all())


def places_state(service: Service, today: dt.date) -> State:
    """Whether somebody new can come, and when that was said; what is too old says nothing any more."""
    capacity: ServiceCapacity | None = getattr(service, "capacity", None)
    if capacity is None or not capacity.still_counts(today):
        return State(_("Places: not known"), level="none")
    said = _("said on %(day)s") % {"day": spoken.plain_date(capacity.said_on)}
    if capacity.waiting_weeks:
        weeks = capacity.waiting_weeks
        words = ngettext("Waiting list: about one week", "Waiting list: about %(weeks)d weeks", weeks) % {
            "weeks": weeks
        }
        return State(words, "warn", "v3", said=said)
    if capacity.has_places(today):
        free = capacity.places_free
        words = (
            ngettext("%(free)d place free", "%(free)d places free", free) % {"free": free}
            if free
            else _("Takes new people")
        )
        return State(words, "ok", "v8", said=said)
    return State(_("Takes nobody new for now"), "bad", "v0", said=said)


def freshness_state(service: Service, today: dt.date) -> State:
    """When somebody last looked whether it is still right."""
    checked = checked_on(service)
    if checked is None:
        return State(_("Not checked yet"), "warn", icon="clock")
    day = spoken.plain_date(checked)
    if is_overdue(service, today):
        return State(_("To be checked again"), "warn", icon="clock", said=_("last on %(day)s") % {"day": day})
    return State(_("Checked"), "ok", icon="ok", said=_("on %(day)s") % {"day": day})


def hours_of(schedules: Iterable[Schedule], today: dt.date) -> list[Hours]:
    """The hours of a usual week, days with the same hours together; then other rhythms, dates and exceptions."""
    by_day: dict[int, list[Schedule]] = {}
    others: list[Hours] = []
    for row in schedules:
        if (last := row.last_day) is not None and last < today:
            continue
        if is_of_every_week(row) and holds(row, today) and row.opens_at is not None and not row.is_closed:
            for day in days_of(row):
                by_day.setdefault(day, []).append(row)
        else:
            others.append(_otherwise(row))
    said = [(day, *_said_of_day(by_day[day])) for day in sorted(by_day)]
    found = [
        Hours(_day_names([day for day, _hours, _note in group]), hours, note)
        for (hours, note), group in ((key, list(rows)) for key, rows in groupby(said, key=lambda each: each[1:]))
    ]
    return [*found, *others]


def schedules_of(service: Service) -> list[Schedule]:
    """The record's own hours with those at its places; else those of the places themselves."""
    rows = list(service.at_locations.all())
    own = [*service.schedules.all(), *(each for row in rows for each in row.schedules.all())]
    return own or [each for row in rows for each in row.location.schedules.all()]


def _said_of_day(rows: list[Schedule]) -> tuple[str, str]:
    ordered = sorted(rows, key=lambda row: row.opens_at or dt.time.min)
    hours = ", ".join(_span(row) for row in ordered)
    notes = [str(text(row, "description")) for row in ordered]
    if any(row.by_appointment for row in ordered):
        notes.append(_("by appointment"))
    return hours, " · ".join(dict.fromkeys(filter(None, notes)))


def _span(row: Schedule) -> str:
    opens, closes = row.opens_at, row.closes_at
    if opens is None or closes is None:
        return ""
    return _("day and night") if opens == closes else spoken.hours(opens, closes)


def _otherwise(row: Schedule) -> Hours:
    """What is no usual week: other rhythms, dates, closed days, words alone."""
    note = str(text(row, "description"))
    days = rhythm_of(row)
    if dates := _dates_of(row):
        days = _("%(days)s, %(dates)s") % {"days": days, "dates": dates} if days else dates
    elif not days and not row.freq:
        days = _("Hours")
    return Hours(days, _("closed") if row.is_closed else _span(row), note)


def _dates_of(row: Schedule) -> str:
    first, last = row.valid_from, row.last_day
    if first is not None and last is not None:
        return spoken.span_of_days(first, last)
    if first is not None:
        return _("from %(day)s") % {"day": spoken.plain_date(first)}
    return _("until %(day)s") % {"day": spoken.plain_date(last)} if last is not None else ""


def rhythm_of(row: Schedule) -> str:
    """On which days, and how often: ``Monday, every 2 weeks``, ``first Thursday of the month``."""
    if row.freq != ScheduleFrequency.MONTHLY:
        days = _day_names(days_of(row)) if row.byday else ""
        every = ngettext("every week", "every %(number)d weeks", row.interval) % {"number": row.interval}
        return ", ".join(filter(None, [days, every if row.freq and row.interval > 1 else ""]))
    named = [_day_of_month_name(weekday, which) for weekday, which in named_days(row)]
    numbers = [_number_in_month(int(each)) for each in row.bymonthday.split(",") if each]
    every = ngettext("every month", "every %(number)d months", row.interval) % {"number": row.interval}
    if not named and not numbers:
        return every
    days = _("%(days)s of the month") % {"days": ", ".join([*named, *numbers])}
    return f"{days}, {every}" if row.interval > 1 else days


def _day_of_month_name(weekday: int, which: int) -> str:
    words = {
        0: _("each %(day)s"),
        1: _("first %(day)s"),
        2: _("second %(day)s"),
        3: _("third %(day)s"),
        4: _("fourth %(day)s"),
        5: _("fifth %(day)s"),
        -1: _("last %(day)s"),
        -2: _("last but one %(day)s"),
    }
    day = spoken.weekday(MONDAY + dt.timedelta(days=weekday))
    from_end = _("%(day)s number %(number)d from the end")
    return words.get(which, from_end) % {"day": day, "number": abs(which)}


def _number_in_month(number: int) -> str:
    if number > 0:
        shown = spoken.day_number(MONDAY.replace(day=number)) if number <= LONGEST_MONTH else str(number)
        return _("day %(number)s") % {"number": shown}
    if number == -1:
        return _("last day")
    return _("day %(number)s from the end") % {"number": -number}


def _day_names(days: list[int]) -> str:
    names = [spoken.weekday(MONDAY + dt.timedelta(days=day)) for day in days]
    if len(days) > 2 and days == list(range(days[0], days[-1] + 1)):
        return f"{names[0]} – {names[-1]}"
    return ", ".join(names)
