"""The asker's page, by the link in the mail: the whole thread, a reply, the place, whether it helped; all by POST."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from basins.models import Basin
from core import signing
from core.bilingual import current_language
from core.errors import RuleError
from core.http import private_page
from directory.enums import Visibility
from directory.standing import Standing, standing
from directory.web.addresses import organization_url, record_url
from helpdesk import queries
from helpdesk.enums import Channel, Helped, MessageKind, TicketState
from helpdesk.errors import PersonNamed
from helpdesk.kind_words import what_happens
from helpdesk.models import AnswerRecord, Asker, Message, Ticket
from helpdesk.routing_words import why_here
from helpdesk.rules import clock, replying, routing
from helpdesk.rules.answering import ADVICE
from helpdesk.rules.checking import known_of
from helpdesk.rules.documents import NOBODY_IN_IT
from helpdesk.snapshots import lines_of
from helpdesk.web.forms import DocumentForm, HelpedForm, PlaceForm, ReplyForm
from helpdesk.web.person_named import TAKE_OUT, asked_first, question_of, without_person

INVALID = 422


def opened_by_link(
    view: Callable[[HttpRequest, Asker, Ticket], HttpResponse],
) -> Callable[[HttpRequest, str, str], HttpResponse]:
    """Give the view who asked and the ticket where it is now; or say why the link opens nothing."""

    @wraps(view)
    def opened(request: HttpRequest, basin: str, token: str) -> HttpResponse:
        try:
            asker = queries.by_link(token)
        except (signing.BadToken, signing.StaleToken) as error:
            return render(request, "helpdesk/link_gone.html", {"reason": error.message}, status=error.status)
        ticket = queries.where_it_went(asker.ticket)
        if request.method in {"GET", "HEAD"} and ticket.basin.code != basin:
            query = request.META.get("QUERY_STRING", "")
            return HttpResponseRedirect(page_of(asker, ticket) + (f"?{query}" if query else ""))
        return view(request, asker, ticket)

    return opened


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@opened_by_link
def ticket(request: HttpRequest, asker: Asker, ticket: Ticket) -> HttpResponse:
    """All that was said, and where it stands; a POST is a reply."""
    if request.method != "POST":
        return show(request, asker, ticket)
    sent = _without_person(request, ticket, "body")
    form = ReplyForm(sent)

    def reply(confirmed: bool) -> Message:
        return replying.reply(
            ticket=ticket,
            body=form.cleaned_data["body"],
            channel=Channel.WEB,
            language=current_language(),
            confirmed=confirmed,
        )

    thanks = _("Your reply has been sent.")
    return _done_or_again(request, asker, ticket, form=form, sent=sent, act=reply, name="reply", thanks=thanks)


@private_page
@require_POST
@opened_by_link
def helped(request: HttpRequest, asker: Asker, ticket: Ticket) -> HttpResponse:
    """The word on the answer; it can be changed."""
    sent = _without_person(request, ticket, "words")
    form = HelpedForm(sent)

    def say(confirmed: bool) -> Ticket:
        data = form.cleaned_data
        return replying.say_whether_it_helped(
            ticket=ticket, helped=Helped(data["helped"]), words=data["words"], confirmed=confirmed
        )

    thanks = _("Thank you. That helps the next colleague who asks.")
    return _done_or_again(request, asker, ticket, form=form, sent=sent, act=say, name="helped", thanks=thanks)


@private_page
@require_POST
@opened_by_link
def place(request: HttpRequest, asker: Asker, ticket: Ticket) -> HttpResponse:
    """The person lives elsewhere: the question goes there, as long as nobody has taken it in hand."""
    form = PlaceForm(request.POST)

    def move(_confirmed: bool) -> Ticket:
        data = form.cleaned_data
        chosen = Basin.objects.filter(code=data["basin"]).first() if data["basin"] else None
        return routing.reroute(ticket=ticket, postcode=data["postcode"], basin=chosen, by=None)

    return _done_or_again(
        request, asker, ticket, form=form, sent=request.POST, act=move, name="place", thanks=_("Saved.")
    )


def _done_or_again(
    request: HttpRequest,
    asker: Asker,
    ticket: Ticket,
    *,
    form: Any,
    sent: QueryDict,
    act: Callable[[bool], Any],
    name: str,
    thanks: str,
) -> HttpResponse:
    named: PersonNamed | None = None
    if form.is_valid():
        try:
            asked_first(sent, act)
        except PersonNamed as error:
            named = error
        except RuleError as error:
            form.add_refusal(error)
        else:
            messages.success(request, thanks)
            fresh = queries.where_it_went(Ticket.objects.select_related("basin").get(pk=ticket.pk))
            return HttpResponseRedirect(page_of(asker, fresh))
    return show(request, asker, ticket, status=INVALID, **{name: form, f"{name}_person": question_of(named)})


def show(request: HttpRequest, asker: Asker, ticket: Ticket, *, status: int = 200, **forms: Any) -> HttpResponse:
    """The page, with forms that were refused in place of its own, by their names."""
    said = list(queries.thread_for_asker(ticket))
    now = standing(each.record for message in said for each in message.records.all())
    helped_now = request.GET.get("helped", "") if request.method != "POST" else ""
    documents = list(queries.documents_of(ticket))
    context = {
        "ticket": ticket,
        "why_here": why_here(ticket),
        "what_happens": what_happens(ticket.kind) if ticket.state == TicketState.NEW else "",
        "thread": [_entry(message, now, ticket.basin.code) for message in said],
        "advice": ADVICE,
        "took": _took(ticket),
        "has_copies": any(message.records.all() for message in said),
        "may_move": ticket.state == TicketState.NEW,
        "may_say": ticket.first_answered_at is not None and ticket.anonymised_at is None,
        "promised": ticket.due_at if ticket.due_at and ticket.due_at > timezone.now() else None,
        "reply": ReplyForm(),
        "asked_document": next((each for each in documents if each.is_open), None),
        "received_documents": [each for each in documents if each.received_at],
        "nobody_in_it": NOBODY_IN_IT,
        "document": DocumentForm(),
        "helped": HelpedForm(
            initial={
                "helped": helped_now if helped_now in Helped.values else ticket.helped,
                "words": ticket.helped_words,
            }
        ),
        "place": PlaceForm(initial={"postcode": ticket.postcode}),
        "urls": {
            name: queries.asker_url(name, asker, ticket.basin.code)
            for name in ("ticket", "helped", "place", "document")
        },
        "ask_again_url": queries.desk_url("ask", ticket.basin.code),
        **forms,
    }
    return render(request, "helpdesk/ticket.html", context, status=status)


def _took(ticket: Ticket) -> dt.timedelta | None:
    """The working time until the first answer."""
    if ticket.first_answered_at is None:
        return None
    pauses = ticket.pauses.values_list("started_at", "ended_at")
    minutes = clock.working_minutes(ticket.received_at, ticket.first_answered_at, pauses)
    return dt.timedelta(minutes=minutes)


def _entry(message: Message, now: dict[Any, Standing], basin: str) -> dict[str, Any]:
    return {
        "message": message,
        "is_mine": message.kind == MessageKind.FROM_ASKER,
        "is_answer": message.kind == MessageKind.ANSWER,
        "records": [_record(each, now, basin) for each in message.records.all() if each.snapshot],
    }


def _record(each: AnswerRecord, now: dict[Any, Standing], basin: str) -> dict[str, Any]:
    found = now.get(each.record)
    url = ""
    if found is not None and found.service is None:
        url = organization_url(found.organization, basin)
    elif found is not None and found.service is not None and found.service.visibility == Visibility.PUBLIC:
        url = record_url(found.service, basin)
    return {
        "title": each.snapshot["name"],
        "language": each.snapshot["name_language"],
        "lines": lines_of(each.snapshot),
        "url": url,
    }


def page_of(asker: Asker, ticket: Ticket) -> str:
    """The asker's page, on the site of the basin that has the ticket."""
    return queries.asker_url("ticket", asker, ticket.basin.code)


def _without_person(request: HttpRequest, ticket: Ticket, name: str) -> QueryDict:
    if TAKE_OUT not in request.POST:
        return request.POST
    return without_person(request.POST, name, known=known_of(ticket.asker))
