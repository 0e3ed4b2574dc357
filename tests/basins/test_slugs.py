"""Addresses half in one language and half in the other lead to the page they mean."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.translation import override

from basins.enums import BasinCode
from basins.web.slugs import address_meant

pytestmark = pytest.mark.django_db
GIVEN = {"uuid": str(uuid4()), "slug": "ville", "str": "ABCDEF", "int": "3", "date": "2026-11-22", "path": "x"}


@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/nl/sud-est/", "/nl/zuid-oost/"),
        ("/fr/zuid-oost/", "/fr/sud-est/"),
        ("/nl/nord-est/agenda/", "/nl/noord-oost/agenda/"),
        ("/fr/zuid/agenda/", "/fr/sud/agenda/"),
        ("/nl/sud-est/repertoire/", "/nl/zuid-oost/repertorium/"),
        ("/nl/sud-est/repertorium/", "/nl/zuid-oost/repertorium/"),
        ("/nl/zuid-oost/repertoire/", "/nl/zuid-oost/repertorium/"),
        ("/fr/centrum-west/repertorium/?q=tolk&with=open_now", "/fr/centre-ouest/repertoire/?q=tolk&with=open_now"),
    ],
)
def test_it_leads_to_the_page_meant(client: Client, path: str, meant: str) -> None:
    response = client.get(path)
    assert (response.status_code, response.headers.get("Location")) == (301, meant)


@pytest.mark.parametrize("path", ["/en/sud-est/", "/fr/ouest/", "/nl/sud-est/nulle-part/", "/nl/", "/sud-est/", "/"])
def test_what_means_nothing_is_left_alone(path: str) -> None:
    assert address_meant(path) == ""


def test_a_form_is_not_led_on(client: Client) -> None:
    assert client.post("/nl/sud-est/").status_code == 404


def test_without_its_last_slash_it_is_found_too(client: Client) -> None:
    assert client.get("/nl/sud-est").headers["Location"] == "/nl/zuid-oost/"


def test_a_page_that_is_there_and_says_404_is_not_led_on(client: Client) -> None:
    assert client.get(f"/nl/zuid-oost/repertorium/{uuid4()}/").status_code == 404


def named_pages() -> list[tuple[str, dict[str, str]]]:
    """All pages under a basin's slug, of every mission, with something in each place of their address."""
    found = []

    def walk(patterns: list[URLPattern | URLResolver], names: str, converters: dict[str, object]) -> None:
        for each in patterns:
            known = {**converters, **getattr(each.pattern, "converters", {})}
            if isinstance(each, URLResolver):
                walk(each.url_patterns, f"{names}{each.namespace}:" if each.namespace else names, known)
            elif each.name and "basin" in known:
                kinds = {name: type(kind).__name__.removesuffix("Converter").lower() for name, kind in known.items()}
                if {kind for name, kind in kinds.items() if name != "basin"} <= {*GIVEN, "string"}:
                    given = {name: GIVEN.get(kind, "ABCDEF") for name, kind in kinds.items() if name != "basin"}
                    found.append((f"{names}{each.name}", given))

    walk(get_resolver().url_patterns, "", {})
    return found


def test_every_page_of_every_mission_and_basin_is_found() -> None:
    pages = named_pages()
    assert {name.partition(":")[0] for name, _given in pages if ":" in name} >= {"directory", "opendoors"}
    wrong = []
    for code in BasinCode:
        for name, given in pages:
            where = {}
            for language in ("fr", "nl"):
                with override(language):
                    where[language] = reverse(name, kwargs={"basin": code, **given})
            mixed = where["fr"].replace("/fr/", "/nl/", 1), where["nl"].replace("/nl/", "/fr/", 1)
            if (address_meant(mixed[0]), address_meant(mixed[1])) != (where["nl"], where["fr"]):
                wrong.append((name, mixed))
    assert wrong == []
