"""Addresses nobody confirmed: held for a while, few seats, and given back with a word."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.core.cache import caches
from django.utils import timezone

from basins.models import PartnerKey, User
from core.models import OutboxMessage
from opendoors.enums import BookedState
from opendoors.errors import ConfirmFirst, CrowdedNetwork, VisitsOverlap
from opendoors.models import Booking, Edition
from opendoors.rules import addresses
from opendoors.rules import booking as rules
from tests.factories import UserFactory
from tests.opendoors.booking_tools import book, taken
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits
from tests.opendoors.waiting_tools import ask, held_by, later, letters, states, wait

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 5, 13, 10, 0, tzinfo=dt.UTC)


@pytest.fixture(autouse=True)
def clock() -> Any:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


# --- Who is proven -------------------------------------------------------------------------------


def test_what_a_browser_books_is_held_for_a_day(edition: Edition) -> None:
    booking = book(VisitFactory(edition=edition))

    assert (booking.held_until, booking.confirmed_at) == (NOW + dt.timedelta(hours=24), None)


def test_who_is_signed_in_with_the_address_needs_no_confirmation(edition: Edition, daan: User) -> None:
    booking = book(VisitFactory(edition=edition), by=daan, email="Daan@Example.org")

    assert (booking.held_until, booking.confirmed_at) == (None, NOW)


def test_who_is_signed_in_with_another_address_proves_nothing(edition: Edition) -> None:
    booking = book(VisitFactory(edition=edition), by=UserFactory(email="other@example.org"))

    assert booking.is_held


def test_staff_and_partners_vouch_for_others(edition: Edition, alice: User, farid: PartnerKey) -> None:
    first, second = week_of_visits(edition, 2)

    bookings = [book(first, by=alice), book(second, key=farid)]

    assert [booking.is_held for booking in bookings] == [False, False]


def test_staff_of_another_basin_vouch_for_nobody_here(edition: Edition, bram: User) -> None:
    assert book(VisitFactory(edition=edition), by=bram).is_held


# --- A stranger's holds --------------------------------------------------------------------------


def test_what_a_stranger_typed_gives_way_to_who_is_signed_in(edition: Edition, daan: User) -> None:
    typed, mine = VisitFactory(edition=edition, seats=20), VisitFactory(edition=edition, seats=20)
    book(typed, seats=8)

    booking = book(mine, seats=9, by=daan)

    assert not booking.is_held
    assert taken(typed, mine) == [0, 9]


def test_of_what_a_stranger_typed_the_latest_gives_way_beyond_the_visits_allowed(edition: Edition, daan: User) -> None:
    Edition.objects.update(visits_per_visitor=2)
    edition.refresh_from_db()
    typed, typed_later, mine = week_of_visits(edition, 3)
    book(typed)
    book(typed_later)

    book(mine, by=daan)

    assert taken(typed, typed_later, mine) == [1, 0, 1]


def test_what_is_confirmed_gives_way_to_nobody(edition: Edition, daan: User) -> None:
    kept, other = VisitFactory(edition=edition), VisitFactory(edition=edition)
    held_by("daan@example.org", kept)

    with pytest.raises(VisitsOverlap):
        book(other, by=daan)


def test_the_unproven_are_told_the_same_whatever_is_booked_with_the_address(edition: Edition) -> None:
    other = VisitFactory(edition=edition)
    said = []
    for email, keep in (("daan@example.org", book), ("eva@example.org", lambda visit, email: held_by(email, visit))):
        keep(VisitFactory(edition=edition), email=email)
        with pytest.raises(VisitsOverlap) as refused:
            book(other, email=email)
        said.append(str(refused.value.message))

    assert said[0] == said[1]


def test_who_did_not_book_throws_all_away_without_a_letter(edition: Edition) -> None:
    first, second, full = week_of_visits(edition, 3, seats=1)
    held_by("daan@example.org", first)
    held_by("keeper@example.org", full)
    booking = book(second)
    request = ask(full, email="daan@example.org")
    written = OutboxMessage.objects.count()

    numbers = [addresses.throw_away(visitor=booking.visitor, by=None) for _twice in range(2)]

    assert (numbers, taken(first, second), states(request)) == ([2, 0], [1, 0], ["released"])
    assert OutboxMessage.objects.count() == written


# --- How long ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("starts_in", "held_for"),
    [(100, 24), (25, 24), (24.5, 23.5), (10, 9), (2, 1), (1.5, 1), (0.5, 0.5)],
)
def test_held_seats_are_free_again_before_the_first_visit(starts_in: float, held_for: float) -> None:
    visit = VisitFactory.build(
        edition=None, host=None, place=None, starts_at=NOW + dt.timedelta(hours=starts_in), ends_at=later(hours=200)
    )

    until = addresses.hold_until([visit], NOW)

    assert (until - NOW) / dt.timedelta(hours=1) == held_for


def test_an_added_nearer_visit_shortens_the_time(edition: Edition) -> None:
    far = VisitFactory(edition=edition, day=3)
    near = VisitFactory(edition=edition, starts_at=later(hours=6), ends_at=later(hours=7))
    booking = book(far)

    rules.change(booking=booking, visits=[far.uuid, near.uuid], by=None)

    booking.refresh_from_db()
    assert booking.held_until == NOW + dt.timedelta(hours=5)


# --- Confirming ----------------------------------------------------------------------------------


def test_the_link_in_the_mail_confirms_all_that_is_held(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    booking = book(first)
    book(second)

    numbers = [addresses.confirm(visitor=booking.visitor, by=None) for _twice in range(2)]

    assert numbers == [2, 0]
    assert list(Booking.objects.values_list("held_until", "confirmed_at")) == [(None, NOW)] * 2


def test_what_was_confirmed_once_proves_nothing_of_who_types_the_address_today(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    held_by("daan@example.org", first)

    assert book(second).is_held


def test_a_change_by_the_mailed_link_confirms(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    booking = book(first)

    rules.change(booking=booking, visits=[first.uuid, second.uuid], by=None, whole_visitor=True)

    booking.refresh_from_db()
    assert (booking.held_until, booking.confirmed_at) == (None, NOW)


def test_a_change_by_the_browser_s_link_does_not(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    booking = book(first)

    rules.change(booking=booking, visits=[first.uuid, second.uuid], by=None)

    booking.refresh_from_db()
    assert booking.is_held


# --- How many ------------------------------------------------------------------------------------


def test_an_unconfirmed_address_holds_eight_seats(edition: Edition) -> None:
    first, second, third = week_of_visits(edition, 3, seats=20)
    book(first, seats=7)

    with pytest.raises(ConfirmFirst):
        book(second, seats=2)
    book(third)

    assert taken(first, second, third) == [7, 0, 1]


def test_a_held_booking_does_not_grow_beyond_eight_seats(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=20)
    booking = book(visit, seats=8)

    with pytest.raises(ConfirmFirst):
        rules.change(booking=booking, visits=[visit.uuid], by=None, seats=9)

    assert taken(visit) == [8]


def test_confirmed_seats_do_not_count(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2, seats=20)
    held_by("daan@example.org", first, seats=8)

    book(second, seats=8)

    assert taken(first, second) == [8, 8]


def test_places_in_line_of_an_unconfirmed_address_are_limited_too(edition: Edition) -> None:
    visits = week_of_visits(edition, 2, seats=10)
    for number, visit in enumerate(visits):
        held_by(f"{number}@example.org", visit, seats=1)
        held_by(f"{number}@example.com", visit, seats=8)
    ask(visits[0], seats=5)

    with pytest.raises(ConfirmFirst):
        ask(visits[1], seats=4)


def test_an_hour_gives_one_network_so_many_unconfirmed_seats(edition: Edition, settings: Any, clock: Any) -> None:
    settings.ENV = replace(settings.ENV, unconfirmed_seats_per_hour=5)
    visit = VisitFactory(edition=edition, seats=50)
    book(visit, email="a@example.org", seats=4, network="192.0.2.1")

    with pytest.raises(CrowdedNetwork):
        book(visit, email="b@example.org", seats=2, network="192.0.2.1")
    book(visit, email="c@example.org", seats=2, network="192.0.2.2")
    clock.shift(dt.timedelta(hours=1))
    book(visit, email="d@example.org", seats=2, network="192.0.2.1")

    assert taken(visit) == [8]


def test_who_is_proven_is_not_counted(edition: Edition, settings: Any, alice: User) -> None:
    settings.ENV = replace(settings.ENV, unconfirmed_seats_per_hour=1)
    visit = VisitFactory(edition=edition)

    book(visit, by=alice, seats=3, network="192.0.2.1")

    assert taken(visit) == [3]


def test_without_a_limit_nobody_is_counted(edition: Edition, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ENV = replace(settings.ENV, unconfirmed_seats_per_hour=0)

    def refuse(*_args: object) -> int:
        raise AssertionError("counted")

    monkeypatch.setattr(type(caches["shared"]), "count", refuse)

    assert book(VisitFactory(edition=edition), network="192.0.2.1").is_held


# --- Giving back ---------------------------------------------------------------------------------


def test_what_nobody_confirms_is_given_back_once_with_one_letter(edition: Edition, clock: Any) -> None:
    visits = week_of_visits(edition, 2)
    booking = book(*visits)

    clock.shift(dt.timedelta(hours=24) - dt.timedelta(seconds=1))
    early = addresses.release_unconfirmed(now=timezone.now())
    clock.shift(dt.timedelta(seconds=1))
    numbers = [addresses.release_unconfirmed(now=timezone.now()) for _twice in range(2)]

    assert (early, numbers) == (0, [1, 0])
    assert taken(*visits) == [0, 0]
    assert set(booking.booked.values_list("state", flat=True)) == {BookedState.CANCELLED}
    assert letters("unconfirmed_released") == ["daan@example.org"]


def test_what_is_confirmed_stays(edition: Edition, clock: Any) -> None:
    visit = VisitFactory(edition=edition)
    held_by("daan@example.org", visit)

    clock.shift(dt.timedelta(days=3))
    addresses.release_unconfirmed(now=timezone.now())

    assert taken(visit) == [1]
    assert letters("unconfirmed_released") == []


def test_the_seats_go_to_who_waits(edition: Edition, clock: Any) -> None:
    visit = VisitFactory(edition=edition, seats=1)
    book(visit)
    request = wait(visit)

    clock.shift(dt.timedelta(hours=25))
    addresses.release_unconfirmed(now=timezone.now())

    assert states(request) == ["offered"]


def test_a_visit_moved_forward_does_not_begin_with_seats_nobody_confirmed(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    booking = book(visit)
    visit.__class__.objects.update(starts_at=later(minutes=-1))

    addresses.release_unconfirmed(now=timezone.now())

    assert booking.booked.get().state == BookedState.CANCELLED


def test_an_unconfirmed_booking_given_back_begins_anew_when_visits_are_added(edition: Edition, clock: Any) -> None:
    first, second = week_of_visits(edition, 2)
    booking = book(first)
    clock.shift(dt.timedelta(hours=25))
    addresses.release_unconfirmed(now=timezone.now())

    rules.change(booking=booking, visits=[second.uuid], by=None)

    booking.refresh_from_db()
    assert booking.held_until == timezone.now() + dt.timedelta(hours=24)


def test_a_confirmation_that_comes_too_late_confirms_nothing(edition: Edition, clock: Any) -> None:
    booking = book(VisitFactory(edition=edition))
    clock.shift(dt.timedelta(hours=25))
    addresses.release_unconfirmed(now=timezone.now())

    assert addresses.confirm(visitor=booking.visitor, by=None) == 0
