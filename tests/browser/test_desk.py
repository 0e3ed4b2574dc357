"""An agent at the helpdesk's desk: a call noted in seconds, taken, answered, closed; an expert, another basin."""

from __future__ import annotations

import pytest
from django.test import Client
from playwright.sync_api import Page, expect

from basins.models import User
from basins.rights import Role
from directory.rules import indexing, records
from helpdesk.enums import Outcome, TicketState
from helpdesk.models import Ticket
from tests.basins.people_tools import staff_session
from tests.browser.conftest import Visitors
from tests.browser.visitor import link_in, newest_mail, said
from tests.directory.factories import OrganizationFactory
from tests.factories import UserFactory, grant
from tests.helpdesk.desk_tools import page
from tests.helpdesk.expert_tools import expert
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


def test_given_to_a_colleague_helped_by_an_expert_and_handed_over(desk: Page, visitors: Visitors) -> None:
    colleague = UserFactory(email="nadia@example.org", name="Nadia")
    grant(colleague, Role.HELPDESK_AGENT, "sud-est")
    wim = expert(name="Wim", email="wim@example.org", language="fr")
    ticket = ask("Retour à domicile en soins palliatifs, qui appuie l’équipe ?", language="fr")

    desk.goto(page("staff_inbox"))
    presses(desk, f"a[href='{page('staff_ticket', code=ticket.code)}']")
    desk.locator("summary", has_text=said("Give it to a colleague", "fr")).click()
    desk.locator("[name=to]").select_option(label="Nadia")
    presses(desk, f"form[action='{page('staff_assign', code=ticket.code)}'] button")
    ticket.refresh_from_db()
    assert ticket.assignee == colleague

    desk.goto(page("staff_bring_in", code=ticket.code) + "?domain=palliative")
    expect(desk.locator("[name=expert]")).to_have_value(str(wim.uuid))
    desk.locator("[name=question]").fill("Quelle équipe appuie les infirmières la nuit ?")
    presses(desk, "form[method=post]:has([name=expert]) button")

    asked = visitors()
    asked.page.goto(link_in(newest_mail("wim@example.org"), "helpdesk:expert_call"))
    expect(asked.page.locator("main")).not_to_contain_text("Nele")  # the expert does not learn who asks
    asked.writes(body="L’équipe de soutien répond jour et nuit.")
    asked.follows(asked.page.locator("form:has([name=body]) button.btn").last)
    desk.goto(page("staff_ticket", code=ticket.code))
    expect(desk.locator("main")).to_contain_text("L’équipe de soutien répond jour et nuit.")

    desk.goto(page("staff_hand_over", code=ticket.code))
    desk.locator("[name=basin][value=nord]").check()
    presses(desk, "main form button.btn")
    moved = Ticket.objects.get()
    assert (moved.basin.code, moved.state, moved.assignee) == ("nord", TicketState.NEW, None)
