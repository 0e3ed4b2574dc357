"""What is done with a ticket on a page of its own: complete, reroute, hand over, close, merge, mask."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from basins.web.desk import form_page, shown_or_sent
from basins.web.reader import signed_in
from core.bilingual import text
from helpdesk import queries, staff_queries
from helpdesk.enums import Outcome
from helpdesk.errors import TicketInvalid
from helpdesk.models import Ticket
from helpdesk.rules import handling, merging, routing
from helpdesk.rules.identity import Kind
from helpdesk.web.staff_common import desk_url, ticket_url, with_ticket
from helpdesk.web.staff_forms import CloseForm, CompleteForm, HandOverForm, MergeForm, RerouteForm
from helpdesk.web.staff_ticket import found_in


@shown_or_sent
@with_ticket
def complete(request: HttpRequest, row: Ticket) -> HttpResponse:
    """Subject, theme, who asks: what a call left open, or what is to be put right."""
    form = CompleteForm(request.POST if request.method == "POST" else None, ticket=row)

    def save() -> HttpResponse:
        handling.complete(ticket=row, data=form.data_for_rule(), by=signed_in(request))
        messages.success(request, _("Saved."))
        return HttpResponseRedirect(ticket_url(row))

    title = _("Complete %(code)s") % {"code": row.code}
    return form_page(request, form, save, title=title, back_url=ticket_url(row))


@shown_or_sent
@with_ticket
def reroute(request: HttpRequest, row: Ticket) -> HttpResponse:
    """Where the person lives, and with it the basin."""
    form = RerouteForm(request.POST if request.method == "POST" else None, initial={"postcode": row.postcode})

    def save() -> HttpResponse:
        data = form.cleaned_data
        moved = routing.reroute(ticket=row, postcode=data["postcode"], basin=data["basin"], by=signed_in(request))
        return _went(request, row, moved)

    title = _("Put the place of %(code)s right") % {"code": row.code}
    note = _("The question goes to the helpdesk of the place where the person lives. Who asked is told.")
    return form_page(request, form, save, title=title, note=note, back_url=ticket_url(row))


@shown_or_sent
@with_ticket
def hand_over(request: HttpRequest, row: Ticket) -> HttpResponse:
    """To the helpdesk of another basin, with thread and history."""
    form = HandOverForm(request.POST if request.method == "POST" else None, ticket=row)

    def save() -> HttpResponse:
        data = form.cleaned_data
        moved = routing.hand_over(ticket=row, basin=data["basin"], note=data["note"], by=signed_in(request))
        return _went(request, row, moved)

    title = _("Hand %(code)s over") % {"code": row.code}
    note = _("Thread and history go along. From then on that helpdesk answers, and you no longer read the ticket.")
    return form_page(request, form, save, title=title, note=note, back_url=ticket_url(row), submit=_("Hand it over"))


def _went(request: HttpRequest, before: Ticket, moved: Ticket) -> HttpResponse:
    if moved.basin_id == before.basin_id:
        messages.success(request, _("Saved."))
    else:
        words = {"code": moved.code, "basin": text(moved.basin, "name")}
        messages.success(request, _("%(code)s is with the helpdesk of %(basin)s now.") % words)
    if moved.basin.code in staff_queries.helpdesks(signed_in(request)):
        return HttpResponseRedirect(ticket_url(moved))
    return HttpResponseRedirect(desk_url("staff_inbox", before.basin.code))


@shown_or_sent
@with_ticket
def close(request: HttpRequest, row: Ticket) -> HttpResponse:
    """How it ended; where no answer exists it becomes a need of the basin."""
    # A need is named in the desk's words and language: the subject serves where a colleague wrote it.
    is_named = row.first_answered_at is None and row.language == signed_in(request).language
    initial = {"need_title": row.subject if is_named and not staff_queries.is_askers_own(row) else ""}
    initial["outcome"] = Outcome.SOLVED if row.first_answered_at is not None else ""
    form = CloseForm(request.POST if request.method == "POST" else None, initial=initial)

    def save() -> HttpResponse:
        data = form.cleaned_data
        handling.close(
            ticket=row,
            outcome=Outcome(data["outcome"]),
            need_title=data["need_title"] if data["outcome"] == Outcome.NO_ANSWER else "",
            words=data["words"],
            by=signed_in(request),
        )
        words = _("%(code)s is closed. A reply opens it again.") % {"code": row.code}
        messages.success(request, words)
        return HttpResponseRedirect(ticket_url(row))

    title = _("Close %(code)s") % {"code": row.code}
    return form_page(request, form, save, title=title, back_url=ticket_url(row), submit=_("Close it"))


@shown_or_sent
@with_ticket
def merge(request: HttpRequest, row: Ticket) -> HttpResponse:
    """Into another ticket of the same person."""
    same = staff_queries.asked_by_the_same(signed_in(request), row)
    form = MergeForm(request.POST if request.method == "POST" else None, same=same)

    def save() -> HttpResponse:
        user = signed_in(request)
        into = queries.tickets_for(user).filter(code=form.cleaned_data["into"]).first()
        if into is None:
            raise TicketInvalid(_("There is no such ticket at your helpdesk."), field="into")
        target = merging.merge(ticket=row, into=into, by=user)
        messages.success(request, _("%(code)s is part of %(into)s now.") % {"code": row.code, "into": target.code})
        return HttpResponseRedirect(ticket_url(target))

    title = _("Merge %(code)s") % {"code": row.code}
    note = _("For what one person asked twice: all that was said goes into the other thread. It cannot be undone.")
    return form_page(request, form, save, title=title, note=note, back_url=ticket_url(row), submit=_("Merge"))


@shown_or_sent
@with_ticket
def mask(request: HttpRequest, row: Ticket) -> HttpResponse:
    """What was found is shown; what is ticked is masked, and cannot come back."""
    found = found_in(row, list(queries.thread_of(row)))
    problems: list[str] = []
    if request.method == "POST":
        kinds = [Kind(value) for value in request.POST.getlist("kinds") if value in Kind.values]
        if kinds:
            places = handling.mask(ticket=row, kinds=kinds, by=signed_in(request))
            words = ngettext("%(number)d place is masked.", "%(number)d places are masked.", places)
            messages.success(request, words % {"number": places})
            return HttpResponseRedirect(ticket_url(row))
        problems.append(_("Tick what is to be masked."))
    context = {
        "ticket": row,
        "basin": row.basin.code,
        "found": found,
        "back_url": ticket_url(row),
        "problems": problems,
    }
    return render(request, "helpdesk/staff/mask.html", context, status=422 if problems else 200)
