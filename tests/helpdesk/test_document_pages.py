"""The pages of a document that is asked for: the desk's button, the field by the link, the download."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation

from basins.models import PartnerKey, User
from basins.rights import Role
from helpdesk import expert_queries, queries
from helpdesk.models import AskedDocument, Ticket, TicketRead
from helpdesk.rules import documents
from tests.basins.people_tools import at, staff_session
from tests.conftest import FARID_PLAIN_KEY
from tests.factories import UserFactory, grant
from tests.helpdesk.desk_tools import page
from tests.helpdesk.document_tools import PDF, PNG, WHICH, asked, received
from tests.helpdesk.expert_tools import bring_in, expert
from tests.helpdesk.tools import ask, letters

pytestmark = pytest.mark.django_db


def link(ticket: Ticket, name: str = "document", language: str = "fr") -> str:
    with translation.override(language):
        return queries.asker_url(name, ticket.asker, ticket.basin.code)


def file(content: bytes = PDF, name: str = "plan.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, "application/pdf")


# --- The desk asks -------------------------------------------------------------------------------


def test_the_desk_asks_and_takes_it_back(client: Client, alice: User) -> None:
    desk, ticket = staff_session(client, alice), ask()
    url = page("staff_document_ask", code=ticket.code)
    assert f'href="{url}"' in desk.get(page("staff_ticket", code=ticket.code)).text

    response = desk.post(url, {"words": WHICH})

    document = AskedDocument.objects.get()
    assert response.headers["Location"] == page("staff_ticket", code=ticket.code)
    shown = desk.get(page("staff_ticket", code=ticket.code)).text
    back = page("staff_document_take_back", code=ticket.code, document=document.uuid)
    assert (f'href="{url}"' in shown, f'action="{back}"' in shown) == (False, True)
    desk.post(back)
    document.refresh_from_db()
    assert document.is_open is False


@pytest.mark.parametrize("words", ["", " "])
def test_asking_without_saying_what_comes_back(client: Client, alice: User, words: str) -> None:
    ticket = ask()

    response: Any = staff_session(client, alice).post(page("staff_document_ask", code=ticket.code), {"words": words})

    assert (response.status_code, list(response.context["form"].errors)) == (422, ["words"])
    assert AskedDocument.objects.count() == 0


def test_a_second_request_says_why_not(client: Client, alice: User) -> None:
    ticket = asked(alice).ticket

    response: Any = staff_session(client, alice).post(page("staff_document_ask", code=ticket.code), {"words": "Bilan"})

    assert (response.status_code, len(response.context["form"].non_field_errors())) == (422, 1)


# --- Who asked sends it --------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["fr", "nl"])
def test_the_field_is_there_while_it_is_asked_for(greet: Client, alice: User, language: str) -> None:
    ticket = ask()
    shown = [greet.get(link(ticket, "ticket", language)).text.count('type="file"')]
    document = asked(alice, ticket)
    shown.append(greet.get(link(ticket, "ticket", language)).text.count('type="file"'))

    documents.take_back(document=document, by=alice)

    shown.append(greet.get(link(ticket, "ticket", language)).text.count('type="file"'))
    assert shown == [0, 1, 0]


def test_the_file_is_sent_by_the_link(greet: Client, alice: User) -> None:
    ticket = asked(alice).ticket

    response = greet.post(link(ticket), {"file": file()})

    document = AskedDocument.objects.get()
    assert (response.status_code, response.headers["Location"]) == (302, link(ticket, "ticket"))
    assert (bytes(document.file or b""), document.kind) == (PDF, "pdf")
    after = greet.get(link(ticket, "ticket")).text
    assert ('type="file"' in after, str(document.uuid) in after, "Zxq-4711" in after) == (False, False, False)


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"file": file(b"<html>")},
        {"file": file(b"")},
        {"file": file(PDF.ljust(documents.AT_MOST + 1))},
        {"file": file(name="85.07.30-033.28.pdf")},
    ],
)
def test_a_wrong_file_is_refused_at_its_field(greet: Client, alice: User, sent: dict[str, Any]) -> None:
    ticket = asked(alice).ticket
    for each in sent.values():
        each.seek(0)

    response: Any = greet.post(link(ticket), sent)

    assert (response.status_code, list(response.context["document"].errors)) == (422, ["file"])
    assert AskedDocument.objects.get().is_open


def test_a_file_that_nobody_asked_for_is_not_taken_and_told_so(greet: Client) -> None:
    ticket = ask()

    response: Any = greet.post(link(ticket), {"file": file()})

    assert response.status_code == 422
    assert str(documents.DocumentNotAsked().message) in response.text.replace("&#x27;", "'")
    assert AskedDocument.objects.count() == 0


def test_only_the_link_of_the_asker_sends_and_only_by_post(greet: Client, alice: User) -> None:
    ticket = asked(alice).ticket

    assert greet.get(link(ticket)).status_code == 405
    forged = at("helpdesk:document", basin="sud-est", token="x")
    assert greet.post(forged, {"file": file()}).status_code == 404
    assert AskedDocument.objects.get().is_open


# --- Who reads it --------------------------------------------------------------------------------


def test_the_desk_saves_the_file_and_each_time_is_noted(client: Client, alice: User) -> None:
    document = received(alice)
    desk, url = staff_session(client, alice), page("staff_document", code=document.ticket.code, document=document.uuid)
    assert url in desk.get(page("staff_ticket", code=document.ticket.code)).text

    response = desk.get(url)
    desk.get(url)

    assert (response.content, response.headers["Content-Type"]) == (PDF, "application/pdf")
    assert response.headers["Content-Disposition"] == f'attachment; filename="{document.name}"'
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in response.headers["Cache-Control"]
    assert TicketRead.objects.filter(reader=alice, took_document=True).count() == 2


def test_for_a_stranger_another_desk_and_another_ticket_there_is_no_file(client: Client, alice: User) -> None:
    document = received(alice)
    url = page("staff_document", code=document.ticket.code, document=document.uuid)
    assert client.get(url).status_code == 302
    theirs = UserFactory()
    grant(theirs, Role.HELPDESK_AGENT, "nord")

    assert staff_session(Client(), theirs).get(url).status_code == 404
    desk = staff_session(Client(), alice)
    assert desk.get(page("staff_document", code=ask().code, document=document.uuid)).status_code == 404
    assert TicketRead.objects.filter(took_document=True).count() == 0


def test_what_did_not_come_yet_cannot_be_saved(client: Client, alice: User) -> None:
    document = asked(alice)
    url = page("staff_document", code=document.ticket.code, document=document.uuid)

    assert staff_session(client, alice).get(url).status_code == 404


def test_neither_expert_nor_partner_nor_mail_gets_it(greet: Client, alice: User, farid: PartnerKey) -> None:
    farid.scopes = ["helpdesk:ask"]
    farid.save()
    document = received(alice, PNG)
    Ticket.objects.update(key=farid)
    call = bring_in(document.ticket, expert(), alice)
    partner = Client(headers={"Authorization": f"Api-Key {FARID_PLAIN_KEY}"})

    pages = [
        greet.get(expert_queries.call_url(call)),
        partner.get(f"/api/v1/helpdesk/tickets/{document.ticket.code}/"),
        greet.get(link(document.ticket, "ticket")),
    ]
    sent = letters()

    assert [each.status_code for each in pages] == [200, 200, 200]
    texts = [*(each.text for each in pages), *(f"{letter.body}{letter.alternatives}" for letter in sent)]
    assert [str(document.uuid) in text or document.name in text for text in texts] == [False] * (3 + len(sent))
    assert [letter.attachments for letter in sent] == [[]] * len(sent)
