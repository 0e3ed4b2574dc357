"""The street map: only where tiles are configured, with the numbers of the list, and never where nobody may look."""

from __future__ import annotations

import json
import re
from html import unescape
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from basins.models import User
from directory.models import Service
from directory.rules import indexing
from tests.basins.people_tools import at, staff_session
from tests.directory.factories import LocationFactory, service

pytestmark = pytest.mark.django_db

ORIGIN = "https://tiles.example:8443"
SPOT = {"latitude": 50.83, "longitude": 4.39}


@pytest.fixture
def streets(settings: Any) -> None:
    settings.TILES_URL = f"{ORIGIN}/{{z}}/{{x}}/{{y}}.png"
    settings.TILES_ATTRIBUTION = "© Streets of all, https://streets.example/copyright <b>"


def somewhere(name: str = "Soins", **place: Any) -> Service:
    location = LocationFactory(**{**SPOT, **place})
    made = service(location.organization, name_fr=name, name_nl="", areas=["region"], places=[str(location.uuid)])
    indexing.catch_up()
    return made


def search_page(**params: Any) -> str:
    return at("directory:search", basin="sud-est", **params)


def record_page(made: Service) -> str:
    return at("directory:record", basin="sud-est", record=made.uuid)


def pins(page: Any) -> list[dict[str, Any]]:
    found = re.search(r'data-pins="([^"]*)"', page.text)
    return json.loads(unescape(found[1])) if found else []


def numbered(page: Any) -> list[tuple[int, str]]:
    return [(row["number"], row["name"]) for pin in pins(page) for row in pin["rows"]]


def pictures_from(page: Any) -> list[str]:
    policy = dict(part.strip().split(" ", 1) for part in page["Content-Security-Policy"].split(";"))
    return [each for each in policy["img-src"].split() if each not in {"'self'", "data:"}]


def test_without_tiles_there_is_no_trace_of_it(greet: Client) -> None:
    made = somewhere()

    pages = [greet.get(search_page()), greet.get(record_page(made))]

    assert [("street" in page.text, "leaflet.js" in page.text, pictures_from(page)) for page in pages] == [
        (False, False, [])
    ] * 2


@pytest.mark.usefixtures("streets")
def test_the_policy_opens_for_the_tiles_on_pages_with_a_map_alone(greet: Client) -> None:
    made = somewhere()
    urls = [
        search_page(),
        record_page(made),
        at("directory:missing", basin="sud-est"),
        reverse("privacy"),
    ]

    assert [pictures_from(greet.get(url)) for url in urls] == [[ORIGIN], [ORIGIN], [], []]


@pytest.mark.usefixtures("streets")
def test_pins_have_the_numbers_of_the_list(greet: Client) -> None:
    for name in ("Alpha", "Beta", "Gamma"):
        somewhere(name, latitude=50.8 + len(name) / 100)

    page = greet.get(search_page())

    cards = [(number, str(card.service)) for number, card in enumerate(page.context["cards"], start=1)]
    shown = re.findall(r'<span class="nr" aria-hidden="true">(\d+)</span> <a[^>]*>(?:<span[^>]*>)?(\w+)', page.text)
    assert sorted(numbered(page)) == cards
    assert [(int(number), name) for number, name in shown] == cards


@pytest.mark.usefixtures("streets")
def test_the_second_page_counts_on(greet: Client) -> None:
    for number in range(26):
        somewhere(f"Numéro {number}", latitude=50.8 + number / 1000)

    page = greet.get(search_page(), {"page": 2})

    first = page.context["page"].start_index()
    assert (first > 1, [number for number, _name in numbered(page)]) == (True, list(range(first, 27)))


@pytest.mark.usefixtures("streets")
def test_what_shares_a_spot_shares_a_pin(greet: Client) -> None:
    somewhere("Alpha")
    somewhere("Beta")

    (pin,) = pins(greet.get(search_page()))

    assert sorted(row["name"] for row in pin["rows"]) == ["Alpha", "Beta"]


@pytest.mark.usefixtures("streets")
@pytest.mark.parametrize(
    "place", [{"hides_address": True}, {"latitude": None, "longitude": None}, {"kind": "postal"}, {"kind": "virtual"}]
)
def test_where_there_is_nothing_to_see_there_is_no_pin(greet: Client, place: dict[str, Any]) -> None:
    made = somewhere(**place)

    pages = [greet.get(search_page()), greet.get(record_page(made))]

    assert [("data-street-map" in page.text, 'class="nr"' in page.text) for page in pages] == [(False, False)] * 2


@pytest.mark.usefixtures("streets")
def test_who_keeps_the_directory_sees_a_shelter_on_the_map_too(client: Client, alice: User) -> None:
    made = somewhere(hides_address=True)
    staff_session(client, alice)

    assert numbered(client.get(record_page(made))) == [(1, "Soins")]


@pytest.mark.usefixtures("streets")
def test_a_record_shows_its_places_by_their_numbers(greet: Client) -> None:
    one = LocationFactory(**SPOT)
    other = LocationFactory(organization=one.organization, latitude=50.84, longitude=4.4)
    made = service(one.organization, areas=["region"], places=[str(one.uuid), str(other.uuid)])

    page = greet.get(record_page(made))

    places = {place["address"].split(",")[0]: [row["number"] for row in place["rows"]] for place in pins(page)}
    assert places == {view.address.split(",")[0]: [n] for n, view in enumerate(page.context["view"].places, start=1)}


@pytest.mark.usefixtures("streets")
@pytest.mark.parametrize(("language", "expected"), [("fr", ""), ("nl", "fr")])
def test_a_name_in_the_other_language_says_so(greet: Client, language: str, expected: str) -> None:
    made = somewhere()

    (pin,) = pins(greet.get(at("directory:record", language, basin="sud-est", record=made.uuid)))

    assert [row["lang"] for row in pin["rows"]] == [expected]


@pytest.mark.usefixtures("streets")
def test_names_and_the_owner_s_words_are_text_never_markup(greet: Client) -> None:
    somewhere('"><script>alert(1)</script>')

    page = greet.get(search_page())

    assert ("<script>alert" in page.text, "Streets of all" in page.text, "&lt;b&gt;" in page.text) == (
        False,
        True,
        True,
    )
    assert '<a href="https://streets.example/copyright"' in page.text
    assert numbered(page) == [(1, '"><script>alert(1)</script>')]


@pytest.mark.usefixtures("streets")
def test_a_filter_sends_the_map_with_the_list(greet: Client) -> None:
    somewhere()

    part = greet.get(search_page(), headers={"HX-Request": "true", "HX-Target": "found"})

    assert (numbered(part), "leaflet.js" in part.text) == ([(1, "Soins")], False)


@pytest.mark.usefixtures("streets")
@pytest.mark.parametrize("number", [1, 3])
def test_the_map_asks_the_database_nothing(
    greet: Client, settings: Any, number: int, django_assert_num_queries: Any
) -> None:
    for index in range(number):
        somewhere(f"Service {index}", latitude=50.8 + index / 100)
    address, settings.TILES_URL = settings.TILES_URL, ""
    greet.get(search_page())  # what a process reads once
    with CaptureQueriesContext(connection) as caught:
        greet.get(search_page())
    settings.TILES_URL = address

    with django_assert_num_queries(len(caught)):
        greet.get(search_page())


@pytest.mark.parametrize("configured", [True, False])
def test_the_page_on_privacy_names_whose_pictures_they_are(greet: Client, settings: Any, configured: bool) -> None:
    settings.TILES_URL = f"{ORIGIN}/{{z}}/{{x}}/{{y}}.png" if configured else ""

    assert ("tiles.example:8443" in greet.get(reverse("privacy")).text) == configured
