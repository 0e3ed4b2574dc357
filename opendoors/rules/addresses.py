"""Addresses: what a browser books with an address that is not proven is held, for a while, until it is.

Why and how is in docs/decisions/addresses.md. Proven is the address of who is signed in with it, of who
came by a link that was mailed to it, and what staff or a partner's key vouch for; proven is the
single booking, never the address for good: who types it tomorrow may be somebody else.

Locks: the visitor, then the visits given back.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterable, Sequence
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from basins.models import PartnerKey, User
from core import mail
from core.cache import count_this_hour
from opendoors.access import may_manage_edition
from opendoors.enums import OPEN_WISHES, BookedState, WaitingState, WishState
from opendoors.errors import ConfirmFirst, CrowdedNetwork
from opendoors.models import BookedVisit, Booking, Edition, Visit, Visitor, WaitingRequest, Wish
from opendoors.rules import line, seats

logger = logging.getLogger(__name__)

HELD_FOR = dt.timedelta(hours=24)
FREE_BEFORE = dt.timedelta(hours=1)  # before the first visit, so that somebody else can still come
UNCONFIRMED_SEATS = 8


def is_proven(edition: Edition, email: str, *, by: User | None, key: PartnerKey | None) -> bool:
    """Whether what is booked with the address needs no confirmation."""
    if key is not None:
        return True
    if by is None:
        return False
    return by.email.lower() == email.strip().lower() or may_manage_edition(by, edition)


def hold_until(visits: Sequence[Visit], now: dt.datetime) -> dt.datetime:
    """Until when unconfirmed seats are held: 24 hours, but free again an hour before the first visit.

    Who books within those last hours has an hour, and never beyond the visit's beginning.
    """
    first = min(visit.starts_at for visit in visits)
    return min(now + HELD_FOR, first, max(first - FREE_BEFORE, now + FREE_BEFORE))


def refuse_more_held(booked: Iterable[BookedVisit], more: int) -> None:
    """Raise ``ConfirmFirst`` where an address would hold too many unconfirmed seats in its edition."""
    if sum(row.seats for row in booked if row.booking.is_held) + more > UNCONFIRMED_SEATS:
        raise ConfirmFirst(UNCONFIRMED_SEATS)


def refuse_more_asked(visitor: Visitor, more: int) -> None:
    """The same for places in line, whose letters go to the address as well."""
    asked = WaitingRequest.objects.filter(visitor=visitor, state=WaitingState.WAITING, held_until__isnull=False)
    if sum(wanted * number for wanted, number in asked.values_list("wanted", "seats")) + more > UNCONFIRMED_SEATS:
        raise ConfirmFirst(UNCONFIRMED_SEATS)


def count_network(network: str, number: int) -> None:
    """Count ``number`` unconfirmed seats of a network, by the hour; raise ``CrowdedNetwork`` above the limit.

    Called last, when nothing else refuses. ``""``: nobody's network. While Redis is away nobody is counted.
    """
    limit = settings.ENV.unconfirmed_seats_per_hour
    if not network or not limit:
        return
    if count_this_hour("opendoors:unconfirmed", network, number) > limit:
        raise CrowdedNetwork


def giving_way(visitor: Visitor, visits: Sequence[Visit], *, proven: bool) -> list[BookedVisit]:
    """Unconfirmed seats that whoever proves the address need not mind: what others typed, perhaps.

    Those at the time of ``visits``; and the latest of those that would be more visits than the edition allows.
    """
    if not proven:
        return []
    booked = seats.confirmed(visitor)
    held = [row for row in booked if row.booking.is_held]
    way = [row for row in held if any(seats.overlap(row.visit, visit) for visit in visits)]
    limit = visitor.edition.visits_per_visitor
    if limit is not None:
        too_many = max(len(booked) - len(way) + len(visits) - limit, 0)
        others = sorted((row for row in held if row not in way), key=lambda row: row.pk, reverse=True)
        way += others[:too_many]
    return way


def wishes_giving_way(visitor: Visitor, visits: Sequence[Visit], *, proven: bool) -> list[Wish]:
    """The same of the waiting list: unconfirmed places in the lines of ``visits``. Nothing was offered to them."""
    if not proven:
        return []
    held = Wish.objects.filter(request__visitor=visitor, request__held_until__isnull=False, visit__in=visits)
    return list(held.filter(state__in=OPEN_WISHES).select_related("visit"))


def counting(booked: Sequence[BookedVisit], *, proven: bool) -> list[BookedVisit]:
    """Which booked visits count against who books now: unconfirmed ones not against who proves the address."""
    return [row for row in booked if not (proven and row.booking.is_held)]


def confirm_bookings(visitor: Visitor) -> int:
    """Whoever acts now reads the mailbox: what the visitor still holds unconfirmed is confirmed. Visitor locked."""
    holding = BookedVisit.objects.filter(booking=OuterRef("pk"), state=BookedState.CONFIRMED)
    now = timezone.now()
    held = Booking.objects.filter(Exists(holding), visitor=visitor, held_until__isnull=False)
    return held.update(held_until=None, confirmed_at=now, modified=now)


def tell_confirmed(visitor: Visitor) -> None:
    """One letter with the calendar anew, where the visits were tentative; after :func:`confirm_bookings`."""
    kind = "opendoors.address_confirmed"
    mail.post(
        kind,
        to=visitor.email,
        language=visitor.language,
        params={"visitor": str(visitor.uuid)},
        key=f"{kind}:{visitor.uuid}:{timezone.now():%Y%m%dT%H%M%S%f}",
        scope=visitor.edition.basin.code,
    )


@transaction.atomic
def confirm(*, visitor: Visitor, by: User | None) -> int:
    """By the link in the mail: the visitor's bookings and requests on the waiting list are confirmed.

    Returns how many there were; 0: all were confirmed before, or given back because nobody did so in time.
    Requests come into their turn by it, so the visits' lines are served. Who had visits gets one letter.
    """
    visitor = seats.relocked_visitor(visitor.pk)
    number = confirm_bookings(visitor)
    requests = list(
        WaitingRequest.objects.filter(visitor=visitor, state=WaitingState.WAITING, held_until__isnull=False)
    )
    if requests:
        visits = [wish.visit for wish in _open_wishes_of(requests)]
        seats.lock_visits(visits)
        WaitingRequest.objects.filter(pk__in=[request.pk for request in requests]).update(
            held_until=None, modified=timezone.now()
        )
        line.offer_free_seats(visits)
    if number:
        tell_confirmed(visitor)
    if number or requests:
        logger.info("Visitor %s confirmed %d bookings and %d requests", visitor.uuid, number, len(requests))
    return number + len(requests)


@transaction.atomic
def throw_away(*, visitor: Visitor, by: User | None) -> int:
    """By the link in the mail, of who did not book: all that is unconfirmed goes back at once, without a letter.

    Returns how many bookings and requests it were; 0: nothing was unconfirmed any more.
    """
    visitor = seats.relocked_visitor(visitor.pk)
    rows = [row for row in seats.confirmed(visitor) if row.booking.is_held]
    requests = list(
        WaitingRequest.objects.filter(visitor=visitor, state=WaitingState.WAITING, held_until__isnull=False)
    )
    bookings = _end(rows, requests, WishState.RELEASED, WaitingState.LEFT)
    logger.info("Visitor %s threw away %d bookings, %d requests", visitor.uuid, len(bookings), len(requests))
    return len(bookings) + len(requests)


def release_unconfirmed(*, now: dt.datetime) -> int:
    """Give back what nobody confirmed in time, end such requests, tell each address once; returns how many.

    One transaction per visitor; run twice, also at once, the second run finds nothing.
    """
    held = Booking.objects.filter(
        # A visit may have been moved forward since.
        Q(held_until__lte=now) | Q(booked__visit__starts_at__lte=now),
        held_until__isnull=False,
        booked__state=BookedState.CONFIRMED,
    )
    asked = WaitingRequest.objects.filter(held_until__lte=now, state=WaitingState.WAITING)
    visitors = {*held.values_list("visitor_id", flat=True), *asked.values_list("visitor_id", flat=True)}
    return sum(_release(visitor, now) for visitor in sorted(visitors))


@transaction.atomic
def _release(visitor_id: int, now: dt.datetime) -> int:
    visitor = seats.relocked_visitor(visitor_id)
    held = [row for row in seats.confirmed(visitor) if row.booking.is_held]
    due = {row.booking_id for row in held if row.visit.starts_at <= now or (row.booking.held_until or now) <= now}
    rows = [row for row in held if row.booking_id in due]
    requests = list(WaitingRequest.objects.filter(visitor=visitor, state=WaitingState.WAITING, held_until__lte=now))
    if not rows and not requests:
        return 0
    bookings = _end(rows, requests, WishState.ENDED, WaitingState.ENDED)
    _tell_released(visitor, bookings, [request.uuid for request in requests])
    logger.info("Visitor %s did not confirm %d bookings, %d requests", visitor.uuid, len(bookings), len(requests))
    return len(bookings) + len(requests)


def _end(
    rows: Sequence[BookedVisit], requests: Sequence[WaitingRequest], wish_state: WishState, otherwise: WaitingState
) -> list[UUID]:
    """Give back and end, offer what comes free; gives the bookings. Visitor locked."""
    wishes = _open_wishes_of(requests)
    seats.lock_visits([*(row.visit for row in rows), *(wish.visit for wish in wishes)])
    freed = seats.give_back(rows)
    bookings = sorted({row.booking.uuid for row in rows})
    Booking.objects.filter(uuid__in=bookings).update(modified=timezone.now())
    freed += line.end_wishes(wishes, wish_state)
    line.close_requests([request.pk for request in requests], otherwise=otherwise, tell=False)
    line.offer_free_seats(freed)
    return bookings


def _open_wishes_of(requests: Sequence[WaitingRequest]) -> list[Wish]:
    if not requests:
        return []
    return list(Wish.objects.filter(request__in=requests, state__in=OPEN_WISHES).select_related("visit"))


def _tell_released(visitor: Visitor, bookings: Sequence[UUID], requests: Sequence[UUID]) -> None:
    kind = "opendoors.unconfirmed_released"
    mail.post(
        kind,
        to=visitor.email,
        language=visitor.language,
        params={
            "visitor": str(visitor.uuid),
            "bookings": [str(uuid) for uuid in bookings],
            "requests": [str(uuid) for uuid in requests],
        },
        key=f"{kind}:{visitor.uuid}:{timezone.now():%Y%m%dT%H%M%S%f}",
        scope=visitor.edition.basin.code,
    )
