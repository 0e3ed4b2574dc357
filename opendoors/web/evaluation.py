"""The questionnaire, by the link in one's mail: for who visited and for who opened a door."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from core import signing
from core.bilingual import current_language
from core.errors import RuleError
from core.http import private_page
from opendoors import queries_answers, queries_hosts
from opendoors.enums import AnswerRole, EditionState
from opendoors.models import Answer, Edition
from opendoors.rules import answering
from opendoors.rules.answering import AnswerData
from opendoors.web.evaluation_forms import AnswerForm
from opendoors.web.links import host_link_gone, link_gone

shown_or_sent = require_http_methods(["GET", "HEAD", "POST"])


@private_page
@shown_or_sent
def evaluate(request: HttpRequest, basin: str, token: str) -> HttpResponse:
    """How the visits were; opened again, the answer can be changed."""
    try:
        visitor = queries_answers.visitor_by_link(token, basin)
    except (signing.BadToken, signing.StaleToken) as error:
        return link_gone(request, error)

    def keep(data: AnswerData) -> Answer:
        return answering.answer(data=data, language=current_language(), by=None, visitor=visitor)

    return _page(
        request,
        edition=visitor.edition,
        role=AnswerRole.VISITOR,
        known=Answer.objects.filter(visitor=visitor).first(),
        reason=answering.why_visitor_cannot(visitor),
        keep=keep,
    )


@private_page
@shown_or_sent
def evaluate_host(request: HttpRequest, basin: str, token: str) -> HttpResponse:
    """How it was to open one's door."""
    try:
        host = queries_hosts.host_by_link(token, basin)
    except (signing.BadToken, signing.StaleToken) as error:
        return host_link_gone(request, error, basin)

    def keep(data: AnswerData) -> Answer:
        return answering.answer(data=data, language=current_language(), by=None, host=host)

    return _page(
        request,
        edition=host.edition,
        role=AnswerRole.HOST,
        known=Answer.objects.filter(host=host).first(),
        reason=answering.why_host_cannot(host),
        keep=keep,
        service=host.name,
        service_language=host.name_language,
    )


def _page(
    request: HttpRequest,
    *,
    edition: Edition,
    role: AnswerRole,
    known: Answer | None,
    reason: str,
    keep: Callable[[AnswerData], Answer],
    **extra: str,
) -> HttpResponse:
    sent = request.POST if request.method == "POST" else None
    form = AnswerForm(sent, role=role, initial=AnswerForm.initial_of(known))
    if form.is_valid():
        try:
            keep(form.answer_for_rule())
        except RuleError as error:
            form.add_refusal(error)
        else:
            return HttpResponseRedirect(request.path)
    context = {
        "edition": edition,
        "role": role,
        "form": form,
        "known": known,
        "reason": reason,
        "last_day": answering.last_day(edition),
        "has_figures": edition.state == EditionState.EVALUATED,
        **extra,
    }
    return render(request, "opendoors/evaluation/questions.html", context, status=422 if form.errors else 200)
