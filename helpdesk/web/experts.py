"""A question to an expert, by the link in its mail: the situation without who asks, an answer, a no; all by POST."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import signing, spoken
from core.bilingual import current_language
from core.errors import RuleError
from core.http import private_page
from helpdesk import expert_queries
from helpdesk.enums import Channel
from helpdesk.errors import PersonNamed
from helpdesk.models import Asker, ExpertCall
from helpdesk.rules import experts, pool
from helpdesk.rules.checking import known_of
from helpdesk.rules.hiding import for_expert
from helpdesk.snapshots import lines_of
from helpdesk.web.expert_forms import AwayForm, ExpertAnswerForm, WordForm
from helpdesk.web.person_named import TAKE_OUT, asked_first, question_of, without_person
from helpdesk.web.volunteer import link_gone, said_away

INVALID = 422


def by_link(
    view: Callable[[HttpRequest, ExpertCall], HttpResponse],
) -> Callable[[HttpRequest, str, str], HttpResponse]:
    """Give the view the question whose link stands in the address, or say why it opens nothing."""

    @wraps(view)
    def opened(request: HttpRequest, basin: str, token: str) -> HttpResponse:
        try:
            call = expert_queries.call_by_link(token)
        except (signing.BadToken, signing.StaleToken) as error:
            return link_gone(request, error)
        if request.method in {"GET", "HEAD"} and call.ticket.basin.code != basin:
            return HttpResponseRedirect(expert_queries.call_url(call))
        return view(request, call)

    return opened


@private_page
@require_http_methods(["GET", "HEAD", "POST"])
@by_link
def expert_call(request: HttpRequest, call: ExpertCall) -> HttpResponse:
    """The question and the thread; a POST answers. Nothing typed is lost on the way."""
    if request.method != "POST":
        return _show(request, call)
    sent: QueryDict = request.POST
    if TAKE_OUT in sent:
        known = known_of(Asker(email=call.expert.email, phone=call.expert.phone))
        sent = without_person(sent, "body", known=known)
    form = ExpertAnswerForm(sent)
    named: PersonNamed | None = None
    if form.is_valid():
        try:
            asked_first(sent, lambda confirmed: _reply(call, form.cleaned_data["body"], confirmed=confirmed))
        except PersonNamed as error:
            named = error
        except RuleError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Thank you: the helpdesk has your answer."))
            return HttpResponseRedirect(expert_queries.call_url(call))
    return _show(request, call, status=INVALID, form=form, person=question_of(named))


def _reply(call: ExpertCall, body: str, *, confirmed: bool) -> Any:
    return experts.expert_replies(
        call=call, body=body, channel=Channel.WEB, language=current_language(), confirmed=confirmed
    )


@private_page
@require_POST
@by_link
def expert_accept(request: HttpRequest, call: ExpertCall) -> HttpResponse:
    """Yes, later: the time to answer runs anew."""
    try:
        said = experts.accept(call=call)
    except RuleError as error:
        messages.error(request, str(error.message))
    else:
        words = {"day": spoken.weekday_date(said.due_at), "hour": spoken.hour(said.due_at)}
        messages.success(request, _("Thank you. We count on you until %(day)s, %(hour)s.") % words)
    return HttpResponseRedirect(expert_queries.call_url(call))


@private_page
@require_POST
@by_link
def expert_decline(request: HttpRequest, call: ExpertCall) -> HttpResponse:
    """No, with a word if they like."""
    form = WordForm(request.POST)
    if form.is_valid():
        try:
            experts.decline(call=call, word=form.cleaned_data["word"])
        except RuleError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Thank you for saying so: we ask somebody else."))
            return HttpResponseRedirect(expert_queries.call_url(call))
    return _show(request, call, status=INVALID, decline=form)


@private_page
@require_POST
@by_link
def expert_call_away(request: HttpRequest, call: ExpertCall) -> HttpResponse:
    """Away until a day: this question goes to somebody else, and nobody asks until then."""
    form = AwayForm(request.POST)
    if form.is_valid():
        try:
            away = pool.set_away(expert=call.expert, until=form.cleaned_data["until"])
            if call.is_open:
                day = spoken.day_month(form.cleaned_data["until"])
                experts.decline(call=call, word=_("away until %(day)s") % {"day": day})
        except RuleError as error:
            form.add_refusal(error)
        else:
            messages.success(request, said_away(away))
            return HttpResponseRedirect(expert_queries.call_url(call))
    return _show(request, call, status=INVALID, away=form)


def _show(request: HttpRequest, call: ExpertCall, *, status: int = 200, **forms: Any) -> HttpResponse:
    reads = expert_queries.reads_ticket(call)
    ticket = call.ticket
    context = {
        "call": call,
        "ticket": ticket,
        "reads": reads,
        "subject": for_expert(ticket.subject, ticket.asker) if reads else "",
        "function": ticket.asker.get_profession_display() or for_expert(ticket.asker.function, ticket.asker),
        "thread": [_entry(each) for each in expert_queries.thread_for_expert(call)] if reads else [],
        "is_late": call.is_open and call.due_at <= timezone.now(),
        "form": ExpertAnswerForm(),
        "decline": WordForm(),
        "away": AwayForm(),
        "urls": {
            name: expert_queries.call_url(call, name)
            for name in ("expert_call", "expert_accept", "expert_decline", "expert_call_away")
        },
        "own_url": expert_queries.own_url(call.expert),
        **forms,
    }
    return render(request, "helpdesk/expert_call.html", context, status=status)


def _entry(heard: expert_queries.Heard) -> dict[str, Any]:
    records = [
        {
            "title": each.snapshot["name"],
            "language": each.snapshot["name_language"],
            "lines": lines_of(each.snapshot),
        }
        for each in heard.records
    ]
    return {"heard": heard, "records": records}
