"""What leaves as a file: for who may see it, safe in a spreadsheet, and readable by our own import."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import openpyxl
import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape
from django.utils.translation import override

from basins.models import User
from directory import exporting
from directory.documents import document_of
from directory.importing.files import open_table
from directory.importing.incoming import Incoming, read_table
from directory.importing.problems import Problems
from directory.importing.vocabulary import Vocabulary
from directory.models import Service
from directory.rules import indexing
from tests.basins.people_tools import at, staff_session
from tests.directory.factories import LocationFactory, service
from tests.directory.hsds_tools import mistakes, rich_service
from tests.directory.search_tools import write

pytestmark = pytest.mark.django_db

STRANGER = AnonymousUser()


def lines(keys: list[int], user: Any = STRANGER) -> list[dict[str, str]]:
    return [dict(zip(exporting.headings(), line, strict=True)) for line in exporting.rows(keys, user)]


def test_a_line_says_what_the_record_says() -> None:
    made = rich_service()
    (line,) = lines([made.pk])
    expected = {
        "identifier": str(made.uuid),
        "service.name_fr": "Écoute à domicile",
        "service.alternate_names": "Psy | Écoute",
        "service.home_visits": "yes",
        "service.outreach": "no",
        "service.audiences": "older-people",
        "service.areas": "basin:sud | municipality:21005 | region",
        "service.schedules": "MO,TU 09:00-17:00",
        "service.places_free": "2",
        "organization.kbo_number": "0417497106",
        "organization.sector": "mental-health",
        "location.postcode": "1040",
        "location.municipality": "21005",
    }
    assert {key: line[key] for key in expected} | {"service.areas": line["service.areas"]} == expected


def test_records_come_in_the_order_asked_for_and_only_those_one_may_see(alice: User) -> None:
    one, two, secret = service(), service(), service(visibility="professionals")
    keys = [two.pk, secret.pk, one.pk]
    assert [line["identifier"] for line in lines(keys)] == [str(two.uuid), str(one.uuid)]
    assert len(lines(keys, alice)) == 3


def test_a_hidden_address_is_in_no_file_of_a_stranger(alice: User) -> None:
    place = LocationFactory(street_fr="Rue Secrète 7", hides_address=True)
    made = service(place.organization, places=[str(place.uuid)])
    assert lines([made.pk])[0]["location.street_fr"] == ""
    assert lines([made.pk], alice)[0]["location.street_fr"] == "Rue Secrète 7"


def test_what_left_can_come_back() -> None:
    made = rich_service()
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(exporting.headings())
    writer.writerows(exporting.rows([made.pk], STRANGER))
    table = open_table(io.BytesIO(text.getvalue().encode()))
    problems = Problems()
    mapping = {"columns": {name: name for name in exporting.headings()}}
    (row,) = read_table(table, mapping, Vocabulary(), problems)
    assert (problems.listed, dict(problems.unknown)) == ([], {})
    assert isinstance(row, Incoming)
    before = document_of(Service.objects.get())
    assert row.service is not None
    for key in ("name_fr", "alternate_names", "home_visits", "min_age", "terms", "languages", "areas", "price"):
        assert row.service[key] == before[key], key


def test_many_records_cost_a_few_queries_per_batch() -> None:
    keys = [service().pk for _ in range(3)]
    with CaptureQueriesContext(connection) as one:
        lines(keys[:1])
    with CaptureQueriesContext(connection) as three:
        lines(keys)
    assert len(three) <= len(one) + 4


def test_a_workbook_holds_no_formula() -> None:
    made = service(name_fr="=1+1")
    with exporting.workbook([made.pk], STRANGER) as file:
        sheet = openpyxl.load_workbook(io.BytesIO(file.read())).worksheets[0]
    cell = sheet.cell(2, exporting.headings().index("service.name_fr") + 1)
    assert (cell.value, cell.data_type) == ("=1+1", "s")


def test_hsds_is_one_list_of_valid_services() -> None:
    keys = [rich_service().pk, service().pk, service(visibility="on_referral").pk]
    found = json.loads("".join(exporting.hsds(keys, "fr")))
    assert len(found) == 2
    assert [mistake for each in found for mistake in mistakes("service", each)] == []


def test_an_empty_selection_is_an_empty_list() -> None:
    assert json.loads("".join(exporting.hsds([], "nl"))) == []


# --- The page --------------------------------------------------------------------------------------
@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    return staff_session(client, alice)


def export(desk: Client, query: str) -> Any:
    with override("fr"):
        return desk.get(f"{reverse('directory:staff_export', kwargs={'basin': 'sud-est'})}?{query}")


def test_what_a_search_finds_can_be_taken_along(desk: Client) -> None:
    made = service(name_fr="Kinés du quartier", areas=["basin:sud-est"])
    service(name_fr="Autre chose", areas=["basin:sud-est"])
    indexing.catch_up()
    assert "1" in export(desk, "q=kines").content.decode()
    table = export(desk, "q=kines&as=csv").getvalue().decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(table), delimiter=";")
    assert line["identifier"] == str(made.uuid)
    assert [each["id"] for each in json.loads(export(desk, "q=kines&as=hsds").getvalue())] == [str(made.uuid)]
    workbook = openpyxl.load_workbook(io.BytesIO(export(desk, "q=kines&as=xlsx").getvalue()))
    assert workbook.worksheets[0].max_row == 2


# --- The way to it --------------------------------------------------------------------------------
def test_the_search_and_the_desk_lead_to_the_export_of_who_may(client: Client, alice: User) -> None:
    write("Soins du soir", areas=["region"])
    write("Dentiste", areas=["region"])
    search = at("directory:search", basin="sud-est")
    team = staff_session(client, alice)
    url = team.get(search, {"q": "soins"}).context["export_url"]
    assert f'href="{escape(url)}"' in team.get(search, {"q": "soins"}).text
    assert team.get(url).context["number"] == 1
    desk = team.get(at("directory:staff_records", basin="sud-est")).text
    assert f'href="{at("directory:staff_export", basin="sud-est")}"' in desk
    assert Client().get(search, {"q": "soins"}).context["export_url"] == ""


def test_the_regions_search_and_other_basins_lead_to_no_export(client: Client, alice: User) -> None:
    team = staff_session(client, alice)
    for url in (at("directory_region:search"), at("directory:search", basin="nord")):
        assert team.get(url).context["export_url"] == ""
