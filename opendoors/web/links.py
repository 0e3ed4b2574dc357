"""What the views of a visitor's signed links share: opening them, saying why one opens nothing, leading back."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse

from basins.models import User
from core import signing
from opendoors import queries, queries_hosts
from opendoors.enums import PUBLIC_STATES, EditionState


def opened_by_link(
    view: Callable[[HttpRequest, queries.Holding], HttpResponse],
) -> Callable[[HttpRequest, str, str], HttpResponse]:
    """Give the view what the token in the address holds, or say why the link opens nothing."""

    @wraps(view)
    def opened(request: HttpRequest, basin: str, token: str) -> HttpResponse:
        try:
            holding = queries.holding(token, basin)
        except (signing.BadToken, signing.StaleToken) as error:
            return link_gone(request, error)
        return view(request, holding)

    return opened


def link_gone(request: HttpRequest, error: signing.BadToken | signing.StaleToken) -> HttpResponse:
    """The page of a link that opens nothing, with the reason and the way to what is one's own."""
    return render(request, "opendoors/link_gone.html", {"reason": error.message}, status=error.status)


def host_link_gone(request: HttpRequest, error: signing.BadToken | signing.StaleToken, basin: str) -> HttpResponse:
    """The same for a host's link: what leads on is the link once more, by mail to its contact."""
    edition = queries_hosts.reachable(basin).filter(state__in=PUBLIC_STATES | {EditionState.CALL}).first()
    again = edition and reverse("opendoors:call_link", kwargs={"basin": basin, "slug": edition.slug})
    context = {"reason": error.message, "is_host": True, "again_url": again or ""}
    return render(request, "opendoors/link_gone.html", context, status=error.status)


def address_of(holding: queries.Holding) -> dict[str, str]:
    """What the addresses of a link's pages are made of."""
    return {"basin": holding.edition.basin.code, "token": holding.token}


def person(request: HttpRequest) -> User | None:
    """Who is signed in, if anybody."""
    return request.user if isinstance(request.user, User) else None


def to(name: str, query: str = "", **kwargs: Any) -> HttpResponseRedirect:
    """Lead to a page of the open-door weeks; ``query`` is what stands after the question mark."""
    return HttpResponseRedirect(reverse(f"opendoors:{name}", kwargs=kwargs) + (f"?{query}" if query else ""))
