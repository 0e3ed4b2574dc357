"""The team on the phone: books for who calls, sees the line, takes everything out."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from django.test import Client
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from basins.models import User
from opendoors.models import Booking, Edition, Visit
from tests.basins.people_tools import at, staff_session
from tests.browser.conftest import Visitors
from tests.browser.visitor import newest_mail
from tests.opendoors.booking_tools import book
from tests.opendoors.factories import EditionFactory, week_of_visits

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


@pytest.fixture
def desk(visitors: Visitors, client: Client, alice: User) -> Page:
    """Alice's browser, her second factor used."""
    return visitors(session=staff_session(client, alice)).page


def page_of(name: str, edition: Edition) -> str:
    return at(f"opendoors:{name}", basin="sud-est", slug=edition.slug)


def presses(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).click()


def test_who_calls_gets_a_seat_and_a_place_in_line(desk: Page) -> None:
    edition = EditionFactory(slug="2026")
    free, full = week_of_visits(edition, 2, seats=1)
    book(full, email="een@example.org")

    desk.goto(page_of("staff_book", edition))
    desk.locator("[name=name]").fill("Daan")
    desk.locator("[name=email]").fill("daan@example.org")
    desk.locator("[name=language]").select_option("nl")
    for visit in (free, full):
        desk.locator(f"[name=visits][value='{visit.uuid}']").check()
    desk.locator("[name=wait]").check()
    presses(desk, "main form button")

    booking = Booking.objects.get(visitor__email="daan@example.org")
    assert Visit.objects.get(pk=free.pk).seats_taken == 1
    assert booking.reference in desk.locator("main [role=status]").first.inner_text()
    assert newest_mail("daan@example.org").to == ["daan@example.org"]
    desk.goto(page_of("staff_waiting", edition))
    expect(desk.locator("main table tbody tr")).to_have_count(1)

    # Later Daan calls again: the seat goes back.
    desk.goto(page_of("staff_bookings", edition))
    presses(desk, f"a[href*='{booking.reference}']")
    presses(desk, "main form button")
    assert Visit.objects.get(pk=free.pk).seats_taken == 0


def test_everything_leaves_as_one_spreadsheet(desk: Page) -> None:
    edition = EditionFactory(slug="2026")
    for visit in week_of_visits(edition, 3):
        book(visit)

    desk.goto(page_of("staff_export", edition))
    with desk.expect_download() as download:
        desk.locator("main a.btn").first.click()

    sheets = load_workbook(BytesIO(Path(download.value.path()).read_bytes()))
    assert [sheet.max_row for sheet in sheets.worksheets] == [4, 4, 4, 1, 1, 1]
