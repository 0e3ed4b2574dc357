"""What search engines are told of the directory."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from directory.rules import merging
from directory.web import engines
from tests.basins.people_tools import at
from tests.directory.factories import OrganizationFactory, service

pytestmark = pytest.mark.django_db
NOINDEX = '<meta name="robots" content="noindex">'


def entries(text: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Each address with the languages it names beside it."""
    found = []
    for block in re.findall(r"<url>(.*?)</url>", text, re.DOTALL):
        (own,) = re.findall(r"<loc>http://testserver(.*?)</loc>", block)
        beside = re.findall(r'hreflang="(\w+)" href="http://testserver(.*?)"', block)
        found.append((own, beside))
    return found


def test_public_records_are_listed_in_both_languages(greet: Client) -> None:
    made = service()
    service(visibility="professionals")
    both = [(code, at("directory_region:record", code, record=made.uuid)) for code in ("fr", "nl")]
    answer = greet.get("/sitemap-directory-records.xml")
    assert answer.status_code == 200
    assert entries(answer.text) == [(both[0][1], both), (both[1][1], both)]


def test_organisations_are_listed_and_not_those_that_merged(greet: Client) -> None:
    old, new = OrganizationFactory(), OrganizationFactory()
    merging.merge_organizations(organizations=[old], into=new, by=None)
    found = [own for own, _beside in entries(greet.get("/sitemap-directory-organisations.xml").text)]
    assert found == [at("directory_region:organization", code, organization=new.uuid) for code in ("fr", "nl")]


def test_many_records_take_several_files_and_each_is_there_once(greet: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engines._Addresses, "limit", 4)
    rows = [service() for _ in range(5)]
    parts = re.findall(r"<loc>http://testserver(.*?)</loc>", greet.get("/sitemap.xml").text)
    records = [part for part in parts if "records" in part]
    listed = [own for part in records for own, _beside in entries(greet.get(part).text)]
    assert len(records) == 3
    assert listed == [at("directory_region:record", code, record=row.uuid) for row in rows for code in ("fr", "nl")]


@pytest.mark.parametrize("number", [1, 3])
def test_a_file_costs_the_same_however_many(greet: Client, number: int, django_assert_num_queries: Any) -> None:
    for _ in range(number):
        service()
    with django_assert_num_queries(2):  # how many, the rows
        greet.get("/sitemap-directory-records.xml")


def test_an_unknown_part_is_404(greet: Client) -> None:
    assert greet.get("/sitemap-directory-secrets.xml").status_code == 404


def test_robots_leaves_questions_and_kept_lists_alone_and_names_the_map(greet: Client) -> None:
    lines = greet.get("/robots.txt").text.splitlines()
    closed = [line.removeprefix("Disallow: ") for line in lines if line.startswith("Disallow: ")]
    made = service()

    def is_closed(url: str) -> bool:
        return any(url.startswith(each) for each in closed)

    for code in ("fr", "nl"):
        search = at("directory:search", code, basin="sud-est")
        assert (is_closed(search), is_closed(f"{search}?q=x")) == (False, True)
        assert is_closed(at("directory:kept", code, basin="sud-est", held="x"))
        assert is_closed(at("directory_region:leaflet_pdf", code)) is True
        assert is_closed(at("directory:record", code, basin="sud-est", record=made.uuid)) is False
        assert is_closed(at("directory_region:organization", code, organization=made.organization.uuid)) is False
    assert lines[-1] == "Sitemap: http://testserver/sitemap.xml"


def test_a_search_with_a_question_is_not_listed_and_records_are(greet: Client) -> None:
    made = service()
    search = at("directory:search", basin="sud-est")
    pages = [search, at("directory:record", basin="sud-est", record=made.uuid), f"{search}?q=x"]
    pages += [at("directory:missing", basin="sud-est"), at("directory:wrong", basin="sud-est", record=made.uuid)]
    pages += [at("directory:leaflet", basin="sud-est")]
    assert [greet.get(url).text.count(NOINDEX) for url in pages] == [0, 0, 1, 1, 1, 1]
