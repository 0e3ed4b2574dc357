"""Booking visits, changing and giving them back: the only writer of seats.

Locks, always in this order: the visitor's row (a person is at one place at a time), then the visits'
rows by primary key (a seat is given once). Whoever needs one of the two alone may take it alone.

``by`` is who is signed in, if anybody; ``key`` the partner that calls. A visitor needs neither: the
signed link is the right, see docs/decisions/links.md.
"""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import PartnerKey, User
from basins.rules.people import NotYours
from core import mail
from core.spoken import day_month, plain_date
from opendoors.access import may_book_for_others
from opendoors.enums import PUBLIC_STATES, BookedState, EditionState, VisitState
from opendoors.errors import (
    NothingChosen,
    SeveralEditions,
    SignupClosed,
    TooManyVisits,
    UnknownVisits,
    VisitsGone,
    VisitsOverlap,
    VisitStarted,
)
from opendoors.models import BookedVisit, Booking, Edition, Visit, Visitor

logger = logging.getLogger(__name__)

VISITS_AT_ONCE = 20


def why_not_bookable(edition: Edition) -> str:
    """Why nobody can book in this edition now, in the reader's words; ``""`` when one can.

    Both count: the state, which staff or the calendar's task set, and the dates, should the task be late to close.
    """
    now = timezone.now()
    if edition.state in {EditionState.EVALUATED, EditionState.RUNNING} or timezone.localdate(now) > edition.ends_on:
        return str(_("Sign-up is over: it closed on %(day)s.") % {"day": _day(edition.signup_closes_at)})
    if now < edition.signup_opens_at:
        return str(_("Sign-up opens on %(day)s.") % {"day": _day(edition.signup_opens_at)})
    if now >= edition.signup_closes_at:
        return str(_("Sign-up closed on %(day)s.") % {"day": _day(edition.signup_closes_at)})
    if edition.state == EditionState.CLOSED:
        return str(_("Sign-up is closed."))
    if edition.state != EditionState.OPEN:
        return str(_("Sign-up is not open yet."))
    return ""


def _day(moment: dt.datetime) -> str:
    """With its year unless that is this one."""
    return day_month(moment) if timezone.localtime(moment).year == timezone.localdate().year else plain_date(moment)


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
    key: PartnerKey | None = None,
    within: Edition | None = None,
) -> Booking:
    """Take a seat in each of ``visits``, all or nothing, and put the confirmation in the outbox.

    The chosen visits are first read without a lock: what is full already is said at once and keeps
    nobody waiting. ``within`` refuses visits of another edition than the page shows.

    Raises `VisitsGone` (409), `NotYours` (403) or a `BookingError` (422); then nothing has changed.
    """
    chosen = _chosen(visits, within=within)
    edition = chosen[0].edition
    _refuse_stranger(key, edition)
    _refuse_unless_open(edition)
    _refuse_impossible(chosen)
    visitor = _locked_visitor(edition, email, language)
    _lock_visits(chosen)
    _refuse_impossible(chosen)
    _refuse_overlap_with_booked(chosen, _confirmed(visitor))
    booking = Booking.objects.create(
        visitor_id=visitor.pk,
        name=name,
        organisation=organisation,
        sector=sector,
        access_needs=access_needs,
        key=key,
    )
    _take(booking, chosen)
    _tell("opendoors.booking_confirmed", booking, edition, to=visitor.email, language=language)
    _note("made", booking, by, key)
    return booking


@transaction.atomic
def change(
    *,
    booking: Booking,
    visits: Sequence[UUID],
    by: User | None,
    key: PartnerKey | None = None,
    whole_visitor: bool = False,
    check: Callable[[], None] | None = None,
) -> Booking:
    """Make ``visits`` the visits of ``booking`` (or of its visitor): give back, take and keep, all or nothing.

    With ``whole_visitor`` the confirmed visits of all the visitor's bookings count. Adding needs an open
    sign-up; giving back is possible until the visit begins. ``check`` runs once the booking is locked
    and may refuse by raising.
    """
    visitor = _relocked_visitor(booking)
    _refuse_stranger(key, visitor.edition)
    if check is not None:
        check()
    held = {row.visit.uuid: row for row in _confirmed(visitor) if whole_visitor or row.booking_id == booking.pk}
    if not visits:
        raise NothingChosen
    leaving = [row for identifier, row in held.items() if identifier not in set(visits)]
    arriving = [identifier for identifier in visits if identifier not in held]
    chosen = _chosen(arriving, within=visitor.edition) if arriving else []
    if chosen:
        _refuse_unless_open(visitor.edition)
    _lock_visits([*chosen, *(row.visit for row in leaving)])
    _refuse_begun([row.visit for row in leaving], giving_back=True)
    _give_back(leaving)
    touched = {row.booking_id for row in leaving}
    if chosen:
        _refuse_impossible(chosen)
        _refuse_overlap_with_booked(chosen, [row for row in _confirmed(visitor) if row not in leaving])
        target = _own_booking(booking) if whole_visitor else booking
        _take(target, chosen)
        touched.add(target.pk)
    if touched:
        Booking.objects.filter(pk__in=touched).update(modified=timezone.now())
        _tell("opendoors.booking_changed", booking, visitor.edition, to=visitor.email, language=visitor.language)
        _note("changed", booking, by, key)
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
    visitor = _relocked_visitor(booking)
    _refuse_stranger(key, visitor.edition)
    if check is not None:
        check()
    leaving = [row for row in _confirmed(visitor) if whole_visitor or row.booking_id == booking.pk]
    leaving = _give_back_what_is_to_come(leaving)
    if leaving:
        Booking.objects.filter(pk__in={row.booking_id for row in leaving}).update(modified=timezone.now())
        _tell("opendoors.booking_cancelled", booking, visitor.edition, to=visitor.email, language=visitor.language)
        _note("given back", booking, by, key)
    return booking


@transaction.atomic
def release(*, visitor: Visitor) -> int:
    """Give back what a visitor still holds, telling nobody: for an address that is being forgotten.

    The caller holds the lock on the visitor's row. Returns the number of seats given back.
    """
    return len(_give_back_what_is_to_come(_confirmed(visitor)))


# --- Reading and locking -------------------------------------------------------------------------


def _chosen(identifiers: Sequence[UUID], *, within: Edition | None) -> list[Visit]:
    """The visits, in order of time, all of one edition that visitors may see."""
    wanted = list(dict.fromkeys(identifiers))
    if not wanted:
        raise NothingChosen
    if len(wanted) > VISITS_AT_ONCE:
        raise TooManyVisits(VISITS_AT_ONCE)
    rows = Visit.objects.filter(uuid__in=wanted, edition__state__in=PUBLIC_STATES)
    # The page has read its edition already: half of what a rush would ask again.
    rows = rows.select_related("host") if within else rows.select_related("host", "edition__basin")
    found = {visit.uuid: visit for visit in rows}
    unknown = [str(identifier) for identifier in wanted if identifier not in found]
    if unknown:
        raise UnknownVisits(unknown)
    visits = sorted(found.values(), key=lambda visit: (visit.starts_at, visit.pk))
    if len({visit.edition_id for visit in visits} | ({within.pk} if within else set())) > 1:
        raise SeveralEditions
    if within:
        for visit in visits:
            visit.edition = within
    return visits


def _locked_visitor(edition: Edition, email: str, language: str) -> Visitor:
    """The visitor's row, made or found, and locked: one statement does all three.

    Only the key of what comes back is the row's own: where the row was there already, the rest is
    what we would have written.
    """
    visitor = Visitor(edition=edition, email=email.strip().lower(), language=language)
    Visitor.objects.bulk_create(
        [visitor], update_conflicts=True, unique_fields=["edition", "email"], update_fields=["modified"]
    )
    return visitor


def _relocked_visitor(booking: Booking) -> Visitor:
    return (
        Visitor.objects.select_for_update(of=("self",), no_key=True)
        .select_related("edition__basin")
        .get(pk=booking.visitor_id)
    )


def _lock_visits(visits: Iterable[Visit]) -> None:
    """Lock the rows of the visits in order of key (no deadlock) and make what may have changed fresh.

    A visit that was removed meanwhile counts as called off.
    """
    keys = {visit.pk: visit for visit in visits}
    fresh = {
        visit.pk: visit
        for visit in Visit.objects.select_for_update(no_key=True)
        .filter(pk__in=keys)
        .order_by("pk")
        .only("seats", "seats_taken", "state", "starts_at", "ends_at")
    }
    for pk, visit in keys.items():
        now = fresh.get(pk)
        if now is None:
            visit.state = VisitState.CANCELLED
            continue
        visit.seats, visit.seats_taken, visit.state = now.seats, now.seats_taken, now.state
        visit.starts_at, visit.ends_at = now.starts_at, now.ends_at


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
    )


def _confirmed(visitor: Visitor) -> list[BookedVisit]:
    return list(
        BookedVisit.objects.filter(booking__visitor=visitor, state=BookedState.CONFIRMED)
        .select_related("visit__host")
        .order_by("visit__starts_at")
    )


# --- Refusing ------------------------------------------------------------------------------------


def _refuse_stranger(key: PartnerKey | None, edition: Edition) -> None:
    if key is not None and not may_book_for_others(key, edition):
        raise NotYours(_("Your key was not given for the basin of these visits."))


def _refuse_impossible(visits: Sequence[Visit]) -> None:
    """What no visitor can book, whoever asks: begun, called off, full, or at the time of one another."""
    _refuse_begun(visits, giving_back=False)
    _refuse_gone(visits)
    _refuse_overlap(sorted(visits, key=lambda visit: (visit.starts_at, visit.pk)))


def _refuse_unless_open(edition: Edition) -> None:
    reason = why_not_bookable(edition)
    if reason:
        raise SignupClosed(reason, field="visits")


def _refuse_gone(visits: Sequence[Visit]) -> None:
    cancelled = [visit for visit in visits if visit.state == VisitState.CANCELLED]
    full = [visit for visit in visits if visit.seats_left < 1 and visit not in cancelled]
    if full or cancelled:
        raise VisitsGone(full, cancelled)


def _refuse_overlap(visits: Sequence[Visit]) -> None:
    """``visits`` in order of time: a clash is always between neighbours of some earlier end."""
    latest: Visit | None = None
    for visit in visits:
        if latest is not None and visit.starts_at < latest.ends_at:
            raise VisitsOverlap(
                _("Two visits at the same time: %(one)s and %(other)s. Keep one of them.")
                % {"one": latest.host.name, "other": visit.host.name},
                [latest, visit],
            )
        if latest is None or visit.ends_at > latest.ends_at:
            latest = visit


def _refuse_overlap_with_booked(visits: Sequence[Visit], booked: Sequence[BookedVisit]) -> None:
    """The same words whatever is booked at that time: an address typed into a form is not proven to be one's own."""
    for visit in visits:
        if any(row.visit.starts_at < visit.ends_at and visit.starts_at < row.visit.ends_at for row in booked):
            raise VisitsOverlap(
                _("This address already has a visit at the time of %(one)s.") % {"one": visit.host.name}, [visit]
            )


def _refuse_begun(visits: Sequence[Visit], *, giving_back: bool) -> None:
    if any(visit.starts_at <= timezone.now() for visit in visits):
        raise VisitStarted(giving_back=giving_back)


# --- Writing -------------------------------------------------------------------------------------


def _take(booking: Booking, visits: Sequence[Visit]) -> None:
    BookedVisit.objects.bulk_create([BookedVisit(booking=booking, visit=visit) for visit in visits])
    Visit.objects.filter(pk__in=[visit.pk for visit in visits]).update(
        seats_taken=F("seats_taken") + 1, modified=timezone.now()
    )


def _give_back(rows: Sequence[BookedVisit]) -> None:
    """Free the seats of ``rows``, whose visits are locked: each once, for a host may have called a visit off
    between our reading the row and our lock.
    """
    now = timezone.now()
    held = BookedVisit.objects.filter(pk__in=[row.pk for row in rows], state=BookedState.CONFIRMED)
    visits = list(held.values_list("visit_id", flat=True))
    held.update(state=BookedState.CANCELLED, cancelled_at=now, modified=now)
    Visit.objects.filter(pk__in=visits).update(seats_taken=F("seats_taken") - 1, modified=now)


def _give_back_what_is_to_come(rows: Sequence[BookedVisit]) -> list[BookedVisit]:
    """Lock, then give back what has not begun; gives the rows that were."""
    _lock_visits([row.visit for row in rows])
    coming = [row for row in rows if row.visit.starts_at > timezone.now()]
    _give_back(coming)
    return coming


def _tell(kind: str, booking: Booking, edition: Edition, *, to: str, language: str) -> None:
    """One letter for each change of a booking; each change is a moment of its own."""
    mail.post(
        kind,
        to=to,
        language=language,
        params={"booking": str(booking.uuid)},
        key=f"{kind}:{booking.uuid}:{timezone.now():%Y%m%dT%H%M%S%f}",
        scope=edition.basin.code,
    )


def _note(what: str, booking: Booking, by: User | None, key: PartnerKey | None) -> None:
    actor = f"partner {key.uuid}" if key else f"person {by.uuid}" if by else "the visitor"
    logger.info("Booking %s was %s by %s", booking.uuid, what, actor)
