"""What the desk's pages share: who may be here, which ticket it is, and a button that calls a rule."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_POST

from basins.rights import Right
from basins.web.reader import signed_in
from basins.web.second_factor import staff_required
from core.errors import RuleError
from core.middleware import writing_allowed
from helpdesk import staff_queries
from helpdesk.models import Ticket
from helpdesk.rules import reading

P = ParamSpec("P")
for_desk = staff_required(Right.ANSWER_TICKETS)


def desk_url(name: str, basin: str, **kwargs: Any) -> str:
    return reverse(f"helpdesk:{name}", kwargs={"basin": basin, **kwargs})


def ticket_url(ticket: Ticket) -> str:
    """The ticket's page for colleagues, on the site of the basin it is with."""
    return desk_url("staff_ticket", ticket.basin.code, code=ticket.code)


def with_ticket(
    view: Callable[Concatenate[HttpRequest, Ticket, P], HttpResponse],
) -> Callable[..., HttpResponseBase]:
    """Give the view the ticket of the address; one of another helpdesk of the reader's leads there, others are 404.

    That it was read is noted, whichever page showed it: its words stand on most of them.
    """

    @wraps(view)
    def found(request: HttpRequest, basin: str, code: str, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        user = signed_in(request)
        ticket = staff_queries.one(user, code)
        if ticket is None:
            raise Http404
        if ticket.basin.code != basin:
            return HttpResponseRedirect(ticket_url(ticket))
        if request.method != "POST":
            with writing_allowed():
                reading.note_read(ticket=ticket, by=user)
        return view(request, ticket, *args, **kwargs)

    return for_desk(found)


def act(rule: Callable[[HttpRequest, Ticket], str]) -> Callable[..., HttpResponseBase]:
    """A button: the rule is called, what it says is shown, or why it refused, and the ticket's page comes back."""

    def pressed(request: HttpRequest, ticket: Ticket) -> HttpResponse:
        try:
            messages.success(request, rule(request, ticket))
        except RuleError as error:
            messages.error(request, str(error.message))
        back = request.POST.get("back") == "inbox"
        return HttpResponseRedirect(desk_url("staff_inbox", ticket.basin.code) if back else ticket_url(ticket))

    return require_POST(with_ticket(pressed))
