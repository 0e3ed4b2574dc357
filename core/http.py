"""Helpers for pages: what an answer tells browsers, proxies, search engines and the next site."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse
from django.utils.cache import add_never_cache_headers

P = ParamSpec("P")


def private_page(
    view: Callable[Concatenate[HttpRequest, P], HttpResponse],
) -> Callable[Concatenate[HttpRequest, P], HttpResponse]:
    """For views whose address opens a door by itself (a signed token stands in it); goes outermost.

    No other site learns the address, nothing on the way keeps the answer, no search engine lists it.
    ``no-referrer`` would say less still, but then browsers send our own forms with ``Origin: null``
    (Fetch, "append a request Origin header"), which the check against forged forms refuses.
    """

    @wraps(view)
    def private(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        response = view(request, *args, **kwargs)
        response["Referrer-Policy"] = "same-origin"
        response["X-Robots-Tag"] = "noindex"
        add_never_cache_headers(response)
        return response

    return private
