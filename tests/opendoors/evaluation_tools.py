"""A week that is over, with who came: rows made directly, for nobody books in the past."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from basins.rules.needs import raise_need
from opendoors.enums import Attendance, BookedState, EditionState, NotedBy
from opendoors.models import Answer, BookedVisit, Booking, Edition, Visit, Visitor, WaitingRequest
from tests.opendoors.factories import EditionFactory, week_of_visits


def past_edition(**fields: Any) -> Edition:
    """A week that ended some days ago and waits for its evaluation."""
    today = timezone.localdate()
    starts = today - dt.timedelta(days=today.weekday() + 14)
    values = {
        "state": EditionState.RUNNING,
        "starts_on": starts,
        "ends_on": starts + dt.timedelta(days=4),
        "signup_opens_at": timezone.now() - dt.timedelta(days=90),
        "signup_closes_at": timezone.now() - dt.timedelta(days=40),
    }
    return EditionFactory(**values | fields)


def came(
    visit: Visit,
    email: str = "daan@example.org",
    *,
    seats: int = 1,
    attendance: str = "",
    sector: str = "",
    language: str = "nl",
    state: str = BookedState.CONFIRMED,
) -> Visitor:
    """Somebody who held ``seats`` seats in a visit, and what was noted of them."""
    visitor, _new = Visitor.objects.get_or_create(edition=visit.edition, email=email, defaults={"language": language})
    booking = Booking.objects.create(visitor=visitor, name="Daan", sector=sector)
    noted = {"attendance_at": timezone.now(), "attendance_by": NotedBy.HOST} if attendance else {}
    BookedVisit.objects.create(
        booking=booking,
        visit=visit,
        seats=seats,
        state=state,
        cancelled_at=timezone.now() if state == BookedState.CANCELLED else None,
        attendance=attendance,
        **noted,
    )
    if state == BookedState.CONFIRMED:
        visit.seats_taken += seats
        visit.save(update_fields=["seats_taken"])
    return visitor


def present(visit: Visit, email: str = "daan@example.org", **fields: Any) -> Visitor:
    """Somebody who was seen there."""
    return came(visit, email, attendance=Attendance.PRESENT, **fields)


def said(visitor: Visitor, **fields: Any) -> Answer:
    """A visitor's answer."""
    values = {"edition": visitor.edition, "role": "visitor", "visitor": visitor, "language": visitor.language}
    return Answer.objects.create(**values | fields)


def after_the_week() -> Edition:
    """An evaluated week with everything its pages can show: counts large and small, answers, quotes, a need."""
    edition = past_edition(slug="past", state=EditionState.EVALUATED)
    first, second = week_of_visits(edition, 2, seats=30)
    for number in range(12):
        sector, language = ("health", "fr") if number % 3 else ("", "nl")
        visitor = present(first, f"seen{number}@example.org", sector=sector, language=language)
        if number < 8:
            said(visitor, rating=3 + number % 3, knows_better="yes", will_contact="partly", again="yes")
    came(second, "excused@example.org", attendance=Attendance.EXCUSED)
    came(second, "silent@example.org")
    WaitingRequest.objects.create(visitor=visitor, name="Daan", wanted=1)
    texts = {"best": "Accueil", "may_quote": True, "is_quoted": True, "missing": "Besoin"}
    quoted = said(present(second, "quoted@example.org"), rating=5, **texts)
    need = raise_need(
        source="opendoors",
        source_key=f"answer:{quoted.uuid}",
        basin=edition.basin,
        title="Besoin",
        language=quoted.language,
        words=quoted.missing,
        heard_on=timezone.localdate(),
    )
    Answer.objects.filter(pk=quoted.pk).update(need=need)
    said(present(second, "missing@example.org"), best="Bien", missing="Besoin")
    Answer.objects.create(edition=edition, role="host", host=first.host, language="fr", rating=4, best="Bien")
    return edition
