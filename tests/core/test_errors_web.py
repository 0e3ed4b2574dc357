"""Error pages: in the reader's language, for every way in which a request can go wrong."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.test import Client, RequestFactory
from django.utils.translation import gettext, override

from core import errors_web


def heading(language: str, words: str) -> str:
    with override(language):
        return gettext(words)


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_an_address_that_leads_nowhere(language: str, client: Client) -> None:
    response = client.get(f"/{language}/no-such-page/")
    assert (response.status_code, response["Content-Language"]) == (404, language)
    assert f'<html lang="{language}"' in response.text
    assert heading(language, "We do not find this page") in response.text


def test_without_a_language_in_the_address_the_browsers_counts() -> None:
    request = RequestFactory().get("/nowhere", headers={"Accept-Language": "nl-BE,nl;q=0.9"})
    assert errors_web.bad_request(request)["Content-Language"] == "nl"


def test_a_refused_host_gets_a_plain_400_without_the_database(client: Client) -> None:
    response = client.get("/nl/", headers={"Host": "evil.example"})
    assert (response.status_code, response["Content-Language"]) == (400, "nl")
    assert heading("nl", "We did not understand this request") in response.text
    assert "evil.example" not in response.text


def test_a_crash_is_told_without_the_database_and_with_its_number(client: Client) -> None:
    response = errors_web.server_error(RequestFactory().get("/fr/"))
    assert response.status_code == 500
    assert heading("fr", "Something broke on our side") in response.text


@pytest.mark.django_db
def test_a_crash_in_a_page_gives_the_500_page(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*args: Any, **kwargs: Any) -> None:
        raise ZeroDivisionError("secret")

    client.raise_request_exception = False
    monkeypatch.setattr("basins.web.context.Site.__init__", crash)
    response = client.get("/fr/")
    assert (response.status_code, "secret" in response.text) == (500, False)
    assert heading("fr", "Something broke on our side") in response.text


def test_who_may_not_is_told_so() -> None:
    response = errors_web.permission_denied(RequestFactory().get("/fr/"), PermissionDenied())
    assert response.status_code == 403
    assert heading("fr", "This page is not open to you") in response.text


@pytest.mark.django_db
def test_a_form_without_its_proof_of_origin_is_refused_in_words() -> None:
    client = Client(enforce_csrf_checks=True)
    response = client.post("/nl/", {"a": "b"})
    assert response.status_code == 403
    assert heading("nl", "This page was open for too long") in response.text


@pytest.mark.parametrize(
    ("view", "status"), [("bad_request", 400), ("permission_denied", 403), ("page_not_found", 404)]
)
def test_the_api_gets_problem_details(view: str, status: int) -> None:
    request = RequestFactory().get("/api/v1/nowhere/", headers={"Accept-Language": "nl"})
    response = getattr(errors_web, view)(request)
    assert (response.status_code, response["Content-Type"], response["Content-Language"]) == (
        status, "application/problem+json", "nl",
    )  # fmt: skip


@pytest.mark.parametrize("view", ["bad_request", "permission_denied", "page_not_found"])
def test_error_pages_are_not_kept(view: str) -> None:
    assert getattr(errors_web, view)(RequestFactory().get("/fr/"))["Cache-Control"] == "no-store"
