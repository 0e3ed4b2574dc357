"""Leaflets: the address is the list, the paper says it in both languages."""

from __future__ import annotations

import datetime as dt
import io
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader
from pytest_django import DjangoAssertNumQueries

from core import jobs
from core.models import LongJob
from directory import leaflet, reports
from directory.leaflet import Sheet
from directory.models import Service
from directory.rules import limits, merging, records
from tests.basins.people_tools import at
from tests.directory.factories import LocationFactory, OrganizationFactory, service
from tests.directory.search_tools import write
from tests.factories import basin

pytestmark = pytest.mark.django_db
ADDRESS = "daan@example.org"


def page(client: Client, *rows: Service, **params: Any) -> Any:
    return client.get(at("directory:leaflet", basin="sud-est"), {"r": [str(row.uuid) for row in rows], **params})


def picked(answer: Any) -> list[str]:
    return [str(card.service) for card in answer.context["chosen"]]


def drawn(*rows: Service, language: str = "fr", **words: str) -> PdfReader:
    sheet = Sheet(tuple(row.uuid for row in rows), **words)
    found = leaflet.on_paper(sheet.records)
    return PdfReader(io.BytesIO(reports.render_leaflet(sheet, found, basin=basin(), language=language)))


def words_of(reader: PdfReader, side: int) -> str:
    return " ".join(reader.pages[side].extract_text().split())


# --- The address is the list ----------------------------------------------------------------------
def test_a_records_page_leads_to_a_leaflet_with_it(greet: Client) -> None:
    made = service(name_fr="Écoute")
    context = greet.get(at("directory:record", basin="sud-est", record=made.uuid)).context
    assert picked(greet.get(context["leaflet_url"])) == ["Écoute"]


def test_each_result_leads_to_a_leaflet_with_it_that_keeps_the_search(greet: Client) -> None:
    made = write("Écoute du soir", areas=["region"])
    found = greet.get(at("directory:search", basin="sud-est"), {"q": "écoute"}).content.decode()
    link = re.search(r'href="([^"]+\?r=[^"]+)"', found)
    assert link is not None
    answer = greet.get(unescape(link[1]))
    assert (picked(answer), answer.context["question"].words) == ([str(made)], "écoute")


def test_results_of_a_search_can_be_picked_without_leaving_its_filters(greet: Client) -> None:
    one = write("Soins du soir", terms=["themes:nursing"], areas=["region"])
    write("Soins du matin", terms=["themes:nursing"], areas=["region"])
    write("Dentiste", terms=["themes:dental-care"], areas=["region"])
    answer = page(greet, one, q="soins", theme="nursing")
    assert picked(answer) == ["Soins du soir"]
    assert [str(card.service) for card in answer.context["found"]] == ["Soins du matin"]
    assert answer.context["filters"] == [("theme", "nursing")]


@pytest.mark.parametrize(("button", "order"), [("up", "BAC"), ("down", "ACB"), ("out", "AC")])
def test_a_button_orders_the_list_and_the_new_address_holds_it(greet: Client, button: str, order: str) -> None:
    rows = [service(name_fr=name) for name in "ABC"]
    answer = page(greet, *rows, title_fr="À garder", **{button: str(rows[1].uuid)})
    assert answer.status_code == 302
    after = greet.get(answer["Location"])
    assert ("".join(picked(after)), after.context["sheet"].title_fr) == (order, "À garder")


def test_what_makes_no_sense_in_an_address_is_left_out(greet: Client) -> None:
    made = service(name_fr="Écoute")
    answer = greet.get(at("directory_region:leaflet"), {"r": ["nothing", str(made.uuid), str(made.uuid)]})
    assert (answer.status_code, picked(answer)) == (200, ["Écoute"])


def test_more_than_a_sheet_holds_is_said(greet: Client) -> None:
    rows = [service(name_fr=f"S{number}") for number in range(leaflet.MOST + 1)]
    answer = page(greet, *rows)
    assert (len(picked(answer)), answer.context["is_over_full"]) == (leaflet.MOST, True)


def test_what_is_for_professionals_is_on_no_leaflet(greet: Client) -> None:
    made = service(name_fr="Interne", visibility="professionals")
    answer = page(greet, made)
    assert (picked(answer), answer.context["gone"]) == ([], 1)


def test_a_merged_record_is_on_it_as_what_it_became(greet: Client) -> None:
    organization = OrganizationFactory()
    old, new = service(organization, name_fr="Ancien"), service(organization, name_fr="Nouveau")
    merging.merge_services(services=[old], into=new, by=None)
    assert picked(page(greet, old)) == ["Nouveau"]


@pytest.mark.parametrize("number", [1, 3])
def test_the_page_costs_the_same_however_many_records(
    greet: Client, django_assert_num_queries: DjangoAssertNumQueries, number: int
) -> None:
    rows = [service(name_fr=f"S{place}", areas=["region"]) for place in range(number)]
    page(greet, *rows)
    with django_assert_num_queries(9):
        page(greet, *rows)


# --- On paper -------------------------------------------------------------------------------------
def a_full_record() -> Service:
    place = LocationFactory(street_fr="Rue Gray 171", street_nl="Graystraat 171", transport_fr="Bus 60", step_free=True)
    return service(
        place.organization,
        name_fr="Écoute à domicile",
        name_nl="Gesprek aan huis",
        short_description_fr="Un psychologue vient.",
        short_description_nl="Een psycholoog komt.",
        eligibility_fr="Couples âgés.",
        eligibility_nl="Oudere koppels.",
        price="insured",
        phones=[{"number": "02 318 60 58"}],
        schedules=[{"byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}],
        places=[str(place.uuid)],
    )


def test_one_side_is_french_and_one_is_dutch() -> None:
    reader = drawn(a_full_record(), title_fr="Chez vous", title_nl="Bij u thuis")
    assert len(reader.pages) == 2
    for said in ("Chez vous", "Écoute à domicile", "Un psychologue vient.", "02 318 60 58", "Rue Gray 171", "Bus 60"):
        assert said in words_of(reader, 0)
    for said in (
        "Bij u thuis",
        "Gesprek aan huis",
        "Een psycholoog komt.",
        "02 318 60 58",
        "Graystraat 171",
        "maandag",
    ):
        assert said in words_of(reader, 1)


def test_it_says_who_comes_home_in_which_language_and_what_was_said_of_places() -> None:
    today = timezone.localdate()
    full: dict[str, Any] = {"home_visits": True, "languages": ["fr", "nl"]}
    free = service(name_fr="Libre", **full, capacity={"places_free": 4, "said_on": today.isoformat()})
    reader = drawn(free)
    for side, words in enumerate(
        (
            ("chez vous", "Langues : français, néerlandais", "4 places libres (dit le"),
            ("bij u thuis", "Talen: Frans, Nederlands", "4 plaatsen vrij (gezegd op"),
        )
    ):
        for said in words:
            assert said in words_of(reader, side).replace("\xa0", " ")


def test_it_does_not_say_what_nobody_said() -> None:
    said = words_of(drawn(service(name_fr="Muette")), 0)
    assert not any(word in said for word in ("Langues", "chez vous", "Places"))


def test_it_is_tagged_and_each_code_says_where_it_leads() -> None:
    reader = drawn(a_full_record(), language="nl", title_nl="Bij u thuis")
    root: Any = reader.trailer["/Root"]
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"], reader.metadata.title if reader.metadata else "") == (
        True,
        "nl",
        "Bij u thuis",
    )
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_as_many_as_it_may_hold_take_two_sides() -> None:
    rows = [a_full_record() for _ in range(leaflet.MOST)]
    assert len(drawn(*rows).pages) == 2


def test_the_address_of_a_shelter_and_numbers_for_professionals_are_not_on_it() -> None:
    place = LocationFactory(street_fr="Rue Cachée 1", street_nl="Rue Cachée 1", hides_address=True)
    made = service(
        place.organization,
        places=[str(place.uuid)],
        phones=[{"number": "02 345 67 89", "professionals_only": True}],
    )
    reader = drawn(made)
    on_it = words_of(reader, 0) + words_of(reader, 1)
    assert ("Cachée" in on_it, "345" in on_it) == (False, False)


@pytest.fixture
def _files(settings: Any, tmp_path: Path) -> None:
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}


def wanted(client: Client, *rows: Service, basin: str | None = "sud-est", **words: str) -> Any:
    url = at("directory:leaflet_pdf", basin=basin) if basin else at("directory_region:leaflet_pdf")
    return client.post(url, {"r": [str(row.uuid) for row in rows], **words})


@pytest.mark.usefixtures("_files")
@pytest.mark.parametrize("of", ["sud-est", None])
def test_the_worker_draws_it_for_whoever_has_the_address(greet: Client, of: str | None) -> None:
    answer = wanted(greet, a_full_record(), basin=of, title_fr="Chez vous")
    job = LongJob.objects.get()
    job_page = at("job", uuid=job.uuid, **({"basin": of} if of else {}))
    assert (answer.status_code, answer["Location"], job.file.name) == (302, job_page, "")
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.steps_done, job.steps_total) == ("done", 2, 2)
    file: Any = greet.get(greet.get(job_page).context["file_url"])
    assert file["Content-Disposition"] == 'attachment; filename="chez-vous.pdf"'
    content = b"".join(file.streaming_content)
    file.close()
    assert "Écoute à domicile" in words_of(PdfReader(io.BytesIO(content)), 0)


def test_pressed_twice_it_is_drawn_once(greet: Client) -> None:
    made = service()
    assert wanted(greet, made)["Location"] == wanted(greet, made)["Location"]
    assert LongJob.objects.count() == 1


def test_an_old_link_to_the_file_leads_to_the_list_and_writes_nothing(greet: Client) -> None:
    made = service(name_fr="Écoute")
    answer = greet.get(at("directory:leaflet_pdf", basin="sud-est"), {"r": str(made.uuid)}, follow=True)
    assert (picked(answer), LongJob.objects.count()) == (["Écoute"], 0)


def test_without_records_there_is_no_file(greet: Client) -> None:
    answer = wanted(greet)
    assert (answer.status_code, answer["Location"]) == (302, f"{at('directory:leaflet', basin='sud-est')}?")
    assert not LongJob.objects.exists()


def test_a_record_that_is_hidden_meanwhile_is_not_drawn(greet: Client) -> None:
    made = service()
    wanted(greet, made)
    records.edit_service(service=made, values={"visibility": "professionals"}, by=None)
    job = LongJob.objects.get()
    jobs.run(job.pk)
    job.refresh_from_db()
    assert (job.state, job.file.name) == ("failed", "")


def test_one_network_has_so_many_leaflets_in_an_hour_and_keeps_its_list(
    greet: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "LEAFLETS_PER_HOUR", 1)
    one, two = service(name_fr="Un"), service(name_fr="Deux")
    with time_machine.travel(dt.datetime(2026, 11, 23, 9, 5, tzinfo=dt.UTC), tick=False):
        wanted(greet, one)
        answer = wanted(greet, one, two, title_fr="À garder")
    assert (answer.status_code, picked(answer), answer.context["sheet"].title_fr) == (429, ["Un", "Deux"], "À garder")
    assert LongJob.objects.count() == 1


def test_a_national_number_does_not_come_on_paper(greet: Client) -> None:
    assert wanted(greet, service(), line_fr="85.07.30-033.28").status_code == 422
    assert not LongJob.objects.exists()


def test_the_button_works_without_a_script_and_its_token_is_in_no_address() -> None:
    browser = Client(enforce_csrf_checks=True)
    made = service()
    page_ = page(browser, made).text
    (token,) = re.findall(r'<button class="btn" name="csrfmiddlewaretoken" value="(\w+)" formmethod="post"', page_)
    url = at("directory:leaflet_pdf", basin="sud-est")
    assert browser.post(url, {"r": str(made.uuid)}).status_code == 403
    assert browser.post(url, {"r": str(made.uuid), "csrfmiddlewaretoken": token}).status_code == 302
