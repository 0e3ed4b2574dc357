"""Forgetting people of the concertations, on demand or in time: the person goes, the figures stay."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Sequence

from django.db import transaction
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone

from concertations.enums import RegistrationState
from concertations.models import Invitation, Meeting, Membership, Participant, Registration
from concertations.rules import memberships, places, waiting
from core.spoken import BRUSSELS

logger = logging.getLogger(__name__)

ERASED_NAME = "—"
ERASED_DOMAIN = "@invalid"


@transaction.atomic
def forget(*, email: str) -> int:
    """Erase an address and what was said with it: participants, wishes, applications, invitations.

    Places still to come are given back and the next in line are asked; places in a closed group become free. Presence
    of the past stays counted (organisation and sector are no person). Locks cycles, meetings, then participants.
    Returns the number of rows changed.
    """
    address = email.strip().lower()
    if not address:
        return 0
    people = Participant.objects.filter(email=address)
    memberships.release(people=people)
    _give_back(people)
    rows = _locked(people)
    return _erase(rows) + Invitation.objects.filter(email=address).delete()[0]


@transaction.atomic
def forget_ended_before(day: dt.date) -> int:
    """Erase who was at no meeting since ``day``, and what was said of the meetings before; again: nothing changes.

    Nothing is told and no seat is given back: all this is over. Locks the participants. Returns the rows changed.
    """
    limit = dt.datetime.combine(day, dt.time.min, tzinfo=BRUSSELS)
    later = Registration.objects.filter(participant=OuterRef("pk"), meeting__ends_at__gte=limit)
    # Sessions of a cycle may not be made yet: its members are people of what is to come.
    coming = Membership.objects.filter(participant=OuterRef("pk"), cycle__first_day__gte=day)
    over = Participant.objects.filter(~Exists(later), ~Exists(coming), created__lt=limit)
    erased = _erase(_locked(over.exclude(email__endswith=ERASED_DOMAIN)))
    old = Registration.objects.filter(meeting__ends_at__lt=limit)
    erased += _erase_wishes(old)
    erased += Invitation.objects.filter(meeting__ends_at__lt=limit).delete()[0]
    if erased:
        logger.info("%d rows of concertations that ended before %s were erased", erased, day)
    return erased


def _give_back(people: QuerySet[Participant]) -> None:
    """What is to come goes to the next in line; nobody is told."""
    coming = Registration.objects.filter(
        participant__in=people, state__in=places.OPEN_STATES, meeting__starts_at__gt=timezone.now()
    )
    for meeting in places.locked_meetings(Meeting.objects.filter(pk__in=coming.values("meeting"))):
        rows = places.as_rows(places.open_registrations(meeting).filter(participant__in=people), meeting)
        if places.move(rows, RegistrationState.CANCELLED):
            waiting.offer_free_seats(meeting)


def _locked(people: QuerySet[Participant]) -> list[Participant]:
    return list(people.select_for_update(of=("self",), no_key=True).order_by("pk"))


def _erase(people: Sequence[Participant]) -> int:
    """Whoever has access needs is a person, and so is what one eats or hopes for: that goes with the name."""
    keys, now = [person.pk for person in people], timezone.now()
    nobody = Concat(Value("erased-"), Cast("uuid", CharField()), Value(ERASED_DOMAIN))
    erased = _erase_wishes(Registration.objects.filter(participant__in=keys))
    erased += (
        Membership.objects.filter(participant__in=keys)
        .exclude(motivation="", expectations="")
        .update(motivation="", expectations="", modified=now)
    )
    named = Participant.objects.filter(pk__in=keys)
    return erased + named.update(email=nobody, name=ERASED_NAME, role="", modified=now)


def _erase_wishes(rows: QuerySet[Registration]) -> int:
    said = ~Q(motivation="") | ~Q(expectations="") | ~Q(access_needs="") | ~Q(meal="")
    return rows.filter(said).update(motivation="", expectations="", access_needs="", meal="", modified=timezone.now())
