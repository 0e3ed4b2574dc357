"""What may be visited instead: free, at a time one is free, the nearest first."""

from __future__ import annotations

import pytest
import time_machine
from pytest_django import DjangoAssertNumQueries

from basins.enums import Sector
from basins.models import Municipality
from opendoors.enums import VisitState
from opendoors.models import Edition, Visit
from opendoors.queries_alternatives import alternatives
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


@pytest.fixture
def lost(edition: Edition) -> Visit:
    return VisitFactory(
        edition=edition,
        day=1,
        place__municipality=Municipality.objects.get(name_fr="Etterbeek"),
        host__sector=Sector.HOUSING,
        state=VisitState.CANCELLED,
    )


def test_the_nearest_in_time_come_first_and_three_are_enough(edition: Edition, lost: Visit) -> None:
    days = [VisitFactory(edition=edition, day=day) for day in (4, 3, 2, 1)]

    assert alternatives(lost) == days[::-1][:3]


def test_at_the_same_distance_the_municipality_counts_then_the_sector(edition: Edition, lost: Visit) -> None:
    far = VisitFactory(edition=edition, day=1)
    same_field = VisitFactory(edition=edition, day=1, host__sector=Sector.HOUSING)
    near = VisitFactory(edition=edition, day=1, place__municipality=lost.place.municipality)

    assert alternatives(lost) == [near, same_field, far]


def test_what_overlaps_a_visit_one_holds_is_no_alternative(edition: Edition, lost: Visit) -> None:
    held = VisitFactory(edition=edition, day=2)
    VisitFactory(edition=edition, day=2, begin="10:00", end="11:00")
    free = VisitFactory(edition=edition, day=2, begin="10:30", end="11:00")

    assert alternatives(lost, held=[held]) == [free]


def test_the_time_of_the_lost_visit_itself_is_free_again(edition: Edition, lost: Visit) -> None:
    same_time = VisitFactory(edition=edition, day=1)

    assert alternatives(lost, held=[lost]) == [same_time]


@pytest.mark.parametrize(
    "fields",
    [
        {"seats": 5, "seats_taken": 4},
        {"seats": 5, "seats_taken": 2, "seats_held": 2},
        {"state": VisitState.CANCELLED},
        {"state": VisitState.PROPOSED},
    ],
    ids=["taken", "on offer to the line", "called off", "proposed"],
)
def test_what_a_team_cannot_book_is_no_alternative(edition: Edition, lost: Visit, fields: dict[str, object]) -> None:
    VisitFactory(edition=edition, day=1, **fields)

    assert alternatives(lost, seats=2) == []


def test_another_week_and_what_has_begun_are_no_alternatives(edition: Edition, lost: Visit) -> None:
    VisitFactory()
    begun = VisitFactory(edition=edition, day=0)

    with time_machine.travel(begun.starts_at):
        assert alternatives(lost) == []


def test_they_cost_one_query(edition: Edition, lost: Visit, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    week_of_visits(edition, 5)

    with django_assert_num_queries(1):
        alternatives(lost)
