"""“Still right?” in a real browser: the link of the mail on a phone, with and without scripts."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone
from django.utils.translation import override
from playwright.sync_api import expect

from basins.models import User
from directory import confirm_links
from directory.models import Confirmation, Proposal, Service
from tests.browser import axe
from tests.browser.conftest import Visitors
from tests.directory.world import a_directory

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


def link(language: str) -> str:
    with override(language):
        return confirm_links.confirm_url(Confirmation.objects.get())


@pytest.fixture
def world(alice: User) -> dict[str, Any]:
    """A directory in which nothing waits yet."""
    values = a_directory(alice)
    Proposal.objects.all().delete()
    Confirmation.objects.update(answered_on=None)
    return values


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_all_is_right_is_one_press_on_a_phone(visitors: Visitors, world: dict[str, Any], language: str) -> None:
    page = visitors(phone=True).page
    page.goto(link(language))
    assert axe.faults(page) == []
    page.locator("main form button").press("Enter")
    expect(page.locator("main .st.ok").first).to_be_visible()
    assert Service.objects.get(uuid=world["record"]).assured_on == timezone.localdate()


def test_what_changed_is_written_without_scripts_and_waits_for_the_team(
    visitors: Visitors, world: dict[str, Any]
) -> None:
    page = visitors(phone=True, java_script_enabled=False).page
    page.goto(link("fr"))
    page.locator(f"a[href*='{world['record']}']").first.click()
    page.locator("#part-phones > summary").click()
    page.locator("button[name=more][value=phones]").click()
    page.locator("[name=phones-1-number]").fill("02 555 12 12")
    page.locator("form.stack button.btn:not([name])").click()
    expect(page.locator("main h1")).to_be_visible()
    waiting = Proposal.objects.get()
    assert [row["number"] for row in waiting.values["phones"]] == ["+3223186058", "+3225551212"]
