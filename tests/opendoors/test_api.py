"""The programme for programs: what is public, in which words, at which cost."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from opendoors.enums import EditionState, VisitState
from opendoors.models import Visit
from tests.factories import basin
from tests.opendoors.factories import EditionFactory, VisitFactory, week_of_visits

pytestmark = pytest.mark.django_db

EDITIONS = "/api/v1/opendoors/editions/"
VISITS = "/api/v1/opendoors/visits/"


def results(greet: Client, url: str, **params: Any) -> list[dict[str, Any]]:
    response = greet.get(url, params)
    assert response.status_code == 200, response.content
    rows: list[dict[str, Any]] = response.json()["results"]
    return rows


def test_edition_says_what_a_program_needs(greet: Client) -> None:
    edition = EditionFactory(slug="bath", visits_per_visitor=3)
    (row,) = results(greet, EDITIONS)
    assert row == {
        "id": str(edition.uuid),
        "basin": "sud-est",
        "name": {"fr": "Le Grand Bain", "nl": "Het Grote Bad"},
        "intro": {"fr": "Une semaine pour se rencontrer.", "nl": "Een week om elkaar te ontmoeten."},
        "starts_on": edition.starts_on.isoformat(),
        "ends_on": edition.ends_on.isoformat(),
        "signup_opens_at": timezone.localtime(edition.signup_opens_at).isoformat(),
        "signup_closes_at": timezone.localtime(edition.signup_closes_at).isoformat(),
        "visits_per_visitor": 3,
        "seats_per_organisation": None,
        "state": "open",
        "bookable": True,
        "modified": timezone.localtime(edition.modified).isoformat(),
    }


def test_draft_is_nobodys_business(greet: Client) -> None:
    draft = EditionFactory(state=EditionState.DRAFT)
    visit = VisitFactory(edition=draft)
    assert results(greet, EDITIONS) == []
    assert results(greet, VISITS, edition=draft.uuid) == []
    assert greet.get(f"{EDITIONS}{draft.uuid}/").status_code == 404
    assert greet.get(f"{VISITS}{visit.uuid}/").status_code == 404


def test_visit_says_what_a_program_needs(greet: Client) -> None:
    visit = VisitFactory(seats=5, seats_taken=2, languages=["fr", "nl"])
    (row,) = results(greet, VISITS, edition=visit.edition.uuid)
    assert row == {
        "id": str(visit.uuid),
        "edition": str(visit.edition.uuid),
        "host": {
            "id": str(visit.host.uuid),
            "name": visit.host.name,
            "language": "fr",
            "directory_organization": None,
            "directory_service": None,
        },
        "place": {
            "street": {"fr": "Rue de l’Exemple 12", "nl": "Voorbeeldstraat 12"},
            "postcode": "1040",
            "municipality": None,
            "wheelchair": True,
        },
        "starts_at": timezone.localtime(visit.starts_at).isoformat(),
        "ends_at": timezone.localtime(visit.ends_at).isoformat(),
        "languages": ["fr", "nl"],
        "seats": 5,
        "seats_left": 3,
        "state": "planned",
        "bookable": True,
        "modified": timezone.localtime(visit.modified).isoformat(),
    }
    assert greet.get(f"{VISITS}{visit.uuid}/").json() == row


@pytest.mark.parametrize(
    ("fields", "bookable"),
    [
        ({}, True),
        ({"seats_taken": 5}, False),
        ({"state": VisitState.CANCELLED}, False),
        ({"starts_at": timezone.now() - dt.timedelta(hours=1)}, False),
        ({"edition__state": EditionState.CLOSED}, False),
        ({"edition__signup_opens_at": timezone.now() + dt.timedelta(days=1)}, False),
    ],
)
def test_bookable_is_what_the_rule_would_say(greet: Client, fields: dict[str, Any], *, bookable: bool) -> None:
    VisitFactory(**fields)
    assert [row["bookable"] for row in results(greet, VISITS)] == [bookable]


def test_visits_are_filtered_by_edition_and_by_basin(greet: Client) -> None:
    here, there = VisitFactory(), VisitFactory(edition=EditionFactory(basin=basin("nord")))
    assert [row["id"] for row in results(greet, VISITS, edition=here.edition.uuid)] == [str(here.uuid)]
    assert [row["id"] for row in results(greet, VISITS, basin="nord")] == [str(there.uuid)]
    assert [row["basin"] for row in results(greet, EDITIONS, basin="nord")] == ["nord"]


def test_modified_after_gives_what_changed_since(greet: Client) -> None:
    old, new = week_of_visits(EditionFactory(), 2)
    moment = timezone.now()
    Visit.objects.filter(pk=old.pk).update(modified=moment - dt.timedelta(hours=2))
    Visit.objects.filter(pk=new.pk).update(modified=moment)
    since = (moment - dt.timedelta(hours=1)).isoformat()
    assert [row["id"] for row in results(greet, VISITS, modified_after=since)] == [str(new.uuid)]
    # Nobody escapes the plus of +01:00, so it arrives as a space.
    unescaped = greet.get(f"{VISITS}?modified_after={since}")
    assert [row["id"] for row in unescaped.json()["results"]] == [str(new.uuid)]


@pytest.mark.parametrize(
    ("parameter", "value"),
    [
        ("edition", "seventeen"),
        ("basin", "ostend"),
        ("modified_after", "yesterday"),
        ("modified_after", "0001-01-01T00:00:00+23:59"),
        ("edition", ""),
        ("limit", "0"),
        ("limit", "x"),
    ],
)
def test_filter_that_makes_no_sense_is_named(greet: Client, parameter: str, value: str) -> None:
    response = greet.get(VISITS, {parameter: value})
    assert response.status_code == 422
    assert [error["field"] for error in response.json()["errors"]] == [parameter]


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_visits_costs_one_query(greet: Client, number: int, django_assert_num_queries: Any) -> None:
    week_of_visits(EditionFactory(), number)
    with django_assert_num_queries(1):
        assert len(results(greet, VISITS)) == number


@pytest.mark.parametrize("number", [1, 3])
def test_list_of_editions_costs_one_query(greet: Client, number: int, django_assert_num_queries: Any) -> None:
    for _ in range(number):
        EditionFactory()
    with django_assert_num_queries(1):
        assert len(results(greet, EDITIONS)) == number


def test_any_site_may_read_and_no_cookie_is_set(greet: Client) -> None:
    VisitFactory()
    response = greet.get(VISITS, headers={"Origin": "https://elsewhere.example"})
    assert response["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in response
    assert not response.cookies


def test_browser_of_another_site_may_not_book(greet: Client) -> None:
    response = greet.options(
        "/api/v1/opendoors/bookings/",
        headers={"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "POST"},
    )
    assert response["Access-Control-Allow-Methods"] == "GET, HEAD, OPTIONS"
