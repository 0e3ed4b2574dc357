"""Forgetting an address in the open-door weeks: the person goes, the figures stay."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from opendoors.models import Booking, Host, Visitor
from opendoors.rules import booking

ERASED_NAME = "—"


@transaction.atomic
def forget(*, email: str) -> tuple[int, list[Host]]:
    """Erase an address, and the names given with it, from visitors, bookings and past hosts.

    Seats still to come are given back; those of the past stay counted (organisation and sector are no
    person). A contact of a host whose visits are still to come is kept, for others have booked with
    it; these hosts are returned.

    Returns the number of rows changed and the hosts that were kept.
    """
    address = email.strip().lower()
    erased = 0
    for visitor in Visitor.objects.select_for_update(no_key=True).filter(email=address).order_by("pk"):
        booking.release(visitor=visitor)
        erased += Booking.objects.filter(visitor=visitor).update(name=ERASED_NAME, modified=timezone.now())
        Visitor.objects.filter(pk=visitor.pk).update(email=f"erased-{visitor.uuid}@invalid", modified=timezone.now())
        erased += 1
    hosts = Host.objects.filter(contact_email__iexact=address)
    coming = hosts.filter(visits__ends_at__gte=timezone.now()).distinct()
    kept = list(coming.select_related("edition"))
    past = Host.objects.filter(pk__in=hosts.exclude(pk__in=[host.pk for host in kept]))
    erased += past.update(contact_name="", contact_email="", contact_phone="", modified=timezone.now())
    return erased, kept
