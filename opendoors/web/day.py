"""The day itself: the host's list, the code at the door, and afterwards the certificate. All by signed link."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.cache import caches
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import signing
from core.bilingual import current_language
from core.errors import RuleError
from core.http import network_of, private_page
from core.jobs import start, under_way
from core.mail import absolute_url
from core.models import LongJob
from opendoors import jobs, queries, queries_day, queries_hosts
from opendoors.door_code import code_image
from opendoors.enums import NotedBy, VisitState
from opendoors.models import BookedVisit, Host, Visit
from opendoors.rules import attendance as rules
from opendoors.web.day_forms import DoorForm, SheetPost, TeamForm
from opendoors.web.links import address_of, host_link_gone, link_gone, opened_by_link, to

shown_or_sent = require_http_methods(["GET", "HEAD", "POST"])
WRONG_AT_MOST = 20  # lines that are on no list, per network
WRONG_SECONDS = 600


def opened_by_host(
    view: Callable[[HttpRequest, Host, str, Visit], HttpResponse],
) -> Callable[[HttpRequest, str, str, UUID], HttpResponse]:
    """Give the view the visit of the host whose link this is, or say why the link opens nothing."""

    @wraps(view)
    def opened(request: HttpRequest, basin: str, token: str, visit: UUID) -> HttpResponse:
        try:
            host = queries_hosts.host_by_link(token, basin)
        except (signing.BadToken, signing.StaleToken) as error:
            return host_link_gone(request, error, basin)
        visits = host.visits.exclude(state=VisitState.PROPOSED)
        row = get_object_or_404(visits.select_related("edition__basin", "host", "place__municipality"), uuid=visit)
        return view(request, host, token, row)

    return opened


@private_page
@shown_or_sent
@opened_by_host
def sheet(request: HttpRequest, host: Host, token: str, visit: Visit) -> HttpResponse:
    """Who comes, who came. The form as a whole, or (asked for JSON) the taps that its script still holds."""
    wants_json = request.headers.get("Accept") == "application/json"
    problems: list[str] = []
    status = 200
    if request.method == "POST":
        try:
            SheetPost(request.POST.dict()).note(visit=visit, by_whom=NotedBy.HOST, by=None)
        except RuleError as error:
            problems, status = [str(error.message)], error.status
        if wants_json:
            return _as_it_stands(visit, problems, status)
        if not problems:
            messages.success(request, _("It is noted."))
            return to("sheet", basin=host.edition.basin.code, token=token, visit=visit.uuid)
    return _sheet_page(request, host, token, visit, problems=problems, status=status)


def _as_it_stands(visit: Visit, problems: list[str], status: int) -> JsonResponse:
    """What is noted now, for the page's script: it may have been said by somebody else."""
    visit.refresh_from_db(fields=["walk_ins"])
    rows = queries_day.sheet_of(visit)
    body = {
        "rows": {str(row.uuid): row.attendance for row in rows},
        "came": {str(row.uuid): row.came or row.seats for row in rows if row.seats > 1},
        "walk_ins": visit.walk_ins,
        "problem": " ".join(problems),
    }
    return JsonResponse(body, status=status)


def _sheet_page(
    request: HttpRequest, host: Host, token: str, visit: Visit, *, problems: list[str], status: int
) -> HttpResponse:
    rows = queries_day.sheet_of(visit)
    context = {
        "visit": visit,
        "edition": visit.edition,
        "token": token,
        "rows": rows,
        "people": sum(row.seats for row in rows),
        "others": queries_day.visits_of_host(host).exclude(pk=visit.pk),
        "reason": rules.why_not_noted(visit, timezone.now()),
        "problems": problems,
        "code": code_image(absolute_url(queries_day.door_url(visit))),
    }
    return render(request, "opendoors/day/sheet.html", context, status=status)


@private_page
@require_POST
@opened_by_host
def sheet_paper(request: HttpRequest, host: Host, _token: str, _visit: Visit) -> HttpResponse:
    """The host's own lists, or the posters for its door, as a PDF."""
    what = request.POST.get("what")
    if what not in jobs.PAPERS:
        raise Http404
    return _job_page(host.edition.basin.code, jobs.HOST_PAPER, {"host": str(host.uuid), "what": what})


def _job_page(basin: str, kind: str, params: dict[str, Any]) -> HttpResponseRedirect:
    """Start the job, unless the same one is under way; nobody needs two."""
    language = current_language()
    job: LongJob = under_way(kind, params=params, language=language) or start(
        kind, params=params, by=None, scope=basin, language=language
    )
    return HttpResponseRedirect(reverse("job", kwargs={"basin": basin, "uuid": job.uuid}))


# --- The door ------------------------------------------------------------------------------------


@private_page
@shown_or_sent
def here(request: HttpRequest, basin: str, token: str) -> HttpResponse:
    """The page behind the code at the door: a visitor says "I am here", a team then how many of it are."""
    try:
        visit = queries_day.visit_of_door(token, basin)
    except (signing.BadToken, signing.StaleToken) as error:
        return link_gone(request, error)
    form = DoorForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _says_here(request, visit, form)
    return _door_page(request, visit, form, status=422 if form.errors else 200)


def _says_here(request: HttpRequest, visit: Visit, form: DoorForm) -> HttpResponse:
    if _has_guessed_too_often(request):
        form.add_error("who", _("Too many tries from here. Wait ten minutes, or ask the host to note you."))
        return _door_page(request, visit, form, status=429)
    who = form.cleaned_data["who"]
    try:
        row = rules.at_the_door(visit=visit, email_or_reference=who)
        counted = TeamForm(request.POST, seats=row.seats) if "came" in request.POST else None
        if counted is None or counted.is_valid():
            came = counted.cleaned_data["came"] if counted else None
            row = rules.check_in(visit=visit, email_or_reference=who, came=came)
    except RuleError as error:
        _note_wrong_guess(request)
        form.add_error("who", error.message)
        return _door_page(request, visit, form, status=422)
    if counted is not None and counted.errors:
        return _door_page(request, visit, counted, status=422)
    if counted is None and row.seats > 1:
        # Noted already: who goes in without a second look is on the list.
        team = TeamForm(initial={"who": who, "came": row.people_came}, seats=row.seats)
        return _door_page(request, visit, team, status=200, noted=row)
    messages.success(request, _noted_words(row))
    return HttpResponseRedirect(request.path)


def _noted_words(row: BookedVisit) -> str:
    if row.seats == 1:
        return _("You are noted as present. Welcome!")
    return _("You are noted as present: %(came)d of %(seats)d. Welcome!") % {
        "came": row.people_came,
        "seats": row.seats,
    }


def _door_page(
    request: HttpRequest, visit: Visit, form: Form, *, status: int, noted: BookedVisit | None = None
) -> HttpResponse:
    context = {
        "visit": visit,
        "edition": visit.edition,
        "form": form,
        "reason": rules.why_door_closed(visit, timezone.now()),
        "noted": _noted_words(noted) if noted else "",
    }
    return render(request, "opendoors/day/here.html", context, status=status)


def _guesses(request: HttpRequest) -> str:
    return f"opendoors:door:{network_of(request.META)}"


def _has_guessed_too_often(request: HttpRequest) -> bool:
    """Wrong lines alone are counted: a whole team may come in by one network."""
    return int(caches["shared"].get(_guesses(request)) or 0) >= WRONG_AT_MOST


def _note_wrong_guess(request: HttpRequest) -> None:
    caches["shared"].count(_guesses(request), WRONG_SECONDS)  # type: ignore[attr-defined]  # core.cache.ForgivingRedisCache


# --- Afterwards ----------------------------------------------------------------------------------


@private_page
@shown_or_sent
@opened_by_link
def certificate(request: HttpRequest, holding: queries.Holding) -> HttpResponse:
    """What a certificate would name; a POST has it made."""
    rows = queries_day.present_of(holding.confirmed)
    reason = queries_day.why_no_certificate(holding.edition, rows)
    if request.method == "POST" and not reason:
        params = {"booking": str(holding.booking.uuid), "whole_visitor": holding.whole_visitor}
        return _job_page(holding.edition.basin.code, jobs.CERTIFICATE, params)
    context = {
        "holding": holding,
        "rows": rows,
        "length": queries_day.hours_between(rows),
        "reason": reason,
        "back_url": reverse("opendoors:booked", kwargs=address_of(holding)),
    }
    return render(request, "opendoors/day/certificate.html", context, status=409 if request.method == "POST" else 200)
