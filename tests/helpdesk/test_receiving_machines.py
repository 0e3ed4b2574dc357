"""What machines write: automatic replies, bounces, delays; and who is told."""

from __future__ import annotations

from typing import Any

import pytest
from django.core import mail as django_mail

from basins.models import User
from core.mail import deliver_due
from core.mail.inbound.taking import take
from core.models import OutboxMessage
from helpdesk.enums import EventKind, TicketState
from helpdesk.models import HeldMail, Ticket
from helpdesk.rules import answering, handling
from tests.factories import UserFactory
from tests.helpdesk.mail_tools import bounce, letter_of, receive
from tests.helpdesk.tools import ask, letters

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _host(settings: Any) -> None:
    settings.SITE_URL = "https://bassins.example"


def held() -> HeldMail:
    return HeldMail.objects.get()


# --- Machines ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "headers",
    [{"Auto_Submitted": "auto-replied"}, {"subject": "Réponse automatique : aide"}, {"Precedence": "bulk"}],
    ids=str,
)
def test_an_automatic_reply_opens_nothing(headers: dict[str, str], alice: User) -> None:
    ticket = ask()
    answering.answer(ticket=ticket, body="Voici.", records=[], by=alice, seen=None)
    about = letter_of(ticket, "helpdesk.answer").message_id
    before = ticket.messages.count()

    assert receive("Absente.", In_Reply_To=about, **headers) == "held: automatic"

    ticket.refresh_from_db()
    assert (ticket.state, ticket.messages.count(), Ticket.objects.count()) == (TicketState.ANSWERED, before, 1)
    assert held().ticket == ticket


def test_a_mail_of_ours_that_comes_back_is_dropped() -> None:
    ask()
    letters()
    ours = django_mail.outbox[0].message().as_bytes()

    assert take(ours, channel="imap", mailbox="sud-est") == "loop"
    assert (Ticket.objects.count(), HeldMail.objects.count()) == (1, 0)


def test_a_bounce_marks_the_letter_and_tells_the_colleague(alice: User) -> None:
    ticket = handling.assign(ticket=ask(), to=alice, by=alice)
    letters()
    row = letter_of(ticket)

    assert take(bounce(row.message_id), channel="imap") == "came back"

    row.refresh_from_db()
    assert (row.state, row.sent_at, row.last_error) == ("parked", None, "came-back: 5.1.1 550 unknown user")
    event = ticket.events.get(kind=EventKind.BOUNCED)
    assert (event.after, event.note) == ("5.1.1", "5.1.1 550 unknown user")
    deliver_due()
    assert [(each.to, f"[{ticket.code}]" in each.subject) for each in django_mail.outbox[1:]] == [
        (["alice@example.org"], True)
    ]


def test_a_bounce_of_an_answer_tells_who_wrote_it(alice: User) -> None:
    ticket = ask()
    answering.answer(ticket=ticket, body="Voici.", records=[], by=alice, seen=None)
    letters()

    take(bounce(letter_of(ticket, "helpdesk.answer").message_id), channel="imap")

    assert OutboxMessage.objects.get(kind="helpdesk.came_back").to == "alice@example.org"


def test_a_bounce_leaves_the_ticket_where_it_is(alice: User) -> None:
    ticket = ask()
    answering.answer(ticket=ticket, body="Voici.", records=[], by=alice, seen=None)
    letters()

    take(bounce(letter_of(ticket, "helpdesk.answer").message_id), channel="imap")

    ticket.refresh_from_db()
    assert (ticket.state, Ticket.objects.count(), HeldMail.objects.count()) == (TicketState.ANSWERED, 1, 0)


def test_a_delay_is_no_failure() -> None:
    ticket = ask()
    letters()
    row = letter_of(ticket)

    assert take(bounce(row.message_id, action="delayed"), channel="imap") == "delayed"

    row.refresh_from_db()
    assert (row.state, ticket.events.filter(kind=EventKind.BOUNCED).count()) == ("sent", 0)


def test_a_bounce_that_comes_twice_is_told_once(alice: User) -> None:
    ticket = handling.assign(ticket=ask(), to=alice, by=alice)
    letters()
    about = letter_of(ticket).message_id

    take(bounce(about), channel="imap")
    take(bounce(about, said="550 once more").replace(b"bounce-failed@", b"again@"), channel="imap")

    assert ticket.events.filter(kind=EventKind.BOUNCED).count() == 1
    assert OutboxMessage.objects.filter(kind="helpdesk.came_back").count() == 1


def test_a_bounce_of_no_mail_of_ours_is_held() -> None:
    assert take(bounce("<unheard-of@example.org>"), channel="imap", mailbox="sud-est") == "held: automatic"


# --- National numbers ----------------------------------------------------------------------------


def test_who_has_left_is_not_told(alice: User) -> None:
    left = UserFactory(email="left@example.org", is_active=False)
    ticket = handling.assign(ticket=ask(), to=alice, by=alice)
    Ticket.objects.update(assignee=left)
    letters()

    take(bounce(letter_of(ticket).message_id), channel="imap")

    assert list(OutboxMessage.objects.filter(kind="helpdesk.came_back").values_list("to", flat=True)) == [
        "alice@example.org"
    ]
