"""What the demo, the back office and the API show of the room."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from basins.models import Need, User
from concertations import queries_wall
from concertations.demo import room as demo
from concertations.enums import MeetingState
from concertations.enums_tables import PointKind, WallState
from concertations.models import Seating, Wall
from concertations.rules import marking
from tests.basins.people_tools import staff_session
from tests.concertations.factories import MeetingFactory, SeriesFactory
from tests.concertations.room_tools import advance, group, planned, room, wall

pytestmark = pytest.mark.django_db

WALLS = "/api/v1/concertations/walls/"


def test_the_demo_has_a_wall_with_ranks_and_one_that_is_open() -> None:
    today = timezone.localdate()
    series = SeriesFactory(slug="sante-mentale")
    MeetingFactory(
        series=series,
        day=today - dt.timedelta(days=90),
        state=MeetingState.HELD,
        registration_opens_at=None,
        registration_closes_at=None,
    )
    ahead = room(9, series=series)
    demo.seed(today, is_new=True)
    demo.seed(today, is_new=False)
    states = list(Wall.objects.order_by("pk").values_list("state", flat=True))
    assert states == [WallState.SHOWN, WallState.WRITING]
    shown = queries_wall.shown(Wall.objects.get(state=WallState.SHOWN))
    assert [bool(found.post_its and found.priority) for found in shown.groups] == [True, True, True]
    assert Need.objects.filter(title_fr="Logement", title_nl="Wonen").count() == 1
    assert [bool(row.drawn_at) for row in ahead.seatings.all()] == [True, True, False]
    assert Seating.objects.count() == 3


# --- API -------------------------------------------------------------------------------------------


def shown_wall() -> Wall:
    row = wall()
    clusters = [group(row, name) for name in ("a", "b", "c")]
    row = advance(row, WallState.SORTING, WallState.MARKING)
    for phone in ("one", "two"):
        marking.mark(wall=row, digest=phone, priority=[clusters[1]], support=[])
    return advance(row, WallState.SHOWN)


def test_partners_read_ranks_and_no_count(client: Client) -> None:
    row = shown_wall()
    (found,) = client.get(WALLS).json()["results"]
    assert found["question"] == {"fr": row.question_fr, "nl": row.question_nl}
    groups = [(each["title"]["fr"], each["priority_rank"], each["support_rank"]) for each in found["groups"]]
    assert groups == [("b", 1, None), ("a", None, None), ("c", None, None)]
    assert set(found["groups"][0]) == {"id", "title", "priority_rank", "support_rank"}


def test_walls_that_are_not_shown_or_not_public_are_not_there(client: Client) -> None:
    wall(state=WallState.MARKING)
    row = shown_wall()
    type(row.meeting).objects.filter(pk=row.meeting.pk).update(state=MeetingState.DRAFT)
    assert client.get(WALLS).json()["results"] == []


@pytest.mark.parametrize("number", [1, 3])
def test_the_list_costs_the_same_however_many(
    client: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _time in range(number):
        shown_wall()
    client.get(WALLS)
    with django_assert_num_queries(2):
        assert len(client.get(WALLS).json()["results"]) == number


def test_ranks_of_kinds_do_not_mix() -> None:
    row = shown_wall()
    assert queries_wall.ranks(row)[PointKind.SUPPORT] == {}


# --- Back office -----------------------------------------------------------------------------------


def test_the_back_office_shows_seatings_and_walls_of_the_own_basin(client: Client, alice: User, bram: User) -> None:
    row, seats = wall(), planned(room(2))
    urls = [
        reverse("admin:concertations_wall_change", args=[row.pk]),
        reverse("admin:concertations_seating_change", args=[seats.pk]),
    ]
    lists = [reverse("admin:concertations_wall_changelist"), reverse("admin:concertations_seating_changelist")]
    staff_session(client, alice)
    assert {client.get(url).status_code for url in [*urls, *lists]} == {200}
    stranger = staff_session(Client(), bram)
    assert {stranger.get(url).status_code for url in urls} == {302}
