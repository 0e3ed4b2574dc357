"""The team changes a visit while people book it: on real connections, released together."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest
from django.db import connection

from basins.models import User
from opendoors.enums import BookedState, VisitState
from opendoors.errors import HostingError, VisitsGone
from opendoors.rules import booking, hosting
from tests.opendoors.factories import VisitFactory
from tests.opendoors.test_hosting import book, data_of, letters

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*acts: object) -> list[str]:
    """Each act on a connection of its own, released together; how each ended."""
    gate = threading.Barrier(len(acts))
    ended = [""] * len(acts)

    def run(number: int, act: object) -> None:
        try:
            connection.ensure_connection()
            gate.wait(timeout=20)
            act()  # type: ignore[operator]  # a callable
            ended[number] = "done"
        except (HostingError, VisitsGone) as refused:
            ended[number] = type(refused).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    return ended


@pytest.mark.parametrize("attempt", range(3))
def test_seats_reduced_while_a_booking_comes_in(alice: User, attempt: int) -> None:
    visit = VisitFactory(seats=2, seats_taken=0)
    book(visit, email="eva@example.org")
    fewer = replace(data_of(visit), seats=1)

    ended = at_once(
        lambda: book(visit), lambda: hosting.edit_visit(visit=visit, place=visit.place, data=fewer, by=alice)
    )

    visit.refresh_from_db()
    assert ended in (["done", "HostingError"], ["VisitsGone", "done"])
    assert (visit.seats, visit.seats_taken) in ((2, 2), (1, 1))
    assert visit.booked.filter(state=BookedState.CONFIRMED).count() == visit.seats_taken


@pytest.mark.parametrize("attempt", range(3))
def test_a_visit_is_called_off_while_bookings_come_in(alice: User, attempt: int) -> None:
    visit = VisitFactory(seats=20)

    ended = at_once(
        lambda: hosting.cancel_visit(visit=visit, by=alice),
        *(lambda email=f"v{number}@example.org": book(visit, email=email) for number in range(6)),
    )

    visit.refresh_from_db()
    assert ended[0] == "done"
    assert (visit.state, visit.seats_taken) == (VisitState.CANCELLED, 0)
    assert not visit.booked.filter(state=BookedState.CONFIRMED).exists()
    assert len(letters("opendoors.visit_cancelled")) == ended[1:].count("done")


def test_a_visit_is_called_off_while_it_is_given_back(alice: User) -> None:
    visit = VisitFactory(seats=5)
    held = book(visit)

    ended = at_once(lambda: hosting.cancel_visit(visit=visit, by=alice), lambda: booking.cancel(booking=held, by=None))

    visit.refresh_from_db()
    assert ended == ["done", "done"]
    assert visit.seats_taken == 0
