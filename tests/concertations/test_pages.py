"""What everybody sees of series and meetings, on a basin's pages and on the Region's."""

from __future__ import annotations

import datetime as dt
from typing import Any

import icalendar
import pytest
from django.test import Client
from django.utils import timezone

from basins.models import User
from concertations.enums import MeetingState, SeriesKind
from concertations.links import meeting_page, series_page
from core.models import LongJob
from tests.basins.people_tools import sign_in
from tests.concertations.factories import (
    AgendaItemFactory,
    MeetingFactory,
    ParticipantFactory,
    RegistrationFactory,
    SeriesFactory,
)
from tests.concertations.staff_tools import page
from tests.factories import basin

pytestmark = pytest.mark.django_db


def test_the_page_of_a_basin_lists_its_series_and_what_comes(greet: Client) -> None:
    meeting = MeetingFactory()
    MeetingFactory(series=SeriesFactory(basin=basin("nord")))
    context = greet.get(page("index")).context
    assert (list(context["coming"]), context["all_series"]) == ([meeting], [meeting.series])


def test_the_region_has_its_own(greet: Client) -> None:
    MeetingFactory()
    regional = MeetingFactory(series=SeriesFactory(basin=None, kind=SeriesKind.REGIONAL_COUNCIL, theme=None))
    answer = greet.get(page("index", None))
    assert (answer.status_code, list(answer.context["coming"])) == (200, [regional])
    assert greet.get(meeting_page(regional)).status_code == 200


def test_the_year_line_says_what_is_missing(greet: Client) -> None:
    day = timezone.localdate().replace(month=3, day=10)
    without: dict[str, None] = {"registration_opens_at": None, "registration_closes_at": None}
    MeetingFactory(day=day, state=MeetingState.HELD, **without)
    MeetingFactory(day=day.replace(day=20), state=MeetingState.DRAFT, **without)
    lines = greet.get(page("index"), {"year": f"{day.year}"}).context["lines"]
    assert [(line.held, line.missing, line.drafts) for line in lines] == [(1, 2, 0), *[(0, 3, 0)] * 3]


@pytest.mark.parametrize("year", ["x", "1", "99999", "-1"])
def test_a_year_that_is_none_shows_this_one(greet: Client, year: str) -> None:
    assert greet.get(page("index"), {"year": year}).context["year"] == timezone.localdate().year


@pytest.mark.parametrize(("state", "status"), [("draft", 404), ("announced", 200), ("held", 200), ("cancelled", 200)])
def test_everybody_sees_what_was_announced(greet: Client, state: str, status: int) -> None:
    note = {"cancel_note_fr": "Malade", "cancel_note_nl": "Ziek"} if state == "cancelled" else {}
    assert greet.get(meeting_page(MeetingFactory(state=state, **note))).status_code == status


def test_a_closed_group_shows_itself_and_not_its_meetings(greet: Client) -> None:
    meeting = MeetingFactory(series=SeriesFactory(kind=SeriesKind.COMMUNITY, theme=None))
    assert greet.get(series_page(meeting.series)).status_code == 200
    assert greet.get(meeting_page(meeting)).status_code == 404
    assert greet.get(series_page(meeting.series)).context["ahead"] == []


def test_a_meeting_of_another_series_is_not_at_this_address(greet: Client) -> None:
    meeting, other = MeetingFactory(), SeriesFactory()
    assert greet.get(series_page(other, "meeting", meeting=meeting.uuid)).status_code == 404


def test_the_link_to_take_part_is_for_who_registered(client: Client, daan: User) -> None:
    meeting = MeetingFactory(online_url="https://visio.example.org/x")
    RegistrationFactory(meeting=meeting, participant=ParticipantFactory(series=meeting.series, email=daan.email))
    assert client.get(meeting_page(meeting)).context["online_url"] == ""
    assert b"visio.example.org" not in client.get(meeting_page(meeting, "meeting_calendar")).content
    sign_in(client, daan)
    assert client.get(meeting_page(meeting)).context["online_url"] == "https://visio.example.org/x"


def test_without_registration_the_link_is_everybodys(greet: Client) -> None:
    meeting = MeetingFactory(
        online_url="https://visio.example.org/x", registration_opens_at=None, registration_closes_at=None
    )
    assert greet.get(meeting_page(meeting)).context["online_url"] == "https://visio.example.org/x"


def test_a_meeting_goes_into_ones_own_calendar(greet: Client) -> None:
    meeting = MeetingFactory(number=3)
    calendar = icalendar.Calendar.from_ical(greet.get(meeting_page(meeting, "meeting_calendar")).content)
    found: list[Any] = calendar.walk("VEVENT")
    (event,) = found
    assert (str(event["SUMMARY"]), event["UID"]) == ("CT Santé mentale 3", f"meeting-{meeting.uuid}@concertations")
    assert event["DTSTART"].dt == meeting.starts_at


def test_the_calendar_of_a_series_has_no_draft(greet: Client) -> None:
    meeting = MeetingFactory()
    MeetingFactory(series=meeting.series, state=MeetingState.DRAFT)
    calendar = icalendar.Calendar.from_ical(greet.get(series_page(meeting.series, "series_calendar")).content)
    assert [str(event["UID"]) for event in calendar.walk("VEVENT")] == [f"meeting-{meeting.uuid}@concertations"]


def test_the_agenda_on_paper_is_drawn_once_for_everybody(greet: Client) -> None:
    meeting = AgendaItemFactory().meeting
    answers = [greet.post(meeting_page(meeting, "agenda_pdf")) for _twice in range(2)]
    assert LongJob.objects.count() == 1
    assert {answer["Location"] for answer in answers} == {f"/fr/sud-est/travaux/{LongJob.objects.get().uuid}/"}


def test_asking_for_the_paper_by_its_address_leads_to_the_meeting(greet: Client) -> None:
    meeting = MeetingFactory()
    assert greet.get(meeting_page(meeting, "agenda_pdf"))["Location"] == meeting_page(meeting)


@pytest.mark.parametrize(("rows", "number"), [(1, 5), (3, 5)])
def test_the_page_of_series_costs_the_same_however_many_there_are(
    greet: Client, rows: int, number: int, django_assert_num_queries: Any
) -> None:
    for _row in range(rows):
        MeetingFactory()
    greet.get(page("index"))
    with django_assert_num_queries(number):
        greet.get(page("index"))


@pytest.mark.parametrize(("rows", "number"), [(1, 4), (3, 4)])
def test_the_page_of_a_meeting_costs_the_same_however_long_its_agenda(
    greet: Client, rows: int, number: int, django_assert_num_queries: Any
) -> None:
    meeting = MeetingFactory()
    for _row in range(rows):
        AgendaItemFactory(meeting=meeting)
    greet.get(meeting_page(meeting))
    with django_assert_num_queries(number):
        greet.get(meeting_page(meeting))


def test_a_whole_day_ends_at_midnight_in_the_calendar(greet: Client) -> None:
    meeting = MeetingFactory(is_whole_day=True, begin="00:00", end="23:59")
    content = greet.get(meeting_page(meeting, "meeting_calendar")).content
    found: list[Any] = icalendar.Calendar.from_ical(content).walk("VEVENT")
    (event,) = found
    assert (event["DTSTART"].dt, event["DTEND"].dt) == (meeting.day, meeting.day + dt.timedelta(days=1))
