"""Forgetting people of the open-door weeks, on demand or in time: the person goes, the figures stay."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import transaction
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from opendoors.models import Answer, Booking, Edition, Host, Visitor, WaitingRequest
from opendoors.rules import booking

logger = logging.getLogger(__name__)

ERASED_NAME = "—"
ERASED_DOMAIN = "@invalid"


@transaction.atomic
def forget(*, email: str) -> tuple[int, list[Host]]:
    """Erase an address, and what was said with it of a person: visitors, bookings, requests, past hosts, answers.

    Seats still to come are given back and lines left, and the next in line are asked; those of the past
    stay counted (organisation and sector are no person). A contact of a host whose visits are still to
    come is kept, for others have booked with it; these hosts are returned. Locks the visitors, then
    the visits they give back.

    Returns the number of rows changed and the hosts that were kept.
    """
    address = email.strip().lower()
    visitors = _locked(Visitor.objects.filter(email=address))
    booking.release(visitors=visitors)
    hosts = Host.objects.filter(contact_email__iexact=address)
    coming = hosts.filter(visits__ends_at__gte=timezone.now()).distinct()
    kept = list(coming.select_related("edition"))
    past = Host.objects.filter(pk__in=hosts.exclude(pk__in=[host.pk for host in kept]))
    answered = Answer.objects.filter(Q(visitor__in=visitors) | Q(host__in=past))
    erased = _erase_answers(answered, withdraw_quotes=True)
    return erased + _erase_visitors(visitors) + _erase_contacts(past), kept


@transaction.atomic
def forget_ended_before(day: dt.date) -> int:
    """Erase the visitors and the hosts' contacts of all editions that ended before ``day``.

    Nothing is told and no seat is given back: all this is over. Again: nothing changes. Locks the
    visitors. Returns the number of rows changed.
    """
    ended = Edition.objects.filter(ends_on__lt=day)
    visitors = _locked(Visitor.objects.filter(edition__in=ended).exclude(email__endswith=ERASED_DOMAIN))
    answered = Answer.objects.filter(edition__in=ended).exclude(visitor=None, host=None)
    erased = _erase_answers(answered, withdraw_quotes=False)
    erased += _erase_visitors(visitors) + _erase_contacts(Host.objects.filter(edition__in=ended))
    if erased:
        logger.info("%d rows of editions that ended before %s were erased", erased, day)
    return erased


def _locked(visitors: QuerySet[Visitor]) -> list[Visitor]:
    return list(visitors.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _erase_visitors(visitors: Sequence[Visitor]) -> int:
    """Whoever needs wheelchair access is a person, and so is who comes along: that goes with the name."""
    keys, now = [visitor.pk for visitor in visitors], timezone.now()
    person = {"name": ERASED_NAME, "companions": "", "access_needs": False, "modified": now}
    erased = Booking.objects.filter(visitor__in=keys).update(**person)
    erased += WaitingRequest.objects.filter(visitor__in=keys).update(**person)
    nobody = Concat(Value("erased-"), Cast("uuid", CharField()), Value(ERASED_DOMAIN))
    return erased + Visitor.objects.filter(pk__in=keys).update(email=nobody, modified=now)


def _erase_contacts(hosts: QuerySet[Host]) -> int:
    """Of the hosts that have a contact still."""
    named = hosts.filter(~Q(contact_name="") | ~Q(contact_email="") | ~Q(contact_phone=""))
    return named.update(contact_name="", contact_email="", contact_phone="", modified=timezone.now())


def _erase_answers(answered: QuerySet[Answer], *, withdraw_quotes: bool) -> int:
    """Marks stay, for the figures. Words go with who wrote them, but for quotes: they were published without
    a name and with leave, which somebody who asks to be forgotten takes back.
    """
    keys = list(answered.select_for_update(of=("self",)).order_by("pk").values_list("pk", flat=True))
    rows = Answer.objects.filter(pk__in=keys)
    quoted = rows.none() if withdraw_quotes else rows.filter(is_quoted=True)
    silent = rows.exclude(pk__in=quoted.values("pk"))
    nobody = {"visitor": None, "host": None, "missing": "", "modified": timezone.now()}
    erased = silent.update(**nobody, best="", may_quote=False, is_quoted=False)
    return erased + Answer.objects.filter(pk__in=keys, is_quoted=True).update(**nobody)
