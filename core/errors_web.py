"""The pages for what goes wrong, in the reader's language; under ``/api/`` problem details instead.

They may be asked for before any middleware has run (a refused host) or while the database is away
(500), so each renders with no more than it can be sure of.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language_from_request, override

from core.api.problems import API_PREFIX, problem_response
from core.middleware import current_request_id


def _page(request: HttpRequest, status: int, *, template: str = "", framed: bool = False) -> HttpResponse:
    """The error page. ``framed``: with the site's menu, which may ask the database."""
    if request.path.startswith(API_PREFIX):
        return problem_response(request, status)
    language = get_language_from_request(request, check_path=True)
    with override(language):
        html = render_to_string(
            template or f"core/{status}.html",
            {"request_id": current_request_id.get() if status >= 500 else ""},
            request=request if framed and hasattr(request, "user") else None,
        )
    response = HttpResponse(html, status=status)
    response["Content-Language"] = language
    response["Cache-Control"] = "no-store"
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """400: a refused host, a NUL byte, too many fields."""
    return _page(request, 400)


def permission_denied(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403: signed in, but not for this."""
    return _page(request, 403, framed=True)


def page_not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """404: nothing there, or nothing that this reader may see."""
    return _page(request, 404, framed=True)


def server_error(request: HttpRequest) -> HttpResponse:
    """500: our fault. Asks nobody for anything."""
    return _page(request, 500)


def csrf_failure(request: HttpRequest, reason: str = "", **kwargs: Any) -> HttpResponse:
    """403: a form without its proof of origin; the page was open for too long, or cookies are off."""
    return _page(request, 403, template="core/403_csrf.html")
