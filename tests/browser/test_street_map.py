"""The street map in a real browser: asked for before anything is fetched, by keyboard, on a phone, in the dark."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Locator, expect

from directory.models import Service
from directory.rules import indexing
from tests.browser.axe import faults
from tests.browser.conftest import Visitors
from tests.browser.tile_server import TileServer, tile_server
from tests.browser.visitor import Visitor
from tests.directory.factories import LocationFactory, service

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

SPOTS = {"Alpha": (50.836, 4.389), "Beta": (50.826, 4.372), "Gamma": (50.826, 4.372)}


@pytest.fixture
def tiles(settings: Any) -> Iterator[TileServer]:
    with tile_server() as server:
        settings.TILES_URL = server.address
        settings.TILES_ATTRIBUTION = "© Everybody, https://streets.example/copyright"
        yield server


@pytest.fixture
def found(transactional_db: None) -> list[Service]:
    """One service alone at its spot, two that share another."""
    made = []
    for name, (latitude, longitude) in SPOTS.items():
        place = LocationFactory(latitude=latitude, longitude=longitude)
        made.append(
            service(
                place.organization,
                name_fr=name,
                name_nl=name,
                areas=["region"],
                places=[str(place.uuid)],
                home_visits=name == "Alpha",
            )
        )
    indexing.catch_up()
    return made


def opens_search(visitor: Visitor, query: str = "", language: str = "fr") -> None:
    with override(language):
        visitor.page.goto(f"{reverse('directory:search', kwargs={'basin': 'sud-est'})}{query}")


def fold(visitor: Visitor) -> Locator:
    return visitor.page.locator("[data-street-map]")


def opens_map(visitor: Visitor) -> None:
    fold(visitor).locator("summary").click()
    expect(visitor.page.locator(".leaflet-tile-loaded").first).to_be_visible()


def pins(visitor: Visitor) -> list[str]:
    return sorted(visitor.page.locator(".pin").all_inner_texts())


def numbers(visitor: Visitor) -> dict[str, str]:
    """Each name with the number its card has."""
    return {
        card.locator("h3 a").inner_text(): card.locator("h3 .nr").inner_text()
        for card in visitor.page.locator("#found .hit").all()
    }


def test_nothing_is_fetched_elsewhere_before_the_map_is_opened(
    visitors: Visitors, tiles: TileServer, found: list[Service]
) -> None:
    anna = visitors()
    opens_search(anna)
    expect(fold(anna)).to_be_visible()
    anna.page.wait_for_load_state("networkidle")
    assert tiles.asked == []

    opens_map(anna)

    paths, referrers = zip(*tiles.asked, strict=True)
    assert all(re.fullmatch(r"/\d+/\d+/\d+\.png", path) for path in paths)
    assert {referrer.removesuffix("/") for referrer in referrers} == {anna.page.url.split("/fr/")[0]}


def test_the_pins_have_the_numbers_of_the_list(visitors: Visitors, tiles: TileServer, found: list[Service]) -> None:
    anna = visitors()
    opens_search(anna)
    opens_map(anna)

    number = numbers(anna)
    together = ", ".join(sorted((number["Beta"], number["Gamma"])))
    assert pins(anna) == sorted([number["Alpha"], together])
    label = anna.page.locator(".pin", has_text=together).get_attribute("aria-label") or ""
    assert (f"{number['Beta']}. Beta" in label, f"{number['Gamma']}. Gamma" in label) == (True, True)


def test_the_keyboard_goes_from_pin_to_record(visitors: Visitors, tiles: TileServer, found: list[Service]) -> None:
    anna = visitors()
    page = anna.page
    opens_search(anna)
    anna.tabs_to(fold(anna).locator("summary"))
    page.keyboard.press("Enter")
    pin = page.locator(".pin[aria-label*='. Alpha']")
    expect(pin).to_be_visible()
    anna.tabs_to(pin)
    for key in ("Enter", "Space"):
        page.keyboard.press(key)
        expect(page.locator(".leaflet-popup a", has_text="Alpha")).to_be_focused()
        page.keyboard.press("Escape")
        expect(page.locator(".leaflet-popup")).to_have_count(0)
        expect(pin).to_be_focused()

    page.keyboard.press("Enter")
    expect(page.locator(".leaflet-popup a", has_text="Alpha")).to_be_focused()
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator("h1")).to_have_text("Alpha")


def test_a_filter_brings_a_new_map_as_open_as_the_old(
    visitors: Visitors, tiles: TileServer, found: list[Service]
) -> None:
    anna = visitors()
    opens_search(anna)
    opens_map(anna)
    anna.page.locator("#f-with-home_visits").check()
    expect(anna.page.locator("#found .hit")).to_have_count(1)

    expect(anna.page.locator(".pin")).to_have_count(1)
    expect(anna.page.locator(".leaflet-tile-loaded").first).to_be_visible()
    assert (pins(anna), numbers(anna)) == (["1"], {"Alpha": "1"})


def test_a_record_has_its_place_on_the_map(visitors: Visitors, tiles: TileServer, found: list[Service]) -> None:
    anna = visitors(phone=True)
    with override("nl"):
        anna.page.goto(reverse("directory:record", kwargs={"basin": "sud-est", "record": found[0].uuid}))
    opens_map(anna)

    anna.page.locator(".pin").tap()

    expect(anna.page.locator(".leaflet-popup-content")).to_contain_text("Alpha")
    expect(anna.page.locator(".leaflet-popup-close-button")).to_be_focused()


def test_where_no_picture_comes_the_page_says_so(visitors: Visitors, tiles: TileServer, found: list[Service]) -> None:
    anna = visitors()
    anna.page.route(re.compile(r"/\d+/\d+/\d+\.png$"), lambda route: route.fulfill(status=200, body=""))
    opens_search(anna)

    fold(anna).locator("summary").click()

    expect(fold(anna).locator(".err")).to_be_visible()
    assert len(pins(anna)) == 2


def test_without_a_script_there_is_the_list_alone(visitors: Visitors, tiles: TileServer, found: list[Service]) -> None:
    anna = visitors(java_script_enabled=False)
    opens_search(anna)

    expect(fold(anna)).to_be_hidden()
    assert sorted(numbers(anna)) == sorted(SPOTS)


def test_without_tiles_nothing_of_it_is_loaded(visitors: Visitors, found: list[Service]) -> None:
    anna = visitors()
    files: list[str] = []
    anna.page.on("request", lambda request: files.append(request.url))
    opens_search(anna)
    anna.page.wait_for_load_state("networkidle")

    assert [url for url in files if "leaflet" in url or "street" in url] == []
    assert fold(anna).count() == 0


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_everybody_can_use_the_map(
    visitors: Visitors, tiles: TileServer, found: list[Service], scheme: str, phone: bool
) -> None:
    anna = visitors(phone=phone, color_scheme=scheme)
    opens_search(anna)
    opens_map(anna)
    wrong = faults(anna.page)
    anna.page.locator(".pin").first.click()
    expect(anna.page.locator(".leaflet-popup")).to_be_visible()

    assert wrong + faults(anna.page) == []
    assert anna.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
