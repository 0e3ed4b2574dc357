"""A host's whole way, without an account: from the call to a visit that moves and is told to who booked."""

from __future__ import annotations

import datetime as dt
import re

import pytest
from django.core.mail import EmailMessage
from django.test import Client
from playwright.sync_api import Page, expect

from basins.models import User
from opendoors.enums import EditionState, HostState, VisitState
from opendoors.models import Edition, Host, Visit
from opendoors.rules import editions, validating
from tests.basins.people_tools import at, staff_session
from tests.browser.axe import faults
from tests.browser.conftest import Visitors
from tests.browser.visitor import newest_mail
from tests.opendoors.booking_tools import book
from tests.opendoors.host_tools import CONTACT, called_edition, propose

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


def link_of_host(letter: EmailMessage) -> str:
    found = re.search(r"https?://\S+/host/\S+", str(letter.body)) or re.search(r"https?://\S+", str(letter.body))
    assert found is not None, letter.body
    return found[0]


def presses(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).click()


def signs_up(page: Page, edition: Edition) -> None:
    """Two visits, the second one by the button; nothing needs a script."""
    page.goto(at("opendoors:call", basin="sud-est", slug=edition.slug))
    page.locator("[name=name]").fill("Maison Verte")
    page.locator("[name=description_fr]").fill("On vous montre la maison.")
    page.locator("[name=welcome_fr]").fill("Sonnez deux fois.")
    page.locator("[name=street_fr]").fill("Rue Haute 1")
    page.locator("[name=postcode]").fill("1040")
    page.locator("[name=contact_name]").fill("Chantal")
    page.locator("[name=contact_email]").fill(CONTACT)
    page.locator("[name=visit0-seats]").fill("6")
    presses(page, "button[name=more]")
    page.locator("[name=visit1-day]").select_option((edition.starts_on + dt.timedelta(days=1)).isoformat())
    page.locator("[name=visit1-seats]").fill("4")
    presses(page, "#sign-up button:not([name])")


def test_from_the_call_to_a_visit_that_moves(visitors: Visitors, client: Client, alice: User) -> None:
    edition = called_edition()
    host_at_home = visitors(phone=True, java_script_enabled=False).page
    signs_up(host_at_home, edition)
    host = Host.objects.get()
    assert sorted(host.visits.values_list("seats", flat=True)) == [4, 6]

    # The team reads it and would like another day.
    desk = visitors(session=staff_session(client, alice)).page
    desk.goto(at("opendoors:staff_edition", basin="sud-est", slug=edition.slug))
    presses(desk, "section[aria-labelledby=h-desk] a")
    presses(desk, "td a.btn")
    desk.locator("[name=decision][value=changes]").check()
    presses(desk, "main form button")
    expect(desk.locator("[name=note][aria-invalid=true]")).to_be_visible()  # a word is missing
    desk.locator("[name=note]").fill("Plutôt mercredi ?")
    desk.locator("[name=decision][value=changes]").check()
    presses(desk, "main form button")

    # The host follows its link, changes the day, and proposes again.
    host_at_home.goto(link_of_host(newest_mail(CONTACT)))
    expect(host_at_home.get_by_text("Plutôt mercredi ?")).to_be_visible()
    presses(host_at_home, "section[aria-labelledby=h-visits] li:first-child a.btn")
    host_at_home.locator("[name=day]").select_option((edition.starts_on + dt.timedelta(days=2)).isoformat())
    presses(host_at_home, "main form button")
    presses(host_at_home, "form[action$='/a-nouveau/'] button, form[action$='/opnieuw/'] button")
    host.refresh_from_db()
    assert host.state == HostState.PROPOSED

    # The team says yes and publishes; somebody books.
    desk.goto(at("opendoors:staff_host_decide", basin="sud-est", slug=edition.slug, host=host.uuid))
    desk.locator("[name=decision][value=accepted]").check()
    presses(desk, "main form button")
    for state in (EditionState.PUBLISHED, EditionState.OPEN):
        editions.move(edition=edition, to=state, by=alice)
    visit = host.visits.get(seats=4)
    book(visit, email="daan@example.org", by=None)

    # The host moves that visit: Daan reads where it went.
    host_at_home.goto(link_of_host(newest_mail(CONTACT)))
    expect(host_at_home.locator("section[aria-labelledby=h-visits] li")).to_have_count(2)
    presses(host_at_home, f"li:has(a[href*='{visit.uuid}']) a.btn:last-child")
    host_at_home.locator("[name=begins]").fill("14:00")
    host_at_home.locator("[name=ends]").fill("15:30")
    presses(host_at_home, "main form button")
    moved = newest_mail("daan@example.org")
    assert "14\N{NO-BREAK SPACE}– 15.30\N{NO-BREAK SPACE}uur" in str(moved.body)
    assert Visit.objects.get(pk=visit.pk).sequence == 1


def test_what_is_missing_is_said_on_top_and_at_its_field(visitors: Visitors, transactional_db: None) -> None:
    edition = called_edition()
    page = visitors(phone=True).page
    page.goto(at("opendoors:call", basin="sud-est", slug=edition.slug))
    presses(page, "#sign-up button:not([name])")
    expect(page.locator(".note.sum li").first).to_be_visible()
    assert faults(page) == []
    page.locator(".note.sum a").first.click()
    expect(page.locator(":focus")).to_have_attribute("aria-invalid", "true")


def test_one_visit_more_puts_the_focus_there(visitors: Visitors, transactional_db: None) -> None:
    edition = called_edition()
    page = visitors().page
    page.goto(at("opendoors:call", basin="sud-est", slug=edition.slug))
    page.locator("[name=name]").fill("Maison Verte")
    presses(page, "button[name=more]")
    expect(page.locator("[name=visit1-day]")).to_be_focused()
    expect(page.locator("[name=name]")).to_have_value("Maison Verte")


def test_the_return_key_sends_the_proposal_and_adds_no_row(visitors: Visitors, transactional_db: None) -> None:
    edition = called_edition()
    page = visitors().page
    page.goto(at("opendoors:call", basin="sud-est", slug=edition.slug))
    page.locator("[name=name]").fill("Maison Verte")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.locator("[name=rows]")).to_have_value("1")
    expect(page.locator(".note.sum")).to_be_visible()


def test_a_host_withdraws_after_a_question(visitors: Visitors, transactional_db: None, alice: User) -> None:
    edition = called_edition()
    validating.accept(host=propose(edition), by=alice)
    Edition.objects.update(state=EditionState.OPEN)
    book(Visit.objects.get())
    page = visitors(phone=True).page
    page.goto(link_of_host(newest_mail(CONTACT)))
    presses(page, "a.btn.danger")
    assert Host.objects.get().state == HostState.ACCEPTED
    assert faults(page) == []
    presses(page, "main form button")
    assert (Host.objects.get().state, Visit.objects.get().state) == (HostState.WITHDRAWN, VisitState.CANCELLED)
