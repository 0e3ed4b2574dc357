"""Helpers for pages: what an answer tells browsers, proxies, search engines and the next site."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import add_never_cache_headers

P = ParamSpec("P")
R = TypeVar("R", bound=HttpResponseBase)


def private_page(
    view: Callable[Concatenate[HttpRequest, P], R],
) -> Callable[Concatenate[HttpRequest, P], R]:
    """For views whose address opens a door by itself (a signed token stands in it); goes outermost.

    No other site learns the address, nothing on the way keeps the answer, no search engine lists it.
    ``no-referrer`` would say less still, but then browsers send our own forms with ``Origin: null``
    (Fetch, "append a request Origin header"), which the check against forged forms refuses.
    """

    @wraps(view)
    def private(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> R:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        add_never_cache_headers(response)
        return response

    return private


def network_of(meta: Mapping[str, Any]) -> str:
    """The address of who asks, by ``request.META``, or (IPv6) the network that one subscriber has.

    "unknown" for a socket without an address.
    """
    address = meta.get("REMOTE_ADDR", "")
    if settings.ENV.trusted_proxy:
        # The last entry is what our own proxy saw; the ones before are what anybody may write.
        address = meta.get("HTTP_X_FORWARDED_FOR", address).rpartition(",")[2].strip()
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    return str(ipaddress.ip_network((ip, 64), strict=False)) if ip.version == 6 else str(ip)
