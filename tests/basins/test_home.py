"""The front pages: the Region's chooses the basin, a basin's finds, calls, and says what comes."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.test import Client

from tests.basins.pages import url
from tests.factories import NewsItemFactory, basin
from tests.opendoors.factories import EditionFactory

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("path", ["/fr/", "/nl/", "/fr/sud-est/", "/nl/zuid-oost/", "/fr/nord/", "/nl/centrum-west/"])
def test_front_page_opens_to_everybody(client: Client, path: str) -> None:
    response = client.get(path)

    assert response.status_code == 200


@time_machine.travel("2025-05-20 10:00+02:00", tick=False)
def test_a_basin_says_whom_to_call_and_whether_somebody_answers(client: Client) -> None:
    response = client.get(url("home"))

    assert response.context["is_open"] is True
    assert 'class="tel" href="tel:+3223186058"' in response.content.decode()


def test_a_basin_without_a_known_phone_shows_those_that_are_known(client: Client) -> None:
    page = client.get(url("home", basin="nord")).content.decode()

    assert 'class="tel"' not in page
    assert ('href="tel:+3223186058"' in page, 'href="tel:+3228802987"' in page) == (True, True)


def test_a_basin_names_its_places_with_their_postcodes(client: Client) -> None:
    places = client.get(url("home", "nl", "nord")).context["site"].basin.places

    assert [(place.name, place.postcodes) for place in places] == [
        ("Ganshoren", ("1083",)),
        ("Jette", ("1090",)),
        ("Koekelberg", ("1081",)),
        ("Sint-Agatha-Berchem", ("1082",)),
        ("Haren", ("1130",)),
        ("Laken", ("1020",)),
        ("Neder-Over-Heembeek", ("1120",)),
    ]


def test_what_is_not_known_of_the_split_municipality_is_called_a_part(client: Client) -> None:
    names = client.get(url("home", "fr", "sud")).context["site"].basin.municipality_names

    assert names[:-1] == ["Forest", "Ixelles", "Saint-Gilles", "Uccle", "Watermael-Boitsfort"]
    assert "Bruxelles" in names[-1]
    assert names[-1] != "Bruxelles"


def test_next_dates_and_news_stand_on_the_page(client: Client) -> None:
    EditionFactory()
    NewsItemFactory.create_batch(4)

    context = client.get(url("home")).context

    assert [row.title for row in context["dates"]][1] == "Le Grand Bain"
    assert len(context["news"]) == 3
    assert len(context["cards"]) == 4


def test_the_region_leads_to_each_basin_by_list_map_and_legend(client: Client) -> None:
    page = client.get("/nl/").content.decode()

    main = page[page.index("<main") : page.index("</main>")]
    for slug in ("noord", "noord-oost", "centrum-west", "zuid", "zuid-oost"):
        assert main.count(f'href="/nl/{slug}/"') == 3


def test_the_regions_map_has_a_tile_per_municipality_and_three_for_the_city(client: Client) -> None:
    tiles = client.get("/fr/").context["tiles"]

    shown = sorted(tile.postcode for _basin, drawn in tiles for tile in drawn)
    assert len(shown) == 21
    assert len(set(shown)) == 21


def test_the_region_names_the_basin_of_each_date(client: Client) -> None:
    EditionFactory(basin=basin("nord"))

    row = client.get("/nl/").context["dates"][0]

    assert row.basin_code == "nord"
    assert row.meta.endswith(" · Noord")


@pytest.mark.parametrize("number", [1, 3])
def test_queries_do_not_grow(client: Client, number: int, django_assert_num_queries: Any) -> None:
    client.get(url("home"))
    for _n in range(number):
        EditionFactory()
        NewsItemFactory()

    with django_assert_num_queries(
        7
    ):  # basin, meetings, editions, last days, news, cards: the next meeting, the edition
        client.get(url("home"))
