"""Errors of the API: problem details, in the reader's language, whatever went wrong and wherever."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import gettext as _
from django.utils.translation import override
from rest_framework.exceptions import ValidationError
from rest_framework.test import APIRequestFactory

from core.api.problems import handle, problem
from core.errors import RuleError
from tests.conftest import FARID_PLAIN_KEY

pytestmark = pytest.mark.django_db

BOOKINGS = "/api/v1/opendoors/bookings/"


@pytest.fixture
def partner(farid: Any) -> Client:
    return Client(headers={"Authorization": f"Api-Key {FARID_PLAIN_KEY}"})


def test_unknown_address_answers_with_a_problem(greet: Client) -> None:
    response = greet.get("/api/v1/nothing/", headers={"Accept-Language": "nl"})
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    with override("nl"):
        assert response.json() == {
            "type": "/api/problems/not-found/",
            "title": _("Not found"),
            "status": 404,
            "detail": _("There is nothing at this address, or nothing you may see."),
            "instance": "/api/v1/nothing/",
            "code": "not-found",
        }


@pytest.mark.parametrize("language", ["fr", "nl"])
@pytest.mark.parametrize("path", ["/api/v1/nothing/", "/api/v1/postcodes/9999/", BOOKINGS])
def test_problem_speaks_the_readers_language(greet: Client, path: str, language: str) -> None:
    response = greet.get(path, headers={"Accept-Language": language})
    assert response["Content-Language"] == language
    assert "Accept-Language" in [name.strip() for name in response["Vary"].split(",")]


def test_problem_speaks_french_to_who_asks_for_neither(greet: Client) -> None:
    assert greet.get("/api/v1/nothing/", headers={"Accept-Language": "de"})["Content-Language"] == "fr"


@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        ("{", "application/json", 400, "parse-error"),
        ('{"name": NaN}', "application/json", 400, "parse-error"),
        ("\xff", "application/json; charset=latin-1", 400, "parse-error"),
        ("[" * 100_000, "application/json", 400, "parse-error"),
        ("name=Daan", "application/x-www-form-urlencoded", 415, "unsupported-media-type"),
        ("[]", "application/json", 422, "invalid"),
        ("", "application/json", 422, "invalid"),
        ('{"name": "D\\u0000"}', "application/json", 422, "invalid"),
        ('{"name": ["\\ud800"]}', "application/json", 422, "invalid"),
        ('{"\\ud800": 1}', "application/json", 422, "invalid"),
    ],
)
def test_body_that_cannot_be_taken(partner: Client, body: str, content_type: str, status: int, code: str) -> None:
    response = partner.post(BOOKINGS, body, content_type=content_type)
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert response["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize(
    ("body", "content_type", "detail"),
    [
        ('{"name":\n,', "application/json", "Ce n’est pas du JSON : regardez la ligne 2, caractère 1."),
        (b'{"name": "\xff"}', "application/json", "Le corps n’est pas du texte dans l’encodage qu’il annonce"),
        ('{"name": NaN}', "application/json", "JSON ne connaît ni NaN ni Infinity"),
        ("a", "text/plain", "Le format « text/plain » ne peut pas être lu ici"),
    ],
)
def test_body_that_cannot_be_read_is_told_why(partner: Client, body: str, content_type: str, detail: str) -> None:
    response = partner.post(BOOKINGS, body, content_type=content_type, headers={"Accept-Language": "fr"})
    assert response.json()["detail"].replace("\N{NO-BREAK SPACE}", " ").startswith(detail)


@pytest.mark.parametrize(("language", "word"), [("fr", "clé"), ("nl", "sleutel")])
def test_without_a_key_one_is_told_how_to_send_it(greet: Client, language: str, word: str) -> None:
    detail = greet.get(BOOKINGS, headers={"Accept-Language": language}).json()["detail"]
    assert ("Authorization: Api-Key" in detail, word in detail) == (True, True)


def test_body_over_a_megabyte_is_refused_unread(partner: Client) -> None:
    response = partner.post(BOOKINGS, json.dumps({"name": "d" * 1024 * 1024}), content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (413, "too-large")


def test_method_that_does_not_exist_names_those_that_do(greet: Client) -> None:
    response = greet.put("/api/v1/basins/")
    assert (response.status_code, response.json()["code"]) == (405, "method-not-allowed")
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert "PUT" not in response.json()["detail"]


def test_format_that_is_not_spoken(greet: Client) -> None:
    response = greet.get("/api/v1/basins/", headers={"Accept": "text/csv"})
    assert (response.status_code, response.json()["code"]) == (406, "not-acceptable")


def test_nul_byte_in_the_address(greet: Client) -> None:
    response = greet.get("/api/v1/basins/?modified_after=%00")
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_host_that_is_not_ours(greet: Client) -> None:
    response = greet.get("/api/v1/basins/", headers={"Host": "evil.example"})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_crash_says_nothing_of_its_cause(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(*args: Any) -> Iterator[Any]:
        raise RuntimeError("the secret of the house")

    monkeypatch.setattr("basins.api.routing.candidates", crash)
    response = Client(raise_request_exception=False).get("/api/v1/postcodes/1040/")
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "error"
    assert b"secret" not in response.content


def test_rule_tells_its_reason_and_its_further_members() -> None:
    class Full(RuleError):
        code = "full"
        status = 409
        title = "Full"

    request = APIRequestFactory().post("/api/v1/x/")
    response = handle(Full("No seat left.", field="visits", visits=[1]), {"request": request})
    assert response is not None
    assert (response.status_code, response.data) == (
        409,
        {
            "visits": [1],
            "type": "/api/problems/full/",
            "title": "Full",
            "status": 409,
            "detail": "No seat left.",
            "instance": "/api/v1/x/",
            "code": "full",
            "errors": [{"field": "visits", "code": "full", "detail": "No seat left."}],
        },
    )


def test_further_members_cannot_pass_for_the_standard_ones() -> None:
    assert problem(409, detail="No.", extra={"status": 200, "more": 1})["status"] == 409


def test_nested_errors_are_a_flat_list_of_paths() -> None:
    request = APIRequestFactory().post("/api/v1/x/")
    error = ValidationError(
        {"visits": {"0": ["Wrong."]}, "guests": [{}, {"name": ["Missing."]}], "non_field_errors": ["No."]}
    )
    response = handle(error, {"request": request})
    assert response is not None
    assert [(found["field"], found["detail"]) for found in response.data["errors"]] == [
        ("visits.0", "Wrong."),
        ("guests.1.name", "Missing."),
        ("", "No."),
    ]


@pytest.mark.parametrize(("code", "status"), [("visits-full", 409), ("not-found", 404), ("key-invalid", 422)])
def test_type_of_a_problem_is_an_address(greet: Client, code: str, status: int) -> None:
    response = greet.get(f"/api/problems/{code}/")
    assert (response.status_code, response.json()["status"]) == (200, status)


def test_type_that_does_not_exist(greet: Client) -> None:
    assert greet.get("/api/problems/nonsense/").status_code == 404


@pytest.mark.parametrize("method", ["get", "post", "patch"])
def test_who_forgot_the_slash_is_sent_there_with_method_and_body(greet: Client, method: str) -> None:
    response = getattr(greet, method)("/api/v1/opendoors/bookings?limit=1")
    assert (response.status_code, response["Location"]) == (308, "/api/v1/opendoors/bookings/?limit=1")


def test_address_that_exists_with_no_slash_either(greet: Client) -> None:
    response = greet.get("/api/v1/nothing")
    assert (response.status_code, response["Content-Type"]) == (404, "application/problem+json")
