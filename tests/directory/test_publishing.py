"""Copies of records as they are sent: the same as written anew, never older than the record, never of persons."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client

from directory.models import HsdsCopy, Service
from directory.rules import contacts, publishing, records
from tests.directory.factories import service
from tests.directory.hsds_tools import person, rich_service

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 22)
LANGUAGES = ("fr", "nl")


@pytest.fixture(autouse=True)
def _today() -> Iterator[None]:
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC), tick=True):
        yield


def lines(query: str = "", language: str = "fr") -> list[Any]:
    url = f"/api/hsds/v3/services?format=ndjson{query}"
    response: Any = Client().get(url, headers={"Accept-Language": language})
    return [json.loads(line) for line in response.getvalue().splitlines()]


def without_persons() -> Service:
    made = rich_service()
    for contact in made.organization.contacts.all():
        contacts.remove_contact(contact=contact, by=None)
    made.refresh_from_db()
    return made


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("query", ["", "&full=true", "&minimal=true"])
def test_a_copy_says_what_is_written_anew(query: str, language: str) -> None:
    without_persons()
    service()
    before = lines(query, language)
    assert publishing.publish(today=TODAY) == 2
    assert lines(query, language) == before


def test_a_copy_is_what_is_sent() -> None:
    service()
    publishing.publish(today=TODAY)
    HsdsCopy.objects.update(full_fr='{"id":"copy"}')
    assert lines("&full=true") == [{"id": "copy"}]


def test_a_copy_older_than_its_record_is_not_sent() -> None:
    made = service()
    publishing.publish(today=TODAY)
    records.edit_service(service=made, values={"name_fr": "Neuf"}, by=None)
    assert [row["name"] for row in lines()] == ["Neuf"]
    assert publishing.publish(today=TODAY) == 1
    assert publishing.publish(today=TODAY) == 0


def test_records_with_and_without_a_copy_come_in_their_order() -> None:
    made = [service(name_fr=f"S{number}") for number in range(5)]
    publishing.publish(today=TODAY)
    records.edit_service(service=made[1], values={"name_fr": "Neuf"}, by=None)
    assert [row["name"] for row in lines("&full=true")] == ["S0", "Neuf", "S2", "S3", "S4"]


def test_a_copy_ends_on_the_day_on_which_something_fades() -> None:
    service(capacity={"places_free": 2, "said_on": "2026-10-14"})
    publishing.publish(today=TODAY)
    assert HsdsCopy.objects.get().good_until == dt.date(2026, 11, 25)
    with time_machine.travel(dt.datetime(2026, 11, 25, 9, tzinfo=dt.UTC)):
        assert "capacities" not in lines("&full=true")[0]


def test_a_renamed_organisation_makes_the_copies_of_its_records_old() -> None:
    made = service()
    publishing.publish(today=TODAY)
    records.edit_organization(organization=made.organization, values={"name_fr": "Neuf"}, by=None)
    assert lines()[0]["organization"]["name"] == "Neuf"


def test_records_with_persons_are_never_copied() -> None:
    made = service()
    person(made, function_fr="Infirmière", name="Anne", show_name=True)
    assert publishing.publish(today=TODAY) == 0
    assert lines("&full=true")[0]["contacts"][0]["name"] == "Anne"


def test_a_copy_goes_when_a_person_comes_or_the_record_is_hidden() -> None:
    one, two = service(), service()
    publishing.publish(today=TODAY)
    person(one, function_fr="Infirmière", name="Anne")
    records.edit_service(service=two, values={"visibility": "professionals"}, by=None)
    publishing.publish(today=TODAY)
    assert not HsdsCopy.objects.exists()
    assert len(lines()) == 1


def test_hidden_records_are_not_copied() -> None:
    service(visibility="professionals")
    assert publishing.publish(today=TODAY) == 0
