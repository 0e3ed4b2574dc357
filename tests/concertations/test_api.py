"""Series and meetings for programs."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from concertations.enums import MeetingState, SeriesKind
from tests.concertations.factories import AgendaItemFactory, MeetingFactory, SeriesFactory
from tests.factories import basin

pytestmark = pytest.mark.django_db
SERIES, MEETINGS = "/api/v1/concertations/series/", "/api/v1/concertations/meetings/"


def rows(client: Client, url: str, **filters: str) -> list[dict[str, Any]]:
    answer = client.get(url, filters)
    assert answer.status_code == 200
    found: list[dict[str, Any]] = answer.json()["results"]
    return found


def test_a_series_in_both_languages_with_what_the_law_asks(greet: Client) -> None:
    SeriesFactory()
    (row,) = rows(greet, SERIES)
    assert row["name"] == {"fr": "CT Santé mentale", "nl": "TO Geestelijke gezondheid"}
    assert (row["theme"]["code"], row["theme"]["meetings_per_year"], row["basin"]) == ("mental-health", 3, "sud-est")


def test_the_regions_own_have_no_basin(greet: Client) -> None:
    SeriesFactory(basin=None)
    assert [row["basin"] for row in rows(greet, SERIES)] == [None]


def test_meetings_of_one_basin_without_drafts_and_closed_groups(greet: Client) -> None:
    meeting = MeetingFactory()
    MeetingFactory(state=MeetingState.DRAFT)
    MeetingFactory(series=SeriesFactory(kind=SeriesKind.COMMUNITY, theme=None))
    MeetingFactory(series=SeriesFactory(basin=basin("nord")))
    assert [row["id"] for row in rows(greet, MEETINGS, basin="sud-est")] == [str(meeting.uuid)]


def test_a_meeting_says_whether_one_can_register_and_what_is_left(greet: Client) -> None:
    MeetingFactory(seats=10, seats_taken=4, online_url="https://visio.example.org/x")
    (row,) = rows(greet, MEETINGS)
    assert (row["open_for_registration"], row["seats_left"], row["online_url"]) == (True, 6, "")


def test_a_draft_is_not_found(greet: Client) -> None:
    meeting = MeetingFactory(state=MeetingState.DRAFT)
    assert greet.get(f"{MEETINGS}{meeting.uuid}/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_a_list_costs_the_same_however_long(greet: Client, number: int, django_assert_num_queries: Any) -> None:
    for _row in range(number):
        AgendaItemFactory(meeting=MeetingFactory())
    greet.get(MEETINGS)
    with django_assert_num_queries(2):
        assert len(rows(greet, MEETINGS)) == number
