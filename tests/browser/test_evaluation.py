"""After the week: a visitor says how it was, and everybody reads what came of it."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import expect

from basins.models import Need, User
from opendoors import queries
from opendoors.models import Answer, Edition
from tests.basins.people_tools import at, staff_session
from tests.browser.axe import faults
from tests.browser.conftest import Visitors
from tests.opendoors.evaluation_tools import after_the_week

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


@pytest.fixture
def edition() -> Edition:
    return after_the_week()


def test_a_visitor_answers_on_a_phone_with_the_keyboard(visitors: Visitors, edition: Edition) -> None:
    visitor = edition.visitors.get(email="silent@example.org")
    page = visitors(phone=True).page
    page.goto(at("opendoors:evaluate", "nl", basin="sud-est", token=queries.visitor_link(visitor)))

    page.locator("[name=rating]").first.focus()
    page.keyboard.press("ArrowDown")
    page.locator("[name=missing]").fill("Tolken ’s avonds.")
    page.locator("[name=missing]").press("Tab")
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_have_count(1)
    expect(page.locator("[name=missing]")).to_have_value("Tolken ’s avonds.")
    assert Answer.objects.values_list("rating", "missing", "language").get(visitor=visitor) == (
        4,
        "Tolken ’s avonds.",
        "nl",
    )


def test_what_is_missing_becomes_a_need_with_one_click(
    visitors: Visitors, client: Client, alice: User, edition: Edition
) -> None:
    page = visitors(session=staff_session(client, alice)).page
    page.goto(at("opendoors:staff_evaluation", basin="sud-est", slug="past"))
    answer = Answer.objects.get(visitor__email="missing@example.org")

    card = page.locator(f"#a-{answer.uuid}")
    with page.expect_navigation():
        card.locator("form:has([name=title]) button").click()

    answer.refresh_from_db()
    assert answer.need == Need.objects.get()  # what another answer misses has the same name
    expect(card.locator("a[href*='/admin/basins/need/']")).to_have_text("Besoin")


def test_figures_are_for_everybody(visitors: Visitors, edition: Edition) -> None:
    page = visitors().page
    for name, values in (("figures", {"slug": "past"}), ("figures_all", {})):
        page.goto(at(f"opendoors:{name}", basin="sud-est", **values))
        assert faults(page) == []


def test_under_each_chart_there_is_its_table(visitors: Visitors, edition: Edition) -> None:
    page = visitors(java_script_enabled=False).page
    page.goto(at("opendoors:figures", basin="sud-est", slug="past"))

    figures = page.locator("figure.fig")
    assert figures.count() > 3
    for figure in figures.all():
        figure.locator("summary").click()
        expect(figure.locator("tbody tr").first).to_be_visible()
