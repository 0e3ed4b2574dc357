"""The territory for programs, and keys at the door."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from basins.models import Basin, Municipality, PartnerKey, PostcodeArea
from basins.partners import has_scope
from tests.conftest import FARID_PLAIN_KEY

pytestmark = pytest.mark.django_db

BASINS = "/api/v1/basins/"


def test_there_are_five_basins(greet: Client) -> None:
    rows = greet.get(BASINS).json()["results"]
    assert sorted(row["code"] for row in rows) == ["centre-ouest", "nord", "nord-est", "sud", "sud-est"]


def test_basin_says_where_it_is_and_how_to_reach_it(greet: Client) -> None:
    body = greet.get(f"{BASINS}sud-est/").json()
    stored = Basin.objects.get(code="sud-est")
    assert {name: body[name] for name in ("id", "code", "name", "helpdesk_phone", "helpdesk_email")} == {
        "id": str(stored.uuid),
        "code": "sud-est",
        "name": {"fr": "Sud-Est", "nl": "Zuid-Oost"},
        "helpdesk_phone": "02 318 60 58",
        "helpdesk_email": {"fr": "info@bassin-sud-est.brussels", "nl": "info@zorgzone-zuid-oost.brussels"},
    }
    etterbeek = next(row for row in body["municipalities"] if row["nis_code"] == "21005")
    assert etterbeek == {
        "nis_code": "21005",
        "name": {"fr": "Etterbeek", "nl": "Etterbeek"},
        "postcodes": ["1040"],
    }


def test_basin_that_does_not_exist(greet: Client) -> None:
    assert greet.get(f"{BASINS}oost/").status_code == 404


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_basins_costs_three_queries(greet: Client, number: int, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        assert len(greet.get(BASINS, {"limit": number}).json()["results"]) == number


def test_postcode_answers_with_candidates_and_reasons(greet: Client) -> None:
    response = greet.get("/api/v1/postcodes/1040/", headers={"Accept-Language": "nl"})
    body = response.json()
    assert (response.status_code, body["postcode"], response["Content-Language"]) == (200, "1040", "nl")
    first, *others = body["candidates"]
    assert others
    assert (first["basin"], first["municipality"]["nis_code"], first["is_main"]) == ("sud-est", "21005", True)
    assert "1040" in first["reason"]


def test_postcode_whose_basin_nobody_told_us(greet: Client) -> None:
    PostcodeArea.objects.create(postcode="1299", municipality=Municipality.objects.get(nis_code="21004"), basin=None)
    (candidate,) = greet.get("/api/v1/postcodes/1299/").json()["candidates"]
    assert candidate["basin"] is None
    assert candidate["reason"]


@pytest.mark.parametrize("postcode", ["9000", "104", "abcd", "١٠٤٠", "x" * 500])
def test_postcode_that_is_none_of_ours(greet: Client, postcode: str) -> None:
    response = greet.get(f"/api/v1/postcodes/{postcode}/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"


# --- Keys ----------------------------------------------------------------------------------------


def call(authorization: str) -> Any:
    return Client().get(BASINS, headers={"Authorization": authorization})


@pytest.mark.parametrize(
    "authorization",
    [
        "Api-Key nonsense",
        "Api-Key",
        "Api-Key clé",
        f"Bearer {FARID_PLAIN_KEY}",
        FARID_PLAIN_KEY,
        f"Api-Key {FARID_PLAIN_KEY}x",
        f"Api-Key {FARID_PLAIN_KEY[:12]}",
    ],
)
def test_key_that_is_none_is_refused_even_where_none_is_needed(farid: PartnerKey, authorization: str) -> None:
    response = call(authorization)
    assert (response.status_code, response.json()["code"]) == (401, "not-authenticated")
    assert response["WWW-Authenticate"] == 'Api-Key realm="api"'


@pytest.mark.parametrize("scheme", ["Api-Key", "api-key", "API-KEY"])
def test_key_opens(farid: PartnerKey, scheme: str) -> None:
    assert call(f"{scheme} {FARID_PLAIN_KEY}").status_code == 200


def test_revoked_key_is_refused(farid: PartnerKey) -> None:
    PartnerKey.objects.update(revoked_at=timezone.now())
    assert call(f"Api-Key {FARID_PLAIN_KEY}").status_code == 401


def test_key_costs_one_query_and_its_use_is_noted_once(farid: PartnerKey, django_assert_num_queries: Any) -> None:
    call(f"Api-Key {FARID_PLAIN_KEY}")
    assert PartnerKey.objects.get().last_used_at is not None
    with django_assert_num_queries(3 + 1):
        call(f"Api-Key {FARID_PLAIN_KEY}")


def test_digest_is_not_a_key(farid: PartnerKey) -> None:
    assert call(f"Api-Key {farid.digest}").status_code == 401


@pytest.mark.parametrize(
    ("language", "sentence"),
    [("fr", "Votre clé ne donne pas le droit x:y."), ("nl", "Uw sleutel geeft het recht x:y niet.")],
)
def test_a_missing_scope_is_said_in_the_callers_language(language: str, sentence: str) -> None:
    permission: Any = has_scope("x:y")()
    with override(language):
        assert permission.message == sentence
