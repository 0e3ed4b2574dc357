"""The HSDS API: where to begin, pages, parameters, languages."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
import time_machine
from django.test import Client

from directory.models import Service, Taxonomy, TaxonomyTerm
from directory.rules import indexing, records
from tests.directory.factories import LocationFactory, OrganizationFactory, ServiceFactory, service, term
from tests.directory.hsds_tools import rich_service

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


# --- Where to begin --------------------------------------------------------------------------------
def test_root_names_version_profile_and_description() -> None:
    root = get("")
    assert root["version"] == "3.1"
    assert root["profile"].endswith("/api/hsds/v3/profile")
    assert root["openapi_url"].endswith("/api/schema/")
    assert [Client().get(path).status_code for path in root["lists"]] == [200] * 5


def test_the_profile_names_itself_by_the_uri_that_the_root_gives() -> None:
    assert get("profile")["id"] == get("")["profile"]


def test_every_field_we_add_is_in_the_profile() -> None:
    from tests.directory.hsds_tools import FOLDER

    rich_service()
    added = get("profile")["patches"]
    sent = get(f"services/{Service.objects.get().uuid}")
    official = json.loads((FOLDER / "service.json").read_text())["properties"]
    assert set(sent) - set(official) <= set(added["service.json"]["properties"])
    place = sent["service_at_locations"][0]["location"]
    official = json.loads((FOLDER / "location.json").read_text())["properties"]
    assert set(place) - set(official) <= set(added["location.json"]["properties"])


def test_a_slash_at_the_end_leads_to_the_address_without() -> None:
    response = Client().get(f"{BASE}/services/?page=1")
    assert (response.status_code, response["Location"]) == (308, f"{BASE}/services?page=1")


def test_any_site_may_read_without_a_key() -> None:
    response = Client().get(f"{BASE}/services", headers={"Origin": "https://elsewhere.example"})
    assert response["Access-Control-Allow-Origin"] == "*"


def test_what_did_not_change_is_not_sent_again() -> None:
    service()
    tag = Client().get(f"{BASE}/services")["ETag"]
    assert Client().get(f"{BASE}/services", headers={"If-None-Match": tag}).status_code == 304


def test_lines_are_not_sent_again_until_something_changes() -> None:
    made = service()
    url = f"{BASE}/services?format=ndjson"
    tag = Client().get(url)["ETag"]
    assert Client().get(url, headers={"If-None-Match": tag}).status_code == 304
    records.edit_service(service=made, values={"name_fr": "Autre"}, by=None)
    assert Client().get(url, headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize("path", ["services/nothing", "services/nothing/", "nothing", "nothing/"])
def test_an_address_that_is_none_is_not_found(path: str) -> None:
    get(path, 404)


# --- Pages -----------------------------------------------------------------------------------------
def test_a_page_says_where_it_lies() -> None:
    made = [ServiceFactory() for _ in range(5)]
    page = get("services?page=2&per_page=2")
    contents = page.pop("contents")
    assert [row["id"] for row in contents] == [str(row.uuid) for row in made[2:4]]
    assert page == {
        "total_items": 5,
        "total_pages": 3,
        "page_number": 2,
        "size": 2,
        "first_page": False,
        "last_page": False,
        "empty": False,
    }


def test_an_empty_list_is_one_empty_page() -> None:
    assert get("services") == {
        "total_items": 0,
        "total_pages": 0,
        "page_number": 1,
        "size": 0,
        "first_page": True,
        "last_page": True,
        "empty": True,
        "contents": [],
    }


def test_a_page_behind_the_last_is_empty() -> None:
    ServiceFactory()
    page = get("services?page=7")
    assert (page["empty"], page["last_page"], page["total_items"]) == (True, True, 1)


def test_the_pages_together_are_the_list_each_record_once() -> None:
    made = {str(ServiceFactory().uuid) for _ in range(7)}
    seen = [row["id"] for number in range(1, 5) for row in get(f"services?per_page=2&page={number}")["contents"]]
    assert (len(seen), set(seen)) == (7, made)


def test_a_page_counts_anew_after_each_change() -> None:
    made = service()
    assert get("services")["total_items"] == 1
    records.remove_service(service=made, by=None)
    assert get("services")["total_items"] == 0


@pytest.mark.parametrize(
    "parameter", ["page=0", "page=x", "page=-1", "per_page=", "per_page=1.5", "per_page=501", "per_page=501&minimal=1"]
)
def test_a_page_that_is_no_number_is_refused(parameter: str) -> None:
    assert fields_wrong(f"services?{parameter}") == [parameter.partition("=")[0]]


@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("services", 3),
        ("services?full=true", 24),
        ("organizations?full=true", 13),
        ("service_at_locations?full=true", 24),
        ("taxonomy_terms", 3),
    ],
)
def test_a_list_costs_as_many_queries_for_three_records_as_for_one(
    path: str, queries: int, django_assert_num_queries: Any
) -> None:
    rich_service()
    with django_assert_num_queries(queries):
        get(path)
    rich_service()
    rich_service()
    with django_assert_num_queries(queries):
        get(path)


def test_a_later_page_costs_one_query_for_its_place_and_one_for_its_rows(django_assert_num_queries: Any) -> None:
    for _ in range(6):
        ServiceFactory()
    get("services?per_page=2&page=1")
    with django_assert_num_queries(2):
        get("services?per_page=2&page=3")


# --- Parameters ------------------------------------------------------------------------------------
def test_minimal_gives_all_on_one_page() -> None:
    for _ in range(60):
        ServiceFactory()
    page = get("services?minimal=true")
    assert (page["size"], page["total_pages"]) == (60, 1)
    assert {frozenset(row) for row in page["contents"]} == {frozenset({"id", "last_modified"})}


def test_lines_are_all_records_without_pages() -> None:
    made = {str(ServiceFactory().uuid) for _ in range(60)}
    assert {row["id"] for row in lines("services?format=ndjson&per_page=2")} == made


def test_a_format_that_we_do_not_have_is_refused() -> None:
    assert fields_wrong("services?format=xml") == ["format"]


def test_modified_after_is_on_or_after() -> None:
    made = ServiceFactory()
    moment = made.modified.isoformat().replace("+00:00", "Z")
    later = (made.modified + dt.timedelta(microseconds=1)).isoformat().replace("+00:00", "Z")
    assert get(f"services?modified_after={moment}")["total_items"] == 1
    assert get(f"services?modified_after={later}")["total_items"] == 0


def test_a_term_finds_its_services_and_those_of_narrower_terms() -> None:
    parent = TaxonomyTerm.objects.filter(taxonomy__code="themes", children__isnull=False).first()
    assert parent is not None
    child = parent.children.first()
    assert child is not None
    made = service(terms=[f"themes:{child.code}"])
    service()
    assert ids(f"services?taxonomy_term_id={child.uuid}") == {str(made.uuid)}
    assert ids(f"services?taxonomy_term_id={parent.uuid}") == {str(made.uuid)}
    assert ids(f"organizations?taxonomy_term_id={parent.uuid}") == {str(made.organization.uuid)}


def test_a_language_is_a_term_like_others() -> None:
    made = service(languages=["nl"])
    service(languages=["fr"])
    assert ids(f"services?taxonomy_term_id={term('languages', 'nl').uuid}") == {str(made.uuid)}


def test_a_taxonomy_finds_what_carries_any_of_its_terms() -> None:
    made = service(terms=["audiences:older-people"])
    service(languages=["fr"])
    audiences = Taxonomy.objects.get(code="audiences")
    assert ids(f"services?taxonomy_id={audiences.uuid}") == {str(made.uuid)}
    assert ids(f"organizations?taxonomy_id={audiences.uuid}") == {str(made.organization.uuid)}


def test_services_of_one_organisation() -> None:
    made = service()
    service()
    assert ids(f"services?organization_id={made.organization.uuid}") == {str(made.uuid)}


def test_a_postcode_finds_what_serves_it_wherever_its_seat_is() -> None:
    etterbeek = service(areas=["municipality:21005"])
    south_east = service(areas=["basin:sud-est"])
    everywhere = service(areas=["region"])
    service(areas=["basin:nord"])
    service(LocationFactory(postcode="1040").organization)
    assert ids("services?postcode=1040") == {str(row.uuid) for row in (etterbeek, south_east, everywhere)}


def test_a_postcode_that_does_not_exist_finds_nothing() -> None:
    service(areas=["region"])
    assert ids("services?postcode=9999") == set()


def test_proximity_finds_what_is_near_the_middle_of_the_postcode() -> None:
    near = LocationFactory(postcode="1040", latitude=50.8368, longitude=4.3895)
    far = LocationFactory(postcode="1180", latitude=50.8000, longitude=4.3400)
    made = service(near.organization, places=[str(near.uuid)])
    other = service(far.organization, places=[str(far.uuid)])
    assert ids("services?postcode=1040&proximity=2000") == {str(made.uuid)}
    assert ids("services?postcode=1040&proximity=20000") == {str(made.uuid), str(other.uuid)}
    assert {row["service"]["id"] for row in get("service_at_locations?postcode=1040&proximity=2000")["contents"]} == {
        str(made.uuid)
    }


def test_proximity_does_not_tell_where_a_hidden_place_is() -> None:
    hidden = LocationFactory(postcode="1040", latitude=50.8368, longitude=4.3895, hides_address=True)
    service(hidden.organization, places=[str(hidden.uuid)])
    assert ids("services?postcode=1040&proximity=5000") == set()


def test_words_find_what_means_the_same_in_the_other_language() -> None:
    made = service(terms=["themes:physiotherapy"], name_fr="", name_nl="Praktijk Zonneweg")
    service()
    indexing.catch_up()
    assert ids("services?search=kinésithérapeute") == {str(made.uuid)}
    assert ids("services?search=kinésithérapeute+zonneweg") == {str(made.uuid)}
    assert ids("services?search=kinésithérapeute+maneweg") == set()


@pytest.mark.parametrize("words", ["…", "'", "\\", "& | !", "🦊", "%27%3B--"])
def test_hostile_words_find_nothing(words: str) -> None:
    service()
    indexing.catch_up()
    assert get(f"services?search={quote(words)}")["total_items"] == 0


def test_parameters_add_up() -> None:
    made = service(areas=["region"], languages=["nl"])
    service(areas=["region"])
    dutch = term("languages", "nl").uuid
    assert ids(f"services?postcode=1040&taxonomy_term_id={dutch}") == {str(made.uuid)}


def test_terms_by_taxonomy_by_level_and_by_broader_term() -> None:
    themes = Taxonomy.objects.get(code="themes")
    parent = themes.terms.filter(children__isnull=False).first()
    assert parent is not None
    top = get(f"taxonomy_terms?taxonomy_id={themes.uuid}&top_only=true&per_page=500")["contents"]
    below = get(f"taxonomy_terms?parent_id={parent.uuid}")["contents"]
    assert {row["taxonomy_id"] for row in top} == {str(themes.uuid)}
    assert not any("parent_id" in row for row in top)
    assert {row["parent_id"] for row in below} == {str(parent.uuid)}


def test_organisations_are_found_by_any_of_their_names() -> None:
    made = OrganizationFactory(name_fr="Équipe mobile", folded_names=["equipe mobile", "rmlb"])
    OrganizationFactory()
    assert ids("organizations?search=MOBILE+équipe") == {str(made.uuid)}
    assert ids("organizations?search=rmlb") == {str(made.uuid)}


@pytest.mark.parametrize(
    "parameter",
    [
        "taxonomy_term_id=x",
        "organization_id=1",
        "modified_after=yesterday",
        "postcode=104",
        "postcode=",
        "proximity=100",
        "proximity=x&postcode=1040",
        "proximity=-5&postcode=1040",
        "search=",
    ],
)
def test_a_parameter_that_cannot_be_read_is_named(parameter: str) -> None:
    assert fields_wrong(f"services?{parameter}") == [parameter.partition("=")[0]]


@pytest.mark.parametrize(
    ("path", "name", "nearest"),
    [
        ("services?postcod=1040", "postcod", "postcode"),
        ("services?limit=3", "limit", "per_page"),
        ("services?q=tolk", "q", "search"),
        ("services?modifiedAfter=2026-01-01T00:00:00Z", "modifiedAfter", "modified_after"),
        ("service_at_locations?minimal=true", "minimal", ""),
        ("organizations?full_services=true", "full_services", "full_service"),
        ("taxonomies?top_only=true", "top_only", ""),
        ("taxonomy_terms?taxonomy=x", "taxonomy", "taxonomy_id"),
        ("services?xyzzy=1&format=ndjson", "xyzzy", ""),
    ],
)
def test_a_parameter_that_does_not_exist_is_refused_with_the_one_meant(path: str, name: str, nearest: str) -> None:
    problem = get(path, 400, language="nl")
    assert (problem["code"], problem["nearest"]) == ("unknown-parameter", nearest)
    assert [error["field"] for error in problem["errors"]] == [name]
    assert name in problem["detail"]
    assert nearest in problem["known"] or not nearest


def test_one_record_has_parameters_of_its_own() -> None:
    made = service(phones=[{"number": "02 318 60 58"}])
    assert get(f"services/{made.uuid}?full=true", 400)["errors"][0]["field"] == "full"
    path = f"organizations/{made.organization.uuid}"
    assert "phones" not in get(path)["services"][0]
    assert "phones" in get(f"{path}?full_service=true")["services"][0]
    assert fields_wrong(f"{path}?full_service=perhaps") == ["full_service"]


def test_the_problem_of_an_unknown_parameter_is_explained() -> None:
    response = Client().get("/api/problems/unknown-parameter/")
    assert (response.status_code, response.json()["status"]) == (200, 400)


def test_the_profile_says_what_proximity_is_and_what_is_refused() -> None:
    promises = " ".join(get("profile")["promises"])
    assert "'proximity' is in metres" in promises
    assert "'per_page' above 500" in promises


# --- Languages -------------------------------------------------------------------------------------
def texts(row: Any, label: str) -> dict[str, Any]:
    found = [each for each in row["attributes"] if each["link_type"] == "text" and each["label"] == label]
    return {each["language"]: each["value"] for each in found}


def test_texts_come_in_the_language_asked_for() -> None:
    made = service(description_fr="Un", description_nl="Een")
    assert get(f"services/{made.uuid}", language="nl")["description"] == "Een"
    assert get(f"services/{made.uuid}", language="fr")["description"] == "Un"


def test_both_texts_come_as_attributes() -> None:
    made = service(description_fr="Un", description_nl="Een")
    assert texts(get(f"services/{made.uuid}"), "description") == {"fr": "Un", "nl": "Een"}


def test_a_missing_text_comes_in_the_other_language_and_its_attribute_is_missing() -> None:
    made = service(how_to_refer_fr="Par téléphone")
    row = get(f"services/{made.uuid}", language="nl")
    assert row["application_process"] == "Par téléphone"
    assert texts(row, "application_process") == {"fr": "Par téléphone"}


def test_an_outdated_text_says_so() -> None:
    made = service(description_fr="Un", description_nl="Een")
    records.edit_service(service=made, values={"description_fr": "Deux"}, by=None)
    row = get(f"services/{made.uuid}")
    states = {
        each["language"]: each.get("state")
        for each in row["attributes"]
        if each["link_type"] == "text" and each["label"] == "description"
    }
    assert states == {"fr": None, "nl": "outdated"}
