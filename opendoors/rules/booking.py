"""Booking visits, changing and giving them back: the only writer of bookings, with `rules.waiting`.

Locks, always in this order: the visitor's row (a person is at one place at a time), then the visits'
rows by primary key (a seat is given once). Whoever needs one of the two alone may take it alone.
What is given back is offered to the next in line before the transaction ends (`rules.line`).

``by`` is who is signed in, if anybody; ``key`` the partner that calls. A visitor needs neither: the
signed link is the right, see docs/decisions/links.md. What is booked with an address that is not
proven is held until it is, see docs/decisions/addresses.md.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from basins.models import PartnerKey, User
from basins.rules.privacy import refuse_national_numbers
from core import mail
from opendoors.enums import OPEN_WISHES, WaitingState, WishState
from opendoors.errors import NothingChosen
from opendoors.models import BookedVisit, Booking, Edition, Visit, Visitor, Wish
from opendoors.rules import addresses, limits, line
from opendoors.rules import seats as seat_rules
from opendoors.rules.seats import VISITS_AT_ONCE
from opendoors.rules.waiting import tell_joined
from opendoors.rules.window import refuse_unless_open, why_not_bookable

__all__ = ["VISITS_AT_ONCE", "book", "cancel", "change", "look", "release", "why_not_bookable"]

logger = logging.getLogger(__name__)


@transaction.atomic
def book(
    *,
    visits: Sequence[UUID],
    name: str,
    email: str,
    language: str,
    by: User | None,
    organisation: str = "",
    sector: str = "",
    access_needs: bool = False,
    seats: int = 1,
    companions: str = "",
    network: str = "",
    key: PartnerKey | None = None,
    within: Edition | None = None,
    known: Mapping[UUID, Visit] | None = None,
    tell: bool = True,
) -> Booking:
    """Take ``seats`` seats in each of ``visits``, all or nothing, and put the confirmation in the outbox.

    The chosen visits are first read without a lock: what is full already is said at once and keeps
    nobody waiting. ``within`` refuses visits of another edition than the page shows; ``network``
    (`core.http.network_of`) is counted where the booking is only held; ``companions`` are names, one per line.
    Without ``tell`` the caller writes the letter.

    Raises `VisitsGone` or `OrganisationLimit` (409), `NotYours` (403), `CrowdedNetwork` (429), a
    `BookingError` or `NationalNumberFound` (422); then nothing has changed.
    """
    refuse_national_numbers(name=name, organisation=organisation, companions=companions)
    chosen = look(visits=visits, seats=seats, companions=companions, key=key, within=within, known=known)
    edition = chosen[0].edition
    visitor = seat_rules.locked_visitor(edition, email, language)
    proven = addresses.is_proven(edition, email, by=by, key=key)
    giving_way = addresses.giving_way(visitor, chosen, proven=proven)
    seat_rules.lock_visits([*chosen, *(row.visit for row in giving_way)])
    seat_rules.refuse_impossible(chosen, seats)
    freed = seat_rules.give_back(giving_way)
    booked = addresses.counting(seat_rules.confirmed(visitor), proven=proven)
    seat_rules.refuse_overlap_with_booked(chosen, booked)
    limits.refuse_too_many_visits(edition, len(booked) + len(chosen))
    limits.refuse_organisation_over(edition, chosen, organisation, seats)
    now = timezone.now()
    if not proven:
        addresses.refuse_more_held(booked, seats * len(chosen))
        addresses.count_network(network, seats * len(chosen))
    booking = Booking.objects.create(
        visitor_id=visitor.pk,
        name=name,
        organisation=organisation,
        sector=sector,
        access_needs=access_needs,
        companions=companions,
        held_until=None if proven else addresses.hold_until(chosen, now),
        confirmed_at=now if proven else None,
        key=key,
    )
    seat_rules.take(booking, chosen, seats)
    line.offer_free_seats(freed)
    if tell:
        _tell("opendoors.booking_confirmed", booking, edition, to=visitor.email, language=language, gave_way=giving_way)
    _note("made", booking, by, key)
    return booking


def look(
    *,
    visits: Sequence[UUID],
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
    seat_rules.refuse_impossible(chosen, seats)
    return chosen


@transaction.atomic
def change(
    *,
    booking: Booking,
    visits: Sequence[UUID],
    by: User | None,
    seats: int | None = None,
    companions: str | None = None,
    network: str = "",
    key: PartnerKey | None = None,
    whole_visitor: bool = False,
    check: Callable[[], None] | None = None,
    also: dict[str, Any] | None = None,
) -> Booking:
    """Make ``visits`` the visits of ``booking`` (or of its visitor): give back, take and keep, all or nothing.

    With ``whole_visitor`` the confirmed visits of all the visitor's bookings count; it takes the link
    from the mail, so what was held is confirmed by it. ``seats``: for so many people in each visit that
    has not begun; ``None``: as it was. Adding visits or seats needs an open sign-up; giving back is
    possible until the visit begins. ``check`` runs once the booking is locked and may refuse by raising.
    ``also``: a place in line asked for in the same go (`waiting.joined_params`): one letter says both.
    Raises like :func:`book`.
    """
    refuse_national_numbers(companions=companions or "")
    visitor = seat_rules.relocked_visitor(booking.visitor_id)
    edition = visitor.edition
    seat_rules.refuse_stranger(key, edition)
    if check is not None:
        check()
    if not visits:
        raise NothingChosen
    booking = Booking.objects.get(pk=booking.pk)
    newly_confirmed = addresses.confirm_bookings(visitor) if whole_visitor else 0
    booked = seat_rules.confirmed(visitor)
    mine = {row.visit.uuid: row for row in booked if whole_visitor or row.booking_id == booking.pk}
    leaving = [row for identifier, row in mine.items() if identifier not in set(visits)]
    keeping = [row for row in mine.values() if row not in leaving and row.visit.starts_at > timezone.now()]
    resized = [row for row in keeping if seats is not None and row.seats != seats]
    arriving = [identifier for identifier in visits if identifier not in mine]
    chosen = seat_rules.chosen_visits(arriving, within=edition) if arriving else []
    party = party_of(booking) if seats is None else seats
    if seats is not None or companions is not None:
        seat_rules.refuse_odd_group(party, booking.companions if companions is None else companions)
    growing = [row for row in resized if row.seats < party]
    if chosen or growing:
        refuse_unless_open(edition)
    seat_rules.lock_visits([*chosen, *(row.visit for row in [*leaving, *resized])])
    seat_rules.refuse_begun([row.visit for row in leaving], giving_back=True)
    freed = seat_rules.give_back(leaving)
    touched = {row.booking_id for row in [*leaving, *resized]}
    if chosen or growing:
        staying = [row for row in booked if row not in leaving]
        target = _own_booking(booking) if whole_visitor and chosen else booking
        _refuse_growth(edition, target, chosen, growing, party, staying=staying)
        if target.is_held:
            more = party * len(chosen) + sum(party - row.seats for row in growing)
            proven = whole_visitor or addresses.is_proven(edition, visitor.email, by=by, key=key)
            _hold_on(target, chosen, staying, more, network=network, proven=proven)
        seat_rules.take(target, chosen, party)
        touched.add(target.pk)
    freed += seat_rules.resize(resized, party)
    if companions is not None and companions != booking.companions:
        Booking.objects.filter(pk=booking.pk).update(companions=companions)
        touched.add(booking.pk)
    if touched:
        Booking.objects.filter(pk__in=touched).update(modified=timezone.now())
        line.offer_free_seats(freed)
        _note("changed", booking, by, key)
    _tell_of_change(booking, visitor, is_changed=bool(touched), is_confirmed=newly_confirmed > 0, also=also)
    return booking


@transaction.atomic
def cancel(
    *,
    booking: Booking,
    by: User | None,
    key: PartnerKey | None = None,
    whole_visitor: bool = False,
    check: Callable[[], None] | None = None,
) -> Booking:
    """Give back all visits of ``booking`` (or of its visitor) that have not begun. Again: no change.

    ``check`` as in :func:`change`.
    """
    visitor = seat_rules.relocked_visitor(booking.visitor_id)
    seat_rules.refuse_stranger(key, visitor.edition)
    if check is not None:
        check()
    leaving = [row for row in seat_rules.confirmed(visitor) if whole_visitor or row.booking_id == booking.pk]
    leaving = seat_rules.give_back_what_is_to_come(leaving)
    if leaving:
        Booking.objects.filter(pk__in={row.booking_id for row in leaving}).update(modified=timezone.now())
        line.offer_free_seats([row.visit for row in leaving])
        _tell("opendoors.booking_cancelled", booking, visitor.edition, to=visitor.email, language=visitor.language)
        _note("given back", booking, by, key)
    return booking


def release(*, visitors: Sequence[Visitor]) -> int:
    """Give back what visitors hold and leave the lines they stand in, telling them nothing: they are being forgotten.

    The caller holds the locks on the visitors' rows. What comes free is offered to the next. Returns the number of
    booked visits given back.
    """
    rows = seat_rules.confirmed(*visitors)
    wishes = list(Wish.objects.filter(request__visitor__in=visitors, state__in=OPEN_WISHES).select_related("visit"))
    seat_rules.lock_visits([row.visit for row in rows] + [wish.visit for wish in wishes])
    coming = [row for row in rows if row.visit.starts_at > timezone.now()]
    freed = seat_rules.give_back(coming)
    freed += line.end_wishes(wishes, WishState.RELEASED)
    line.close_requests([wish.request_id for wish in wishes], otherwise=WaitingState.LEFT, tell=False)
    line.offer_free_seats(freed)
    return len(coming)


# --- Inside --------------------------------------------------------------------------------------


def party_of(booking: Booking) -> int:
    """For how many people the booking was made, as its last visit says."""
    last = BookedVisit.objects.filter(booking=booking).order_by("-pk").first()
    return last.seats if last else 1


def _refuse_growth(
    edition: Edition,
    target: Booking,
    chosen: Sequence[Visit],
    growing: Sequence[BookedVisit],
    party: int,
    *,
    staying: Sequence[BookedVisit],
) -> None:
    """What :func:`book` refuses; a visitor may hold seats in the name of several organisations."""
    if chosen:
        seat_rules.refuse_impossible(chosen, party)
        seat_rules.refuse_overlap_with_booked(chosen, staying)
        limits.refuse_too_many_visits(edition, len(staying) + len(chosen))
    more: dict[str, dict[Visit, int]] = defaultdict(dict)
    for visit in chosen:
        more[target.organisation][visit] = party
    for row in growing:
        more[row.booking.organisation][row.visit] = party - row.seats
    for organisation, visits in more.items():
        limits.refuse_organisation_over(
            edition, list(visits), organisation, {visit.pk: number for visit, number in visits.items()}
        )


def _hold_on(
    booking: Booking, chosen: Sequence[Visit], staying: Sequence[BookedVisit], more: int, *, network: str, proven: bool
) -> None:
    """A held booking that grows is confirmed by who has proven the address, and still held otherwise."""
    now, until = timezone.now(), booking.held_until
    if proven:
        Booking.objects.filter(pk=booking.pk).update(held_until=None, confirmed_at=now)
        return
    addresses.refuse_more_held(staying, more)
    addresses.count_network(network, more)
    if chosen:
        new = addresses.hold_until(chosen, now)
        # What was given back because nobody confirmed it begins a time of its own.
        Booking.objects.filter(pk=booking.pk).update(held_until=min(until, new) if until and until > now else new)


def _own_booking(booking: Booking) -> Booking:
    """Where a visitor's own additions go: never into what a partner made, whose program would read them."""
    if booking.key_id is None:
        return booking
    own = Booking.objects.filter(visitor_id=booking.visitor_id, key=None).order_by("-created").first()
    return own or Booking.objects.create(
        visitor_id=booking.visitor_id,
        name=booking.name,
        organisation=booking.organisation,
        sector=booking.sector,
        access_needs=booking.access_needs,
        companions=booking.companions,
        confirmed_at=timezone.now(),
    )


def _tell_of_change(
    booking: Booking, visitor: Visitor, *, is_changed: bool, is_confirmed: bool, also: dict[str, Any] | None
) -> None:
    """What changed, and where one stands in line; nothing of visits that stay as they were, confirmed before."""
    if is_changed:
        kind = "opendoors.booking_changed"
        _tell(kind, booking, visitor.edition, to=visitor.email, language=visitor.language, also=also)
        return
    if is_confirmed:
        addresses.tell_confirmed(visitor)
    if also:
        tell_joined(also, visitor.edition, to=visitor.email, language=visitor.language)


def _tell(
    kind: str,
    booking: Booking,
    edition: Edition,
    *,
    to: str,
    language: str,
    gave_way: Sequence[BookedVisit] = (),
    also: dict[str, Any] | None = None,
) -> None:
    """One letter for each change of a booking; each change is a moment of its own."""
    params: dict[str, Any] = {"booking": str(booking.uuid), **(also or {})}
    if gave_way:
        params["gave_way"] = [str(row.uuid) for row in gave_way]
    mail.post(
        kind,
        to=to,
        language=language,
        params=params,
        key=f"{kind}:{booking.uuid}:{timezone.now():%Y%m%dT%H%M%S%f}",
        scope=edition.basin.code,
    )


def _note(what: str, booking: Booking, by: User | None, key: PartnerKey | None) -> None:
    actor = f"partner {key.uuid}" if key else f"person {by.uuid}" if by else "the visitor"
    logger.info("Booking %s was %s by %s", booking.uuid, what, actor)
