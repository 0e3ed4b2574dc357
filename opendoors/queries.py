"""What is read of the open-door weeks, limited to what the reader may see, with all it takes to show it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Prefetch, Q, QuerySet, Sum
from django.urls import reverse
from django.utils import timezone

from basins.models import PartnerKey, User
from basins.rights import Right
from core import signing
from core.text import fold
from opendoors.enums import PUBLIC_STATES, BookedState, VisitState
from opendoors.models import BookedVisit, Booking, Edition, Host, Visit, Visitor

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


def edition_for(user: Reader, basin: str, slug: str) -> Edition:
    """One edition by its address. Raises ``Edition.DoesNotExist`` for what the reader may not see."""
    return editions_for(user, basin).get(slug=slug)


def visits_for(user: Reader) -> QuerySet[Visit]:
    """Visits of the editions the reader sees, with host, place and edition."""
    visible = Q(edition__state__in=PUBLIC_STATES)
    if isinstance(user, User):
        visible |= Q(edition__basin__code__in=user.basins_with(Right.MANAGE_OPEN_DOORS))
    return Visit.objects.filter(visible).select_related("edition__basin", "host", "place__municipality")


def hosts_like(words: str, basin: str | None) -> QuerySet[Host]:
    """Hosts of published editions whose name holds all the words, newest edition first."""
    hosts = Host.objects.filter(edition__state__in=PUBLIC_STATES).select_related("edition__basin")
    if basin:
        hosts = hosts.filter(edition__basin__code=basin)
    for word in fold(words).split()[:8]:
        hosts = hosts.filter(search_name__contains=word)
    return hosts.order_by("-edition__starts_on", "search_name")


def bookings_of_edition(edition: Edition) -> QuerySet[Booking]:
    """All bookings of an edition, newest first, with their visitor and the number of seats they hold."""
    return (
        Booking.objects.filter(visitor__edition=edition)
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

    booking: Booking
    whole_visitor: bool
    rows: list[BookedVisit]
    token: str

    @property
    def confirmed(self) -> list[BookedVisit]:
        return [row for row in self.rows if row.state == BookedState.CONFIRMED]

    @property
    def edition(self) -> Edition:
        return self.booking.visitor.edition


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
        booking = bookings.filter(visitor__uuid=value).order_by("-created").first()
    else:
        booking = bookings.filter(uuid=value).first()
    if booking is None or booking.visitor.edition.basin.code != basin:
        raise signing.BadToken
    if timezone.localdate() > booking.visitor.edition.ends_on + LINK_LIVES_ON:
        raise signing.StaleToken
    scope = Q(booking__visitor_id=booking.visitor_id) if whole_visitor else Q(booking=booking)
    rows = (
        BookedVisit.objects.filter(scope)
        .select_related("visit__host", "visit__place__municipality", "visit__edition__basin")
        .order_by("visit__starts_at", "pk")
    )
    return Holding(booking, whole_visitor, latest_per_visit(list(rows)), token)


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
