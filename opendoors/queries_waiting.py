"""What is read of the waiting list: places in line and why, requests of a visitor, a visit's line, its links."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, OuterRef, Prefetch, QuerySet, Subquery, Sum
from django.db.models.functions import Greatest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from basins.models import PartnerKey
from core import signing, spoken
from opendoors.enums import OPEN_WISHES, WaitingState, WishState
from opendoors.models import Edition, Visit, Visitor, WaitingRequest, Wish
from opendoors.queries import LINK_LIVES_ON, VISITOR_LINK, visitor_link
from opendoors.rules.limits import OrganisationSeats

WAITING_LINK = "opendoors.waiting"


@dataclass(frozen=True, slots=True)
class LinePlace:
    """A place in line: requests and seats before it, and in words why nothing is on offer yet, or until when."""

    ahead: int
    seats_ahead: int
    reason: str


@dataclass(frozen=True, slots=True)
class LineCount:
    """How many requests wait for a visit, for how many seats."""

    requests: int
    seats: int


# --- Places in line ------------------------------------------------------------------------------


def place_in_line(wish: Wish) -> LinePlace:
    """The place of one wish, whose request and visit (with edition) are at hand."""
    return places_in_line([wish])[wish.pk]


def places_in_line(wishes: Iterable[Wish]) -> dict[int, LinePlace]:
    """Places by the wishes' keys, in one query, and two for each edition that limits organisations.

    Who is no longer in line has nobody before and a word on what became of it.
    """
    wishes = list(wishes)
    lines: dict[int, list[tuple[tuple[dt.datetime, int], int]]] = {wish.visit_id: [] for wish in wishes}
    standing = Wish.objects.filter(visit__in=lines, state=WishState.WAITING).order_by()
    for visit_id, created, request_id, seats in standing.values_list(
        "visit_id", "request__created", "request_id", "request__seats"
    ):
        lines[visit_id].append(((created, request_id), seats))
    limited = {wish.visit.edition for wish in wishes if wish.visit.edition.seats_per_organisation is not None}
    organisations = {
        edition.pk: OrganisationSeats(edition, [wish.visit for wish in wishes if wish.visit.edition_id == edition.pk])
        for edition in limited
    }
    places = {}
    for wish in wishes:
        own = (wish.request.created, wish.request_id)
        before = [seats for place, seats in lines[wish.visit_id] if place < own]
        if wish.state != WishState.WAITING:
            before = []
        used = organisations.get(wish.visit.edition_id)
        places[wish.pk] = LinePlace(len(before), sum(before), _reason(wish, before, used))
    return places


def _reason(wish: Wish, before: list[int], organisations: OrganisationSeats | None) -> str:
    request = wish.request
    if wish.state == WishState.OFFERED and wish.expires_at is not None:
        return _("On offer to you until %(when)s.") % {"when": spoken.moment(wish.expires_at)}
    if wish.state != WishState.WAITING:
        return str(WishState(wish.state).label)
    if request.is_held:
        return _("Confirm your address first: until then what comes free goes to the next.")
    if organisations and not organisations.fits(wish.visit_id, request.organisation, request.seats):
        return _(
            "Your organisation has all the seats it may have in this visit: somebody of yours must give back first."
        )
    if before:
        said = ngettext(
            "One request came before yours, for seats: %(seats)d.",
            "%(number)d requests came before yours, for seats: %(seats)d.",
            len(before),
        ) % {"number": len(before), "seats": sum(before)}
    else:
        said = _("You are next: what comes free is offered to you.")
    if request.seats > 1:
        group = _("You need %(seats)d seats at once; fewer go to the first one they are enough for.")
        said = f"{said} {group % {'seats': request.seats}}"
    return said


def why_passed_over(edition: Edition, visits: Iterable[Visit]) -> dict[int, str]:
    """For the team: why a seat that comes free may go past a wish, by the wish's key; ``visits`` carry their ``line``.

    No query, and two where the edition limits organisations. An address to be confirmed is not among them.
    """
    visits = list(visits)
    organisations = OrganisationSeats(edition, visits)
    reasons = {}
    for visit in visits:
        line: list[Wish] = visit.line  # type: ignore[attr-defined]  # prefetched by staff_queries.waiting
        for wish in line:
            request = wish.request
            if wish.state != WishState.WAITING or request.is_held:
                continue
            if not organisations.fits(visit.pk, request.organisation, request.seats):
                reasons[wish.pk] = _("passed over: the organisation has all the seats it may have")
            elif request.seats > 1:
                words = _("waits for %(seats)d seats at once; fewer go to the next")
                reasons[wish.pk] = words % {"seats": request.seats}
    return reasons


# --- Requests and lines --------------------------------------------------------------------------


def waiting_of(visitor: Visitor) -> QuerySet[WaitingRequest]:
    """All requests of a visitor, oldest first, with their wishes, visits, hosts and places."""
    return _with_wishes(WaitingRequest.objects.filter(visitor=visitor))


def requests_of_key(key: PartnerKey) -> QuerySet[WaitingRequest]:
    """Requests that a partner made with this key, oldest first, with what it takes to show them.

    ``changed``: when the request or one of its wishes was last changed.
    """
    newest = Wish.objects.filter(request=OuterRef("pk")).order_by("-modified").values("modified")[:1]
    requests = WaitingRequest.objects.filter(key=key)
    return _with_wishes(requests.annotate(changed=Greatest("modified", Subquery(newest))))


def _with_wishes(requests: QuerySet[WaitingRequest]) -> QuerySet[WaitingRequest]:
    wishes = Wish.objects.select_related(
        "request", "visit__host", "visit__place__municipality", "visit__edition__basin", "booked__booking"
    ).order_by("visit__starts_at", "pk")
    return (
        requests.select_related("visitor__edition__basin")
        .prefetch_related(Prefetch("wishes", queryset=wishes))
        .order_by("created", "pk")
    )


def line_of(visit: Visit) -> QuerySet[Wish]:
    """Who waits for a visit or has an offer of it, in the order of the line, with request and visitor."""
    return (
        Wish.objects.filter(visit=visit, state__in=OPEN_WISHES)
        .select_related("request__visitor", "visit__edition")
        .order_by("request__created", "request_id")
    )


def waiting_counts(edition: Edition) -> dict[UUID, LineCount]:
    """How many wait for each visit of an edition, by the visit's UUID; visits nobody waits for are left out."""
    rows = (
        Wish.objects.filter(visit__edition=edition, state=WishState.WAITING)
        .order_by()
        .values("visit__uuid")
        .annotate(requests=Count("pk"), seats=Sum("request__seats"))
    )
    return {row["visit__uuid"]: LineCount(row["requests"], row["seats"]) for row in rows}


def unconfirmed_requests(visitor: Visitor) -> QuerySet[WaitingRequest]:
    """Requests that wait for the address to be confirmed."""
    return WaitingRequest.objects.filter(visitor=visitor, state=WaitingState.WAITING, held_until__isnull=False)


# --- Links ---------------------------------------------------------------------------------------


def waiting_link(request: WaitingRequest) -> str:
    """The token of one request: for the browser that made it. It shows and leaves; it accepts nothing."""
    return signing.make_token(WAITING_LINK, request.uuid)


def request_by_link(token: str, basin: str) -> WaitingRequest:
    """The request that such a token opens. Raises ``core.signing.BadToken`` or ``StaleToken``."""
    uuid = signing.read_uuid(WAITING_LINK, token)
    request = _with_wishes(WaitingRequest.objects.filter(uuid=uuid)).first()
    if request is None or request.visitor.edition.basin.code != basin:
        raise signing.BadToken
    _refuse_stale(request.visitor.edition)
    return request


def wish_by_link(token: str, basin: str, wish: UUID) -> Wish:
    """A wish of the visitor whose mailed token this is: who has it may accept and decline.

    Raises ``core.signing.BadToken`` (also for somebody else's wish) or ``StaleToken``.
    """
    visitor = signing.read_uuid(VISITOR_LINK, token)
    row = (
        Wish.objects.filter(uuid=wish, request__visitor__uuid=visitor, visit__edition__basin__code=basin)
        .select_related(
            "request__visitor__edition__basin",
            "visit__host",
            "visit__place__municipality",
            "visit__edition__basin",
            "booked__booking",
        )
        .first()
    )
    if row is None:
        raise signing.BadToken
    _refuse_stale(row.visit.edition)
    return row


def _refuse_stale(edition: Edition) -> None:
    if timezone.localdate() > edition.ends_on + LINK_LIVES_ON:
        raise signing.StaleToken


def waiting_url(request: WaitingRequest) -> str:
    """The page of one request, in the active language."""
    kwargs = {"basin": request.visitor.edition.basin.code, "token": waiting_link(request)}
    return reverse("opendoors:waiting", kwargs=kwargs)


def offer_url(wish: Wish) -> str:
    """The page that asks whether an offer is accepted; for the visitor's own mailbox alone."""
    visitor = wish.request.visitor
    kwargs = {"basin": wish.visit.edition.basin.code, "token": visitor_link(visitor), "wish": wish.uuid}
    return reverse("opendoors:offer", kwargs=kwargs)
