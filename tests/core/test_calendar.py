"""Calendar files: what a calendar program reads in them."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import time_machine

from core.calendar import Event, calendar_file, calendar_response, public_holidays

BRUSSELS = ZoneInfo("Europe/Brussels")
VISIT = Event(
    uid="visit-1@bassins.example",
    title="Centre de santé; l'Amarrage, <b>visite</b>",
    starts=dt.datetime(2026, 10, 24, 7, 0, tzinfo=dt.UTC),
    ends=dt.datetime(2026, 10, 25, 8, 30, tzinfo=dt.UTC),
    location="Rue de l'Été 1, 1170",
    description="Sonner\nà droite",
    url="https://bassins.example/fr/",
    sequence=3,
    modified=dt.datetime(2026, 9, 1, 12, 0, tzinfo=dt.UTC),
)


def read(*events: Event, language: str = "fr") -> Any:
    return icalendar.Calendar.from_ical(calendar_file("Agenda", events, language))


def entry(event: Event) -> Any:
    (found,) = read(event).walk("VEVENT")
    return found


def test_times_are_in_brussels_on_both_sides_of_the_change_of_hours() -> None:
    found = entry(VISIT)
    assert found["DTSTART"].to_ical() == b"20261024T090000"
    assert found["DTEND"].to_ical() == b"20261025T093000"
    assert found["DTSTART"].params["TZID"] == "Europe/Brussels"


def test_our_rule_for_summer_time_agrees_with_the_time_zone_database() -> None:
    (zone,) = read(VISIT).walk("VTIMEZONE")
    told = zone.to_tz()
    noons = [dt.datetime(2026, 1, 1, 12) + dt.timedelta(days=day) for day in range(3 * 365)]
    assert [noon.replace(tzinfo=told).utcoffset() for noon in noons] == [
        noon.replace(tzinfo=BRUSSELS).utcoffset() for noon in noons
    ]


def test_texts_come_back_as_they_were() -> None:
    found = entry(VISIT)
    assert [str(found[name]) for name in ("SUMMARY", "LOCATION", "DESCRIPTION", "URL", "UID")] == [
        VISIT.title, VISIT.location, VISIT.description, VISIT.url, VISIT.uid,
    ]  # fmt: skip


def test_the_version_of_an_entry_is_told() -> None:
    found = entry(VISIT)
    assert (found["SEQUENCE"], found["DTSTAMP"].dt, found["LAST-MODIFIED"].dt) == (3, VISIT.modified, VISIT.modified)


def test_an_entry_without_history_is_stamped_now() -> None:
    now = dt.datetime(2026, 11, 22, 9, 0, tzinfo=dt.UTC)
    with time_machine.travel(now, tick=False):
        found = entry(Event(uid="x", title="x", starts=now, ends=now))
    assert (found["DTSTAMP"].dt, "LAST-MODIFIED" in found) == (now, False)


def test_what_is_cancelled_says_so() -> None:
    cancelled = Event(uid="x", title="x", starts=VISIT.starts, ends=VISIT.ends, cancelled=True)
    assert (entry(VISIT)["STATUS"], entry(cancelled)["STATUS"]) == ("CONFIRMED", "CANCELLED")


def test_a_whole_day_is_a_date_and_fills_nobodys_day() -> None:
    found = entry(Event(uid="x", title="x", starts=dt.date(2026, 12, 7), ends=dt.date(2026, 12, 8)))
    assert (found["DTSTART"].dt, found["DTEND"].dt, found["TRANSP"]) == (
        dt.date(2026, 12, 7), dt.date(2026, 12, 8), "TRANSPARENT",
    )  # fmt: skip


def test_control_characters_and_forged_lines_stay_text() -> None:
    found = entry(Event(uid="x", title="A\r\nATTENDEE:mailto:x\x00\x07", starts=VISIT.starts, ends=VISIT.ends))
    assert (str(found["SUMMARY"]), "ATTENDEE" in found) == ("A\nATTENDEE:mailto:x", False)


def test_no_line_is_longer_than_75_bytes() -> None:
    long = Event(uid="x", title="é" * 300, starts=VISIT.starts, ends=VISIT.ends)
    assert max(len(line) for line in calendar_file("Agenda", [long], "fr").split(b"\r\n")) <= 75


def test_the_calendar_is_published_under_its_name() -> None:
    calendar = read()
    assert [str(calendar[name]) for name in ("METHOD", "VERSION", "NAME", "X-WR-CALNAME")] == [
        "PUBLISH", "2.0", "Agenda", "Agenda",
    ]  # fmt: skip


def test_the_answer_names_its_type_and_language() -> None:
    response = calendar_response("Agenda", [VISIT], "nl", filename="agenda.ics")
    assert (response["Content-Type"], response["Content-Language"], response["Content-Disposition"]) == (
        "text/calendar; charset=utf-8", "nl", 'inline; filename="agenda.ics"',
    )  # fmt: skip


def test_public_holidays_over_the_turn_of_a_year_in_both_languages() -> None:
    names = [
        [(str(each.day), each.name) for each in public_holidays(dt.date(2026, 12, 25), dt.date(2027, 1, 1), language)]
        for language in ("fr", "nl")
    ]
    assert names == [
        [("2026-12-25", "Noël"), ("2027-01-01", "Nouvel An")],
        [("2026-12-25", "Kerstmis"), ("2027-01-01", "Nieuwjaar")],
    ]
