"""The visitor's way: the week, the booking, and what the signed links open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Sequence
from functools import wraps
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from basins.models import User
from core import signing
from core.bilingual import current_language, text
from core.calendar import calendar_response
from core.errors import RuleError
from core.http import private_page
from opendoors import grid, queries
from opendoors.access import keeps_weeks, may_manage_edition
from opendoors.calendar import booked_event
from opendoors.errors import VisitsGone, VisitsOverlap
from opendoors.models import Edition, Visit
from opendoors.rules import booking as booking_rules
from opendoors.staff_queries import edition_url
from opendoors.web.forms import VisitorForm, prefilled, ticked

JUST_NOW = dt.timedelta(minutes=10)


@require_safe
def editions(request: HttpRequest, basin: str) -> HttpResponse:
    """All weeks of a basin, the next one first."""
    found = queries.with_programme_figures(queries.editions_for(request.user, basin))
    rows = [(edition, booking_rules.why_not_bookable(edition)) for edition in found.order_by("-starts_on")]
    desk_url = reverse("opendoors:staff_editions", kwargs={"basin": basin}) if keeps_weeks(request.user, basin) else ""
    return render(request, "opendoors/editions.html", {"rows": rows, "desk_url": desk_url})


@require_http_methods(["GET", "HEAD", "POST"])
def week(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """The grid of one week; a POST books what is ticked, all or nothing."""
    edition = _edition(request, basin, slug)
    if request.method != "POST":
        return _week_page(request, edition, VisitorForm(initial=prefilled(request.user)))
    form = VisitorForm(request.POST)
    chosen = ticked(request.POST)
    if not form.is_valid():
        return _week_page(request, edition, form, chosen=chosen, status=422)
    try:
        booking = booking_rules.book(
            visits=chosen,
            within=edition,
            language=current_language(),
            by=_person(request),
            **form.cleaned_data,
        )
    except RuleError as error:
        return _week_page(request, edition, form, chosen=chosen, error=error, status=error.status)
    return _to("opendoors:booked", basin=basin, token=queries.booking_link(booking))


@require_safe
def seats(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """The seats of this moment, for a page that stays open: fragments that replace their like."""
    edition = _edition(request, basin, slug)
    live = grid.live_seats(edition)
    tag = f'"{hash(tuple(live.items())) & 0xFFFFFFFFFFFF:x}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    language = current_language()
    rows = [(uuid, grid.seats_html(now, language)) for uuid, now in live.items()]
    response = render(request, "opendoors/_live_seats.html", {"rows": rows})
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def visit(request: HttpRequest, basin: str, slug: str, visit: UUID) -> HttpResponse:
    """One visit on a page of its own: what one will see, where, how to get there."""
    edition = _edition(request, basin, slug)
    row = get_object_or_404(queries.visits_for(request.user), uuid=visit, edition=edition)
    context = {"visit": row, "edition": edition, "closed_reason": booking_rules.why_not_bookable(edition)}
    return render(request, "opendoors/visit.html", context)


def opened_by_link(
    view: Callable[[HttpRequest, queries.Holding], HttpResponse],
) -> Callable[[HttpRequest, str, str], HttpResponse]:
    """Give the view what the token in the address holds, or say why the link opens nothing."""

    @wraps(view)
    def opened(request: HttpRequest, basin: str, token: str) -> HttpResponse:
        try:
            holding = queries.holding(token, basin)
        except (signing.BadToken, signing.StaleToken) as error:
            return render(request, "opendoors/link_gone.html", {"reason": error.message}, status=error.status)
        return view(request, holding)

    return opened


@private_page
@require_safe
@opened_by_link
def booked(request: HttpRequest, holding: queries.Holding) -> HttpResponse:
    """What a signed link holds: the visits, what can be done with them, the calendar."""
    closed = booking_rules.why_not_bookable(holding.edition)
    calendar_url = reverse("opendoors:booked_calendar", kwargs=_address(holding))
    # Right after booking or changing; the link in the mail comes later and says nothing of itself.
    is_fresh = not holding.whole_visitor and timezone.now() - holding.booking.modified < JUST_NOW
    context = {"holding": holding, "closed_reason": closed, "calendar_url": calendar_url, "is_fresh": is_fresh}
    return render(request, "opendoors/booked.html", context)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@opened_by_link
def change(request: HttpRequest, holding: queries.Holding) -> HttpResponse:
    """The grid again with one's own visits ticked; a POST makes what is ticked one's visits."""
    mine = {row.visit.uuid for row in holding.confirmed}
    if request.method != "POST":
        return _week_page(request, holding.edition, None, chosen=mine, holding=holding)
    chosen = ticked(request.POST)
    try:
        booking_rules.change(
            booking=holding.booking, visits=chosen, by=_person(request), whole_visitor=holding.whole_visitor
        )
    except RuleError as error:
        return _week_page(
            request, holding.edition, None, chosen=chosen, holding=holding, error=error, status=error.status
        )
    return _to("opendoors:booked", **_address(holding))


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@opened_by_link
def cancel(request: HttpRequest, holding: queries.Holding) -> HttpResponse:
    """Asks first; the POST gives all seats back."""
    if request.method == "POST":
        booking_rules.cancel(booking=holding.booking, by=_person(request), whole_visitor=holding.whole_visitor)
        return _to("opendoors:booked", **_address(holding))
    back_url = reverse("opendoors:booked", kwargs=_address(holding))
    context = {
        "holding": holding,
        "confirm_label": _("Give back"),
        "danger": True,
        "cancel_url": back_url,
        "cancel_label": _("Keep my visits"),
    }
    return render(request, "opendoors/cancel.html", context)


@private_page
@require_safe
@opened_by_link
def booked_calendar(request: HttpRequest, holding: queries.Holding) -> HttpResponse:
    """All visits of the link in one calendar file; as a subscription it stays up to date."""
    events = [booked_event(row) for row in holding.rows]
    name = str(text(holding.edition, "name"))
    return calendar_response(name, events, current_language(), filename=f"{holding.booking.reference}.ics")


# --- Helpers -------------------------------------------------------------------------------------


def _edition(request: HttpRequest, basin: str, slug: str) -> Edition:
    return get_object_or_404(queries.editions_for(request.user, basin), slug=slug)


def _address(holding: queries.Holding) -> dict[str, str]:
    return {"basin": holding.edition.basin.code, "token": holding.token}


def _person(request: HttpRequest) -> User | None:
    return request.user if isinstance(request.user, User) else None


def _to(name: str, **kwargs: Any) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, kwargs=kwargs))


def _week_page(
    request: HttpRequest,
    edition: Edition,
    form: VisitorForm | None,
    *,
    chosen: Collection[UUID] = (),
    holding: queries.Holding | None = None,
    error: RuleError | None = None,
    status: int = 200,
) -> HttpResponse:
    """The week, for booking (``form``) or for changing what a link holds (``holding``)."""
    reason = booking_rules.why_not_bookable(edition)
    gone = {visit.uuid for visit in error.gone} if isinstance(error, VisitsGone) else set()
    still_there = [identifier for identifier in chosen if identifier not in gone]
    clashing = {visit.uuid for visit in error.clashing} if isinstance(error, VisitsOverlap) else set()
    context = {
        "edition": edition,
        # Without a form there is nothing to send: the closed week is shown, its reason beside it.
        "form": None if reason and holding is None else form,
        "holding": holding,
        "back_url": reverse("opendoors:editions", kwargs={"basin": edition.basin.code}),
        "desk_url": edition_url(edition) if may_manage_edition(request.user, edition) else "",
        "grid": grid.render_grid(
            edition, bookable=not reason, chosen=still_there, clashing=clashing, may_untick=holding is not None
        ),
        "chosen": _chosen_cards(edition, chosen, error) if chosen else [],
        "has_clash": bool(clashing),
        "problems": [error.message] if error else [],
        "closed_reason": reason,
        "figures": grid.programme_figures(edition),
    }
    return render(request, "opendoors/week.html", context, status=status)


def _chosen_cards(edition: Edition, chosen: Collection[UUID], error: RuleError | None) -> Sequence[dict[str, Any]]:
    """What the tray lists; in a rush most that come back chose one visit, and the rule has read it already."""
    gone = {visit.uuid: visit for visit in error.gone} if isinstance(error, VisitsGone) else {}
    visits = list(gone.values())
    rest = [identifier for identifier in chosen if identifier not in gone]
    if rest:
        visits += Visit.objects.filter(edition=edition, uuid__in=rest).select_related("host")
    return [
        {
            "starts_at": visit.starts_at,
            "ends_at": visit.ends_at,
            "host_name": visit.host.name,
            "host_language": visit.host.name_language,
            "is_full": visit.uuid in gone,
        }
        for visit in sorted(visits, key=lambda visit: visit.starts_at)
    ]
