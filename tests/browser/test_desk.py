"""An agent at the helpdesk's desk: a call noted in seconds, a ticket taken, answered with a record, closed."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from basins.models import User
from directory.models import TaxonomyTerm
from directory.rules import indexing, records
from helpdesk.enums import Outcome, TicketState
from helpdesk.models import Ticket
from helpdesk.rules import answering
from tests.basins.people_tools import staff_session
from tests.browser.axe import faults
from tests.browser.conftest import Visitors
from tests.browser.visitor import newest_mail
from tests.directory.factories import OrganizationFactory
from tests.helpdesk.desk_tools import page
from tests.helpdesk.factories import SnippetFactory
from tests.helpdesk.tools import ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

NAME = "Psychologue à domicile"


@pytest.fixture(autouse=True)
def record(transactional_db: None) -> None:
    """A record to answer with."""
    organization = OrganizationFactory(name_fr="SSM Le Wops", name_nl="DGG Le Wops")
    values = {"name_fr": NAME, "name_nl": "Psycholoog aan huis", "areas": ["region"]}
    records.create_service(organization=organization, values=values, by=None)
    indexing.catch_up()


@pytest.fixture
def desk(visitors: Visitors, client: Client, alice: User) -> Page:
    """Alice's browser, her second factor used."""
    return visitors(session=staff_session(client, alice)).page


def presses(page: Page, selector: str) -> None:
    with page.expect_navigation():
        page.locator(selector).first.click()


def test_from_a_call_to_an_answer_that_helps(desk: Page) -> None:
    desk.goto(page("staff_inbox"))
    presses(desk, f"a[href='{page('staff_call')}']")
    desk.locator("[name=body]").fill("Soutien psychologique à domicile pour un couple âgé.")
    desk.locator("[name=name]").fill("Nele")
    desk.locator("[name=email]").fill("nele@example.org")
    presses(desk, "main form button.btn")

    ticket = Ticket.objects.get()
    presses(desk, f"form[action='{page('staff_take', code=ticket.code)}'] button")
    presses(desk, f"form[action='{page('staff_answer_begin', code=ticket.code)}'] button")
    desk.locator("[name=body]").fill("Bonjour Nele, voici qui vient à domicile.")
    desk.locator("#q").fill("psychologue")
    with desk.expect_navigation():
        desk.locator("#q").press("Enter")  # searches, and sends nothing
    assert ticket.messages.count() == 1
    presses(desk, "button[value^='add:']")
    expect(desk.locator("[name=body]")).to_have_value("Bonjour Nele, voici qui vient à domicile.")
    presses(desk, "button[value='send']")

    ticket.refresh_from_db()
    assert ticket.state == TicketState.ANSWERED
    assert NAME in str(newest_mail("nele@example.org").body)
    expect(desk.locator("main .ice h3")).to_have_text(NAME)

    presses(desk, f"a[href='{page('staff_close', code=ticket.code)}']")
    desk.locator(f"[name=outcome][value='{Outcome.SOLVED}']").check()
    presses(desk, "main form button.btn")
    ticket.refresh_from_db()
    assert (ticket.state, ticket.outcome) == (TicketState.CLOSED, Outcome.SOLVED)


def test_the_pages_of_the_desk_are_for_everybody(desk: Page, alice: User) -> None:
    theme = TaxonomyTerm.objects.filter(taxonomy__code="themes", is_active=True)[0]
    SnippetFactory()
    earlier = ask("Soutien psychologique à domicile pour une dame", email="an@example.org", theme=theme, language="fr")
    answering.answer(ticket=earlier, body="Voyez ceci.", by=alice)
    ticket = ask(
        "Soutien psychologique à domicile pour un couple. Son fils : 0478 12 34 56", theme=theme, confirmed=True
    )

    for name in ("staff_inbox", "staff_call", "staff_figures"):
        desk.goto(page(name))
        assert (name, faults(desk)) == (name, [])
    for name in ("staff_ticket", "staff_answer", "staff_complete", "staff_hand_over", "staff_close", "staff_mask"):
        desk.goto(page(name, "nl", code=ticket.code))
        assert (name, faults(desk)) == (name, [])
