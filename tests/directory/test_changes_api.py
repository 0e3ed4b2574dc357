"""The feed of changes: each record once, by its last change; nothing is missed, nothing hidden is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine
from django.test import Client

from directory.models import ServiceAtLocation, Taxonomy
from directory.rules import merging, records, visibility
from tests.directory.factories import LocationFactory, service

pytestmark = pytest.mark.django_db

URL = "/api/v1/directory/changes/"


def get(query: str = "", status: int = 200) -> Any:
    response = Client().get(f"{URL}?{query}")
    assert response.status_code == status, response.content
    return response.json()


@pytest.fixture
def begin() -> str:
    """The cursor of somebody who has read everything there was before the test."""
    cursor = "0"
    while True:
        page = get(f"limit=200&cursor={cursor}")
        cursor = page["cursor"]
        if page["next"] is None:
            return str(cursor)


def since(cursor: str) -> list[tuple[str, str, str]]:
    """What happened to services and their places; organisations of the factory have numbers of their own."""
    found = get(f"cursor={cursor}")["results"]
    return [(row["kind"], row["change"], row["id"]) for row in found if row["kind"] != "organization"]


def test_a_new_record_comes_with_its_organisation_and_its_address(begin: str) -> None:
    place = LocationFactory()
    made = service(place.organization, places=[str(place.uuid)])
    at = ServiceAtLocation.objects.get()
    found = get(f"cursor={begin}")["results"]
    assert {(row["kind"], row["id"]) for row in found} >= {
        ("service", str(made.uuid)),
        ("service_at_location", str(at.uuid)),
    }
    assert {Client().get(row["url"]).status_code for row in found} == {200}


def test_who_has_everything_gets_nothing_and_keeps_the_cursor(begin: str) -> None:
    assert get(f"kind=service&cursor={begin}") == {"results": [], "next": None, "cursor": begin}


def test_a_record_that_changes_again_comes_once_by_its_last_change(begin: str) -> None:
    made = service()
    for name in ("A", "B", "C"):
        records.edit_service(service=made, values={"name_fr": name}, by=None)
    assert since(begin).count(("service", "changed", str(made.uuid))) == 1


def test_following_the_pages_gives_each_change_once_in_order(begin: str) -> None:
    for _ in range(7):
        service()
    seen, address = [], f"{URL}?kind=service&cursor={begin}&limit=3"
    while address:
        page = Client().get(address).json()
        assert len(page["results"]) <= 3
        seen += [row["id"] for row in page["results"]]
        address = page["next"]
    assert seen == [each for _kind, _change, each in since(begin)]
    assert len(seen) == len(set(seen)) == 7


def test_a_record_that_changes_while_pages_are_turned_is_met_again(begin: str) -> None:
    first, *_others = [service() for _ in range(4)]
    page = get(f"kind=service&cursor={begin}&limit=2")
    records.edit_service(service=first, values={"name_fr": "Autre"}, by=None)
    assert ("service", "changed", str(first.uuid)) in since(page["cursor"])


def test_what_was_removed_is_told_with_the_reason(begin: str) -> None:
    made = service()
    records.remove_service(service=made, by=None)
    row = next(row for row in get(f"cursor={begin}")["results"] if row["id"] == str(made.uuid))
    assert (row["change"], row["reason"], row["replaced_by"], row["url"]) == ("removed", "removed", None, "")


def test_a_place_that_a_service_left_is_told(begin: str) -> None:
    place = LocationFactory()
    made = service(place.organization, places=[str(place.uuid)])
    at = ServiceAtLocation.objects.get()
    records.edit_service(service=made, values={"places": []}, by=None)
    assert ("service_at_location", "removed", str(at.uuid)) in since(begin)


def test_what_was_merged_is_told_with_where_it_went(begin: str) -> None:
    gone, into = service(), service()
    merging.merge_services(services=[gone], into=into, by=None)
    row = next(row for row in get(f"cursor={begin}")["results"] if row["id"] == str(gone.uuid))
    assert (row["reason"], row["replaced_by"]) == ("merged", str(into.uuid))


def test_what_is_no_longer_public_counts_as_removed_and_comes_back(begin: str) -> None:
    made = service()
    visibility.set_visibility(services=[made], visibility="professionals", by=None)  # type: ignore[arg-type]  # by its value
    assert since(begin) == [("service", "removed", str(made.uuid))]
    visibility.set_visibility(services=[made], visibility="public", by=None)  # type: ignore[arg-type]  # by its value
    assert since(begin) == [("service", "changed", str(made.uuid))]


def test_a_record_that_was_never_public_is_told_as_removed_at_most(begin: str) -> None:
    made = service(visibility="on_referral")
    assert {change for _kind, change, each in since(begin) if each == str(made.uuid)} == {"removed"}


def test_one_kind_alone(begin: str) -> None:
    place = LocationFactory()
    service(place.organization, places=[str(place.uuid)])
    at = ServiceAtLocation.objects.get()
    found = get(f"cursor={begin}&kind=service_at_location")["results"]
    assert [row["id"] for row in found] == [str(at.uuid)]


def test_beginning_at_a_moment(begin: str) -> None:
    with time_machine.travel(dt.datetime(2026, 11, 20, 9, tzinfo=dt.UTC), tick=False):
        records.remove_service(service=service(), by=None)
        service()
    with time_machine.travel(dt.datetime(2026, 11, 22, 9, tzinfo=dt.UTC), tick=False):
        late, gone = service(), service()
        records.remove_service(service=gone, by=None)
    found = get(f"kind=service&cursor={begin}&modified_after=2026-11-22T09:00:00Z")["results"]
    assert {row["id"] for row in found} == {str(late.uuid), str(gone.uuid)}


def test_the_words_of_the_taxonomies_are_in_it_from_the_start() -> None:
    found = get("kind=taxonomy&limit=200")["results"]
    assert {row["id"] for row in found} == {str(row.uuid) for row in Taxonomy.objects.all()}


@pytest.mark.parametrize("cursor", ["x", "-1", "", "9" * 30, "1.5"])
def test_a_cursor_that_is_not_ours_is_refused(cursor: str) -> None:
    assert get(f"cursor={cursor}", 400)["code"] == "bad-cursor"


@pytest.mark.parametrize("parameter", ["kind=x", "kind=", "modified_after=x", "limit=0"])
def test_a_parameter_that_cannot_be_read_is_named(parameter: str) -> None:
    assert [error["field"] for error in get(parameter, 422)["errors"]] == [parameter.partition("=")[0]]


@pytest.mark.parametrize(
    ("query", "name", "nearest"),
    [
        ("per_page=3", "per_page", "limit"),
        ("after=12", "after", "cursor"),
        ("since=2026-01-01T00:00:00Z", "since", "modified_after"),
        ("kinds=service", "kinds", "kind"),
        ("xyzzy=1", "xyzzy", ""),
    ],
)
def test_a_parameter_that_does_not_exist_is_refused_with_the_one_meant(query: str, name: str, nearest: str) -> None:
    problem = get(query, 400)
    assert (problem["code"], problem["nearest"]) == ("unknown-parameter", nearest)
    assert [error["field"] for error in problem["errors"]] == [name]
    assert problem["known"] == ["cursor", "format", "kind", "limit", "modified_after"]


def test_the_format_may_be_named() -> None:
    assert get("format=json&limit=1")["results"] != []


def test_a_method_that_does_not_exist_is_405_whatever_was_asked() -> None:
    assert Client().post(f"{URL}?xyzzy=1").status_code == 405


def test_a_page_is_one_query_per_kind(django_assert_num_queries: Any) -> None:
    service()
    with django_assert_num_queries(6):
        get()
    service()
    service()
    with django_assert_num_queries(6):
        get()
