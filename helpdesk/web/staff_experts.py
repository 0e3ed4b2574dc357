"""Experts for the desk: bringing one into a ticket, what became of it, and who is in the pool."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from basins.models import Basin
from basins.web.desk import ask_page, form_page, shown_or_sent
from basins.web.reader import signed_in
from core.errors import RuleError
from directory.standing import standing
from directory.web.addresses import directory_url
from helpdesk import expert_queries
from helpdesk.errors import PersonNamed, TicketInvalid
from helpdesk.expert_enums import CallState, ExpertDomain, ExpertState
from helpdesk.models import Asker, Expert, ExpertCall, Ticket
from helpdesk.rules import experts, pool
from helpdesk.rules.checking import known_of
from helpdesk.web.expert_forms import (
    AddExpertForm,
    AwayForm,
    BringInForm,
    ExpertForm,
    ThanksForm,
    WordForm,
    choices_of,
)
from helpdesk.web.person_named import TAKE_OUT, asked_first, question_of, without_person
from helpdesk.web.staff_common import desk_url, for_desk, ticket_url, with_ticket

PER_PAGE = 50
PROPOSED_ON_TICKET = 3
INVALID = 422


# --- On the page of a ticket ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Block:
    """What ``helpdesk/staff/_experts.html`` shows: who was asked, and who could be."""

    calls: list[ExpertCall]
    domain: str
    proposed: list[expert_queries.Proposal]
    may_ask: bool


def block_of(ticket: Ticket) -> Block:
    """Three queries more on the page of a ticket whose theme speaks of a domain, one on others."""
    may_ask = not ticket.is_closed and ticket.anonymised_at is None
    domain = expert_queries.domain_of(ticket) if may_ask else None
    free = [each for each in expert_queries.proposals(ticket, domain) if not each.why_not] if domain else []
    return Block(
        calls=list(expert_queries.calls_of(ticket)),
        domain=str(domain.label) if domain else "",
        proposed=free[:PROPOSED_ON_TICKET],
        may_ask=may_ask,
    )


@shown_or_sent
@with_ticket
def bring_in(request: HttpRequest, row: Ticket) -> HttpResponse:
    """Who could be asked and why, and the question. Who cannot be asked now stands below with the reason."""
    sent = request.POST.copy() if request.method == "POST" else None
    if sent is not None and TAKE_OUT in sent:
        sent = without_person(sent, "question", known=known_of(Asker()))
    domain = _domain((sent if sent is not None else request.GET).get("domain", "")) or expert_queries.domain_of(row)
    form = BringInForm(sent, initial={"expert": request.GET.get("expert", "")})
    named: PersonNamed | None = None
    if sent is not None and form.is_valid():
        try:
            call = asked_first(sent, lambda confirmed: _ask(request, row, form, domain, confirmed=confirmed))
        except PersonNamed as error:
            named = error
        except RuleError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("%(name)s is asked.") % {"name": call.expert})
            return HttpResponseRedirect(ticket_url(row))
    found = expert_queries.proposals(row, domain) if domain else []
    context = {
        "ticket": row,
        "basin": row.basin.code,
        "back_url": ticket_url(row),
        "form": form,
        "person": question_of(named),
        "domain": domain,
        "domains": choices_of(ExpertDomain.choices, domain or ""),
        "free": [each for each in found if not each.why_not],
        "taken": [each for each in found if each.why_not],
        "chosen": str(form["expert"].value() or ""),
    }
    return render(request, "helpdesk/staff/bring_in.html", context, status=INVALID if form.errors or named else 200)


def _domain(written: str) -> ExpertDomain | None:
    return ExpertDomain(written) if written in ExpertDomain.values else None


def _ask(
    request: HttpRequest, row: Ticket, form: BringInForm, domain: ExpertDomain | None, *, confirmed: bool
) -> ExpertCall:
    data = form.cleaned_data
    expert = expert_queries.pool(signed_in(request)).filter(uuid=data["expert"]).first()
    if expert is None or domain is None:
        raise TicketInvalid(_("Choose an expert."), field="expert")
    return experts.bring_in(
        ticket=row,
        expert=expert,
        domain=domain,
        question=data["question"],
        working_days=data["working_days"],
        by=signed_in(request),
        confirmed=confirmed,
    )


def with_call(view: Callable[[HttpRequest, ExpertCall], HttpResponse]) -> Callable[..., Any]:
    """Give the view a question to an expert about the ticket of the address."""

    @wraps(view)
    def found(request: HttpRequest, row: Ticket, call: UUID) -> HttpResponse:
        asked = expert_queries.calls_of(row).filter(uuid=call).first()
        if asked is None:
            raise Http404
        asked.ticket = row
        return view(request, asked)

    return with_ticket(found)


@shown_or_sent
@with_call
def withdraw(request: HttpRequest, call: ExpertCall) -> HttpResponse:
    """The expert is no longer needed, with a word why."""
    form = WordForm(request.POST if request.method == "POST" else None)

    def save() -> HttpResponse:
        experts.withdraw(call=call, word=form.cleaned_data["word"], by=signed_in(request))
        messages.success(request, _("%(name)s is told.") % {"name": call.expert})
        return HttpResponseRedirect(ticket_url(call.ticket))

    title = _("Take the question to %(name)s back") % {"name": call.expert}
    return form_page(
        request, form, save, title=title, back_url=ticket_url(call.ticket), submit=_("Take the question back")
    )


@shown_or_sent
@with_call
def thank(request: HttpRequest, call: ExpertCall) -> HttpResponse:
    """Thank you, once."""
    form = ThanksForm(request.POST if request.method == "POST" else None)

    def save() -> HttpResponse:
        experts.thank(call=call, words=form.cleaned_data["words"], by=signed_in(request))
        messages.success(request, _("%(name)s is thanked.") % {"name": call.expert})
        return HttpResponseRedirect(ticket_url(call.ticket))

    title = _("Thank %(name)s") % {"name": call.expert}
    note = _("The mail says thank you and that the answer was used; your words stand below it.")
    return form_page(
        request, form, save, title=title, note=note, back_url=ticket_url(call.ticket), submit=_("Send the thanks")
    )


# --- The pool ------------------------------------------------------------------------------------


@require_safe
@for_desk
def pool_list(request: HttpRequest, basin: str) -> HttpResponse:
    """Everybody in the pool with load and last question; who waits for a yes stands first."""
    domain = _domain(request.GET.get("domain", ""))
    rows = expert_queries.pool(signed_in(request))
    if domain:
        rows = rows.filter(domains__contains=[domain])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    now = timezone.now()
    context = {
        "basin": basin,
        "page": page,
        "query": f"domain={domain}" if domain else "",
        "rows": [
            {
                "expert": each,
                "load": expert_queries.load_words(each),
                "in_month": expert_queries.in_month(each),
                "last_call": each.last_call,  # type: ignore[attr-defined]  # annotated
                "waits": each.state == ExpertState.WAITING,
                "why_not": expert_queries.why_not(each, now),
            }
            for each in page
        ],
        "domains": choices_of(ExpertDomain.choices, domain or ""),
        "back_url": desk_url("staff_inbox", basin),
    }
    return render(request, "helpdesk/staff/experts.html", context)


@shown_or_sent
@for_desk
def add(request: HttpRequest, basin: str) -> HttpResponse:
    """Somebody agreed by word of mouth."""
    form = AddExpertForm(request.POST if request.method == "POST" else None)

    def save() -> HttpResponse:
        added = pool.add(
            data=form.for_rule(),
            home=Basin.objects.get(code=basin),
            agreed_on=form.cleaned_data["agreed_on"],
            by=signed_in(request),
        )
        messages.success(request, _("%(name)s is in the pool, and gets a mail.") % {"name": added})
        return HttpResponseRedirect(desk_url("staff_experts", basin))

    return form_page(request, form, save, title=_("Add an expert"), back_url=desk_url("staff_experts", basin))


def with_expert(view: Callable[[HttpRequest, str, Expert], HttpResponse]) -> Callable[..., Any]:
    """Give the view somebody of the pool."""

    @wraps(view)
    def found(request: HttpRequest, basin: str, expert: UUID) -> HttpResponse:
        row = expert_queries.pool(signed_in(request)).filter(uuid=expert).first()
        if row is None:
            raise Http404
        return view(request, basin, row)

    return for_desk(found)


@shown_or_sent
@with_expert
def expert(request: HttpRequest, basin: str, row: Expert) -> HttpResponse:
    """What is told of them, to change; a yes or no for who waits; away; their last questions."""
    if request.method != "POST":
        return _show(request, basin, row)
    form = ExpertForm(request.POST)
    if form.is_valid():
        try:
            pool.edit(expert=row, data=form.for_rule(), by=signed_in(request))
        except RuleError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Saved."))
            return HttpResponseRedirect(_page(basin, row))
    return _show(request, basin, row, status=INVALID, form=form)


@require_POST
@with_expert
def admit(request: HttpRequest, basin: str, row: Expert) -> HttpResponse:
    """Into the pool."""
    try:
        pool.admit(expert=row, by=signed_in(request))
        messages.success(request, _("%(name)s is in the pool, and gets a mail.") % {"name": row})
    except RuleError as error:
        messages.error(request, str(error.message))
    return HttpResponseRedirect(_page(basin, row))


@shown_or_sent
@with_expert
def refuse(request: HttpRequest, basin: str, row: Expert) -> HttpResponse:
    """Not taken, with a word; nothing of them is kept."""
    form = ThanksForm(request.POST if request.method == "POST" else None)

    def save() -> HttpResponse:
        pool.refuse(expert=row, words=form.cleaned_data["words"], by=signed_in(request))
        messages.success(request, _("%(name)s is told, and deleted here.") % {"name": row})
        return HttpResponseRedirect(desk_url("staff_experts", basin))

    title = _("Say no to %(name)s") % {"name": row}
    note = _("They are thanked and told no, with your words. What they told us is deleted.")
    return form_page(request, form, save, title=title, note=note, back_url=_page(basin, row), submit=_("Say no"))


@require_POST
@with_expert
def away(request: HttpRequest, basin: str, row: Expert) -> HttpResponse:
    """A pause until a day, or its end."""
    form = AwayForm(request.POST)
    back = "back" in request.POST
    if not back and not form.is_valid():
        return _show(request, basin, row, status=INVALID, away=form)
    try:
        pool.set_away(expert=row, until=None if back else form.cleaned_data["until"], by=signed_in(request))
    except RuleError as error:
        form.is_valid()
        form.add_refusal(error)
        return _show(request, basin, row, status=INVALID, away=form)
    messages.success(request, _("Saved."))
    return HttpResponseRedirect(_page(basin, row))


@shown_or_sent
@with_expert
def leave(request: HttpRequest, basin: str, row: Expert) -> HttpResponse:
    """Out of the pool; asked first."""

    def act() -> HttpResponse:
        pool.leave(expert=row, by=signed_in(request))
        messages.success(request, _("The expert has left the pool."))
        return HttpResponseRedirect(desk_url("staff_experts", basin))

    return ask_page(
        request,
        act,
        question=_("Take %(name)s out of the pool?") % {"name": row},
        detail=_(
            "Their name, address and the rest are deleted; open questions are taken back. What they advised stays."
        ),
        yes=_("Take out"),
        back_url=_page(basin, row),
    )


def _page(basin: str, row: Expert) -> str:
    return desk_url("staff_expert", basin, expert=row.uuid)


def _show(request: HttpRequest, basin: str, row: Expert, *, status: int = 200, **forms: Any) -> HttpResponse:
    found = standing([row.organization]).get(row.organization) if row.organization else None
    context = {
        "basin": basin,
        "expert": row,
        "load": expert_queries.load_words(row),
        "in_month": expert_queries.in_month(row),
        "waits": row.state == ExpertState.WAITING,
        "answered": row.calls.filter(state=CallState.ANSWERED).count(),
        "calls": row.calls.select_related("ticket__basin").order_by("-asked_at", "-pk")[:10],
        "own_codes": signed_in(request).basins_with(expert_queries.READS),
        "organization_url": directory_url("organization", basin, organization=found.organization.uuid) if found else "",
        "form": ExpertForm(initial=ExpertForm.initial_of(row)),
        "away": AwayForm(initial={"until": row.away_until}),
        "back_url": desk_url("staff_experts", basin),
        **forms,
    }
    return render(request, "helpdesk/staff/expert.html", context, status=status)
