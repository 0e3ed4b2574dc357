"""The visitor's way: the week, the booking, and what the signed links open."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any
from urllib.parse import urlencode
from uuid import UUID
from zlib import crc32

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from core import signing
from core.bilingual import current_language, text
from core.calendar import calendar_response
from core.errors import RuleError
from core.http import network_of, private_page
from core.mail import absolute_url
from opendoors import grid, live, queries, queries_answers, queries_day, queries_hosts, queries_waiting, travel
from opendoors.access import keeps_weeks
from opendoors.calendar import booked_events
from opendoors.enums import VisitState
from opendoors.errors import NothingChosen, SeatsFree, VisitsGone
from opendoors.models import Edition, Visit
from opendoors.records import record_of
from opendoors.rules import booking as booking_rules
from opendoors.rules import signing_up
from opendoors.rules import waiting as waiting_rules
from opendoors.rules.answering import why_visitor_cannot
from opendoors.rules.window import why_not_bookable
from opendoors.web.forms import ChangeForm, VisitorForm, prefilled, ticked
from opendoors.web.lines import RequestLine, open_lines
from opendoors.web.links import address_of, opened_by_link, person, to
from opendoors.web.seen import FIELD, ChangedMeanwhile, Seen
from opendoors.web.week_page import Choice, week_page

JUST_NOW = dt.timedelta(minutes=10)


@require_safe
def editions(request: HttpRequest, basin: str) -> HttpResponse:
    """All weeks of a basin, the next one first."""
    found = queries.with_programme_figures(queries.editions_for(request.user, basin))
    rows = [(edition, why_not_bookable(edition)) for edition in found.order_by("-starts_on")]
    desk_url = reverse("opendoors:staff_editions", kwargs={"basin": basin}) if keeps_weeks(request.user, basin) else ""
    context = {"rows": rows, "desk_url": desk_url, "call": queries_hosts.current_call(basin)}
    return render(request, "opendoors/editions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def week(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """The grid of one week; a POST books what is ticked, all or nothing."""
    now = _week(request, basin, slug)
    page = partial(week_page, request, now.edition, seats=now.seats)
    if request.method != "POST":
        asked = _asked_for(now.edition, ticked(request.GET, "visit"))
        return page(VisitorForm(initial=prefilled(request.user)), choice=asked)
    form = VisitorForm(request.POST)
    is_valid = form.is_valid()
    choice = Choice(ticked(request.POST), ticked(request.POST, "waits"), form.cleaned_data.get("seats") or 1)
    if not is_valid:
        nothing = None if choice.visits or choice.waits else NothingChosen()  # all there is to put right, at once
        return page(form, choice=choice, error=nothing, status=422)
    waits = choice.waits
    try:
        signed = signing_up.sign_up(
            visits=choice.visits,
            waits=waits,
            within=now.edition,
            known=now.visits([*choice.visits, *waits]),
            language=current_language(),
            by=person(request),
            network=network_of(request.META),
            **form.cleaned_data | {"wanted": _wanted(form.cleaned_data["wanted"], waits)},
        )
    except SeatsFree as error:
        now.learn(error.free)
        return page(form, choice=choice.booking(error.free), error=error, status=error.status)
    except RuleError as error:
        now.learn(error.gone if isinstance(error, VisitsGone) else ())
        return page(form, choice=choice, error=error, status=error.status)
    return _to_what_became(signed, basin)


def _asked_for(edition: Edition, identifiers: Sequence[UUID]) -> Choice | None:
    """What a link to the week has ticked: to book where there is a seat, else to wait for."""
    if not identifiers:
        return None
    visits = Visit.objects.filter(edition=edition, uuid__in=identifiers, state=VisitState.PLANNED)
    full = [visit.uuid for visit in visits if not visit.has_free_seat]
    return Choice([visit.uuid for visit in visits if visit.has_free_seat], full)


def _wanted(asked: int | None, waits: Sequence[UUID]) -> int:
    """How many of the visits waited for; ``None``: all, where some are at the same time as many as one can make."""
    if len(waits) < 2:
        return 1
    if asked is not None:
        return min(asked, len(waits))
    return max(1, waiting_rules.most_possible(list(Visit.objects.filter(uuid__in=waits))))


def _to_what_became(signed: signing_up.SignUp, basin: str) -> HttpResponse:
    """To what was booked, with the place in line beside it; or to the place in line alone."""
    line = queries_waiting.waiting_link(signed.request) if signed.request else ""
    if signed.booking is None:
        return to("waiting", basin=basin, token=line)
    return to(
        "booked", urlencode({"line": line}) if line else "", basin=basin, token=queries.booking_link(signed.booking)
    )


@require_safe
def seats(request: HttpRequest, basin: str, slug: str) -> HttpResponse:
    """The seats of this moment, for a page that stays open: fragments that replace their like."""
    now = _week(request, basin, slug)
    may_wait = "change" not in request.GET and not why_not_bookable(now.edition)
    tag = f'"{hash((may_wait, *now.seats.items())) & 0xFFFFFFFFFFFF:x}"'
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    language = current_language()
    rows = [(uuid, grid.seats_html(each, language, may_wait)) for uuid, each in now.seats.items()]
    response = render(request, "opendoors/_live_seats.html", {"rows": rows})
    response["ETag"] = tag
    response["Cache-Control"] = "no-cache"
    return response


@require_safe
def visit(request: HttpRequest, basin: str, slug: str, visit: UUID) -> HttpResponse:
    """One visit on a page of its own: what one will see, where, how to get there."""
    edition = _edition(request, basin, slug)
    row = get_object_or_404(queries.visits_for(request.user), uuid=visit, edition=edition)
    book_url = f"{queries.week_url(edition)}?{urlencode({'visit': row.uuid})}"
    context = {"visit": row, "edition": edition, "closed_reason": why_not_bookable(edition), "book_url": book_url}
    context["record"] = record_of(row.host, basin)
    return render(request, "opendoors/visit.html", context)


@private_page
@require_safe
@opened_by_link
def booked(request: HttpRequest, holding: queries.Holding) -> HttpResponse:
    """What a signed link holds: the visits, places in line, what can be done with them, the calendar."""
    calendar_url = reverse("opendoors:booked_calendar", kwargs=address_of(holding))
    # Right after booking or changing; the link in the mail comes later and says nothing of itself.
    is_fresh = not holding.whole_visitor and timezone.now() - holding.booking.modified < JUST_NOW
    confirm_url = reverse("opendoors:confirm_address", kwargs=address_of(holding)) if holding.whole_visitor else ""
    lines = _lines(request, holding)
    context = {
        "holding": holding,
        "closed_reason": why_not_bookable(holding.edition),
        "calendar_url": calendar_url,
        "feed_url": absolute_url(calendar_url).replace("https:", "webcal:", 1).replace("http:", "webcal:", 1),
        "is_fresh": is_fresh,
        "held_until": _held_until(holding, lines),
        "confirm_url": confirm_url,
        "lines": lines,
        "certificate_url": _certificate_url(holding),
        "questions_url": _questions_url(holding),
        "hops": travel.hops(row.visit for row in holding.confirmed),
    }
    return render(request, "opendoors/booked.html", context)


def _certificate_url(holding: queries.Holding) -> str:
    """Where the certificate is made, once there is one."""
    present = queries_day.present_of(holding.confirmed)
    if queries_day.why_no_certificate(holding.edition, present):
        return ""
    return reverse("opendoors:certificate", kwargs=address_of(holding))


def _questions_url(holding: queries.Holding) -> str:
    """The questionnaire, for who came by the link in the mail and can answer it now."""
    is_made = any(row.visit.ends_at <= timezone.now() for row in holding.confirmed)
    if not holding.whole_visitor or not is_made or why_visitor_cannot(holding.visitor):
        return ""
    return queries_answers.evaluate_url(holding.visitor)


def _lines(request: HttpRequest, holding: queries.Holding) -> list[RequestLine]:
    """By the link in the mail all places in line; to the browser the one it has just asked for, by its own token."""
    if holding.whole_visitor:
        return open_lines(list(queries_waiting.waiting_of(holding.visitor)), from_mailbox=True)
    try:
        asked = queries_waiting.request_by_link(request.GET.get("line", ""), holding.edition.basin.code)
    except (signing.BadToken, signing.StaleToken):
        return []
    return open_lines([asked], from_mailbox=False) if asked.visitor == holding.visitor else []


def _held_until(holding: queries.Holding, lines: Sequence[RequestLine]) -> dt.datetime | None:
    """The first moment at which something unconfirmed would be over."""
    moments = [row.booking.held_until for row in holding.held] + [line.request.held_until for line in lines]
    return min((moment for moment in moments if moment), default=None)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@opened_by_link
def change(request: HttpRequest, holding: queries.Holding) -> HttpResponse:
    """The grid again with one's own visits ticked; a POST makes what is ticked one's visits."""
    if not holding.confirmed:
        return HttpResponseRedirect(queries.week_url(holding.edition))
    mine = [row.visit.uuid for row in holding.confirmed]
    may_wait = holding.whole_visitor and not why_not_bookable(holding.edition)
    if request.method != "POST":
        form = ChangeForm(rows=holding.confirmed, may_wait=may_wait)
        return week_page(request, holding.edition, form, choice=Choice(mine), holding=holding)
    form = ChangeForm(request.POST, rows=holding.confirmed, may_wait=may_wait)
    is_valid = form.is_valid()
    waits = ticked(request.POST, "waits") if may_wait else []
    choice = Choice(ticked(request.POST), waits, form.cleaned_data.get("seats") or 1)
    seen = Seen.read(request.POST.get(FIELD, ""))

    def refuse_stale() -> None:
        fresh = queries.holding(holding.token, holding.edition.basin.code)
        if seen is not None and seen != Seen.of(fresh.confirmed):
            raise ChangedMeanwhile

    if not is_valid:
        return week_page(request, holding.edition, form, choice=choice, holding=holding, status=422)
    try:
        _change(request, holding, choice, form.cleaned_data, refuse_stale)
    except ChangedMeanwhile as error:
        return _look_again(request, holding, form, choice, error)
    except RuleError as error:
        choice = choice.booking(error.free) if isinstance(error, SeatsFree) else choice
        return week_page(
            request, holding.edition, form, choice=choice, holding=holding, error=error, status=error.status
        )
    return to("booked", **address_of(holding))


def _change(
    request: HttpRequest, holding: queries.Holding, choice: Choice, data: dict[str, Any], check: Callable[[], None]
) -> None:
    """What is ticked becomes what the link holds; by the link in the mail one waits for full visits as well."""
    same: dict[str, Any] = {
        "booking": holding.booking,
        "visits": choice.visits,
        "seats": data["seats"],
        "companions": data["companions"],
        "by": person(request),
        "check": check,
    }
    if choice.waits:
        wanted = _wanted(data["wanted"], choice.waits)
        signing_up.change_and_wait(waits=choice.waits, wanted=wanted, **same)
        return
    booking_rules.change(network=network_of(request.META), whole_visitor=holding.whole_visitor, **same)


def _look_again(
    request: HttpRequest, holding: queries.Holding, sent: ChangeForm, choice: Choice, error: ChangedMeanwhile
) -> HttpResponse:
    """The page anew: what is held now with what was ticked, and how many people come as it is now."""
    fresh = queries.holding(holding.token, holding.edition.basin.code)
    seen, now = Seen.read(request.POST.get(FIELD, "")) or Seen.of(()), Seen.of(fresh.confirmed)
    form = ChangeForm(rows=fresh.confirmed, may_wait="wanted" in sent.fields)
    if crc32(str(sent.cleaned_data["companions"]).encode()) != seen.companions:
        form.initial["companions"] = sent.cleaned_data["companions"]
    if sent.cleaned_data["seats"] and {sent.cleaned_data["seats"]} != set(seen.visits.values()):
        form.initial["seats"] = str(sent.cleaned_data["seats"])
    merged = Choice(seen.merged(choice.visits, now), choice.waits, choice.seats)
    return week_page(request, holding.edition, form, choice=merged, holding=fresh, error=error, status=error.status)


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@opened_by_link
def cancel(request: HttpRequest, holding: queries.Holding) -> HttpResponse:
    """Asks first; the POST gives all seats back."""
    if not holding.coming:
        messages.info(request, _("There is nothing to give back any more."))
        return to("booked", **address_of(holding))
    if request.method == "POST":
        booking_rules.cancel(booking=holding.booking, by=person(request), whole_visitor=holding.whole_visitor)
        messages.success(request, _("Your visits are given back. A mail says so."))
        return to("booked", **address_of(holding))
    back_url = reverse("opendoors:booked", kwargs=address_of(holding))
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
    events = booked_events(holding.rows)
    name = str(text(holding.edition, "name"))
    return calendar_response(name, events, current_language(), filename=f"{holding.edition.slug}.ics")


# --- Helpers -------------------------------------------------------------------------------------


def _week(request: HttpRequest, basin: str, slug: str) -> live.Week:
    try:
        return live.week_for(request.user, basin, slug)
    except Edition.DoesNotExist:
        raise Http404 from None


def _edition(request: HttpRequest, basin: str, slug: str) -> Edition:
    try:
        return queries.edition_for(request.user, basin, slug)
    except Edition.DoesNotExist:
        raise Http404 from None
