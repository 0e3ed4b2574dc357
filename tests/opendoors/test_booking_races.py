"""Races on real connections: what locks promise, and a control that shows the race without them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable

import pytest
from django.db import OperationalError, connection

from core.models import OutboxMessage
from opendoors.errors import VisitsGone, VisitsOverlap
from opendoors.models import BookedVisit, Visit
from opendoors.rules import booking as rules
from opendoors.rules import seats
from tests.opendoors.factories import EditionFactory, VisitFactory
from tests.opendoors.race_tools import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)


def booking_by(visit: Visit) -> Callable[[int], str]:
    def act(n: int) -> str:
        try:
            rules.book(visits=[visit.uuid], name=f"V{n}", email=f"v{n}@example.org", language="fr", by=None)
        except VisitsGone:
            return "full"
        return "booked"

    return act


def test_two_hundred_clients_share_twenty_seats() -> None:
    visit = VisitFactory(edition=EditionFactory(), seats=20)

    answers = all_at_once(200, booking_by(visit))

    visit.refresh_from_db()
    assert answers == {"booked": 20, "full": 180}
    assert visit.seats_taken == 20
    assert BookedVisit.objects.count() == 20
    assert OutboxMessage.objects.count() == 20


def test_without_the_lock_there_is_a_race(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same clients, the lock off and the database's own guard away, oversell."""
    visit = VisitFactory(edition=EditionFactory(), seats=20)
    together = threading.Barrier(40)

    def look_without_lock(visits: list[Visit]) -> None:
        for row in visits:
            row.refresh_from_db(fields=["seats_taken", "state"])
        together.wait(timeout=30)  # everybody has looked before anybody writes

    monkeypatch.setattr(seats, "lock_visits", look_without_lock)
    constraint = next(c for c in Visit._meta.constraints if c.name == "opendoors_visit_never_overbooked")
    with connection.schema_editor() as editor:
        editor.remove_constraint(Visit, constraint)
    try:
        answers = all_at_once(40, booking_by(visit))
        visit.refresh_from_db()
    finally:
        Visit.objects.update(seats_taken=0)
        with connection.schema_editor() as editor:
            editor.add_constraint(Visit, constraint)

    assert answers == {"booked": 40}
    assert visit.seats_taken == 40


def test_one_visitor_in_two_browsers_is_at_one_place() -> None:
    edition = EditionFactory()
    visits = [VisitFactory(edition=edition) for _ in range(8)]  # all at the same time

    def act(n: int) -> str:
        try:
            rules.book(visits=[visits[n].uuid], name="Daan", email="daan@example.org", language="nl", by=None)
        except VisitsOverlap:
            return "clash"
        return "booked"

    answers = all_at_once(8, act)

    assert answers == {"booked": 1, "clash": 7}
    assert BookedVisit.objects.count() == 1


def swapping(number: int) -> Callable[[int], str]:
    """``number`` visitors hold one of two visits, half of them each; all want the other one instead.

    What one takes the other gives back, so the two halves name the same two rows in opposite order.
    """
    edition = EditionFactory()
    visits = [VisitFactory(edition=edition, day=day, seats=number) for day in (1, 0)]  # times against keys
    held = [
        rules.book(visits=[visits[n % 2].uuid], name=f"V{n}", email=f"v{n}@example.org", language="fr", by=None)
        for n in range(number)
    ]

    def act(n: int) -> str:
        try:
            rules.change(booking=held[n], visits=[visits[1 - n % 2].uuid], by=None)
        except OperationalError as error:
            return "deadlock" if "deadlock" in str(error) else str(error)
        return "changed"

    return act


def test_swaps_in_opposite_order_do_not_block_each_other() -> None:
    act = swapping(30)

    answers = all_at_once(30, act)

    assert answers == {"changed": 30}
    assert list(Visit.objects.values_list("seats_taken", flat=True)) == [15, 15]


def test_locked_in_the_order_given_swaps_block_each_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the same swaps, each row locked when its turn comes instead of all by key."""
    act = swapping(2)
    together = threading.Barrier(2)

    def lock_as_given(visits: Iterable[Visit]) -> None:
        for number, visit in enumerate(visits):
            Visit.objects.select_for_update(no_key=True).get(pk=visit.pk)
            if number == 0:
                together.wait(timeout=30)  # each holds the row that the other one wants next

    monkeypatch.setattr(seats, "lock_visits", lock_as_given)

    answers = all_at_once(2, act)

    assert answers == {"changed": 1, "deadlock": 1}


def test_giving_back_twice_at_once_frees_one_seat() -> None:
    visit = VisitFactory(edition=EditionFactory(), seats=5)
    keeper = rules.book(visits=[visit.uuid], name="A", email="a@example.org", language="fr", by=None)
    rules.book(visits=[visit.uuid], name="B", email="b@example.org", language="fr", by=None)

    def act(n: int) -> str:
        rules.cancel(booking=keeper, by=None)
        return "done"

    all_at_once(6, act)

    visit.refresh_from_db()
    assert visit.seats_taken == 1
