"""The line before a full visit: who is next, what is on offer until when, and when a request is over.

Used with the visits' rows locked (`rules.seats.lock_visits`): a wish changes under the lock of its
visit and no other way. Requests are locked last, all at once and by key, and only to be closed. Nobody
offers, takes back and closes but through here, so what is on offer is always what ``seats_held`` says.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Count, Q
from django.utils import timezone

from core import mail
from opendoors.enums import OPEN_WISHES, EditionState, VisitState, WaitingState, WishState
from opendoors.models import Edition, Visit, WaitingRequest, Wish
from opendoors.rules import seats
from opendoors.rules.limits import OrganisationSeats

LAST_OFFER = dt.timedelta(hours=3)  # before the visit: who is told later cannot come any more
LEAST_TIME = dt.timedelta(hours=2)  # to answer


def lapses_at(edition: Edition, visit: Visit, now: dt.datetime) -> dt.datetime:
    """Until when a seat offered now must be answered: the edition's hours, near the visit half of what is left."""
    time = min(dt.timedelta(hours=edition.offer_hours), (visit.starts_at - now) / 2)
    return now + max(time, LEAST_TIME)


def offer_free_seats(visits: Iterable[Visit]) -> int:
    """Offer what is free in ``visits``, whose rows are locked, to the next in line; returns how many offers.

    The first in line gets it whose number of seats fits what is free and whose organisation may have
    them: one free seat is not kept idle for a group of three. An address that nobody confirmed keeps its
    place and is passed over. One query where nobody waits.
    """
    now = timezone.now()
    waiting = (
        Wish.objects.filter(
            visit__in={visit.pk for visit in visits},
            state=WishState.WAITING,
            request__held_until=None,
            visit__state=VisitState.PLANNED,
            visit__starts_at__gt=now + LAST_OFFER,
        )
        .exclude(visit__edition__state=EditionState.EVALUATED)
        .select_related("request__visitor")
        .order_by("request__created", "request_id")
    )
    lines: dict[int, list[Wish]] = defaultdict(list)
    for wish in waiting:
        lines[wish.visit_id].append(wish)
    if not lines:
        return 0
    fresh = Visit.objects.filter(pk__in=lines).select_related("edition__basin").order_by("pk")
    return sum(_offer_in_line(visit, lines[visit.pk], now) for visit in fresh)


def _offer_in_line(visit: Visit, line: Sequence[Wish], now: dt.datetime) -> int:
    left, offered = visit.seats_left, []
    if left < 1:
        return 0
    organisations = OrganisationSeats(visit.edition, [visit])
    for wish in line:
        request = wish.request
        if request.seats > left or not organisations.fits(visit.pk, request.organisation, request.seats):
            continue
        left -= request.seats
        organisations.add(visit.pk, request.organisation, request.seats)
        offered.append(wish)
        if left < 1:
            break
    until = lapses_at(visit.edition, visit, now)
    Wish.objects.filter(pk__in=[wish.pk for wish in offered]).update(
        state=WishState.OFFERED, offered_at=now, expires_at=until, modified=now
    )
    if held := sum(wish.request.seats for wish in offered):
        seats.count("seats_held", {visit.pk: held})
    for wish in offered:
        tell_of_wish("opendoors.seat_offered", wish, visit.edition)
    return len(offered)


def end_wishes(wishes: Sequence[Wish], state: WishState) -> list[Visit]:
    """Take ``wishes`` out of their lines, each once; gives the visits that have free seats by it.

    Their visits are locked. The caller closes the requests and offers the seats.
    """
    if not wishes:
        return []
    now = timezone.now()
    fresh = Wish.objects.filter(pk__in=[wish.pk for wish in wishes], state__in=OPEN_WISHES)
    held: Counter[int] = Counter()
    for visit_id, number in fresh.filter(state=WishState.OFFERED).values_list("visit_id", "request__seats"):
        held[visit_id] += number
    fresh.update(state=state, ended_at=now, modified=now)
    seats.count("seats_held", {visit_id: -number for visit_id, number in held.items()})
    return [wish.visit for wish in wishes if wish.visit_id in held]


def release(wishes: Sequence[Wish]) -> list[Visit]:
    """Take open ``wishes`` out of their lines for whom they are; gives the visits that have free seats by it.

    Who stays in line for fewer visits than were wanted wants that many now; who stays in none has given up.
    The visits are locked; locks the requests, by key. The caller offers the seats.
    """
    keys = {wish.request_id for wish in wishes}
    requests = list(WaitingRequest.objects.select_for_update(no_key=True).filter(pk__in=keys).order_by("pk"))
    freed = end_wishes(wishes, WishState.RELEASED)
    for request in requests:
        possible = request.wishes.filter(state__in=[*OPEN_WISHES, WishState.ACCEPTED]).count()
        if 0 < possible < request.wanted:
            request.wanted = possible
            request.save(update_fields=["wanted", "modified"])
    close_requests(keys, otherwise=WaitingState.LEFT, tell=False)
    return freed


def close_requests(requests: Iterable[int], *, otherwise: WaitingState, tell: bool) -> list[WaitingRequest]:
    """Close those of ``requests`` (keys) that have no open wish left; gives the closed ones.

    Served where something was accepted, else in the state ``otherwise`` (given up, or ended). With
    ``tell`` those are written to who did not get all they wanted. Locks the requests, by key, and
    counts with the lock: two wishes of one request that end at once close it once.
    """
    locked = list(
        WaitingRequest.objects.select_for_update(of=("self",), no_key=True)
        .filter(pk__in=set(requests), state=WaitingState.WAITING)
        .select_related("visitor__edition__basin")
        .order_by("pk")
    )
    if not locked:
        return []
    counted = {
        request: (still_open, accepted)
        for request, still_open, accepted in Wish.objects.filter(request__in=locked)
        .order_by()
        .values("request")
        .annotate(
            still_open=Count("pk", filter=Q(state__in=OPEN_WISHES)),
            accepted=Count("pk", filter=Q(state=WishState.ACCEPTED)),
        )
        .values_list("request", "still_open", "accepted")
    }
    closed, now = [], timezone.now()
    for request in locked:
        still_open, accepted = counted[request.pk]
        if still_open:
            continue
        request.state = WaitingState.SERVED if accepted else otherwise
        request.ended_at = now
        request.save(update_fields=["state", "ended_at", "modified"])
        closed.append(request)
        if tell and accepted < request.wanted:
            tell_of_request("opendoors.waiting_ended", request)
    return closed


def too_large(visit: Visit, seats: int) -> list[Wish]:
    """Who waits for more seats in ``visit`` than there would be with ``seats`` of them: in vain."""
    waiting = [wish for wish in open_wishes([visit]) if wish.state == WishState.WAITING]
    return [wish for wish in waiting if wish.request.seats > seats]


def waiting_seats(edition: Edition) -> dict[int, list[int]]:
    """Of each visit of an edition (by key) that somebody waits for: for how many seats each does. One query."""
    waiting = Wish.objects.filter(visit__edition=edition, state=WishState.WAITING)
    found: dict[int, list[int]] = defaultdict(list)
    for visit_id, number in waiting.values_list("visit_id", "request__seats"):
        found[visit_id].append(number)
    return found


def end_too_large(wishes: Sequence[Wish]) -> None:
    """End the wishes that a visit has become too small for, each with a letter. Its row is locked."""
    end_wishes(wishes, WishState.ENDED)
    close_requests([wish.request_id for wish in wishes], otherwise=WaitingState.ENDED, tell=False)
    for wish in wishes:
        tell_of_wish("opendoors.waiting_too_large", wish, wish.visit.edition)


def shorten_offers(visit: Visit) -> None:
    """After a visit moved, under its lock: no offer runs beyond what one made now would, or into the visit."""
    until = min(lapses_at(visit.edition, visit, timezone.now()), visit.starts_at)
    offers = Wish.objects.filter(visit=visit, state=WishState.OFFERED, expires_at__gt=until)
    offers.filter(offered_at__lt=until).update(expires_at=until, modified=timezone.now())


def tell_of_wish(kind: str, wish: Wish, edition: Edition, *, once: str = "") -> None:
    """One letter of a kind about a wish; ``once`` where there may be several: what each is about."""
    visitor = wish.request.visitor
    mail.post(
        kind,
        to=visitor.email,
        language=visitor.language,
        params={"wish": str(wish.uuid)},
        key=":".join(filter(None, [kind, str(wish.uuid), once])),
        scope=edition.basin.code,
    )


def tell_of_request(kind: str, request: WaitingRequest) -> None:
    """One letter of a kind about a request."""
    visitor = request.visitor
    mail.post(
        kind,
        to=visitor.email,
        language=visitor.language,
        params={"request": str(request.uuid)},
        key=f"{kind}:{request.uuid}",
        scope=visitor.edition.basin.code,
    )


def open_wishes(visits: Iterable[Visit]) -> list[Wish]:
    """Whoever stands in the lines of these visits, in order."""
    return list(
        Wish.objects.filter(visit__in=[visit.pk for visit in visits], state__in=OPEN_WISHES)
        .select_related("request__visitor", "visit__edition__basin")
        .order_by("request__created", "request_id")
    )
