"""Mail that waits to be looked at: read it, take it as a new ticket, put it into a thread, or throw it away."""

from __future__ import annotations

from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from basins.models import Basin, User
from basins.web.desk import ask_page, form_page, shown_or_sent
from basins.web.desk_forms import StaffForm
from basins.web.forms import plain_line
from basins.web.reader import signed_in
from helpdesk import queries, staff_queries
from helpdesk.enums import HeldReason
from helpdesk.errors import TicketInvalid
from helpdesk.models import HeldMail, Ticket
from helpdesk.rules import held as rules
from helpdesk.web.staff_common import desk_url, for_desk, ticket_url

PER_PAGE = 20


@require_safe
@for_desk
def held_mails(request: HttpRequest, basin: str) -> HttpResponse:
    """What came by mail and is in no ticket yet, the latest first."""
    rows = staff_queries.held_mails(signed_in(request), basin)
    context = {
        "basin": basin,
        "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        "automatic": rows.filter(reason=HeldReason.AUTOMATIC, basin__code=basin).count(),
        "back_url": desk_url("staff_inbox", basin),
    }
    return render(request, "helpdesk/staff/held.html", context)


@require_safe
@for_desk
def held_mail(request: HttpRequest, basin: str, held: UUID) -> HttpResponse:
    """One of them whole, with what can be done with it."""
    user = signed_in(request)
    row = _one(user, basin, held)
    ticket = row.ticket if row.ticket is not None and _is_ours(user, row.ticket) else None
    context = {"basin": basin, "mail": row, "ticket": ticket, "back_url": desk_url("staff_held", basin)}
    return render(request, "helpdesk/staff/held_mail.html", context)


@shown_or_sent
@for_desk
def take_held(request: HttpRequest, basin: str, held: UUID) -> HttpResponse:
    """A new ticket of this basin; its sender is told."""
    user = signed_in(request)
    row = _one(user, basin, held)

    def take() -> HttpResponse:
        ticket = rules.take_as_ticket(held=row, basin=Basin.objects.get(code=basin), by=user)
        messages.success(request, _("The mail is ticket %(code)s now.") % {"code": ticket.code})
        return HttpResponseRedirect(ticket_url(ticket))

    return ask_page(
        request,
        take,
        question=_("Make a new ticket of this mail?"),
        detail=_("Its sender becomes who asked, and gets a mail that the question has come in."),
        yes=_("Make a ticket"),
        back_url=desk_url("staff_held_mail", basin, held=row.uuid),
        danger=False,
    )


class ThreadForm(StaffForm):
    """Which ticket a mail belongs to."""

    code = forms.CharField(label=gettext_lazy("Code of the ticket"), max_length=12)

    def clean_code(self) -> str:
        return plain_line(self.cleaned_data["code"]).strip("[] ").upper()


@shown_or_sent
@for_desk
def thread_held(request: HttpRequest, basin: str, held: UUID) -> HttpResponse:
    """Into the thread of a ticket; the one that the mail named is proposed."""
    user = signed_in(request)
    row = _one(user, basin, held)
    named = row.ticket.code if row.ticket is not None and _is_ours(user, row.ticket) else ""
    form = ThreadForm(request.POST if request.method == "POST" else None, initial={"code": named})

    def put() -> HttpResponse:
        ticket = queries.tickets_for(user).filter(code=form.cleaned_data["code"]).first()
        if ticket is None:
            raise TicketInvalid(_("There is no such ticket at your helpdesk."), field="code")
        said = rules.put_into_thread(held=row, ticket=ticket, by=user)
        messages.success(request, _("The mail stands in the thread of %(code)s.") % {"code": said.ticket.code})
        return HttpResponseRedirect(ticket_url(said.ticket))

    return form_page(
        request,
        form,
        put,
        title=_("Put this mail into a thread"),
        note=_(
            "Who asked reads it there, too, and a ticket that is closed or answered opens again. What an expert wrote "
            "who was asked about it stays with the helpdesk."
        ),
        submit=_("Put it there"),
        back_url=desk_url("staff_held_mail", basin, held=row.uuid),
    )


@shown_or_sent
@for_desk
def discard_held(request: HttpRequest, basin: str, held: UUID) -> HttpResponse:
    """Its words are erased."""
    user = signed_in(request)
    row = _one(user, basin, held)

    def discard() -> HttpResponse:
        rules.discard(held=row, by=user)
        messages.success(request, _("The mail is thrown away."))
        return HttpResponseRedirect(desk_url("staff_held", basin))

    return ask_page(
        request,
        discard,
        question=_("Throw this mail away?"),
        detail=_("Its words are erased here and cannot come back. Its sender is not told."),
        yes=_("Throw it away"),
        back_url=desk_url("staff_held_mail", basin, held=row.uuid),
    )


@require_POST
@for_desk
def discard_automatic(request: HttpRequest, basin: str) -> HttpResponse:
    """All that machines wrote to this basin."""
    number = rules.discard_automatic(basin=Basin.objects.get(code=basin), by=signed_in(request))
    words = ngettext("%(number)d mail is thrown away.", "%(number)d mails are thrown away.", number)
    messages.success(request, words % {"number": number})
    return HttpResponseRedirect(desk_url("staff_held", basin))


def _one(user: User, basin: str, held: UUID) -> HeldMail:
    row = staff_queries.held_mails(user, basin).filter(uuid=held).first()
    if row is None:
        raise Http404
    return row


def _is_ours(user: User, ticket: Ticket) -> bool:
    return ticket.basin.code in staff_queries.helpdesks(user)
