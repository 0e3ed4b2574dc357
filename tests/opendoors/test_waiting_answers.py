"""Answers on the waiting list: accepting, declining, leaving; and booking and waiting in one go."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import pytest
import time_machine
from django.utils import timezone, translation

from opendoors.errors import (
    OfferGone,
    SeatsFree,
    VisitLimit,
    VisitStarted,
)
from opendoors.models import Booking, Edition
from opendoors.rules import waiting
from opendoors.rules.signing_up import sign_up
from tests.opendoors.booking_tools import book, taken
from tests.opendoors.factories import EditionFactory, VisitFactory
from tests.opendoors.waiting_tools import (
    confirmed_rows,
    counts,
    full,
    give_back,
    held_by,
    later,
    letters,
    states,
    wait,
    wish_of,
)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _still_clock_and_words_of_the_code() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 5, 13, 10, 0, tzinfo=dt.UTC), tick=False), translation.override(None):
        yield


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


# --- Accepting -----------------------------------------------------------------------------------


def test_accepting_books_what_was_asked(edition: Edition) -> None:
    (visit,), keepers = full(edition, seats=2)
    request = wait(visit, seats=2, companions="Anna", organisation="WGC", sector="health", access_needs=True)
    give_back(*keepers)

    booked = waiting.accept(wish=wish_of(request), by=None)

    request.refresh_from_db()
    booking = booked.booking
    assert (booked.visit_id, booked.seats, counts(visit)) == (visit.pk, 2, (2, 0))
    assert (request.state, states(request), wish_of(request).booked) == ("served", ["accepted"], booked)
    assert (booking.name, booking.organisation, booking.sector, booking.access_needs, booking.companions) == (
        "Eva", "WGC", "health", True, "Anna",
    )  # fmt: skip
    assert (booking.held_until, booking.confirmed_at) == (None, timezone.now())
    assert letters("booking_confirmed")[-1] == "eva@example.org"


def test_accepting_twice_is_accepting_once(edition: Edition) -> None:
    (visit,), keepers = full(edition)
    request = wait(visit)
    give_back(*keepers)

    rows = [waiting.accept(wish=wish_of(request), by=None) for _twice in range(2)]

    assert rows[0] == rows[1]
    assert counts(visit) == (1, 0)
    assert letters("booking_confirmed").count("eva@example.org") == 1


def test_one_accept_releases_the_rest_to_the_next_in_line(edition: Edition) -> None:
    visits, keepers = full(edition, 3)
    request = wait(*visits, wanted=1)
    behind = wait(visits[1], email="behind@example.org")
    give_back(*keepers)

    waiting.accept(wish=wish_of(request, visits[0]), by=None)

    request.refresh_from_db()
    assert states(request) == ["accepted", "released", "released"]
    assert (request.state, states(behind)) == ("served", ["offered"])
    assert [counts(visit) for visit in visits] == [(1, 0), (0, 1), (0, 0)]


def test_any_two_of_three_makes_one_booking_of_two_visits(edition: Edition) -> None:
    visits, keepers = full(edition, 3)
    request = wait(*visits, wanted=2)
    give_back(*keepers)

    rows = [waiting.accept(wish=wish_of(request, visit), by=None) for visit in visits[:2]]

    request.refresh_from_db()
    assert states(request) == ["accepted", "accepted", "released"]
    assert (request.state, rows[0].booking) == ("served", rows[1].booking)


def test_wishes_at_the_same_time_are_released_with_the_first_accepted(edition: Edition) -> None:
    clashing = [VisitFactory(edition=edition, seats=1) for _ in range(2)]
    another = VisitFactory(edition=edition, day=1, seats=1)
    keepers = [held_by(f"k{n}@example.org", visit) for n, visit in enumerate([*clashing, another])]
    request = wait(*clashing, another, wanted=2)
    give_back(keepers[0])

    waiting.accept(wish=wish_of(request, clashing[0]), by=None)

    request.refresh_from_db()
    assert states(request) == ["accepted", "released", "waiting"]
    assert request.state == "waiting"


def test_what_is_held_at_the_same_time_is_given_back_to_who_waits_for_it(edition: Edition) -> None:
    (visit,), keepers = full(edition)
    instead = VisitFactory(edition=edition, seats=1)
    held_by("eva@example.org", instead)
    request = wait(visit)
    behind = wait(instead, email="behind@example.org")
    give_back(*keepers)

    waiting.accept(wish=wish_of(request), by=None)

    assert [row.visit for row in confirmed_rows("eva@example.org")] == [visit]
    assert (states(behind), counts(instead)) == (["offered"], (0, 1))
    assert letters("booking_changed") == ["eva@example.org"]


def test_a_group_waits_for_more_seats_in_a_visit_it_has_one_in(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=3)
    held_by("eva@example.org", visit)
    keeper = held_by("keeper@example.org", visit, seats=2)
    request = wait(visit, seats=2)
    give_back(keeper)

    waiting.accept(wish=wish_of(request), by=None)

    assert counts(visit) == (2, 0)
    assert [row.seats for row in confirmed_rows("eva@example.org")] == [2]


def test_who_has_as_many_visits_as_allowed_gives_one_back_first() -> None:
    edition = EditionFactory(visits_per_visitor=1)
    (visit,), keepers = full(edition)
    other = VisitFactory(edition=edition, day=3)
    mine = held_by("eva@example.org", other)
    request = wait(visit)
    give_back(*keepers)

    with pytest.raises(VisitLimit):
        waiting.accept(wish=wish_of(request), by=None)
    give_back(mine)
    waiting.accept(wish=wish_of(request), by=None)

    assert [row.visit for row in confirmed_rows("eva@example.org")] == [visit]


def test_what_somebody_typed_for_the_same_address_gives_way_to_what_is_accepted() -> None:
    edition = EditionFactory(visits_per_visitor=1)
    (visit,), keepers = full(edition)
    other = VisitFactory(edition=edition, day=3)
    request = wait(visit)
    book(other, email="eva@example.org")
    give_back(*keepers)

    waiting.accept(wish=wish_of(request), by=None)

    assert [row.visit for row in confirmed_rows("eva@example.org")] == [visit]
    assert counts(other) == (0, 0)


def test_what_has_begun_is_not_given_back_for_another(edition: Edition) -> None:
    running = VisitFactory(edition=edition, starts_at=later(hours=1), ends_at=later(hours=10))
    visit = VisitFactory(edition=edition, starts_at=later(hours=8), ends_at=later(hours=9), seats=1)
    keeper = held_by("keeper@example.org", visit)
    held_by("eva@example.org", running)
    request = wait(visit)
    give_back(keeper)

    with time_machine.travel(later(hours=2), tick=False), pytest.raises(VisitStarted):
        waiting.accept(wish=wish_of(request), by=None)

    assert counts(visit) == (0, 1)


def test_what_is_not_on_offer_cannot_be_accepted(edition: Edition) -> None:
    (visit,), _keepers = full(edition)
    request = wait(visit)

    with pytest.raises(OfferGone) as caught:
        waiting.accept(wish=wish_of(request), by=None)

    assert caught.value.extra == {"state": "waiting"}
    assert counts(visit) == (1, 0)


def test_an_offer_whose_time_is_over_is_gone_before_the_clock_takes_it_back(edition: Edition) -> None:
    (visit,), keepers = full(edition)
    request = wait(visit)
    give_back(*keepers)
    wish = wish_of(request)
    assert wish.expires_at is not None

    with time_machine.travel(wish.expires_at, tick=False), pytest.raises(OfferGone) as caught:
        waiting.accept(wish=wish, by=None)

    assert caught.value.extra == {"state": "lapsed"}


# --- Declining and leaving -----------------------------------------------------------------------


def test_a_declined_seat_goes_to_the_next(edition: Edition) -> None:
    (visit,), keepers = full(edition)
    requests = [wait(visit, email=f"{n}@example.org") for n in range(2)]
    give_back(*keepers)

    for _twice in range(2):
        waiting.decline(wish=wish_of(requests[0]), by=None)

    requests[0].refresh_from_db()
    assert (requests[0].state, states(*requests), counts(visit)) == ("left", ["declined", "offered"], (0, 1))


def test_declining_one_visit_keeps_the_place_in_other_lines(edition: Edition) -> None:
    visits, keepers = full(edition, 2)
    request = wait(*visits)
    give_back(keepers[0])

    waiting.decline(wish=wish_of(request, visits[0]), by=None)

    request.refresh_from_db()
    assert (request.state, states(request)) == ("waiting", ["declined", "waiting"])


def test_only_an_offer_can_be_declined(edition: Edition) -> None:
    (visit,), _keepers = full(edition)
    request = wait(visit)

    with pytest.raises(OfferGone):
        waiting.decline(wish=wish_of(request), by=None)

    assert states(request) == ["waiting"]


def test_leaving_lets_what_is_on_offer_go_to_the_next(edition: Edition) -> None:
    visits, keepers = full(edition, 2)
    request = wait(*visits)
    behind = wait(visits[0], email="behind@example.org")
    give_back(keepers[0])

    for _twice in range(2):
        waiting.leave(request=request, by=None)

    request.refresh_from_db()
    assert (request.state, states(request), states(behind)) == ("left", ["released"] * 2, ["offered"])


def test_leaving_some_lines_keeps_the_others(edition: Edition) -> None:
    visits, _keepers = full(edition, 3)
    request = wait(*visits, wanted=3)

    waiting.leave(request=request, by=None, visits=[visits[0].uuid])

    request.refresh_from_db()
    assert (request.state, request.wanted, states(request)) == ("waiting", 2, ["released", "waiting", "waiting"])


def test_who_leaves_what_is_left_after_accepting_is_served(edition: Edition) -> None:
    visits, keepers = full(edition, 2)
    request = wait(*visits, wanted=2)
    give_back(keepers[0])
    waiting.accept(wish=wish_of(request, visits[0]), by=None)

    waiting.leave(request=request, by=None)

    request.refresh_from_db()
    assert (request.state, states(request)) == ("served", ["accepted", "released"])


# --- Both in one go ------------------------------------------------------------------------------


def test_one_press_books_and_waits(edition: Edition) -> None:
    free = VisitFactory(edition=edition, day=3)
    (occupied,), _keepers = full(edition)

    done = sign_up(
        visits=[free.uuid], waits=[occupied.uuid], wanted=1, seats=1, name="Eva", email="eva@example.org",
        language="fr", by=None,
    )  # fmt: skip

    assert done.booking is not None
    assert done.request is not None
    assert (taken(free), states(done.request)) == ([1], ["waiting"])


def test_where_one_of_both_is_refused_nothing_happens(edition: Edition) -> None:
    free, also_free = (VisitFactory(edition=edition, day=day) for day in (2, 3))

    with pytest.raises(SeatsFree):
        sign_up(
            visits=[free.uuid], waits=[also_free.uuid], wanted=1, seats=1, name="Eva", email="eva@example.org",
            language="fr", by=None,
        )  # fmt: skip

    assert taken(free) == [0]
    assert Booking.objects.count() == 0
