"""Every page for everybody: axe, one title, no sideways scrolling; in both languages, wide and narrow, light and dark.

The list of pages is the one of the language tests, where a test holds it against all addresses. Both languages fill
the same templates, so on the long walks one is looked at as wide by day and by night, the other as on a phone.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import FilePayload, Page

from basins.models import User
from core.models import LongJob
from opendoors import demo
from opendoors.models import Edition, Visit
from tests import language_helpdesk as helpdesk
from tests.basins.people_tools import app_code, at, mailed_code, staff_session
from tests.browser.axe import DESK, PHONE_WITHOUT_COLOURS, Look, faults
from tests.browser.conftest import Visitors
from tests.browser.visitor import free_visits
from tests.language_world import ANYBODY, NEWCOMER, REGION, STAFF, VISITOR, World, a_world
from tests.opendoors.factories import EditionFactory, VisitFactory
from tests.test_languages import PAGES, pages_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]
both = pytest.mark.parametrize("language", ["fr", "nl"])

API_DOCS = "/api/docs/"
PARTS = 3
LOOK_OF: dict[str, Look] = {"fr": DESK, "nl": PHONE_WITHOUT_COLOURS}


@pytest.fixture
def world(settings: Any, tmp_path: Path, alice: User, daan: User) -> World:
    settings.ROOT_URLCONF, settings.IS_DEMO, settings.LOCAL_DIR = "tests.browser.site_urls", True, tmp_path
    made = a_world(alice, daan)
    made.values.update(helpdesk.a_helpdesk(alice))
    return made


def walk(visitors: Visitors, client: Client, language: str, urls: list[str]) -> list[str]:
    """Open each page as the person whose session the client holds; what is wrong with them."""
    page = visitors(session=client, locale=language).page
    return [fault for url in urls for fault in page_faults(page, url, LOOK_OF[language])]


def assert_clean(found: list[str]) -> None:
    assert not found, "\n".join(found)


def page_faults(page: Page, url: str, look: Look) -> list[str]:
    answer = page.goto(url)
    if answer is None or answer.status != 200 or not page.url.endswith(url):
        return [f"{url}: {answer and answer.status} at {page.url}"]
    return faults(page, look)


@both
@pytest.mark.parametrize("part", range(PARTS))
def test_every_page(visitors: Visitors, world: World, language: str, part: int) -> None:
    """By everybody who may read it; in parts, because one test keeps one core."""
    found: list[str] = []
    for reader in (ANYBODY, VISITOR, NEWCOMER, STAFF):
        names = [name for name, readers in (PAGES | helpdesk.PAGES).items() if reader in readers]
        urls = [url for name in names for url in pages_of(world, name, language)][part::PARTS]
        found += walk(visitors, world.readers[reader], language, urls)
    assert_clean(found)


@both
def test_a_job_in_each_of_its_states(visitors: Visitors, world: World, language: str) -> None:
    found: list[str] = []
    for state in LongJob.State.values:
        LongJob.objects.update(state=state, steps_done=3, steps_total=7, heartbeat_at=timezone.now())
        url = at("job", language, basin="sud-est", uuid=world.values["job"])
        found += walk(visitors, world.readers[STAFF], language, [url])
    assert_clean(found)


@both
def test_the_reference_of_the_api(visitors: Visitors, db: None, language: str) -> None:
    assert_clean(walk(visitors, Client(), language, [API_DOCS]))


@both
def test_the_back_office(visitors: Visitors, world: World, language: str) -> None:
    """Each list, a form to add and one to change; what the Region's administrator sees holds all that others see."""
    desk = world.readers[REGION]
    with override(language):
        urls = [reverse("admin:index")]
    history: list[str] = []
    for model in (model for app in desk.get(urls[0]).context["app_list"] for model in app["models"]):
        rows = desk.get(model["admin_url"]).context["cl"].result_list
        urls.append(model["admin_url"])
        urls += [model["add_url"]] if model.get("add_url") else []
        changes = [f"{model['admin_url']}{row.pk}/change/" for row in rows[:1]]
        urls += changes
        history = [f"{url.removesuffix('change/')}history/" for url in changes] or history
    urls += history
    assert_clean(walk(visitors, desk, language, urls))


@both
def test_the_week_in_all_its_states(visitors: Visitors, week: Edition, language: str) -> None:
    """The full grid; then what came back: with a clash, with errors at the fields, with a visit full meanwhile."""
    look = LOOK_OF[language]
    first, second, third = free_visits(week)
    other = VisitFactory(edition=week, begin="09:30", end="10:00")
    page = (anna := visitors(locale=language)).page
    anna.opens_week(week, language)
    found = faults(page, look)
    page.set_viewport_size({"width": 1280, "height": 900})
    for visit in (first, second, third, other):
        anna.card(visit).click()
    anna.writes(name="Anna", email="anna@example.org")
    anna.sends()
    found += faults(page, look)
    page.set_viewport_size({"width": 1280, "height": 900})
    anna.card(other).click()
    anna.writes(name="", email="x")
    anna.sends()
    found += faults(page, look)
    page.set_viewport_size({"width": 1280, "height": 900})
    Visit.objects.filter(pk=second.pk).update(seats=max(1, second.seats_taken), seats_taken=max(1, second.seats_taken))
    anna.writes(name="Anna", email="anna@example.org")
    anna.sends()
    found += faults(page, look)
    assert_clean(found)


@both
def test_signing_in(visitors: Visitors, alice: User, language: str) -> None:
    """Each step, as it is asked for and as it comes back; with the pages of the second factor."""
    page = visitors(locale=language).page
    found: list[str] = []

    def types(name: str, value: str) -> None:
        page.locator(f"[name={name}]").fill(value)
        with page.expect_navigation():
            page.keyboard.press("Enter")
        found.extend(faults(page))

    page.goto(at("admin:index", language))
    types("email", "x")
    types("email", alice.email)
    types("code", "0000-0000")
    types("code", mailed_code())
    types("code", "000000")
    types("code", app_code(page.locator("code.key").inner_text()))
    page.context.clear_cookies()
    page.goto(at("admin:index", language))
    types("email", alice.email)
    types("code", mailed_code())
    types("code", "000000")
    assert_clean(found)


@both
def test_what_comes_of_an_import(visitors: Visitors, client: Client, alice: User, language: str) -> None:
    edition = EditionFactory(slug="2026")
    page = visitors(session=staff_session(client, alice), locale=language).page
    found: list[str] = []
    for content in ("date,start,end,host,seats\n,25:00,,Maison,-3\n", demo._programme(edition.starts_on).decode()):
        page.goto(at("opendoors:staff_import", language, basin="sud-est", slug=edition.slug))
        file: FilePayload = {"name": "programme.csv", "mimeType": "text/csv", "buffer": content.encode()}
        page.locator("[type=file]").set_input_files(file)
        with page.expect_navigation():
            page.locator("form[enctype] button").click()
        found += faults(page)
    assert_clean(found)


@both
@pytest.mark.parametrize("status", [400, 403, 404, 500])
def test_error_pages(visitors: Visitors, settings: Any, language: str, status: int) -> None:
    settings.ROOT_URLCONF = "tests.browser.site_urls"
    page = visitors(locale=language).page
    answer = page.goto(f"/{language}/fails/{status}/")
    assert answer is not None
    assert answer.status == status
    assert_clean(faults(page))


# --- The eye itself ------------------------------------------------------------------------------
SPOILED = {
    "a picture without words": "document.querySelector('h1').append(new Image())",
    "grey on dark": "document.querySelector('h1').style.color = '#404850'",
    "two titles": "document.querySelector('main').append(document.querySelector('h1').cloneNode(true))",
    "too wide for a phone": "document.querySelector('h1').style.width = '330px'",
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
def test_a_spoiled_page_is_noticed(visitors: Visitors, spoil: str) -> None:
    page = visitors().page
    page.goto(at("privacy", basin="sud-est"))
    page.evaluate(spoil)
    assert faults(page) != []


def test_what_the_policy_refuses_is_noticed(visitors: Visitors) -> None:
    anna = visitors()
    anna.page.goto(at("privacy", basin="sud-est"))
    assert anna.complaints == []
    anna.page.evaluate("document.querySelector('h1').outerHTML = '<h1 style=\"color: red\">x</h1>'")
    anna.page.wait_for_timeout(100)
    assert len(anna.complaints) == 1
    anna.complaints.clear()
