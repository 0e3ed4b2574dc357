"""What the tests of scarce seats do again and again: people with proven addresses, who book and wait."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone

from core.models import OutboxMessage
from opendoors.models import BookedVisit, Booking, Edition, Visit, WaitingRequest, Wish
from opendoors.rules import addresses, waiting
from opendoors.rules import booking as rules
from tests.opendoors.booking_tools import book
from tests.opendoors.factories import week_of_visits


def held_by(email: str, *visits: Visit, **more: object) -> Booking:
    """A confirmed booking."""
    booking = book(*visits, email=email, **more)
    addresses.confirm(visitor=booking.visitor, by=None)
    booking.refresh_from_db()
    return booking


def wait(
    *visits: Visit, email: str = "eva@example.org", wanted: int = 1, seats: int = 1, **more: object
) -> WaitingRequest:
    """A confirmed request for ``wanted`` of ``visits``."""
    request = ask(*visits, email=email, wanted=wanted, seats=seats, **more)
    addresses.confirm(visitor=request.visitor, by=None)
    request.refresh_from_db()
    return request


def ask(
    *visits: Visit, email: str = "eva@example.org", wanted: int = 1, seats: int = 1, **more: object
) -> WaitingRequest:
    """The same, not confirmed."""
    fields = {"name": "Eva", "language": "fr", "by": None, **more}
    return waiting.join(
        visits=[visit.uuid for visit in visits],
        wanted=wanted,
        seats=seats,
        email=email,
        **fields,  # type: ignore[arg-type]  # fields by name
    )


def wish_of(request: WaitingRequest, visit: Visit | None = None) -> Wish:
    """The (only) wish of a request, or that for ``visit``, as it is now."""
    wishes = request.wishes.select_related("request__visitor", "visit__edition", "booked")
    return wishes.get(visit=visit) if visit else wishes.get()


def states(*requests: WaitingRequest) -> list[str]:
    """What became of the wishes of these requests, in order of time."""
    wishes = Wish.objects.filter(request__in=requests).order_by("request__pk", "visit__starts_at", "pk")
    return list(wishes.values_list("state", flat=True))


def counts(visit: Visit) -> tuple[int, int]:
    """Seats taken and on offer, as the database has them."""
    return Visit.objects.values_list("seats_taken", "seats_held").get(pk=visit.pk)


def letters(kind: str) -> list[str]:
    """To whom letters of a kind were written, in order."""
    return list(OutboxMessage.objects.filter(kind=f"opendoors.{kind}").order_by("pk").values_list("to", flat=True))


def confirmed_rows(email: str) -> list[BookedVisit]:
    rows = BookedVisit.objects.filter(booking__visitor__email=email, state="confirmed").select_related("visit")
    return list(rows.order_by("visit__starts_at"))


def later(**time: float) -> dt.datetime:
    return timezone.now() + dt.timedelta(**time)


def full(edition: Edition, number: int = 1, *, seats: int = 1, **fields: object) -> tuple[list[Visit], list[Booking]]:
    """Full visits on successive days, and the bookings that fill each of them."""
    visits = week_of_visits(edition, number, seats=seats, **fields)
    return visits, [held_by(f"keeper{n}@example.org", visit, seats=seats) for n, visit in enumerate(visits)]


def give_back(*bookings: Booking) -> None:
    for booking in bookings:
        rules.cancel(booking=booking, by=None)
