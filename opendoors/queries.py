"""What is read of the open-door weeks, limited to what the reader may see, with all it takes to show it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, Q, QuerySet, Sum, TextField
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone

from basins.models import PartnerKey, User
from basins.rights import Right
from core import signing
from core.text import fold
from opendoors.enums import PUBLIC_STATES, BookedState, HostState, VisitState
from opendoors.models import BookedVisit, Booking, Edition, Host, Visit, Visitor, WaitingRequest, Wish

Reader = User | AnonymousUser

BOOKING_LINK = "opendoors.booking"
VISITOR_LINK = "opendoors.visitor"
LINK_LIVES_ON = dt.timedelta(days=90)  # after the last day: for what one wants to look up later


def editions_for(user: Reader, basin: str | None = None) -> QuerySet[Edition]:
    """Published editions, and the drafts of the basins whose programme the reader keeps."""
    visible = Q(state__in=PUBLIC_STATES)
    if isinstance(user, User):
        visible |= Q(basin__code__in=user.basins_with(Right.MANAGE_OPEN_DOORS))
    editions = Edition.objects.filter(visible).select_related("basin")
    return editions.filter(basin__code=basin) if basin else editions


def with_programme_figures(editions: QuerySet[Edition]) -> QuerySet[Edition]:
    """Each edition with ``visit_count``, ``host_count`` and ``seat_count`` of what is planned."""
    planned = Q(visits__state=VisitState.PLANNED)
    return editions.annotate(
        visit_count=Count("visits", filter=planned),
        host_count=Count("visits__host", filter=planned, distinct=True),
        seat_count=Sum("visits__seats", filter=planned, default=0),
    )


# What changes whenever an edition or its basin does. As text: a week's query says it once for each visit.
EDITION_STAND = ("programme_version", Cast("modified", TextField()), Cast("basin__modified", TextField()))
_KEPT: dict[int, tuple[tuple[object, ...], Edition]] = {}
KEPT_AT_MOST = 200


def edition_for(user: Reader, basin: str, slug: str) -> Edition:
    """One edition by its address. Raises ``Edition.DoesNotExist`` for what the reader may not see.

    Whether it may be seen is asked each time; the row, with its basin, is kept in the process until one of the
    two changes: reading all its columns anew costs a rush more than anything else it asks (docs/decisions/grid.md).
    """
    seen = editions_for(user, basin).filter(slug=slug)
    pk, *stand = seen.values_list("pk", *EDITION_STAND).get()
    return kept_edition(pk, tuple(stand))


def kept_edition(pk: int, stand: tuple[object, ...]) -> Edition:
    """The edition as the process keeps it, read anew where ``stand`` (`EDITION_STAND`) is not how it stood."""
    kept = _KEPT.get(pk)
    if kept is None or kept[0] != stand:
        edition = Edition.objects.select_related("basin").get(pk=pk)
        kept = stand, edition
        while len(_KEPT) >= KEPT_AT_MOST:
            _KEPT.pop(next(iter(_KEPT)), None)
        _KEPT[pk] = kept
    return copy(kept[1])


def visits_for(user: Reader) -> QuerySet[Visit]:
    """Visits of the editions the reader sees, with host, place and edition."""
    visible = Q(edition__state__in=PUBLIC_STATES)
    if isinstance(user, User):
        visible |= Q(edition__basin__code__in=user.basins_with(Right.MANAGE_OPEN_DOORS))
    visits = Visit.objects.filter(visible).exclude(state=VisitState.PROPOSED)
    return visits.select_related("edition__basin", "host", "place__municipality")


def hosts_like(words: str, basin: str | None) -> QuerySet[Host]:
    """Hosts in the programme of published editions whose name holds all the words, newest edition first."""
    hosts = Host.objects.filter(edition__state__in=PUBLIC_STATES, state=HostState.ACCEPTED).select_related(
        "edition__basin"
    )
    if basin:
        hosts = hosts.filter(edition__basin__code=basin)
    for word in fold(words).split()[:8]:
        hosts = hosts.filter(search_name__contains=word)
    return hosts.order_by("-edition__starts_on", "search_name")


def bookings_of_edition(edition: Edition) -> QuerySet[Booking]:
    """All bookings of an edition, newest first, with their visitor and the number of visits they hold.

    Found through the edition's visits, of which there are a hundred: through its visitors PostgreSQL reads the
    bookings of all editions instead.
    """
    return (
        Booking.objects.filter(pk__in=BookedVisit.objects.filter(visit__edition=edition).values("booking"))
        .select_related("visitor", "key")
        .annotate(held=Count("booked", filter=Q(booked__state=BookedState.CONFIRMED)))
        .order_by("-created")
    )


def bookings_of_key(key: PartnerKey) -> QuerySet[Booking]:
    """Bookings that a partner made with this key, with their visits in order of time."""
    booked = BookedVisit.objects.select_related("visit__host").order_by("visit__starts_at", "pk")
    return (
        Booking.objects.filter(key=key)
        .select_related("visitor__edition__basin")
        .prefetch_related(Prefetch("booked", queryset=booked))
    )


def booked_by_key(key: PartnerKey, email: str, visits: Sequence[UUID]) -> QuerySet[BookedVisit]:
    """Of ``visits`` those that a partner's bookings with this key hold for an address, in order of time."""
    held = BookedVisit.objects.filter(
        booking__key=key, booking__visitor__email=email.strip().lower(), state=BookedState.CONFIRMED
    )
    return held.filter(visit__uuid__in=visits).select_related("visit__host", "booking").order_by("visit__starts_at")


def requests_of_edition(edition: Edition) -> QuerySet[WaitingRequest]:
    """All requests on an edition's waiting lists; found through its visits as its bookings are."""
    return WaitingRequest.objects.filter(pk__in=Wish.objects.filter(visit__edition=edition).values("request"))


def confirmed_visits(email: str) -> QuerySet[BookedVisit]:
    """Seats held by an address, over all editions, in order of time."""
    return (
        BookedVisit.objects.filter(booking__visitor__email=email.lower(), state=BookedState.CONFIRMED)
        .select_related("booking__visitor", "visit__edition__basin", "visit__host", "visit__place__municipality")
        .order_by("visit__starts_at")
    )


@dataclass(frozen=True, slots=True)
class Holding:
    """What a signed link opens: one booking, or (by a link that reached the mailbox) all of a visitor's.

    The link a browser gets right after booking proves nothing about the address, so it opens that
    booking alone; the link in the mail opens everything booked with the address.
    """

    visitor: Visitor
    newest: Booking | None
    whole_visitor: bool
    rows: list[BookedVisit]
    token: str

    @property
    def booking(self) -> Booking:
        """The newest booking. ``LookupError`` for somebody who has only stood in line so far."""
        if self.newest is None:
            raise LookupError(self.visitor.uuid)
        return self.newest

    @property
    def confirmed(self) -> list[BookedVisit]:
        return [row for row in self.rows if row.state == BookedState.CONFIRMED]

    @property
    def coming(self) -> list[BookedVisit]:
        """What can still be changed or given back: it has not begun."""
        now = timezone.now()
        return [row for row in self.confirmed if row.visit.starts_at > now]

    @property
    def held(self) -> list[BookedVisit]:
        """What is kept only until the address confirms it."""
        return [row for row in self.confirmed if row.booking.is_held]

    @property
    def edition(self) -> Edition:
        return self.visitor.edition


def booking_link(booking: Booking) -> str:
    """The token of one booking."""
    return signing.make_token(BOOKING_LINK, booking.uuid)


def visitor_link(visitor: Visitor) -> str:
    """The token of all of a visitor's bookings; only ever sent to the visitor's address."""
    return signing.make_token(VISITOR_LINK, visitor.uuid)


def holding(token: str, basin: str) -> Holding:
    """What the token opens in a basin.

    Raises ``core.signing.BadToken`` where it is forged, of another basin, or nothing is left of it, and
    ``StaleToken`` when the week has been over for longer than ``LINK_LIVES_ON``.
    """
    bookings = Booking.objects.select_related("visitor__edition__basin")
    whole_visitor, value = _read_either(token)
    if whole_visitor:
        newest = bookings.filter(visitor__uuid=value).order_by("-created").first()
        visitor = newest.visitor if newest else _visitor_in_line(value)
    else:
        newest = bookings.filter(uuid=value).first()
        visitor = newest.visitor if newest else None
    visitor = _of_basin(visitor, basin)
    scope = Q(booking__visitor=visitor) if whole_visitor else Q(booking=newest)
    rows = (
        BookedVisit.objects.filter(scope)
        .select_related("booking", "visit__host", "visit__place__municipality", "visit__edition__basin")
        .order_by("visit__starts_at", "pk")
    )
    return Holding(visitor, newest, whole_visitor, latest_per_visit(list(rows)), token)


def _visitor_in_line(uuid: UUID) -> Visitor | None:
    """Somebody who stands or stood in line: nothing is booked yet, the link in the mail must open all the same."""
    visitors = Visitor.objects.filter(uuid=uuid, waiting__isnull=False)
    return visitors.select_related("edition__basin").first()


def _of_basin(visitor: Visitor | None, basin: str) -> Visitor:
    if visitor is None or visitor.edition.basin.code != basin:
        raise signing.BadToken
    if timezone.localdate() > visitor.edition.ends_on + LINK_LIVES_ON:
        raise signing.StaleToken
    return visitor


def _read_either(token: str) -> tuple[bool, UUID]:
    try:
        return True, signing.read_uuid(VISITOR_LINK, token)
    except signing.BadToken:
        return False, signing.read_uuid(BOOKING_LINK, token)


def latest_per_visit(rows: list[BookedVisit]) -> list[BookedVisit]:
    """One row per visit: what was given back and booked again shows as booked."""
    latest: dict[int, BookedVisit] = {}
    for row in rows:
        known = latest.get(row.visit_id)
        if known is None or known.state != BookedState.CONFIRMED:
            latest[row.visit_id] = row
    return list(latest.values())


def current_edition(basin: str) -> Edition | None:
    """The edition the front page speaks of: the next one that is not over, else the last."""
    editions = Edition.objects.filter(basin__code=basin, state__in=PUBLIC_STATES).select_related("basin")
    today = timezone.localdate()
    coming = editions.filter(ends_on__gte=today).order_by("starts_on").first()
    return coming or editions.order_by("-starts_on").first()


def hosts_of_contact(email: str) -> QuerySet[Host]:
    """Hosts whose contact person has this address."""
    return Host.objects.filter(contact_email__iexact=email).select_related("edition__basin").order_by("pk")


def visits_of_contact(email: str) -> QuerySet[Visit]:
    """Published visits of the hosts whose contact person has this address, in order of time."""
    return (
        Visit.objects.filter(host__contact_email__iexact=email, edition__state__in=PUBLIC_STATES)
        .select_related("edition__basin", "host", "place__municipality")
        .order_by("starts_at", "pk")
    )


def visitor_url(visitor: Visitor, basin: str) -> str:
    """The page of all that a visitor booked in an edition; for mails, and for the visitor signed in."""
    return reverse("opendoors:booked", kwargs={"basin": basin, "token": visitor_link(visitor)})


def visit_url(visit: Visit) -> str:
    """The page of one visit, in the active language."""
    edition = visit.edition
    kwargs = {"basin": edition.basin.code, "slug": edition.slug, "visit": visit.uuid}
    return reverse("opendoors:visit", kwargs=kwargs)


def week_url(edition: Edition) -> str:
    """The page of an edition's grid, in the active language."""
    return reverse("opendoors:week", kwargs={"basin": edition.basin.code, "slug": edition.slug})
