"""Registering for a meeting, and what the link in one's mail opens."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import PurePath
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from basins.models import User
from basins.web.desk import shown_or_sent
from concertations import jobs_people
from concertations import queries_registrations as queries
from concertations.calendar_mine import events_of
from concertations.enums import RegistrationState
from concertations.errors.registering import MeetingFull, RegistrationError
from concertations.links import code_of, page
from concertations.models import Registration
from concertations.rules import places, waiting
from concertations.rules import registering as rules
from concertations.rules.registration_window import why_not_registrable
from concertations.web.common import shown_meeting
from concertations.web.people_forms import ChangeForm, RegisterForm, prefilled
from core import signing
from core.bilingual import current_language, text
from core.calendar import calendar_response
from core.errors import RuleError
from core.http import network_of, private_page

P = ParamSpec("P")


def person_of(request: HttpRequest) -> User | None:
    """Who is signed in, if anybody."""
    return request.user if isinstance(request.user, User) else None


@shown_or_sent
def register(request: HttpRequest, slug: str, meeting: UUID, basin: str | None = None) -> HttpResponse:
    """The form; sent, it takes a seat, or a place in line where there is none and one agrees to wait."""
    row = shown_meeting(request, basin, slug, meeting)
    reason, is_full = why_not_registrable(row), not places.has_seat(row)
    data = request.POST if request.method == "POST" else None
    form = RegisterForm(data, initial=prefilled(request.user), meeting=row, is_full=is_full or "wait" in (data or {}))
    status = 200
    if data is not None and not reason:
        status = 422
        if form.is_valid():
            try:
                made = rules.register(
                    meeting=row,
                    person=form.person(current_language()),
                    wishes=form.wishes(),
                    by=person_of(request),
                    network=network_of(request.META),
                    may_wait=form.cleaned_data.get("wait", False),
                )
            except MeetingFull as error:
                form = RegisterForm(data, meeting=row, is_full=True)
                form.add_error("wait", str(error.message))
                is_full, status = True, error.status
            except RuleError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error.message))
                status = error.status
            else:
                return HttpResponseRedirect(page("mine", basin, token=queries.registration_token(made)))
    context = {"meeting": row, "series": row.series, "form": form, "reason": reason, "is_full": is_full}
    return render(request, "concertations/register.html", context, status=409 if reason and data else status)


# --- By link ---------------------------------------------------------------------------------------


def opened_by_link(
    view: Callable[Concatenate[HttpRequest, queries.Holding, P], HttpResponseBase],
) -> Callable[..., HttpResponseBase]:
    """Give the view what the token in the address holds, or say why the link opens nothing."""

    @wraps(view)
    def opened(request: HttpRequest, token: str, basin: str | None = None, **kwargs: Any) -> HttpResponseBase:
        try:
            holding = queries.holding(token, basin)
        except (signing.BadToken, signing.StaleToken) as error:
            return link_gone(request, error)
        return view(request, holding, **kwargs)  # type: ignore[call-arg]  # what else the address names

    return private_page(opened)


def link_gone(request: HttpRequest, error: signing.BadToken | signing.StaleToken) -> HttpResponse:
    """The page of a link that opens nothing, with the reason."""
    return render(request, "concertations/link_gone.html", {"reason": error.message}, status=error.status)


def mine_page(holding: queries.Holding, name: str = "mine", **kwargs: Any) -> str:
    """A page of the same link."""
    return page(name, code_of(holding.series), token=holding.token, **kwargs)


def only_from_mailbox(holding: queries.Holding) -> None:
    """What the browser that typed an address may not do: the link in the mail does it."""
    if not holding.from_mailbox:
        raise Http404


def found_row(holding: queries.Holding, reference: str) -> Registration:
    """The registration of the address; what the link does not open is not there."""
    row = holding.row(reference)
    if row is None:
        raise Http404
    return row


@require_safe
@opened_by_link
def mine(request: HttpRequest, holding: queries.Holding) -> HttpResponse:
    """What one is registered for, waits for, came to; the papers; the group, for members of a community."""
    past = [row for row in reversed(holding.rows) if row not in holding.open]
    context = {
        "holding": holding,
        "series": holding.series,
        "rows": [(row, queries.public_page(row.meeting)) for row in holding.open],
        "past": past,
        "papers": queries.papers_for(holding),
        "groups": holding.memberships,
        "token": holding.token,
        "has_certificate": holding.from_mailbox and bool(holding.attended),
    }
    return render(request, "concertations/mine/mine.html", context)


@shown_or_sent
@opened_by_link
def confirm(request: HttpRequest, holding: queries.Holding) -> HttpResponse:
    """Is this your address? A POST says yes, or throws away what somebody else typed."""
    only_from_mailbox(holding)
    if request.method == "POST":
        if request.POST.get("answer") == "not-me":
            rules.throw_away(participant=holding.participant)
            messages.success(request, _("Thank you. What was registered with your address is given back."))
        elif rules.confirm(participant=holding.participant):
            messages.success(request, _("Thank you, your address is confirmed."))
        return HttpResponseRedirect(mine_page(holding))
    context = {"holding": holding, "series": holding.series, "back_url": mine_page(holding), "back_label": _my_page()}
    return render(request, "concertations/mine/confirm.html", context)


@shown_or_sent
@opened_by_link
def change(request: HttpRequest, holding: queries.Holding, reference: str) -> HttpResponse:
    """Say something else of a meeting, or of oneself. By the link in the mail."""
    only_from_mailbox(holding)
    row = found_row(holding, reference)
    form = ChangeForm(request.POST if request.method == "POST" else None, row=row)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            person = form.person(holding.participant.language, email=holding.participant.email)
            try:
                rules.change(registration=row, wishes=form.wishes(), person=person, by=None)
            except RuleError as error:
                form.add_error(error.field if error.field in form.fields else None, str(error.message))
                status = error.status
            else:
                messages.success(request, _("It is changed."))
                return HttpResponseRedirect(mine_page(holding))
    context = {"row": row, "meeting": row.meeting, "form": form, "back_url": mine_page(holding)}
    return render(request, "concertations/mine/change.html", context, status=status)


@shown_or_sent
@opened_by_link
def give_back(request: HttpRequest, holding: queries.Holding, reference: str) -> HttpResponse:
    """Asks first; the POST gives the place back."""
    row = found_row(holding, reference)
    problems, status = [], 200
    if request.method == "POST":
        try:
            rules.cancel(registration=row, by=None)
        except RegistrationError as error:
            problems, status = [str(error.message)], error.status
        else:
            messages.success(request, _("Your place is given back. A mail says so."))
            return HttpResponseRedirect(mine_page(holding))
    elif row not in holding.open:
        messages.info(request, _("There is nothing to give back any more."))
        return HttpResponseRedirect(mine_page(holding))
    context = {
        "row": row,
        "meeting": row.meeting,
        "confirm_label": _("Give back"),
        "danger": True,
        "cancel_url": mine_page(holding),
        "cancel_label": _("Keep my place"),
        "problems": problems,
    }
    return render(request, "concertations/mine/give_back.html", context, status=status)


@shown_or_sent
@opened_by_link
def offer(request: HttpRequest, holding: queries.Holding, reference: str) -> HttpResponse:
    """A seat on offer: yes or no, by POST."""
    only_from_mailbox(holding)
    row = found_row(holding, reference)
    reason = "" if row.state == RegistrationState.OFFERED else _("This seat is not on offer.")
    status = 200
    if request.method == "POST":
        try:
            if request.POST.get("answer") == "decline":
                waiting.decline(registration=row)
                messages.success(request, _("Thank you: the seat goes to the next in line."))
            else:
                waiting.accept(registration=row)
                messages.success(request, _("The seat is yours. A mail with the calendar is on its way."))
        except RuleError as error:
            reason, status = str(error.message), error.status
        else:
            return HttpResponseRedirect(mine_page(holding))
    context = {"row": row, "meeting": row.meeting, "reason": reason, "back_url": mine_page(holding)}
    return render(request, "concertations/mine/offer.html", context, status=status)


@require_safe
@opened_by_link
def calendar(request: HttpRequest, holding: queries.Holding) -> HttpResponse:
    """All meetings of the link in one calendar file; as a subscription it stays up to date."""
    name = str(text(holding.series, "name"))
    return calendar_response(name, events_of(holding.rows), current_language(), filename=f"{holding.series.slug}.ics")


@require_safe
@opened_by_link
def paper(request: HttpRequest, holding: queries.Holding, document: UUID) -> HttpResponseBase:
    """A paper for participants."""
    row = next((each for each in queries.papers_for(holding) if each.uuid == document), None)
    if row is None:
        raise Http404
    return FileResponse(row.file.open("rb"), as_attachment=True, filename=PurePath(str(row.file.name)).name)


@shown_or_sent
@opened_by_link
def certificate(request: HttpRequest, holding: queries.Holding) -> HttpResponse:
    """What a certificate would name; a POST has it made."""
    only_from_mailbox(holding)
    rows = holding.attended
    if request.method == "POST" and rows:
        return jobs_people.to_certificate(holding.participant)
    context = {
        "holding": holding,
        "rows": rows,
        "length": queries.time_of(rows),
        "back_url": mine_page(holding),
        "back_label": _my_page(),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "concertations/mine/certificate.html", context, status=status)


def _my_page() -> str:
    return _("My page")
