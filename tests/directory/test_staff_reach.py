"""The desk in words and in parts: a record's phones, hours, languages; its long form; the searches of guided pages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import QueryDict
from django.test import Client
from django.utils.translation import override

from basins.models import User
from directory.models import MissedSearch, Phone
from directory.rules import ways as rules
from directory.search.finder import all_options
from directory.web.asking import in_words, question_from
from tests.basins.people_tools import at, staff_session
from tests.directory.desk_tools import desk, send
from tests.directory.factories import LocationFactory, OrganizationFactory, service

pytestmark = pytest.mark.django_db
NBSP = "\N{NO-BREAK SPACE}"


@pytest.fixture
def team(alice: User) -> Client:
    return staff_session(Client(), alice)


def reach(team: Client, made: Any) -> dict[str, dict[str, Any]]:
    page = team.get(desk("staff_record", record=made.uuid))
    assert page.status_code == 200
    return {str(each["label"]): each for each in page.context["reach"]}


def part(html: str, key: str) -> str:
    found = re.search(rf'<details class="part" id="part-{key}"( open)?>.*?</summary>', html, re.DOTALL)
    assert found is not None
    return found[0]


def is_open(html: str, key: str) -> bool:
    return part(html, key).startswith(f'<details class="part" id="part-{key}" open>')


# --- How one reaches it ----------------------------------------------------------------------------
def test_the_desk_shows_phones_hours_and_languages_and_leads_to_their_part_of_the_form(team: Client) -> None:
    made = service(
        phones=[{"number": "02 318 60 58", "professionals_only": True}],
        schedules=[{"byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}],
        languages=["nl"],
        areas=["region"],
    )
    page = team.get(desk("staff_record", record=made.uuid)).content.decode()
    assert "02 318 60 58" in page.replace(NBSP, " ")
    for words in ("Lundi", "Néerlandais", "toute la Région"):
        assert words.casefold() in page.casefold()
    for key in ("phones", "schedules", "where"):
        address = f"{desk('staff_record_edit', record=made.uuid)}?open={key}"
        assert f'href="{address}#part-{key}"' in page
        assert is_open(team.get(address).content.decode(), key)


def test_what_is_not_said_is_said_to_be_unknown(team: Client) -> None:
    found = reach(team, service(OrganizationFactory()))
    assert [bool(found[label]["phones"]) for label in ("Téléphones",)] == [False]
    assert (found["Langues"]["words"], found["Heures d’ouverture"]["hours"]) == ("", [])


def test_what_comes_from_the_organisation_or_the_place_says_so(team: Client) -> None:
    owner = OrganizationFactory()
    Phone.objects.create(organization=owner, number="+3223186058")
    place = LocationFactory(organization=owner)
    place.schedules.create(byday="TU", opens_at="09:00", closes_at="12:00")
    found = reach(team, service(owner, places=[str(place.uuid)]))
    assert [found[label]["is_inherited"] for label in ("Téléphones", "Heures d’ouverture")] == [True, True]


# --- The long form ---------------------------------------------------------------------------------
def test_the_form_opens_its_first_part_and_says_what_the_others_hold(team: Client) -> None:
    made = service(phones=[{"number": "107"}], schedules=[{"byday": "MO", "opens_at": "09:00", "closes_at": "12:00"}])
    html = team.get(desk("staff_record_edit", record=made.uuid)).content.decode()
    keys = re.findall(r'<details class="part" id="part-(\w+)"', html)
    assert keys == ["what", "where", "access", "price", "details", "phones", "schedules", "costs", "documents", "urls"]
    assert [key for key in keys if is_open(html, key)] == ["what"]
    assert "107" in part(html, "phones")
    assert "lundi 09:00 – 12:00" in part(html, "schedules")
    assert "rien pour l’instant" in part(html, "costs")
    assert re.search(r"\d+ sur \d+ remplis", part(html, "access"))


def test_all_parts_can_be_opened_without_a_script(team: Client) -> None:
    made = service()
    html = team.get(f"{desk('staff_record_edit', record=made.uuid)}?open=all").content.decode()
    assert '<details class="part"' in html
    assert [key for key in re.findall(r'id="part-(\w+)"', html) if not is_open(html, key)] == []


def test_a_text_that_is_missing_in_one_language_is_counted_at_its_part(team: Client) -> None:
    made = service(how_to_refer_fr="Appelez.")
    html = team.get(desk("staff_record_edit", record=made.uuid)).content.decode()
    assert "1 texte à revoir" in part(html, "access")


@pytest.mark.parametrize(
    ("wrong", "key"),
    [
        ({"min_age": "vieux"}, "where"),
        ({"phones-0-number": "abc"}, "phones"),
        ({"schedules-0-opens_at": "25:99"}, "schedules"),
        ({"email": "ceci n’est rien"}, "access"),
    ],
)
def test_a_part_with_a_mistake_comes_back_open(team: Client, wrong: dict[str, str], key: str) -> None:
    made = service()
    page = send(team, desk("staff_record_edit", record=made.uuid), **wrong)
    assert page.status_code == 422
    html = page.content.decode()
    assert is_open(html, key)
    assert next(iter(wrong.values())) in html
    assert not is_open(html, "details")


def test_one_more_row_opens_its_part(team: Client) -> None:
    made = service()
    url = desk("staff_record_edit", record=made.uuid)
    page = team.post(url, {"name_fr": "Écoute", "costs-TOTAL_FORMS": "2", "costs-INITIAL_FORMS": "0", "more": "costs"})
    html = page.content.decode()
    assert (is_open(html, "costs"), 'name="costs-2-amount"' in html) == (True, True)


# --- Searches in words -----------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "« tolk » · Soins infirmiers · visites à domicile · près de 1040 Etterbeek"),
        ("nl", "“tolk” · Verpleegkundige zorg · huisbezoeken · in de buurt van 1040 Etterbeek"),
    ],
)
def test_a_search_is_said_in_words(language: str, words: str) -> None:
    query = QueryDict("q=tolk&theme=nursing&with=home_visits&near=1040")
    with override(language):
        assert (
            in_words(question_from(query, basin=None, user=AnonymousUser()), all_options()).replace(NBSP, " ") == words
        )


def test_a_value_that_is_gone_is_said_as_it_was_written() -> None:
    asked = question_from(QueryDict("theme=licorne"), basin=None, user=AnonymousUser())
    assert in_words(asked, all_options()) == "licorne"


def test_guided_pages_show_their_searches_in_words(team: Client) -> None:
    data = rules.WayData(title_fr="Après l’hôpital", title_nl="Na het ziekenhuis", is_published=True)
    way = rules.save_way(way=None, basin=None, data=data, by=None)
    step = rules.StepData(question_fr="Qui ?", question_nl="Wie?", query="theme=nursing&with=home_visits")
    made = rules.save_step(way=way, step=None, data=step, by=None)
    html = team.get(at("directory:staff_ways", basin="sud-est")).content.decode()
    assert "Soins infirmiers · " in html
    assert ">theme=nursing" not in html
    form = team.get(at("directory:staff_step", basin="sud-est", way=way.uuid, step=made.uuid)).content.decode()
    assert "Soins infirmiers · " in form


def test_searches_in_vain_show_their_filters_in_words_and_are_asked_again_whole(team: Client) -> None:
    row = MissedSearch.objects.create(
        words="kiné & co",
        postcode="1040",
        filters=["theme=nursing", "with=open_now"],
        language="fr",
        first_on="2026-11-01",
        last_on="2026-11-02",
    )
    for url in (desk("staff_missed"), desk("staff_missed_one", missed=row.uuid)):
        html = team.get(url).content.decode()
        assert "Soins infirmiers" in html
        assert "theme=nursing," not in html
    again = team.get(at("directory:staff_missed_one", basin="sud-est", missed=row.uuid)).context["again_url"]
    asked = team.get(again).context["question"]
    assert (asked.words, asked.near, len(asked.filters)) == ("kiné & co", "1040", 2)
