"""What every request passes through."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.core.exceptions import BadRequest
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client, RequestFactory

from basins.models import User
from core.middleware import (
    PlainInputMiddleware,
    ReadOnlyGetMiddleware,
    RequestIdMiddleware,
    WriteOnGet,
    current_request_id,
    writing_allowed,
)


def answer_with_id(request: HttpRequest) -> HttpResponse:
    return HttpResponse(current_request_id.get())


def test_a_request_gets_an_id_that_comes_back() -> None:
    response = RequestIdMiddleware(answer_with_id)(RequestFactory().get("/"))
    assert response["X-Request-ID"] == response.content.decode()
    assert len(response["X-Request-ID"]) == 32


def test_the_proxys_id_is_kept() -> None:
    response = RequestIdMiddleware(answer_with_id)(RequestFactory().get("/", headers={"X-Request-ID": "abc-12345"}))
    assert response["X-Request-ID"] == "abc-12345"


@pytest.mark.parametrize("forged", ["short", "x" * 65, "with space in it", "line\nbreak-line"])
def test_a_forged_id_is_replaced(forged: str) -> None:
    response = RequestIdMiddleware(answer_with_id)(RequestFactory().get("/", headers={"X-Request-ID": forged}))
    assert response["X-Request-ID"] != forged


def test_the_id_is_forgotten_afterwards() -> None:
    RequestIdMiddleware(answer_with_id)(RequestFactory().get("/"))
    assert current_request_id.get() == "-"


@pytest.mark.parametrize("address", ["/fr/%00", "/fr/?q=a%00b", "/fr/?q=a&q=%00"])
def test_a_nul_byte_in_the_address_is_a_bad_request(address: str) -> None:
    with pytest.raises(BadRequest):
        PlainInputMiddleware(answer_with_id)(RequestFactory().get(address))


@pytest.mark.parametrize("address", ["/fr/%00", "/nl/?q=%00"])
def test_a_nul_byte_gives_a_clean_400_page(address: str, client: Client) -> None:
    response = client.get(address)
    assert (response.status_code, response["Content-Language"]) == (400, address[1:3])


def test_a_nul_byte_under_the_api_gives_problem_details(client: Client) -> None:
    response = client.get("/api/v1/?q=%00")
    assert (response.status_code, response["Content-Type"]) == (400, "application/problem+json")


def write(request: HttpRequest) -> HttpResponse:
    User.objects.create_user("new@example.org")
    return HttpResponse()


@pytest.mark.django_db
@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_page_that_is_only_looked_at_cannot_write(method: str) -> None:
    with pytest.raises(WriteOnGet), transaction.atomic():
        ReadOnlyGetMiddleware(write)(RequestFactory().generic(method, "/"))
    assert User.objects.filter(email="new@example.org").count() == 0


@pytest.mark.django_db
def test_a_post_writes() -> None:
    assert ReadOnlyGetMiddleware(write)(RequestFactory().post("/")).status_code == 200


@pytest.mark.django_db
def test_bookkeeping_may_be_allowed_to_write() -> None:
    def keep_books(request: HttpRequest) -> HttpResponse:
        with writing_allowed():
            return write(request)

    assert ReadOnlyGetMiddleware(keep_books)(RequestFactory().get("/")).status_code == 200


@pytest.mark.django_db
def test_a_session_may_be_written_while_a_page_is_shown() -> None:
    def show(request: HttpRequest) -> HttpResponse:
        Session.objects.create(session_key="k", session_data="", expire_date="2030-01-01T00:00Z")
        return HttpResponse()

    assert ReadOnlyGetMiddleware(show)(RequestFactory().get("/")).status_code == 200
