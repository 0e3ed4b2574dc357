"""Calendar files after RFC 5545, public holidays of Belgium, and when the schools of each community are closed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import icalendar
from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone

from core.spoken import BRUSSELS

PRODID = "-//Bassins Zorgzones//Brussels care basins//FR"
MIMETYPE = "text/calendar; charset=utf-8"
MAIL_MIMETYPE = "text/calendar; method=PUBLISH; charset=utf-8"
# The rule of the European Union since 1996 (directive 2000/84/EC), as calendar programs know it.
_VTIMEZONE = b"""BEGIN:VTIMEZONE
TZID:Europe/Brussels
BEGIN:DAYLIGHT
DTSTART:19960331T020000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:CEST
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19961027T030000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:CET
TZOFFSETFROM:+0200
TZOFFSETTO:+0100
END:STANDARD
END:VTIMEZONE
""".replace(b"\n", b"\r\n")


@dataclass(frozen=True, slots=True)
class Event:
    """One entry of a calendar. Dates instead of datetimes make whole days; then ``ends`` is exclusive.

    ``uid`` stays the same for the life of the event and ``sequence`` grows with each change, so that a
    calendar program changes the entry it has instead of adding another.
    """

    uid: str
    title: str
    starts: dt.datetime | dt.date
    ends: dt.datetime | dt.date
    location: str = ""
    description: str = ""
    url: str = ""
    sequence: int = 0
    cancelled: bool = False
    tentative: bool = False
    modified: dt.datetime | None = None
    title_language: str = ""  # where a text is in another language than the file, or in none
    description_language: str = ""


@dataclass(frozen=True, slots=True)
class Holiday:
    """A public holiday of Belgium, by its name in the language asked for."""

    day: dt.date
    name: str


def _plain(words: str) -> str:
    """Without control characters, which no calendar program forgives; breaks and the spaces of French stay."""
    kept = "\n\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"
    return "".join(char for char in words.replace("\r\n", "\n") if char.isprintable() or char in kept)


def _moment(when: dt.datetime | dt.date) -> dt.datetime | dt.date:
    return when.astimezone(BRUSSELS) if isinstance(when, dt.datetime) else when


def _entry(event: Event, language: str, stamp: dt.datetime) -> icalendar.Event:
    entry = icalendar.Event()
    entry.add("uid", event.uid)
    entry.add("dtstamp", (event.modified or stamp).astimezone(dt.UTC))
    if event.modified is not None:
        entry.add("last-modified", event.modified.astimezone(dt.UTC))
    entry.add("sequence", event.sequence)
    entry.add("dtstart", _moment(event.starts))
    entry.add("dtend", _moment(event.ends))
    texts = (
        ("summary", event.title, event.title_language),
        ("location", event.location, ""),
        ("description", event.description, event.description_language),
    )
    for name, value, spoken in texts:
        if value:
            entry.add(name, _plain(value), parameters={"LANGUAGE": (spoken or language).upper()})
    if event.url:
        entry.add("url", event.url)
    entry.add("status", "CANCELLED" if event.cancelled else "TENTATIVE" if event.tentative else "CONFIRMED")
    if not isinstance(event.starts, dt.datetime):
        entry.add("transp", "TRANSPARENT")  # a whole day says when, it does not fill the day
    return entry


def calendar_file(name: str, events: Iterable[Event], language: str) -> bytes:
    """A VCALENDAR of that name, times in Brussels with their VTIMEZONE."""
    calendar = icalendar.Calendar()
    calendar.add("prodid", PRODID)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    # NAME is RFC 7986; the other two are what programs read that are older than it.
    calendar.add("name", _plain(name))
    calendar.add("x-wr-calname", _plain(name))
    calendar.add("x-wr-timezone", "Europe/Brussels")
    calendar.add_component(icalendar.Timezone.from_ical(_VTIMEZONE))
    stamp = timezone.now()
    for event in events:
        calendar.add_component(_entry(event, language, stamp))
    return bytes(calendar.to_ical())


def calendar_response(
    name: str, events: Iterable[Event], language: str, *, filename: str = "agenda.ics"
) -> HttpResponse:
    """The calendar file as an answer; programs that subscribe ask for it once an hour."""
    response = HttpResponse(calendar_file(name, events, language), content_type=MIMETYPE)
    response["Content-Disposition"] = f'inline; filename="{filename}"'
    response["Content-Language"] = language
    response["Cache-Control"] = "public, max-age=3600"
    return response


@cache
def _holidays_of(year: int, language: str) -> tuple[Holiday, ...]:
    import holidays  # noqa: PLC0415 - takes a third of a second and few processes need it

    found = holidays.country_holidays("BE", years=year, language=language)
    return tuple(Holiday(day, name) for day, name in sorted(found.items()))


def public_holidays(first: dt.date, last: dt.date, language: str) -> list[Holiday]:
    """The public holidays from ``first`` to ``last``, both included."""
    years = range(first.year, last.year + 1)
    return [holiday for year in years for holiday in _holidays_of(year, language) if first <= holiday.day <= last]


def is_public_holiday(day: dt.date) -> bool:
    """Whether it is one in Belgium: the ten of the royal decree of 18 April 1974, or Easter or Whit Sunday."""
    return bool(public_holidays(day, day, settings.LANGUAGE_CODE))


@dataclass(frozen=True, slots=True)
class SchoolHoliday:
    """Days on which the schools of a community are closed, both included: ``fr`` or ``nl``, by their language."""

    first: dt.date
    last: dt.date
    community: str


_SUBDIVISIONS = {"fr": "French", "nl": "Flemish"}
_HOLIDAY_AT_LEAST = dt.timedelta(days=4)  # from Monday to Friday; a single day off is no school holiday


@cache
def _school_days_off(year: int, community: str) -> frozenset[dt.date]:
    import holidays  # noqa: PLC0415 - see _holidays_of

    found = holidays.country_holidays(
        "BE", subdiv=_SUBDIVISIONS[community], years=year, categories=("school",), language=community
    )
    return frozenset(found)


def school_holidays(first: dt.date, last: dt.date) -> list[SchoolHoliday]:
    """The school holidays that touch the days from ``first`` to ``last``, whole, in order; the communities' differ.

    Since 2022 the French-speaking schools keep another rhythm (decree of 31 March 2022) than the Dutch-speaking ones.
    """
    found = []
    for community in _SUBDIVISIONS:
        years = range(first.year - 1, last.year + 2)
        days = sorted(day for year in years for day in _school_days_off(year, community))
        runs: list[list[dt.date]] = []
        for day in days:
            if runs and day - runs[-1][-1] == dt.timedelta(days=1):
                runs[-1].append(day)
            else:
                runs.append([day])
        found += [SchoolHoliday(run[0], run[-1], community) for run in runs if run[-1] - run[0] >= _HOLIDAY_AT_LEAST]
    return sorted((each for each in found if each.first <= last and each.last >= first), key=lambda each: each.first)
