"""Every page for everybody: axe, one title, no sideways scrolling; in both languages, wide and narrow, light and dark.

The list of pages is the one of the language tests, where a test holds it against all addresses.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as site_settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from playwright.sync_api import Page
from pytest_django.live_server_helper import LiveServer

from basins.models import User
from tests.browser.axe import faults
from tests.browser.conftest import Visitors
from tests.language_world import ANYBODY, NEWCOMER, REGION, STAFF, VISITOR, World, a_world
from tests.test_languages import PAGES, pages_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
both = pytest.mark.parametrize("language", ["fr", "nl"])

API_DOCS = "/api/docs/"


@pytest.fixture
def world(settings: Any, tmp_path: Path, _territory: None, alice: User, daan: User) -> World:
    settings.ROOT_URLCONF, settings.IS_DEMO, settings.LOCAL_DIR = "tests.browser.site_urls", True, tmp_path
    return a_world(alice, daan)


def walk(visitors: Visitors, client: Client, server: LiveServer, language: str, urls: list[str]) -> list[str]:
    """Open each page as the person whose session the client holds; what is wrong with them."""
    visitor = visitors(locale=language)
    session = client.cookies.get(site_settings.SESSION_COOKIE_NAME)
    if session is not None:
        visitor.page.context.add_cookies([{"name": session.key, "value": session.value, "url": server.url}])
    found: list[str] = []
    for url in urls:
        found += page_faults(visitor.page, url)
    return found


def assert_clean(found: list[str]) -> None:
    assert not found, "\n".join(found)


def page_faults(page: Page, url: str) -> list[str]:
    page.set_viewport_size({"width": 1280, "height": 900})
    answer = page.goto(url)
    if answer is None or answer.status != 200 or not page.url.endswith(url):
        return [f"{url}: {answer and answer.status} at {page.url}"]
    return faults(page)


@both
@pytest.mark.parametrize("reader", [ANYBODY, VISITOR, NEWCOMER, STAFF])
def test_every_page(visitors: Visitors, live_server: LiveServer, world: World, language: str, reader: str) -> None:
    urls = [url for name, readers in PAGES.items() if reader in readers for url in pages_of(world, name, language)]
    assert_clean(walk(visitors, world.readers[reader], live_server, language, urls))


@both
@pytest.mark.parametrize("reader", [STAFF, REGION])
def test_the_back_office(
    visitors: Visitors, live_server: LiveServer, world: World, language: str, reader: str
) -> None:
    desk = world.readers[reader]
    with override(language):
        urls = [reverse("admin:index")]
    for model in (model for app in desk.get(urls[0]).context["app_list"] for model in app["models"]):
        rows = desk.get(model["admin_url"]).context["cl"].result_list
        urls.append(model["admin_url"])
        urls += [model["add_url"]] if model.get("add_url") else []
        urls += [f"{model['admin_url']}{row.pk}/{page}/" for row in rows[:1] for page in ("change", "history")]
    assert_clean(walk(visitors, desk, live_server, language, urls))


@both
def test_the_reference_of_the_api(visitors: Visitors, live_server: LiveServer, world: World, language: str) -> None:
    assert_clean(walk(visitors, Client(), live_server, language, [API_DOCS]))
