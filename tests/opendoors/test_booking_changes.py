"""Changing and giving back: seats freed once, what is kept is kept, and the look after the lock."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

import pytest
import time_machine
from django.db import transaction
from django.utils import timezone

from basins.models import PartnerKey
from core.models import OutboxMessage
from opendoors.enums import BookedState, EditionState
from opendoors.errors import (
    NothingChosen,
    SignupClosed,
    VisitsGone,
    VisitsOverlap,
    VisitStarted,
)
from opendoors.models import BookedVisit, Edition, Visit
from opendoors.rules import booking as rules
from opendoors.rules import seats
from tests.opendoors.booking_tools import book, taken
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits

pytestmark = pytest.mark.django_db


@pytest.fixture
def edition() -> Edition:
    return EditionFactory()


def test_changing_gives_back_takes_and_keeps(edition: Edition) -> None:
    leaving, staying, arriving = week_of_visits(edition, 3)
    booking = book(leaving, staying)

    rules.change(booking=booking, visits=[staying.uuid, arriving.uuid], by=None)

    assert taken(leaving, staying, arriving) == [0, 1, 1]
    states = dict(booking.booked.values_list("visit__uuid", "state"))
    assert states == {
        leaving.uuid: BookedState.CANCELLED,
        staying.uuid: BookedState.CONFIRMED,
        arriving.uuid: BookedState.CONFIRMED,
    }
    assert list(OutboxMessage.objects.order_by("pk").values_list("kind", flat=True)) == [
        "opendoors.booking_confirmed",
        "opendoors.booking_changed",
    ]


def test_a_change_that_fails_changes_nothing(edition: Edition) -> None:
    mine, full = week_of_visits(edition, 2, seats=1)
    booking = book(mine)
    book(full, email="first@example.org")

    with pytest.raises(VisitsGone):
        rules.change(booking=booking, visits=[full.uuid], by=None)

    assert taken(mine, full) == [1, 1]
    assert booking.booked.get().state == BookedState.CONFIRMED


def test_changing_to_the_same_visits_says_nothing_again(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    booking = book(visit)

    rules.change(booking=booking, visits=[visit.uuid], by=None)

    assert OutboxMessage.objects.count() == 1


def test_a_clashing_visit_can_be_exchanged_in_one_go(edition: Edition) -> None:
    mine = VisitFactory(edition=edition)
    same_time = VisitFactory(edition=edition)
    booking = book(mine)

    rules.change(booking=booking, visits=[same_time.uuid], by=None)

    assert taken(mine, same_time) == [0, 1]


def test_the_link_of_one_booking_leaves_the_others_alone(edition: Edition) -> None:
    first, second, third = week_of_visits(edition, 3)
    book(first)
    booking = book(second)

    rules.change(booking=booking, visits=[third.uuid], by=None)

    assert taken(first, second, third) == [1, 0, 1]


def test_the_link_of_the_mailbox_changes_all_bookings(edition: Edition) -> None:
    first, second, third = week_of_visits(edition, 3)
    book(first)
    booking = book(second)

    rules.change(booking=booking, visits=[third.uuid], by=None, whole_visitor=True)

    assert taken(first, second, third) == [0, 0, 1]


def test_a_closed_sign_up_still_takes_seats_back(edition: Edition) -> None:
    staying, leaving, other = week_of_visits(edition, 3)
    booking = book(staying, leaving)
    Edition.objects.filter(pk=edition.pk).update(state=EditionState.CLOSED)

    rules.change(booking=booking, visits=[staying.uuid], by=None)
    with pytest.raises(SignupClosed):
        rules.change(booking=booking, visits=[staying.uuid, other.uuid], by=None)

    assert taken(staying, leaving, other) == [1, 0, 0]


def test_a_visit_that_began_is_not_given_back(edition: Edition) -> None:
    first, second = week_of_visits(edition, 2)
    booking = book(first, second)

    with time_machine.travel(first.starts_at + dt.timedelta(minutes=1)), pytest.raises(VisitStarted):
        rules.change(booking=booking, visits=[second.uuid], by=None)

    assert taken(first, second) == [1, 1]


def test_cancelling_gives_all_seats_back_once(edition: Edition) -> None:
    visits = week_of_visits(edition, 2)
    booking = book(*visits)

    rules.cancel(booking=booking, by=None)
    rules.cancel(booking=booking, by=None)

    assert taken(*visits) == [0, 0]
    assert OutboxMessage.objects.filter(kind="opendoors.booking_cancelled").count() == 1


def test_a_seat_given_back_can_be_booked_again(edition: Edition) -> None:
    visit = VisitFactory(edition=edition, seats=1)
    rules.cancel(booking=book(visit), by=None)

    book(visit)

    assert taken(visit) == [1]
    assert BookedVisit.objects.filter(visit=visit).count() == 2


def test_releasing_tells_nobody(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    booking = book(visit)

    with transaction.atomic():
        released = rules.release(visitors=[booking.visitor])

    assert released == 1
    assert taken(visit) == [0]
    assert OutboxMessage.objects.count() == 1


def meanwhile(monkeypatch: pytest.MonkeyPatch, happens: Callable[[], object]) -> None:
    """Let something happen between the rule's first look and its lock."""
    lock = seats.lock_visits

    def late(visits: Iterable[Visit]) -> None:
        happens()
        lock(visits)

    monkeypatch.setattr(seats, "lock_visits", late)


def test_a_seat_the_host_freed_meanwhile_is_not_freed_twice(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = VisitFactory(edition=edition)
    booking = book(visit)
    book(visit, email="greet@example.org")

    def call_off() -> None:
        booking.booked.update(state=BookedState.CANCELLED, cancelled_at=timezone.now())
        Visit.objects.filter(pk=visit.pk).update(seats_taken=1)

    meanwhile(monkeypatch, call_off)
    rules.cancel(booking=booking, by=None)

    assert taken(visit) == [1]


def test_a_visit_removed_meanwhile_counts_as_called_off(edition: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    visit = VisitFactory(edition=edition)
    meanwhile(monkeypatch, lambda: Visit.objects.filter(pk=visit.pk).delete())

    with pytest.raises(VisitsGone) as caught:
        book(visit)

    assert caught.value.extra["visits"][0]["reason"] == "cancelled"


def test_a_visit_moved_meanwhile_is_looked_at_where_it_stands_now(
    edition: Edition, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = week_of_visits(edition, 2)
    meanwhile(
        monkeypatch,
        lambda: Visit.objects.filter(pk=second.pk).update(starts_at=first.starts_at, ends_at=first.ends_at),
    )

    with pytest.raises(VisitsOverlap):
        book(first, second)

    assert taken(first, second) == [0, 0]


def test_what_a_visitor_adds_stays_out_of_the_partner_s_booking(edition: Edition, farid: PartnerKey) -> None:
    first, second = week_of_visits(edition, 2)
    booking = book(first, key=farid)

    rules.change(booking=booking, visits=[first.uuid, second.uuid], by=None, whole_visitor=True)

    assert [row.visit for row in booking.booked.all()] == [first]
    assert taken(first, second) == [1, 1]


def test_a_check_that_refuses_changes_nothing(edition: Edition) -> None:
    visit = VisitFactory(edition=edition)
    booking = book(visit)

    def refuse() -> None:
        raise NothingChosen

    with pytest.raises(NothingChosen):
        rules.cancel(booking=booking, by=None, check=refuse)

    assert taken(visit) == [1]
