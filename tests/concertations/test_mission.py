"""What the concertations give to the common pages."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from basins.missions import Period
from basins.models import User
from concertations.enums import MeetingState, SeriesKind
from concertations.links import meeting_page
from concertations.mission import mission
from tests.basins.people_tools import at
from tests.concertations.factories import AgendaItemFactory, MeetingFactory, SeriesFactory
from tests.concertations.staff_tools import page
from tests.factories import basin

pytestmark = pytest.mark.django_db


def period(days: int = 60) -> Period:
    today = timezone.localdate()
    return Period(today, today + dt.timedelta(days=days))


def test_announced_meetings_of_the_basin_and_of_the_region_are_in_its_calendar() -> None:
    own, regional = MeetingFactory(), MeetingFactory(series=SeriesFactory(basin=None))
    MeetingFactory(state=MeetingState.DRAFT)
    MeetingFactory(series=SeriesFactory(basin=basin("nord")))
    found = {item.uid for item in mission.agenda(basin(), period())}
    assert found == {f"meeting-{row.uuid}@concertations" for row in (own, regional)}


def test_a_closed_groups_meetings_are_in_nobodys_calendar() -> None:
    MeetingFactory(series=SeriesFactory(kind=SeriesKind.COMMUNITY, theme=None))
    assert list(mission.agenda(basin(), period())) == []


def test_a_meeting_whose_hours_are_not_known_is_a_whole_day() -> None:
    row = MeetingFactory(is_whole_day=True, begin="00:00", end="23:59")
    (item,) = mission.agenda(basin(), period())
    assert (item.starts, item.ends) == (row.day, row.day + dt.timedelta(days=1))


def test_a_meeting_called_off_says_so_in_the_calendar() -> None:
    MeetingFactory(state=MeetingState.CANCELLED, cancel_note_fr="Malade")
    (item,) = mission.agenda(basin(), period())
    assert (item.cancelled, item.action) == (True, "")


def test_heads_counted_before_this_platform_are_attendances() -> None:
    day = timezone.localdate() - dt.timedelta(days=3)
    MeetingFactory(state=MeetingState.HELD, day=day, participants_counted=40)
    found = mission.figures(basin(), Period(day, day))
    assert [(figure.key, figure.value) for figure in found] == [
        ("concertations.held", 1),
        ("concertations.present", 40),
    ]


@pytest.mark.parametrize(("words", "number"), [("geestelijke", 1), ("santé mentale", 1), ("xyz", 0)])
def test_a_series_is_found_in_either_language(words: str, number: int) -> None:
    SeriesFactory()
    assert len(list(mission.search(words, basin()))) == number


def test_a_meeting_is_found_by_its_subject_and_a_draft_is_not() -> None:
    MeetingFactory(title_fr="Violences intrafamiliales", title_nl="Intrafamiliaal geweld")
    MeetingFactory(title_fr="Violences au travail", title_nl="Geweld op het werk", state=MeetingState.DRAFT)
    assert [hit.title.value for hit in mission.search("violences", basin())] == ["Violences intrafamiliales"]


def test_the_team_is_told_of_drafts_that_are_near_and_agendas_that_are_empty(alice: User) -> None:
    near = timezone.localdate() + dt.timedelta(days=10)
    draft, empty = MeetingFactory(day=near, state=MeetingState.DRAFT), MeetingFactory(day=near)
    AgendaItemFactory(meeting=MeetingFactory(day=near))
    found = [task.url for task in mission.tasks_for(alice)]
    assert found == [meeting_page(draft, "staff_meeting"), meeting_page(empty, "staff_agenda")]


def test_another_team_is_told_nothing(bram: User) -> None:
    MeetingFactory(day=timezone.localdate() + dt.timedelta(days=10), state=MeetingState.DRAFT)
    assert list(mission.tasks_for(bram)) == []


def test_staff_find_their_desk(alice: User) -> None:
    assert [desk.url for desk in mission.desks(alice)] == [page("staff_index")]


def test_the_calendar_names_the_days_off_of_both_communities(greet: Client, time_machine: Any) -> None:
    time_machine.move_to(dt.datetime(2026, 10, 1, 12, tzinfo=dt.UTC))
    MeetingFactory(day=dt.date(2026, 11, 5))
    ((_first, _rows, days_off),) = greet.get(at("agenda", "fr", basin="sud-est")).context["months"]
    assert len(days_off) == 3
