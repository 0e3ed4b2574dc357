"""The programme: hosts, their places and their visits. The only writer of the three.

Every change first raises the edition's ``programme_version`` (`editions.bump_programme`): the grid
is kept rendered under that number, and the row lock it takes puts changes of one programme in a
queue. Then comes the visit's own row, locked as booking locks it, wherever seats or times change.
Order of locks: edition, then, where bookings are touched, visitors, then visits, each by primary key.
Booking never locks an edition.

``by`` is who does it: everything here raises ``NotYours`` for who does not keep the edition. ``None`` is
the operator at the console.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from basins.models import Municipality, User
from core import mail
from core.bilingual import both
from core.text import fold
from opendoors.enums import BookedState, EditionState, VisitState
from opendoors.errors import HostingError
from opendoors.models import BookedVisit, Edition, Host, Place, Visit, Visitor
from opendoors.rules.checks import check_row, refuse_stranger
from opendoors.rules.editions import bump_programme

logger = logging.getLogger(__name__)

BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class HostData:
    """A service as it presents itself. ``name_language`` empty: nobody told us."""

    name: str
    name_language: str = ""
    description_fr: str = ""
    description_nl: str = ""
    contact_name: str = ""
    contact_email: str = ""
    contact_phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlaceData:
    """Where visitors are received. ``wheelchair`` None: not known."""

    street_fr: str = ""
    street_nl: str = ""
    postcode: str = ""
    municipality: Municipality | None = None
    wheelchair: bool | None = None
    directions_fr: str = ""
    directions_nl: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VisitData:
    """One opening of the door. Moments are aware; languages, the main one first, empty where nobody said."""

    starts_at: datetime
    ends_at: datetime
    seats: int
    languages: tuple[str, ...]


# --- Hosts ---------------------------------------------------------------------------------------


@transaction.atomic
def add_host(*, edition: Edition, data: HostData, by: User | None) -> Host:
    """A host more. Raises ``HostingError``, also when one of that name (accents aside) takes part."""
    _begin(edition, by=by)
    host = Host(edition=edition, search_name=fold(data.name), **_values(data))
    check_row(host)
    host.save()
    return host


@transaction.atomic
def add_host_with_place(*, edition: Edition, data: HostData, place: PlaceData, by: User | None) -> Host:
    """A host together with its first place, or neither. Raises ``HostingError``."""
    host = add_host(edition=edition, data=data, by=by)
    add_place(host=host, data=place, by=by)
    return host


@transaction.atomic
def edit_host(*, host: Host, data: HostData, by: User | None) -> Host:
    """Rewrite a host. Raises ``HostingError``."""
    _begin(host.edition, by=by)
    _assign(host, data)
    host.search_name = fold(data.name)
    check_row(host)
    host.save()
    return host


@transaction.atomic
def remove_host(*, host: Host, by: User | None) -> None:
    """Take a host out, with its places and visits, as long as nobody ever booked one of them."""
    _begin(host.edition, by=by)
    visits = list(_locked(host.visits.all()))
    if BookedVisit.objects.filter(visit__in=visits).exists():
        raise HostingError(_("People booked a visit to this host. Cancel its visits instead: they will be told."))
    host.visits.all().delete()
    host.delete()
    logger.info("Host %s was removed by %s", host.uuid, by and by.uuid)


# --- Places --------------------------------------------------------------------------------------


@transaction.atomic
def add_place(*, host: Host, data: PlaceData, by: User | None) -> Place:
    """Where a host receives. Raises ``HostingError``."""
    _begin(host.edition, by=by)
    place = Place(host=host, **_values(data))
    check_row(place)
    place.save()
    return place


@transaction.atomic
def edit_place(*, place: Place, data: PlaceData, by: User | None) -> Place:
    """Rewrite a place; who booked a visit that now happens elsewhere is told. Raises ``HostingError``."""
    _begin(place.host.edition, by=by)
    before = _address(Place.objects.get(pk=place.pk))
    _assign(place, data)
    check_row(place)
    place.save()
    if _address(place) != before:
        for visit in _locked(place.visits.filter(state=VisitState.PLANNED, ends_at__gt=timezone.now())):
            _revise(visit)
    return place


@transaction.atomic
def remove_place(*, place: Place, by: User | None) -> None:
    """Take a place out that no visit uses. Raises ``HostingError``."""
    _begin(place.host.edition, by=by)
    if place.visits.exists():
        raise HostingError(_("Visits take place here. Move them to another place first."))
    place.delete()


# --- Visits --------------------------------------------------------------------------------------


@transaction.atomic
def add_visit(*, host: Host, place: Place, data: VisitData, by: User | None) -> Visit:
    """One visit more. Raises ``HostingError``, also for a time outside the edition's days."""
    edition = _begin(host.edition, by=by)
    visit = Visit(edition=edition, host=host, place=place, **_visit_values(data))
    _check_visit(visit, edition)
    visit.save()
    return visit


@transaction.atomic
def edit_visit(*, visit: Visit, place: Place, data: VisitData, by: User | None) -> Visit:
    """Rewrite a visit, with its row locked as booking locks it: seats never fall below those taken.

    When its time or place changes, its revision goes up (calendars replace the entry) and everybody
    who holds a seat is told. Raises ``HostingError``.
    """
    edition = _begin(visit.edition, by=by)
    visit = _locked_visit(visit)
    if visit.state == VisitState.CANCELLED:
        raise HostingError(_("This visit was called off: add a new one instead."))
    moved = (visit.starts_at, visit.ends_at, visit.place_id) != (data.starts_at, data.ends_at, place.pk)
    _assign(visit, data)
    visit.languages = list(data.languages)
    visit.place = place
    if data.seats < visit.seats_taken:
        raise HostingError(
            ngettext_lazy(
                "One seat is taken: there cannot be fewer.",
                "%(number)d seats are taken: there cannot be fewer.",
                visit.seats_taken,
            )
            % {"number": visit.seats_taken},
            field="seats",
        )
    _check_visit(visit, edition)
    # Not the count of seats taken: that is booking's alone.
    visit.save(update_fields=["place", "starts_at", "ends_at", "seats", "languages", "modified"])
    if moved:
        _revise(visit)
    return visit


@transaction.atomic
def cancel_visit(*, visit: Visit, by: User | None) -> int:
    """Call a visit off: its bookings are given back and everybody is told. Returns how many people.

    Its row stays, people were told of it. Called off again: nothing more happens.
    """
    edition = _begin(visit.edition, by=by)
    _lock_visitors(visit)
    visit = _locked_visit(visit)
    if visit.state == VisitState.CANCELLED:
        return 0
    now = timezone.now()
    told = _tell("opendoors.visit_cancelled", visit, edition) if visit.starts_at > now else 0
    visit.booked.filter(state=BookedState.CONFIRMED).update(state=BookedState.CANCELLED, cancelled_at=now, modified=now)
    visit.state = VisitState.CANCELLED
    visit.seats_taken = 0
    visit.sequence += 1
    visit.save(update_fields=["state", "seats_taken", "sequence", "modified"])
    logger.info("Visit %s was called off by %s", visit.uuid, by and by.uuid)
    return told


@transaction.atomic
def withdraw_visit(*, visit: Visit, by: User | None) -> int:
    """Take a visit out of the programme: removed when nobody ever booked it, called off otherwise.

    Returns how many people are told. Raises ``HostingError``.
    """
    _begin(visit.edition, by=by)
    if visit.booked.exists():
        return cancel_visit(visit=visit, by=by)
    remove_visit(visit=visit, by=by)
    return 0


@transaction.atomic
def remove_visit(*, visit: Visit, by: User | None) -> None:
    """Take a visit out that nobody ever booked; a booked one is called off instead. Raises ``HostingError``."""
    _begin(visit.edition, by=by)
    visit = _locked_visit(visit)
    if visit.booked.exists():
        raise HostingError(_("People booked this visit. Call it off instead: they will be told."))
    visit.delete()


# --- Many at once, for the import ------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """A visit to be added in bulk, with its host and place."""

    host: Host
    place: Place
    data: VisitData


@transaction.atomic
def add_hosts(*, edition: Edition, data: Iterable[HostData], by: User | None) -> dict[str, Host]:
    """Many hosts in a few statements; by folded name. The caller has checked each against the model."""
    _begin(edition, by=by)
    hosts = [Host(edition=edition, search_name=fold(one.name), **_values(one)) for one in data]
    Host.objects.bulk_create(hosts, batch_size=BATCH)
    return {host.search_name: host for host in hosts}


@transaction.atomic
def add_places(*, edition: Edition, data: Iterable[tuple[Host, PlaceData]], by: User | None) -> list[Place]:
    """Many places in a few statements, in the order given. The caller has checked each."""
    _begin(edition, by=by)
    return Place.objects.bulk_create([Place(host=host, **_values(one)) for host, one in data], batch_size=BATCH)


@transaction.atomic
def add_visits(*, edition: Edition, openings: Sequence[Opening], by: User | None) -> list[Visit]:
    """Many visits in a few statements. The caller has checked each; the constraints hold anyway."""
    _begin(edition, by=by)
    visits = [Visit(edition=edition, host=one.host, place=one.place, **_visit_values(one.data)) for one in openings]
    return Visit.objects.bulk_create(visits, batch_size=BATCH)


def lock_visits(visits: Iterable[Visit]) -> None:
    """Lock many visits at once, as booking does, by primary key; whoever rewrites them one by one calls this first.

    Locked in the order of a file they would meet a booking of the same visits half way. Needs the edition's lock.
    """
    list(_locked(Visit.objects.filter(pk__in=[visit.pk for visit in visits])).values_list("pk"))


# --- Inside --------------------------------------------------------------------------------------


def _begin(edition: Edition, *, by: User | None) -> Edition:
    """Open a change to the programme: turn strangers away, take the edition's lock, leave history alone."""
    refuse_stranger(edition, by)
    bump_programme(edition.pk)
    edition = Edition.objects.select_related("basin").get(pk=edition.pk)
    if edition.state == EditionState.EVALUATED:
        raise HostingError(_("This edition is evaluated: its programme stays as it was."))
    return edition


def _locked(visits: QuerySet[Visit]) -> QuerySet[Visit]:
    return visits.select_related("edition__basin").order_by("pk").select_for_update(of=("self",), no_key=True)


def _locked_visit(visit: Visit) -> Visit:
    return _locked(Visit.objects.select_related("host")).get(pk=visit.pk)


def _lock_visitors(visit: Visit) -> None:
    """Who changes or gives back a booking of this visit right now finishes first."""
    holding = BookedVisit.objects.filter(visit=visit, state=BookedState.CONFIRMED).values("booking__visitor")
    list(Visitor.objects.filter(pk__in=holding).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def _check_visit(visit: Visit, edition: Edition) -> None:
    if visit.place.host_id != visit.host_id:
        raise HostingError(_("This place belongs to another host."), field="place")
    if problem := outside_days(edition, visit.starts_at, visit.ends_at):
        raise HostingError(problem, field="starts_at")
    check_row(visit, may_be_empty=["languages"])


def outside_days(edition: Edition, starts_at: datetime, ends_at: datetime) -> str:
    """Why a visit cannot be at this time: it lies outside the edition's days, or spans a night."""
    first, last = timezone.localdate(starts_at), timezone.localdate(ends_at)
    if first < edition.starts_on or first > edition.ends_on:
        return str(
            _("The edition runs from %(first)s to %(last)s.")
            % {"first": f"{edition.starts_on:%d/%m/%Y}", "last": f"{edition.ends_on:%d/%m/%Y}"}
        )
    return "" if first == last else str(_("A visit ends on the day it begins."))


def _values(data: HostData | PlaceData) -> dict[str, object]:
    # Not asdict: it would copy the municipality.
    return {name: getattr(data, name) for name in data.__dataclass_fields__}


def _visit_values(data: VisitData) -> dict[str, object]:
    return asdict(data) | {"languages": list(data.languages)}


def _assign(row: Host | Place | Visit, data: HostData | PlaceData | VisitData) -> None:
    for name in data.__dataclass_fields__:
        setattr(row, name, getattr(data, name))


def _address(place: Place) -> tuple[object, ...]:
    return *both(place, "street").values(), place.postcode, place.municipality_id


def _revise(visit: Visit) -> None:
    """The visit's next revision; who holds a seat is told of its new time or place."""
    Visit.objects.filter(pk=visit.pk).update(sequence=F("sequence") + 1, modified=timezone.now())
    visit.sequence += 1
    if visit.ends_at > timezone.now():
        _tell("opendoors.visit_moved", visit, visit.edition)


def _tell(kind: str, visit: Visit, edition: Edition) -> int:
    """One letter to each visitor who holds a seat, once per revision of the visit."""
    visitors = (
        visit.booked.filter(state=BookedState.CONFIRMED)
        .order_by("booking__visitor_id")
        .values_list("booking__visitor__uuid", "booking__visitor__email", "booking__visitor__language")
        .distinct()
    )
    for uuid, email, language in visitors:
        mail.post(
            kind,
            to=email,
            language=language,
            params={"visitor": str(uuid), "visit": str(visit.uuid)},
            key=f"{kind}:{visit.uuid}:{visit.sequence}:{uuid}",
            scope=edition.basin.code,
        )
    return len(visitors)
