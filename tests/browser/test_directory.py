"""Finding in a real browser: with the keyboard alone on a phone, with filters that need no page, and for everybody."""

from __future__ import annotations

import re

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import expect

from directory.models import Service
from directory.rules import indexing
from tests.browser.axe import faults
from tests.browser.conftest import Visitors
from tests.browser.visitor import Visitor
from tests.directory.factories import LocationFactory, service
from tests.directory.world import TEXTS

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


@pytest.fixture
def psychologist(transactional_db: None) -> Service:
    """One who comes to people's homes in Etterbeek, one who does not, and a dentist in the North."""
    place = LocationFactory(step_free=True)
    made = service(
        place.organization,
        **TEXTS,
        name_fr="Psychologue à domicile",
        name_nl="Psycholoog aan huis",
        home_visits=True,
        phones=[{"number": "02 318 60 58"}],
        schedules=[{"byday": "MO,TU", "opens_at": "09:00", "closes_at": "17:00"}],
        areas=["municipality:21005"],
        places=[str(place.uuid)],
        terms=["themes:psychological-support", "audiences:older-people"],
        languages=["fr", "nl"],
        capacity={"waiting_weeks": 6, "said_on": "2026-11-01"},
    )
    service(name_fr="Psychologue au cabinet", name_nl="Psycholoog", areas=["region"], terms=["themes:grief"])
    service(name_fr="Dentiste", name_nl="Tandarts", areas=["basin:nord"], terms=["themes:dental-care"])
    indexing.catch_up()
    return made


def opens_search(visitor: Visitor, language: str = "fr", query: str = "") -> None:
    with override(language):
        visitor.page.goto(f"{reverse('directory:search', kwargs={'basin': 'sud-est'})}{query}")


def names(visitor: Visitor) -> list[str]:
    return visitor.page.locator("#found .hit h3").all_inner_texts()


def test_the_keyboard_alone_finds_a_record_on_a_phone(visitors: Visitors, psychologist: Service) -> None:
    anna = visitors(phone=True)
    opens_search(anna)
    anna.tabs_to(anna.page.locator("#q"))
    anna.page.keyboard.type("psy à domicile")
    with anna.page.expect_navigation():
        anna.page.keyboard.press("Enter")
    assert names(anna) == ["Psychologue à domicile"]
    anna.tabs_to(anna.page.locator(".hit h3 a").first)
    with anna.page.expect_navigation():
        anna.page.keyboard.press("Enter")
    expect(anna.page.locator("h1")).to_have_text("Psychologue à domicile")
    anna.tabs_to(anna.page.locator("a.phone").first)
    assert anna.page.evaluate("document.activeElement.href") == "tel:+3223186058"


def test_a_filter_changes_the_list_in_place_and_the_address_with_it(visitors: Visitors, psychologist: Service) -> None:
    anna = visitors()
    opens_search(anna, query="?q=psychologue")
    assert len(names(anna)) == 2
    anna.page.locator("#f-with-home_visits").check()
    expect(anna.page.locator("#found .hit")).to_have_count(1)
    assert anna.page.url.endswith("?q=psychologue&with=home_visits")
    expect(anna.page.locator("#f-with-home_visits")).to_be_focused()
    expect(anna.page.locator("#found-status")).to_have_text(re.compile("^1 "))
    anna.page.reload()
    assert names(anna) == ["Psychologue à domicile"]


def test_a_filter_is_chosen_with_the_keyboard_on_a_phone(visitors: Visitors, psychologist: Service) -> None:
    anna = visitors(phone=True)
    opens_search(anna, query="?q=psychologue")
    anna.tabs_to(anna.page.locator(".facets > summary"))
    anna.page.keyboard.press("Enter")
    anna.tabs_to(anna.page.locator("#f-with-home_visits"))
    anna.page.keyboard.press("Space")
    expect(anna.page.locator("#found .hit")).to_have_count(1)


def test_search_works_without_scripts(visitors: Visitors, psychologist: Service) -> None:
    anna = visitors(java_script_enabled=False)
    opens_search(anna, query="?q=psychologue")
    anna.page.locator("#f-with-home_visits").check()
    anna.follows(anna.page.locator(".facets button"))
    assert names(anna) == ["Psychologue à domicile"]
    anna.follows(anna.page.locator(".chips a").last)
    assert len(names(anna)) == 2


def test_the_map_chooses_a_place(visitors: Visitors, psychologist: Service) -> None:
    anna = visitors()
    opens_search(anna)
    anna.follows(anna.page.locator(".map.counted a", has_text="1040"))
    assert (len(names(anna)), "served=1040" in anna.page.url) == (2, True)


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_everybody_can_use_the_pages(visitors: Visitors, psychologist: Service, language: str) -> None:
    anna = visitors()
    found = []
    for query in ("", "?q=psycholoog&with=home_visits&near=1040", "?q=zzzz&theme=grief", "?q=dentiste"):
        opens_search(anna, language, query)
        found += faults(anna.page)
    with override(language):
        urls = [
            reverse("directory:record", kwargs={"basin": "sud-est", "record": psychologist.uuid}),
            reverse("directory:wrong", kwargs={"basin": "sud-est", "record": psychologist.uuid}),
            reverse("directory_region:organization", kwargs={"organization": psychologist.organization.uuid}),
            reverse("directory:missing", kwargs={"basin": "sud-est"}),
        ]
    for url in urls:
        anna.page.goto(url)
        found += faults(anna.page)
    assert found == []
