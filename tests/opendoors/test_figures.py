"""What is counted of a week, for the team and for everybody."""

from __future__ import annotations

from dataclasses import fields

import pytest
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from basins.enums import Sector
from basins.models import Municipality
from opendoors import figures as counting
from opendoors.enums import Attendance, BookedState, VisitState
from opendoors.figures import EditionFigures, Share
from opendoors.models import Edition, Visit, WaitingRequest, Wish
from tests.opendoors.evaluation_tools import came, past_edition, present
from tests.opendoors.factories import VisitFactory, week_of_visits

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _in_english() -> object:
    with translation.override(None):
        yield


@pytest.fixture
def edition() -> Edition:
    return past_edition()


def figures(edition: Edition) -> EditionFigures:
    return counting.of_edition(edition)


def numbers(shares: object) -> dict[str, int | None]:
    return {share.label: share.number for share in shares if share.number != 0}


def test_hosts_visits_and_seats_are_those_of_the_programme(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2, seats=12)
    VisitFactory(edition=edition, host=first.host, place=first.place, day=3, seats=6)
    VisitFactory(edition=edition, day=4, state=VisitState.PROPOSED)
    Visit.objects.filter(pk=second.pk).update(state=VisitState.CANCELLED)

    found = figures(edition)

    assert (found.hosts, found.visits, found.called_off, found.seats) == (1, 2, 1, 18)


def test_a_team_counts_as_many_seats_and_one_booking(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=12)
    came(visit, seats=4)
    came(visit, "greet@example.org")

    found = figures(edition)

    assert (found.booked, found.bookings, found.visitors) == (5, 2, 2)


def test_who_booked_twice_is_one_visitor(edition: Edition) -> None:
    for visit in week_of_visits(edition, 2):
        came(visit)

    found = figures(edition)

    assert (found.booked, found.bookings, found.visitors) == (2, 2, 1)


def test_what_was_given_back_counts_nowhere(edition: Edition) -> None:
    came(VisitFactory(edition=edition), state=BookedState.CANCELLED)

    found = figures(edition)

    assert (found.booked, found.bookings, found.visitors) == (0, 0, 0)


def test_another_edition_counts_nowhere(edition: Edition) -> None:
    came(VisitFactory(edition=past_edition()))

    assert (figures(edition).visits, figures(edition).visitors) == (0, 0)


def test_attendance_is_counted_in_seats(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=20, walk_ins=2)
    present(visit, seats=3)
    came(visit, "a@example.org", attendance=Attendance.EXCUSED)
    came(visit, "b@example.org", attendance=Attendance.ABSENT)
    came(visit, "c@example.org")

    found = figures(edition)

    assert [(share.label, share.number) for share in found.attendance] == [
        ("present", 3),
        ("excused", 1),
        ("absent", 1),
        ("not noted", 1),
    ]
    assert (found.present, found.walk_ins) == (3, 2)


def test_visitors_count_in_the_field_of_their_newest_booking(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    came(first, sector=Sector.HEALTH)
    came(second, sector=Sector.SOCIAL)
    came(first, "greet@example.org", sector="", language="fr")

    found = figures(edition)

    assert numbers(found.visitors_by_sector) == {"Social work": 1, "not said": 1}
    assert numbers(found.visitors_by_language) == {"Dutch": 1, "French": 1}


def test_days_and_hours_stand_in_order(edition: Edition) -> None:
    late = VisitFactory(edition=edition, day=1, begin="15:45", end="17:00", seats=3)
    VisitFactory(edition=edition, day=0, begin="12:00", end="13:30", seats=8)
    present(late, seats=2)

    found = figures(edition)

    assert [(part.short, part.visits, part.seats, part.booked, part.present) for part in found.by_day] == [
        ("lun.", 1, 8, 0, 0),
        ("mar.", 1, 3, 2, 2),
    ]
    assert [(part.short.split(), part.booked) for part in found.by_hour] == [(["12", "h"], 0), (["15", "h", "30"], 2)]


def test_places_languages_and_fields_stand_with_the_largest_first(edition: Edition) -> None:
    town = Municipality.objects.get(nis_code="21005")
    VisitFactory(edition=edition, seats=3, languages=["nl", "fr"], host__sector=Sector.HEALTH)
    VisitFactory(edition=edition, day=1, seats=9, languages=["fr"], place__municipality=town)

    found = figures(edition)

    assert [(part.label, part.seats) for part in found.by_municipality] == [
        (town.name_fr, 9),
        ("place not known", 3),
    ]
    assert [(part.label, part.seats) for part in found.by_language] == [("French", 9), ("Dutch", 3)]
    assert [(part.label, part.seats) for part in found.by_host_sector] == [("not said", 9), ("Health care", 3)]


def test_requests_on_the_waiting_list_are_counted_by_outcome(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    visitor = came(visit)
    for name in ("a", "b"):
        request = WaitingRequest.objects.create(visitor=visitor, name=name, wanted=1)
        Wish.objects.create(request=request, visit=visit)

    found = figures(edition)

    assert (found.waiting, numbers(found.waiting_by_state)) == (2, {"waiting": 2})


@pytest.mark.parametrize("number", [1, 3])
def test_five_queries_however_much_there_is(
    number: int, edition: Edition, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for visit in week_of_visits(edition, number):
        present(visit, f"{visit.pk}@example.org")

    with django_assert_num_queries(5):
        figures(edition)


# --- For everybody -------------------------------------------------------------------------------


def published(edition: Edition) -> EditionFigures:
    return counting.for_everybody(figures(edition))


def test_small_counts_of_people_are_hidden_and_the_programme_is_not(edition: Edition) -> None:
    came(VisitFactory(edition=edition, walk_ins=1, seats=8), seats=4)

    found = published(edition)

    assert (found.hosts, found.visits, found.seats) == (1, 1, 8)
    assert [found.booked, found.bookings, found.visitors, found.walk_ins, found.waiting] == [None] * 5
    assert {share.number for share in found.visitors_by_sector} == {None}


def test_large_counts_are_shown_and_the_small_one_cannot_be_worked_out(edition: Edition) -> None:
    for day, people in enumerate([3, 6, 20]):
        visit = VisitFactory(edition=edition, day=day, seats=30)
        for number in range(people):
            came(visit, f"{day}-{number}@example.org")

    found = published(edition)

    assert (found.booked, found.visitors) == (29, 29)
    assert [part.booked for part in found.by_day] == [None, None, 20]


def test_who_came_is_published_for_the_whole_week_alone(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=30)
    for number in range(20):
        present(visit, f"{number}@example.org")
    for number in range(8):
        came(visit, f"x{number}@example.org", attendance=Attendance.ABSENT)

    found = published(edition)

    assert [part.present for part in found.by_day] == [None]
    assert [share.number for share in found.attendance] == [20, None, None, None]  # 28 - 20 = 8, and no more


def test_every_count_of_people_of_the_team_s_is_looked_at_before_it_is_published() -> None:
    """A figure that is added must be added to what everybody sees on purpose."""
    programme = {"hosts", "visits", "called_off", "seats"}
    hidden = {"booked", "bookings", "visitors", "walk_ins", "waiting"}
    parts = {"by_day", "by_hour", "by_municipality", "by_language", "by_host_sector"}
    shares = {"visitors_by_sector", "visitors_by_language", "attendance", "waiting_by_state"}

    assert {field.name for field in fields(EditionFigures)} == programme | hidden | parts | shares


def test_shares_of_a_whole_hide_two_at_least() -> None:
    assert counting.published([Share("a", 30), Share("b", 2), Share("c", 7)]) == [
        Share("a", 30),
        Share("b", None),
        Share("c", None),
    ]
