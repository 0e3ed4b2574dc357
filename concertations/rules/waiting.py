"""The line before a full meeting: who is next, what is on offer until when, and when the line is over.

In the order in which people asked; an address that nobody confirmed keeps its place and is passed over. Each change
under the lock of the meeting (`rules.places`), so what is on offer is always counted in ``seats_taken``.
"""

from __future__ import annotations

import datetime as dt
import logging

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concertations.enums import MeetingState, RegistrationState
from concertations.errors.registering import OfferGone
from concertations.models import Meeting, Registration
from concertations.rules import places
from concertations.rules import registration_letters as letters

logger = logging.getLogger(__name__)

OFFER_FOR = dt.timedelta(hours=24)
LEAST_TIME = dt.timedelta(hours=2)  # to answer
LAST_OFFER = dt.timedelta(hours=3)  # before the meeting: who is told later cannot come any more

_WORDS_OF_GONE = {
    RegistrationState.WAITING: _("No seat is on offer to you yet: you are still in line."),
    RegistrationState.CONFIRMED: _("The seat is yours already."),
    RegistrationState.CANCELLED: _("You have given this up: the seat went to the next in line."),
    RegistrationState.LAPSED: _("The time to answer is over: the seat went to the next in line."),
}


def lapses_at(meeting: Meeting, now: dt.datetime) -> dt.datetime:
    """Until when a seat offered now must be answered: a day, near the meeting half of what is left, two hours at least.

    Never beyond the meeting's beginning.
    """
    time = max(min(OFFER_FOR, (meeting.starts_at - now) / 2), LEAST_TIME)
    return min(now + time, meeting.starts_at)


def offer_free_seats(meeting: Meeting) -> int:
    """Offer what is free in a locked meeting to the next in line; gives how many offers. One query where none waits."""
    now = timezone.now()
    if meeting.state != MeetingState.ANNOUNCED or meeting.starts_at <= now + LAST_OFFER:
        return 0
    free = None if meeting.seats is None else meeting.seats - meeting.seats_taken
    if free is not None and free < 1:
        return 0
    line = meeting.registrations.filter(state=RegistrationState.WAITING, held_until=None).select_related("participant")
    rows = list(line.order_by("created", "pk")[:free])
    if not rows:
        return 0
    until = lapses_at(meeting, now)
    for row in rows:
        row.state, row.offered_until, row.modified, row.meeting = RegistrationState.OFFERED, until, now, meeting
    Registration.objects.bulk_update(rows, ["state", "offered_until", "modified"])
    places.take(meeting, len(rows))
    letters.tell_all(letters.OFFER, rows)
    return len(rows)


@transaction.atomic
def accept(*, registration: Registration) -> Registration:
    """By the link in the mail: take the seat on offer. Raises ``OfferGone`` in the words of what became of it."""
    row = _offered(registration)
    places.move([row], RegistrationState.CONFIRMED)
    letters.tell(letters.REGISTERED, row)
    logger.info("Registration %s accepted its offer", row.uuid)
    return row


@transaction.atomic
def decline(*, registration: Registration) -> Registration:
    """By the link in the mail: leave the seat to the next in line. Raises ``OfferGone``."""
    row = _offered(registration)
    places.move([row], RegistrationState.CANCELLED)
    letters.tell(letters.GIVEN_BACK, row)
    offer_free_seats(row.meeting)
    return row


def expire_offers(*, now: dt.datetime) -> int:
    """Take back offers that nobody answered by ``now`` and make them to the next; returns how many lapsed.

    One transaction per meeting, under its lock: run twice, also at once, each lapses once and is told once.
    """
    due = Registration.objects.filter(state=RegistrationState.OFFERED, offered_until__lte=now)
    return sum(_expire(meeting, now) for meeting in sorted(set(due.values_list("meeting_id", flat=True))))


def serve_lines(*, now: dt.datetime) -> int:
    """Offer what is free where somebody waits; returns how many offers.

    Every change that frees a seat does so by itself: this catches up with meetings that were given more seats.
    """
    free = Meeting.objects.filter(
        Q(seats__isnull=True) | Q(seats__gt=F("seats_taken")),
        state=MeetingState.ANNOUNCED,
        starts_at__gt=now + LAST_OFFER,
        registrations__state=RegistrationState.WAITING,
    )
    return sum(_serve(meeting) for meeting in sorted(set(free.values_list("pk", flat=True))))


def end_lines(*, now: dt.datetime) -> int:
    """End the lines of meetings so near, or called off, that no seat is offered any more; returns how many waited.

    Who has an answer to give keeps its time. One transaction per meeting; may run twice, also at once.
    """
    over = Registration.objects.filter(state=RegistrationState.WAITING).filter(
        Q(meeting__starts_at__lte=now + LAST_OFFER) | Q(meeting__state=MeetingState.CANCELLED)
    )
    return sum(_end(meeting) for meeting in sorted(set(over.values_list("meeting_id", flat=True))))


@transaction.atomic
def _expire(meeting_id: int, now: dt.datetime) -> int:
    meeting = places.locked_meeting(meeting_id)
    due = places.open_registrations(meeting).filter(state=RegistrationState.OFFERED, offered_until__lte=now)
    rows = places.as_rows(due, meeting)
    places.move(rows, RegistrationState.LAPSED)
    letters.tell_all(letters.OFFER_LAPSED, rows)
    offer_free_seats(meeting)
    return len(rows)


@transaction.atomic
def _serve(meeting_id: int) -> int:
    return offer_free_seats(places.locked_meeting(meeting_id))


@transaction.atomic
def _end(meeting_id: int) -> int:
    meeting = places.locked_meeting(meeting_id)
    rows = places.as_rows(places.open_registrations(meeting).filter(state=RegistrationState.WAITING), meeting)
    places.move(rows, RegistrationState.LAPSED)
    if meeting.state != MeetingState.CANCELLED:  # that has a letter of its own
        letters.tell_all(letters.LINE_OVER, rows)
    return len(rows)


def _offered(registration: Registration) -> Registration:
    """The row, its meeting locked, if a seat is on offer to it now."""
    meeting = places.locked_meeting(registration.meeting_id)
    row = Registration.objects.select_related("participant").get(pk=registration.pk)
    row.meeting = meeting
    if row.state != RegistrationState.OFFERED:
        raise OfferGone(_WORDS_OF_GONE[RegistrationState(row.state)])
    if row.offered_until is not None and row.offered_until <= timezone.now():
        raise OfferGone(_WORDS_OF_GONE[RegistrationState.LAPSED])
    return row
