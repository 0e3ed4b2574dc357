"""Which site is asked for, and who may see a page at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.cache import cache
from django.http import (
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponsePermanentRedirect,
    HttpResponseRedirect,
)
from django.urls import reverse
from django.utils.translation import override

from basins.models import SiteHost
from basins.web.public import is_public
from basins.web.slugs import address_meant
from core.middleware import SAFE_METHODS

HOSTS_KEY = "basins:site-hosts"
HOSTS_SECONDS = 60


def site_hosts() -> dict[str, tuple[str | None, str]]:
    """Host name → (basin code or None, language). Kept for a minute in each process."""
    hosts: dict[str, tuple[str | None, str]] | None = cache.get(HOSTS_KEY)
    if hosts is None:
        rows = SiteHost.objects.values_list("host", "basin__code", "language")
        hosts = {host: (code, language) for host, code, language in rows}
        cache.set(HOSTS_KEY, hosts, HOSTS_SECONDS)
    return hosts


class SiteHostMiddleware:
    """The front door of a basin's own domain leads to the basin's page in the domain's language.

    Unknown hosts are refused by Django itself (``ALLOWED_HOSTS``); this only reads the table.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        host = request.get_host().partition(":")[0]  # raises DisallowedHost → 400
        if request.path == "/":
            basin, language = site_hosts().get(host.removeprefix("www."), (None, None))
            if language:
                with override(language):
                    return HttpResponseRedirect(reverse("home", kwargs={"basin": basin} if basin else None))
        return self.get_response(request)


class MixedLanguagesMiddleware:
    """An address that exists in the other language alone leads to the page it means, for good.

    Only where nothing is at the address: a page that says 404 itself keeps its word. Posted forms are never led on.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 404 and request.resolver_match is None and request.method in SAFE_METHODS:
            meant = address_meant(request.path_info)
            if meant:
                query = request.META.get("QUERY_STRING", "")
                return HttpResponsePermanentRedirect(f"{meant}?{query}" if query else meant)
        return response


class ClosedByDefaultMiddleware(LoginRequiredMiddleware):
    """Everybody signs in, except for the addresses that `basins.web.public` lists.

    Staff pages ask for more: `basins.web.second_factor`.
    """

    def process_view(
        self, request: HttpRequest, view_func: Any, view_args: Any, view_kwargs: Any
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if match is not None and is_public(match.view_name):
            return None
        return super().process_view(request, view_func, view_args, view_kwargs)
