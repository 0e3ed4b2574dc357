"""What an answer tells browsers, proxies, search engines and the next site."""

from __future__ import annotations

import pytest
from django.http import HttpRequest, HttpResponse
from django.middleware.security import SecurityMiddleware
from django.test import RequestFactory
from django.views.decorators.http import require_GET

from core.http import private_page


@private_page
@require_GET
def booking(request: HttpRequest, token: str) -> HttpResponse:
    return HttpResponse(token)


def test_a_private_page_is_answered_as_ever(rf: RequestFactory) -> None:
    assert booking(rf.get("/b/secret"), token="secret").content == b"secret"


def test_no_other_site_learns_its_address_whatever_the_site_says_elsewhere(rf: RequestFactory) -> None:
    site = SecurityMiddleware(lambda request: booking(request, token="secret"))
    site.referrer_policy = "unsafe-url"
    response = site.process_response(rf.get("/b/secret"), booking(rf.get("/b/secret"), token="secret"))
    assert response["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize("method", ["get", "post"])
def test_answer_and_refusal_are_kept_nowhere(method: str, rf: RequestFactory) -> None:
    response = booking(getattr(rf, method)("/b/secret"), token="secret")
    kept = {each.strip() for each in response["Cache-Control"].split(",")}
    assert (kept >= {"no-store", "private", "no-cache"}, response["X-Robots-Tag"]) == (True, "noindex")
