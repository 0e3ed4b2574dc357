"""What the mails about scarce seats lead to: confirming an address, answering an offer, leaving a line.

Each page shows first and acts on POST: programs that check mails follow links. Confirming and answering
take the link that reached the mailbox; the link of the browser that joined a line shows it and leaves it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from core import signing
from core.errors import RuleError
from core.http import private_page
from opendoors import queries, queries_waiting
from opendoors.enums import OPEN_WISHES, WishState
from opendoors.models import BookedVisit, WaitingRequest, Wish
from opendoors.rules import addresses
from opendoors.rules import waiting as rules
from opendoors.rules.seats import overlap
from opendoors.rules.window import why_not_bookable
from opendoors.web.forms import ticked
from opendoors.web.lines import request_lines
from opendoors.web.links import address_of, link_gone, person, to

shown_or_sent = require_http_methods(["GET", "HEAD", "POST"])


def opened_from_mailbox(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For the link that was mailed alone: the one a browser gets by booking says nothing about the address.

    The view takes the request, what the link holds, and what else stands in the address.
    """

    @wraps(view)
    def opened(request: HttpRequest, basin: str, token: str, **more: UUID) -> HttpResponse:
        try:
            holding = queries.holding(token, basin)
        except (signing.BadToken, signing.StaleToken) as error:
            return link_gone(request, error)
        if not holding.whole_visitor:
            return link_gone(request, signing.BadToken())
        return view(request, holding, **more)

    return opened


def opened_by_request(
    view: Callable[[HttpRequest, WaitingRequest, str], HttpResponse],
) -> Callable[[HttpRequest, str, str], HttpResponse]:
    """Give the view the request on the waiting list that the token opens, or say why it opens nothing."""

    @wraps(view)
    def opened(request: HttpRequest, basin: str, token: str) -> HttpResponse:
        try:
            found = queries_waiting.request_by_link(token, basin)
        except (signing.BadToken, signing.StaleToken) as error:
            return link_gone(request, error)
        return view(request, found, token)

    return opened


# --- The address ---------------------------------------------------------------------------------


@private_page
@shown_or_sent
@opened_from_mailbox
def confirm_address(request: HttpRequest, holding: queries.Holding) -> HttpResponse:
    """Asks whether the reader booked; the POST makes what was held theirs, or gives it back."""
    asked = [one for one in queries_waiting.waiting_of(holding.visitor) if one.is_held]
    if request.method == "POST" and (holding.held or asked) and request.POST.get("answer") == "not-me":
        addresses.throw_away(visitor=holding.visitor, by=person(request))
        messages.success(request, _("Thank you for telling us: all is given back, and you hear no more of it."))
        return to("confirm_address", **address_of(holding))
    if request.method == "POST" and (holding.held or asked):
        addresses.confirm(visitor=holding.visitor, by=person(request))
        messages.success(request, _("Thank you: your address is confirmed."))
        return to("booked", **address_of(holding))
    released = [row for row in holding.rows if _went_unconfirmed(row)]
    context = {
        "holding": holding,
        "asked": asked,
        "until": min((row.booking.held_until for row in holding.held if row.booking.held_until), default=None),
        "released": released,
        "back_url": reverse("opendoors:booked", kwargs=address_of(holding)),
        "back_label": _("My visits"),
        "week_url": queries.week_url(holding.edition),
        "closed_reason": why_not_bookable(holding.edition),
    }
    return render(request, "opendoors/confirm_address.html", context)


def _went_unconfirmed(row: BookedVisit) -> bool:
    """Given back because nobody confirmed it in time, and not by somebody."""
    until = row.booking.held_until
    return until is not None and row.cancelled_at is not None and row.cancelled_at >= until


# --- An offer ------------------------------------------------------------------------------------


@private_page
@shown_or_sent
@opened_from_mailbox
def offer(request: HttpRequest, holding: queries.Holding, wish: UUID) -> HttpResponse:
    """A freed seat: until when, what goes back for it, yes or no. The POST answers."""
    try:
        found = queries_waiting.wish_by_link(holding.token, holding.edition.basin.code, wish)
    except signing.BadToken as error:
        return link_gone(request, error)
    problems, status = [], 200
    if request.method == "POST":
        try:
            _answer(request, found)
            return to("booked", **address_of(holding))
        except RuleError as error:
            problems, status = [error.message], error.status
            found.refresh_from_db(fields=["state", "expires_at"])
    state = _state_now(found)
    context = {
        "holding": holding,
        "wish": found,
        "visit": found.visit,
        "reason": "" if state == WishState.OFFERED else rules.WORDS_OF_GONE[state],
        "given_back": [row for row in holding.confirmed if overlap(row.visit, found.visit)],
        "released": _released_by(found),
        "problems": problems,
        "back_url": reverse("opendoors:booked", kwargs=address_of(holding)),
    }
    return render(request, "opendoors/offer.html", context, status=status)


def _state_now(wish: Wish) -> WishState:
    """Of an offer whose time is over, too, before the task takes it back."""
    is_over = wish.expires_at is not None and wish.expires_at <= timezone.now()
    return WishState.LAPSED if wish.state == WishState.OFFERED and is_over else WishState(wish.state)


def _answer(request: HttpRequest, wish: Wish) -> None:
    if request.POST.get("answer") == "decline":
        rules.decline(wish=wish, by=person(request))
        messages.success(request, _("Thank you: the seat goes to the next in line."))
        return
    booked: BookedVisit = rules.accept(wish=wish, by=person(request))
    words = ngettext("It is yours: %(host)s.", "They are yours: %(n)s seats, %(host)s.", booked.seats)
    messages.success(request, words % {"n": booked.seats, "host": wish.visit.host.name})


def _released_by(wish: Wish) -> list[Wish]:
    """The other lines that one leaves by accepting: all, when enough is accepted; else those at the same time."""
    wishes = list(wish.request.wishes.select_related("visit__host"))
    accepted = sum(one.state == WishState.ACCEPTED for one in wishes) + 1
    others = [one for one in wishes if one.state in OPEN_WISHES and one.pk != wish.pk]
    return [one for one in others if accepted >= wish.request.wanted or overlap(one.visit, wish.visit)]


# --- A request -----------------------------------------------------------------------------------


@private_page
@require_safe
@opened_by_request
def waiting(request: HttpRequest, found: WaitingRequest, token: str) -> HttpResponse:
    """Where a request stands, for the browser that made it."""
    context = {
        "found": found,
        "edition": found.visitor.edition,
        "lines": request_lines([found], from_mailbox=False),
        "week_url": queries.week_url(found.visitor.edition),
    }
    return render(request, "opendoors/waiting.html", context)


@private_page
@shown_or_sent
@opened_by_request
def leave_waiting(request: HttpRequest, found: WaitingRequest, token: str) -> HttpResponse:
    """Which lines to leave; all are ticked. The POST leaves them."""
    still_open = [wish for wish in found.wishes.all() if wish.state in OPEN_WISHES]
    back_url = reverse("opendoors:waiting", kwargs={"basin": found.visitor.edition.basin.code, "token": token})
    problems = []
    if request.method == "POST":
        visits = ticked(request.POST)
        if visits or not still_open:
            rules.leave(request=found, by=person(request), visits=visits)
            messages.success(request, _("You left the waiting list."))
            return to("waiting", basin=found.visitor.edition.basin.code, token=token)
        problems = [_("Tick the visits you no longer wait for.")]
    context = {
        "found": found,
        "wishes": still_open,
        "problems": problems,
        "confirm_label": _("Leave the waiting list"),
        "danger": True,
        "cancel_url": back_url,
        "cancel_label": _("Stay in line"),
    }
    return render(request, "opendoors/leave_waiting.html", context, status=422 if problems else 200)
