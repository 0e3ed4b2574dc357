"""The form of a basin, and of the Region: ask in 90 seconds, see meanwhile what the directory has."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from basins.models import Basin, User
from basins.queries import helpdesk_is_open
from basins.web.views import current_basin
from core.calendar import is_public_holiday
from core.errors import RuleError
from core.http import network_of
from directory.web.addresses import directory_url
from directory.web.cards import card
from helpdesk import example_queries, queries
from helpdesk.enums import Channel
from helpdesk.errors import PersonNamed
from helpdesk.models import Asker, Ticket
from helpdesk.rules import asking, identity
from helpdesk.rules.checking import known_of
from helpdesk.suggesting import suggest
from helpdesk.web.forms import AskForm, chosen_terms, postcode_in
from helpdesk.web.person_named import TAKE_OUT, asked_first, question_of, without_person

INVALID = 422
LOOK = "look"  # the button that shows suggestions where there is no script


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """The form; a POST asks, and leads to the page of the question. Nothing typed is lost on the way."""
    page = current_basin(basin)
    if request.method != "POST":
        return _page(request, AskForm(initial=_initial(request)), page)
    if LOOK in request.POST:
        return _page(request, AskForm(initial=request.POST.dict()), page, sent=request.POST)
    sent = _without_person(request.POST) if TAKE_OUT in request.POST else request.POST
    form = AskForm(sent)
    named: PersonNamed | None = None
    if form.is_valid():
        try:
            ticket = asked_first(sent, lambda confirmed: _ask(request, form, page, confirmed=confirmed))
        except PersonNamed as error:
            named = error
        except RuleError as error:
            form.add_refusal(error)
        else:
            messages.success(request, _("Thank you: the helpdesk has your question. A mail with the link follows."))
            return HttpResponseRedirect(queries.ticket_url(ticket.asker))
    return _page(request, form, page, sent=sent, named=named, status=INVALID)


@require_POST
def suggestions(request: HttpRequest, basin: str | None = None) -> HttpResponse:
    """What the directory has on the text so far, and what in it may tell who the person is. Nothing is kept of it."""
    return render(request, "helpdesk/_suggested.html", _suggested(request, request.POST, basin))


def _ask(request: HttpRequest, form: AskForm, page: Basin | None, *, confirmed: bool) -> Ticket:
    return asking.ask(**form.for_rule(page), channel=Channel.WEB, confirmed=confirmed, network=network_of(request.META))


def _initial(request: HttpRequest) -> dict[str, Any]:
    """What is known already: words that found nothing in the directory, the place, who is signed in."""
    initial: dict[str, Any] = {
        "once": AskForm.fresh_key(),
        "body": request.GET.get("q", "")[:200],
        "postcode": request.GET.get("near", "")[:4],
    }
    if isinstance(request.user, User):
        initial |= {"name": request.user.name, "email": request.user.email}
    return initial


def _page(
    request: HttpRequest,
    form: AskForm,
    page: Basin | None,
    *,
    sent: QueryDict | None = None,
    named: PersonNamed | None = None,
    status: int = 200,
) -> HttpResponse:
    code = page.code if page else None
    given = sent if sent is not None else {name: str(value) for name, value in form.initial.items()}
    context = {
        "form": form,
        **_suggested(request, given, code),
        "person": question_of(named),
        "is_open": helpdesk_is_open(),
        "is_holiday": is_public_holiday(timezone.localdate()),
        "suggestions_url": queries.desk_url("suggestions", code),
        "directory_url": directory_url("search", code),
        "examples_url": example_queries.page_url("examples", code),
        "figures_url": example_queries.page_url("public_figures", code),
        "volunteer_url": queries.desk_url("volunteer", code),
    }
    return render(request, "helpdesk/ask.html", context, status=status)


def _suggested(request: HttpRequest, given: Any, basin: str | None) -> dict[str, Any]:
    words = str(given.get("body", ""))[: asking.BODY_AT_MOST]
    postcode = postcode_in(str(given.get("postcode", "")))
    found = suggest(words, postcode=postcode, basin=basin, user=request.user, chosen=chosen_terms(given))
    return {
        "are_doors": found.are_doors,
        "suggested": [card(service, basin=basin) for service in found.services],
        "is_demo_data": any(service.is_demo for service in found.services),
        "cases": [(row, example_queries.example_url(row, basin)) for row in example_queries.alike(words, basin)],
        "telling": [(each.kind.label, each.found) for each in identity.findings(words, known=_known(given))],
    }


def _known(given: Any) -> set[str]:
    return known_of(Asker(email=str(given.get("email", "")).strip().lower(), phone=str(given.get("phone", ""))))


def _without_person(sent: QueryDict) -> QueryDict:
    return without_person(sent, "body", "organisation", known=_known(sent))
