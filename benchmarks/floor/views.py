"""The floors: the same transaction and nothing else; the same table and nothing else."""

from __future__ import annotations

import uuid
from itertools import groupby

from django.db import transaction
from django.db.models import F
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from concertations.models import Wall
from core.models import OutboxMessage
from opendoors.models import BookedVisit, Booking, Visit, Visitor


def _sized(response: HttpResponse) -> HttpResponse:
    """With its length, so that the connection can stay open."""
    response["Content-Length"] = str(len(response.content))
    return response


@transaction.atomic
def book(request: HttpRequest) -> HttpResponse:
    """Lock, check, write, put the mail in the outbox: no form, no page, no words."""
    email = request.POST["email"]
    visit = (
        Visit.objects.select_for_update(of=("self",), no_key=True)
        .select_related("edition")
        .get(uuid=request.POST["visits"])
    )
    if visit.seats_taken >= visit.seats:
        return _sized(HttpResponse("full", status=409))
    visitor, _ = Visitor.objects.get_or_create(edition=visit.edition, email=email, defaults={"language": "fr"})
    clash = BookedVisit.objects.filter(
        booking__visitor=visitor,
        state="confirmed",
        visit__starts_at__lt=visit.ends_at,
        visit__ends_at__gt=visit.starts_at,
    )
    if clash.exists():
        return _sized(HttpResponse("clash", status=422))
    booking = Booking.objects.create(visitor=visitor, name=request.POST["name"])
    BookedVisit.objects.create(booking=booking, visit=visit)
    Visit.objects.filter(pk=visit.pk).update(seats_taken=F("seats_taken") + 1, modified=timezone.now())
    key = uuid.uuid4()
    OutboxMessage.objects.create(
        key=f"floor:{key}", kind="floor", to=email, language="fr", message_id=f"<{key}@floor>", params={"booking": 1}
    )
    return _sized(HttpResponse("booked"))


def grid(request: HttpRequest, edition: uuid.UUID) -> HttpResponse:
    """One query, and a template that renders the same cards."""
    visits = Visit.objects.filter(edition__uuid=edition).select_related("host", "place").order_by("starts_at")
    days = [(day, list(of_day)) for day, of_day in groupby(visits, key=lambda visit: visit.starts_at.date())]
    return _sized(render(request, "grid.html", {"days": days}))


def wall(request: HttpRequest, code: str) -> HttpResponse:
    """One query: is the version another than the one that is shown?"""
    version = Wall.objects.filter(code=code).values_list("stage", flat=True).first()
    return _sized(HttpResponse(status=204 if request.GET.get("v") == str(version) else 200))
