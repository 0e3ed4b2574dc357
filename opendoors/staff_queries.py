"""What a basin's team reads of its open-door weeks: drafts and bookings included, other basins' never."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Prefetch, Q, QuerySet
from django.urls import reverse

from basins.models import User
from basins.rights import Right
from opendoors import queries
from opendoors.enums import EditionState
from opendoors.figures import ProgrammeFigures, count
from opendoors.models import BookedVisit, Booking, Edition, Host, Visit


def editions_kept_by(user: User, basin: str) -> QuerySet[Edition]:
    """Editions of the basin whose programme the person keeps, drafts included."""
    kept = Edition.objects.filter(basin__code=basin, basin__code__in=user.basins_with(Right.MANAGE_OPEN_DOORS))
    return kept.select_related("basin").order_by("-starts_on")


def editions_with_bookings_for(user: User, basin: str) -> QuerySet[Edition]:
    """Editions of the basin whose bookings the person may read."""
    seen = Edition.objects.filter(basin__code=basin, basin__code__in=user.basins_with(Right.SEE_OPEN_DOOR_BOOKINGS))
    return seen.select_related("basin").order_by("-starts_on")


def hosts_kept_by(user: User, basin: str, slug: str) -> QuerySet[Host]:
    """Hosts of such an edition."""
    return Host.objects.filter(edition__in=editions_kept_by(user, basin).filter(slug=slug)).select_related(
        "edition__basin"
    )


def visits_kept_by(user: User, basin: str, slug: str) -> QuerySet[Visit]:
    """Visits of such an edition, with host and place."""
    return Visit.objects.filter(edition__in=editions_kept_by(user, basin).filter(slug=slug)).select_related(
        "edition__basin", "host", "place__municipality"
    )


def figures(edition: Edition) -> ProgrammeFigures:
    """What stands on top of an edition's page."""
    return count(edition.visits.all())


def programme(edition: Edition) -> QuerySet[Visit]:
    """All visits, those called off too, in order of time."""
    return edition.visits.select_related("host", "place__municipality").order_by("starts_at", "host__search_name")


def idle_hosts(edition: Edition) -> QuerySet[Host]:
    """Hosts that have no visit yet."""
    return edition.hosts.filter(visits=None).order_by("search_name")


def bookings(edition: Edition, words: str = "") -> QuerySet[Booking]:
    """Bookings that hold all the words in name, address, organisation or reference, with their visits."""
    found = queries.bookings_of_edition(edition)
    for word in words.split()[:8]:
        found = found.filter(
            Q(name__icontains=word)
            | Q(organisation__icontains=word)
            | Q(reference__icontains=word)
            | Q(visitor__email__icontains=word)
        )
    booked = BookedVisit.objects.select_related("visit__host").order_by("visit__starts_at", "pk")
    return found.prefetch_related(Prefetch("booked", queryset=booked))


def booked_rows(edition: Edition) -> Iterator[BookedVisit]:
    """Every booked visit of an edition, read as it comes; for the export."""
    return (
        BookedVisit.objects.filter(booking__visitor__edition=edition)
        .select_related("booking__visitor", "visit__host")
        .order_by("visit__starts_at", "visit__host__search_name", "booking__name", "pk")
        .iterator(chunk_size=1000)
    )


def is_history(edition: Edition) -> bool:
    """Whether the programme can no longer change."""
    return edition.state == EditionState.EVALUATED


def edition_url(edition: Edition) -> str:
    """The team's page of an edition, in the active language."""
    return reverse("opendoors:staff_edition", kwargs={"basin": edition.basin.code, "slug": edition.slug})
