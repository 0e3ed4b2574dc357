"""A question and its answer through real servers: SMTP out, IMAP in, and the reply in the thread."""

from __future__ import annotations

from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from typing import Any

import pytest

from basins.models import User
from core.mail import deliver_due
from core.tasks import fetch_mail
from helpdesk.enums import Channel, MessageKind, TicketState
from helpdesk.models import HeldMail, Ticket
from helpdesk.rules import answering
from tests.core.imap_server import Server, running
from tests.core.letters import Script, mail_server
from tests.helpdesk.mail_tools import raw


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with running() as found:
        yield found


@pytest.mark.django_db
def test_a_question_by_mail_is_answered_and_the_reply_lands_in_the_thread(
    server: Server, settings: Any, alice: User
) -> None:
    settings.SITE_URL = "https://bassins.example"
    settings.DEFAULT_FROM_EMAIL = "Bassins <noreply@bassins.example>"
    settings.INBOUND_MAILBOXES = [server.mailbox()]
    script = Script()

    server.put(raw())
    fetch_mail()
    ticket = Ticket.objects.get()
    answering.answer(ticket=ticket, body="Appelez le service de répit.", records=[], by=alice, seen=None)
    with mail_server(script, settings):
        deliver_due()
    letters = [message_from_bytes(sent, policy=default) for sent in script.taken]
    answer = next(each for each in letters if "service de répit" in each.get_body(("plain",)).get_content())  # type: ignore[union-attr]

    reply = raw(
        "Merci, c'est fait.\r\n\r\nLe 2 mars 2026 à 10:40, Bassins <noreply@bassins.example> a écrit :\r\n> Bonjour,",
        to=str(answer["Reply-To"]),
        subject=f"RE: {answer['Subject']}",
        name="2@example.org",
        In_Reply_To=str(answer["Message-ID"]),
        References=f"{answer['References'] or ''} {answer['Message-ID']}".strip(),
    )
    # What our server sent comes back as well (a rule that forwards everything), and the reply is delivered twice.
    server.put(reply, script.taken[0], reply)
    fetch_mail()

    ticket.refresh_from_db()
    said = [(each.kind, each.channel) for each in ticket.messages.all()]
    assert said == [
        (MessageKind.FROM_ASKER, Channel.MAIL),
        (MessageKind.ANSWER, ticket.messages.all()[1].channel),
        (MessageKind.FROM_ASKER, Channel.MAIL),
    ]
    last = ticket.messages.last()
    assert last is not None
    assert (last.body, last.quoted.splitlines()[-1]) == ("Merci, c'est fait.", "> Bonjour,")
    assert (ticket.state, Ticket.objects.count(), HeldMail.objects.count()) == (TicketState.OPEN, 1, 0)
    assert server.flags() == ["\\Seen"] * 4
