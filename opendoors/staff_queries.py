"""What a basin's team reads of its open-door weeks: drafts and bookings included, other basins' never."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Prefetch, Q, QuerySet, Sum, When
from django.urls import reverse
from django.utils import timezone

from basins.models import Basin, RoleGrant, User
from basins.rights import ROLE_RIGHTS, Right
from opendoors import queries
from opendoors.enums import OPEN_WISHES, EditionState, HostState, VisitState, WaitingState
from opendoors.figures import ProgrammeFigures, count
from opendoors.models import BookedVisit, Booking, Edition, Host, Visit, Wish


def editions_kept_by(user: User, basin: str) -> QuerySet[Edition]:
    """Editions of the basin whose programme the person keeps, drafts included."""
    kept = Edition.objects.filter(basin__code=basin, basin__code__in=user.basins_with(Right.MANAGE_OPEN_DOORS))
    return kept.select_related("basin").order_by("-starts_on")


def editions_with_bookings_for(user: User, basin: str) -> QuerySet[Edition]:
    """Editions of the basin whose bookings the person may read."""
    seen = Edition.objects.filter(basin__code=basin, basin__code__in=user.basins_with(Right.SEE_OPEN_DOOR_BOOKINGS))
    return seen.select_related("basin").order_by("-starts_on")


def keepers(basin: Basin) -> QuerySet[User]:
    """Who keeps the open-door weeks of a basin as one of its team: those who are told what hosts do."""
    roles = [role for role, rights in ROLE_RIGHTS.items() if Right.MANAGE_OPEN_DOORS in rights]
    at_work = Exists(RoleGrant.objects.filter(user=OuterRef("pk"), basin=basin, role__in=roles, ended_at=None))
    return User.objects.filter(at_work, is_active=True).order_by("pk")


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


def hosts(edition: Edition) -> QuerySet[Host]:
    """Hosts of an edition: who waits for a word first; with ``planned``, ``waiting`` visits and ``taken`` seats."""
    first = Case(
        When(state=HostState.PROPOSED, then=0),
        When(state=HostState.CHANGES, then=1),
        default=2,
        output_field=IntegerField(),
    )
    return edition.hosts.annotate(
        planned=Count("visits", filter=Q(visits__state=VisitState.PLANNED)),
        waiting=Count("visits", filter=Q(visits__state=VisitState.PROPOSED)),
        taken=Sum("visits__seats_taken", default=0),
        seats=Sum("visits__seats", filter=Q(visits__state=VisitState.PLANNED), default=0),
        turn=first,
    ).order_by("turn", "search_name")


def hosts_by_state(edition: Edition) -> dict[HostState, int]:
    """How many hosts are in which state; states nobody is in are left out."""
    rows = edition.hosts.order_by().values_list("state").annotate(number=Count("pk"))
    counted = {HostState(state): number for state, number in rows}
    return {state: counted[state] for state in HostState if state in counted}


@dataclass(frozen=True, slots=True)
class Desk:
    """What waits on the desk of an edition: hosts and further visits to decide, requests in line."""

    proposals: int
    further_visits: int
    in_line: int


def desk(edition: Edition) -> Desk:
    """The numbers of :class:`Desk`, in three queries."""
    further = edition.visits.filter(state=VisitState.PROPOSED, host__state=HostState.ACCEPTED)
    return Desk(
        edition.hosts.filter(state=HostState.PROPOSED).count(),
        further.count(),
        queries.requests_of_edition(edition).filter(state=WaitingState.WAITING).count(),
    )


def waiting(edition: Edition) -> QuerySet[Visit]:
    """Visits somebody waits for, in order of time, each with its ``line``: the open wishes in order."""
    line = (
        Wish.objects.filter(state__in=OPEN_WISHES)
        .select_related("request__visitor")
        .order_by("request__created", "request_id")
    )
    return (
        edition.visits.filter(Exists(Wish.objects.filter(visit=OuterRef("pk"), state__in=OPEN_WISHES)))
        .select_related("host")
        .prefetch_related(Prefetch("wishes", queryset=line, to_attr="line"))
        .order_by("starts_at", "pk")
    )


def wishes_of(edition: Edition) -> QuerySet[Wish]:
    """Who stands in the lines of an edition, or has a seat on offer there."""
    return Wish.objects.filter(visit__edition=edition, state__in=OPEN_WISHES).select_related("request", "visit__host")


def bookable(edition: Edition) -> QuerySet[Visit]:
    """Visits that have not begun, in order of time, for the team to book for somebody."""
    return programme(edition).filter(state=VisitState.PLANNED, starts_at__gt=timezone.now())


def booking_of(edition: Edition, reference: str) -> QuerySet[Booking]:
    """The booking of that reference, with its visits."""
    return bookings(edition).filter(reference=reference)


def idle_hosts(edition: Edition) -> QuerySet[Host]:
    """Hosts that have no visit yet."""
    return edition.hosts.filter(visits=None, state=HostState.ACCEPTED).order_by("search_name")


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
        BookedVisit.objects.filter(visit__edition=edition)
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


def host_url(host: Host) -> str:
    """The team's page of a host, in the active language."""
    edition = host.edition
    kwargs = {"basin": edition.basin.code, "slug": edition.slug, "host": host.uuid}
    return reverse("opendoors:staff_host", kwargs=kwargs)
