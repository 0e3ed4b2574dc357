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

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from basins.models import User
from core.text import fold
from opendoors.enums import BookedState, EditionState, HostState, VisitState, WaitingState, WishState
from opendoors.errors import HostingError
from opendoors.models import BookedVisit, Edition, Host, Place, Visit, Visitor
from opendoors.rules import line, programme_data, visit_letters
from opendoors.rules.checks import check_row, outside_days, refuse_numbers, refuse_odd_time, refuse_stranger
from opendoors.rules.contacts import tell_contacts
from opendoors.rules.editions import bump_programme
from opendoors.rules.programme_data import HostData, Opening, PlaceData, VisitData

logger = logging.getLogger(__name__)

BATCH = 1000


# --- Hosts ---------------------------------------------------------------------------------------


@transaction.atomic
def add_host(*, edition: Edition, data: HostData, by: User | None, state: HostState = HostState.ACCEPTED) -> Host:
    """A host more. Raises ``HostingError``, also when one of that name (accents aside) takes part."""
    _begin(edition, by=by)
    refuse_numbers(data)
    host = Host(edition=edition, search_name=fold(data.name), state=state, **programme_data.values_of(data))
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
    """Rewrite a host; who was its contact and who is it now are told. Raises ``HostingError``."""
    _begin(host.edition, by=by)
    refuse_numbers(data)
    before = Host.objects.get(pk=host.pk)
    programme_data.assign(host, data)
    host.search_name = fold(data.name)
    check_row(host)
    host.save()
    tell_contacts(host, before)
    return host


@transaction.atomic
def remove_host(*, host: Host, by: User | None) -> None:
    """Take a host out, with its places and visits, as long as nobody ever booked one of them."""
    _begin(host.edition, by=by)
    visits = list(_locked(host.visits.all()))
    if any(was_asked_for(visit) for visit in visits):
        raise HostingError(_("People booked a visit to this host. Cancel its visits instead: they will be told."))
    host.visits.all().delete()
    host.delete()
    logger.info("Host %s was removed by %s", host.uuid, by and by.uuid)


# --- Places --------------------------------------------------------------------------------------


@transaction.atomic
def add_place(*, host: Host, data: PlaceData, by: User | None) -> Place:
    """Where a host receives. Raises ``HostingError``."""
    _begin(host.edition, by=by)
    refuse_numbers(data)
    place = Place(host=host, **programme_data.values_of(data))
    check_row(place)
    place.save()
    return place


@transaction.atomic
def edit_place(*, place: Place, data: PlaceData, by: User | None) -> Place:
    """Rewrite a place; who booked a visit that now happens elsewhere is told. Raises ``HostingError``."""
    _begin(place.host.edition, by=by)
    refuse_numbers(data)
    was = Place.objects.select_related("municipality").get(pk=place.pk)
    programme_data.assign(place, data)
    check_row(place)
    place.save()
    if visit_letters.address_of(place) != visit_letters.address_of(was):
        for visit in _locked(place.visits.filter(state=VisitState.PLANNED, ends_at__gt=timezone.now())):
            visit_letters.revise(visit, before=visit_letters.before(visit, was))
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
def add_visit(*, host: Host, place: Place, data: VisitData, by: User | None, is_proposal: bool = False) -> Visit:
    """One visit more. Raises ``HostingError``, also for a time outside the edition's days.

    It is in the programme at once, unless it is its host's proposal or the host itself is not accepted yet.
    """
    edition = _begin(host.edition, by=by)
    state = VisitState.PROPOSED if is_proposal else _first_state(host)
    visit = Visit(edition=edition, host=host, place=place, state=state, **programme_data.visit_values(data))
    _check_visit(visit, edition)
    visit.save()
    return visit


@transaction.atomic
def edit_visit(*, visit: Visit, place: Place, data: VisitData, by: User | None, may_end_waiting: bool = True) -> Visit:
    """Rewrite a visit, with its row locked as booking locks it: seats never fall below those taken or on offer.

    When its time or place changes, its revision goes up (calendars replace the entry) and everybody
    who holds a seat or waits for one is told. New seats are offered to the line. Who waits for more seats than
    there are left at all waits no longer and is told; without ``may_end_waiting`` that is refused, at the field
    ``end_waiting``. Raises ``HostingError``.
    """
    edition = _begin(visit.edition, by=by)
    visit = _locked_visit(visit)
    if visit.state == VisitState.CANCELLED:
        raise HostingError(_("This visit was called off: add a new one instead."))
    moved = (visit.starts_at, visit.ends_at, visit.place_id) != (data.starts_at, data.ends_at, place.pk)
    before = visit_letters.before(visit, visit.place) if moved else {}
    in_vain = line.too_large(visit, data.seats) if data.seats < visit.seats else []
    programme_data.assign(visit, data)
    visit.languages = list(data.languages)
    visit.place = place
    refuse_fewer_seats(visit, data.seats)
    _check_visit(visit, edition)
    if in_vain and not may_end_waiting:
        _refuse_ending(len(in_vain))
    # Not the counts of seats taken and on offer: they are booking's and the waiting list's alone.
    visit.save(update_fields=["place", "starts_at", "ends_at", "seats", "languages", "modified"])
    if moved:
        line.shorten_offers(visit)
        visit_letters.revise(visit, before=before)
    if in_vain:
        line.end_too_large(in_vain)
    line.offer_free_seats([visit])
    return visit


@transaction.atomic
def cancel_visit(*, visit: Visit, by: User | None) -> int:
    """Call a visit off: its bookings are given back and everybody is told. Returns how many people.

    Its row stays, people were told of it. Called off again: nothing more happens.
    """
    return cancel_visits(visits=[visit], by=by)


@transaction.atomic
def cancel_visits(*, visits: Sequence[Visit], by: User | None) -> int:
    """Call several visits of one edition off, with all locks taken first. Returns how many letters go out."""
    if not visits:
        return 0
    edition = _begin(visits[0].edition, by=by)
    _lock_visitors(visits)
    locked = list(_locked(Visit.objects.select_related("host").filter(pk__in=[visit.pk for visit in visits])))
    off = [visit for visit in locked if visit.state != VisitState.CANCELLED]
    return sum(_call_off(visit, edition, by=by) for visit in off) + _end_lines(off)


@transaction.atomic
def withdraw_visit(*, visit: Visit, by: User | None) -> int:
    """Take a visit out of the programme: removed when nobody ever asked for it, called off otherwise.

    Returns how many people are told. Raises ``HostingError``.
    """
    _begin(visit.edition, by=by)
    if was_asked_for(visit):
        return cancel_visit(visit=visit, by=by)
    remove_visit(visit=visit, by=by)
    return 0


@transaction.atomic
def remove_visit(*, visit: Visit, by: User | None) -> None:
    """Take a visit out that nobody ever booked or waited for; others are called off. Raises ``HostingError``."""
    _begin(visit.edition, by=by)
    visit = _locked_visit(visit)
    if was_asked_for(visit):
        raise HostingError(_("People booked this visit. Call it off instead: they will be told."))
    visit.delete()


# --- Many at once, for the import ------------------------------------------------------------------


@transaction.atomic
def add_hosts(*, edition: Edition, data: Iterable[HostData], by: User | None) -> dict[str, Host]:
    """Many hosts in a few statements; by folded name. The caller has checked each against the model."""
    _begin(edition, by=by)
    hosts = [Host(edition=edition, search_name=fold(one.name), **programme_data.values_of(one)) for one in data]
    Host.objects.bulk_create(hosts, batch_size=BATCH)
    return {host.search_name: host for host in hosts}


@transaction.atomic
def add_places(*, edition: Edition, data: Iterable[tuple[Host, PlaceData]], by: User | None) -> list[Place]:
    """Many places in a few statements, in the order given. The caller has checked each."""
    _begin(edition, by=by)
    return Place.objects.bulk_create(
        [Place(host=host, **programme_data.values_of(one)) for host, one in data], batch_size=BATCH
    )


@transaction.atomic
def add_visits(*, edition: Edition, openings: Sequence[Opening], by: User | None) -> list[Visit]:
    """Many visits in a few statements. The caller has checked each; the constraints hold anyway."""
    _begin(edition, by=by)
    visits = [
        Visit(
            edition=edition,
            host=one.host,
            place=one.place,
            state=_first_state(one.host),
            **programme_data.visit_values(one.data),
        )
        for one in openings
    ]
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


def _call_off(visit: Visit, edition: Edition, *, by: User | None) -> int:
    """One visit, whose row and visitors are locked."""
    now = timezone.now()
    told = visit_letters.tell("opendoors.visit_cancelled", visit, edition) if visit.starts_at > now else 0
    visit.booked.filter(state=BookedState.CONFIRMED).update(state=BookedState.CANCELLED, cancelled_at=now, modified=now)
    visit.state = VisitState.CANCELLED
    visit.seats_taken = 0
    visit.sequence += 1
    visit.save(update_fields=["state", "seats_taken", "sequence", "modified"])
    logger.info("Visit %s was called off by %s", visit.uuid, by and by.uuid)
    return told


def _end_lines(visits: Sequence[Visit]) -> int:
    """Nobody waits for a visit that is off: who did is told, all at once, for requests are locked by key."""
    wishes = line.open_wishes(visits)
    line.end_wishes(wishes, WishState.ENDED)
    line.close_requests([wish.request_id for wish in wishes], otherwise=WaitingState.ENDED, tell=False)
    told = [wish for wish in wishes if wish.visit.starts_at > timezone.now()]
    for wish in told:
        line.tell_of_wish("opendoors.waiting_called_off", wish, wish.visit.edition)
    return len(told)


def refuse_fewer_seats(visit: Visit, seats: int) -> None:
    """Raise ``HostingError`` for fewer ``seats`` than are taken and on offer to the waiting list."""
    if seats < visit.seats_taken:
        raise HostingError(
            ngettext_lazy(
                "One seat is taken: there cannot be fewer.",
                "%(number)d seats are taken: there cannot be fewer.",
                visit.seats_taken,
            )
            % {"number": visit.seats_taken},
            field="seats",
        )
    if seats < visit.seats_taken + visit.seats_held:
        raise HostingError(
            _(
                "Seats taken: %(taken)d; on offer to the waiting list: %(held)d. "
                "There cannot be fewer than both together."
            )
            % {"taken": visit.seats_taken, "held": visit.seats_held},
            field="seats",
        )


def _refuse_ending(number: int) -> None:
    raise HostingError(
        ngettext_lazy(
            "%(number)d request on the waiting list is for more seats than that: it would end, with a letter.",
            "%(number)d requests on the waiting list are for more seats than that: they would end, with a letter.",
            number,
        )
        % {"number": number},
        field="end_waiting",
    )


def _lock_visitors(visits: Iterable[Visit]) -> None:
    """Who changes or gives back a booking of these visits right now finishes first."""
    holding = BookedVisit.objects.filter(visit__in=visits, state=BookedState.CONFIRMED).values("booking__visitor")
    list(Visitor.objects.filter(pk__in=holding).order_by("pk").select_for_update(no_key=True).values_list("pk"))


def was_asked_for(visit: Visit) -> bool:
    """Whether anybody ever booked a visit or stood in line for it: such a row stays."""
    return visit.booked.exists() or visit.wishes.exists()


def _first_state(host: Host) -> VisitState:
    """Of a new visit: in no programme as long as the team has not said yes to its host."""
    return VisitState.PLANNED if host.state == HostState.ACCEPTED else VisitState.PROPOSED


def _check_visit(visit: Visit, edition: Edition) -> None:
    if visit.place.host_id != visit.host_id:
        raise HostingError(_("This place belongs to another host."), field="place")
    if problem := outside_days(edition, visit.starts_at, visit.ends_at):
        raise HostingError(problem, field="starts_at")
    refuse_odd_time(visit.starts_at, visit.ends_at)
    check_row(visit, may_be_empty=["languages"])
