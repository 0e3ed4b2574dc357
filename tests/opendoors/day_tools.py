"""A visit of today with its guests, for the tests of the day itself."""

from __future__ import annotations

import datetime as dt
from itertools import count
from typing import Any

from django.db.models import F

from opendoors.enums import EditionState
from opendoors.models import BookedVisit, Booking, Edition, Visit, Visitor
from tests.factories import local
from tests.opendoors.factories import EditionFactory, VisitFactory

MONDAY = dt.date(2026, 12, 7)
NINE = local(MONDAY, "09:00")
MINUTE = dt.timedelta(minutes=1)

_numbers = count(1)


def running_week(**fields: Any) -> Edition:
    """An edition whose first day is :data:`MONDAY`."""
    edition: Edition = EditionFactory(
        **{
            "slug": "2026",
            "starts_on": MONDAY,
            "ends_on": MONDAY + dt.timedelta(days=4),
            "signup_opens_at": local(dt.date(2026, 9, 1), "09:00"),
            "signup_closes_at": local(dt.date(2026, 12, 1), "18:00"),
            "state": EditionState.RUNNING,
            **fields,
        }
    )
    return edition


def visit_today(**fields: Any) -> Visit:
    """A visit on Monday from 9:00 to 10:30."""
    visit: Visit = VisitFactory(**{"edition": fields.pop("edition", None) or running_week(), **fields})
    return visit


def guest(
    visit: Visit,
    name: str = "Daan",
    *,
    seats: int = 1,
    attendance: str = "",
    came: int | None = None,
    **booking: Any,
) -> BookedVisit:
    """Somebody who holds seats in a visit, address confirmed; each call is a visitor of its own."""
    email = booking.pop("email", "") or f"{name.lower().replace(' ', '.')}{next(_numbers)}@example.org"
    language = booking.pop("language", "nl")
    visitor, _new = Visitor.objects.get_or_create(edition=visit.edition, email=email, defaults={"language": language})
    made = Booking.objects.create(visitor=visitor, name=name, **booking)
    Visit.objects.filter(pk=visit.pk).update(seats_taken=F("seats_taken") + seats)
    noted = {"attendance": attendance, "attendance_at": visit.starts_at, "attendance_by": "host"} if attendance else {}
    return BookedVisit.objects.create(booking=made, visit=visit, seats=seats, came=came, **noted)
