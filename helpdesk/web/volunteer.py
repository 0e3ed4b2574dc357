"""Experts' own pages: offering oneself, confirming the address, changing what one offers, away, leaving."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from basins.models import Basin, User
from basins.web.desk import ask_page
from basins.web.views import current_basin
from core import signing, spoken
from core.errors import RuleError
from core.http import network_of, private_page
from helpdesk import expert_queries, queries
from helpdesk.models import Expert
from helpdesk.rules import pool
from helpdesk.web.expert_forms import AwayForm, ExpertForm, RegionVolunteerForm, VolunteerForm

INVALID = 422
shown_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@shown_or_sent
def volunteer(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """Who may be asked, and what for; a POST offers, and says where the mail went, whoever is known already.

    On the Region's site who offers themselves says which helpdesk gets in touch.
    """
    page = current_basin(basin)
    initial = {"name": request.user.name, "email": request.user.email} if isinstance(request.user, User) else {}
    form_class = RegionVolunteerForm if page is None else VolunteerForm
    form = form_class(request.POST if request.method == "POST" else None, initial=initial)
    sent_to = ""
    if request.method == "POST" and form.is_valid():
        try:
            pool.offer(
                data=form.for_rule(),
                home=page or Basin.objects.get(code=form.cleaned_data["home"]),
                consents=form.cleaned_data["consents"],
                network=network_of(request.META),
            )
        except RuleError as error:
            form.add_refusal(error)
        else:
            sent_to = form.cleaned_data["email"]
    context = {"form": form, "sent_to": sent_to, "ask_url": queries.desk_url("ask", page.code if page else None)}
    return render(request, "helpdesk/volunteer.html", context, status=INVALID if form.errors else 200)


@private_page
@shown_or_sent
def volunteer_confirm(request: HttpRequest, basin: str, token: str) -> HttpResponse:
    """The link of the mail: shown first, confirmed by POST, for scanners follow links."""
    try:
        expert = expert_queries.expert_to_confirm(token)
    except (signing.BadToken, signing.StaleToken) as error:
        return link_gone(request, error)

    def act() -> HttpResponse:
        confirmed = pool.confirm(expert=expert)
        messages.success(request, _("Thank you. The helpdesk reads your offer and writes to you."))
        return HttpResponseRedirect(expert_queries.own_url(confirmed))

    return ask_page(
        request,
        act,
        question=_("Is this your address?"),
        detail=_("%(email)s. Then the helpdesk sees your offer and gets in touch with you.") % {"email": expert.email},
        yes=_("Yes, it is mine"),
        back_url=queries.desk_url("volunteer", basin),
        danger=False,
    )


def link_gone(request: HttpRequest, error: RuleError) -> HttpResponse:
    return render(request, "helpdesk/expert_gone.html", {"reason": error.message}, status=error.status)


def for_expert(view: Callable[[HttpRequest, Expert], HttpResponse]) -> Callable[[HttpRequest, str, str], HttpResponse]:
    """Give the view the expert whose link stands in the address, or say why it opens nothing."""

    @wraps(view)
    def opened(request: HttpRequest, basin: str, token: str) -> HttpResponse:
        try:
            row = expert_queries.expert_by_link(token)
        except (signing.BadToken, signing.StaleToken) as error:
            return link_gone(request, error)
        return view(request, row)

    return opened


@private_page
@shown_or_sent
@for_expert
def expert(request: HttpRequest, row: Expert) -> HttpResponse:
    """What they offer, to change; a POST saves it."""
    if request.method != "POST":
        return _show(request, row)
    form = ExpertForm(request.POST)
    if form.is_valid():
        try:
            pool.edit(expert=row, data=form.for_rule())
        except RuleError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(expert_queries.own_url(row))
    return _show(request, row, status=INVALID, form=form)


@private_page
@require_POST
@for_expert
def expert_away(request: HttpRequest, row: Expert) -> HttpResponse:
    """Away until a day, or back."""
    if "back" in request.POST:
        pool.set_away(expert=row, until=None)
        messages.success(request, _("Welcome back: you can be asked again."))
        return HttpResponseRedirect(expert_queries.own_url(row))
    form = AwayForm(request.POST)
    if form.is_valid():
        try:
            away = pool.set_away(expert=row, until=form.cleaned_data["until"])
        except RuleError as error:
            form.add_refusal(error)
        else:
            messages.success(request, said_away(away))
            return HttpResponseRedirect(expert_queries.own_url(row))
    return _show(request, row, status=INVALID, away=form)


def said_away(row: Expert) -> str:
    """That nobody asks them until then."""
    day = spoken.long_date(row.away_until) if row.away_until else ""
    return _("You are away until %(day)s. Until then nobody asks you anything.") % {"day": day}


@private_page
@shown_or_sent
@for_expert
def expert_leave(request: HttpRequest, row: Expert) -> HttpResponse:
    """Out of the pool; asked first."""

    def act() -> HttpResponse:
        pool.leave(expert=row)
        messages.success(request, _("You have left the pool, and what you told us is deleted. Thank you."))
        return HttpResponseRedirect(queries.desk_url("volunteer", row.home.code))

    return ask_page(
        request,
        act,
        question=_("Leave the pool of experts?"),
        detail=_(
            "Nobody asks you any more. Your name, address and the rest are deleted; your link opens nothing then."
        ),
        yes=_("Leave"),
        back_url=expert_queries.own_url(row),
    )


def _show(request: HttpRequest, row: Expert, *, status: int = 200, **forms: Any) -> HttpResponse:
    context = {
        "expert": row,
        "form": ExpertForm(initial=ExpertForm.initial_of(row)),
        "away": AwayForm(initial={"until": row.away_until}),
        "urls": {name: expert_queries.own_url(row, name) for name in ("expert", "expert_away", "expert_leave")},
        **forms,
    }
    return render(request, "helpdesk/expert.html", context, status=status)
