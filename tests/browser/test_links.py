"""The team links a host to the directory on a phone; a visitor walks from the week to the organisation and back."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import expect

from basins.models import User
from opendoors.models import HostLink
from tests.basins.people_tools import at, staff_session
from tests.browser.axe import faults
from tests.browser.conftest import Visitors
from tests.opendoors.factories import EditionFactory, HostFactory, PlaceFactory, VisitFactory
from tests.opendoors.link_tools import organization

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


def test_one_click_links_and_the_public_finds_its_way(visitors: Visitors, client: Client, alice: User) -> None:
    edition = EditionFactory(slug="2026")
    host = HostFactory(edition=edition, name="Atoll Est asbl", contact_email="")
    VisitFactory(edition=edition, host=host, place=PlaceFactory(host=host))
    organization("Atoll Est", postcode="1040", street="Rue de l’Exemple 12")
    desk = visitors(session=staff_session(client, alice), phone=True).page

    desk.goto(at("opendoors:staff_hosts", basin="sud-est", slug="2026"))
    desk.locator(f"a[href='{at('opendoors:staff_links', basin='sud-est', slug='2026')}']").click()
    line = desk.locator(f"[id='h-{host.uuid}']")
    assert faults(desk) == []
    with desk.expect_navigation():
        line.locator("button[value=same]").click()
    expect(line.locator("button[value=undo]")).to_be_visible()
    assert HostLink.objects.get().decided_by == alice

    anna = visitors().page
    anna.goto(at("opendoors:week", basin="sud-est", slug="2026"))
    assert faults(anna) == []
    anna.locator(".more.who").click()
    expect(anna.locator("h1")).to_have_text("Atoll Est")
    assert faults(anna) == []
    anna.locator("[aria-labelledby=h-part] a").click()
    expect(anna.locator(".more.who")).to_have_count(1)

    with desk.expect_navigation():
        line.locator("button[value=undo]").click()
    expect(line.locator("button[value=same]")).to_be_visible()
    assert not HostLink.objects.exists()
