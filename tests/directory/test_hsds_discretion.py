"""What strangers do not see in HSDS, and where what is gone leads."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.test import Client

from directory.enums import Visibility
from directory.models import Organization, ServiceAtLocation
from directory.rules import contacts, merging, records
from tests.directory.factories import LocationFactory, service
from tests.directory.hsds_tools import person

pytestmark = pytest.mark.django_db

BASE = "/api/hsds/v3"


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC), tick=True):
        yield


def get(path: str, status: int = 200, language: str = "fr") -> Any:
    response = Client().get(f"{BASE}/{path}", headers={"Accept-Language": language})
    assert response.status_code == status, response.content
    return response.json()


def ids(path: str) -> set[str]:
    return {row["id"] for row in get(path)["contents"]}


def lines(path: str) -> list[Any]:
    response: Any = Client().get(f"{BASE}/{path}")
    return [json.loads(line) for line in response.getvalue().splitlines()]


def fields_wrong(path: str) -> list[str]:
    return [error["field"] for error in get(path, 422)["errors"]]


# --- What strangers do not see ---------------------------------------------------------------------
@pytest.mark.parametrize("visibility", [Visibility.PROFESSIONALS, Visibility.ON_REFERRAL])
def test_records_that_are_not_public_are_not_there(visibility: Visibility) -> None:
    place = LocationFactory()
    made = service(place.organization, places=[str(place.uuid)], visibility=visibility)
    at = ServiceAtLocation.objects.get()
    get(f"services/{made.uuid}", 404)
    get(f"service_at_locations/{at.uuid}", 404)
    assert get("services")["total_items"] == 0
    assert get("service_at_locations")["total_items"] == 0
    assert lines("services?format=ndjson") == []
    assert "services" not in get(f"organizations/{made.organization.uuid}")
    assert "services" not in get("organizations?full_service=true")["contents"][0]


def test_a_hidden_address_is_nowhere() -> None:
    place = LocationFactory(
        street_fr="Rue Secrète 7",
        street_nl="Geheimstraat 7",
        name_fr="Refuge Secret",
        hides_address=True,
        latitude=50.8123,
        longitude=4.3123,
    )
    made = service(place.organization, places=[str(place.uuid)])
    answers = [
        get(f"services/{made.uuid}"),
        get(f"organizations/{made.organization.uuid}"),
        get("service_at_locations"),
        get("service_at_locations?full=true"),
    ]
    for answer in answers:
        said = json.dumps(answer)
        assert "Secr" not in said
        assert "50.8123" not in said
        assert "1040" not in said
    assert answers[0]["service_at_locations"][0]["location"]["address_hidden"] is True


def test_lines_for_professionals_are_not_given() -> None:
    made = service(phones=[{"number": "02 318 60 58"}, {"number": "0470 12 34 56", "professionals_only": True}])
    assert [phone["number"] for phone in get(f"services/{made.uuid}")["phones"]] == ["+3223186058"]


def test_a_person_is_named_by_the_function_unless_they_wish_otherwise() -> None:
    made = service()
    person(made, function_fr="Infirmière", name="Anne", email="anne@example.org")
    person(made, function_fr="Médecin", name="Bea", email="bea@example.org", show_name=True)
    found = get(f"services/{made.uuid}")["contacts"]
    assert [(each["title"], each.get("name"), each.get("email")) for each in found] == [
        ("Infirmière", None, None),
        ("Médecin", "Bea", "bea@example.org"),
    ]
    assert [phone["number"] for phone in found[0]["phones"]] == ["+3223186059"]


def test_persons_for_professionals_unpublished_or_away_are_not_there() -> None:
    made = service()
    person(made, function_fr="A", professionals_only=True)
    person(made, function_fr="B", published=False)
    person(made, function_fr="C", away_from=dt.date(2026, 11, 20), away_until=dt.date(2026, 11, 22))
    back = person(made, function_fr="D", away_until=dt.date(2026, 11, 21), away_from=dt.date(2026, 11, 20))
    assert [each["id"] for each in get(f"services/{made.uuid}")["contacts"]] == [str(back.uuid)]


def test_who_withdrew_consent_is_gone_at_once() -> None:
    made = service()
    kept = person(made, function_fr="A")
    assert "contacts" in get(f"services/{made.uuid}")
    contacts.withdraw_consent(contact=kept, by=None)
    assert "contacts" not in get(f"services/{made.uuid}")


def test_what_was_said_of_places_fades_out() -> None:
    made = service(capacity={"places_free": 2, "waiting_weeks": 3, "said_on": "2026-11-01"})
    row = get(f"services/{made.uuid}")
    assert row["capacities"][0]["available"] == 2
    assert row["waiting"] == {"weeks": 3, "said_on": "2026-11-01", "counts_until": "2026-12-13"}
    with time_machine.travel(dt.datetime(2026, 12, 13, 9, tzinfo=dt.UTC)):
        row = get(f"services/{made.uuid}")
    assert (row.get("capacities"), row.get("waiting")) == (None, None)


def test_a_day_of_closing_is_not_among_the_hours() -> None:
    made = service(
        schedules=[
            {"byday": "MO", "opens_at": "09:00", "closes_at": "12:00"},
            {"freq": "", "valid_from": "2026-12-24", "valid_to": "2026-12-31", "is_closed": True},
        ]
    )
    row = get(f"services/{made.uuid}")
    assert [each["byday"] for each in row["schedules"]] == ["MO"]
    assert [each["valid_from"] for each in row["closures"]] == ["2026-12-24"]


# --- What is gone ----------------------------------------------------------------------------------
def test_a_merged_record_leads_to_the_one_that_took_it_over() -> None:
    gone, into = service(), service()
    merging.merge_services(services=[gone], into=into, by=None)
    response = Client().get(f"{BASE}/services/{gone.uuid}")
    assert (response.status_code, response["Location"]) == (308, f"{BASE}/services/{into.uuid}")


def test_a_merged_organisation_leads_on_and_is_in_no_list() -> None:
    gone, into = service().organization, service().organization
    merging.merge_organizations(organizations=[gone], into=into, by=None)
    response = Client().get(f"{BASE}/organizations/{gone.uuid}")
    assert (response.status_code, response["Location"]) == (308, f"{BASE}/organizations/{into.uuid}")
    assert ids("organizations") == {str(into.uuid)}


def test_a_merged_record_does_not_lead_to_one_that_is_not_public() -> None:
    gone, into = service(), service()
    merging.merge_services(services=[gone], into=into, by=None)
    records.edit_service(service=into, values={"visibility": "professionals"}, by=None)
    get(f"services/{gone.uuid}", 404)


@pytest.mark.parametrize("path", ["services", "organizations", "service_at_locations", "taxonomies", "taxonomy_terms"])
def test_what_never_was_is_not_found(path: str) -> None:
    assert get(f"{path}/{uuid4()}", 404)["code"] == "not-found"


def test_the_region_stands_where_hsds_wants_a_state() -> None:
    brussels = LocationFactory(postcode="1040")
    flanders = LocationFactory(organization=brussels.organization, postcode="3000", city_fr="Louvain")
    assert Organization.objects.count() == 1
    made = service(brussels.organization, places=[str(brussels.uuid), str(flanders.uuid)])
    places = get(f"services/{made.uuid}")["service_at_locations"]
    assert {each["location"]["addresses"][0]["state_province"] for each in places} == {
        "Bruxelles-Capitale / Brussels Hoofdstedelijk Gewest",
        "Région flamande / Vlaams Gewest",
    }
