"""Several seats under one booking, and what an edition allows one person and one organisation."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.utils import translation

from opendoors.errors import GroupSize, OrganisationLimit, SignupClosed, TooManyNames, VisitLimit, VisitsGone
from opendoors.models import BookedVisit, Booking, Edition
from opendoors.rules import booking as rules
from tests.opendoors.booking_tools import book, taken
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits
from tests.opendoors.waiting_tools import held_by, wait

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _words_of_the_code() -> Iterator[None]:
    with translation.override(None):
        yield


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


# --- Groups --------------------------------------------------------------------------------------


def test_a_team_books_its_seats_in_each_visit(edition: Edition) -> None:
    visits = week_of_visits(edition, 2)

    booking = book(*visits, seats=3, companions="Anna\nBen")

    assert taken(*visits) == [3, 3]
    assert list(booking.booked.values_list("seats", flat=True)) == [3, 3]
    assert booking.companions == "Anna\nBen"


def test_a_group_that_does_not_fit_everywhere_gets_nothing_and_reads_what_is_left(edition: Edition) -> None:
    wide, narrow = week_of_visits(edition, 2)
    held_by("first@example.org", narrow, seats=3)

    with pytest.raises(VisitsGone) as caught:
        book(wide, narrow, seats=3)

    assert taken(wide, narrow) == [0, 3]
    (gone,) = caught.value.extra["visits"]
    assert (gone["reason"], gone["seats_left"]) == ("few", 2)
    assert str(caught.value) == (
        f"Not enough seats left: {narrow.host.name} (2 seats left for your 3). Nothing was booked: choose again."
    )


@pytest.mark.parametrize("seats", [0, 11, -1])
def test_a_group_has_one_to_ten_people(edition: Edition, seats: int) -> None:
    with pytest.raises(GroupSize):
        book(VisitFactory(edition=edition, seats=20), seats=seats)


def test_nobody_comes_along_without_a_seat(edition: Edition) -> None:
    with pytest.raises(TooManyNames):
        book(VisitFactory(edition=edition), seats=2, companions="Anna\n\nBen")


def test_a_group_grows_and_shrinks(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    booking = held_by("daan@example.org", visit, seats=2)

    numbers = []
    for seats in (4, 1):
        rules.change(booking=booking, visits=[visit.uuid], by=None, seats=seats)
        numbers.append((taken(visit), booking.booked.get().seats))

    assert numbers == [([4], 4), ([1], 1)]


def test_a_group_grows_no_further_than_the_seats(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    booking = held_by("daan@example.org", visit, seats=2)
    held_by("first@example.org", visit, seats=2)

    with pytest.raises(VisitsGone):
        rules.change(booking=booking, visits=[visit.uuid], by=None, seats=4)

    assert taken(visit) == [4]


def test_after_sign_up_a_group_shrinks_but_does_not_grow(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    booking = held_by("daan@example.org", visit, seats=2)
    Edition.objects.update(state="closed")

    rules.change(booking=booking, visits=[visit.uuid], by=None, seats=1)
    with pytest.raises(SignupClosed):
        rules.change(booking=booking, visits=[visit.uuid], by=None, seats=2)

    assert taken(visit) == [1]


def test_visits_added_later_are_for_the_same_group(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    booking = held_by("daan@example.org", first, seats=3)

    rules.change(booking=booking, visits=[first.uuid, second.uuid], by=None)

    assert taken(first, second) == [3, 3]


def test_giving_back_frees_all_seats_of_the_group(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    booking = held_by("daan@example.org", visit, seats=3)

    rules.cancel(booking=booking, by=None)

    assert taken(visit) == [0]


def test_names_can_be_changed_alone(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    booking = held_by("daan@example.org", visit, seats=2)

    rules.change(booking=booking, visits=[visit.uuid], by=None, companions="Anna")

    assert Booking.objects.get().companions == "Anna"
    assert taken(visit) == [2]


# --- Visits per visitor --------------------------------------------------------------------------


def test_nobody_books_more_visits_than_the_edition_allows() -> None:
    visits = week_of_visits(EditionFactory(visits_per_visitor=2), 3)
    held_by("daan@example.org", visits[0])

    with pytest.raises(VisitLimit):
        book(*visits[1:])
    book(visits[1])

    assert taken(*visits) == [1, 1, 0]


def test_a_visit_given_back_makes_room_for_another_in_one_go() -> None:
    visits = week_of_visits(EditionFactory(visits_per_visitor=2), 3)
    booking = held_by("daan@example.org", *visits[:2])

    with pytest.raises(VisitLimit):
        rules.change(booking=booking, visits=[visit.uuid for visit in visits], by=None)
    rules.change(booking=booking, visits=[visits[0].uuid, visits[2].uuid], by=None)

    assert taken(*visits) == [1, 0, 1]


# --- Seats per organisation ----------------------------------------------------------------------


def test_an_organisation_has_no_more_seats_than_the_edition_allows() -> None:
    visit = VisitFactory(edition=EditionFactory(seats_per_organisation=2))
    held_by("a@example.org", visit, seats=2, organisation="Équipe  Mobile")

    with pytest.raises(OrganisationLimit) as caught:
        book(visit, organisation="equipe mobile")
    book(visit, email="c@example.org", organisation="Another")

    assert taken(visit) == [3]
    assert caught.value.extra["visits"] == [{"id": str(visit.uuid), "host": visit.host.name, "seats_left": 0}]


def test_who_names_no_organisation_is_not_limited() -> None:
    visit = VisitFactory(edition=EditionFactory(seats_per_organisation=1))

    book(visit, seats=3)

    assert taken(visit) == [3]


def test_a_group_grows_no_further_than_its_organisation_may() -> None:
    visit = VisitFactory(edition=EditionFactory(seats_per_organisation=2))
    booking = held_by("a@example.org", visit, organisation="WGC")

    rules.change(booking=booking, visits=[visit.uuid], by=None, seats=2)
    with pytest.raises(OrganisationLimit):
        rules.change(booking=booking, visits=[visit.uuid], by=None, seats=3)

    assert taken(visit) == [2]


def test_seats_on_offer_count_for_the_organisation() -> None:
    visit = VisitFactory(edition=EditionFactory(seats_per_organisation=1), seats=2)
    keeper = held_by("a@example.org", visit, seats=2)
    wait(visit, email="b@example.org", organisation="WGC")
    rules.cancel(booking=keeper, by=None)

    with pytest.raises(OrganisationLimit):
        book(visit, email="c@example.org", organisation="wgc")

    assert BookedVisit.objects.filter(state="confirmed").count() == 0
