"""Who asks the helpdesk: suggestions and a warning while typing, the thread by its link, did it help."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import time_machine
from django.utils import timezone
from playwright.sync_api import expect

from basins.models import User
from directory.rules import indexing
from helpdesk.enums import Helped
from helpdesk.models import Ticket
from helpdesk.rules import answering, following_up
from tests.basins.people_tools import at
from tests.browser.axe import PHONE, faults
from tests.browser.conftest import Visitors
from tests.browser.visitor import link_in, newest_mail, said
from tests.directory.factories import service

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]

NAME = "Écoute de l’Exemple"
WORDS = "Un couple âgé ne sort plus et cherche un soutien psychologique à domicile."
NUMBER = "0475 12 34 56"


@pytest.fixture(autouse=True)
def record(transactional_db: None) -> None:
    """What the directory may have already."""
    service(name_fr=NAME, name_nl="Gesprek van het Voorbeeld", terms=["themes:psychological-support"], areas=["region"])
    indexing.catch_up()


def test_on_a_phone_from_the_question_to_did_it_help(visitors: Visitors, alice: User) -> None:
    nele = visitors(phone=True)
    page = nele.page
    page.goto(at("helpdesk:ask", basin="sud-est"))
    page.locator("#id_body").press_sequentially(WORDS)
    expect(page.locator("#suggested a")).to_have_text(re.compile(NAME))

    page.locator("#id_body").press_sequentially(f" Sa fille : {NUMBER}")
    expect(page.locator("#suggested mark")).to_have_text(NUMBER)
    assert faults(page, PHONE) == []
    page.set_viewport_size({"width": 390, "height": 844})
    nele.writes(postcode="1040", name="Nele", email="nele@example.org")
    nele.follows(page.get_by_role("button", name=said("Send my question", "fr")))
    expect(page.get_by_role("alert").locator("mark")).to_have_text(NUMBER)
    assert Ticket.objects.count() == 0
    assert faults(page, PHONE) == []

    page.set_viewport_size({"width": 390, "height": 844})
    nele.follows(page.get_by_role("button", name=said("Take it out and send", "fr")))
    ticket = Ticket.objects.get()
    expect(page.locator("main ol.plain li")).to_have_count(1)
    assert NUMBER not in ticket.messages.get().body

    answering.answer(ticket=ticket, body="Commencez par le premier.", by=alice)
    page.goto(link_in(newest_mail("nele@example.org"), "helpdesk:ticket"))
    expect(page.locator("main ol.plain li").last).to_contain_text("Commencez par le premier.")
    nele.writes(body="Merci, et le soir ?")
    nele.follows(page.get_by_role("button", name=said("Send my reply", "fr")))
    expect(page.locator("main ol.plain li")).to_have_count(3)

    answering.answer(ticket=Ticket.objects.get(), body="Aussi le soir.", by=alice)
    with time_machine.travel(timezone.now() + dt.timedelta(days=15)):
        following_up.ask_whether_it_helped(now=timezone.now())
        letter = newest_mail("nele@example.org")
    page.goto(link_in(letter, "helpdesk:ticket"))
    expect(page.locator(f"[name=helped][value={Helped.YES}]")).to_be_checked()
    assert Ticket.objects.get().helped == ""  # whoever opens the link has not said so yet
    nele.follows(page.locator("#helped button"))
    assert Ticket.objects.get().helped == Helped.YES


def test_with_the_keyboard_alone(visitors: Visitors) -> None:
    nele = visitors()
    page = nele.page
    page.goto(at("helpdesk:ask", "nl", basin="sud-est"))
    for name, words in (("body", WORDS), ("postcode", "1040"), ("name", "Nele"), ("email", "nele@example.org")):
        nele.tabs_to(page.locator(f"[name={name}]"))
        page.keyboard.type(words)
    nele.tabs_to(page.get_by_role("button", name=said("Send my question", "nl")))
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator("main h1")).to_have_text(Ticket.objects.get().subject)


def test_without_a_script_enter_sends_and_a_button_looks(visitors: Visitors) -> None:
    nele = visitors(java_script_enabled=False)
    page = nele.page
    page.goto(at("helpdesk:ask", basin="sud-est"))
    nele.writes(body=WORDS, postcode="1040", name="Nele", email="nele@example.org")
    nele.follows(page.locator("[name=look]"))
    expect(page.locator("#suggested a")).to_have_text(re.compile(NAME))
    assert Ticket.objects.count() == 0

    with page.expect_navigation():
        page.locator("[name=name]").press("Enter")
    assert Ticket.objects.count() == 1
