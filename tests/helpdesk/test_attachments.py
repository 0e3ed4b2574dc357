"""Nothing attached is kept, by whichever way it comes: form, reply, expert, mail, partner.

The one way in is a document that the desk asked for (``test_documents.py``).
"""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from basins.models import PartnerKey, User
from helpdesk import expert_queries, queries
from helpdesk.models import Message, Ticket
from tests.conftest import FARID_PLAIN_KEY
from tests.helpdesk.expert_tools import bring_in, expert
from tests.helpdesk.mail_tools import receive
from tests.helpdesk.table_tools import texts_of_all_tables
from tests.helpdesk.tools import WORDS, ask

pytestmark = pytest.mark.django_db

INSIDE = "Zxq-4711-inside-the-file"


@pytest.fixture(autouse=True)
def store(settings: Any, tmp_path: Path) -> Path:
    """Where files would go."""
    default = {**settings.STORAGES["default"], "OPTIONS": {"location": tmp_path, "base_url": None}}
    settings.STORAGES = {**settings.STORAGES, "default": default}
    return tmp_path


def file() -> SimpleUploadedFile:
    return SimpleUploadedFile("rapport.pdf", INSIDE.encode(), "application/pdf")


def kept(store: Path) -> list[str]:
    """Where the file's contents stand: table and column, or file."""
    encoded = b64encode(INSIDE.encode()).decode()
    tables = [place for place, value in texts_of_all_tables() if INSIDE in value or encoded in value]
    return tables + [str(path) for path in store.rglob("*") if path.is_file()]


def test_a_file_sent_with_the_form_or_a_reply_is_not_taken(greet: Client, store: Path) -> None:
    greet.post(
        "/fr/sud-est/helpdesk/",
        {"body": WORDS, "postcode": "1040", "name": "Nele", "email": "nele@example.org", "file": file()},
    )
    ticket = Ticket.objects.get()
    greet.post(queries.ticket_url(ticket.asker), {"body": "Encore ceci.", "body_file": file()})

    assert list(ticket.messages.values_list("body", flat=True)) == [WORDS, "Encore ceci."]
    assert kept(store) == []


def test_no_form_has_a_field_for_a_file(greet: Client, alice: User) -> None:
    ticket = ask()
    call = bring_in(ticket, expert(), alice)
    for url in ("/fr/sud-est/helpdesk/", queries.ticket_url(ticket.asker), expert_queries.call_url(call)):
        page = greet.get(url).text
        assert ('type="file"' in page, "multipart" in page) == (False, False)


def test_an_attachment_of_a_mail_is_named_and_its_contents_are_gone(store: Path) -> None:
    head = "--x\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nBonjour, voir la pièce pour une aide.\r\n--x\r\n"
    part = (
        'Content-Type: application/pdf\r\nContent-Disposition: attachment; filename="rapport.pdf"\r\n'
        f"Content-Transfer-Encoding: base64\r\n\r\n{b64encode(INSIDE.encode()).decode()}\r\n--x--"
    )

    receive(head + part, Content_Type='multipart/mixed; boundary="x"')

    assert Message.objects.get().body.endswith("rapport.pdf)")
    assert kept(store) == []


def test_a_partners_program_cannot_attach_anything(farid: PartnerKey, store: Path) -> None:
    farid.scopes = ["helpdesk:ask"]
    farid.save()
    partner = Client(headers={"Authorization": f"Api-Key {FARID_PLAIN_KEY}"})
    question = {"body": WORDS, "postcode": "1040", "name": "Nele", "email": "nele@example.org"}

    as_form = partner.post("/api/v1/helpdesk/tickets/", {**question, "file": file()})
    as_json = partner.post(
        "/api/v1/helpdesk/tickets/", {**question, "attachments": [INSIDE]}, content_type="application/json"
    )

    assert as_form.status_code == 415
    assert (as_json.status_code, Ticket.objects.count()) == (422, 0)
    assert kept(store) == []


def test_contents_would_be_found_if_they_were_kept(store: Path) -> None:
    ask(f"Bonjour, {INSIDE}")
    (store / "kept.pdf").write_text(INSIDE)

    assert "helpdesk_message.body" in kept(store)
    assert str(store / "kept.pdf") in kept(store)
