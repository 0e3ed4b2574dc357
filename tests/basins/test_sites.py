"""Addresses: one site per basin and language, the basins' own domains in front, and the way between languages."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client, RequestFactory

from basins.models import SiteHost
from basins.rules import territory
from basins.web.engines import robots
from tests.basins.pages import url
from tests.factories import NewsItemFactory, basin

pytestmark = pytest.mark.django_db

HOSTS = [
    ("bassin-sud-est.brussels", "/fr/sud-est/"),
    ("zorgzone-zuid-oost.brussels", "/nl/zuid-oost/"),
    ("zone-zuid-oost.brussels", "/nl/zuid-oost/"),
    ("bassin-centre-ouest.brussels", "/fr/centre-ouest/"),
    ("zorgzone-centrum-west.brussels", "/nl/centrum-west/"),
    ("bassin-nord.brussels", "/fr/nord/"),
    ("zorgzone-noord.brussels", "/nl/noord/"),
    ("bassin-nord-est.brussels", "/fr/nord-est/"),
    ("zorgzone-noord-oost.brussels", "/nl/noord-oost/"),
    ("bassin-sud.brussels", "/fr/sud/"),
    ("zorgzone-zuid.brussels", "/nl/zuid/"),
]


@pytest.fixture(autouse=True)
def _our_domains(settings: Any) -> None:
    settings.ALLOWED_HOSTS = [".brussels", "testserver"]


@pytest.mark.parametrize(("host", "path"), HOSTS)
def test_a_domain_leads_to_its_basin_in_its_language(client: Client, host: str, path: str) -> None:
    response = client.get("/", headers={"host": host})

    assert (response.status_code, response["Location"]) == (302, path)


def test_www_and_a_port_change_nothing(client: Client) -> None:
    response = client.get("/", headers={"host": "www.bassin-sud-est.brussels:8000"})

    assert response["Location"] == "/fr/sud-est/"


def test_every_page_answers_on_a_basins_domain(client: Client) -> None:
    response = client.get("/nl/noord/", headers={"host": "bassin-sud-est.brussels"})

    assert response.status_code == 200


def test_a_domain_of_the_region_leads_to_the_regions_page(client: Client) -> None:
    SiteHost.objects.create(host="zorgzones.brussels", language="nl")

    response = client.get("/", headers={"host": "zorgzones.brussels"})

    assert response["Location"] == "/nl/"


def test_a_domain_added_by_an_editor_works_at_once(client: Client, django_capture_on_commit_callbacks: Any) -> None:
    client.get("/", headers={"host": "sudest.brussels"})
    with django_capture_on_commit_callbacks(execute=True):
        host = SiteHost(host="sudest.brussels", basin=basin("sud-est"), language="fr")
        territory.save_part(part=host, by=None)

    response = client.get("/", headers={"host": "sudest.brussels"})

    assert response["Location"] == "/fr/sud-est/"


@pytest.mark.parametrize("host", ["example.com", "bassin-sud-est.brussels.example.com", "bassin_sud", "[::1"])
@pytest.mark.parametrize("path", ["/", "/fr/", "/health/"])
def test_an_unknown_host_is_refused(client: Client, host: str, path: str) -> None:
    response = client.get(path, headers={"host": host})

    assert response.status_code == 400
    assert "<html" in response.content.decode()


@pytest.mark.parametrize(
    ("accepts", "path"),
    [("nl-BE,nl;q=0.9,fr;q=0.8", "/nl/"), ("fr", "/fr/"), ("de,en;q=0.8", "/fr/"), ("", "/fr/"), ("nl;q=x", "/fr/")],
)
def test_the_root_chooses_the_language_of_the_browser(client: Client, accepts: str, path: str) -> None:
    response = client.get("/", headers={"accept-language": accepts})

    assert (response.status_code, response["Location"]) == (302, path)
    assert "Accept-Language" in response["Vary"]


@pytest.mark.parametrize("path", ["/en/sud-est/", "/fr/ouest/"])
def test_a_slug_that_no_basin_has_is_404(client: Client, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("name", ["home", "agenda", "search", "news", "find_basin", "accessibility", "privacy"])
@pytest.mark.parametrize("code", ["sud-est", None])
def test_the_language_switch_stays_on_the_page(client: Client, name: str, code: str | None) -> None:
    languages = client.get(url(name, "fr", code)).context["site"].languages

    assert [(each.code, each.url, each.is_current) for each in languages] == [
        ("fr", url(name, "fr", code), True),
        ("nl", url(name, "nl", code), False),
    ]


def test_the_language_switch_keeps_what_was_asked(client: Client) -> None:
    response = client.get(url("search"), {"q": "aide & soins", "all": "on"})

    assert response.context["site"].languages[1].url == f"{url('search', 'nl')}?q=aide+%26+soins&all=on"


def test_the_switch_of_a_news_item_leads_to_the_same_item(client: Client) -> None:
    item = NewsItemFactory()

    languages = client.get(url("news_item", "nl", uuid=item.uuid)).context["site"].languages

    assert languages[0].url == url("news_item", "fr", uuid=item.uuid)


def test_a_page_that_is_not_there_switches_to_the_front_page(client: Client) -> None:
    response = client.get("/fr/sud-est/rien/")

    assert response.status_code == 404
    assert '"/nl/zuid-oost/"' in response.content.decode()


def test_each_page_names_its_counterparts_for_search_engines(client: Client) -> None:
    page = client.get("/nl/zuid-oost/").content.decode()

    named = re.findall(r'<link rel="alternate" hreflang="(\w+)" href="([^"]+)">', page)
    assert [(code, href.removeprefix("http://testserver")) for code, href in named] == [
        ("fr", "/fr/sud-est/"),
        ("nl", "/nl/zuid-oost/"),
    ]


def test_search_engines_leave_the_back_office_alone(rf: RequestFactory) -> None:
    response = robots(rf.get("/robots.txt"))

    lines = response.content.decode().splitlines()
    assert response["Content-Type"] == "text/plain; charset=utf-8"
    assert lines[0] == "User-agent: *"
    assert "Disallow: /fr/admin/" in lines
