"""Every answer of the HSDS API fits the official schemas, in both languages."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
import time_machine
from django.test import Client

from core.bilingual import LANGUAGE_CODES
from directory.models import Location
from directory.rules import records
from tests.directory.factories import LocationFactory, OrganizationFactory, ServiceFactory, service
from tests.directory.hsds_tools import imported, mistakes, rich_service

pytestmark = [pytest.mark.django_db, pytest.mark.parametrize("language", LANGUAGE_CODES)]

BASE = "/api/hsds/v3"


@pytest.fixture(autouse=True)
def directory() -> Any:
    """A record with everything, one with next to nothing, a hidden place, an organisation without records."""
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC), tick=False):
        imported(rich_service())
        place = LocationFactory(hides_address=True)
        service(place.organization, places=[str(place.uuid)])
        ServiceFactory(name_fr="", status="temporarily closed")
        OrganizationFactory(name_nl="")
        records.create_location(organization=place.organization, values={"kind": "virtual", "name_fr": "Zoom"}, by=None)
        Location.objects.create(organization=place.organization, city_fr="Namur", postcode="5000")
        yield


def get(path: str, language: str) -> Any:
    response = Client().get(f"{BASE}/{path}", headers={"Accept-Language": language})
    assert response.status_code == 200
    assert response["Content-Language"] == language
    return response.json()


def wrong(schema: str, rows: list[Any]) -> list[str]:
    assert rows
    return [mistake for row in rows for mistake in mistakes(schema, row)]


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("services", "compiled/service_list"),
        ("services?full=true", "service"),
        ("organizations", "compiled/organization_list"),
        ("organizations?full=true", "organization"),
        ("organizations?full_service=true", "organization"),
        ("service_at_locations", "compiled/service_at_location_list"),
        ("service_at_locations?full=true", "service_at_location"),
        ("taxonomies", "taxonomy"),
        ("taxonomy_terms?per_page=500", "taxonomy_term"),
    ],
)
def test_lists_fit_the_schema(path: str, schema: str, language: str) -> None:
    assert wrong(schema, get(path, language)["contents"]) == []


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("services", "service"),
        ("organizations", "organization"),
        ("service_at_locations", "service_at_location"),
        ("taxonomies", "taxonomy"),
    ],
)
def test_single_records_fit_the_schema(path: str, schema: str, language: str) -> None:
    listed = get(path, language)["contents"]
    assert wrong(schema, [get(f"{path}/{row['id']}", language) for row in listed]) == []


def test_services_inside_others_fit_the_schema(language: str) -> None:
    places = get("service_at_locations?full=true", language)["contents"]
    owners = get("organizations?full_service=true", language)["contents"]
    inner = [row["service"] for row in places] + [each for row in owners for each in row.get("services", [])]
    assert wrong("service", inner) == []


@pytest.mark.parametrize(
    ("path", "schema"),
    [
        ("services", "compiled/service_list"),
        ("services?full=true", "service"),
        ("organizations?full_service=true", "organization"),
        ("service_at_locations?full=true", "service_at_location"),
        ("taxonomy_terms", "taxonomy_term"),
    ],
)
def test_lines_fit_the_schema(path: str, schema: str, language: str) -> None:
    joint = "&" if "?" in path else "?"
    response: Any = Client().get(f"{BASE}/{path}{joint}format=ndjson", headers={"Accept-Language": language})
    assert response["Content-Type"] == "application/x-ndjson"
    lines = response.getvalue().decode().splitlines()
    assert wrong(schema, [json.loads(line) for line in lines]) == []


def test_nothing_that_may_be_empty_is_empty(language: str) -> None:
    """Open Referral UK asks for it; what HSDS requires may be an empty text."""
    required = {"description", "address_1", "city", "postal_code"}

    def empty(value: Any, name: str) -> list[str]:
        if isinstance(value, dict):
            return [each for key, inner in value.items() for each in empty(inner, key)]
        if isinstance(value, list):
            return [name] * (not value) + [each for inner in value for each in empty(inner, name)]
        return [name] * (value in ("", None) and name not in required)

    assert empty(get("services?full=true", language)["contents"], "") == []
    assert empty(get("organizations?full=true", language)["contents"], "") == []
