"""The waiting list: joining a line, answering an offer, leaving. What time does is in `rules.waiting_time`.

A request names full visits of which the visitor wants some; each is a wish with its own place in that
visit's line (`rules.line` says who is next). Order of locks: the visitor, all visits that may change
by key, then the request. Why it is so is in docs/decisions/waiting-list.md.

``by`` is who is signed in, ``key`` the partner that calls; a visitor comes by the link in the mail.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import PartnerKey, User
from basins.rules.privacy import refuse_national_numbers
from core import mail
from opendoors.enums import OPEN_WISHES, VisitState, WaitingState, WishState
from opendoors.errors import AlreadyWaiting, LineOver, OfferGone, SeatsFree, VisitsGone, VisitsOverlap, WantedTooMany
from opendoors.models import BookedVisit, Booking, Edition, Visit, Visitor, WaitingRequest, Wish
from opendoors.rules import addresses, limits, line
from opendoors.rules import seats as seat_rules
from opendoors.rules.limits import OrganisationSeats
from opendoors.rules.line import LAST_OFFER, offer_free_seats
from opendoors.rules.window import refuse_unless_open

logger = logging.getLogger(__name__)

WORDS_OF_GONE = {
    WishState.WAITING: _("No seat is on offer to you here yet: you are still in line."),
    WishState.ACCEPTED: _("You have accepted this seat already."),
    WishState.DECLINED: _("You have declined this seat: it went to the next in line."),
    WishState.LAPSED: _("The time to answer is over: the seat went to the next in line."),
    WishState.RELEASED: _("You have the seats you asked for, or left the line: this one went to the next."),
    WishState.ENDED: _("This line is over: the visit was called off, or begins too soon."),
}


@transaction.atomic
def join(
    *,
    visits: Sequence[UUID],
    wanted: int,
    seats: int,
    name: str,
    email: str,
    language: str,
    by: User | None,
    organisation: str = "",
    sector: str = "",
    access_needs: bool = False,
    companions: str = "",
    network: str = "",
    key: PartnerKey | None = None,
    within: Edition | None = None,
    known: Mapping[UUID, Visit] | None = None,
    from_mailbox: bool = False,
    tell: bool = True,
) -> WaitingRequest:
    """Stand in the line of each of ``visits``, for ``wanted`` of them, ``seats`` seats each.

    Only where the seats are not there now, or the organisation has all it may have. With an address that
    is not proven the request keeps its place but is offered nothing until it is confirmed, and ends
    when nobody does so in time. What the visitor holds at the same time is no hindrance, unless it
    is the very visit: accepting gives it back. Who proves the address need not mind a request for the
    same visit that nobody confirmed: it ends, and the letter says so. Without ``tell`` the caller writes it.
    ``from_mailbox``: by a link that was mailed to the address, which proves it.

    Raises `SeatsFree`, `VisitsGone` (409), `NotYours` (403), `CrowdedNetwork` (429), a `BookingError` or
    `NationalNumberFound` (422).
    """
    refuse_national_numbers(name=name, organisation=organisation, companions=companions)
    chosen = look(visits=visits, wanted=wanted, seats=seats, companions=companions, key=key, within=within, known=known)
    edition = chosen[0].edition
    visitor = seat_rules.locked_visitor(edition, email, language)
    seat_rules.lock_visits(chosen)
    _refuse_lineless(chosen)
    organisations = OrganisationSeats(edition, chosen)
    free = [
        visit for visit in chosen if visit.seats_left >= seats and organisations.fits(visit.pk, organisation, seats)
    ]
    if free:
        raise SeatsFree(free)
    proven = from_mailbox or addresses.is_proven(edition, email, by=by, key=key)
    gave_way = addresses.wishes_giving_way(visitor, chosen, proven=proven)
    line.release(gave_way)
    _refuse_twice(visitor, chosen)
    _refuse_held(visitor, chosen, seats)
    if not proven:
        addresses.refuse_more_asked(visitor, wanted * seats)
        addresses.count_network(network, wanted * seats)
    request = WaitingRequest.objects.create(
        visitor_id=visitor.pk,
        name=name,
        organisation=organisation,
        sector=sector,
        access_needs=access_needs,
        companions=companions,
        seats=seats,
        wanted=wanted,
        held_until=None if proven else timezone.now() + addresses.HELD_FOR,
        key=key,
    )
    Wish.objects.bulk_create([Wish(request=request, visit=visit) for visit in chosen])
    if tell:
        tell_joined(joined_params(request, gave_way), edition, to=visitor.email, language=language)
    _note("made", request, by, key)
    return request


def look(
    *,
    visits: Sequence[UUID],
    wanted: int,
    seats: int,
    companions: str = "",
    key: PartnerKey | None = None,
    within: Edition | None = None,
    known: Mapping[UUID, Visit] | None = None,
) -> list[Visit]:
    """The visits as they are now, without a lock, refusing what anybody can see is not possible."""
    chosen = seat_rules.chosen_visits(visits, within=within, known=known)
    edition = chosen[0].edition
    seat_rules.refuse_odd_group(seats, companions)
    seat_rules.refuse_stranger(key, edition)
    refuse_unless_open(edition)
    _refuse_lineless(chosen)
    at_most = most_possible(chosen)
    if not 1 <= wanted <= at_most:
        raise WantedTooMany(at_most)
    limits.refuse_too_many_visits(edition, wanted)
    return chosen


def most_possible(visits: Sequence[Visit]) -> int:
    """How many of ``visits`` one person can make: of those at the same time one."""
    number, free_from = 0, None
    for visit in sorted(visits, key=lambda visit: (visit.ends_at, visit.starts_at)):
        if free_from is None or visit.starts_at >= free_from:
            number, free_from = number + 1, visit.ends_at
    return number


@transaction.atomic
def accept(
    *,
    wish: Wish,
    by: User | None,
    key: PartnerKey | None = None,
    check: Callable[[], None] | None = None,
) -> BookedVisit:
    """Take the seats on offer. Again: the same booked visit, nothing more happens.

    A visit held at the same time is given back. When as many are accepted as were wanted the request is
    served and its other wishes released; until then only those at the same time are. What that frees
    is offered to the next. Accepted visits of a request share one booking, confirmed: whoever answers reads
    the mailbox.

    Raises `OfferGone` (409) with the reason, `VisitLimit` or `VisitStarted` (422): give something back first.
    """
    visitor, request = _locked_owner(wish.request, key)
    if check is not None:
        check()
    wishes = list(request.wishes.select_related("visit__host", "booked"))
    held = seat_rules.confirmed(visitor)
    still_open = [one for one in wishes if one.state in OPEN_WISHES]
    seat_rules.lock_visits([*(one.visit for one in still_open), *(row.visit for row in held)])
    _lock_request(request)
    wish, wishes = _fresh(wish, wishes)
    if wish.state == WishState.ACCEPTED and wish.booked is not None:
        return wish.booked
    _refuse_not_on_offer(wish)
    seat_rules.refuse_begun([wish.visit], giving_back=False)
    clashing = [row for row in held if seat_rules.overlap(row.visit, wish.visit)]
    seat_rules.refuse_begun([row.visit for row in clashing], giving_back=True)
    beyond = [row for row in addresses.giving_way(visitor, [wish.visit], proven=True) if row not in clashing]
    giving_back = [*clashing, *beyond]
    staying = [row for row in held if row not in giving_back]
    limits.refuse_too_many_visits(visitor.edition, len(staying) + 1)
    freed = seat_rules.give_back(giving_back)
    booked = _book_wish(wish, request, wishes)
    others = [one for one in wishes if one.state in OPEN_WISHES and one.pk != wish.pk]
    accepted = sum(one.state == WishState.ACCEPTED for one in wishes) + 1
    leaving = [one for one in others if accepted >= request.wanted or seat_rules.overlap(one.visit, wish.visit)]
    freed += line.end_wishes(leaving, WishState.RELEASED)
    line.close_requests([request.pk], otherwise=WaitingState.SERVED, tell=False)
    offer_free_seats([*freed, wish.visit])
    _tell_accepted(visitor, booked, giving_back)
    _note("accepted for", request, by, key)
    return booked


@transaction.atomic
def decline(
    *,
    wish: Wish,
    by: User | None,
    key: PartnerKey | None = None,
    check: Callable[[], None] | None = None,
) -> None:
    """Let the seats on offer go to the next in line; other wishes of the request stay. Again: no change.

    Raises `OfferGone` (409) with the reason.
    """
    _visitor, request = _locked_owner(wish.request, key)
    if check is not None:
        check()
    seat_rules.lock_visits([wish.visit])
    wish = Wish.objects.select_related("visit__host", "request").get(pk=wish.pk)
    if wish.state == WishState.DECLINED:
        return
    _refuse_not_on_offer(wish)
    freed = line.end_wishes([wish], WishState.DECLINED)
    line.close_requests([request.pk], otherwise=WaitingState.LEFT, tell=False)
    offer_free_seats(freed)
    _note("declined for", request, by, key)


@transaction.atomic
def leave(
    *,
    request: WaitingRequest,
    by: User | None,
    key: PartnerKey | None = None,
    visits: Sequence[UUID] | None = None,
    check: Callable[[], None] | None = None,
) -> WaitingRequest:
    """Leave the lines of ``visits`` (``None``: all of the request). Again: no change.

    What was on offer goes to the next. Who stays for fewer visits than were wanted wants that many now.
    """
    _visitor, request = _locked_owner(request, key)
    if check is not None:
        check()
    wishes = list(request.wishes.select_related("visit"))
    still_open = [wish for wish in wishes if wish.state in OPEN_WISHES]
    leaving = [wish for wish in still_open if visits is None or wish.visit.uuid in set(visits)]
    if not leaving:
        return request
    seat_rules.lock_visits([wish.visit for wish in leaving])
    offer_free_seats(line.release(leaving))
    _note("left", request, by, key)
    request.refresh_from_db(fields=["state", "ended_at", "wanted", "modified"])
    return request


# --- Inside --------------------------------------------------------------------------------------


def _refuse_lineless(visits: Sequence[Visit]) -> None:
    cancelled = [visit for visit in visits if visit.state == VisitState.CANCELLED]
    if cancelled:
        raise VisitsGone([], cancelled)
    near = [visit for visit in visits if visit.starts_at <= timezone.now() + LAST_OFFER]
    if near:
        raise LineOver(near)


def _refuse_twice(visitor: Visitor, visits: Sequence[Visit]) -> None:
    standing = set(
        Wish.objects.filter(request__visitor=visitor, visit__in=visits, state__in=OPEN_WISHES).values_list(
            "visit_id", flat=True
        )
    )
    if standing:
        raise AlreadyWaiting([visit for visit in visits if visit.pk in standing])


def _refuse_held(visitor: Visitor, visits: Sequence[Visit], seats: int) -> None:
    """Who holds the seats asked for has nothing to wait for; who holds fewer may wait for more.

    The words of booking for what clashes: an address says nothing more of itself here than there.
    """
    rows = seat_rules.confirmed(visitor)
    held = [row.visit for row in rows if row.seats >= seats and not row.booking.is_held]
    again = [visit for visit in visits if visit in held]
    if again:
        raise VisitsOverlap(
            _("This address already has a visit at the time of %(one)s.") % {"one": again[0].host.name}, again
        )


def _locked_owner(request: WaitingRequest, key: PartnerKey | None) -> tuple[Visitor, WaitingRequest]:
    visitor = seat_rules.relocked_visitor(request.visitor_id)
    seat_rules.refuse_stranger(key, visitor.edition)
    return visitor, WaitingRequest.objects.get(pk=request.pk)


def _lock_request(request: WaitingRequest) -> None:
    WaitingRequest.objects.select_for_update(no_key=True).values_list("pk").get(pk=request.pk)


def _fresh(wish: Wish, wishes: Sequence[Wish]) -> tuple[Wish, list[Wish]]:
    """The wishes of a request as they are now that its visits are locked."""
    by_key = {one.pk: one for one in wishes}
    now = Wish.objects.filter(pk__in=by_key).select_related("booked__booking")
    for row in now:
        known = by_key[row.pk]
        known.state, known.expires_at, known.booked = row.state, row.expires_at, row.booked
    return by_key[wish.pk], list(by_key.values())


def _refuse_not_on_offer(wish: Wish) -> None:
    state = WishState(wish.state)
    if state == WishState.OFFERED and wish.expires_at is not None and wish.expires_at <= timezone.now():
        state = WishState.LAPSED
    if state != WishState.OFFERED:
        raise OfferGone(WORDS_OF_GONE[state], state=str(state))


def _book_wish(wish: Wish, request: WaitingRequest, wishes: Sequence[Wish]) -> BookedVisit:
    """What was on offer is taken: in the booking of the request, made with the first that is accepted."""
    now = timezone.now()
    booking = next((one.booked.booking for one in wishes if one.booked is not None), None)
    if booking is None:
        booking = Booking.objects.create(
            visitor_id=request.visitor_id,
            name=request.name,
            organisation=request.organisation,
            sector=request.sector,
            access_needs=request.access_needs,
            companions=request.companions,
            confirmed_at=now,
            key_id=request.key_id,
        )
    else:
        Booking.objects.filter(pk=booking.pk).update(modified=now)
    seat_rules.count("seats_held", {wish.visit_id: -request.seats})
    (booked,) = seat_rules.take(booking, [wish.visit], request.seats)
    Wish.objects.filter(pk=wish.pk).update(state=WishState.ACCEPTED, ended_at=now, booked=booked, modified=now)
    return booked


def joined_params(request: WaitingRequest, gave_way: Sequence[Wish]) -> dict[str, Any]:
    """What a letter needs to say where one stands, and which unconfirmed places gave way."""
    params: dict[str, Any] = {"request": str(request.uuid)}
    return params | ({"gave_way_in_line": [str(wish.uuid) for wish in gave_way]} if gave_way else {})


def tell_joined(params: dict[str, Any], edition: Edition, *, to: str, language: str) -> None:
    """Where one stands, once per request; ``params`` of :func:`joined_params`."""
    kind = "opendoors.waiting_joined"
    key = f"{kind}:{params['request']}"
    mail.post(kind, to=to, language=language, params=params, key=key, scope=edition.basin.code)


def _tell_accepted(visitor: Visitor, booked: BookedVisit, given_back: Sequence[BookedVisit]) -> None:
    """The confirmation of any booking; where another visit was given back the letter that says so."""
    kind = "opendoors.booking_changed" if given_back else "opendoors.booking_confirmed"
    mail.post(
        kind,
        to=visitor.email,
        language=visitor.language,
        params={"booking": str(booked.booking.uuid)},
        key=f"{kind}:{booked.booking.uuid}:{booked.uuid}",
        scope=visitor.edition.basin.code,
    )


def _note(what: str, request: WaitingRequest, by: User | None, key: PartnerKey | None) -> None:
    actor = f"partner {key.uuid}" if key else f"person {by.uuid}" if by else "the visitor"
    logger.info("Request %s was %s by %s", request.uuid, what, actor)
