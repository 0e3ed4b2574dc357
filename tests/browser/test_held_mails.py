"""A colleague looks at a mail that waits: from the inbox to the ticket, on a wide page and on a phone."""

from __future__ import annotations

import pytest
from django.test import Client

from basins.models import User
from helpdesk.enums import HeldReason
from helpdesk.models import HeldMail
from tests.basins.people_tools import staff_session
from tests.browser.axe import faults
from tests.browser.conftest import Visitors
from tests.helpdesk.desk_tools import page
from tests.helpdesk.factories import HeldMailFactory
from tests.helpdesk.mail_tools import receive
from tests.helpdesk.tools import ask

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.xdist_group("browser")]


def held_one() -> HeldMail:
    """What a stranger writes who knows a ticket's code; and what a machine wrote."""
    ticket = ask()
    words = "Bonjour, je remplace Nele cette semaine. Le service ne répond pas.\r\n\r\n-- \r\nGreet\r\n\r\n> Voici."
    receive(words, sender="Greet <greet@example.org>", subject=f"Re: [{ticket.code}] Soutien")
    HeldMailFactory(reason=HeldReason.AUTOMATIC, subject="Réponse automatique : absente")
    return HeldMail.objects.get(reason=HeldReason.UNKNOWN_SENDER)


def test_a_mail_is_put_into_its_thread(visitors: Visitors, client: Client, alice: User) -> None:
    row = held_one()
    desk = visitors(session=staff_session(client, alice)).page

    desk.goto(page("staff_inbox"))
    for link in (page("staff_held"), page("staff_held_mail", held=row.uuid), page("staff_held_thread", held=row.uuid)):
        with desk.expect_navigation():
            desk.locator(f"main a[href='{link}']").click()
    with desk.expect_navigation():
        desk.locator("main form button.btn").click()

    row.refresh_from_db()
    assert row.became is not None
    assert desk.url.endswith(page("staff_ticket", code=row.became.ticket.code))


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_pages_are_accessible(
    visitors: Visitors, client: Client, alice: User, language: str, *, phone: bool
) -> None:
    row = held_one()
    desk = visitors(session=staff_session(client, alice), phone=phone).page

    for name, values in (("staff_held", {}), ("staff_held_mail", {"held": row.uuid})):
        desk.goto(page(name, language, **values))
        assert faults(desk) == []
        assert desk.evaluate("document.documentElement.scrollWidth <= innerWidth")
