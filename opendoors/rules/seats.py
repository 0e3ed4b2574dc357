"""Seats and their locks: what booking, the waiting list and the forgetting of people share.

Order of locks: the visitor's row (a person is at one place at a time), then the visits' rows by
primary key (a seat is given once), then requests on the waiting list (`rules.line`). Nothing here
decides who may; nothing here tells anybody.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from uuid import UUID

from django.db.models import Case, F, When
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from basins.models import PartnerKey
from basins.rules.people import NotYours
from opendoors.access import may_book_for_others
from opendoors.enums import PUBLIC_STATES, BookedState, VisitState
from opendoors.errors import (
    GroupSize,
    NothingChosen,
    SeveralEditions,
    TooManyNames,
    TooManyVisits,
    UnknownVisits,
    VisitsGone,
    VisitsOverlap,
    VisitStarted,
)
from opendoors.models import GROUP_AT_MOST, BookedVisit, Booking, Edition, Visit, Visitor

VISITS_AT_ONCE = 20

# --- Reading and locking -------------------------------------------------------------------------


def chosen_visits(
    identifiers: Sequence[UUID], *, within: Edition | None, known: Mapping[UUID, Visit] | None = None
) -> list[Visit]:
    """The visits, in order of time, all of one edition that visitors may see. Raises a ``BookingError``.

    ``known``: those of ``within`` as the request has just read them (`opendoors.live`), which are not asked for again.
    """
    wanted = list(dict.fromkeys(identifiers))
    if not wanted:
        raise NothingChosen
    if len(wanted) > VISITS_AT_ONCE:
        raise TooManyVisits(VISITS_AT_ONCE)
    found = dict(known) if known and within and within.state in PUBLIC_STATES else {}
    if not found.keys() >= set(wanted):
        rows = Visit.objects.filter(uuid__in=wanted, edition__state__in=PUBLIC_STATES).exclude(
            state=VisitState.PROPOSED
        )
        found = {visit.uuid: visit for visit in rows.select_related("host", "edition__basin")}
    unknown = [str(identifier) for identifier in wanted if identifier not in found]
    if unknown:
        raise UnknownVisits(unknown)
    visits = sorted((found[identifier] for identifier in wanted), key=lambda visit: (visit.starts_at, visit.pk))
    if len({visit.edition_id for visit in visits} | ({within.pk} if within else set())) > 1:
        raise SeveralEditions
    if within:
        for visit in visits:
            visit.edition = within
    return visits


def locked_visitor(edition: Edition, email: str, language: str) -> Visitor:
    """The visitor's row, made or found, and locked: one statement does all three.

    Only the key of what comes back is the row's own: where the row was there already, the rest is
    what we would have written.
    """
    visitor = Visitor(edition=edition, email=email.strip().lower(), language=language)
    Visitor.objects.bulk_create(
        [visitor], update_conflicts=True, unique_fields=["edition", "email"], update_fields=["modified"]
    )
    return visitor


def relocked_visitor(visitor_id: int) -> Visitor:
    """A visitor's row that is there, locked and fresh, with edition and basin."""
    return (
        Visitor.objects.select_for_update(of=("self",), no_key=True).select_related("edition__basin").get(pk=visitor_id)
    )


def lock_visits(visits: Iterable[Visit]) -> None:
    """Lock the rows of the visits in order of key (no deadlock) and make what may have changed fresh.

    A visit that was removed meanwhile counts as called off.
    """
    known: dict[int, list[Visit]] = defaultdict(list)
    for visit in visits:
        known[visit.pk].append(visit)
    fresh = {
        visit.pk: visit
        for visit in Visit.objects.select_for_update(no_key=True)
        .filter(pk__in=known)
        .order_by("pk")
        .only("seats", "seats_taken", "seats_held", "state", "starts_at", "ends_at")
    }
    for pk, copies in known.items():
        now = fresh.get(pk)
        for visit in copies:
            if now is None:
                visit.state = VisitState.CANCELLED
                continue
            visit.seats, visit.seats_taken, visit.seats_held = now.seats, now.seats_taken, now.seats_held
            visit.state, visit.starts_at, visit.ends_at = now.state, now.starts_at, now.ends_at


def confirmed(*visitors: Visitor) -> list[BookedVisit]:
    """The seats these visitors hold, in order of time."""
    return list(
        BookedVisit.objects.filter(booking__visitor__in=visitors, state=BookedState.CONFIRMED)
        .select_related("visit__host", "booking")
        .order_by("visit__starts_at")
    )


# --- Refusing ------------------------------------------------------------------------------------


def refuse_stranger(key: PartnerKey | None, edition: Edition) -> None:
    """Raise ``NotYours`` for a partner's key that was not given for the edition's basin."""
    if key is not None and not may_book_for_others(key, edition):
        raise NotYours(_("Your key was not given for the basin of these visits."))


def refuse_odd_group(seats: int, companions: str) -> None:
    """A group has 1 to ``GROUP_AT_MOST`` people, and no more names than people who come along."""
    if not 1 <= seats <= GROUP_AT_MOST:
        raise GroupSize(GROUP_AT_MOST)
    if len(names_in(companions)) > seats - 1:
        raise TooManyNames(seats)


def names_in(companions: str) -> list[str]:
    """Who comes along, one name per line."""
    return [line.strip() for line in companions.splitlines() if line.strip()]


def refuse_impossible(visits: Sequence[Visit], seats: int) -> None:
    """What no visitor can book, whoever asks: begun, called off, too full, or at the time of one another."""
    refuse_begun(visits, giving_back=False)
    refuse_gone(visits, seats)
    refuse_overlap(sorted(visits, key=lambda visit: (visit.starts_at, visit.pk)))


def refuse_gone(visits: Sequence[Visit], seats: int) -> None:
    """Raise ``VisitsGone`` where fewer than ``seats`` are left."""
    cancelled = [visit for visit in visits if visit.state == VisitState.CANCELLED]
    full = [visit for visit in visits if visit.seats_left < seats and visit not in cancelled]
    if full or cancelled:
        raise VisitsGone(full, cancelled, seats=seats)


def refuse_overlap(visits: Sequence[Visit]) -> None:
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


def refuse_overlap_with_booked(visits: Sequence[Visit], booked: Sequence[BookedVisit]) -> None:
    """The same words whatever is booked at that time: an address typed into a form is not proven to be one's own."""
    for visit in visits:
        if any(overlap(row.visit, visit) for row in booked):
            raise VisitsOverlap(
                _(
                    "At the time of %(one)s something is booked with this address already. Look in your mailbox: "
                    "by the link in that mail you confirm, change or throw away what was booked. "
                    "Or sign in with the address."
                )
                % {"one": visit.host.name},
                [visit],
            )


def refuse_begun(visits: Iterable[Visit], *, giving_back: bool) -> None:
    """Raise ``VisitStarted``."""
    if any(visit.starts_at <= timezone.now() for visit in visits):
        raise VisitStarted(giving_back=giving_back)


def overlap(one: Visit, other: Visit) -> bool:
    """Whether nobody can be at both; back to back is no overlap."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


# --- Writing -------------------------------------------------------------------------------------


def take(booking: Booking, visits: Sequence[Visit], seats: int) -> list[BookedVisit]:
    """Take ``seats`` in each of the visits, which are locked."""
    if not visits:
        return []
    rows = BookedVisit.objects.bulk_create([BookedVisit(booking=booking, visit=visit, seats=seats) for visit in visits])
    Visit.objects.filter(pk__in=[visit.pk for visit in visits]).update(
        seats_taken=F("seats_taken") + seats, modified=timezone.now()
    )
    return rows


def give_back(rows: Sequence[BookedVisit]) -> list[Visit]:
    """Free the seats of ``rows``, whose visits are locked; gives the visits that have free seats by it.

    Each once, for a host may have called a visit off between our reading the row and our lock.
    """
    if not rows:
        return []
    now = timezone.now()
    held = BookedVisit.objects.filter(pk__in=[row.pk for row in rows], state=BookedState.CONFIRMED)
    freed: Counter[int] = Counter()
    for visit_id, seats in held.values_list("visit_id", "seats"):
        freed[visit_id] += seats
    held.update(state=BookedState.CANCELLED, cancelled_at=now, modified=now)
    count("seats_taken", {visit_id: -seats for visit_id, seats in freed.items()})
    return [row.visit for row in rows if row.visit_id in freed]


def give_back_what_is_to_come(rows: Sequence[BookedVisit]) -> list[BookedVisit]:
    """Lock, then give back what has not begun; gives the rows that were."""
    lock_visits([row.visit for row in rows])
    coming = [row for row in rows if row.visit.starts_at > timezone.now()]
    give_back(coming)
    return coming


def resize(rows: Sequence[BookedVisit], seats: int) -> list[Visit]:
    """Make each of ``rows`` one for ``seats`` people; gives the visits that have free seats by it.

    The visits are locked and fresh. Raises ``VisitsGone`` where the group does not fit.
    """
    now = timezone.now()
    held = list(
        BookedVisit.objects.filter(pk__in=[row.pk for row in rows], state=BookedState.CONFIRMED).exclude(seats=seats)
    )
    fresh = {row.visit_id: row.visit for row in rows}
    more = {row.visit_id: seats - row.seats for row in held}
    tight = [visit for key, visit in fresh.items() if visit.seats_left < more.get(key, 0)]
    if tight:
        raise VisitsGone(tight, seats=max(more[visit.pk] for visit in tight), is_more=True)
    # On the morning of a visit somebody may be noted already: of the smaller team all of those came.
    came = Case(When(came__lt=seats, then=F("came")), default=None)
    BookedVisit.objects.filter(pk__in=[row.pk for row in held]).update(seats=seats, came=came, modified=now)
    count("seats_taken", more)
    return [fresh[key] for key, number in more.items() if number < 0]


def count(column: str, more: dict[int, int]) -> None:
    """Add to ``seats_taken`` or ``seats_held`` of locked visits, by key; one statement per number."""
    now = timezone.now()
    for number, pairs in groupby(sorted(more.items(), key=lambda pair: pair[1]), key=lambda pair: pair[1]):
        keys = [key for key, _number in pairs]
        Visit.objects.filter(pk__in=keys).update(**{column: F(column) + number}, modified=now)
